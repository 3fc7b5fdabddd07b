"""The copro command: what it prints, and its exit status (0 done, 1 something wrong was found, 2 it could not run)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.topics import LANGUAGES
from xl_addin.cli import main
from xl_addin.cli.main import commands

FEE = ["call", "COPRO_INSPECTION_FEE", "2023-03-06", "3.5"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPRO_LANGUAGE", "en")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main([*words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_a_single_call_prints_one_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *FEE) == (0, "1092.50\n", "")
    assert run(capsys, "call", "COPRO_KM_RATE", "2024-03-06") == (0, "0.4280\n", "")
    assert run(capsys, "call", "COPRO_DUE_DATE", "2026-01-15") == (0, "2026-03-02\n", "")
    assert run(capsys, "call", "copro_hours_charged", "2.5") == (0, "3\n", "")


def test_json_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *FEE, "--json") == (0, '{"value": 1092.5}\n', "")
    status, out, _ = run(capsys, "call", "COPRO_INSPECTION_FEE", "2024-03-06", "3.5", "--json")
    assert status == 1
    refused = json.loads(out)
    assert refused["error"] == "#N/A"
    assert "index of employees" in refused["message"]


def test_blanks_ranges_and_quoted_text_are_written_as_json_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *FEE, "", "")[1] == "1092.50\n"
    assert run(capsys, "call", "COPRO_HOURS_CHARGED", "[[1.2],[1.5],[30]]", "--json")[1] == (
        '{"value": [[1], [2], {"error": "#NUM!", "message": "row 3: '
        'an inspection lasts at most 24 hours; split it into several inspections"}]}\n'
    ).replace('{"error"', '[{"error"').replace('inspections"}]', 'inspections"}]]')
    assert run(capsys, "call", "COPRO_HOURS_CHARGED", '"3.5"')[0] == 1


def test_a_failing_call_is_said_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "call", "COPRO_INSPECTION_FEE", "2023-03-06", "30")
    assert (status, err) == (1, "")
    assert out.startswith("#NUM! an inspection lasts at most 24 hours")


def test_a_table_shows_its_errors_and_their_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "call", "COPRO_TARIFF", "2024")
    assert status == 1
    assert out.count("#N/A") == 8 + 8  # four rates and their coefficients, and a reason for each
    status, out, _ = run(capsys, "tariff", "2024")
    assert status == 1
    assert "234.96" in out
    assert out.count("is recorded on 2023-07-01") == 1


def test_an_explanation_is_a_text_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "call", "COPRO_EXPLAIN", "COPRO_INSPECTION_FEE", "2023-03-06T16:30", "3.5")
    assert status == 0
    assert "2.2.4   Performance fee: hourly rate" in out
    assert "        €125.82 × 5 (rounded to the cent) = 629.10\n" in out
    assert out.count("factor.overlap:") == 1
    assert max(map(len, out.splitlines())) <= 120
    status, out, _ = run(capsys, "call", "COPRO_EXPLAIN", "COPRO_INSPECTION_FEE", "2023-03-06", "30")
    assert status == 1
    assert "an inspection lasts at most 24 hours" in out


def batch(capsys: pytest.CaptureFixture[str], tmp_path: Path, lines: str) -> tuple[int, list[dict[str, object]]]:
    calls = tmp_path / "calls.jsonl"
    calls.write_text(lines, encoding="utf-8")
    status, out, err = run(capsys, "call", "--batch", str(calls))
    assert err == ""
    return status, [json.loads(line) for line in out.splitlines()]


def test_a_batch_answers_every_line_in_order(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [
        {"function": "COPRO_INSPECTION_FEE", "args": ["2023-03-06", 3.5]},
        {"function": "COPRO_DUE_DATE", "args": ["2026-01-15"]},
        {"function": "COPRO_LATE_INTEREST_DETAIL", "args": [1000, "2023-11-30", "2024-02-01"]},
        {"function": "COPRO_VAT_RATE"},
    ]
    status, answers = batch(capsys, tmp_path, "".join(json.dumps(line) + "\n" for line in lines))
    assert status == 0
    assert answers == [
        {"value": 1092.5},
        {"value": "2026-03-02"},
        {"value": [["2023-12-01", "2023-12-31", 31, 0.0625, 5.31], ["2024-01-01", "2024-02-01", 32, 0.0675, 5.92]]},
        {"value": 0.21},
    ]


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "no json",
        "[1]",
        '"text"',
        "{}",
        '{"function": 3, "args": []}',
        '{"function": "COPRO_RATE", "args": {"item": "HOUR"}}',
        '{"function": "COPRO_RATE", "args": [], "more": 1}',
        '{"function": "COPRO_NOTHING", "args": []}',
        '{"function": "COPRO_HOURS_CHARGED", "args": [NaN]}',
        '{"function": "COPRO_HOURS_CHARGED", "args": [1e999]}',
        '{"function": "COPRO_HOURS_CHARGED", "args": [{"a": 1}]}',
        "[" * 100_000,
        '{"function": "COPRO_HOURS_CHARGED", "args": ["\\ud800"]}',
    ],
)
def test_a_bad_line_is_an_error_in_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path, bad: str) -> None:
    good = '{"function": "COPRO_HOURS_CHARGED", "args": [3.5]}'
    status, answers = batch(capsys, tmp_path, f"{good}\n{bad}\n{good}\n")
    assert status == 1
    assert (answers[0], answers[2], len(answers)) == ({"value": 4}, {"value": 4}, 3)
    assert answers[1]["error"] in ("#VALUE!", "#NUM!")
    assert answers[1]["message"]


def test_a_batch_is_read_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"function": "COPRO_HOURS_CHARGED", "args": [3.5]}\n'))
    assert run(capsys, "call", "--batch", "-")[1] == '{"value": 4}\n'


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["call"],
        ["call", "--batch", "nowhere.jsonl"],
        ["call", "COPRO_RATE", "HOUR", "--batch", "x"],
        ["call", "--unknown"],
        ["tariff"],
        ["tariff", "soon"],
        ["functions", "COPRO_NOTHING"],
        ["call", "COPRO_RATE", "HOUR", "--language", "xx"],
        ["call", "COPRO_RATE", "HOUR", "--data", "/nowhere/at/all"],
        ["quote", "nowhere.toml", "-o", "x.xlsx"],
        ["quote"],
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_run_is_one_line_on_standard_error(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: list[str],
    language: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPRO_LANGUAGE", language)
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("copro: ")
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_an_unexpected_failure_is_one_line_too_unless_details_are_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("xl_addin.cli.call_command.call", broken)
    status, _, err = run(capsys, *FEE)
    assert status == 2
    assert "Traceback" not in err
    assert "boom" in err
    assert "Traceback" in run(capsys, *FEE, "--debug")[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_help_in_every_language(capsys: pytest.CaptureFixture[str], language: str) -> None:
    helps = set()
    for command in commands():
        with pytest.raises(SystemExit) as ended:
            main([command, "--help", "--language", language])
        assert ended.value.code == 0
        helps.add(capsys.readouterr().out)
    assert len(helps) == len(commands())
    status, overview, _ = run(capsys, "--help", "--language", language)
    assert status == 0
    assert all(command in overview for command in commands())


def test_the_language_may_stand_before_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Prestatievergoeding" in run(capsys, "--language", "nl", "tariff", "2023")[1]
    assert "Indemnité" in run(capsys, "--language=fr", "tariff", "2023")[1]


def test_the_catalogue_is_listed_and_each_function_has_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "functions")
    assert "COPRO_INSPECTION_FEE(start, hours, [trips]" in out
    _, out, _ = run(capsys, "functions", "copro_rate", "--language", "nl")
    assert "KM_CAR" in out
    assert '=COPRO_RATE("HOUR";"2023-03-06")' in out
    assert out.endswith('copro call COPRO_RATE "HOUR" "2023-03-06"\n')
    _, out, _ = run(capsys, "functions", "copro_late_claim")
    assert """'[["2024-01-15", 500]]'""" in out
    _, out, _ = run(capsys, "functions", "--json")
    assert len(json.loads(out)) == 30


def test_a_reader_that_stops_early_is_no_failure(tmp_path: Path) -> None:
    line = '{"function": "COPRO_HOURS_CHARGED", "args": [3.5]}\n'
    calls = tmp_path / "calls.jsonl"
    calls.write_text(line * 5000)
    command = f"{sys.executable} -m xl_addin.cli call --batch {calls} | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == '{"value": 4}\n'
    assert "Traceback" not in done.stderr


def test_importing_the_functions_imports_nothing_heavy() -> None:
    heavy = ["numpy", "openpyxl", "xlsxwriter", "xlwings", "pydantic"]
    code = f"import sys, xl_addin; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
