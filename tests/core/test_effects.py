"""What new figures do to the rates: worked out by hand, and frozen as they were told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.effects import Prepared, prepare, rates
from core.ledger import add, read_ledger
from core.loading import load
from core.proposals import FigureProposal, HolidayProposal
from core.provenance import thawed
from core.topics import LANGUAGES
from core.vocabulary import Item, Series, Status
from tests.core.folder import holiday as holiday_text
from tests.core.folder import record, write
from tests.core.proposals import figure, holiday, july

TODAY = date(2027, 1, 8)
SALARY, TRAVEL, RATE = Series.SALARY_INDEX, Series.TRAVEL_ALLOWANCE, Series.LEGAL_INTEREST_1865
SUMMER_2023 = (date(2023, 7, 1), date(2024, 6, 30))
INDEX = (figure(SALARY, "2022-Q3", "100"), figure(SALARY, "2023-Q3", "102.5", row=9))


def prepared(folder: Path, *proposals: FigureProposal | HolidayProposal, today: date = TODAY) -> Prepared:
    made = prepare(proposals, folder, read_ledger(folder), today)
    assert all(finding.reason.message(language) for finding in made.examined.findings for language in LANGUAGES)
    return made


def record_it(folder: Path, *proposals: FigureProposal | HolidayProposal) -> Prepared:
    made = prepared(folder, *proposals)
    assert made.content is not None
    add(folder, made.content, read_ledger(folder))
    return made


def found(made: Prepared) -> list[tuple[str, str, str]]:
    return [(finding.severity.value, finding.place, finding.reason.key) for finding in made.examined.findings]


def test_the_tariff_of_a_year_worked_out_by_hand(tmp_path: Path) -> None:
    """1160.96 × 1.025 = 1189.984; 125.82 × 1.025 = 128.9655; 228.92 × 0.4280 / 0.4170 = 234.9587."""
    made = prepared(tmp_path, *INDEX)
    (year,) = made.years
    assert (year.year, year.regulation, year.refrozen) == (2024, "TAR-COPRO-EXE-2.0", ())
    assert set(year.before) == {Item.TRIP_BE, Item.HOUR_ABROAD, Item.KM_CAR}
    assert {item.value: str(rate) for item, rate in year.after.items()} == {
        "APPLICATION": "1189.98",
        "INSPECTION": "369.31",
        "HOUR": "128.97",
        "TRIP_BE": "234.96",
        "HOUR_ABROAD": "129.14",
        "KM_CAR": "0.4280",
        "NIGHT": "141.05",
    }
    assert made.content is not None
    assert made.content.frozen[0].rates == year.after
    assert made.after.tariff(date(2024, 5, 1)).rate(Item.HOUR, []) == 12897
    assert not (tmp_path / "records").exists(), "nothing is written"


def test_figures_of_no_tariff_touch_no_year(tmp_path: Path) -> None:
    made = prepared(tmp_path, figure(RATE, "2027", "4.25"), holiday(2027, july(5, 23)))
    assert made.years == ()
    assert made.content is not None
    assert made.content.frozen == ()


def test_mistakes_stop_it(tmp_path: Path) -> None:
    made = prepared(tmp_path, figure(RATE, "2027", "4.25", source=""))
    assert (made.content, made.years) == (None, ())
    assert made.before is made.after


def test_a_correction_freezes_anew_and_says_so(tmp_path: Path) -> None:
    record_it(tmp_path, *INDEX)
    made = record_it(tmp_path, figure(SALARY, "2023-Q3", "102.6"))
    (year,) = made.years
    assert (year.before[Item.HOUR], year.after[Item.HOUR]) == (Decimal("128.97"), Decimal("129.09"))
    assert set(year.refrozen) == {Item.APPLICATION, Item.INSPECTION, Item.HOUR, Item.NIGHT}
    assert rates(load(tmp_path), 2024)[0][Item.HOUR] == Decimal("129.09")
    assert load(tmp_path, known_on=date(2027, 1, 7)).frozen == {}


def test_a_withdrawal_takes_the_rates_away(tmp_path: Path) -> None:
    record_it(tmp_path, *INDEX)
    made = record_it(tmp_path, figure(SALARY, "2023-Q3", None, status=None, note="not that one"))
    (year,) = made.years
    assert Item.HOUR in year.before
    assert Item.HOUR not in year.after
    record_it(tmp_path, figure(SALARY, "2023-Q3", "102.6"))
    assert rates(load(tmp_path), 2024)[0][Item.HOUR] == Decimal("129.09")


def test_rates_on_provisional_figures_need_a_word(tmp_path: Path) -> None:
    provisional = figure(SALARY, "2023-Q3", "102.5", row=9, status=Status.PROVISIONAL)
    assert found(prepared(tmp_path, INDEX[0], provisional)) == [("error", "Sheet!note8", "freeze_provisional")]
    assert prepared(tmp_path, INDEX[0], provisional).content is None
    explained = figure(SALARY, "2023-Q3", "102.5", row=9, status=Status.PROVISIONAL, note="official in March")
    made = prepared(tmp_path, INDEX[0], explained)
    assert found(made) == [("warning", "Sheet!note8", "freeze_provisional")]
    assert made.content is not None
    assert made.content.frozen


def test_made_up_figures_freeze_nothing(tmp_path: Path) -> None:
    reference = record(series='"salary_index"', period='"2022-Q3"', value="100.0", status='"example"')
    write(tmp_path, "figures/example.toml", reference)
    made = prepared(tmp_path, INDEX[1])
    assert found(made) == [("warning", "", "freeze_example")]
    assert made.content is not None
    assert made.content.frozen == ()


def test_a_year_without_rates_freezes_nothing(tmp_path: Path) -> None:
    """The allowance of 2016 is no tariff's: no year before the regulation is looked at."""
    made = prepared(tmp_path, figure(TRAVEL, (date(2019, 7, 1), date(2020, 6, 30)), "0.3600"))
    assert made.years == ()


