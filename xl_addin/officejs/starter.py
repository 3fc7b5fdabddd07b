"""The starter workbook for xlwings Lite: what to put where, and a first sheet of formulas.

What goes into Lite's two files is shown, to be copied: how Lite keeps them in a workbook is not documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from core.loading import load
from core.saving import saved
from core.texts import text
from xl_addin.cells import CellError, serial
from xl_addin.evaluate import Answer, call
from xl_addin.session import Session
from xl_addin.version import toolkit_version

REQUIREMENTS: Final = ("pydantic", "python-dateutil", "tzdata", "platformdirs")
"""What the functions need in Lite, beside what it has itself; without versions, for Lite's Python decides on some."""
PREFIX: Final = "_xldudf_"
"""What Excel writes before the name of a function of an Office add-in; without it the cell is not computed."""

_INK, _ACCENT, _QUIET, _RULE, _BAND = "#1B2733", "#17495C", "#55616D", "#B9C7CE", "#EDF3F5"
_EURO: Final = {
    "nl": "[$€-813]\\ #,##0.00",
    "fr": "#,##0.00\\ [$€-40C]",
    "de": "#,##0.00\\ [$€-407]",
    "en": "[$€-809]#,##0.00",
}
_DAY: Final = {"nl": "dd\\/mm\\/yyyy", "fr": "dd\\/mm\\/yyyy", "de": "dd\\.mm\\.yyyy", "en": "yyyy\\-mm\\-dd"}
_LINE: Final = {"bottom": 1, "bottom_color": _RULE}
_STYLES: Final[Mapping[str, Mapping[str, object]]] = {
    "title": {"font_size": 20, "font_color": _ACCENT},
    "subtitle": {"font_size": 11, "font_color": _QUIET},
    "heading": {"font_size": 12, "bold": True, "font_color": _ACCENT, "valign": "bottom"},
    "header": {"bold": True, "font_size": 9, "font_color": "#FFFFFF", "bg_color": _ACCENT, "align": "left"},
    "number": {"bold": True, "font_color": _ACCENT, "align": "center"},
    "text": {"text_wrap": True},
    "note": {"font_size": 9, "font_color": _QUIET, "text_wrap": True},
    "code": {"font_name": "Consolas", "bg_color": _BAND},
    "formula": {"font_name": "Consolas", "font_size": 9, "font_color": _QUIET},
    "line": {**_LINE, "text_wrap": True, "align": "left"},
    "input": {**_LINE, "font_color": "#0A3478", "bg_color": "#FFFAEB", "align": "left"},
    "figure": {**_LINE, "num_format": "#,##0.00##", "align": "right", "indent": 1},
}
_INSPECTIONS: Final = (
    (datetime(2023, 3, 6, 16, 30), 3.5),
    (datetime(2023, 3, 8, 9, 0), 2.0),
    (datetime(2023, 3, 11, 10, 0), 4.0),
    (datetime(2023, 4, 9, 13, 15), 1.5),
)
_INVOICE: Final = date(2023, 4, 17)
_INVOICE_WRITTEN: Final = "DATE(2023,4,17)"
Sheet = Any
"""A worksheet of XlsxWriter, which has no types."""


def write_starter(target: Path, language: str) -> None:
    """Writes the workbook (.xlsx), computed with the shipped data; a file already there is replaced.

    Args:
        target: the workbook to make.
        language: of the workbook, and of the functions in it: nl, fr, de or en.

    Raises:
        FileError: it cannot be written.
    """
    with saved(target, force=True) as file:
        _Starter(file, language).write()


def main_py(language: str) -> str:
    """What goes into Lite's main.py."""
    lines = [
        "import os",
        "import sys",
        "from pathlib import Path",
        "",
        f"# {text('lite', 'comment_wheel', language)}",
        'sys.path[:0] = [str(wheel) for wheel in Path("/data").rglob("copro_tariff-*.whl")]',
        f'os.environ["COPRO_LANGUAGE"] = "{language}"',
        f"# {text('lite', 'comment_data', language)}",
        '# os.environ["COPRO_DATA"] = "/data/copro"',
        "",
        f"# {text('lite', 'comment_1904', language)}",
        "from xl_addin.officejs.functions import *",
    ]
    return "\n".join(lines) + "\n"


