"""The data folder: what a user's files add, correct and override, and what a refused file takes with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError
from core.loading import load
from core.topics import LANGUAGES
from tests.core.folder import GENERAL_FILE, SPECIFIC, holiday, record, session_on, table, write
from xl_addin import CellError, Session, call

INSPECTION_2023 = ["2023-03-06T10:00", 3.5]
"""360.30 + 4 × 125.82 + 228.92 = 1092.50"""


def value(session: Session, name: str, *arguments: object) -> Any:
    """What a cell shows: the value, or the error's code."""
    answer = call(name, arguments, session)
    return answer.code if isinstance(answer, CellError) else answer


def reason(session: Session, name: str, *arguments: object) -> str:
    """Why a cell shows an error; it can be told in every language."""
    answer = call(name, arguments, session)
    assert isinstance(answer, CellError)
    assert all(answer.message(language) for language in LANGUAGES)
    return answer.message("en")


def rates(session: Session, days: Sequence[str], law: str = "1865") -> list[Any]:
    return [value(session, "COPRO_LEGAL_RATE", day, law) for day in days]


# --- nothing of one's own ------------------------------------------------------------------------------------------


def test_without_a_folder(tmp_path: Path) -> None:
    shipped = load()
    assert shipped.problems == ()
    assert shipped.first_day().isoformat() == "2023-01-01"
    assert list(shipped.years_indexed()) == [2023]  # no salary index is shipped
    for folder in (tmp_path, tmp_path / "not there"):
        assert load(folder).fingerprint == shipped.fingerprint
        assert load(folder).sources == shipped.sources


def test_the_example_data_are_added_only_when_asked_for() -> None:
    assert value(session_on(), "COPRO_SALARY_INDEX", 2022) == "#N/A"
    example = session_on(example=True)
    assert value(example, "COPRO_SALARY_INDEX", 2022) == 100
    assert list(example.rulebook.years_indexed()) == [2023, 2024, 2025, 2026]
    assert list(example.rulebook.specific) == ["EXAMPLE-BRS"]


def test_files_of_other_kinds_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "figures/readme.txt", "no TOML")
    write(tmp_path, "figures/old.toml.bak", "no TOML")
    assert load(tmp_path).fingerprint == load().fingerprint


def test_the_fingerprint_changes_with_the_data(tmp_path: Path) -> None:
    before = load(tmp_path).fingerprint
    file = write(tmp_path, "figures/ours.toml", record(period='"2027"'))
    after = load(tmp_path)
    write(tmp_path, "figures/ours.toml", record(period='"2027"', value="5.80"))
    assert len({before, after.fingerprint, load(tmp_path).fingerprint}) == 3
    assert file in after.sources
    assert len(before) == 12


def test_policies_given_to_load_replace_those_of_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "policies.toml", '"hours.bands" = "start"\n"vat.rounding" = "line"\n')
    policies = load(tmp_path, policies={"hours.bands": "minutes"}).policies
    assert (policies["hours.bands"], policies["vat.rounding"]) == ("minutes", "line")


# --- figures -------------------------------------------------------------------------------------------------------


def test_a_new_year_is_added(tmp_path: Path) -> None:
    assert rates(session_on(), ["2026-12-31", "2027-01-01"]) == [0.045, "#N/A"]
    write(tmp_path, "figures/2027.toml", record(period='"2027"', value="4.25"))
    assert rates(session_on(tmp_path), ["2026-12-31", "2027-01-01", "2028-01-01"]) == [0.045, 0.0425, "#N/A"]


def test_an_allowance_and_an_index_price_a_new_year(tmp_path: Path) -> None:
    allowance = record(
        series='"travel_allowance"', period=None, valid_from="2026-07-01", valid_to="2027-06-30", value="0.4587"
    )
    index = [
        record(series='"salary_index"', period=f'"{p}"', value=v) for p, v in (("2022-Q3", "100"), ("2026-Q3", "110"))
    ]
    write(tmp_path, "figures/2027.toml", allowance + "".join(index))
    session = session_on(tmp_path)
    # 125.82 x 1.1 = 138.402; 228.92 x 0.4587 / 0.4170 = 228.92 x 1.1 = 251.812
    assert [value(session, "COPRO_RATE", item, "2027-03-01") for item in ("HOUR", "TRIP_BE", "KM_CAR")] == [
        138.40,
        251.81,
        0.4587,
    ]
    assert list(session.rulebook.years_indexed()) == [2023]  # 2024 is still missing


def test_a_later_recording_corrects_a_shipped_figure(tmp_path: Path) -> None:
    assert rates(session_on(), ["2024-03-01"]) == [0.0575]
    write(tmp_path, "figures/fix.toml", record(period='"2024"', value="6.00", recorded_on="2027-01-15"))
    assert rates(session_on(tmp_path), ["2023-12-31", "2024-03-01", "2025-01-01"]) == [0.0525, 0.06, 0.045]


def test_an_earlier_recording_does_not(tmp_path: Path) -> None:
    write(tmp_path, "figures/old.toml", record(period='"2024"', value="6.00", recorded_on="2024-01-15"))
    assert rates(session_on(tmp_path), ["2024-03-01"]) == [0.0575]


