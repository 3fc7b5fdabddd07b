"""The tree of errors: what a cell shows, and what the message says."""

from __future__ import annotations

import pytest

from core.errors import ConflictingFigures, CoproError, FileError, ImpossibleValue, InputError, NotAvailable
from core.topics import LANGUAGES


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError, "#VALUE!"),
        (ImpossibleValue, "#NUM!"),
        (NotAvailable, "#N/A"),
        (ConflictingFigures, "#N/A"),
        (FileError, "#VALUE!"),
    ],
)
def test_what_a_cell_shows(error: type[CoproError], code: str) -> None:
    assert error("hours_not_positive").cell_code == code
    assert issubclass(error, CoproError)


def test_message() -> None:
    error = ImpossibleValue("hours_too_many", longest=24)
    messages = [error.message(language) for language in LANGUAGES]
    assert len(set(messages)) == 4
    assert all("24" in message for message in messages)
    assert str(error) == error.message("en")
    assert (error.key, error.details, error.args) == (
        "hours_too_many",
        {"longest": 24},
        ("hours_too_many", {"longest": 24}),
    )