def test_a_file_written_by_hand_the_same_day_is_not_overruled_in_silence(tmp_path: Path) -> None:
    mine = record(period='"2027"', value="4.25", recorded_on="2027-01-08")
    write(tmp_path, "figures/mine.toml", mine + holiday_text(site='"NAMUR"', year="2026", recorded_on="2027-01-08"))
    days = (date(2026, 7, 6), date(2026, 7, 20))
    made = prepared(tmp_path, figure(RATE, "2027", "4.50"), holiday(2026, days))
    assert found(made) == [("error", "Sheet!note8", "without_effect"), ("error", "Days!note8", "without_effect")]
    assert made.content is None


def test_a_file_written_by_hand_later_is_not_overruled_either(tmp_path: Path) -> None:
    """Only for a clock that was ahead; then another figure holds."""
    write(tmp_path, "figures/mine.toml", holiday_text(site='"NAMUR"', year="2026", recorded_on="2028-01-08"))
    days = (date(2026, 7, 6), date(2026, 7, 20))
    made = prepared(tmp_path, holiday(2026, days))
    assert found(made) == [("error", "Days!note8", "without_effect")]
    assert "recorded later" in made.examined.findings[0].reason.message("en")


@pytest.mark.parametrize("day", [date(2026, 11, 20), TODAY])
def test_what_was_shipped_can_be_corrected_from_the_first_day(tmp_path: Path, day: date) -> None:
    days = (date(2025, 7, 14), date(2025, 8, 3))
    made = prepared(tmp_path, figure(RATE, "2026", "4.75"), holiday(2025, days), today=day)
    assert made.content is not None
    add(tmp_path, made.content, read_ledger(tmp_path))
    after = load(tmp_path)
    assert str(after.figures.on(RATE, date(2026, 3, 1)).value) == "4.75"
    found_days = after.calendar.construction_holidays["NAMUR", 2025].periods[0]  # type: ignore[union-attr]
    assert (found_days.first, found_days.last) == days


def test_two_people_who_record_of_different_series_settle_different_rates(tmp_path: Path) -> None:
    """Neither settles again what it does not change: else both would settle the other's rates, differently."""
    record_it(tmp_path, *INDEX)
    ledger = read_ledger(tmp_path)
    hours = prepared(tmp_path, figure(SALARY, "2023-Q3", "102.6"))
    travel = prepared(tmp_path, figure(TRAVEL, SUMMER_2023, "0.4290", note="x"))
    for made in (hours, travel):
        assert made.content is not None
        add(tmp_path, made.content, ledger)
    both, statuses = rates(load(tmp_path), 2024)
    assert (both[Item.HOUR], both[Item.KM_CAR]) == (Decimal("129.09"), Decimal("0.4290"))
    assert statuses == {Status.OFFICIAL}
    assert not list(thawed(load(tmp_path)))


def test_rates_settled_differently_are_settled_by_the_next_recording(tmp_path: Path) -> None:
    """At once, by two people who were the first; no figure is in doubt, so there is none to say again."""
    ledger = read_ledger(tmp_path)
    for made in (prepared(tmp_path, *INDEX), prepared(tmp_path, figure(TRAVEL, SUMMER_2023, "0.4290", note="x"))):
        assert made.content is not None
        add(tmp_path, made.content, ledger)
    assert list(thawed(load(tmp_path)))
    made = record_it(tmp_path, figure(RATE, "2027", "4.25"))
    assert [year.year for year in made.years] == [2024]
    assert made.years[0].refrozen
    assert not list(thawed(load(tmp_path)))