def test_two_files_that_differ_are_an_error_naming_both_sources(tmp_path: Path) -> None:
    write(tmp_path, "figures/a.toml", record(period='"2027"', value="4.25", source='"gazette of 5 January"'))
    write(tmp_path, "figures/b.toml", record(period='"2027"', value="4.50", source='"a newsletter"'))
    session = session_on(tmp_path)
    assert rates(session, ["2026-12-31", "2027-05-01"]) == [0.045, "#N/A"]
    message = reason(session, "COPRO_LEGAL_RATE", "2027-05-01")
    assert [part for part in ("gazette of 5 January", "a newsletter", "4.25", "4.50") if part not in message] == []


def test_two_files_that_agree_are_no_error(tmp_path: Path) -> None:
    write(tmp_path, "figures/a.toml", record(period='"2027"', value="4.25"))
    write(tmp_path, "figures/b.toml", record(period='"2027"', value="4.25", source='"a newsletter"'))
    assert rates(session_on(tmp_path), ["2027-05-01"]) == [0.0425]


def test_an_open_end_is_closed_by_the_next(tmp_path: Path) -> None:
    write(tmp_path, "figures/vat.toml", record(series='"vat_be"', period=None, valid_from="2025-07-01", value="22"))
    session = session_on(tmp_path)
    assert [value(session, "COPRO_VAT_RATE", day) for day in ("2025-06-30", "2025-07-01", "2031-01-01")] == [
        0.21,
        0.22,
        0.22,
    ]


def test_overlapping_figures_that_differ_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, "figures/h.toml", record(period='"2024-H2"', value="6.00"))
    assert rates(session_on(tmp_path), ["2024-06-30", "2024-07-01", "2025-01-01"]) == [0.0575, "#N/A", 0.045]


def test_a_calculation_over_a_conflict_fails_as_a_whole(tmp_path: Path) -> None:
    write(tmp_path, "figures/h.toml", record(period='"2024-H2"', value="6.00"))
    session = session_on(tmp_path)
    assert value(session, "COPRO_LATE_INTEREST", 1000, "2024-05-31", "2024-06-30") == 5.55  # 1000 x 6.75 % x 30/365
    assert value(session, "COPRO_LATE_INTEREST", 1000, "2024-05-31", "2024-07-01") == "#N/A"


# --- a refused file of figures -------------------------------------------------------------------------------------


def test_a_refused_file_suspends_its_series_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "figures/fix.toml", record(period='"2024"', value='"6,00"'))
    session = session_on(tmp_path)
    assert rates(session, ["2023-12-31", "2024-01-01", "2024-12-31", "2026-12-31"]) == [0.0525, "#N/A", "#N/A", "#N/A"]
    assert rates(session, ["2024-03-01"], "2002") == [0.125]
    assert value(session, "COPRO_INSPECTION_FEE", *INSPECTION_2023) == 1092.50
    assert value(session, "COPRO_KM_RATE", "2025-01-01") == 0.4415
    assert "fix.toml:4: " in reason(session, "COPRO_LEGAL_RATE", "2024-01-01")
    assert [problem.line for problem in session.rulebook.problems] == [4]


@pytest.mark.parametrize(
    "content", [b"half a fil", record(period='"2026"').encode("utf-16"), record().replace("record", "recrod").encode()]
)
def test_a_file_of_which_nobody_knows_what_it_names_leaves_no_older_figure(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, "figures/mine.toml", content)
    session = session_on(tmp_path)
    for name, argument in (("COPRO_LEGAL_RATE", "2026-03-01"), ("COPRO_DAY_TYPE", "2026-07-15")):
        assert isinstance(call(name, [argument], session), CellError)


def test_a_link_that_leads_nowhere_leaves_no_older_figure(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures/mine.toml").symlink_to(tmp_path / "nowhere")
    assert isinstance(call("COPRO_LEGAL_RATE", ["2026-03-01"], session_on(tmp_path)), CellError)


def test_what_a_system_keeps_for_itself_beside_a_file_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "figures/._mine.toml", b"\x00\x05\x16\x07")
    assert load(tmp_path).problems == ()


def test_nothing_of_a_refused_file_is_used(tmp_path: Path) -> None:
    good = record(series='"salary_index"', period='"2022-Q3"', value="100") + record(period='"2027"', value="4.25")
    write(tmp_path, "figures/mixed.toml", good + record(period='"2028"', value="-1"))
    session = session_on(tmp_path)
    assert value(session, "COPRO_SALARY_INDEX", 2022) == "#N/A"
    assert rates(session, ["2027-01-01"]) == ["#N/A"]


def test_a_refused_file_names_all_its_series(tmp_path: Path) -> None:
    allowance = record(series='"travel_allowance"', period=None, valid_from="2023-07-01", value="0.43")
    write(tmp_path, "figures/mixed.toml", allowance + record(period='"2024"', source='""'))
    session = session_on(tmp_path)
    # each series from its own earliest day on
    assert rates(session, ["2023-12-31", "2024-01-01"]) == [0.0525, "#N/A"]
    assert value(session, "COPRO_KM_RATE", "2024-03-06") == "#N/A"
    assert [value(session, "COPRO_KM_RATE", f"{year}-03-01") for year in (2023, 2024, 2025)] == [0.417, "#N/A", "#N/A"]
    assert value(session, "COPRO_INSPECTION_FEE", *INSPECTION_2023) == 1092.50


