"""The tab COPRO of Excel's ribbon, as the XML that Excel reads from the add-in, and what its buttons say.

Only what is installed has a button: a new workbook for every entry point of ``copro.workbooks``, checking and updating
where there are such commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import entry_points
from xml.etree import ElementTree as ET

from core.texts import text
from core.topics import topic
from xl_addin.cli.main import commands
from xl_addin.excel.xml_part import xml_part

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
_WORKBOOKS = "copro.workbooks"
_COMMANDS = {"update": ("CoproUpdate", "RefreshAll"), "audit": ("CoproCheck", "ErrorChecking")}
"""Commands that have a button where they are installed: the macro and Excel's own picture."""
_ABOUT = {"status": ("CoproStatus", "Info"), "help": ("CoproHelp", "Help")}
_MESSAGES = (
    *("failed", "no_library", "no_server", "server_answers", "problem_before"),
    *("no_workbook", "not_xlsx", "record", "repair_link"),
)


def ribbon(language: str) -> bytes:
    """The tab, as the part ``customUI14.xml`` of the add-in."""
    root = ET.Element("customUI", xmlns=NAMESPACE)
    tab = ET.SubElement(ET.SubElement(ET.SubElement(root, "ribbon"), "tabs"), "tab", id="coproTab", label="COPRO")
    work = _group(tab, "work", language)
    _add_new_workbooks(work, language)
    installed = commands()
    for name, (macro, picture) in _COMMANDS.items():
        if name in installed:
            _add_button(work, name, macro, picture, language)
    about = _group(tab, "about", language)
    for name, (macro, picture) in _ABOUT.items():
        _add_button(about, name, macro, picture, language)
    return xml_part(root)


def messages(language: str) -> Mapping[str, str]:
    """What the macros say, by key; ``{detail}`` is theirs to fill in."""
    return {"language": language} | {key: text("ribbon", f"say_{key}", language) for key in _MESSAGES}


def workbook_names() -> list[str]:
    """The workbooks that are installed and can be named on a command line as they are."""
    names = {point.name for point in entry_points(group=_WORKBOOKS)}
    return sorted(name for name in names if re.fullmatch(r"[a-z][a-z0-9-]*", name))


def _group(tab: ET.Element, name: str, language: str) -> ET.Element:
    label = text("ribbon", f"group_{name}", language)
    return ET.SubElement(tab, "group", id=f"coproGroup_{name}", label=label)


def _add_new_workbooks(group: ET.Element, language: str) -> None:
    names = workbook_names()
    if not names:
        return
    menu = ET.SubElement(group, "menu", {"id": "coproNew", "imageMso": "FileNew", **_shown("new", language)})
    for name in names:
        button = {"id": f"coproNew_{name.replace('-', '_')}", "label": _workbook_label(name, language), "tag": name}
        ET.SubElement(menu, "button", {**button, "onAction": "CoproNewWorkbook"})


def _workbook_label(name: str, language: str) -> str:
    """The name in the reader's language; a workbook that somebody else has added is shown as it is called."""
    key = f"workbook_{name}"
    return text("ribbon", key, language) if key in topic("ribbon") else name


def _add_button(group: ET.Element, name: str, macro: str, picture: str, language: str) -> None:
    button = {"id": f"copro_{name}", "imageMso": picture, "onAction": macro}
    ET.SubElement(group, "button", {**button, **_shown(name, language)})


def _shown(name: str, language: str) -> dict[str, str]:
    """A large button with its name, and what it does when the mouse rests on it."""
    label, tip = text("ribbon", name, language), text("ribbon", f"{name}_tip", language)
    return {"label": label, "screentip": label, "supertip": tip, "size": "large"}
