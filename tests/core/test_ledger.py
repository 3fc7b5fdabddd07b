"""The ledger: figures are added, never lost, never changed, and what is in doubt is not used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from core.errors import FileError
from core.ledger import FOLDER, FrozenRates, HolidayWithdrawal, Ledger, LedgerFile, Withdrawal, add, read_ledger
from core.loading import FIRST_RELEASE, load
from core.records import ConstructionHoliday, Record
from tests.core.folder import record, session_on, write
from xl_addin import CellError, Session, call

MONDAY, TUESDAY = date(2027, 1, 4), date(2027, 1, 5)


def rate(percent: str, year: int = 2027, day: date = MONDAY) -> Record:
    """The statutory rate of a year."""
    return figure("legal_interest_1865", str(year), percent, day)


def figure(series: str, period: str, value: str, day: date = MONDAY) -> Record:
    return Record.model_validate(
        {
            "series": series,
            "period": period,
            "value": Decimal(value),
            "basis": "law",
            "source": "gazette",
            "status": "official",
            "recorded_on": day,
            "recorded_by": "An",
            "checked_by": "Bea",
        }
    )


def holiday(first: int, last: int, day: date = MONDAY) -> ConstructionHoliday:
    return ConstructionHoliday.model_validate(
        {
            "site": "BRUSSEL",
            "year": 2027,
            "periods": ({"from": date(2027, 7, first), "to": date(2027, 7, last)},),
            "source": "sector",
            "status": "official",
            "recorded_on": day,
            "recorded_by": "An",
        }
    )


def put(folder: Path, *said: Record | ConstructionHoliday, after: Ledger | None = None, **more: object) -> Path:
    """Records figures, knowing all that is there, or only what ``after`` holds."""
    content = LedgerFile(
        recorded_on=more.pop("day", MONDAY),  # type: ignore[arg-type]
        record=tuple(thing for thing in said if isinstance(thing, Record)),
        construction_holiday=tuple(thing for thing in said if isinstance(thing, ConstructionHoliday)),
        **more,  # type: ignore[arg-type]
    )
    return add(folder, content, read_ledger(folder) if after is None else after)


def known(folder: Path, year: int = 2027, known_on: date | None = None) -> object:
    """The statutory rate of a year as a cell shows it."""
    session = Session(load(folder, known_on=known_on), language="en")
    answer = call("COPRO_LEGAL_RATE", [f"{year}-03-01"], session)
    return answer.code if isinstance(answer, CellError) else answer


def problems(folder: Path) -> list[str]:
    return [problem.reason.key for problem in load(folder).problems]


# --- adding --------------------------------------------------------------------------------------------------------


def test_what_is_recorded_is_known(tmp_path: Path) -> None:
    assert known(tmp_path) == "#N/A"
    file = put(tmp_path, rate("4.25"), holiday(5, 23))
    assert known(tmp_path) == 0.0425
    assert problems(tmp_path) == []
    assert call("COPRO_DAY_TYPE", ["2027-07-12", "BRUSSEL", "en"], session_on(tmp_path)) == "construction holiday"
    assert file.parent == tmp_path / FOLDER
    assert read_ledger(tmp_path).records == (rate("4.25"),)
    assert read_ledger(tmp_path).holidays == (holiday(5, 23),)


def test_a_figure_with_days_of_its_own(tmp_path: Path) -> None:
    said = {"series": "vat_be", "valid_from": date(2028, 1, 1), "value": Decimal("22.00"), "period": None}
    fields = {**rate("21.00").model_dump(exclude={"valid_to", "period"}), **said}
    put(tmp_path, Record.model_validate({name: value for name, value in fields.items() if value is not None}))
    session = session_on(tmp_path)
    assert [call("COPRO_VAT_RATE", [day], session) for day in ("2027-12-31", "2028-01-01")] == [0.21, 0.22]


def test_a_correction_of_the_same_day_counts(tmp_path: Path) -> None:
    put(tmp_path, rate("4.25"), holiday(5, 23))
    put(tmp_path, rate("4.50"), holiday(12, 30))
    assert known(tmp_path) == 0.045
    assert call("COPRO_DAY_TYPE", ["2027-07-05", "BRUSSEL", "en"], session_on(tmp_path)) == "working day"
    assert problems(tmp_path) == []


def test_a_figure_can_be_withdrawn(tmp_path: Path) -> None:
    put(tmp_path, rate("4.25"), rate("4.25", 2028))
    put(
        tmp_path,
        withdrawal=(
            Withdrawal.model_validate(
                {"series": "legal_interest_1865", "period": "2028", "reason": "x", "recorded_by": "An"}
            ),
        ),
    )
    assert (known(tmp_path), known(tmp_path, 2028)) == (0.0425, "#N/A")


def test_a_withdrawal_says_when_in_one_way(tmp_path: Path) -> None:
    file = put(tmp_path, rate("4.25"))
    folder = file.parent
    write(
        folder,
        "loose.toml",
        'recorded_on = 2027-01-04\n[[withdrawal]]\nseries = "vat_be"\nreason = "x"\nrecorded_by = "An"\n',
    )
    assert problems(tmp_path) == ["period_or_days"]
    day = Withdrawal.model_validate(
        {"series": "vat_be", "valid_from": date(2027, 4, 1), "reason": "x", "recorded_by": "An"}
    )
    assert day.first_day == date(2027, 4, 1)


def test_an_old_invoice_as_known_then(tmp_path: Path) -> None:
    put(tmp_path, rate("4.25"), day=MONDAY)
    put(tmp_path, rate("4.50", day=TUESDAY), day=TUESDAY)
    assert known(tmp_path, known_on=MONDAY) == 0.0425
    assert known(tmp_path, known_on=TUESDAY) == 0.045
    assert known(tmp_path, known_on=date(2026, 12, 31)) == "#N/A"


def test_what_came_with_the_first_version_is_known_on_any_day(tmp_path: Path) -> None:
    assert known(tmp_path, 2024, known_on=date(2024, 1, 1)) == known(tmp_path, 2024)
    assert all(record.recorded_on <= FIRST_RELEASE for record in load().figures.records)


def test_files_written_by_hand_have_their_day_too(tmp_path: Path) -> None:
    write(tmp_path, "figures/2027.toml", record(period='"2027"', value="4.25", recorded_on="2027-01-04"))
    assert known(tmp_path, known_on=MONDAY) == 0.0425
    assert known(tmp_path, known_on=date(2027, 1, 3)) == "#N/A"


# --- doubt ---------------------------------------------------------------------------------------------------------


def test_a_changed_file_is_not_used(tmp_path: Path) -> None:
    file = put(tmp_path, rate("4.25"))
    put(tmp_path, rate("4.00", 2028))
    file.write_bytes(file.read_bytes().replace(b"4.25", b"4.75"))
    assert (known(tmp_path), known(tmp_path, 2028), known(tmp_path, 2026)) == ("#N/A", "#N/A", 0.045)
    assert problems(tmp_path) == ["ledger_changed"]


def test_a_file_of_another_name_is_not_used(tmp_path: Path) -> None:
    file = put(tmp_path, rate("4.25"))
    file.rename(file.with_name("mine.toml"))
    assert (known(tmp_path), problems(tmp_path)) == ("#N/A", ["ledger_changed"])


def test_a_file_that_is_gone_leaves_no_older_figure(tmp_path: Path) -> None:
    """The first file corrected the shipped rate of 2026; without it, 4.50 % would count again in silence."""
    first = put(tmp_path, rate("4.40", 2026, TUESDAY), day=TUESDAY)
    put(tmp_path, figure("salary_index", "2026-Q3", "100", TUESDAY), day=TUESDAY)
    assert known(tmp_path, 2026) == 0.044
    first.unlink()
    assert (known(tmp_path, 2026), known(tmp_path, 2025)) == ("#N/A", 0.045)
    assert problems(tmp_path) == ["ledger_missing"]


def test_of_two_files_that_are_gone_the_first_puts_everything_in_doubt(tmp_path: Path) -> None:
    gone = [put(tmp_path, rate("4.40", 2026)), put(tmp_path, holiday(5, 23))]
    put(tmp_path, figure("salary_index", "2026-Q3", "100"))
    for file in gone:
        file.unlink()
    assert (known(tmp_path, 2026), known(tmp_path, 2024)) == ("#N/A", "#N/A")
    assert problems(tmp_path) == ["ledger_missing", "ledger_missing"]
    assert isinstance(call("COPRO_DAY_TYPE", ["2026-07-15"], session_on(tmp_path)), CellError)


def test_two_people_at_once(tmp_path: Path) -> None:
    """Neither knew of the other: nothing is lost; the same figure said differently is nobody's until said again."""
    before = read_ledger(tmp_path)
    put(tmp_path, rate("4.25"), rate("4.00", 2028), holiday(5, 23), after=before)
    put(tmp_path, rate("4.50", day=TUESDAY), rate("4.00", 2028, TUESDAY), holiday(12, 30), after=before, day=TUESDAY)
    assert (known(tmp_path), known(tmp_path, 2026)) == ("#N/A", 0.045)
    assert problems(tmp_path) == ["ledger_fork", "ledger_fork"]
    assert len(read_ledger(tmp_path).heads()) == 2
    put(tmp_path, rate("4.50", day=TUESDAY), holiday(12, 30, TUESDAY), day=TUESDAY)
    assert (known(tmp_path), known(tmp_path, 2028), problems(tmp_path)) == (0.045, 0.04, [])
    assert len(read_ledger(tmp_path).heads()) == 1


