"""20,000 random calls in LibreOffice: their arguments in cells, errors and blanks included, each answer the core's."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.calc import random_workbook
from tests.fronts.cases import COUNT, expected, fifteen, random_calls, same
from tests.fronts.folder import data_folder
from xl_addin.calc import contents
from xl_addin.calc.recalc import recalculate

THERE = contents.place()
ELSEWHERE = contents.Place(python=THERE["python"], folders=THERE["folders"], compiled_for="another Python")


@pytest.mark.parametrize(
    ("count", "toolkit"),
    [(COUNT, THERE), (2_000, ELSEWHERE)],
    ids=["in LibreOffice's own Python", "in a child process"],
)
def test_random_calls(count: int, toolkit: contents.Place, office: Path, tmp_path: Path) -> None:
    cases = [(name, [random_workbook.as_calc_has_it(value) for value in given]) for name, given in random_calls(count)]
    answers = expected(cases)
    source, target = tmp_path / "calls.xlsx", tmp_path / "answers.xlsx"
    places = random_workbook.write(source, cases, answers)
    recalculate(source, target, toolkit=toolkit, environment={"COPRO_DATA": str(data_folder(tmp_path))})
    shown = random_workbook.read(target, places)
    wrong = [
        (case, answer, given)
        for case, answer, given in zip(cases, answers, shown, strict=True)
        if not same(_as_saved(answer, given), given)
    ]
    assert len(shown) == count
    assert wrong == []


def _as_saved(answer: object, shown: object) -> object:
    """The answer as LibreOffice saves it: fifteen digits, of which it now and then rounds the last the other way."""
    if isinstance(answer, list) and isinstance(shown, list) and len(answer) == len(shown):
        return [_as_saved(one, other) for one, other in zip(answer, shown, strict=True)]
    if not isinstance(answer, float) or answer == fifteen(answer):
        return answer
    return shown if isinstance(shown, float) and math.isclose(answer, shown, rel_tol=1e-14) else answer
