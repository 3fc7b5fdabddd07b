"""The functions in Pyodide, the Python that xlwings Lite runs: our own wheel, registered and called as Lite does.

What is not here is Lite itself, and Excel: registration and calls go through `tests.officejs.lite`.
"""

from __future__ import annotations

import json
import os
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import xl_addin
from tests.fronts.cases import COUNT, Case, expected, random_calls, same
from tests.fronts.folder import data_folder
from tests.officejs.lite import as_javascript, lite, metadata
from tests.officejs.test_functions import FRONT, ROOT
from tests.pyodide import place
from xl_addin import Session
from xl_addin.catalogue import FUNCTIONS
from xl_addin.officejs.starter import main_py

Run = Callable[..., Any]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> place.Place:
    """Pyodide and the wheels, ours made of the sources as they are."""
    if missing := place.missing():
        pytest.skip(f"not run in Pyodide: {missing} not installed")
    return place.prepare(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def run(prepared: place.Place, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Asks a function of `tests.pyodide.inside`, in a Pyodide of its own."""

    def ask(call: str, argument: object, *, installed: bool = True, **task: object) -> Any:
        ours = [str(prepared.ours)] if installed else []
        task = {"wheels": [*map(str, prepared.wheels), *ours], "call": call, "argument": argument, **task}
        return place.run(prepared, task, tmp_path_factory.mktemp("run"))["answer"]

    return ask


def a_call(name: str, arguments: list[object]) -> Case:
    return name, [as_javascript(json.loads(json.dumps(value))) for value in arguments]


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    examples = [(name, list(example)) for name, function in FUNCTIONS.items() for example in function.examples]
    return [*examples, *random_calls()]


@pytest.fixture(scope="session")
def told(run: Run, cases: list[Case]) -> Any:
    return run("functions", [a_call(*case) for case in cases])


def test_it_ran_in_pyodide(told: Any) -> None:
    assert told["system"] == "emscripten"
    assert told["python"].startswith("3.14.")


def test_every_function_is_registered_as_here(told: Any) -> None:
    with lite(FRONT) as (front,):
        here = json.loads(json.dumps(metadata(front)))
    assert sorted(here) == sorted(FUNCTIONS)
    assert told["registered"] == here
    assert told["registered_1904"] == here


def test_every_example_and_random_call_answers_as_in_the_core(told: Any, cases: list[Case], tmp_path: Path) -> None:
    answers = expected(cases, Session.open(data_folder(tmp_path)))
    wrong = [
        (name, arguments, answer, there)
        for (name, arguments), answer, there in zip(cases, answers, told["answers"], strict=True)
        if not same(there, answer)
    ]
    assert wrong == []
    assert len(answers) == COUNT + sum(len(function.examples) for function in FUNCTIONS.values())


def test_days_count_from_1904_where_the_workbook_does(told: Any) -> None:
    assert told["due_1904"] == 46083.0 - 1462


def test_everything_lite_imports_is_there_and_nothing_else_is_needed(run: Run) -> None:
    own = [f"xl_addin.{module.name}" for module in pkgutil.iter_modules(xl_addin.__path__) if not module.ispkg]
    own.remove("xl_addin.arrow")  # needs the extra "columns"
    found = run("imports", ["core", *own, "xl_addin.catalogue", "xl_addin.officejs"])
    assert found["failed"] == {}
    assert not {"xlsxwriter", "openpyxl", "tomli_w", "numpy", "workbooks"} & set(found["loaded"])


# --- a workbook's own main.py --------------------------------------------------------------------------------------

RATES: list[Case] = [("COPRO_RATE", ["HOUR", "2023-06-01"]), ("COPRO_RATE", ["HOUR", "2024-06-01"])]
STATUS: Case = ("COPRO_STATUS", [])


def test_the_starter_works_with_the_wheel_as_a_file_in_data(run: Run, prepared: place.Place) -> None:
    task = {"source": main_py("fr"), "calls": [*RATES, STATUS]}
    found = run("main_py", task, installed=False, data=[["/data", str(prepared.ours)]])
    assert found["registered"] == sorted(FUNCTIONS)
    assert found["from"].startswith(f"/data/{prepared.ours.name}/")
    assert found["cells"][:2] == [125.82, "#N/A"]
    assert found["cells"][2][0][0] == "Version de la boîte à outils"
    assert re.fullmatch(r"\d+\.\d+\.\d+", found["cells"][2][0][1])


def test_figures_of_a_folder_in_data_are_used(run: Run, tmp_path: Path) -> None:
    folder = data_folder(tmp_path)
    files = [[f"/data/copro/{file.parent.name}", str(file)] for file in folder.rglob("*.toml")]
    source = main_py("en").replace("# os.environ", "os.environ")
    assert 'os.environ["COPRO_DATA"] = "/data/copro"\n' in source
    assert run("main_py", {"source": source, "calls": RATES}, data=files)["cells"] == [125.82, 128.97]
    gone = run("main_py", {"source": source, "calls": RATES})
    assert gone["registered"] == sorted(FUNCTIONS)
    assert gone["cells"] == ["#VALUE!", "#VALUE!"]


def test_figures_written_in_main_py_are_used(run: Run) -> None:
    """As docs/xlwings-lite.md shows it."""
    page = (ROOT / "docs" / "xlwings-lite.md").read_text("utf-8")
    (source,) = (code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "write_text" in code)
    found = run("main_py", {"source": source, "calls": RATES})
    assert found["cells"] == [125.82, 128.97]


def test_environment_variables_set_in_lite_count(run: Run, tmp_path: Path) -> None:
    files = [[f"/data/eigen/{file.parent.name}", str(file)] for file in data_folder(tmp_path).rglob("*.toml")]
    environment = {"HOME": "/home/pyodide", "COPRO_DATA": "/data/eigen", "COPRO_LANGUAGE": "de"}
    source = f"from {FRONT} import *"
    found = run("main_py", {"source": source, "calls": [*RATES, STATUS]}, data=files, environment=environment)
    assert found["cells"][:2] == [125.82, 128.97]
    assert "COPRO_DATA" not in os.environ
    assert found["cells"][2][0][0] == "Version des Werkzeugs"
