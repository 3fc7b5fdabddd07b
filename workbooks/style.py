"""The look of every workbook: colours, formats, pages, protection; text from people is always written as text.

A format is named by words that combine, later words over earlier ones: ``book.style("amount", "input", "bold")``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from textwrap import wrap
from typing import IO, Any, Final

import xlsxwriter
import xlsxwriter.worksheet
from xlsxwriter.utility import xl_rowcol_to_cell

from core.errors import FileError
from core.texts import text
from core.units import Unit
from xl_addin.cells import CellError, Table, serial
from xl_addin.evaluate import Answer

Sheet = Any
"""A worksheet of XlsxWriter, which has no types."""
Style = Any
"""A format of XlsxWriter."""
StoredCell = Any
"""A cell as XlsxWriter keeps it."""
Look = Callable[[int, int], Sequence[str]]
"""The names of the styles of a table's cell, from how far down and across it stands."""

FONT: Final = "Arial"
FONT_SIZE: Final = 10
_CALCULATED_BY: Final = 191029
"""Excel's number for its present way of computing: a file that names it is not computed anew when it is opened, so that
whoever lacks the functions sees the values as written instead of ``#NAME?``."""
LONGEST_TEXT: Final = 32_767
"""Characters that fit in a cell."""

# Every pair of text and ground has a contrast of at least 7 to 1 (WCAG AAA); notes at least 5.
INK: Final = "#1B2733"
ACCENT: Final = "#17495C"
QUIET: Final = "#55616D"
WHITE: Final = "#FFFFFF"
RULE: Final = "#B9C7CE"
BAND: Final = "#EDF3F5"
INPUT: Final = "#FFFAEB"
INPUT_INK: Final = "#0A3478"
ERROR: Final = "#FCE4E4"
ERROR_INK: Final = "#8A1313"
WARNING: Final = "#FFEFC7"
WARNING_INK: Final = "#5C3D00"

UNIT_LOOKS: Final[Mapping[Unit, str]] = {
    Unit.EURO: "amount",
    Unit.EURO_PER_KM: "km_rate",
    Unit.EXACT_EURO: "exact_euro",
    Unit.HOURS: "hours",
    Unit.KILOMETRES: "km",
    Unit.FACTOR: "times",
    Unit.PERCENT: "percent",
    Unit.RATIO: "exact",
    Unit.NUMBER: "number",
    Unit.YEAR: "number",
    Unit.DATE: "date",
    Unit.MOMENT: "moment",
}
"""How the result of a step is shown, by what it is; what is not here is text."""
_HOURS: Final = {"nl": "u", "fr": "h", "de": "Std.", "en": "h"}
_EURO: Final = {
    "nl": "[$€-813]\\ {0};[$€-813]\\ \\-{0}",
    "fr": "{0}\\ [$€-40C];\\-{0}\\ [$€-40C]",
    "de": "{0}\\ [$€-407];\\-{0}\\ [$€-407]",
    "en": "[$€-809]{0};\\-[$€-809]{0}",
}
"""Where each language puts the euro sign, as ``core.formats.euro`` does; the separators are the reader's own."""
_DATE: Final = {"nl": "dd\\/mm\\/yyyy", "fr": "dd\\/mm\\/yyyy", "de": "dd\\.mm\\.yyyy", "en": "yyyy\\-mm\\-dd"}

_STYLES: Final[Mapping[str, Mapping[str, object]]] = {
    "title": {"font_size": 20, "font_color": ACCENT},
    "subtitle": {"font_size": 11, "font_color": QUIET},
    "heading": {"font_size": 12, "bold": True, "font_color": ACCENT, "valign": "bottom"},
    "header": {
        "bold": True,
        "font_size": 9,
        "font_color": WHITE,
        "bg_color": ACCENT,
        "text_wrap": True,
        "valign": "vcenter",
    },
    "label": {"font_color": QUIET},
    "quiet": {"font_color": QUIET},
    "large": {"font_size": 18, "bold": True, "font_color": ACCENT},
    "over": {
        "font_size": 9,
        "font_color": QUIET,
        "align": "center",
        "valign": "bottom",
        "bottom": 1,
        "bottom_color": RULE,
    },
    "sign": {"bottom": 1, "bottom_color": QUIET},
    "text": {},
    "wrap": {"text_wrap": True},
    "shrink": {"shrink": True},
    "note": {"font_size": 9, "font_color": QUIET, "text_wrap": True},
    "input": {"bg_color": INPUT, "font_color": INPUT_INK, "locked": False},
    "line": {"bottom": 1, "bottom_color": RULE},
    "band": {"bg_color": BAND},
    "total": {"bold": True, "top": 1, "top_color": ACCENT},
    "grand": {"bold": True, "font_color": WHITE, "bg_color": ACCENT},
    "bold": {"bold": True},
    "light": {"bold": False},
    "left": {"align": "left"},
    "right": {"align": "right"},
    "center": {"align": "center"},
    "top": {"valign": "top"},
    "middle": {"valign": "vcenter"},
    "indent": {"indent": 1, "align": "left"},
    "inset": {"indent": 1, "align": "right"},
    "number": {"align": "right"},
    "whole": {"num_format": "0", "align": "right"},
    "figure": {"num_format": "#,##0.00########", "align": "right"},
    "km": {"num_format": '#,##0.00####\\ "km"', "align": "right"},
    "percent": {"num_format": "0.00\\ %", "align": "right"},
    "exact": {"num_format": "#,##0.0000", "align": "right"},
    "ratio": {"num_format": "0.000000", "align": "right"},
    "times": {"num_format": '"× "General', "align": "center"},
    "clock": {"num_format": "hh:mm"},
    "error": {"bg_color": ERROR, "font_color": ERROR_INK, "bold": True},
    "warning": {"bg_color": WARNING, "font_color": WARNING_INK, "bold": True},
}