class _Starter:
    def __init__(self, file: Path, language: str) -> None:
        import xlsxwriter  # not in Lite, which never writes a starter

        self.language = language
        self.session = Session(load(None), language=language)
        look = {"font_name": "Arial", "font_size": 10, "font_color": _INK}
        self.file = xlsxwriter.Workbook(str(file), {"default_format_properties": look, "default_row_height": 17})
        self.file.set_properties({"title": self.say("title"), "author": "COPRO", "company": "COPRO"})
        self.file.set_calc_mode("auto", 191029)  # computed already: not again before the functions are there
        self.file.calc_on_load = False
        self.style = {
            name: self.file.add_format({"valign": "top", **style}) for name, style in _styles(language).items()
        }

    def write(self) -> None:
        self._start(self._sheet("sheet_start", (3, 4, 100), landscape=False))
        example = self._sheet("sheet_example", (3, 32, 14, 18, 56), landscape=True)
        self._fees(example)
        self._others(example, 12)
        self._why(self._sheet("sheet_why", (3, 9, 42, 36, 20, 62, 26), landscape=True))
        self.file.close()

    def say(self, key: str, **details: object) -> str:
        return text("lite", key, self.language, **details)

    def _sheet(self, name: str, widths: tuple[float, ...], *, landscape: bool) -> Sheet:
        sheet = self.file.add_worksheet(self.say(name))
        sheet.hide_gridlines(2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.65)
        return sheet

    # --- what to put where ---------------------------------------------------------------------------------------

    def _start(self, sheet: Sheet) -> None:
        sheet.set_row(1, 28)
        sheet.write_string(1, 1, self.say("title"), self.style["title"])
        sheet.write_string(2, 1, self.say("subtitle"), self.style["subtitle"])
        sheet.write_string(4, 1, self.say("steps"), self.style["heading"])
        wheel = f"copro_tariff-{toolkit_version()}-py3-none-any.whl"
        steps = (
            self.say("step_install"),
            self.say("step_wheel", wheel=wheel),
            self.say("step_requirements"),
            self.say("step_main"),
            self.say("step_restart"),
        )
        for number, words in enumerate(steps, start=1):
            sheet.set_row(4 + number, _high(words, 100))
            sheet.write_number(4 + number, 1, number, self.style["number"])
            sheet.write_string(4 + number, 2, words, self.style["text"])
        row = self._code(sheet, 11, self.say("requirements_to_add"), "\n".join(REQUIREMENTS))
        row = self._code(sheet, row + 1, self.say("main_instead"), main_py(self.language).rstrip("\n"))
        limits = self.say("limits")
        sheet.set_row(row + 1, _high(limits, 115))
        sheet.merge_range(row + 1, 1, row + 1, 2, limits, self.style["note"])

    def _code(self, sheet: Sheet, row: int, heading: str, code: str) -> int:
        """A line a cell, so that it is copied as it must be pasted; gives the row after the last."""
        sheet.write_string(row, 1, heading, self.style["heading"])
        for line in code.split("\n"):
            row += 1
            sheet.write_string(row, 2, line, self.style["code"])
        return row + 1

    # --- the formulas --------------------------------------------------------------------------------------------

    def _fees(self, sheet: Sheet) -> None:
        first, last = 4, 3 + len(_INSPECTIONS)
        sheet.write_string(1, 1, self.say("fees"), self.style["heading"])
        self._headers(sheet, 3, ("start", "hours", "fee", "formula"))
        for row, (start, hours) in enumerate(_INSPECTIONS, start=first):
            sheet.write_datetime(row, 1, start, self.style["moment"])
            sheet.write_number(row, 2, hours, self.style["input"])
        starts, hours_column = f"B{first + 1}:B{last + 1}", f"C{first + 1}:C{last + 1}"
        given: list[object] = [[[serial(start)] for start, _ in _INSPECTIONS], [[hours] for _, hours in _INSPECTIONS]]
        formula = f"COPRO_INSPECTION_FEE({starts},{hours_column})"
        self._spilled(sheet, (first, 3), formula, self._computed("COPRO_INSPECTION_FEE", given), ("amount",))
        sheet.write_string(first, 4, f"={formula}", self.style["formula"])

    def _others(self, sheet: Sheet, row: int) -> None:
        sheet.write_string(row - 2, 1, self.say("others"), self.style["heading"])
        self._headers(sheet, row - 1, ("step", "", "result", "formula"))
        first, last = serial(_INSPECTIONS[0][0]), serial(_INSPECTIONS[-1][0])
        lines: tuple[tuple[str, str, str, list[object], str], ...] = (
            ("hourly_rate", "COPRO_RATE", '"HOUR",B5', ["HOUR", first], "amount"),
            ("kind_of_day", "COPRO_DAY_TYPE", f'B8,,"{self.language}"', [last, None, self.language], "figure"),
            (
                "due_date",
                "COPRO_DUE_DATE",
                _INVOICE_WRITTEN,
                [serial(_INVOICE)],
                "day",
            ),
        )
        for down, (label, name, written, given, style) in enumerate(lines):
            value = self._computed(name, given)
            assert not isinstance(value, list)
            sheet.merge_range(row + down, 1, row + down, 2, self.say(label), self.style["line"])
            formula = f"={PREFIX}{name}({written})"
            sheet.write_formula(row + down, 3, formula, self.style[style], _stored(value))
            sheet.write_string(row + down, 4, f"={name}({written})", self.style["formula"])

    def _why(self, sheet: Sheet) -> None:
        example = self.say("sheet_example")
        name = f"{self.language}:COPRO_INSPECTION_FEE"
        start, hours = _INSPECTIONS[0]
        steps = self._computed("COPRO_EXPLAIN", [name, serial(start), hours])
        formula = f"COPRO_EXPLAIN(\"{name}\",'{example}'!B5,'{example}'!C5)"
        sheet.write_string(1, 1, self.say("why"), self.style["heading"])
        sheet.write_string(2, 1, f"={formula}", self.style["formula"])
        self._headers(sheet, 4, ("article", "step", "formula", "result", "policy", "source"))
        self._spilled(sheet, (5, 1), formula, steps, ("line", "line", "line", "figure", "line", "line"))

    def _headers(self, sheet: Sheet, row: int, keys: tuple[str, ...]) -> None:
        for column, key in enumerate(keys, start=1):
            style = self.style["figure_header" if key in {"fee", "result"} else "header"]
            sheet.write_string(row, column, self.say(key) if key else "", style)

    def _computed(self, name: str, given: list[object]) -> Answer:
        answer = call(name, given, self.session)
        assert not isinstance(answer, CellError), answer
        return answer

    def _spilled(
        self, sheet: Sheet, place: tuple[int, int], formula: str, rows: Answer, styles: tuple[str, ...]
    ) -> None:
        """A formula that fills several cells, with the value of each."""
        assert isinstance(rows, list)
        row, column = place
        area = (row, column, row + len(rows) - 1, column + len(rows[0]) - 1)
        value = _stored(rows[0][0])
        sheet.write_dynamic_array_formula(*area, f"={PREFIX}{formula}", self.style[styles[0]], value)
        for down, cells in enumerate(rows):
            for across, cell in enumerate(cells):
                if down or across:
                    sheet.write(row + down, column + across, _stored(cell), self.style[styles[across]])


def _styles(language: str) -> dict[str, Mapping[str, object]]:
    """The styles, those included whose number format depends on the language."""
    return {
        **_STYLES,
        "amount": {**_STYLES["figure"], "num_format": _EURO[language]},
        "figure_header": {**_STYLES["header"], "align": "right", "indent": 1},
        "day": {**_STYLES["figure"], "num_format": _DAY[language]},
        "moment": {**_STYLES["input"], "num_format": f"{_DAY[language]}\\ hh:mm"},
    }


def _stored(value: object) -> str | float:
    """A computed cell as it stands beside its formula."""
    if isinstance(value, date):
        return serial(value)
    assert isinstance(value, str | int | float)
    return value


def _high(words: str, width: float) -> float:
    """The height of a row, in points, whose text wraps over ``width`` characters."""
    return 6 + 13 * (1 + len(words) // width)