def test_the_yearly_and_the_quarterly_series_are_not_mixed_up(tmp_path: Path) -> None:
    write(tmp_path, "figures/q.toml", record(series='"travel_allowance_quarterly"', period='"2024-Q1"', value="-1"))
    assert value(session_on(tmp_path), "COPRO_KM_RATE", "2024-03-01") == 0.428
    # quarterly: 0.4170 x 0.4269 / 0.4259 = 0.41798
    assert value(session_on(index_travel_series="quarterly"), "COPRO_KM_RATE", "2024-03-01") == 0.418
    assert value(session_on(tmp_path, index_travel_series="quarterly"), "COPRO_KM_RATE", "2024-03-01") == "#N/A"


def test_a_refused_file_without_a_day_suspends_its_series_altogether(tmp_path: Path) -> None:
    write(tmp_path, "figures/x.toml", '[[record]]\nseries = "vat_be"\nvalue = \n')
    session = session_on(tmp_path)
    assert value(session, "COPRO_VAT_RATE", "2023-03-06") == "#N/A"
    assert value(session, "COPRO_VAT_RATE", "2023-03-06", "EXPORT") == 0


def test_a_day_that_does_not_exist_suspends_from_the_beginning(tmp_path: Path) -> None:
    write(tmp_path, "figures/x.toml", record(period=None, valid_from="2023-02-30", valid_to="2024-12-31"))
    (suspension,) = load(tmp_path).figures.suspensions
    assert suspension.since == date.min


def test_the_year_zero_suspends_from_the_beginning(tmp_path: Path) -> None:
    write(tmp_path, "figures/x.toml", record(period='"0000"') + record(period='"2025"'))
    (suspension,) = load(tmp_path).figures.suspensions
    assert suspension.since == date.min


def test_when_a_figure_has_no_readable_day_its_series_is_suspended_altogether(tmp_path: Path) -> None:
    write(tmp_path, "figures/fix.toml", record(period='"24"', recorded_on="2026-12-01"))
    assert rates(session_on(tmp_path), ["2024-03-01"]) == ["#N/A"]


def test_a_record_of_a_misspelt_series_suspends_every_series_from_its_day_on(tmp_path: Path) -> None:
    write(tmp_path, "figures/fix.toml", record(series='"legal_intrest"', period='"2024"'))
    session = session_on(tmp_path)
    assert rates(session, ["2023-12-31", "2024-01-01"]) == [0.0525, "#N/A"]
    assert value(session, "COPRO_KM_RATE", "2023-03-06") == 0.417


def test_when_it_was_recorded_does_not_matter(tmp_path: Path) -> None:
    write(tmp_path, "figures/2026.toml", record(period='"2026"', value="-1", recorded_on="2025-12-20"))
    assert rates(session_on(tmp_path), ["2025-12-31", "2026-01-01"]) == [0.045, "#N/A"]


def test_the_problem_of_a_file_is_told_in_the_status(tmp_path: Path) -> None:
    file = write(tmp_path, "figures/fix.toml", record(value='"6,00"'))
    for language in LANGUAGES:
        told = call("COPRO_STATUS", [language], session_on(tmp_path))
        assert isinstance(told, list)
        assert any(f"{file}:4: " in str(row[1]) for row in told)


# --- construction holidays -----------------------------------------------------------------------------------------


def test_a_year_of_construction_holidays_is_added(tmp_path: Path) -> None:
    moments = ["2026-07-03T10:00", "2026-07-06T10:00", "2026-07-27T10:00"]
    assert [value(session_on(), "COPRO_FACTOR", moment) for moment in moments] == ["#N/A"] * 3
    write(tmp_path, "figures/h.toml", holiday())
    assert [value(session_on(tmp_path), "COPRO_FACTOR", moment) for moment in moments] == [1, 2, 1]
    assert value(session_on(tmp_path), "COPRO_FACTOR", "2026-07-06T10:00", "LIMBURG") == "#N/A"


def test_a_later_recording_corrects_construction_holidays(tmp_path: Path) -> None:
    fixed = holiday(year="2023", periods="[{ from = 2023-08-07, to = 2023-08-18 }]")
    write(tmp_path, "figures/h.toml", fixed)
    session = session_on(tmp_path)
    assert [value(session, "COPRO_FACTOR", day) for day in ("2023-07-12", "2023-08-10")] == [1, 2]


def test_an_earlier_recording_of_construction_holidays_does_not(tmp_path: Path) -> None:
    older = holiday(year="2023", periods="[{ from = 2023-08-07, to = 2023-08-18 }]", recorded_on="2022-11-01")
    write(tmp_path, "figures/h.toml", older)
    session = session_on(tmp_path)
    assert [value(session, "COPRO_FACTOR", day) for day in ("2023-07-12", "2023-08-10")] == [2, 1]


def test_nothing_of_a_refused_file_of_construction_holidays_is_used(tmp_path: Path) -> None:
    write(tmp_path, "figures/h.toml", holiday() + holiday(site='"ATLANTIS"'))
    assert value(session_on(tmp_path), "COPRO_FACTOR", "2026-07-06T10:00") == "#N/A"


