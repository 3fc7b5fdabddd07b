"""``copro demo``: the main job on the input shipped with the toolkit."""

from __future__ import annotations

import argparse
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

from core.errors import FileError, system_reason
from core.texts import text
from workbooks.late_payment import read_claims, write_claims
from workbooks.quote import read_quote, write_quote
from workbooks.register import read_register, write_register
from workbooks.tariff_card import write_tariff_card
from xl_addin.cli.main import DONE, FOUND_WRONG
from xl_addin.session import Session

FOLDER = Path("copro-demo")
YEAR = 2023


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """The folder for the workbooks, and whether they may replace others."""
    help_text = text("cli", "demo_folder", language)
    parser.add_argument("--folder", type=Path, default=FOLDER, help=help_text)
    parser.add_argument("--force", action="store_true", help=text("cli", "option_force", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Writes the quote, the tariff card, the late-payment workbook and the register of the examples; tells where."""
    folder: Path = options.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError("file_not_written", file=str(folder), reason=system_reason(error)) from error
    examples = files("workbooks").joinpath("examples")
    with as_file(examples.joinpath("quote.toml")) as file:
        quote = read_quote(file)
    with as_file(examples.joinpath("late_payment.toml")) as file:
        claims = read_claims(file)
    with as_file(examples.joinpath("register.toml")) as file:
        inspections = read_register(file)
    if options.language:
        quote = quote.model_copy(update={"language": session.language})
        claims = claims.model_copy(update={"language": session.language})
    language = quote.language
    summary = write_quote(quote, folder / "quote.xlsx", session, force=options.force)
    card, late = folder / "tariff-card.xlsx", folder / "late-payment.xlsx"
    write_tariff_card(YEAR, card, session, language=language, force=options.force)
    write_claims(claims, late, session, force=options.force)
    in_language = replace(session, language=language)
    register = write_register(inspections, folder / "register.xlsx", in_language, force=options.force)
    print(summary.told(language))
    print(register.told())
    for written in (card, late):
        print(text("quote", "summary.file", language, file=str(written)))
    return FOUND_WRONG if summary.failed or register.failed else DONE
