"""The input of a quote: what is accepted, and how a mistake is told."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import FileError, FileProblem
from core.reading import FileRefused
from core.vocabulary import Cost
from tests.workbooks.quotes import CONTRIBUTIONS, PLANNED, YEAR, quote_of
from workbooks.quote import Quote, read_quote
from workbooks.quote.model import PRICING

GOOD = """\
number = "V-1"
date = 2023-01-16
language = "nl"

[customer]
name = "Example"

[[line]]
kind = "APPLICATION"
date = 2023-02-01

[[line]]
kind = "STANDARD_INSPECTION"
start = 2023-03-06T10:00:00
hours = 3.5
"""


def written(folder: Path, content: str) -> Path:
    file = folder / "quote.toml"
    file.write_text(content, encoding="utf-8")
    return file


def refusal(folder: Path, content: str) -> FileProblem:
    with pytest.raises(FileRefused) as caught:
        read_quote(written(folder, content))
    return caught.value.problem


def test_a_small_quote_is_read(tmp_path: Path) -> None:
    quote = read_quote(written(tmp_path, GOOD))
    assert quote.vat == "BE"
    assert quote.line[0].kind is Cost.APPLICATION
    assert quote.line[0].quantity == 1
    assert quote.line[1].start == datetime(2023, 3, 6, 10)
    assert quote.line[1].hours == Decimal("3.5")
    assert quote.line[1].day == date(2023, 3, 6)


def test_both_examples_and_one_without_works_are_read() -> None:
    assert len(read_quote(YEAR).line) == 10
    assert len(read_quote(PLANNED).line) == 8 + 6 + 3
    assert {line.kind for line in read_quote(CONTRIBUTIONS).line} >= {
        Cost.CERTIFICATION_CONTRIBUTION,
        Cost.EXECUTION_CONTRIBUTION,
        Cost.COMPLAINT_INSPECTION,
        Cost.SANCTIONAL_INSPECTION,
    }


@pytest.mark.parametrize(
    "name", ["Certificatieaanvraag", "demande de certification", "ZERTIFIZIERUNGSANTRAG", "Certification application"]
)
def test_a_kind_goes_by_its_name_in_any_language(name: str) -> None:
    assert quote_of({"kind": name, "date": date(2023, 2, 1)}).line[0].kind is Cost.APPLICATION


def test_every_kind_with_a_price_is_accepted() -> None:
    for kind in PRICING:
        field = {"start": date(2023, 2, 1)}
        if kind in (Cost.APPLICATION, Cost.CERTIFICATION_CONTRIBUTION, Cost.EXECUTION_CONTRIBUTION):
            field = {"date": date(2023, 2, 1)}
        hours = {} if "date" in field or kind is Cost.WASTED_TRIP else {"hours": 1}
        assert quote_of({"kind": kind.value, **field, **hours}).line[0].kind is kind


#: What is written instead of what → the line told, and the key of the reason.
MISTAKES = [
    ("hours = 3.5", "hours = -1", 15, "number_negative"),
    ("hours = 3.5", 'hours = "3.5"', 15, "number_expected"),
    ("hours = 3.5", "hours = true", 15, "number_expected"),
    ("hours = 3.5", "hours = nan", 15, "number_expected"),
    ("hours = 3.5", "hours = 3.1234567", 15, "too_many_decimals"),
    ("hours = 3.5", "hours = 3.5\nhuors = 2", 16, "field_unknown"),
    ("hours = 3.5\n", "", 12, "quote_field_needed"),
    ("hours = 3.5", "hours = 3.5\ntickets = 1.005", 16, "too_many_decimals"),
    ("hours = 3.5", "hours = 3.5\nnights = 1.5", 16, "whole_number_expected"),
    ("hours = 3.5", "hours = 3.5\nquantity = 0", 16, "number_not_above_zero"),
    ("hours = 3.5", "hours = 3.5\nquantity = 1.5", 16, "whole_number_expected"),
    ("hours = 3.5", 'hours = 3.5\nday_type = "someday"', 16, "code_unknown"),
    ("hours = 3.5", 'hours = 3.5\nsite = "Atlantis"', 16, "code_unknown"),
    ("hours = 3.5", "hours = 3.5\ndate = 2023-03-06", 16, "quote_field_foreign"),
    ("start = 2023-03-06T10:00:00", "start = 2023-03-06T10:00:30", 14, "quote_whole_minutes"),
    ("start = 2023-03-06T10:00:00", "start = 2023-03-06T00:00:00", 14, "quote_midnight"),
    ("start = 2023-03-06T10:00:00", "start = 2023-03-06T10:00:00+01:00", 14, "date_with_zone"),
    ("start = 2023-03-06T10:00:00", 'start = "2023-03-06"', 14, "quote_day_expected"),
    ("start = 2023-03-06T10:00:00", "start = 20230306", 14, "quote_day_expected"),
    ("date = 2023-02-01", "date = 2023-02-01T10:00:00", 10, "quote_day_expected"),
    ("date = 2023-02-01", "date = 2023-02-01\nhours = 2", 11, "quote_field_foreign"),
    ('kind = "APPLICATION"', 'kind = "INVOICE"', 9, "code_unknown"),
    ('kind = "APPLICATION"', 'kind = "TRAVEL"', 9, "quote_kind_travel"),
    ('kind = "APPLICATION"', 'kind = "EXTERNAL_LABORATORY"', 9, "quote_kind_laboratory"),
    ('kind = "APPLICATION"', 'kind = "Zelfcontrole"', 9, "quote_kind_borne"),
    ('number = "V-1"', "number = 1", 1, "quote_text_expected"),
    ('number = "V-1"', 'number = "  "', 1, "quote_text_expected"),
    ('number = "V-1"\n', "", 1, "field_missing"),
    ('language = "nl"', 'language = "Klingon"', 3, "code_unknown"),
    ('language = "nl"', 'language = "nl"\nvalid_until = 2023-01-01', 4, "quote_lapsed"),
    ('language = "nl"', 'language = "nl"\nvat = "tax-free"', 4, "code_unknown"),
    ('name = "Example"', 'name = "Example"\naddress = "one line"', 7, "field_wrong"),
]


@pytest.mark.parametrize(("instead_of", "wrong", "line", "reason"), MISTAKES)
def test_a_mistake_names_file_line_and_reason(
    tmp_path: Path, instead_of: str, wrong: str, line: int, reason: str
) -> None:
    assert instead_of in GOOD
    problem = refusal(tmp_path, GOOD.replace(instead_of, wrong, 1))
    assert (problem.file.name, problem.line, problem.reason.key) == ("quote.toml", line, reason)


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_a_mistake_is_told_in_each_language(tmp_path: Path, language: str) -> None:
    for instead_of, wrong, _, _ in MISTAKES:
        told = refusal(tmp_path, GOOD.replace(instead_of, wrong, 1)).reason.message(language)
        assert told
        assert "{" not in told


def test_a_quote_needs_a_line(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read_quote(written(tmp_path, GOOD.partition("[[line]]")[0]))


def test_a_quote_cannot_be_changed_after_reading() -> None:
    quote = quote_of({"kind": "APPLICATION", "date": date(2023, 2, 1)})
    with pytest.raises(ValueError, match="frozen"):
        quote.number = "2"  # type: ignore[misc]
    assert isinstance(quote, Quote)