def test_a_refused_file_suspends_the_construction_holidays_it_names(tmp_path: Path) -> None:
    write(tmp_path, "figures/h.toml", holiday(year="2023", periods="[{ from = 2023-08-18, to = 2023-08-07 }]"))
    assert value(session_on(tmp_path), "COPRO_FACTOR", "2023-07-12T10:00") == "#N/A"


def test_construction_holidays_that_agree_are_no_error(tmp_path: Path) -> None:
    write(tmp_path, "figures/a.toml", holiday())
    write(tmp_path, "figures/b.toml", holiday(source='"another"'))
    assert value(session_on(tmp_path), "COPRO_FACTOR", "2026-07-06T10:00") == 2


def test_a_refused_regulation_without_an_id_refuses_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "regulations/x.toml", 'kind = "specific"\nbogus = 1\n')
    session = session_on(tmp_path)
    assert len(session.rulebook.problems) == 1
    assert value(session, "COPRO_INSPECTION_FEE", "2023-03-06T10:00", 3.5) == 1092.5


def test_construction_holidays_that_differ_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, "figures/a.toml", holiday())
    write(tmp_path, "figures/b.toml", holiday(periods="[{ from = 2026-07-13, to = 2026-07-31 }]"))
    assert value(session_on(tmp_path), "COPRO_FACTOR", "2026-07-06T10:00") == "#N/A"


# --- policies ------------------------------------------------------------------------------------------------------


def test_policies_of_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "policies.toml", '"wasted_trip.fixed_fee" = "excluded"\n')
    assert value(session_on(), "COPRO_WASTED_TRIP_FEE", "2023-03-06T10:00") == 715.04
    assert value(session_on(tmp_path), "COPRO_WASTED_TRIP_FEE", "2023-03-06T10:00") == 354.74


def test_refused_policies_suspend_only_the_open_ones(tmp_path: Path) -> None:
    write(tmp_path, "policies.toml", '"wasted_trip.fixed_fee" = "maybe"\n')
    session = session_on(tmp_path)
    # open: which factor the hours and the trip take, whether the fixed fee is part of it, when an invoice is due
    assert value(session, "COPRO_INSPECTION_FEE", *INSPECTION_2023) == "#N/A"
    assert value(session, "COPRO_WASTED_TRIP_FEE", "2023-03-06T10:00") == "#N/A"
    assert value(session, "COPRO_DUE_DATE", "2026-01-15") == "#N/A"
    assert value(session, "COPRO_LATE_RATE", "2026-01-15") == "#N/A"
    # not open: base rates, hours, applications, VAT on an amount, the statutory rates
    assert value(session, "COPRO_RATE", "HOUR", "2023-03-06") == 125.82
    assert value(session, "COPRO_HOURS_CHARGED", 3.5) == 4
    assert value(session, "COPRO_APPLICATION_FEE", "2023-03-06", 2) == 2321.92
    assert value(session, "COPRO_STAY_FEE", "2023-03-06", 2, 240) == 515.22
    assert value(session, "COPRO_VAT", 1000, "2023-03-06") == 210
    assert rates(session, ["2024-03-01"]) == [0.0575]
    assert "policies.toml:1: " in reason(session, "COPRO_WASTED_TRIP_FEE", "2023-03-06T10:00")


def test_refused_policies_in_the_list_of_policies(tmp_path: Path) -> None:
    write(tmp_path, "policies.toml", '"wasted_trip.fixed_fee" = "maybe"\n')
    rows = call("COPRO_POLICIES", ["en"], session_on(tmp_path))
    assert isinstance(rows, list)
    settings = {row[0]: row[2] for row in rows}
    assert settings["hours.rounding"] == "total_presence"
    assert getattr(settings["hours.bands"], "code", "") == "#N/A"


def test_a_specific_regulation_settles_a_suspended_policy(tmp_path: Path) -> None:
    write(tmp_path, "policies.toml", '"wasted_trip.fixed_fee" = "maybe"\n')
    settings = {"hours.bands": "start", "factor.flat_trip": "none", "day.construction_holiday": "ignore"}
    settings |= {"wasted_trip.fixed_fee": "excluded"}
    write(
        tmp_path,
        "regulations/brs.toml",
        SPECIFIC + "".join(policy(name, setting) for name, setting in settings.items()),
    )
    session = session_on(tmp_path)
    assert value(session, "COPRO_WASTED_TRIP_FEE", "2023-03-06T10:00", *[None] * 8, "BRS-1") == 354.74


# --- regulations ---------------------------------------------------------------------------------------------------


def departure(header: str, valid_from: str = "2023-01-01", **changes: str) -> str:
    return table(header, {"article": '"1"', "valid_from": valid_from, **changes})


def rate(code: str, base: str, valid_from: str = "2023-01-01", index: str = "none", **changes: str) -> str:
    named = {"code": f'"{code}"', "base": base, "index": f'"{index}"'}
    return departure("[[rate]]", valid_from, **named, **changes)


def policy(name: str, setting: str, valid_from: str = "2023-01-01") -> str:
    return departure("[[policy]]", valid_from, id=f'"{name}"', setting=f'"{setting}"')


def brs(folder: Path, content: str, name: str = "brs.toml") -> Session:
    """A session with a specific regulation of one's own."""
    write(folder, f"regulations/{name}", SPECIFIC + content)
    return session_on(folder, example=True)


