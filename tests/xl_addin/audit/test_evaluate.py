"""What people put around our functions, computed as LibreOffice computes it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.folder import session_on
from tests.xl_addin.audit.test_audit import book
from xl_addin.audit.evaluate import Evaluator
from xl_addin.audit.formula import NotReadable, calls_us, function_name, parse
from xl_addin.audit.sheets import Place, Sheets
from xl_addin.calc.recalc import libreoffice, recalculate

CELLS = {
    "A1": 7,
    "A2": -2.5,
    "A3": "text",
    "A5": True,
    "B1": 10,
    "B2": 20,
    "B3": 30,
    "B4": "x",
    "C1": ("=1/0", "#DIV/0!"),
}

FORMULAS = {
    "=A1+A2*2": 2.0,
    "=-A1^2": 49.0,
    "=2^-1%": 2**-0.01,
    "=A1/0": "#DIV/0!",
    "=A3+1": "#VALUE!",
    "=A4+1": 1.0,
    "=A5+1": 2.0,
    "=A1&A4&A2&A5": "7-2.5TRUE",
    '="a""b"': 'a"b',
    '=A3="TEXT"': True,
    "=A4=0": True,
    '=A4=""': True,
    "=A3>A1": True,
    "=A1<>7": False,
    "=IF(A1>5,A2,C1)": -2.5,
    "=IF(A1<5,A2)": False,
    "=IF(A3,1,2)": "#VALUE!",
    "=IF(C1,1,2)": "#DIV/0!",
    '=IFERROR(C1,"none")': "none",
    '=IFERROR(A1,"none")': 7.0,
    "=IFERROR(B1:B3/A1,0)": 10 / 7,
    '=_xlfn.IFNA(MATCH(99,B1:B4,0),"no")': "no",
    "=AND(A1>5,B1=10)": True,
    "=OR(A1>9,B1=11)": False,
    "=NOT(A1>9)": True,
    "=INT(A2)": -3.0,
    "=ABS(A2)": 2.5,
    "=ROUND(2.345,2)": 2.35,
    "=ROUND(-2.5,0)": -3.0,
    "=ROUND(1250,-2)": 1300.0,
    "=ROUND(1.005,2)": 1.01,
    "=N(A3)": 0.0,
    "=N(A1)": 7.0,
    "=T(A3)": "text",
    "=T(A1)": "",
    '=TRIM("  a   b ")': "a b",
    '=UPPER("été")': "ÉTÉ",
    "=ISBLANK(A4)": True,
    "=ISNUMBER(A1)": True,
    "=ISNUMBER(A5)": False,
    "=ISTEXT(A3)": True,
    "=ISERROR(C1)": True,
    "=ISNA(C1)": False,
    "=SUM(B1:B4,A1)": 67.0,
    "=SUM(A:A)": 4.5,
    "=SUM(1:1)": "#DIV/0!",
    "=MAX(B1:B4)": 30.0,
    "=MIN(B1:B4,A2)": -2.5,
    "=MAX(A3:A4)": 0.0,
    "=COUNT(A1:B4)": 5.0,
    "=SUM(B1:B3/A1)": 60 / 7,
    "=SUMPRODUCT(B1:B3,B1:B3)": 1400.0,
    "=SUMPRODUCT(--(B1:B3>15))": 2.0,
    "=INDEX(B1:B4,2,1)": 20.0,
    "=INDEX(B1:B4,9,1)": "#REF!",
    "=INDEX({1,2;3,4},2,1)": 3.0,
    "=SUM(INDEX({1,2;3,4},0,2))": 6.0,
    "=INDEX({5,6,7},2)": 6.0,
    "=MATCH(20,B1:B4,0)": 2.0,
    '=MATCH("X",B1:B4,0)': 4.0,
    "=MATCH(21,B1:B4,0)": "#N/A",
    "=DATE(2024,2,29)": 45351.0,
    "=DATE(2024,14,1)": 45689.0,
    "=DATE(2024,3,0)": 45351.0,
}


#: To LibreOffice, TRUE in a cell is the number 1; to Excel it is not.
NUMBERS_TO_LIBREOFFICE = {"=A1&A4&A2&A5", "=ISNUMBER(A5)", "=SUM(A:A)"}


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    return Evaluator(Sheets(book(tmp_path_factory.mktemp("cells"), CELLS)), session_on())


def single(value: object) -> object:
    while isinstance(value, list):
        value = value[0]
    return value


@pytest.mark.parametrize(("formula", "expected"), FORMULAS.items())
def test_formula(evaluator: Evaluator, formula: str, expected: object) -> None:
    computed = single(evaluator.value(parse(formula), Place("Work", 9, 9)))
    assert computed == (pytest.approx(expected, abs=1e-12) if isinstance(expected, float) else expected)
    assert type(computed) is type(expected)


@pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed")
def test_libreoffice_says_the_same(tmp_path: Path) -> None:
    addresses = {f"H{row}": formula for row, formula in enumerate(FORMULAS, start=20)}
    cells = CELLS | {f"{address}:{address}": (formula, [[0]]) for address, formula in addresses.items()}
    target = tmp_path / "target.xlsx"
    recalculate(book(tmp_path, cells), target)
    sheets = Sheets(target)
    told = {formula: sheets.value(Place("Work", int(address[1:]), 8)) for address, formula in addresses.items()}
    differing = {formula: told[formula] for formula, expected in FORMULAS.items() if not alike(told[formula], expected)}
    assert set(differing) == NUMBERS_TO_LIBREOFFICE


def alike(told: object, expected: object) -> bool:
    if isinstance(expected, float):
        return isinstance(told, float) and abs(told - expected) < 1e-9
    return (told or "") == (expected or "") or (expected is False and told == 0)


@pytest.mark.parametrize(
    "formula",
    ["=A1:B2 C1", "=SUM((A1,B1))", "=A1+", "=(A1", "={1,2", "=NOSUCH(1)", "=Nowhere", "=Table[x]", "='no sheet'!A1"],
)
def test_what_is_not_understood_is_told(evaluator: Evaluator, formula: str) -> None:
    with pytest.raises(NotReadable):
        evaluator.value(parse(formula), Place("Work", 9, 9))


@given(st.text(max_size=40))
def test_nothing_but_not_readable(text: str) -> None:
    with suppress(NotReadable):
        parse("=" + text)
    calls_us(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("COPRO_RATE(", "COPRO_RATE"),
        ("copro_rate(", "COPRO_RATE"),
        ("[1]!COPRO_RATE(", "COPRO_RATE"),
        ("'C:\\Users\\x\\copro.xlam'!COPRO_RATE(", "COPRO_RATE"),
        ("_xldudf_COPRO_COPRO_RATE(", "COPRO_RATE"),
        ("_xlfn.IFNA(", "IFNA"),
        ("_xlfn._xlws.FILTER(", "FILTER"),
    ],
)
def test_names_as_files_write_them(written: str, name: str) -> None:
    assert function_name(written) == name