def test_two_people_who_say_the_same(tmp_path: Path) -> None:
    before = read_ledger(tmp_path)
    put(tmp_path, rate("4.25"), holiday(5, 23), after=before)
    put(tmp_path, rate("4.25", day=TUESDAY), holiday(5, 23, TUESDAY), after=before, day=TUESDAY)
    assert (known(tmp_path), problems(tmp_path)) == (0.0425, [])


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    file = put(tmp_path, rate("4.25"))
    file.write_bytes(file.read_bytes()[:-30])
    assert known(tmp_path) == "#N/A"
    assert len(problems(tmp_path)) == 1


@pytest.mark.parametrize("content", [b"", b"recorded_on = 2027-01-04\n", b"\xff\xfer\x00e\x00", None])
def test_a_file_of_which_nothing_is_left_leaves_no_older_figure(tmp_path: Path, content: bytes | None) -> None:
    """Emptied by a crash, its figure taken out, or a link that leads nowhere: 4.50 % must not count again."""
    file = put(tmp_path, rate("4.40", 2026))
    file.unlink()
    if content is None:
        file.symlink_to(tmp_path / "nowhere")
    else:
        file.write_bytes(content)
    assert (known(tmp_path, 2026), len(problems(tmp_path))) == ("#N/A", 1)
    assert isinstance(call("COPRO_DAY_TYPE", ["2026-07-15"], session_on(tmp_path)), CellError)