def brs_rate(session: Session, item: str, day: str) -> Any:
    return value(session, "COPRO_RATE", item, day, "BRS-1")


def test_an_override_of_a_rate(tmp_path: Path) -> None:
    session = brs(tmp_path, rate("HOUR", "100.00", "2024-07-01"))
    days = ["2023-03-06", "2024-06-30", "2024-07-01", "2030-01-01"]
    # before it begins the general rate holds: 125.82, and 125.82 x 1.025 = 128.9655 in 2024
    assert [brs_rate(session, "HOUR", day) for day in days] == [125.82, 128.97, 100, 100]
    assert value(session, "COPRO_RATE", "HOUR", "2024-07-01") == 128.97
    assert brs_rate(session, "INSPECTION", "2023-03-06") == 360.30


def test_an_override_with_another_base_year(tmp_path: Path) -> None:
    session = brs(
        tmp_path,
        rate("HOUR", "130.00", base_year="2025", index="salary")
        + rate("KM_CAR", "0.4415", base_year="2025", index="travel"),
    )
    # 2025 itself: as it is; 2026: 130 x S_2025/S_2024 = 130 x 107.3/105.1 = 132.72; 2024: 130 x 102.5/105.1 = 126.78
    assert [brs_rate(session, "HOUR", f"{year}-05-01") for year in (2024, 2025, 2026)] == [126.78, 130, 132.72]
    # the allowance: 0.4415 in 2025, 0.4449 in 2026, 0.4280 in 2024
    assert [brs_rate(session, "KM_CAR", f"{year}-05-01") for year in (2024, 2025, 2026)] == [0.428, 0.4415, 0.4449]


def test_the_latest_version_in_force_counts(tmp_path: Path) -> None:
    session = brs(tmp_path, rate("HOUR", "110.00", "2025-01-01") + rate("HOUR", "100.00", "2024-01-01"))
    assert [brs_rate(session, "HOUR", f"{year}-05-01") for year in (2023, 2024, 2025)] == [125.82, 100, 110]


def test_an_override_of_factors(tmp_path: Path) -> None:
    session = brs(tmp_path, departure("[[factor]]", day_type='"SATURDAY"', factors="{ day = 2.5, night = 3 }"))
    # 4 hours on a Saturday: 4 x 125.82 x 2.5, at night x 3
    fees = [
        value(session, "COPRO_PERFORMANCE_FEE", f"2023-03-04T{clock}", 4, None, None, "BRS-1")
        for clock in ("10:00", "18:00")
    ]
    assert fees == [1258.20, 1509.84]
    assert value(session, "COPRO_PERFORMANCE_FEE", "2023-03-05T10:00", 4, None, None, "BRS-1") == 1006.56


def test_an_override_of_hours(tmp_path: Path) -> None:
    terms = "{ first = 2, begun_hour_from_minutes = 15, longest = 10, wasted_trip = 3 }"
    session = brs(tmp_path, departure("[[hours]]", hours=terms))
    hours = [0.5, 2.24, 2.25, 10, 10.1]
    fees = [value(session, "COPRO_PERFORMANCE_FEE", "2023-03-06", h, None, None, "BRS-1") for h in hours]
    assert fees == [251.64, 251.64, 377.46, 1258.20, "#NUM!"]
    # a wasted trip counts 3 hours of presence: 360.30 + 3 x 125.82 + 228.92
    assert value(session, "COPRO_WASTED_TRIP_FEE", "2023-03-06T10:00", *[None] * 8, "BRS-1") == 966.68


def test_an_override_of_payment_terms(tmp_path: Path) -> None:
    terms = "{ term_days = 60, interest_margin = 2.5, lump_sum_percent = 10, lump_sum_minimum = 50, notice_days = 15 }"
    session = brs(tmp_path, departure("[[payment]]", payment=terms))
    tariff = session.rulebook.tariff(session.today(), "BRS-1")
    assert (tariff.payment.term_days, tariff.payment.margin_points, tariff.payment.lump_sum_points) == (60, 250, 1000)
    assert session.rulebook.tariff(session.today()).payment.term_days == 30


def test_an_override_of_a_payer(tmp_path: Path) -> None:
    session = brs(tmp_path, departure("[[payer]]", cost='"SAMPLES"', paid_to='"laboratory"'))
    rule = session.rulebook.tariff(session.today(), "BRS-1").costs["SAMPLES"]
    assert (rule.paid_to, rule.payer_article, rule.phase) == ("laboratory", "1", "any")
    assert session.rulebook.tariff(session.today()).costs["SAMPLES"].paid_to == "nobody"


def test_an_override_of_a_policy(tmp_path: Path) -> None:
    session = brs(tmp_path, policy("hours.bands", "start", "2024-01-01"))
    fees = [
        value(session, "COPRO_PERFORMANCE_FEE", f"{day}T17:00", 2, None, None, "BRS-1")
        for day in ("2023-03-06", "2024-03-04")
    ]
    # 2023: 1 + 1.5; 2024 at the start's factor: 2 x 128.97
    assert fees == [314.55, 257.94]


