"""The tab COPRO: buttons for what is installed, macros that exist, texts in every language."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint
from xml.etree import ElementTree as ET

import pytest

from core.topics import LANGUAGES
from xl_addin.excel import ribbon, wrappers

SPACE = "{http://schemas.microsoft.com/office/2009/07/customui}"
KINDS = ("guide", "index", "late-payment", "quote", "register", "tariff-card")
ATTRIBUTES = {
    "tab": {"id", "label"},
    "group": {"id", "label"},
    "menu": {"id", "label", "screentip", "supertip", "size", "imageMso"},
    "button": {"id", "label", "screentip", "supertip", "size", "imageMso", "tag", "onAction"},
}
"""Those of the schema that are used; Excel ignores a whole tab with one it does not know."""
LONGEST = 1024
"""Characters in a label or a tip."""


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, [*KINDS, "our-own"], ["update", "audit", "quote"])


def install(monkeypatch: pytest.MonkeyPatch, workbooks: list[str], commands: list[str]) -> None:
    points = [EntryPoint(name, "somewhere:write", "copro.workbooks") for name in workbooks]
    monkeypatch.setattr(ribbon, "entry_points", lambda *, group: points if group == "copro.workbooks" else [])
    monkeypatch.setattr(ribbon, "commands", lambda: dict.fromkeys(commands, "somewhere"))


def buttons(language: str = "en") -> dict[str, ET.Element]:
    root = ET.fromstring(ribbon.ribbon(language))
    return {str(button.get("id")): button for button in root.iter(f"{SPACE}button")}


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tab_is_what_the_schema_knows(language: str) -> None:
    root = ET.fromstring(ribbon.ribbon(language))
    path = ["customUI", "ribbon", "tabs", "tab"]
    element = root
    for tag in path[1:]:
        assert len(element) == 1
        element = element[0]
        assert element.tag == SPACE + tag
    identities = [found.get("id") for found in element.iter()]
    assert len(identities) == len(set(identities))
    for found in element.iter():
        tag = found.tag.removeprefix(SPACE)
        inside_menu = tag == "button" and found.get("size") is None
        assert set(found.attrib) <= ATTRIBUTES[tag]
        assert {"id", "label"} <= set(found.attrib)
        assert re.fullmatch(r"[A-Za-z]\w*", str(found.get("id")))
        assert inside_menu or found.get("size", "large") == "large"
        assert all(0 < len(value) <= LONGEST for value in found.attrib.values())


@pytest.mark.usefixtures("everything")
def test_every_button_has_its_macro() -> None:
    source = next(module.source for module in wrappers.modules([]) if module.name == "CoproRibbon")
    macros = set(re.findall(r"^Public Sub (\w+)\(ByVal control As IRibbonControl\)$", source, re.MULTILINE))
    asked = {button.get("onAction") for button in buttons().values()}
    assert asked == macros


@pytest.mark.usefixtures("everything")
def test_a_new_workbook_of_every_kind() -> None:
    new = [button for button in buttons("fr").values() if button.get("onAction") == "CoproNewWorkbook"]
    assert [button.get("tag") for button in new] == sorted([*KINDS, "our-own"])
    labels = {button.get("tag"): button.get("label") for button in new}
    assert labels["late-payment"] == "Retard de paiement"
    assert labels["our-own"] == "our-own"


def test_only_what_is_installed_has_a_button(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, ["quote"], ["audit"])
    assert list(buttons()) == ["coproNew_quote", "copro_audit", "copro_status", "copro_help"]
    install(monkeypatch, [], [])
    assert list(buttons()) == ["copro_status", "copro_help"]


def test_a_name_that_is_no_plain_word_reaches_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, ['quote" & calc.exe', "Quote", "quote x", "-o", "quote"], [])
    assert ribbon.workbook_names() == ["quote"]


def test_what_is_installed_here_is_found() -> None:
    assert "quote" in ribbon.workbook_names()


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_fill_in_a_detail_or_nothing(language: str) -> None:
    told = ribbon.messages(language)
    assert told["language"] == language
    assert all(set(re.findall(r"\{(\w+)\}", words)) <= {"detail"} for words in told.values())
    assert all(len(words) < 900 for words in told.values())
