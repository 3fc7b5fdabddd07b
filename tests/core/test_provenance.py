"""Every figure, the file it stands in, and whether it holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from core.ledger import HolidayWithdrawal, Withdrawal, read_ledger
from core.loading import load
from core.provenance import State, everything, recorded, thawed
from core.records import ConstructionHoliday, Record
from core.vocabulary import Item
from tests.core.folder import holiday as holiday_text
from tests.core.folder import record, write
from tests.core.test_ledger import INDEX, figure, frozen, holiday, put, rate


def states(folder: Path, *, of: str = "legal_interest_1865", since: int = 2026) -> list[tuple[str, str, str]]:
    """Value, state and file of the later figures of a series."""
    known = everything(folder, read_ledger(folder), load(folder))
    return [
        (str(one.said.value), one.state.value, "toolkit" if one.shipped else one.file.parent.name)
        for one in known
        if isinstance(one.said, Record) and one.said.series.value == of and one.said.valid_from.year >= since
    ]


def test_what_ships_with_the_toolkit(tmp_path: Path) -> None:
    assert states(tmp_path) == [("4.50", "in_force", "toolkit")]
    known = list(everything(None, read_ledger(tmp_path), load()))
    assert len(known) > 100
    assert all(one.shipped and one.state is State.IN_FORCE for one in known)


def test_figures_corrected_by_hand_and_by_recording(tmp_path: Path) -> None:
    write(tmp_path, "figures/mine.toml", record(period='"2026"', value="4.75") + holiday_text())
    assert states(tmp_path) == [("4.50", "corrected", "toolkit"), ("4.75", "in_force", "figures")]
    put(tmp_path, rate("4.60", 2026))
    put(tmp_path, rate("4.40", 2026))
    assert states(tmp_path) == [
        ("4.50", "corrected", "toolkit"),
        ("4.75", "corrected", "figures"),
        ("4.60", "corrected", "records"),
        ("4.40", "in_force", "records"),
    ]


def test_figures_withdrawn(tmp_path: Path) -> None:
    put(tmp_path, rate("4.25"), rate("4.00", 2028), holiday(5, 23))
    gone = Withdrawal.model_validate(
        {"series": "legal_interest_1865", "period": "2027", "reason": "x", "recorded_by": "An"}
    )
    days = HolidayWithdrawal(site="BRUSSEL", year=2027, reason="x", recorded_by="An")
    put(tmp_path, withdrawal=(gone,), construction_holiday_withdrawal=(days,))
    put(tmp_path, figure("salary_index", "2026-Q3", "100"))
    ledger, rulebook = read_ledger(tmp_path), load(tmp_path)
    told = [[one.state.value for one in recorded(entry, ledger, rulebook)] for entry in ledger.entries]
    assert told == [["withdrawn", "in_force", "withdrawn"], ["withdrawal", "withdrawal"], ["in_force"]]


def test_holidays_corrected(tmp_path: Path) -> None:
    put(tmp_path, holiday(5, 23))
    put(tmp_path, holiday(12, 30))
    known = everything(tmp_path, read_ledger(tmp_path), load(tmp_path))
    told = [one.state for one in known if isinstance(one.said, ConstructionHoliday) and one.said.year == 2027]
    assert told == [State.CORRECTED, State.IN_FORCE]
    write(
        tmp_path,
        "figures/mine.toml",
        holiday_text(year="2025", recorded_on="2027-01-04", site='"NAMUR"').replace("2026-", "2025-"),
    )
    known = everything(tmp_path, read_ledger(tmp_path), load(tmp_path))
    of_2025 = [one for one in known if isinstance(one.said, ConstructionHoliday) and one.said.year == 2025]
    assert [one.state for one in of_2025 if one.said.site == "NAMUR"] == [State.CORRECTED, State.IN_FORCE]  # type: ignore[union-attr]


def test_figures_that_two_said_differently(tmp_path: Path) -> None:
    before = read_ledger(tmp_path)
    put(tmp_path, rate("4.25"), holiday(5, 23), after=before)
    put(tmp_path, rate("4.50"), holiday(12, 30), after=before)
    assert [state for _, state, _ in states(tmp_path, since=2027)] == ["conflict", "conflict"]
    known = everything(tmp_path, read_ledger(tmp_path), load(tmp_path))
    told = [one.state for one in known if isinstance(one.said, ConstructionHoliday) and one.said.year == 2027]
    assert told == [State.CONFLICT, State.CONFLICT]


def test_a_figure_that_a_refused_file_may_have_meant_to_change(tmp_path: Path) -> None:
    write(tmp_path, "figures/2026.toml", record(period='"2026"', value="-4.75"))
    assert states(tmp_path) == [("4.50", "suspended", "toolkit")]
    assert states(tmp_path, since=2025)[0] == ("4.50", "in_force", "toolkit")


def test_a_refused_file_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, "figures/mine.toml", record(value='"4.75"'))
    assert states(tmp_path) == [("4.50", "suspended", "toolkit")]


def test_settled_rates_that_no_longer_come_out(tmp_path: Path) -> None:
    put(tmp_path, *INDEX, frozen=frozen("128.97"))
    assert list(thawed(load(tmp_path))) == []
    put(tmp_path, figure("salary_index", "2023-Q3", "102.6"))
    (changed,) = thawed(load(tmp_path))
    assert (changed.year, changed.item, changed.then) == (2024, Item.HOUR, (Decimal("128.97"),))
    assert "129.09" in changed.reason.message("en")
    assert date(changed.year, 1, 1) > date(2023, 12, 31)
