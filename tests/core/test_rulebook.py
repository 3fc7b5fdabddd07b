"""The rulebook: which tariff holds, and that asking twice gives the same without computing twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.errors import ConflictingFigures, InputError, NotAvailable
from core.loading import load
from core.regulation import SpecificRegulation
from core.rulebook import Rulebook
from core.tariff import Tariff, days_of_change
from core.vocabulary import Cost, DayType, Item
from tests.core.folder import SPECIFIC, record, write

BOOK = load(example=True)


def test_before_the_first_regulation() -> None:
    assert BOOK.first_day() == date(2023, 1, 1)
    for ask in (BOOK.tariff, BOOK.general_on):
        with pytest.raises(NotAvailable) as early:
            ask(date(2022, 12, 31))
        assert early.value.key == "before_regulation"
        assert "2023-01-01" in early.value.message("en")


def test_one_tariff_a_year() -> None:
    assert BOOK.tariff(date(2023, 1, 1)) is BOOK.tariff(date(2023, 12, 31))
    assert BOOK.tariff(date(2023, 1, 1)) is not BOOK.tariff(date(2024, 1, 1))
    assert BOOK.tariff(date(2023, 1, 1)) is not BOOK.tariff(date(2023, 1, 1), "EXAMPLE-BRS")
    assert [BOOK.tariff(date(year, 5, 1)).rate(Item.HOUR, []) for year in (2023, 2024)] == [12582, 12897]


DEPARTING = """
[[rate]]
code = "HOUR"
article = "9"
base = 100
index = "salary"
base_year = 2023
valid_from = 2024-05-01

[[policy]]
id = "hours.bands"
setting = "start"
article = "9"
valid_from = 2024-09-01
"""


def test_a_tariff_is_looked_up_once_between_two_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "regulations/brs.toml", SPECIFIC + DEPARTING)
    book, found = load(tmp_path, example=True), load(tmp_path, example=True)
    looked_up: list[date] = []
    find = Rulebook._find

    def noted(self: Rulebook, day: date, regulation: str) -> Tariff:
        looked_up.append(day)
        return find(self, day, regulation)

    monkeypatch.setattr(Rulebook, "_find", noted)
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(366 + 365)]
    tariffs = [book.tariff(day, "BRS-1") for day in days]
    assert looked_up == [date(2024, 1, 1), date(2024, 5, 1), date(2024, 9, 1), date(2025, 1, 1)]
    alone = [find(found, day, "BRS-1") for day in days]
    assert [tariff.rate(Item.HOUR, []) for tariff in tariffs] == [tariff.rate(Item.HOUR, []) for tariff in alone]
    assert [tariff.policies["hours.bands"] for tariff in tariffs] == [t.policies["hours.bands"] for t in alone]


def test_every_departure_is_a_change() -> None:
    departures = [name for name, field in SpecificRegulation.model_fields.items() if field.default == ()]
    since = {name: date(2024, month, 1) for month, name in enumerate(departures, start=1)}
    said = {name: (SimpleNamespace(valid_from=day),) for name, day in since.items()}
    assert days_of_change(SpecificRegulation.model_construct(**said)) == set(since.values())
    assert len(since) == 7


def test_what_is_refused_is_refused_for_its_own_day(tmp_path: Path) -> None:
    write(tmp_path, "regulations/brs.toml", SPECIFIC + DEPARTING)
    write(tmp_path, "regulations/other.toml", SPECIFIC + DEPARTING.replace("base = 100", "base = 101"))
    book = load(tmp_path, example=True)
    assert book.tariff(date(2024, 4, 30), "BRS-1")
    for day in (date(2024, 5, 1), date(2024, 5, 2)):
        with pytest.raises(ConflictingFigures) as refused:
            book.tariff(day, "BRS-1")
        assert refused.value.details["day"] == day


def test_factors_are_kept_for_a_site_and_a_kind_of_day() -> None:
    tariff = BOOK.tariff(date(2023, 7, 12))
    assert BOOK.factors(tariff, "BRUSSEL") is BOOK.factors(tariff, "BRUSSEL")
    assert BOOK.factors(tariff, "BRUSSEL").on(date(2023, 7, 12)).kind is DayType.BUILDERS
    assert BOOK.factors(tariff, "LIMBURG").on(date(2023, 7, 12)).kind is DayType.WORKDAY
    assert BOOK.factors(tariff, "BRUSSEL", DayType.SATURDAY).on(date(2023, 7, 12)).kind is DayType.SATURDAY


def test_the_name_of_a_regulation() -> None:
    assert BOOK.regulation_id("tar-copro-exe-2.0") == "TAR-COPRO-EXE-2.0"
    assert BOOK.regulation_id("example-brs") == "EXAMPLE-BRS"
    with pytest.raises(InputError) as unknown:
        BOOK.regulation_id("x" * 500)
    assert "TAR-COPRO-EXE-2.0, EXAMPLE-BRS" in unknown.value.message("en")
    assert len(unknown.value.message("en")) < 300


def test_a_tariff_names_its_regulation() -> None:
    assert BOOK.tariff(date(2023, 5, 1)).regulation == "TAR-COPRO-EXE-2.0"
    specific = BOOK.tariff(date(2024, 5, 1), "EXAMPLE-BRS")
    assert (specific.regulation, specific.year, specific.base_year(Item.INSPECTION)) == ("EXAMPLE-BRS", 2024, 2023)
    assert specific.policies["wasted_trip.fixed_fee"] == "excluded"
    assert specific.costs[Cost.SAMPLES].paid_to == "nobody"


def test_the_years_that_are_fully_indexed(tmp_path: Path) -> None:
    write(tmp_path, "figures/s.toml", record(series='"salary_index"', period='"2022-Q3"', value="100"))
    assert list(load(tmp_path).years_indexed()) == [2023]
    write(tmp_path, "figures/t.toml", record(series='"salary_index"', period='"2023-Q3"', value="102"))
    assert list(load(tmp_path).years_indexed()) == [2023, 2024]


def test_the_example_is_indexed_up_to_2026() -> None:
    assert list(BOOK.years_indexed()) == [2023, 2024, 2025, 2026]


def test_what_shipped_data_cannot_answer() -> None:
    shipped = load()
    assert shipped.problems == ()
    assert shipped.refused_regulations == {}
    assert len(shipped.fingerprint) == 12
    assert all(path.is_file() for path in shipped.sources)
