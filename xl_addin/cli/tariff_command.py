"""``copro tariff``: the tariff card of a year."""

from __future__ import annotations

import argparse

from core.texts import text
from core.vocabulary import Item, Status
from xl_addin.cells import Cell
from xl_addin.cli.main import DONE, FOUND_WRONG
from xl_addin.cli.output import as_json, found_errors, plain, table
from xl_addin.evaluate import computed
from xl_addin.session import Session

_COLUMNS = ("code", "label", "unit", "base", "coefficient", "rate", "article")


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """The year, a regulation, and JSON."""
    parser.add_argument("year", type=int, help=text("cli", "tariff_year", language))
    parser.add_argument("--regulation", help=text("cli", "tariff_regulation", language))
    parser.add_argument("--json", action="store_true", help=text("cli", "option_json", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Prints the card; rates whose index is missing are errors, and the exit status says so."""
    language = session.language
    card, computation = computed("COPRO_TARIFF", [options.year, language, options.regulation], session)
    if options.json:
        print(as_json(card, language))
    elif not isinstance(card, list):
        print(plain(card, language))
    else:
        print(
            table(
                [_shown(row) for row in card], language, [text("cli", f"tariff_{name}", language) for name in _COLUMNS]
            )
        )
        for reason in dict.fromkeys(plain(error, language) for error in found_errors(card)):
            print(reason)
        statuses = {cited.status for step in computation.steps for cited in step.cited} - {Status.OFFICIAL}
        for status in sorted(statuses):
            print(text("labels", f"status.{status}", language))
    return FOUND_WRONG if found_errors(card) else DONE


def _shown(row: list[Cell]) -> list[Cell]:
    """Rates with the item's own decimals, the coefficient with six."""
    decimals = {column: Item(str(row[0])).decimals for column in ("base", "rate")} | {"coefficient": 6}
    return [
        f"{value:.{decimals[column]}f}" if isinstance(value, float) else value
        for value, column in zip(row, _COLUMNS, strict=True)
    ]
