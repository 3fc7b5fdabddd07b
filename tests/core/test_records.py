"""Dated figures: which record answers on which day, and what a record may not say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from core.errors import ConflictingFigures, CoproError, FileProblem, NotAvailable
from core.records import ConstructionHoliday, Figures, FiguresFile, Record, Suspension, days_of
from core.topics import LANGUAGES
from core.vocabulary import Series

VAT = Series.VAT_BE
DAY = timedelta(days=1)


def record(
    first: str, last: str | None = None, value: object = 21, recorded: str = "2026-01-01", source: str = "A"
) -> Record:
    days = {"valid_from": date.fromisoformat(first)} | ({"valid_to": date.fromisoformat(last)} if last else {})
    return Record(**fields(**days, value=value, recorded_on=date.fromisoformat(recorded), source=source))


def fields(**changes: Any) -> Any:
    common: dict[str, Any] = {"series": "vat_be", "value": 21, "basis": "law", "source": "A", "status": "official"}
    return {**common, "recorded_on": date(2026, 1, 1), "recorded_by": "me"} | changes


def values(figures: Figures, *days: str) -> list[object]:
    """The value on each day: "-" where none is recorded, "!" where two differ."""
    found: list[object] = []
    for day in days:
        try:
            found.append(int(figures.on(VAT, date.fromisoformat(day)).value))
        except ConflictingFigures:
            found.append("!")
        except NotAvailable:
            found.append("-")
    return found


# --- periods -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-H1", "2024-01-01", "2024-06-30"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024-Q2", "2024-04-01", "2024-06-30"),
        ("2024-Q3", "2024-07-01", "2024-09-30"),
        ("2024-Q4", "2024-10-01", "2024-12-31"),
        ("1900", "1900-01-01", "1900-12-31"),
        ("9998-H1", "9998-01-01", "9998-06-30"),
    ],
)
def test_days_of_a_period(period: str, first: str, last: str) -> None:
    assert days_of(period) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "period",
    [
        "",
        "24",
        "2024-",
        "2024-Q5",
        "2024-Q0",
        "2024-H3",
        "2024-q3",
        "2024-M1",
        "2024Q3",
        " 2024",
        "1899",
        "9999",
        "0000",
    ],
)
def test_no_period(period: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        days_of(period)
    assert refused.value.type == "period_unreadable"


@pytest.mark.parametrize("period", ["２０２４", "٢٠٢٤-Q3"])
def test_a_period_is_written_in_plain_digits(period: str) -> None:
    with pytest.raises(PydanticCustomError):
        days_of(period)


# --- which record answers ------------------------------------------------------------------------------------------


def test_first_and_last_day_are_included() -> None:
    figures = Figures((record("2024-01-01", "2024-06-30", 21),))
    assert values(figures, "2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01") == ["-", 21, 21, "-"]


def test_without_an_end_it_holds_until_the_next() -> None:
    figures = Figures((record("2025-01-01", value=6), record("2024-01-01", value=21)))
    assert values(figures, "2024-12-31", "2025-01-01", "9999-12-31") == [21, 6, 6]


def test_a_gap_is_not_filled() -> None:
    figures = Figures((record("2024-01-01", "2024-12-31", 21), record("2026-01-01", "2026-12-31", 6)))
    assert values(figures, "2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01") == [21, "-", "-", 6]


def test_a_series_without_any_record() -> None:
    with pytest.raises(NotAvailable) as missing:
        Figures(()).on(Series.SALARY_INDEX, date(2024, 7, 1))
    assert missing.value.key == "figure_missing"
    assert "2024-07-01" in missing.value.message("en")


@pytest.mark.parametrize("backwards", [False, True])
def test_of_two_recordings_of_the_same_days_the_later_counts(backwards: bool) -> None:
    records = [
        record("2024-01-01", "2024-12-31", 21, recorded="2024-01-05"),
        record("2024-01-01", "2024-12-31", 6, recorded="2024-02-05"),
        record("2024-01-01", "2024-12-31", 12, recorded="2024-01-20"),
    ]
    assert values(Figures(tuple(reversed(records) if backwards else records)), "2024-01-01", "2024-12-31") == [6, 6]


def test_a_correction_may_end_earlier() -> None:
    figures = Figures(
        (
            record("2024-01-01", "2024-12-31", 21, recorded="2024-01-05"),
            record("2024-01-01", "2024-06-30", 6, recorded="2024-02-05"),
        )
    )
    assert values(figures, "2024-06-30", "2024-07-01") == [6, "-"]


def test_two_recordings_of_one_day_that_differ_are_an_error_naming_both() -> None:
    figures = Figures(
        (record("2024-01-01", value=21, source="gazette A"), record("2024-01-01", value=6, source="site B"))
    )
    with pytest.raises(ConflictingFigures) as conflict:
        figures.on(VAT, date(2024, 3, 1))
    for language in LANGUAGES:
        message = conflict.value.message(language)
        assert [part for part in ("gazette A", "site B", "21", "6") if part not in message] == []
    assert conflict.value.cell_code == "#N/A"


def test_two_recordings_of_one_day_that_agree_are_one() -> None:
    figures = Figures(
        (record("2024-01-01", value=21, source="A"), record("2024-01-01", value=Decimal("21.00"), source="B"))
    )
    assert values(figures, "2024-03-01") == [21]


def test_a_conflict_is_settled_by_a_later_recording() -> None:
    figures = Figures(
        (
            record("2024-01-01", value=21),
            record("2024-01-01", value=6),
            record("2024-01-01", value=12, recorded="2026-02-01"),
        )
    )
    assert values(figures, "2024-03-01") == [12]


def test_overlapping_periods_that_differ_are_an_error_where_they_overlap() -> None:
    figures = Figures((record("2024-01-01", "2024-06-30", 21), record("2024-04-01", "2024-12-31", 6)))
    assert values(figures, "2024-03-31", "2024-04-01") == [21, "!"]


def test_overlapping_periods_that_agree_are_no_error() -> None:
    figures = Figures((record("2024-01-01", "2024-06-30", 21), record("2024-04-01", "2024-12-31", 21)))
    assert values(figures, "2024-03-31", "2024-04-01", "2024-07-01") == [21, 21, 21]


def test_a_record_within_another_conflicts_with_it_also_after_a_third() -> None:
    figures = Figures(
        (
            record("2024-01-01", "2024-12-31", 21),
            record("2024-03-01", "2024-03-31", 6),
            record("2024-06-01", "2024-06-30", 12),
        )
    )
    assert values(figures, "2024-02-01", "2024-03-15", "2024-06-15") == [21, "!", "!"]


def test_a_longer_record_answers_again_after_a_shorter_one_that_agrees() -> None:
    figures = Figures((record("2024-01-01", "2024-12-31", 21), record("2024-03-01", "2024-03-31", 21)))
    assert values(figures, "2024-02-01", "2024-03-15", "2024-05-01") == [21, 21, 21]


def test_other_series_do_not_matter() -> None:
    figures = Figures(
        (record("2024-01-01", value=21), Record(**fields(series="vat_export", valid_from=date(2024, 1, 1), value=0)))
    )
    assert values(figures, "2024-03-01") == [21]
    assert figures.on(Series.VAT_EXPORT, date(2024, 3, 1)).value == 0


def test_latest() -> None:
    figures = Figures((record("2025-01-01", value=6), record("2024-01-01", value=21)))
    latest = figures.latest(VAT)
    assert latest is not None
    assert latest.value == 6
    assert figures.latest(Series.VAT_EXPORT) is None


# --- spans ---------------------------------------------------------------------------------------------------------


def test_spans_cover_the_days_asked_for_without_a_gap() -> None:
    figures = Figures(
        (record("2024-01-01", "2024-06-30", 21), record("2024-07-01", "2024-12-31", 6), record("2025-01-01", value=12))
    )
    spans = list(figures.spans(VAT, date(2024, 6, 29), date(2025, 1, 2)))
    assert [(str(s.first), str(s.last), int(s.record.value)) for s in spans] == [
        ("2024-06-29", "2024-06-30", 21),
        ("2024-07-01", "2024-12-31", 6),
        ("2025-01-01", "2025-01-02", 12),
    ]
    assert all(after.first - before.last == DAY for before, after in pairwise(spans))


def test_spans_of_one_day_and_of_none() -> None:
    figures = Figures((record("2024-01-01", value=21),))
    assert [(s.first, s.last) for s in figures.spans(VAT, date(2024, 5, 1), date(2024, 5, 1))] == [
        (date(2024, 5, 1),) * 2
    ]
    assert list(figures.spans(VAT, date(2024, 5, 2), date(2024, 5, 1))) == []


def test_spans_stop_at_a_missing_day() -> None:
    figures = Figures((record("2024-01-01", "2024-06-30", 21),))
    spans = figures.spans(VAT, date(2024, 6, 1), date(2024, 7, 1))
    assert next(spans).last == date(2024, 6, 30)
    with pytest.raises(NotAvailable):
        next(spans)


def test_spans_up_to_the_last_day_of_the_calendar() -> None:
    figures = Figures((record("2024-01-01", value=21),))
    assert len(list(figures.spans(VAT, date(9999, 1, 1), date(9999, 12, 31)))) == 1


# --- suspended figures ---------------------------------------------------------------------------------------------


def test_a_suspended_series_is_not_available_from_that_day_on() -> None:
    problem = FileProblem(Path("mine.toml"), 7, CoproError("days_reversed"))
    figures = Figures((record("2024-01-01", value=21),), (Suspension("vat_be", date(2025, 1, 1), problem),))
    assert values(figures, "2024-12-31", "2025-01-01", "2030-01-01") == [21, "-", "-"]
    with pytest.raises(NotAvailable) as suspended:
        figures.on(VAT, date(2025, 1, 1))
    assert suspended.value.key == "figure_suspended"
    assert "mine.toml:7: " in suspended.value.message("en")


def test_other_series_are_not_suspended() -> None:
    problem = FileProblem(Path("mine.toml"), 7, CoproError("days_reversed"))
    figures = Figures((record("2024-01-01", value=21),), (Suspension("vat_export", date.min, problem),))
    assert values(figures, "2024-12-31") == [21]


# --- what a record may not say -------------------------------------------------------------------------------------


def refusal(data: object) -> str:
    """Why a record is refused: our key, or pydantic's."""
    with pytest.raises(ValidationError) as refused:
        FiguresFile.model_validate({"record": [data]})
    return str(refused.value.errors()[0]["type"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"period": "2024", "valid_from": date(2024, 1, 1)}, "period_or_days"),
        ({}, "period_or_days"),
        ({"period": 2024}, "period_unreadable"),
        ({"period": "24"}, "period_unreadable"),
        ({"period": "2024", "value": "21,00"}, "number_expected"),
        ({"period": "2024", "value": "21"}, "number_expected"),
        ({"period": "2024", "value": True}, "number_expected"),
        ({"period": "2024", "value": 21.0}, "number_expected"),  # a binary float never gets in
        ({"period": "2024", "value": Decimal("NaN")}, "number_expected"),
        ({"period": "2024", "value": Decimal("sNaN")}, "number_expected"),
        ({"period": "2024", "value": Decimal("Infinity")}, "number_expected"),
        ({"period": "2024", "value": Decimal("-0.01")}, "number_negative"),
        ({"period": "2024", "value": Decimal("100.01")}, "percent_too_high"),
        ({"period": "2024", "value": Decimal("5.255")}, "percent_decimals"),
        ({"period": "2024", "series": "travel_allowance", "value": 0}, "number_not_positive"),
        ({"period": "2024", "series": "salary_index", "value": 100}, "quarter_expected"),
        ({"valid_from": date(2024, 7, 1), "series": "salary_index", "value": 100}, "end_missing"),
        (
            {"valid_from": date(2024, 7, 1), "valid_to": date(2024, 9, 30), "series": "salary_index", "value": 100},
            "quarter_expected",
        ),
        ({"period": "2024-H1", "series": "salary_index", "value": 100}, "quarter_expected"),
        ({"valid_from": date(2024, 1, 2), "valid_to": date(2024, 1, 1)}, "days_reversed"),
        ({"period": "2024", "series": "vat"}, "enum"),
        ({"period": "2024", "status": "final"}, "enum"),
        ({"period": "2024", "source": ""}, "string_too_short"),
        ({"period": "2024", "basis": ""}, "string_too_short"),
        ({"period": "2024", "recorded_by": ""}, "string_too_short"),
        ({"period": "2024", "note": ""}, "string_too_short"),
        ({"period": "2024", "rate": 5}, "extra_forbidden"),
        pytest.param(
            {"period": "2024", "valid_to": date(2024, 6, 30)},
            "period_or_days",
        ),
    ],
)
def test_refused(changes: dict[str, object], reason: str) -> None:
    assert refusal(fields(**changes)) == reason