def number_formats(language: str) -> Mapping[str, Mapping[str, object]]:
    """The styles whose number format depends on the language: euro, hours, dates."""
    euro, day = _EURO[language], _DATE[language]
    return {
        "amount": {"num_format": euro.format("#,##0.00"), "align": "right", "shrink": True},
        "km_rate": {"num_format": euro.format("#,##0.0000"), "align": "right", "shrink": True},
        "exact_euro": {"num_format": euro.format("#,##0.00########"), "align": "right", "shrink": True},
        "hours": {"num_format": f'#,##0.00####\\ "{_HOURS[language]}"', "align": "right"},
        "date": {"num_format": day, "align": "left"},
        "moment": {"num_format": f"{day}\\ hh:mm", "align": "left"},
    }


@dataclass(frozen=True, slots=True)
class Page:
    """How a sheet is printed: on A4, ``across`` pages wide and as many pages long as it needs.

    ``repeat`` are the first and last row (counted from 0) printed at the top of every page.
    """

    landscape: bool = False
    across: int = 1
    repeat: tuple[int, int] | None = None


class Worksheet(xlsxwriter.worksheet.Worksheet):  # type: ignore[misc]
    """XlsxWriter's worksheet, with the one value it would not store: a formula's empty text."""

    def _write_cell(self, row: int, col: int, cell: StoredCell) -> None:
        if type(cell).__name__ != "Formula" or cell.value != "":
            super()._write_cell(row, col, cell)
            return
        style = cell.format._get_xf_index()  # noqa: SLF001
        self._xml_start_tag("c", [("r", xl_rowcol_to_cell(row, col)), ("s", style), ("t", "str")])
        self._xml_data_element("f", cell.formula)
        self._write_cell_value(cell.value)
        self._xml_end_tag("c")


