"""``copro addin``: makes, installs, removes and examines the add-ins for spreadsheets."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from core.errors import FileError, system_reason
from core.saving import check_target, saved
from core.texts import text
from xl_addin.cli.main import DONE, FOUND_WRONG, UsageError
from xl_addin.excel.installation_error import InstallationError
from xl_addin.excel.places import ADDIN, Places, on_windows
from xl_addin.session import Session

EXCEL, LIBREOFFICE, LITE = "excel", "libreoffice", "lite"
_BUILT = (EXCEL, LIBREOFFICE, LITE)
_INSTALLED = (EXCEL, LIBREOFFICE)
_OPTIONS: Mapping[str, Sequence[str]] = {
    "build": ("output", "force"),
    "install": (),
    "uninstall": (),
    "doctor": ("json",),
}
"""What there is to do, and the options that only this understands."""
_SHOWN = {"output": "--output", "force": "--force", "json": "--json"}

Writer = Callable[[Path], None]


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """What to do, for which spreadsheet, and where to."""

    def told(key: str) -> str:
        return text("addin", key, language)

    parser.add_argument("action", metavar="|".join(_OPTIONS), help=told("help_action"))
    parser.add_argument("--for", dest="products", action="append", metavar="|".join(_BUILT), help=told("help_for"))
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help=told("help_output"))
    parser.add_argument("--force", action="store_true", help=text("cli", "option_force", language))
    parser.add_argument("--json", action="store_true", help=text("cli", "option_json", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Does it."""
    if options.action not in _OPTIONS:
        raise UsageError("usage_unknown", what=options.action, program="copro addin")
    for name in {"output", "force", "json"} - set(_OPTIONS[options.action]):
        if getattr(options, name):
            raise UsageError("usage_unknown", what=_SHOWN[name], program="copro addin")
    if options.action == "build":
        return _build(_products(options, _BUILT, _BUILT), options.output or Path(), session, force=options.force)
    product, *more = _products(options, _INSTALLED, (EXCEL if on_windows() else LIBREOFFICE,))
    if more:
        raise UsageError("usage_unknown", what=f"--for {more[0]}", program="copro addin")
    return _DO[options.action, product](options, session)


def _products(options: argparse.Namespace, known: Sequence[str], default: Sequence[str]) -> Sequence[str]:
    for product in options.products or ():
        if product not in known:
            raise InstallationError("product_unknown", product=product, known=", ".join(known))
    return list(dict.fromkeys(options.products or default))


# --- build ---------------------------------------------------------------------------------------------------------


def _build(products: Sequence[str], folder: Path, session: Session, *, force: bool) -> int:
    """Writes the files into ``folder``, all of them checked before the first is written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError("file_not_written", file=str(folder), reason=system_reason(error)) from error
    files = {folder / name: write for product in products for name, write in _files(product, session.language).items()}
    for target in files:
        check_target(target, force=force, suffix=target.suffix)
    for target, write in files.items():
        with saved(target, force=force, suffix=target.suffix) as beside:
            write(beside)
        print(text("addin", "written", session.language, file=str(target)))
    return DONE


def _files(product: str, language: str) -> Mapping[str, Writer]:
    """The files of a product, each with what writes it."""
    if product == EXCEL:
        from xl_addin.excel.addin import write_addin
        from xl_addin.excel.intellisense import write_intellisense

        return {
            ADDIN: partial(write_addin, language=language),
            "copro.IntelliSense.xml": partial(write_intellisense, language=language),
        }
    if product == LIBREOFFICE:
        from xl_addin.calc.extension import write_extension

        return {"copro.oxt": write_extension}
    from xl_addin.officejs.starter import write_starter

    return {"copro-lite.xlsx": partial(write_starter, language=language)}


# --- Excel ---------------------------------------------------------------------------------------------------------


def _install_in_excel(_: argparse.Namespace, session: Session) -> int:
    from xl_addin.excel.installation import install

    _windows_only()
    language = session.language

    def progress(key: str, detail: str) -> None:
        print(text("addin", key, language, detail=detail), flush=True)

    manifest = install(Places.of_user(), language, progress)
    print(text("addin", "installed", language, version=manifest.toolkit, python=manifest.python, bits=manifest.bits))
    return DONE


def _uninstall_from_excel(_: argparse.Namespace, session: Session) -> int:
    from xl_addin.excel.installation import uninstall

    _windows_only()
    places, language = Places.of_user(), session.language
    removed = uninstall(places)
    for place in removed:
        print(text("addin", "removed", language, file=str(place)))
    print(text("addin", "uninstalled" if removed else "nothing_installed", language))
    if places.data.exists():
        print(text("addin", "data_kept", language, folder=str(places.data)))
    return DONE


def _examine_excel(options: argparse.Namespace, session: Session) -> int:
    from xl_addin.excel.doctor import examine
    from xl_addin.excel.finding import Patient

    _windows_only()
    findings = examine(Patient(Places.of_user(), session, os.environ))
    language = session.language
    faults = [finding for finding in findings if finding.certain]
    if options.json:
        _print_json(
            {"code": f.code, "fault": f.certain, "what": f.what(language), "remedy": f.remedy(language)}
            for f in findings
        )
        return FOUND_WRONG if faults else DONE
    for finding in findings:
        print(text("addin", "fault" if finding.certain else "note", language, what=finding.what(language)))
        print(f"   {finding.remedy(language)}")
    print(text("addin", "faults_found" if faults else "all_well", language, count=len(faults)))
    return FOUND_WRONG if faults else DONE


def _print_json(found: Iterable[Mapping[str, object]]) -> None:
    print(json.dumps({"value": list(found)}, ensure_ascii=False))


def _windows_only() -> None:
    if not on_windows():
        raise InstallationError("windows_only", system=sys.platform)


# --- LibreOffice ---------------------------------------------------------------------------------------------------


def _install_in_libreoffice(_: argparse.Namespace, session: Session) -> int:
    from xl_addin.calc.extension import install

    install()
    print(text("addin", "installed_libreoffice", session.language))
    return DONE


def _uninstall_from_libreoffice(_: argparse.Namespace, session: Session) -> int:
    from xl_addin.calc.extension import uninstall

    removed = uninstall()
    print(text("addin", "uninstalled" if removed else "nothing_installed", session.language))
    return DONE


def _examine_libreoffice(options: argparse.Namespace, session: Session) -> int:
    from xl_addin.calc.extension import faults

    language = session.language
    found = faults()
    if options.json:
        _print_json({"code": f.key, "fault": True, "what": f.message(language), "remedy": ""} for f in found)
    else:
        for error in found:
            print(text("addin", "fault", language, what=error.message(language)))
        print(text("addin", "faults_found" if found else "all_well", language, count=len(found)))
    return FOUND_WRONG if found else DONE


_DO: Mapping[tuple[str, str], Callable[[argparse.Namespace, Session], int]] = {
    ("install", EXCEL): _install_in_excel,
    ("uninstall", EXCEL): _uninstall_from_excel,
    ("doctor", EXCEL): _examine_excel,
    ("install", LIBREOFFICE): _install_in_libreoffice,
    ("uninstall", LIBREOFFICE): _uninstall_from_libreoffice,
    ("doctor", LIBREOFFICE): _examine_libreoffice,
}
