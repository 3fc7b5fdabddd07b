"""What is proposed is checked: each mistake has its own message and its cell, and one is enough to record nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from core.ledger import read_ledger
from core.loading import load
from core.proposals import FigureProposal, HolidayProposal, Severity, What
from core.topics import LANGUAGES
from core.updates import Examined, examine
from core.usual import most_change
from core.vocabulary import Series, Status
from tests.core.folder import holiday as holiday_text
from tests.core.folder import record, write
from tests.core.proposals import figure, holiday, july
from tests.core.test_ledger import figure as recorded_figure
from tests.core.test_ledger import holiday as recorded_holiday
from tests.core.test_ledger import put

TODAY = date(2027, 1, 8)
SALARY, TRAVEL, QUARTERLY = Series.SALARY_INDEX, Series.TRAVEL_ALLOWANCE, Series.TRAVEL_ALLOWANCE_QUARTERLY
RATE, HALF, VAT = Series.LEGAL_INTEREST_1865, Series.LEGAL_INTEREST_2002, Series.VAT_BE
SUMMER_2026 = (date(2026, 7, 1), date(2027, 6, 30))

Proposals = FigureProposal | HolidayProposal


def examined(folder: Path, *proposals: Proposals, today: date = TODAY) -> Examined:
    return examine(proposals, load(folder), read_ledger(folder), today)


def found(folder: Path, *proposals: Proposals, today: date = TODAY) -> list[tuple[str, str, str]]:
    """Severity, place and key of every finding; each can be told in every language."""
    findings = examined(folder, *proposals, today=today).findings
    assert all(finding.reason.message(language) for finding in findings for language in LANGUAGES)
    return [(finding.severity.value, finding.place, finding.reason.key) for finding in findings]


def error(place: str, key: str) -> list[tuple[str, str, str]]:
    return [("error", place, key)]


# --- what passes ---------------------------------------------------------------------------------------------------


def test_new_figures_become_a_file(tmp_path: Path) -> None:
    """Each with the basis of its series, the people, the day."""
    made = examined(
        tmp_path,
        figure(RATE, "2027", "4.25", note="as published"),
        figure(SALARY, "2022-Q3", "100"),
        figure(TRAVEL, SUMMER_2026, "0.4460"),
        holiday(2027, july(5, 23)),
    )
    assert [change.what for change in made.changes] == [What.NEW] * 4
    assert not made.findings
    assert not made.refused
    content = made.content
    assert content is not None
    index, allowance, rate = content.record  # in the order of the series
    assert (index.period, str(index.value), index.basis) == ("2022-Q3", "100", "TAR COPRO.EXE 2.0, art. 2.2.9")
    assert (allowance.valid_from, allowance.valid_to) == SUMMER_2026
    assert "Royal Decree" in allowance.basis
    assert (rate.recorded_on, rate.recorded_by, rate.checked_by, rate.note) == (TODAY, "An", "Bea", "as published")
    assert content.construction_holiday[0].periods[0].last == date(2027, 7, 23)


def test_nothing_proposed(tmp_path: Path) -> None:
    made = examined(tmp_path)
    assert (made.content, made.findings, made.changes) == (None, [], [])


def test_a_correction_and_a_confirmation(tmp_path: Path) -> None:
    """2026 is on record at 4.50, official; the first half of 2026 at 10.50, provisional."""
    made = examined(tmp_path, figure(RATE, "2026", "4.75"), figure(HALF, "2026-H1", "10.5"))
    assert [(change.what, str(change.before and change.before.value)) for change in made.changes] == [  # type: ignore[union-attr]
        (What.CORRECTED, "4.50"),
        (What.CONFIRMED, "10.50"),
    ]


def test_what_is_on_record_already_is_skipped_and_said(tmp_path: Path) -> None:
    same = (date(2025, 7, 14), date(2025, 8, 1))
    proposals = (figure(RATE, "2026", "4.5", checked_by=""), holiday(2025, same, checked_by=""))
    assert found(tmp_path, *proposals) == [
        ("skipped", "Sheet!value8", "unchanged"),
        ("skipped", "Days!first_18", "unchanged"),
    ]
    assert examined(tmp_path, *proposals).content is None


def test_construction_holidays_corrected_and_confirmed(tmp_path: Path) -> None:
    put(tmp_path, recorded_holiday(5, 23))
    changed = examined(tmp_path, holiday(2027, july(5, 30), site="BRUSSEL"))
    assert [change.what for change in changed.changes] == [What.CORRECTED]
    write(tmp_path, "figures/mine.toml", holiday_text(site='"NAMUR"', year="2026", status='"provisional"'))
    said = holiday(2026, (date(2026, 7, 6), date(2026, 7, 26)))
    assert [change.what for change in examined(tmp_path, said).changes] == [What.CONFIRMED]


# --- people and sources --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "cell", "key"),
    [
        ({"source": ""}, "source", "source_missing"),
        ({"entered_by": ""}, "entered_by", "entered_by_missing"),
        ({"checked_by": ""}, "checked_by", "checked_by_missing"),
        ({"entered_by": "An Peeters", "checked_by": " an  PEETERS"}, "checked_by", "same_person"),
        ({"value": None}, "value", "value_missing"),
    ],
)
def test_what_every_figure_needs(tmp_path: Path, change: dict[str, str], cell: str, key: str) -> None:
    value = change.pop("value", "4.25")
    assert found(tmp_path, figure(RATE, "2027", value, **change)) == error(f"Sheet!{cell}8", key)
    if key != "value_missing":
        assert found(tmp_path, holiday(2027, july(5, 23), **change)) == error(f"Days!{cell}8", key)


def test_one_mistake_and_nothing_is_recorded(tmp_path: Path) -> None:
    made = examined(tmp_path, figure(RATE, "2027", "4.25"), figure(HALF, "2026-H2", "10", row=9, source=""))
    assert made.refused
    assert made.content is None
    assert len(made.changes) == 1, "what is right is still shown"


def test_two_rows_for_one_figure(tmp_path: Path) -> None:
    twice = [figure(RATE, "2027", "4.25"), figure(RATE, "2027", "4.50", row=9)]
    assert ("error", "Sheet!period9", "twice") in found(tmp_path, *twice)
    assert ("error", "Days!year9", "twice") in found(
        tmp_path, holiday(2027, july(5, 23)), holiday(2027, july(5, 30), row=9)
    )
    message = examined(tmp_path, *twice).findings[0].reason.message("en")
    assert "Sheet!period8" in message


# --- values --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proposal", "key"),
    [
        (figure(RATE, "2027", "-4.25"), "value_not_positive"),
        (figure(SALARY, "2022-Q3", "0"), "value_not_positive"),
        (figure(TRAVEL, SUMMER_2026, "44.6"), "value_out_of_bounds"),
        (figure(RATE, "2027", "425"), "value_out_of_bounds"),
        (figure(RATE, "2027", "4.255"), "percent_decimals"),
    ],
)
def test_values_that_cannot_be(tmp_path: Path, proposal: FigureProposal, key: str) -> None:
    assert found(tmp_path, proposal) == error("Sheet!value8", key)


def test_a_rate_of_vat_may_be_nothing(tmp_path: Path) -> None:
    """Under reverse charge it is 0 as it is."""
    said = figure(Series.VAT_EU_REVERSE, (date(2028, 1, 1), None), "0")
    assert examined(tmp_path, said).content is not None


@pytest.mark.parametrize(
    ("proposal", "key"),
    [
        (figure(RATE, "2027", "8.30"), "jump_points"),  # +3.80; the largest ever was +3.75, in 2023
        (figure(TRAVEL, SUMMER_2026, "0.5100"), "jump_share"),  # +14.6 %; the largest ever +12.5 %
        (figure(TRAVEL, SUMMER_2026, "0.3800"), "jump_share"),
        (figure(HALF, "2026-H2", "7.9"), "jump_points"),  # -2.60; the largest was 2.50
        (figure(VAT, (date(2028, 1, 1), None), "22"), "jump_points"),  # has never changed
        (figure(RATE, "2025", "8.30"), "jump_points"),  # compared with 2024 and with 2026
        (figure(RATE, "2000", "3.20"), "jump_points"),  # compared with the year after
    ],
)
def test_a_jump_needs_a_word(tmp_path: Path, proposal: FigureProposal, key: str) -> None:
    assert found(tmp_path, proposal) == error("Sheet!value8", key)
    explained = FigureProposal(**{name: getattr(proposal, name) for name in _FIELDS} | {"note": "really"})
    assert found(tmp_path, explained) == [("warning", "Sheet!value8", key)]
    assert examined(tmp_path, explained).content is not None


_FIELDS = (
    "place",
    "status",
    "source",
    "entered_by",
    "checked_by",
    "note",
    "series",
    "first",
    "last",
    "period",
    "value",
)


def test_the_message_of_a_jump_says_both_figures(tmp_path: Path) -> None:
    reason = examined(tmp_path, figure(RATE, "2027", "8.30")).findings[0].reason
    assert reason.message("nl").startswith("van 4,5 (01/01/2026) naar 8,3 is een sprong van 3,8 procentpunt")
    assert "(3,75)" in reason.message("nl")


def test_changes_as_large_as_ever_pass(tmp_path: Path) -> None:
    assert not found(tmp_path, figure(RATE, "2027", "8.25"))
    assert not found(tmp_path, figure(HALF, "2026-H2", "8.00"))


def test_the_index_compares_the_same_quarter(tmp_path: Path) -> None:
    """Twelve percent a year while there is little on record, twice that over two years."""
    put(tmp_path, recorded_figure("salary_index", "2022-Q3", "100"))
    assert not found(tmp_path, figure(SALARY, "2023-Q3", "112"), figure(SALARY, "2023-Q2", "80", row=9))
    assert found(tmp_path, figure(SALARY, "2023-Q3", "112.1")) == error("Sheet!value8", "jump_share")
    far = figure(SALARY, "2024-Q3", "124", note="2023 is not published")
    assert found(tmp_path, far) == [("warning", "Sheet!period8", "gap")]


def test_what_is_usual_comes_from_the_record(tmp_path: Path) -> None:
    timeline = load(tmp_path).figures.timeline
    assert most_change(RATE, timeline(RATE)) == Fraction("3.75")
    assert most_change(HALF, timeline(HALF)) == Fraction("2.5")
    assert most_change(TRAVEL, timeline(TRAVEL)) == Fraction("0.4170") / Fraction("0.3707") - 1
    assert most_change(SALARY, timeline(SALARY)) == Fraction(12, 100)
    assert most_change(VAT, timeline(VAT)) == 0


# --- days ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proposal", "key"),
    [
        (figure(TRAVEL, (date(2026, 7, 1), date(2026, 6, 30)), "0.4460"), "days_reversed"),
        (figure(TRAVEL, (date(2026, 7, 1), date(2027, 7, 31)), "0.4460"), "days_too_long"),
        (figure(QUARTERLY, (date(2026, 4, 1), date(2026, 9, 30)), "0.4330"), "days_too_long"),
    ],
)
def test_days_that_cannot_be(tmp_path: Path, proposal: FigureProposal, key: str) -> None:
    assert found(tmp_path, proposal) == error("Sheet!last8", key)


@pytest.mark.parametrize(
    ("proposal", "cell"),
    [
        (figure(RATE, "2028", "4.25"), "period"),
        (figure(SALARY, "2027-Q1", "100"), "period"),
        (figure(TRAVEL, (date(2027, 7, 1), date(2028, 6, 30)), "0.4460"), "first"),
        (figure(VAT, (date(2030, 1, 1), None), "21"), "first"),
    ],
)
def test_nothing_that_cannot_be_published_yet(tmp_path: Path, proposal: FigureProposal, cell: str) -> None:
    assert found(tmp_path, proposal) == error(f"Sheet!{cell}8", "too_early")


def test_an_index_comes_after_its_quarter(tmp_path: Path) -> None:
    said = figure(SALARY, "2026-Q3", "100")
    assert found(tmp_path, said, today=date(2026, 12, 31)) == []
    put(tmp_path, recorded_figure("legal_interest_1865", "2027", "4.25", date(2026, 11, 20)), day=date(2026, 11, 20))
    assert found(tmp_path, figure(SALARY, "2026-Q4", "100"), today=date(2026, 12, 31)) == error(
        "Sheet!period8", "too_early"
    )


def test_a_period_skipped_needs_a_word(tmp_path: Path) -> None:
    """The last on record is the first half of 2026."""
    assert found(tmp_path, figure(HALF, "2027-H1", "10.5")) == error("Sheet!period8", "gap")
    assert found(tmp_path, figure(HALF, "2027-H1", "10.5"), figure(HALF, "2026-H2", "10.5", row=9)) == []
    assert found(tmp_path, figure(HALF, "2027-H1", "10.5", note="x")) == [("warning", "Sheet!period8", "gap")]
    later = figure(QUARTERLY, (date(2026, 7, 1), date(2026, 9, 30)), "0.4330")
    assert found(tmp_path, later) == error("Sheet!first8", "gap")


def test_a_hole_in_the_record_may_be_filled(tmp_path: Path) -> None:
    """2019 and 2020 of the yearly allowance are not on record."""
    assert found(tmp_path, figure(TRAVEL, (date(2020, 7, 1), date(2021, 6, 30)), "0.3542")) == []


def test_no_two_figures_of_a_series_for_a_day(tmp_path: Path) -> None:
    said = figure(TRAVEL, (date(2026, 6, 1), date(2027, 5, 31)), "0.4460")
    assert found(tmp_path, said) == error("Sheet!first8", "overlap")
    two = [
        figure(QUARTERLY, (date(2026, 4, 1), date(2026, 6, 30)), "0.4330"),
        figure(QUARTERLY, (date(2026, 6, 1), date(2026, 8, 31)), "0.4330", row=9),
    ]
    assert found(tmp_path, *two) == [("error", "Sheet!first8", "overlap"), ("error", "Sheet!first9", "overlap")]


# --- status --------------------------------------------------------------------------------------------------------


def test_official_does_not_become_provisional_in_silence(tmp_path: Path) -> None:
    said = {"status": Status.PROVISIONAL}
    assert found(tmp_path, figure(RATE, "2026", "4.75", **said)) == error("Sheet!status8", "no_longer_official")
    explained = figure(RATE, "2026", "4.75", note="erratum announced", **said)
    assert found(tmp_path, explained) == [("warning", "Sheet!status8", "no_longer_official")]
    days = (date(2025, 7, 14), date(2025, 8, 2))
    assert ("error", "Days!status8", "no_longer_official") in found(tmp_path, holiday(2025, days, **said))


def withdrawn(proposals: Sequence[Proposals], folder: Path) -> list[tuple[str, str, str]]:
    return found(folder, *proposals)


def test_what_users_recorded_can_be_withdrawn(tmp_path: Path) -> None:
    put(tmp_path, recorded_figure("legal_interest_1865", "2027", "4.25"), recorded_holiday(5, 23))
    gone = {"status": None, "note": "the wrong year", "source": ""}
    made = examined(tmp_path, figure(RATE, "2027", None, **gone), holiday(2027, site="BRUSSEL", **gone))
    assert [change.what for change in made.changes] == [What.WITHDRAWN] * 2
    assert made.content is not None
    (figures,), (days,) = made.content.withdrawal, made.content.construction_holiday_withdrawal
    assert (figures.first_day, figures.reason, figures.recorded_by) == (date(2027, 1, 1), "the wrong year", "An")
    assert (days.site, days.year, days.checked_by) == ("BRUSSEL", 2027, "Bea")
    put(
        tmp_path,
        withdrawal=made.content.withdrawal,
        construction_holiday_withdrawal=made.content.construction_holiday_withdrawal,
    )
    after = load(tmp_path)
    assert ("BRUSSEL", 2027) not in after.calendar.construction_holidays
    assert after.figures.latest(RATE).valid_from == date(2026, 1, 1)  # type: ignore[union-attr]
    assert after.recordings == ((date(2027, 1, 4), ("An",)), (date(2027, 1, 4), ("An",)))


def test_what_a_withdrawal_needs(tmp_path: Path) -> None:
    put(tmp_path, recorded_figure("legal_interest_1865", "2027", "4.25"))
    gone = {"status": None, "note": "slip"}
    assert found(tmp_path, figure(RATE, "2027", "4.25", **gone)) == error("Sheet!status8", "withdrawn_with_value")
    without = figure(RATE, "2027", None, status=None)
    assert found(tmp_path, without) == error("Sheet!note8", "withdrawn_without_reason")
    assert found(tmp_path, figure(HALF, "2027-H1", None, **gone)) == error("Sheet!status8", "withdrawn_nothing")
    assert found(tmp_path, figure(RATE, "2026", None, **gone)) == error("Sheet!status8", "withdrawn_shipped")
    assert found(tmp_path, holiday(2025, **gone)) == error("Days!status8", "withdrawn_shipped")


# --- construction holidays -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proposal", "place", "key"),
    [
        (holiday(2027), "first_1", "holiday_missing"),
        (holiday(2027, july(23, 5)), "last_1", "days_reversed"),
        (holiday(2027, july(5, 23, 2026)), "first_1", "holiday_other_year"),
        (holiday(2027, july(5, 16), july(14, 20)), "first_2", "holiday_order"),
        (holiday(2030, july(5, 23, 2030)), "year", "too_early"),
        (holiday(2027, (date(2027, 6, 1), date(2027, 8, 31))), "first_1", "holiday_long"),
    ],
)
def test_holidays_that_cannot_be(tmp_path: Path, proposal: HolidayProposal, place: str, key: str) -> None:
    assert found(tmp_path, proposal) == error(f"Days!{place}8", key)


def test_long_holidays_can_be_explained(tmp_path: Path) -> None:
    said = holiday(2027, (date(2027, 6, 1), date(2027, 8, 31)), note="agreed so")
    assert found(tmp_path, said) == [("warning", "Days!first_18", "holiday_long")]


# --- doubt and time ------------------------------------------------------------------------------------------------


def test_a_figure_that_two_said_differently_can_be_said_again(tmp_path: Path) -> None:
    before = read_ledger(tmp_path)
    put(tmp_path, recorded_figure("legal_interest_1865", "2027", "4.25"), recorded_holiday(5, 23), after=before)
    put(tmp_path, recorded_figure("legal_interest_1865", "2027", "4.50"), recorded_holiday(12, 30), after=before)
    made = examined(
        tmp_path, figure(RATE, "2027", "4.25"), holiday(2027, july(5, 23), site="BRUSSEL"), today=date(2027, 1, 8)
    )
    assert made.content is not None
    assert [change.what for change in made.changes] == [What.CORRECTED, What.NEW]


@pytest.mark.parametrize("value", ["4.25", "4.50"])
def test_of_two_said_on_different_days_either_can_be_said_again(tmp_path: Path, value: str) -> None:
    """The later one is on record, but not used: it is no reason to skip it as known already."""
    before = read_ledger(tmp_path)
    later = date(2027, 1, 5)
    put(tmp_path, recorded_figure("legal_interest_1865", "2027", "4.25"), after=before)
    put(tmp_path, recorded_figure("legal_interest_1865", "2027", "4.50", later), after=before, day=later)
    made = examined(tmp_path, figure(RATE, "2027", value), today=date(2027, 1, 8))
    assert made.content is not None


def test_a_clock_that_is_behind(tmp_path: Path) -> None:
    put(tmp_path, recorded_figure("legal_interest_1865", "2027", "4.25", TODAY), day=TODAY)
    said = figure(HALF, "2026-H2", "10.5")
    assert found(tmp_path, said, today=date(2027, 1, 7)) == error("", "clock")
    assert found(tmp_path, said, today=TODAY) == []


def test_hand_written_figures_count_for_the_clock(tmp_path: Path) -> None:
    write(tmp_path, "figures/mine.toml", record(period='"2027"', value="4.25", recorded_on="2027-02-01"))
    assert found(tmp_path, figure(HALF, "2026-H2", "10.5")) == error("", "clock")


def test_severities_are_told() -> None:
    assert [severity.value for severity in Severity] == ["error", "warning", "skipped"]


def test_construction_holidays_of_another_year_are_told_for_each_run(tmp_path: Path) -> None:
    runs = ((date(2026, 4, 7), date(2026, 4, 10)), july(5, 23))
    assert found(tmp_path, holiday(2027, *runs)) == error("Days!first_18", "holiday_other_year")
