"""docs/fronts.md: every function in every front, as the fronts themselves tell and answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fronts.answered import ASKED, OWN_RUNS, RUNNERS, Answers, core
from tests.fronts.cases import COUNT, same
from tests.fronts.told import FRONTS, Functions, differences, told_by_catalogue
from xl_addin.catalogue import FUNCTIONS

LONGEST = 70
"""Characters of an answer that the page shows in full."""
PAGE = Path(__file__).parents[2] / "docs" / "fronts.md"

_INTRODUCTION = """\
# Every function in every front

The functions are told once, in `xl_addin/catalogue`; everything below is made from it. This page is made by
`python -m tests.fronts`, which reads each front's own file or module, and asks the fronts that run here;
`tests/fronts/test_fronts.py` does the same and fails when this page is not what comes out.

No Excel was at hand: "Excel" means here the files that Excel reads and xlwings' own code, not Excel itself."""

_TELLS = """\
## What each front tells

"Recomputed" is about cells that must be computed again on another day, because a date left out means today. The help is
compared in nl, fr, de and en. A "–": the front has no way to tell it. The further arguments of COPRO_EXPLAIN count as
one."""

_FUNCTIONS = """\
## The functions

"=": name, arguments, their order, which can be left out, recomputing and help are those of the catalogue, as far as the
front tells them. Otherwise: what differs."""

_ANSWERS = """\
## How they answer

The same calls, asked of every front; "=" is the answer in the second column, to the last bit. LibreOffice's is that of
a workbook recalculated with `copro recalc`: a formula that somebody types in Calc cannot tell a single blank cell from
0 (`xl_addin/calc/answer.py`)."""

_DIFFERENCES = """\
- The command gives dates as ISO text, as its input has them.
- Calc hands TRUE over as the number 1, so that there it is one; elsewhere it is refused."""

_FACTS = {
    "arguments": "arguments in order",
    "optional": "which can be left out",
    "volatile": "recomputed",
    "help": "help",
    "argument_help": "help of each argument",
}


def read_fronts() -> dict[str, Functions]:
    """What every front tells."""
    told = {}
    for front in FRONTS:
        with TemporaryDirectory() as folder:
            told[front.name] = front.read(Path(folder))
    return told


def page(told: Mapping[str, Functions], answers: Mapping[str, Answers]) -> str:
    """The page, from what the fronts told and answered."""
    runs = ", ".join(f"{name} in `{folder}`" for name, folder in OWN_RUNS.items())
    others = f"The others are asked in runs of their own, up to {COUNT:,} random calls each: {runs}."
    parts = [
        _INTRODUCTION,
        _TELLS,
        "\n".join(_tells(told)),
        _FUNCTIONS,
        "\n".join(_functions(told)),
        _ANSWERS,
        "\n".join(_answers(answers)),
        f"{_DIFFERENCES}\n- {others}",
    ]
    return "\n\n".join(parts) + "\n"


def _tells(told: Mapping[str, Functions]) -> Iterator[str]:
    yield from _heading(["front", "read from", *_FACTS.values()])
    for front in FRONTS:
        functions = told[front.name].values()
        can = ["yes" if all(getattr(f, fact) is not None for f in functions) else "–" for fact in _FACTS]
        yield _row([front.name, front.read_from, *can])


def _functions(told: Mapping[str, Functions]) -> Iterator[str]:
    yield from _heading(["function", *told])
    catalogue = told_by_catalogue()
    for name in FUNCTIONS:
        found = [differences(functions.get(name), catalogue[name]) for functions in told.values()]
        yield _row([f"`{name}`", *(", ".join(each) or "=" for each in found)])


def _answers(answers: Mapping[str, Answers]) -> Iterator[str]:
    yield from _heading(["asked", "answer", *answers, *OWN_RUNS])
    right = core()
    for number, asked in enumerate(ASKED):
        given = [
            "=" if same(each[number], right[number]) else _shown(each[number], right[number])
            for each in answers.values()
        ]
        yield _row([asked.what, _shown(right[number]), *given, *("own run" for _ in OWN_RUNS)])


def _shown(answer: object, instead_of: object = None) -> str:
    """An answer as the page has it: tables by their size, or by the first cell that is not the one expected."""
    if not isinstance(answer, list):
        return f"`{answer:g}`" if isinstance(answer, float) and answer.is_integer() else f"`{answer}`"
    if isinstance(instead_of, list):
        pairs = [pair for rows in zip(answer, instead_of, strict=True) for pair in zip(*rows, strict=True)]
        return "with " + next(_shown(one) for one, other in pairs if not same(one, other))
    cells = "; ".join(", ".join(_shown(cell) if cell != "" else "blank" for cell in row) for row in answer)
    return cells if len(cells) <= LONGEST else f"a table, {len(answer)} × {len(answer[0])}"


def _heading(titles: Sequence[str]) -> Iterator[str]:
    yield _row(titles)
    yield _row(["---"] * len(titles))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write() -> None:
    """Writes docs/fronts.md."""
    PAGE.write_text(page(read_fronts(), {name: ask() for name, ask in RUNNERS.items()}), "utf-8", newline="\n")
