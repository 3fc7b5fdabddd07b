"""Quotes for the tests: the two examples, one without works, the data they need, and small ones made on the spot."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

from core.paths import data_file
from tests.workbooks.sheets import session_on
from workbooks.quote import Quote
from workbooks.quote.reading import read_quote
from xl_addin import Session

SUMMARY, LINES, EXPLANATION = 0, 1, 2
"""The sheets of a quote without works; one with works has them before the explanation."""
EXAMPLES = Path(__file__).parents[2] / "workbooks" / "examples"
PLANNED = EXAMPLES / "quote.toml"
YEAR = Path(__file__).with_name("quote_without_works.toml")
CONTRIBUTIONS = EXAMPLES / "quote_contributions.toml"


def data_folder(folder: Path) -> Path:
    """A data folder with the made-up regulation and salary indices."""
    for kind, name in (("regulations", "example_regulation.toml"), ("figures", "salary_index_example.toml")):
        (folder / kind).mkdir(parents=True)
        with data_file("examples", name).open("rb") as source, (folder / kind / name).open("wb") as target:
            shutil.copyfileobj(source, target)
    return folder


def example_session(folder: Path) -> Session:
    """A session that knows EXAMPLE-BRS."""
    return session_on(data_folder(folder))


def quote_of(*lines: dict[str, Any], **head: Any) -> Quote:
    """A quote with these lines."""
    known = {"number": "1", "date": date(2023, 1, 2), "language": "en", "customer": {"name": "Example"}}
    return Quote.model_validate({**known, "line": lines, **head})


def year(language: str | None = None) -> Quote:
    """The certification year without works, in its own language or another."""
    quote = read_quote(YEAR)
    return quote.model_copy(update={"language": language}) if language else quote


def planned(language: str | None = None) -> Quote:
    """The certification year with works, a plan and options, in its own language or another."""
    quote = read_quote(PLANNED)
    return quote.model_copy(update={"language": language}) if language else quote


def contributions(language: str | None = None) -> Quote:
    """The quote with contributions, in its own language or another."""
    quote = read_quote(CONTRIBUTIONS)
    return quote.model_copy(update={"language": language}) if language else quote
