"""The rulebook: which tariff holds, and that asking twice gives the same without computing twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.errors import InputError, NotAvailable
from core.loading import load
from core.vocabulary import Cost, DayType, Item
from tests.core.folder import record, write

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
