"""The extension that people install in LibreOffice (``copro.oxt``): made, installed, removed, and looked into.

It holds no computation: the add-in in it asks the toolkit that made it, in the place noted in it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from core.saving import saved
from core.texts import text
from core.topics import LANGUAGES
from xl_addin.calc import contents, names
from xl_addin.calc.errors import RecalculationError
from xl_addin.calc.office import last_line, libreoffice, own_environment, run
from xl_addin.version import toolkit_version

IDENTIFIER: Final = "copro.tariff.calc"
FILE: Final = "copro.oxt"
OLDEST: Final = (24, 8)
"""The first LibreOffice that the functions were seen to work in."""
_SECONDS: Final = 120.0
_MADE_ON: Final = (1980, 1, 1, 0, 0, 0)
"""The same files make the same extension, whenever."""


# --- making --------------------------------------------------------------------------------------------------------


def write_extension(target: Path) -> None:
    """Writes the extension for the toolkit that runs here.

    Raises:
        FileError: the file cannot be written.
    """
    with saved(target, force=True, suffix=".oxt") as beside, zipfile.ZipFile(beside, "w") as package:
        for name, content in _files().items():
            package.writestr(zipfile.ZipInfo(name, _MADE_ON), content, zipfile.ZIP_DEFLATED)


def _files() -> dict[str, bytes]:
    return {
        "META-INF/manifest.xml": _manifest().encode(),
        "description.xml": _description().encode(),
        **contents.files(contents.place(), (names.FUNCTIONS_SERVICE,)),
    }


def _manifest() -> str:
    """What each file that LibreOffice must know of is."""
    entries = "".join(
        f"<manifest:file-entry manifest:media-type={quoteattr(kind)} manifest:full-path={quoteattr(name)}/>"
        for name, kind in (
            (contents.TYPES, "application/vnd.sun.star.uno-typelibrary;type=RDB"),
            (contents.COMPONENTS, "application/vnd.sun.star.uno-components"),
        )
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">{entries}</manifest:manifest>\n'
    )


def _description() -> str:
    """What LibreOffice's list of extensions shows, and the oldest LibreOffice that takes it."""
    oldest = ".".join(map(str, OLDEST))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" xmlns:xlink="http://www.w3.org/1999/xlink"
    xmlns:d="http://openoffice.org/extensions/description/2006"
    xmlns:lo="http://libreoffice.org/extensions/description/2011">
  <identifier value={quoteattr(IDENTIFIER)}/>
  <version value={quoteattr(version())}/>
  <display-name>{_in_each_language("name", "extension_name")}</display-name>
  <publisher>{_in_each_language('name xlink:href=""', "extension_publisher")}</publisher>
  <dependencies>
    <lo:LibreOffice-minimal-version value="{oldest}" d:name="LibreOffice {oldest}"/>
  </dependencies>
</description>
"""


def _in_each_language(element: str, key: str) -> str:
    closing = element.partition(" ")[0]
    return "".join(
        f'<{element} lang="{language}">{escape(text("calc", key, language))}</{closing}>' for language in LANGUAGES
    )


def version() -> str:
    """The toolkit's version, as far as LibreOffice takes it: numbers and points."""
    found = re.match(r"\d+(\.\d+)*", toolkit_version())
    return found.group() if found else "0"


# --- installing ----------------------------------------------------------------------------------------------------


def install(profile: Path | None = None) -> None:
    """Makes the extension and adds it for this user, in place of an older one.

    ``profile``: a settings folder of LibreOffice other than the user's own. Raises `RecalculationError`.
    """
    _begin(profile or user_profile())
    with tempfile.TemporaryDirectory(prefix="copro-") as folder:
        made = Path(folder, FILE)
        write_extension(made)
        _unopkg(profile, "add", "--force", "--suppress-license", str(made))


def _begin(profile: Path) -> None:
    """Lets LibreOffice begin the settings folder: at its very first start it forgets extensions added before."""
    soffice = libreoffice()
    if soffice is not None and not (profile / "user" / "extensions" / "buildid").exists():
        quietly = ["--headless", "--norestore", "--nologo", "--terminate_after_init"]
        _run([str(soffice), *quietly, *_settings(profile)])


def uninstall(profile: Path | None = None) -> bool:
    """Removes the extension for this user; tells whether it was there. Raises `RecalculationError`."""
    if not installed(profile):
        return False
    _unopkg(profile, "remove", IDENTIFIER)
    return True


def installed(profile: Path | None = None) -> str:
    """The version of the extension that is installed for this user; empty when there is none."""
    found = re.search(r"Version: (\S+)", _listed(profile))
    return found[1] if found else ""


def _listed(profile: Path | None) -> str:
    """What LibreOffice's list of extensions says of ours."""
    _, _, ours = _unopkg(profile, "list").partition(f"Identifier: {IDENTIFIER}\n")
    return ours.partition("Identifier: ")[0]


def _unopkg(profile: Path | None, *arguments: str) -> str:
    """Runs LibreOffice's program for extensions, and gives what it said."""
    soffice = libreoffice()
    if soffice is None:
        raise RecalculationError("no_libreoffice")
    program = shutil.which("unopkg", path=str(soffice.resolve().parent)) or shutil.which("unopkg")
    if program is None:
        raise RecalculationError("no_unopkg")
    lock = (profile or user_profile()) / ".lock"
    if lock.exists():
        raise RecalculationError("office_is_open", file=lock)
    status, said = _run([program, *arguments, *_settings(profile)])
    if "as root" in said:
        raise RecalculationError("extension_as_root")
    if status != 0:
        raise RecalculationError("extension_refused", reason=last_line(said))
    return said


def _settings(profile: Path | None) -> list[str]:
    return [f"-env:UserInstallation={profile.resolve().as_uri()}"] if profile else []


def _run(command: Sequence[str]) -> tuple[int, str]:
    try:
        return run(command, own_environment(), _SECONDS)
    except TimeoutError:
        raise RecalculationError("extension_too_slow", seconds=f"{_SECONDS:g}") from None


# --- looking into --------------------------------------------------------------------------------------------------


def faults(profile: Path | None = None) -> list[RecalculationError]:
    """What keeps the functions from working in this user's LibreOffice, the first cause first."""
    return list(_faults(profile))


def _faults(profile: Path | None) -> Iterator[RecalculationError]:
    soffice = libreoffice()
    if soffice is None:
        yield RecalculationError("no_libreoffice")
        return
    if not (soffice.resolve().parent / "pythonloader.py").exists():
        yield RecalculationError("office_without_python")
    try:
        found = installed(profile)
        noted = _noted_python(profile)
    except RecalculationError as error:
        yield error
        return
    if not found:
        yield RecalculationError("extension_missing")
        return
    if found != version():
        yield RecalculationError("extension_of_another_version", found=found, expected=version())
    if noted is not None and not os.access(noted, os.X_OK):
        yield RecalculationError("extension_without_toolkit", python=noted)


def _noted_python(profile: Path | None) -> Path | None:
    """The toolkit's Python as the installed extension has it; None when the extension is not found."""
    place = re.search(rf"uno_packages/(\S+/{FILE})\s", _listed(profile))
    if place is None:
        return None
    note = (profile or user_profile()) / "user" / "uno_packages" / "cache" / "uno_packages" / place[1] / "toolkit.json"
    return Path(json.loads(note.read_text(encoding="utf-8"))["python"]) if note.exists() else None


def user_profile() -> Path:
    """LibreOffice's settings folder of this user, where LibreOffice keeps it when nothing else is said."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "LibreOffice" / "4"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "LibreOffice" / "4"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "libreoffice" / "4"