def test_of_a_file_that_is_emptied_the_next_one_knows_what_it_named(tmp_path: Path) -> None:
    file = put(tmp_path, rate("4.40", 2026))
    put(tmp_path, rate("4.00", 2027))
    file.write_bytes(b"recorded_on = 2027-01-04\n")
    assert (known(tmp_path, 2026), known(tmp_path, 2025)) == ("#N/A", 0.045)


def test_withdrawn_by_one_and_corrected_by_another(tmp_path: Path) -> None:
    put(tmp_path, rate("4.40", 2026), holiday(5, 23))
    before = read_ledger(tmp_path)
    taken = Withdrawal.model_validate(
        {"series": "legal_interest_1865", "period": "2026", "reason": "x", "recorded_by": "An"}
    )
    gone = HolidayWithdrawal(site="BRUSSEL", year=2027, reason="x", recorded_by="An")
    put(tmp_path, withdrawal=(taken,), construction_holiday_withdrawal=(gone,), after=before)
    put(tmp_path, rate("4.60", 2026), holiday(12, 30), after=before)
    assert (known(tmp_path, 2026), problems(tmp_path)) == ("#N/A", ["ledger_fork", "ledger_fork"])
    put(tmp_path, rate("4.60", 2026), holiday(12, 30))
    assert (known(tmp_path, 2026), problems(tmp_path)) == (0.046, [])