def test_an_override_says_so_in_the_explanation(tmp_path: Path) -> None:
    session = brs(tmp_path, rate("HOUR", "100.00"))
    rows = call("COPRO_EXPLAIN", ["COPRO_RATE", "HOUR", "2023-03-06", "BRS-1"], session)
    assert isinstance(rows, list)
    assert any(row[0] == "1.4" and "BRS-1" in str(row) for row in rows)


@pytest.mark.parametrize("name", ["brs-1", "BRS-1", "  bRs-1 "])
def test_a_regulation_by_its_name_in_any_case(tmp_path: Path, name: str) -> None:
    session = brs(tmp_path, rate("HOUR", "100.00"))
    assert value(session, "COPRO_RATE", "HOUR", "2023-03-06", name) == 100
    assert value(session, "COPRO_RATE", "HOUR", "2023-03-06", "tar-copro-exe-2.0") == 125.82
    with pytest.raises(InputError) as unknown:
        session.rulebook.regulation_id("BRS-2")
    assert "BRS-1" in unknown.value.message("en")


def test_two_files_make_one_regulation(tmp_path: Path) -> None:
    brs(tmp_path, rate("HOUR", "100.00"), "a.toml")
    session = brs(tmp_path, rate("NIGHT", "120.00") + rate("HOUR", "100.00"), "b.toml")
    assert [brs_rate(session, item, "2023-03-06") for item in ("HOUR", "NIGHT", "INSPECTION")] == [100, 120, 360.30]


def test_two_files_that_agree_from_another_day_on_are_no_error(tmp_path: Path) -> None:
    brs(tmp_path, rate("HOUR", "100.00", "2023-01-01"), "a.toml")
    session = brs(tmp_path, rate("HOUR", "100.00", "2024-01-01"), "b.toml")
    assert [brs_rate(session, "HOUR", f"{year}-05-01") for year in (2023, 2024)] == [100, 100]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rate("HOUR", "100.00"), rate("HOUR", "101.00")),
        (rate("HOUR", "100.00"), rate("HOUR", "100.00", index="salary")),
        (rate("HOUR", "100.00", index="salary"), rate("HOUR", "100.00", index="salary", base_year="2024")),
        (policy("hours.bands", "start"), policy("hours.bands", "minutes")),
        (
            departure("[[payer]]", cost='"SAMPLES"', paid_to='"laboratory"'),
            departure("[[payer]]", cost='"SAMPLES"', paid_to='"nobody"'),
        ),
    ],
)
def test_two_files_that_differ_are_an_error_naming_both(tmp_path: Path, one: str, other: str) -> None:
    brs(tmp_path, one, "a.toml")
    session = brs(tmp_path, other, "b.toml")
    assert brs_rate(session, "HOUR", "2023-03-06") == "#N/A"
    message = reason(session, "COPRO_RATE", "HOUR", "2023-03-06", "BRS-1")
    assert "a.toml" in message
    assert "b.toml" in message
    assert value(session, "COPRO_RATE", "HOUR", "2023-03-06") == 125.82


def test_two_files_differ_only_from_the_day_on_which_both_hold(tmp_path: Path) -> None:
    brs(tmp_path, rate("HOUR", "100.00"), "a.toml")
    session = brs(tmp_path, rate("HOUR", "101.00", "2024-01-01"), "b.toml")
    assert [brs_rate(session, "HOUR", day) for day in ("2023-12-31", "2024-01-01")] == [100, "#N/A"]


def test_a_refused_regulation_is_not_available(tmp_path: Path) -> None:
    brs(tmp_path, rate("NIGHT", "120.00"), "good.toml")
    session = brs(tmp_path, rate("HOUR", '"100,00"'), "bad.toml")
    assert [brs_rate(session, item, "2023-03-06") for item in ("HOUR", "NIGHT", "INSPECTION")] == ["#N/A"] * 3
    assert "bad.toml:" in reason(session, "COPRO_RATE", "HOUR", "2023-03-06", "BRS-1")
    assert value(session, "COPRO_RATE", "HOUR", "2023-03-06", "EXAMPLE-BRS") == 125.82
    assert value(session, "COPRO_INSPECTION_FEE", *INSPECTION_2023) == 1092.50


def test_a_refused_regulation_that_stands_alone_is_not_available(tmp_path: Path) -> None:
    session = brs(tmp_path, rate("HOUR", '"100,00"'))
    assert brs_rate(session, "HOUR", "2023-03-06") == "#N/A"
    assert value(session, "COPRO_RATE", "HOUR", "2023-03-06", "brs-1") == "#N/A"
    assert value(session, "COPRO_RATE", "HOUR", "2023-03-06", "BRS-2") == "#VALUE!"


def test_a_new_general_regulation(tmp_path: Path) -> None:
    general = GENERAL_FILE.read_text("utf-8")
    new = general.replace("TAR-COPRO-EXE-2.0", "TAR-COPRO-EXE-3.0").replace(
        "valid_from = 2023-01-01", "valid_from = 2024-07-01"
    )
    new = new.replace("base_year = 2023", "base_year = 2024").replace("base = 125.82", "base = 140.00")
    write(tmp_path, "regulations/tar3.toml", new)
    session = session_on(tmp_path, example=True)
    days = ["2023-03-06", "2024-06-30", "2024-07-01", "2025-03-06"]
    # 140 in its base year; 2025: 140 x 105.1/102.5 = 143.55
    assert [value(session, "COPRO_RATE", "HOUR", day) for day in days] == [125.82, 128.97, 140, 143.55]
    assert value(session, "COPRO_RATE", "HOUR", "2025-03-06", "TAR-COPRO-EXE-3.0") == 143.55


