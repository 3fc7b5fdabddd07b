"""``copro records``: every figure with its origin, and whether it holds; ``COPRO_STATUS`` tells the last recording."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from core.ledger import HolidayWithdrawal, Withdrawal
from core.topics import LANGUAGES
from tests.core.folder import record, session_on, write
from tests.core.test_ledger import INDEX, TUESDAY, figure, frozen, holiday, put, rate
from xl_addin import call
from xl_addin.cli.main import COULD_NOT_RUN, DONE, FOUND_WRONG, main


class Records:
    """The command, on one data folder."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self.capsys = capsys

    def __call__(self, *words: str, language: str = "en") -> tuple[int, str]:
        status = main(["records", "--data", str(self.data), "--language", language, *words])
        said = self.capsys.readouterr()
        return status, said.out or said.err

    def found(self, *words: str) -> dict[str, list[dict[str, object]]]:
        return json.loads(self(*words, "--json")[1])


@pytest.fixture
def records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Records:
    return Records(tmp_path, capsys)


def test_what_ships(records: Records) -> None:
    status, said = records()
    assert status == DONE
    assert "toolkit: legal_interest_1865.toml" in said
    assert said.rstrip().endswith(f"0 recordings in {records.data}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(records: Records, language: str) -> None:
    gone = Withdrawal.model_validate(
        {"series": "legal_interest_1865", "period": "2027", "reason": "x", "recorded_by": "An"}
    )
    put(records.data, rate("4.25"), holiday(5, 23), *INDEX, frozen=frozen("128.97"))
    put(records.data, withdrawal=(gone,))
    for words in ((), ("--as-files",)):
        status, said = records(*words, language=language)
        assert status == DONE
        assert "{" not in said
        assert "128" not in said
        assert "2024" in said


def test_a_series(records: Records) -> None:
    write(records.data, "figures/mine.toml", record(period='"2026"', value="4.75"))
    put(records.data, rate("4.40", 2026, TUESDAY), day=TUESDAY)
    figures = [one for one in records.found("--series", "legal_interest_1865")["figures"] if one["when"] == "2026"]
    assert [(one["value"], one["state"], one["recorded_by"], one["shipped"]) for one in figures] == [
        ("4.50", "corrected", "COPRO toolkit", True),
        ("4.75", "corrected", "me", False),
        ("4.40", "in_force", "An", False),
    ]
    assert figures[2]["checked_by"] == "Bea"
    assert Path(str(figures[2]["file"])).parent.name == "records"
    assert {one["series"] for one in records.found("--series", "construction_holiday")["figures"]} == {
        "construction_holiday"
    }


def test_a_series_that_does_not_exist(records: Records) -> None:
    status, said = records("--series", "salaries")
    assert status == COULD_NOT_RUN
    assert "salary_index" in said


def test_what_was_withdrawn(records: Records) -> None:
    put(records.data, rate("4.25"), holiday(5, 23))
    gone = {"reason": "the wrong year", "recorded_by": "Cy", "checked_by": "Dee"}
    figures = Withdrawal.model_validate({"series": "legal_interest_1865", "period": "2027", **gone})
    days = HolidayWithdrawal.model_validate({"site": "BRUSSEL", "year": 2027, **gone})
    put(records.data, withdrawal=(figures,), construction_holiday_withdrawal=(days,))
    told = [one for one in records.found()["figures"] if "2027" in str(one["when"])]
    assert [(one["series"], one["state"], one["source"]) for one in told] == [
        ("legal_interest_1865", "withdrawn", "gazette"),
        ("legal_interest_1865", "withdrawal", "the wrong year"),
        ("construction_holiday", "withdrawn", "sector"),
        ("construction_holiday", "withdrawal", "the wrong year"),
    ]


def test_recording_by_recording(records: Records) -> None:
    first = put(records.data, *INDEX, frozen=frozen("128.97"))
    second = put(records.data, rate("4.25"))
    status, said = records("--as-files")
    assert status == DONE
    lines = said.splitlines()
    assert lines[0] == f"Recording of 2027-01-04 by An, {first.name}"
    assert f"  follows: {first.name}" in lines
    assert f"Recording of 2027-01-04 by An, {second.name}" in lines
    assert "  settles the rates of: 2024" in lines
    assert "Settled rates: 2024; 1 rates still come out the same." in lines
    recordings = records.found()["recordings"]
    assert [(one["file"], one["follows"], one["settles"]) for one in recordings] == [
        (first.name, [], [2024]),
        (second.name, [first.name], []),
    ]


def test_settled_rates_that_no_longer_come_out(records: Records) -> None:
    put(records.data, *INDEX, frozen=frozen("128.97"))
    assert records()[0] == DONE
    put(records.data, figure("salary_index", "2023-Q3", "102.6"))
    status, said = records()
    assert status == FOUND_WRONG
    assert "of 2024 was settled as 128.97: " in said
    (rate_,) = records.found()["no_longer"]
    assert (rate_["year"], rate_["item"], rate_["then"]) == (2024, "HOUR", ["128.97"])


def test_problems(records: Records) -> None:
    file = put(records.data, rate("4.25"))
    file.write_bytes(file.read_bytes().replace(b"4.25", b"4.75"))
    status, said = records()
    assert status == FOUND_WRONG
    assert "Problems: 1" in said
    assert file.name in said
    assert len(records.found()["problems"]) == 1


def test_as_known_on_a_day(records: Records) -> None:
    put(records.data, rate("4.25"))
    put(records.data, rate("4.50", day=TUESDAY), day=TUESDAY)
    write(records.data, "figures/mine.toml", record(period='"2028"', value="4.75", recorded_on="2027-01-05"))
    words = ("--series", "legal_interest_1865", "--known-on", "2027-01-04")
    told = [one for one in records.found(*words)["figures"] if str(one["when"]) >= "2027"]
    assert [(one["value"], one["state"]) for one in told] == [("4.25", "in_force")]


def test_status_tells_the_recordings(tmp_path: Path) -> None:
    def told() -> dict[object, object]:
        rows = call("COPRO_STATUS", ["en"], session_on(tmp_path))
        assert isinstance(rows, list)
        return {row[0]: row[1] for row in rows}

    assert told()["Recordings of figures of your own"] == 0
    assert "Last recording" not in told()
    put(tmp_path, rate("4.25"))
    put(tmp_path, rate("4.50", day=TUESDAY), day=TUESDAY)
    assert told()["Recordings of figures of your own"] == 2
    assert told()["Last recording"] == "2027-01-05, by An"
    assert told()["User's data folder"] == str(tmp_path)
    assert date(2027, 1, 5) == TUESDAY
