"""What LibreOffice loads: the add-in, its types, the functions' names and help, and where the toolkit is.

The same files make the extension that people install (`xl_addin.calc.extension`) and the folder with which a workbook
is recalculated (`xl_addin.calc.recalc`), so that both compute in the same way.
"""

from __future__ import annotations

import json
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypedDict
from xml.sax.saxutils import quoteattr

from xl_addin.calc import helptexts, link, names

HERE: Final = Path(__file__).parent
TYPES: Final = "types.rdb"
COMPONENTS: Final = "functions.components"
#: Where each module of ours goes; LibreOffice imports from the folder ``pythonpath`` beside an add-in.
_MODULES: Final = {
    "component.py": "component.py",
    "link.py": "pythonpath/copro_link.py",
    "marks.py": "pythonpath/copro_marks.py",
}


class Place(TypedDict):
    """Where the toolkit is: its Python, the folders that imports from, and what its packages are compiled for."""

    python: str
    folders: list[str]
    compiled_for: str


def place() -> Place:
    """The toolkit that runs here."""
    folders = dict.fromkeys((str(HERE.parent.parent), *_import_folders()))
    return Place(python=sys.executable, folders=list(folders), compiled_for=link.compiled_for())


def _import_folders() -> Iterator[str]:
    """Where this Python imports from, besides what belongs to Python itself."""
    own = {Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib")}
    own |= {folder / "lib-dynload" for folder in own}
    for folder in sys.path:
        if folder and Path(folder).is_dir() and Path(folder) not in own:
            yield str(Path(folder).resolve())


def files(toolkit: Place, services: Sequence[str]) -> Mapping[str, bytes]:
    """Every file by its name, with the add-ins of ``services``."""
    described = {"functions": helptexts.functions(), "gone": helptexts.gone()}
    return {
        TYPES: (HERE / TYPES).read_bytes(),
        COMPONENTS: _components(services).encode(),
        "functions.json": json.dumps(described, ensure_ascii=False, indent=1).encode(),
        "toolkit.json": json.dumps(toolkit, ensure_ascii=False, indent=1).encode(),
        **{name: (HERE / module).read_bytes() for module, name in _MODULES.items()},
    }


def _components(services: Sequence[str]) -> str:
    """What LibreOffice reads to find the add-ins in ``component.py``."""
    described = "".join(
        f'<implementation name="{service}AddIn"><service name="{names.ADD_IN_SERVICE}"/>'
        f"<service name={quoteattr(service)}/></implementation>"
        for service in services
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<components xmlns="http://openoffice.org/2010/uno-components">'
        f'<component loader="com.sun.star.loader.Python" uri="component.py">{described}</component></components>\n'
    )