def general_again(folder: Path, old: str, new: str, **changes: str) -> Session:
    """The general regulation once more, from July 2024 on, with something else changed."""
    content = GENERAL_FILE.read_text("utf-8").replace("valid_from = 2023-01-01", "valid_from = 2024-07-01")
    for before, after in {**changes, old: new}.items():
        content = content.replace(before, after)
    write(folder, "regulations/tar3.toml", content)
    return session_on(folder, example=True)


def test_two_versions_of_one_id_within_a_year(tmp_path: Path) -> None:
    session = general_again(tmp_path, "base = 360.30", "base = 400.00")
    # 360.30 x 1.025 = 369.31; 400 x 1.025 = 410
    assert [value(session, "COPRO_RATE", "INSPECTION", day) for day in ("2024-06-30", "2024-07-01")] == [369.31, 410]


def test_a_refused_general_regulation_suspends_its_days(tmp_path: Path) -> None:
    session = general_again(tmp_path, "TAR-COPRO-EXE-2.0", "TAR-COPRO-EXE-3.0", **{"base = 360.30": 'base = "400,00"'})
    assert [value(session, "COPRO_RATE", "INSPECTION", day) for day in ("2024-06-30", "2024-07-01")] == [369.31, "#N/A"]


def test_two_general_regulations_from_one_day_on_that_differ(tmp_path: Path) -> None:
    session = general_again(
        tmp_path,
        "TAR-COPRO-EXE-2.0",
        "TAR-COPRO-EXE-3.0",
        **{"2024-07-01": "2023-01-01", "base = 360.30": "base = 400.00"},
    )
    assert value(session, "COPRO_RATE", "INSPECTION", "2023-03-06") == "#N/A"


def test_one_file_that_says_two_things(tmp_path: Path) -> None:
    session = brs(tmp_path, rate("HOUR", "100.00") + rate("HOUR", "101.00"))
    assert brs_rate(session, "HOUR", "2023-03-06") == "#N/A"


def test_a_specific_regulation_with_the_id_of_the_general_one(tmp_path: Path) -> None:
    write(tmp_path, "regulations/x.toml", SPECIFIC.replace("BRS-1", "TAR-COPRO-EXE-2.0") + rate("HOUR", "100.00"))
    session = session_on(tmp_path)
    assert (
        session.rulebook.problems or value(session, "COPRO_RATE", "HOUR", "2023-03-06", "TAR-COPRO-EXE-2.0") != 125.82
    )


def test_ids_that_differ_by_case_are_one_regulation(tmp_path: Path) -> None:
    brs(tmp_path, rate("HOUR", "100.00"), "a.toml")
    write(tmp_path, "regulations/b.toml", SPECIFIC.replace("BRS-1", "brs-1") + rate("HOUR", "101.00"))
    assert value(session_on(tmp_path), "COPRO_RATE", "HOUR", "2023-03-06", "brs-1") == "#N/A"


# --- the end of the calendar ---------------------------------------------------------------------------------------


def test_interest_up_to_the_last_day_of_the_calendar(tmp_path: Path) -> None:
    write(
        tmp_path, "figures/ever.toml", record(period=None, valid_from="2027-01-01", valid_to="9999-12-31", value="4.50")
    )
    # 2911896 days from 2027-07-01 on would be some 8 times the amount; here the last two only: 2 x 100 x 5.5 % / 365
    assert value(session_on(tmp_path), "COPRO_LATE_INTEREST", 1000, "9999-12-29", "9999-12-31") == 0.30


def test_hours_up_to_the_last_day_of_the_calendar(tmp_path: Path) -> None:
    session = brs(tmp_path, rate("HOUR", "100.00"))
    fees = [
        value(session, "COPRO_PERFORMANCE_FEE", f"9999-12-{day}T23:30", 2, None, "WORKDAY", "BRS-1") for day in (30, 31)
    ]
    assert fees == [300, "#NUM!"]


def test_a_folder_that_cannot_be_looked_into_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "figures").mkdir()
    look = Path.iterdir

    def denied(folder: Path) -> object:
        if folder == tmp_path / "figures":
            raise PermissionError(13, "Permission denied")
        return look(folder)

    monkeypatch.setattr(Path, "iterdir", denied)
    session = session_on(tmp_path)
    (problem,) = session.rulebook.problems
    assert "access denied" in problem.message("en")
    assert value(session, "COPRO_INSPECTION_FEE", "2023-03-06T10:00", 3.5) == 1092.5


# --- a figure is never carried over, a regulation never exchanged ----------------------------------------------------


def test_a_figure_without_an_end_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "figures/x.toml", record(period=None, valid_from="2027-01-01"))
    (problem,) = load(tmp_path).problems
    assert problem.reason.key == "end_missing"