# --- frozen rates --------------------------------------------------------------------------------------------------


def frozen(hour: str) -> tuple[FrozenRates, ...]:
    return (
        FrozenRates.model_validate({"regulation": "TAR-COPRO-EXE-2.0", "year": 2024, "rates": {"HOUR": Decimal(hour)}}),
    )


def hour(folder: Path, **policies: str) -> object:
    answer = call("COPRO_RATE", ["HOUR", "2024-03-01"], session_on(folder, **policies))
    return answer.message("en") if isinstance(answer, CellError) else answer


# 125.82 × 102.5 / 100 = 128.9655 → 128.97; × 102.6 = 129.09132 → 129.09
INDEX = (figure("salary_index", "2022-Q3", "100"), figure("salary_index", "2023-Q3", "102.5"))


def test_a_frozen_rate_that_comes_out_the_same(tmp_path: Path) -> None:
    put(tmp_path, *INDEX, frozen=frozen("128.97"))
    assert hour(tmp_path) == 128.97


def test_a_frozen_rate_that_would_change_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, *INDEX, frozen=frozen("128.97"))
    put(tmp_path, figure("salary_index", "2023-Q3", "102.6"))
    assert "128.97" in str(hour(tmp_path))
    assert "129.09" in str(hour(tmp_path))
    put(tmp_path, figure("salary_index", "2023-Q3", "102.6"), frozen=frozen("129.09"))
    assert hour(tmp_path) == 129.09


def test_frozen_differently_by_two_people(tmp_path: Path) -> None:
    before = read_ledger(tmp_path)
    put(tmp_path, *INDEX, frozen=frozen("128.97"), after=before)
    put(tmp_path, *INDEX, frozen=frozen("128.96"), after=before)
    assert "128.97" in str(hour(tmp_path))
    assert "128.96" in str(hour(tmp_path))


# --- where it cannot be written ------------------------------------------------------------------------------------


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, rate("4.25"))
    owner: object = os if step == "fsync" else Path
    monkeypatch.setattr(owner, step, _full)
    with pytest.raises(FileError) as caught:
        put(tmp_path, rate("4.50"))
    assert "records" in caught.value.message("en")
    monkeypatch.undo()
    assert known(tmp_path) == 0.0425
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_where_a_file_stands_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("mine")
    with pytest.raises(FileError):
        put(tmp_path, rate("4.25"))
    assert (tmp_path / FOLDER).read_text() == "mine"


def test_what_an_interrupted_recording_left_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, rate("4.25"))
    write(tmp_path, f"{FOLDER}/.2027-01-04-0123456789abcdef.toml.77.part", "half a fil")
    assert (known(tmp_path), problems(tmp_path)) == (0.0425, [])


def test_the_fingerprint_tells(tmp_path: Path) -> None:
    seen = {load(tmp_path).fingerprint}
    for step in (lambda: put(tmp_path, rate("4.25")), lambda: put(tmp_path, rate("4.50"))):
        run: Callable[[], object] = step
        run()
        seen.add(load(tmp_path).fingerprint)
    seen.add(load(tmp_path, known_on=FIRST_RELEASE).fingerprint)
    assert len(seen) == 4


