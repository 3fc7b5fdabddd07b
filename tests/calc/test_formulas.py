"""The guards around arguments, without LibreOffice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_addin.calc import formulas

AREAS = formulas.named_areas(
    [
        ("Trips", "'Sheet 1'!$B$2"),
        ("Payments", "Sheet1!$B$2:$C$9"),
        ("Rate", "0.21"),
        ("Last", "OFFSET(Sheet1!$A$1,1,0)"),
    ]
)


def blank(reference: str) -> str:
    return f'IF(ISBLANK({reference}),"copro:blank",{reference})'


def error(expression: str) -> str:
    return f'IF(ISERROR({expression}),"copro:error "&IF(ISNA({expression}),7,3),{expression})'


def one(call: str) -> str:
    return f"INDEX({call},0+1,0+1)"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('COPRO_RATE("HOUR",A2)', f'COPRO_RATE("HOUR",{blank("A2")})'),
        ("COPRO_X(A2:A9)", "COPRO_X(COPRO_CELLS(A2:A9))"),
        ("copro_x(A2)", f"copro_x({blank('A2')})"),
        ("COPRO_X('it''s (1)'!$A$2)", f"COPRO_X({blank(chr(39) + 'it' + chr(39) * 2 + 's (1)' + chr(39) + '!$A$2')})"),
        ("COPRO_X(Trips,Payments,Rate)", f"COPRO_X({blank('Trips')},COPRO_CELLS(Payments),{blank('Rate')})"),
        ("COPRO_X(T[@hours],T[hours])", f"COPRO_X({blank('T[@hours]')},COPRO_CELLS(T[hours]))"),
        ("COPRO_X(T[[#This Row],[a b]])", f"COPRO_X({blank('T[[#This Row],[a b]]')})"),
        ("COPRO_X(A:A,$2:$3)", "COPRO_X(COPRO_CELLS(A:A),COPRO_CELLS($2:$3))"),
        ("COPRO_X(INDEX(A1:B9,2,1))", f"COPRO_X({blank('INDEX(A1:B9,2,1)')})"),
        ("IF(A1>0,COPRO_X(A2),A3)", "IF(A1>0," + one(f"COPRO_X({blank('A2')})") + ",A3)"),
        ("COPRO_X(COPRO_Y(3)*2,,3)", f"COPRO_X({one('COPRO_Y(3)')}*2,,3)"),
        ("SUM(COPRO_X(A2:A9),1)", "SUM(COPRO_X(COPRO_CELLS(A2:A9)),1)"),
        ("INDEX(COPRO_TARIFF(2023),2,3)", "INDEX(COPRO_TARIFF(2023),2,3)"),
        ("1+COPRO_X(SUM(A2:A9))", f"1+{one('COPRO_X(SUM(A2:A9))')}"),
        ("1+COPRO_X(IF(TRUE,{1,2}))", "1+COPRO_X(IF(TRUE,{1,2}))"),
        ('COPRO_EXPLAIN("COPRO_X",A2)', 'COPRO_EXPLAIN("COPRO_X",COPRO_CELLS(A2))'),
    ],
)
def test_a_reference_is_guarded(formula: str, expected: str) -> None:
    assert formulas.guarded(formula, areas=AREAS, tables=["COPRO_TARIFF"]) == expected
    assert formulas.unguarded(expected) == formula


@pytest.mark.parametrize(
    "formula",
    [
        "COPRO_POLICIES()",
        'COPRO_X("A2",3,TRUE,,{1,2;3,4})',
        "COPRO_X(-A2,(C2-B2)*24)",
        "1+COPRO_X(A2#,Unknown,Last)",
        'SUM(A2:A9)&"COPRO_X(A2)"',
        "COPRO_X(A1:INDEX(B:B,3))",
        "COPRO_X(A2",
        "",
    ],
)
def test_what_needs_no_guard_or_cannot_be_read_is_left_alone(formula: str) -> None:
    assert formulas.guarded(formula, areas=AREAS) == formula


@pytest.mark.parametrize(
    ("formula", "calls"),
    [
        ("COPRO_X(1)", True),
        ("1+copro_x(A1)", True),
        ('"COPRO_X(1)"', False),
        ("COPRO_X", False),
        ("XCOPRO_X(1)", False),
    ],
)
def test_whether_a_formula_calls_us(formula: str, calls: bool) -> None:
    assert formulas.calls_us(formula) is calls


def test_array_arithmetic_is_guarded_in_an_array_formula() -> None:
    hours = "(C2:C9-B2:B9)*24"
    written = formulas.guarded(f"COPRO_X({hours},D2)", array=True)
    assert written == f"COPRO_X({error(hours)},{blank('D2')})"
    assert formulas.unguarded(written) == f"COPRO_X({hours},D2)"


def test_guards_within_guards_come_off_too() -> None:
    formula = "COPRO_X(INDEX(A1:B2,COPRO_Y(A1),1),COPRO_Z(T[a]))"
    assert formulas.unguarded(formulas.guarded(formula)) == formula


REFERENCES = st.sampled_from(["A2", "$B$3", "A2:B9", "'my sheet'!A1", "Trips", "T[@a]", "T[a]", "INDEX(A1:A9,2)"])
LITERALS = st.sampled_from(["1.5", '"HOUR"', '"it""s, (1)"', "TRUE", "", "{1,2}", "#N/A"])


def _calls(arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    call = st.builds(lambda name, given_: f"{name}({','.join(given_)})", NAMES, st.lists(arguments, min_size=1))
    return call | st.builds("{}*24+{}".format, call, arguments)


NAMES = st.sampled_from(["COPRO_RATE", "COPRO_EXPLAIN", "SUM", "IF", "ROUND"])


@given(st.recursive(REFERENCES | LITERALS, _calls, max_leaves=12), st.booleans())
def test_any_formula_comes_back_as_it_was(formula: str, array: bool) -> None:
    assert formulas.unguarded(formulas.guarded(formula, array=array, areas=AREAS)) == formula
