"""The sheet of a function: what it gives, its arguments, and its examples beside them, alive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from workbooks.guide.codes_sheet import FUNCTION, REGULATION
from workbooks.guide.comparison import Mark, alike, mark, mark_formula, shows
from workbooks.guide.examples import Example, cell_of, examples_of, is_error
from workbooks.guide.inputs import Input
from workbooks.guide.parts import CODES, COLOURS, Guide
from workbooks.guide.tables import ExampleTable, widths_of
from workbooks.style import UNIT_LOOKS, Page, lines_high
from xl_addin.catalogue import Argument, Function
from xl_addin.cells import Cell
from xl_addin.reference.document import Formula, Items, plain
from xl_addin.reference.function_page import function_page
from xl_addin.reference.words import columns, words
from xl_addin.reference.worked import examples, shown

_NAME, _WHAT, _KIND, _INPUT = range(4)
_HEAD_ROWS: Final = 5
_CAUTIOUS: Final = 0.86
"""Of a column's width, what surely holds text: words wrap as a whole."""
_SHORT_TABLE: Final = 10
"""Rows of a table that fit on the page of its function."""
_LABELS: Final = (_NAME, _KIND)
"""The columns of the label beside a result."""


class FunctionSheet:
    """Writes the sheet of one function."""

    def __init__(self, guide: Guide, function: Function) -> None:
        self.guide = guide
        self.book = guide.book
        self.language = guide.language
        self.function = function
        self.page = function_page(function, guide.language)
        self._head_row = _HEAD_ROWS + len(self._facts())
        self.examples = examples_of(function, self._head_row + 1, _INPUT, guide.session)
        self.widths = widths_of(self.examples, _INPUT)
        self.sheet = self.book.sheet(function.name, Page(landscape=True), self.widths)

    def write(self) -> list[Mark]:
        """The whole sheet; gives the marks of its examples."""
        self._head()
        row = self._arguments()
        if self.function.table:
            row, marks = self._tables(row)
        else:
            row, marks = self._values(row)
        row = self._made_up(row)
        if self._short():
            self.sheet.fit_to_pages(1, 1)
        self.sheet.print_area(0, 0, row - 1, self._last)
        self.sheet.freeze_panes(2, 0)
        if self.function.category in COLOURS:
            self.sheet.set_tab_color(COLOURS[self.function.category])
        self.book.protect(self.sheet)
        return marks

    @property
    def _last(self) -> int:
        return len(self.widths) - 1

    def _short(self) -> bool:
        """Whether it is printed on one page: single values, or one table of a few rows."""
        answers = [example.answer for example in self.examples]
        tables = [answer for answer in answers if isinstance(answer, list)]
        return not tables or (len(tables) == 1 and len(tables[0]) <= _SHORT_TABLE)

    def _across(self, row: int, said: str, *styles: str) -> None:
        self.book.merged(self.sheet, (row, 0, row, self._last), said, *styles)
        self.sheet.set_row(row, lines_high(said, sum(self.widths)))

    # --- what it is ------------------------------------------------------------------------------------------------

    def _facts(self) -> list[str]:
        items = next(block for block in self.page.blocks if isinstance(block, Items))
        return [plain(line) for line in items.lines]

    def _head(self) -> None:
        self.book.merged(self.sheet, (0, 0, 0, self._last), self.page.title, "title")
        self.sheet.set_row(0, 32)
        self.guide.back(self.sheet, 1)
        self.guide.link(self.sheet, (1, 1), self.guide.words(CODES), self.guide.words("to_codes"))
        self._across(2, self.function.help(self.language), "wrap")
        signature = next(block.text for block in self.page.blocks if isinstance(block, Formula))
        self._across(3, signature, "wrap", "bold")
        for down, fact in enumerate(self._facts()):
            self._across(4 + down, fact, "quiet", "wrap")

    # --- arguments -------------------------------------------------------------------------------------------------

    def _arguments(self) -> int:
        """The arguments, each with its help and the input cells of the examples; gives the row after them."""
        headings = columns(self.language, "argument", "what", "kind")
        for column, heading in enumerate(headings):
            self.book.text(self.sheet, self._head_row, column, heading, "header")
        for column in range(_INPUT, self._last + 1):
            self.book.text(self.sheet, self._head_row, column, "", "header")
        for number, example in enumerate(self.examples, start=1):
            self.book.text(self.sheet, self._head_row, example.column, self._numbered(number), "header")
        for position, (row, after) in enumerate(self._rows()):
            given = [example.inputs[position] for example in self.examples if position < len(example.inputs)]
            self._argument(row, after, given[0].argument, position)
        return self._rows()[-1][1] if self._rows() else self._head_row + 1

    def _rows(self) -> list[tuple[int, int]]:
        """For each argument its first row, and the row after it."""
        longest = max(self.examples, key=lambda example: len(example.inputs), default=None)
        if longest is None:
            return []
        starts = list(longest.rows)
        heights = [max(len(e.inputs[n].rows) for e in self.examples if n < len(e.inputs)) for n in range(len(starts))]
        return [(start, start + height) for start, height in zip(starts, heights, strict=True)]

    def _numbered(self, number: int) -> str:
        return (
            f"{words('example', self.language)} {number}" if len(self.examples) > 1 else words("example", self.language)
        )

    def _argument(self, row: int, after: int, argument: Argument, position: int) -> None:
        helped = self.function.argument_help(argument.name, self.language)
        needed = self.guide.words("required" if argument.required else "optional")
        kind = f"{words(f'kind.{argument.kind.name}', self.language)}, {needed}"
        for column, said, look in ((_NAME, argument.name, "bold"), (_WHAT, helped, "wrap"), (_KIND, kind, "note")):
            for down in range(row, after):
                self.book.text(self.sheet, down, column, said if down == row else "", look, "wrap")
        self.sheet.set_row(row, max(self._high(helped, _WHAT), self._high(kind, _KIND)))
        for example in self.examples:
            if position < len(example.inputs):
                self._input(row, example.column, example.inputs[position])

    def _input(self, row: int, column: int, given: Input) -> None:
        """The input cells of an argument, unlocked, with a drop-down where there are codes."""
        looks = ["date", "amount"] if given.argument.range else [given.look]
        for down, cells in enumerate(given.rows):
            for across, value in enumerate(cells):
                place = row + down, column + across
                self.book.value(self.sheet, *place, value, looks[across], "left", "input", "line")
        kind = given.argument.kind
        choices = self.guide.choices.get(kind.codes or {FUNCTION: FUNCTION, REGULATION: REGULATION}.get(kind.name, ""))
        if choices:
            told = {"error_type": "warning", "error_title": self.guide.words("choice_title")}
            message = self.guide.words("choice_message")
            options = {"validate": "list", "source": choices, **told, "error_message": message}
            self.sheet.data_validation(row, column, row, column, options)

    # --- values ----------------------------------------------------------------------------------------------------

    def _values(self, row: int) -> tuple[int, list[Mark]]:
        """Results and formulas of a function that gives one value, an example a column."""
        self.sheet.set_row(row, 8)
        result, expected, compared, reason = (row + 1 + down for down in range(4))
        for down, key in enumerate(("result", "expected", "compared", "reason"), start=result):
            look = ("bold", "band") if key == "result" else ("label",)
            self.book.merged(self.sheet, (down, _LABELS[0], down, _LABELS[1]), self.guide.words(key), *look, "middle")
        marks = []
        for example in self.examples:
            answer, checked = example.answer, example.expected
            assert not isinstance(answer, list)
            assert not isinstance(checked, list)
            column = example.column
            self._result(result, column, example, answer)
            said = shown(checked, None, self.language) if is_error(checked) else checked
            self.book.value(self.sheet, expected, column, said, *self._look(example), "quiet", "middle")
            marks.append(self._mark(compared, column, example, [(cell_of(result, column), answer, checked)]))
            why, told = example.why()
            formula = f'=IF(ISERROR({cell_of(result, column)}),{why},"")'
            self.book.formula(self.sheet, reason, column, formula, told, "note", "middle")
        self._heights(result, expected, compared, reason)
        row = reason + 2
        for number, example in enumerate(self.examples, start=1):
            row = self._formulas(row, example, f" {number}" if len(self.examples) > 1 else "")
        return row, marks

    def _heights(self, result: int, expected: int, compared: int, reason: int) -> None:
        """Rows high enough for the longest text, mark and reason."""
        longest = self.guide.words("agrees_error"), self.guide.words("differs"), self.guide.words("changed")
        texts = [example.answer for example in self.examples if isinstance(example.answer, str)]
        reasons = [example.why()[1] for example in self.examples]
        for row, said in ((result, texts), (expected, texts), (compared, longest), (reason, [*reasons, " " * 40])):
            self.sheet.set_row(row, max((self._high(one, _INPUT) for one in said), default=20))

    def _high(self, said: str, column: int) -> float:
        return lines_high(said, self.widths[column] * _CAUTIOUS)

    def _formulas(self, row: int, example: Example, which: str) -> int:
        """The formula as it stands in the sheet, and as it is typed without cells; gives the row after them.

        A range cannot be typed without cells.
        """
        formulas = {"formula": f"={example.call(local=True)}"}
        if not example.worked.ranges:
            formulas["typed"] = example.worked.formula
        for key, said in formulas.items():
            label = self.guide.words(key) + which
            self.book.text(self.sheet, row, _NAME, label, "label", "wrap")
            self.book.merged(self.sheet, (row, _WHAT, row, self._last), said, "wrap", "quiet")
            room = sum(self.widths[_WHAT:]) * _CAUTIOUS
            self.sheet.set_row(row, max(self._high(label, _NAME), lines_high(said, room)))
            row += 1
        return row

    def _result(self, row: int, column: int, example: Example, answer: Cell) -> None:
        look = (*self._look(example), "bold", "band", "middle")
        self.book.formula(self.sheet, row, column, f"={example.call()}", answer, *look)
        failed = {"type": "errors", "format": self.book.style("error")}
        self.sheet.conditional_format(row, column, row, column, failed)

    @staticmethod
    def _look(example: Example) -> tuple[str, ...]:
        unit = example.worked.unit
        return UNIT_LOOKS.get(unit, "text") if unit else "text", "left", "wrap"

    def _mark(self, row: int, column: int, example: Example, cells: Sequence[tuple[str, Cell, Cell]]) -> Mark:
        """The mark over cells, each with what it gives and what it should."""
        error = any(is_error(checked) for _, _, checked in cells)
        same = [shows(cell, checked) for cell, _, checked in cells]
        formula = mark_formula(self.guide, example.unchanged(), same, error=error)
        holds = all(alike(given, checked) for _, given, checked in cells)
        self.book.formula(self.sheet, row, column, formula, mark(self.guide, same=holds, error=error), "wrap", "middle")
        differs = {"type": "text", "criteria": "begins with", "value": "≠", "format": self.book.style("warning")}
        self.sheet.conditional_format(row, column, row, column, differs)
        return Mark(cell_of(row, column), holds)

    # --- tables ----------------------------------------------------------------------------------------------------

    def _tables(self, row: int) -> tuple[int, list[Mark]]:
        """Formulas, then for each example the table it gives and the one it should."""
        marks = []
        for number, example in enumerate(self.examples, start=1):
            row += 1
            if number > 1:
                self.sheet.set_h_pagebreaks([row])
            self._across(row, self._numbered(number), "heading")
            self.sheet.set_row(row, 24)
            compared = self._formulas(row + 1, example, "")
            table = ExampleTable(self.guide, self.sheet, example, self.widths)
            self.book.text(self.sheet, compared, _NAME, self.guide.words("compared"), "label")
            row = table.write(compared + 1)
            marks += self._table_mark(compared, example, table)
        return row, marks

    def _table_mark(self, row: int, example: Example, table: ExampleTable) -> list[Mark]:
        self.book.merged(self.sheet, (row, _WHAT, row, self._last), "", "wrap")
        if example.of_installation:
            self.book.text(self.sheet, row, _WHAT, self.guide.words("of_installation"), "wrap")
            return []
        return [self._mark(row, _WHAT, example, list(table.compared()))]

    # --- examples that need data this installation has not ---------------------------------------------------------

    def _made_up(self, row: int) -> int:
        """The examples with made-up data, as text: no figure of theirs may look like one of this installation."""
        worked = [one for one in examples(self.function, self.language) if one.made_up]
        if not worked:
            return row
        row += 1
        self._across(row, self.guide.words("made_up"), "heading")
        self.sheet.set_row(row, 24)
        for one in worked:
            assert not isinstance(one.answer, list)
            row += 1
            self._across(row, f"{one.formula}  →  {shown(one.answer, one.unit, self.language)}", "quiet", "wrap")
        self._across(row + 1, words("made_up", self.language), "note")
        return row + 2