# --- a folder that is shared, synchronised, locked -----------------------------------------------------------------


def test_a_copy_under_another_name_is_the_same_recording(tmp_path: Path) -> None:
    """What a synchroniser or a user makes: the copy counts for nothing, and suspends nothing."""
    file = put(tmp_path, rate("4.25"))
    copy = file.with_name(f"{file.stem} (An's conflicted copy).toml")
    copy.write_bytes(file.read_bytes())
    assert (known(tmp_path), problems(tmp_path)) == (0.0425, [])
    assert len(read_ledger(tmp_path).entries) == 1
    file.unlink()
    assert (known(tmp_path), problems(tmp_path)) == ("#N/A", ["ledger_changed"])


def test_what_a_system_keeps_for_itself_is_not_read(tmp_path: Path) -> None:
    file = put(tmp_path, rate("4.25"))
    write(tmp_path, f"{FOLDER}/._{file.name}", b"\x00\x05\x16\x07")
    assert (known(tmp_path), problems(tmp_path)) == (0.0425, [])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_files_that_arrive_one_by_one_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    """A synchronised folder: at no moment does an older figure stand for a newer one that others already follow."""
    origin, arriving = tmp_path / "origin", tmp_path / "arriving"
    files = [put(origin, rate("4.25")), put(origin, rate("4.50")), put(origin, rate("4.75"))]
    (arriving / FOLDER).mkdir(parents=True)
    here: set[int] = set()
    for number in order:
        (arriving / FOLDER / files[number].name).write_bytes(files[number].read_bytes())
        here.add(number)
        whole = here == set(range(max(here) + 1))
        assert known(arriving) == ((0.0425, 0.045, 0.0475)[max(here)] if whole else "#N/A")
        assert bool(problems(arriving)) is not whole


def test_a_folder_that_may_not_be_looked_into_leaves_no_older_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, rate("4.40", 2026))
    looked = Path.iterdir

    def locked(folder: Path) -> Iterator[Path]:
        if folder.name == FOLDER:
            raise PermissionError(13, "Permission denied")
        return looked(folder)

    monkeypatch.setattr(Path, "iterdir", locked)
    assert (known(tmp_path, 2026), problems(tmp_path)) == ("#N/A", ["file_unreadable"])
    monkeypatch.undo()
    assert known(tmp_path, 2026) == 0.044


def test_holidays_taken_back_by_a_file_that_is_refused_are_in_doubt(tmp_path: Path) -> None:
    put(tmp_path, holiday(5, 23))
    gone = HolidayWithdrawal(site="BRUSSEL", year=2027, reason="x", recorded_by="An")
    file = put(tmp_path, construction_holiday_withdrawal=(gone,))
    assert file.read_text("utf-8").count("construction_holiday_withdrawal") == 1
    write(tmp_path, f"{FOLDER}/{file.name}", file.read_bytes().replace(b'"x"', b'"y"'))
    session = session_on(tmp_path)
    assert isinstance(call("COPRO_DAY_TYPE", ["2027-07-12", "BRUSSEL"], session), CellError)


def test_who_recorded_and_what_a_try_would_say(tmp_path: Path) -> None:
    put(tmp_path, rate("4.25"))
    ledger = read_ledger(tmp_path)
    content = LedgerFile(recorded_on=TUESDAY, record=(rate("4.50"),))
    tried = ledger.followed_by(content)
    assert [str(record.value) for record in tried.records] == ["4.50"]
    assert [str(record.value) for record in read_ledger(tmp_path).records] == ["4.25"]
    assert load(tmp_path).recordings == ((MONDAY, ("An",)),)
    assert load(tmp_path, ledger=tried).recordings == ((MONDAY, ("An",)), (TUESDAY, ("An",)))