def test_a_general_regulation_that_is_not_in_force_is_not_exchanged(tmp_path: Path) -> None:
    session = general_again(tmp_path, "TAR-COPRO-EXE-2.0", "TAR-COPRO-EXE-3.0", **{"base = 360.30": "base = 400.00"})
    days = ["2024-06-30", "2024-07-01"]
    assert [value(session, "COPRO_RATE", "INSPECTION", day, "TAR-COPRO-EXE-2.0") for day in days] == [369.31, "#N/A"]
    assert [value(session, "COPRO_RATE", "INSPECTION", day, "TAR-COPRO-EXE-3.0") for day in days] == ["#N/A", 410]


def test_a_refused_file_of_a_regulation_counts_whatever_the_case_of_its_id(tmp_path: Path) -> None:
    brs(tmp_path, rate("INSPECTION", "300.00"), "a.toml")
    write(tmp_path, "regulations/b.toml", SPECIFIC.replace('id = "BRS-1"', '"id" = "brs-1"') + "bogus = 1\n")
    assert value(session_on(tmp_path), "COPRO_RATE", "INSPECTION", "2023-03-06", "BRS-1") == "#N/A"


def test_a_refused_regulation_without_an_id_may_be_any(tmp_path: Path) -> None:
    brs(tmp_path, rate("INSPECTION", "300.00"), "a.toml")
    write(tmp_path, "regulations/b.toml", 'kind = "specific"\nbogus = 1\n')
    assert value(session_on(tmp_path), "COPRO_RATE", "INSPECTION", "2023-03-06", "BRS-1") == "#N/A"


@pytest.mark.parametrize("header", ["[[ construction_holiday ]]", "[[construction_holiday]]"])
def test_refused_construction_holidays_are_suspended_however_they_are_written(tmp_path: Path, header: str) -> None:
    content = holiday(year="2023", periods="[{ from = 2023-08-18, to = 2023-08-07 }]")
    write(tmp_path, "figures/h.toml", content.replace("[[construction_holiday]]", header))
    assert value(session_on(tmp_path), "COPRO_DAY_TYPE", "2023-07-05") == "#N/A"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("night_from = 18:00:00", "night_from = 00:00:00"),
        ("night_until = 06:00:00", "night_until = 19:00:00"),
        ("night_until = 06:00:00", "night_until = 06:30:59"),
    ],
)
def test_a_night_that_cannot_be(tmp_path: Path, old: str, new: str) -> None:
    session = general_again(tmp_path, old, new)
    (problem,) = session.rulebook.problems
    assert problem.reason.key == "night_impossible"


CONTRIBUTION = """
[[contribution]]
kind = "CERTIFICATION"
article = "3.1"
valid_from = 2023-01-01
index = "none"
period = "year"
flat = 500.00
"""


def test_a_flat_amount_is_owed_for_each_period(tmp_path: Path) -> None:
    session = brs(tmp_path, CONTRIBUTION)
    amounts = [value(session, "COPRO_CONTRIBUTION", "CERTIFICATION", n, "2023-03-06", "BRS-1") for n in (0, 1, 3)]
    assert amounts == [0, 500, 1500]


def test_a_period_has_no_bounds(tmp_path: Path) -> None:
    (problem,) = brs(tmp_path, CONTRIBUTION + "minimum = 100.00\n").rulebook.problems
    assert problem.reason.key == "period_with_bounds"


def test_whatever_a_specific_regulation_replaces_is_told(tmp_path: Path) -> None:
    departures = """
[[factor]]
article = "4.7"
valid_from = 2023-01-01
day_type = "SATURDAY"
factors = { day = 3.0, night = 3.0 }

[[policy]]
article = "4.8"
valid_from = 2023-01-01
id = "hours.bands"
setting = "start"

[[hours]]
article = "4.4"
valid_from = 2023-01-01
hours = { first = 2, begun_hour_from_minutes = 15, longest = 24, wasted_trip = 1 }

[[payment]]
article = "5.2"
valid_from = 2023-01-01

[payment.payment]
term_days = 60
interest_margin = 2.00
lump_sum_percent = 10.00
lump_sum_minimum = 100.00
notice_days = 10
"""
    session = brs(tmp_path, departures.replace("[payment.payment]", "[payment.payment]"))
    arguments = ["2023-03-04T10:00", 1, None, None, "BRS-1"]
    # two hours at least, 2 x 3 x 125.82
    assert value(session, "COPRO_PERFORMANCE_FEE", *arguments) == 754.92
    rows = call("COPRO_EXPLAIN", ["en:COPRO_PERFORMANCE_FEE", *arguments], session)
    assert isinstance(rows, list)
    assert {row[2] for row in rows if row[0] == "1.4"} == {"4.7 → BRS-1", "4.4 → BRS-1"}
    assert any("(BRS-1)" in str(row[4]) for row in rows)
    assert value(session, "COPRO_LUMP_SUM", 1500, "2024-01-08", "2024-01-18", "BRS-1") == 0
    assert value(session, "COPRO_LUMP_SUM", 1500, "2024-01-08", "2024-01-19", "BRS-1") == 150
    # 5.25 % + 2 points
    assert value(session, "COPRO_LATE_RATE", "2023-03-06", "BRS-1") == 0.0725
    due = call("COPRO_DUE_DATE", ["2023-01-15", "BRS-1"], session)
    assert due == date(2023, 4, 3)  # 31 January + 60 days is Saturday 1 April