class Book:
    """A workbook in the making, in one language.

    Args:
        target: the file, or a binary stream. Use `core.saving.saved` to replace a file safely.
        language: nl, fr, de or en.
        title: of the document, for its properties.
        subject: of the document, for its properties.
        fingerprint: of the data used, printed at the foot of every page.
        created: the day of the document's properties.
        in_memory: whether its parts are made in memory; on disk is better for a very long one.
    """

    def __init__(
        self,
        target: Path | IO[bytes],
        language: str,
        *,
        title: str,
        subject: str = "",
        fingerprint: str = "",
        created: date | None = None,
        in_memory: bool = True,
    ) -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": in_memory,
            "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE, "font_color": INK},
            "default_row_height": 17,
        }
        self.file = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
        self.language = language
        self.title = title
        self.fingerprint = fingerprint
        self._known = {**_STYLES, **number_formats(language)}
        self._formats: dict[tuple[tuple[str, ...], bool], Style] = {}
        properties = {
            "title": title,
            "subject": subject,
            "author": "COPRO",
            "company": "COPRO",
            "comments": fingerprint,
        }
        day = created or date.today()
        self.file.set_properties({**properties, "created": datetime.combine(day, time())})
        self.file.set_calc_mode("auto", _CALCULATED_BY)
        self.file.calc_on_load = False

    def close(self) -> None:
        """Writes the workbook.

        Raises:
            FileError: it cannot be written.
        """
        try:
            self.file.close()
        except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
            raise FileError("file_not_written", file=str(self.file.filename), reason=str(error)) from error

    # --- formats -------------------------------------------------------------------------------------------------

    def style(self, *names: str) -> Style:
        """The format called by these names, later ones over earlier ones."""
        return self._format(names, as_text=False)

    def text_style(self, *names: str) -> Style:
        """The same for text that looks like a formula: it stays text when somebody edits the cell."""
        return self._format(names, as_text=True)

    def _format(self, names: Sequence[str], *, as_text: bool) -> Style:
        key = (tuple(names), as_text)
        if key not in self._formats:
            wanted: dict[str, object] = {"valign": "top"}
            for name in names:
                wanted |= self._known[name]
            self._formats[key] = self.file.add_format(wanted)
            if as_text:
                self._formats[key].set_quote_prefix()
        return self._formats[key]

    # --- sheets --------------------------------------------------------------------------------------------------

    def sheet(self, name: str, page: Page, widths: Sequence[float] = (), kind: type[Worksheet] = Worksheet) -> Sheet:
        """A new sheet: widths of its columns in characters, set up for paper, without gridlines."""
        sheet = self.file.add_worksheet(name, worksheet_class=kind)
        sheet.hide_gridlines(2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        if page.landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(page.across, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.65)
        if page.repeat:
            sheet.repeat_rows(*page.repeat)
        sheet.set_footer(self._footer())
        return sheet

    def _footer(self) -> str:
        number = text("quote", "page", self.language).format(page="&P", pages="&N")
        title = self.title.replace("&", "&&")[:100]
        fingerprint = text("quote", "data_fingerprint", self.language).format(fingerprint=self.fingerprint)
        small = '&"Arial"&8&K55616D'
        return f"&L{small}{title}&C{small}{fingerprint if self.fingerprint else ''}&R{small}{number}"

    @staticmethod
    def protect(sheet: Sheet) -> None:
        """Locks every cell that is no input, without a password: against slips, not against the owner."""
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    # --- cells ---------------------------------------------------------------------------------------------------

    def text(self, sheet: Sheet, row: int, column: int, value: str, *names: str) -> None:
        """Text, whatever it looks like: never a formula or a link, also after somebody edits the cell."""
        style = self._format(names, as_text=value[:1] in ("=", "+", "-", "@", "'"))
        if value:
            sheet.write_string(row, column, value[:LONGEST_TEXT], style)
        else:
            sheet.write_blank(row, column, None, style)

    def value(self, sheet: Sheet, row: int, column: int, value: object, *names: str) -> None:
        """A value typed in a cell: number, date, time, text or nothing."""
        style = self.style(*names)
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            self.text(sheet, row, column, value, *names)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style)
        else:
            sheet.write_number(row, column, float(value), style)  # type: ignore[arg-type]

    def formula(self, sheet: Sheet, row: int, column: int, formula: str, value: Answer, *names: str) -> None:
        """A formula together with its value; of a range or table, each cell takes its own value out of the call.

        A formula that spills would be shorter, but a spreadsheet without the functions keeps the values of single cells
        only and shows ``#NAME?`` all over a spilled table.
        """
        if isinstance(value, list):
            self.table(sheet, row, column, formula, value, lambda down, across: names)
        else:
            sheet.write_formula(row, column, formula, self.style(*names), stored(value))

    def table(self, sheet: Sheet, row: int, column: int, formula: str, rows: Table, look: Look) -> None:
        """The cells of a call that gives a table, each live, with its value and its own look."""
        call = formula.removeprefix("=")
        for down, values in enumerate(rows):
            for across, value in enumerate(values):
                style = self.style(*look(down, across))
                place = row + down, column + across
                if value is None or value == "":  # a stored empty text would be computed anew, and be #NAME? there
                    sheet.write_blank(*place, None, style)
                else:
                    sheet.write_formula(*place, f"=INDEX({call},{down + 1},{across + 1})", style, stored(value))

    def merged(self, sheet: Sheet, area: tuple[int, int, int, int], value: str, *names: str) -> None:
        """Text over several cells: first row, first column, last row, last column."""
        sheet.merge_range(*area, "", self.style(*names))
        self.text(sheet, area[0], area[1], value, *names)

    def data_notice(self, sheet: Sheet, area: tuple[int, int, int, int], warning: str) -> None:
        """A warning over several cells that appears when the installed data are not those of this workbook."""
        same = f'COPRO_STATUS("{self.language}")&""="{self.fingerprint}"&T(NOW())'  # NOW: looked at on opening
        formula = f'=IF(IFERROR(SUMPRODUCT(--({same})),1)=0,"{warning}","")'
        sheet.merge_range(*area, "", self.style("wrap", "middle"))
        self.formula(sheet, area[0], area[1], formula, "", "wrap", "middle")
        sheet.conditional_format(*area, {"type": "no_blanks", "format": self.style("warning")})

    def name(self, name: str, sheet: Sheet, row: int, column: int) -> None:
        """Names a cell, so that it is found wherever it is moved."""
        cell = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        quoted = sheet.get_name().replace("'", "''")
        self.file.define_name(name, f"='{quoted}'!{cell}")


def stored(value: object) -> str | float | int | bool:
    """A computed cell as it is stored beside its formula: dates as serial numbers, errors as errors."""
    if isinstance(value, CellError):
        return value.code
    if value is None:
        return ""
    if isinstance(value, date):
        return serial(value)
    assert isinstance(value, str | int | float)
    return Worksheet._escape_control_characters(value) if isinstance(value, str) else value  # noqa: SLF001


def lines_high(words: str, width: float) -> float:
    """The height of a row, in points, whose text wraps over ``width`` characters."""
    room = max(1, int(width * 1.15))
    lines = sum(max(1, len(wrap(line, room))) for line in words.split("\n"))
    return 5 + 12.5 * lines
