"""Help while typing, as Excel-DNA's extension reads it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from core.errors import FileError
from core.topics import LANGUAGES
from xl_addin.catalogue import FUNCTIONS
from xl_addin.excel.intellisense import intellisense, write_intellisense
from xl_addin.excel.wrappers import argument_names

SPACE = "{http://schemas.excel-dna.net/intellisense/1.0}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_with_its_arguments(language: str) -> None:
    """One ``FunctionInfo`` in the root, a ``Function`` each, its ``Argument``s in order: what its serializer knows."""
    root = ET.fromstring(intellisense(language))
    assert root.tag == f"{SPACE}IntelliSense"
    assert [child.tag for child in root] == [f"{SPACE}FunctionInfo"]
    functions = list(root[0])
    assert [function.get("Name") for function in functions] == list(FUNCTIONS)
    for element in functions:
        function = FUNCTIONS[str(element.get("Name"))]
        assert set(element.attrib) == {"Name", "Description"}
        assert element.get("Description") == function.help(language)
        assert {child.tag for child in element} == {f"{SPACE}Argument"}
        needed = {argument.name for argument in function.arguments if argument.required} | {"arguments"}
        shown = [name if name in needed else f"[{name}]" for name in argument_names(function)]
        assert [child.get("Name") for child in element] == shown
        helps = [function.argument_help(name, language) for name in argument_names(function)]
        assert [child.get("Description") for child in element] == helps


def test_the_file(tmp_path: Path) -> None:
    target = tmp_path / "copro.IntelliSense.xml"
    target.write_text("an older one")
    write_intellisense(target, "fr")
    assert target.read_bytes() == intellisense("fr")
    assert target.read_bytes().startswith(b"<?xml ")
    with pytest.raises(FileError):
        write_intellisense(tmp_path / "nowhere" / "copro.IntelliSense.xml", "fr")
