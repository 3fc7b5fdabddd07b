"""Writes ``types.rdb``, in which LibreOffice reads the functions' names and arguments, from the catalogue.

    python -m xl_addin.calc.build

Needs ``unoidl-write`` (Debian: libreoffice-dev). The file is the same for every version and machine, and is kept with
the code, so that only a change of the catalogue asks for this tool; a test compares the two.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from xl_addin.calc.errors import RecalculationError
from xl_addin.calc.helptexts import argument_names
from xl_addin.calc.names import CELLS_FUNCTION
from xl_addin.calc.office import libreoffice
from xl_addin.catalogue import FUNCTIONS

TYPES = Path(__file__).with_name("types.rdb")

#: Words of LibreOffice's interface language that an argument might well be called, and a parameter cannot.
_RESERVED = {
    *("any", "default", "double", "exception", "float", "get", "in", "long", "module", "optional", "out"),
    *("sequence", "service", "set", "short", "string", "type", "union", "void"),
}
_RESULT = "sequence< sequence<any> >"
_WORKBOOK = "[in] ::com::sun::star::beans::XPropertySet workbook"


def method(name: str, arguments: Iterable[str]) -> str:
    """A function's declaration: the workbook, then each argument as an ``any``, which is always optional."""
    parameters = [f"[in] any {parameter(argument)}" for argument in arguments]
    return f"  {_RESULT} {name}({', '.join([_WORKBOOK, *parameters])});"


def parameter(argument: str) -> str:
    """The argument's name as a parameter's name, which allows no underscore: ``on_date`` is ``onDate``."""
    first, *others = argument.split("_")
    name = first + "".join(part.capitalize() for part in others)
    return f"{name}Value" if name in _RESERVED else name


def interface_text() -> str:
    """The functions of the catalogue, and the guards' helper, in LibreOffice's interface language (UNOIDL)."""
    methods = "\n".join(method(name, argument_names(function)) for name, function in FUNCTIONS.items())
    return f"""module copro {{ module calc {{
interface XFunctions : ::com::sun::star::uno::XInterface {{
{methods}
}};
interface XCells : ::com::sun::star::uno::XInterface {{
  {_RESULT} {CELLS_FUNCTION}([in] ::com::sun::star::table::XCellRange area);
}};
service Functions : XFunctions;
service Cells : XCells;
}}; }};
"""


def build(target: Path = TYPES) -> None:
    """Writes the types file with ``unoidl-write``; the old one stays when that fails."""
    program, writer = _tools()
    with tempfile.TemporaryDirectory(prefix="copro-") as folder:
        source, made = Path(folder, "functions.idl"), Path(folder, "types.rdb")
        source.write_text(interface_text(), encoding="utf-8")
        known = [program / "types.rdb", program / "types" / "offapi.rdb"]
        done = subprocess.run([writer, *known, source, made], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            raise RecalculationError("types_refused", reason=done.stderr.strip())
        shutil.copyfile(made, target)


def _tools() -> tuple[Path, Path]:
    """LibreOffice's program folder and its ``unoidl-write``."""
    soffice = libreoffice()
    if soffice is None:
        raise RecalculationError("no_libreoffice")
    program = soffice.resolve().parent
    found = shutil.which("unoidl-write", path=str(program.parent / "sdk" / "bin")) or shutil.which("unoidl-write")
    if found is None:
        raise RecalculationError("no_unoidl_write")
    return program, Path(found)


if __name__ == "__main__":
    try:
        build()
    except RecalculationError as error:
        sys.exit(str(error))
