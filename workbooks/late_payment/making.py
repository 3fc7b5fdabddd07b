"""What every sheet of the late-payment workbook is made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.texts import text
from core.topics import LANGUAGES
from workbooks.late_payment.accounts import Receivables
from workbooks.late_payment.formulas import Formulas
from workbooks.late_payment.layout import Layout
from workbooks.late_payment.words import Words
from workbooks.quote.formulas import text_of
from workbooks.style import ACCENT, RULE, WHITE, Book, Page, Sheet, number_formats
from xl_addin.cells import CellError
from xl_addin.evaluate import Answer

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column."""
TOTAL_LOOK: Final[Mapping[str, object]] = {"bold": True, "font_color": WHITE, "bg_color": ACCENT}
"""Of a row that turns out to be the total."""
RULE_LOOK: Final[Mapping[str, object]] = {"bottom": 1, "bottom_color": RULE}
"""Of a row that shows something."""
ROW: Final = 17
"""The height of a plain row, in points."""


@dataclass(frozen=True)
class Making:
    """A workbook in the making.

    Attributes:
        book: the file.
        layout: where everything stands.
        data: what is shown.
        words: the texts and figures that the sheets share.
        formulas: of the tables.
    """

    book: Book
    layout: Layout
    data: Receivables
    words: Words
    formulas: Formulas = field(init=False)

    def __post_init__(self) -> None:
        state = {"chosen_no": self.words.state("chosen_no"), "buckets": self.words.buckets}
        object.__setattr__(self, "formulas", Formulas(self.layout, state, self.words.languages))

    def text(self, key: str, **details: object) -> str:
        """A text in the language of the workbook."""
        return text("late_payment", key, self.layout.language, **details)

    def sheet(self, which: str, page: Page, widths: Sequence[float]) -> Sheet:
        """A new sheet."""
        return self.book.sheet(self.layout.name(which), page, widths)

    def formula(self, sheet: Sheet, row: int, column: int, formula: str, value: Answer, *names: str) -> None:
        """A formula with its value."""
        self.book.formula(sheet, row, column, formula, value, *names)

    def across(self, sheet: Sheet, area: Area, formula: str, value: Answer, *names: str) -> None:
        """A formula over several cells."""
        sheet.merge_range(*area, "", self.book.style(*names))
        self.book.formula(sheet, area[0], area[1], formula, value, *names)

    def word(self, sheet: Sheet, row: int, column: int, key: str, *names: str) -> None:
        """A text in the customer's language."""
        self.formula(sheet, row, column, f"={self.words.word(key)}", self.words.said(key), *names)

    def words_across(self, sheet: Sheet, area: Area, key: str, *names: str) -> None:
        """The same over several cells."""
        self.across(sheet, area, f"={self.words.word(key)}", self.words.said(key), *names)

    def wrong_told(self, key: str) -> tuple[str, str]:
        """How many rows are wrong: as an expression that is nothing when none is, and its value."""
        told = self.text(key, count="{count}", **({"sheet": self.layout.name("checks")} if key == "wrong_told" else {}))
        before, after = told.split("{count}")
        count = self.words.state("wrong")
        value = told.format(count=self.data.wrong) if self.data.wrong else ""
        return f'IF({count}=0,"",{text_of(before)}&{count}&{text_of(after)})', value

    def warn(self, sheet: Sheet, area: Area, style: str = "error") -> None:
        """Colours an area while it says something."""
        sheet.conditional_format(*area, {"type": "no_blanks", "format": self.book.style(style)})

    def mark_errors(self, sheet: Sheet, area: Area) -> None:
        """Colours cells that show an error."""
        sheet.conditional_format(*area, {"type": "errors", "format": self.book.style("error")})

    def choose(self, sheet: Sheet, area: Area, source: str | list[str]) -> None:
        """A drop-down list: of words, or of the cells of a range."""
        listed = f"={source}" if isinstance(source, str) else source
        told = {"error_title": self.text("input_title"), "error_message": self.text("input_list")}
        sheet.data_validation(*area, {"validate": "list", "source": listed, **told})

    def in_their_language(self, sheet: Sheet, number: str, areas: Mapping[str, list[Area]], which: str = "") -> None:
        """Shows dates and amounts as the customer's language does.

        LibreOffice follows only the first rule that holds, so each says everything about a cell.

        Args:
            sheet: the statement or the letter.
            number: the cell of this sheet with the number of the language; a rule cannot look at another sheet.
            areas: cells, by their style.
            which: in a list, the cell that says which invoice a line shows; 0 is the total.
        """
        for position, language in enumerate(LANGUAGES, 1):
            theirs = f"{number}={position}"
            for style, places in areas.items():
                shown = {"num_format": number_formats(language)[style]["num_format"]}
                rules = [(theirs, shown)]
                if which:
                    rules = [(f"AND({theirs},{test})", {**shown, **look}) for test, look in lines_of(which)]
                for place in places:
                    for criterion, look in rules:
                        self.rule(sheet, place, criterion, look)

    def rule(self, sheet: Sheet, area: Area, criterion: str, look: Mapping[str, object]) -> None:
        """How cells look for which a criterion holds."""
        shown = self.book.file.add_format(look)
        sheet.conditional_format(*area, {"type": "formula", "criteria": f"={criterion}", "format": shown})


def here(row: int, column: int, *, fixed: bool = True) -> str:
    """A cell as formulas of its own sheet write it; its row fixed, or counted from where the formula stands."""
    return str(xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=True))


def lines_of(which: str) -> list[tuple[str, Mapping[str, object]]]:
    """The lines of a list, by the cell that says which invoice they show: the total, and each invoice."""
    return [(f"AND(ISNUMBER({which}),{which}=0)", TOTAL_LOOK), (f"ISNUMBER({which})", RULE_LOOK)]


def wrong(value: Answer) -> tuple[str, ...]:
    """The style of an error."""
    return ("error",) if isinstance(value, CellError) else ()