@pytest.mark.parametrize("name", ["series", "value", "basis", "source", "status", "recorded_on", "recorded_by"])
def test_every_field_is_needed(name: str) -> None:
    data = fields(period="2024")
    del data[name]
    assert refusal(data) == "missing"


@pytest.mark.parametrize("data", ["2024", 5, ["2024"]])
def test_no_table(data: object) -> None:
    assert refusal(data) == "model_type"


@pytest.mark.parametrize("name", ["valid_from", "recorded_on"])
def test_a_number_is_no_date(name: str) -> None:
    with pytest.raises(ValidationError):
        FiguresFile.model_validate({"record": [fields(**{"valid_from": date(2024, 1, 1), name: 86400})]})


def test_bounds_of_a_percentage() -> None:
    for value in (0, 100, Decimal("5.25"), Decimal("5.250")):
        assert Record(**fields(period="2024", value=value)).value == value


def test_an_index_has_as_many_decimals_as_it_likes() -> None:
    assert Record(**fields(series="travel_allowance", period="2024", value=Decimal("0.42345"))).value == Decimal(
        "0.42345"
    )


def test_a_record_is_never_changed() -> None:
    with pytest.raises(ValidationError):
        record("2024-01-01").value = Decimal(5)  # type: ignore[misc]


# --- construction holidays -----------------------------------------------------------------------------------------


