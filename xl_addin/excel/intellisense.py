"""Help while typing, for the IntelliSense extension of Excel-DNA, where a user has it: functions and arguments as XML.

The extension reads a file that stands beside an add-in and is called as it, or the same text inside the add-in.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from core.saving import saved
from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.excel.wrappers import argument_names
from xl_addin.excel.xml_part import xml_part

NAMESPACE = "http://schemas.excel-dna.net/intellisense/1.0"


def write_intellisense(target: Path, language: str) -> None:
    """Writes the file (``copro.IntelliSense.xml``), replacing an older one; raises `FileError`."""
    with saved(target, force=True, suffix=".xml") as file:
        file.write_bytes(intellisense(language))


def intellisense(language: str) -> bytes:
    """The functions of the catalogue, as the extension reads them."""
    root = ET.Element("IntelliSense", xmlns=NAMESPACE)
    functions = ET.SubElement(root, "FunctionInfo")
    for function in FUNCTIONS.values():
        functions.append(_function(function, language))
    return xml_part(root)


def _function(function: Function, language: str) -> ET.Element:
    element = ET.Element("Function", Name=function.name, Description=function.help(language))
    optional = {argument.name for argument in function.arguments if not argument.required}
    for name in argument_names(function):
        shown = f"[{name}]" if name in optional else name
        ET.SubElement(element, "Argument", Name=shown, Description=function.argument_help(name, language))
    return element