def construction_holiday(**changes: Any) -> ConstructionHoliday:
    data = {"site": "BRUSSEL", "year": 2024, "periods": [{"from": date(2024, 7, 8), "to": date(2024, 7, 28)}]}
    recorded = {"source": "A", "status": "official", "recorded_on": date(2024, 1, 1), "recorded_by": "me"}
    return ConstructionHoliday(**{**data, **recorded, **changes})


def test_days_of_a_construction_holiday() -> None:
    two = [{"from": date(2024, 4, 2), "to": date(2024, 4, 2)}, {"from": date(2024, 7, 8), "to": date(2024, 7, 28)}]
    found = construction_holiday(periods=two)
    days = [
        date(2024, 4, 1),
        date(2024, 4, 2),
        date(2024, 4, 3),
        date(2024, 7, 8),
        date(2024, 7, 28),
        date(2024, 7, 29),
    ]
    assert [day in found for day in days] == [False, True, False, True, True, False]


@pytest.mark.parametrize(
    ("periods", "reason"),
    [
        ([], "too_short"),
        ([{"from": date(2024, 7, 28), "to": date(2024, 7, 8)}], "days_reversed"),
        ([{"from": date(2023, 12, 27), "to": date(2024, 1, 2)}], "days_outside_year"),
        ([{"from": date(2024, 12, 27), "to": date(2025, 1, 2)}], "days_outside_year"),
        ([{"first": date(2024, 7, 8), "to": date(2024, 7, 28)}], "missing"),
    ],
)
def test_refused_construction_holiday(periods: list[object], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        construction_holiday(periods=periods)
    assert refused.value.errors()[0]["type"] == reason
