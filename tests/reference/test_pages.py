"""The pages themselves: as in docs/functions, complete, the same everywhere, with links that lead somewhere."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.errors import FileError
from core.topics import LANGUAGES, topic
from tests.core.sources import ROOT
from xl_addin import catalogue
from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.cells import as_written
from xl_addin.reference import as_text, html, markdown, pages, write_docs, write_help
from xl_addin.reference.document import Code, Document, Paragraph, Table, plain
from xl_addin.reference.tries import refusals
from xl_addin.reference.worked import examples

DOCS = ROOT / "docs" / "functions"


def files(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in sorted(folder.rglob("*.*"))}


# --- docs/functions ------------------------------------------------------------------------------------------------


def test_docs_are_what_the_catalogue_makes(tmp_path: Path) -> None:
    write_docs(tmp_path)
    made, kept = files(tmp_path), files(DOCS)
    differing = sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))
    assert differing == [], "run make docs"
    assert len(made) == 1 + 4 * (1 + len(FUNCTIONS))


def test_pages_are_the_same_on_every_machine_and_day(tmp_path: Path) -> None:
    """Neither settings, data folder, time zone nor date of whoever makes them shows."""
    (tmp_path / "data").mkdir()
    own = {"COPRO_DATA": str(tmp_path / "data"), "COPRO_LANGUAGE": "fr", "COPRO_SITE": "NAMUR", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-m", "xl_addin.reference", str(tmp_path / "docs")]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=True)
    assert files(tmp_path / "docs") == files(DOCS)


def test_a_page_that_is_no_longer_made_goes(tmp_path: Path) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "COPRO_GONE.md").write_text("old")
    (tmp_path / "nl" / "notes.md").write_text("mine")
    write_docs(tmp_path)
    assert not (tmp_path / "nl" / "COPRO_GONE.md").exists()
    assert (tmp_path / "nl" / "notes.md").read_text() == "mine"


def test_a_new_function_gets_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    new = replace(FUNCTIONS["COPRO_VAT"], name="COPRO_NEW")
    words = dict.fromkeys(LANGUAGES, "A new one.")
    monkeypatch.setattr("xl_addin.reference.site.FUNCTIONS", {**FUNCTIONS, new.name: new})
    monkeypatch.setitem(topic("functions"), new.name, words)  # type: ignore[arg-type]
    monkeypatch.setitem(topic("reference"), f"term.{new.name}", words)  # type: ignore[arg-type]
    assert "COPRO_NEW" in pages("nl")
    assert "A new one." in markdown(pages("en")["COPRO_NEW"])


def test_every_function_and_only_a_function_has_a_term_and_every_table_its_columns() -> None:
    keys = topic("reference").keys()
    assert {key.removeprefix("term.") for key in keys if key.startswith("term.")} == set(FUNCTIONS)
    tables = {name for name, function in catalogue.FUNCTIONS.items() if function.table}
    assert {key.removeprefix("columns.") for key in keys if key.startswith("columns.")} == tables


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "help").write_text("a file where a folder should be")
    with pytest.raises(FileError, match="cannot be written"):
        write_help(tmp_path / "help", "nl")


# --- what a page holds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_a_page_tells_every_argument_and_every_code(function: Function, language: str) -> None:
    page = pages(language)[function.name]
    tables = [block for block in page.blocks if isinstance(block, Table)]
    told = [plain(row[0]) for table in tables for row in table.rows]
    assert [argument.name for argument in function.arguments if argument.name not in told] == []
    assert Paragraph((function.help(language),)) in page.blocks
    assert len(examples(function, language)) >= 1
    for table in tables:
        assert {len(row) for row in table.rows} == {len(table.headings)}
        assert all(table.headings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_formula_is_typed_as_in_that_language(language: str) -> None:
    """Read back the way a sheet does, it has the arguments of the example."""
    separator, mark = (",", ".") if language == "en" else (";", ",")
    for function in FUNCTIONS.values():
        given = [*function.examples, *function.made_up]
        for worked, arguments in zip(examples(function, language), given, strict=True):
            inner = worked.formula.removeprefix(f"={function.name}(").removesuffix(")")
            typed = next(csv.reader([inner], delimiter=separator)) if inner else []
            expected = [as_typed(value, mark) for value in arguments]
            assert typed == expected


def as_typed(value: object, mark: str) -> str:
    if isinstance(value, list):
        return "A2:B2"
    return "" if value is None else value if isinstance(value, str) else as_written(value).replace(".", mark)


def test_nothing_of_this_computer_and_nothing_unfilled() -> None:
    for language in LANGUAGES:
        for page in pages(language).values():
            text = as_text(page, 100)
            assert not re.search(r"\{\w*\}|None|/home|/work|/tmp|https?:", text), page.name


def test_a_page_for_the_terminal_keeps_to_its_width() -> None:
    for page in pages("nl").values():
        long = [line for line in as_text(page, 90).splitlines() if len(line) > 90 and not line.startswith("    ")]
        assert long == []


# --- errors --------------------------------------------------------------------------------------------------------

EXPECTED = {
    "before_regulation": "#N/A",
    "figure_missing": "#N/A",
    "construction_holidays_unknown": "#N/A",
    "clock_skips": "#NUM!",
    "hours_too_many": "#NUM!",
    "transport_in_belgium": "#NUM!",
    "number_too_large": "#NUM!",
    "periods_not_whole": "#NUM!",
    "as_of_before_invoice": "#NUM!",
    "notice_before_due": "#NUM!",
    "payment_before_invoice": "#NUM!",
}
"""Right type but impossible is #NUM!; a rule or figure that is not there is #N/A."""


def test_errors_are_what_the_agreement_says() -> None:
    found = {refusal.reason.key: refusal.code for f in FUNCTIONS.values() for refusal in refusals(f)}
    assert found == EXPECTED
    whole = {refusal.reason.key for refusal in refusals(FUNCTIONS["COPRO_INSPECTION_FEE"])}
    assert whole == {
        *("before_regulation", "figure_missing", "construction_holidays_unknown"),
        *("clock_skips", "hours_too_many", "transport_in_belgium"),
    }


# --- links and HTML ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_the_documentation_lead_somewhere(language: str) -> None:
    for file in (DOCS / language).glob("*.md"):
        for target, anchor in re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", file.read_text("utf-8")):
            there = (file.parent / target).read_text("utf-8")
            assert not anchor or f'<a id="{anchor}">' in there


class Reader(HTMLParser):
    """Takes the page in: its text, open elements, links, ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_stands_alone_and_is_well_formed(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "help" / language
    write_help(folder, language)
    assert {file.name for file in folder.iterdir()} == {"index.html", *(f"{name}.html" for name in FUNCTIONS)}
    read = {file.name: Reader(file.read_text("utf-8")) for file in folder.iterdir()}
    for page in read.values():
        assert page.open == []
        assert ("html", {"lang": language}) in page.elements
        assert {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe"} == set()
        assert all(attributes == {"scope": "col"} for tag, attributes in page.elements if tag == "th")
        assert [tag for tag, _ in page.elements].count("h1") == 1
        for target in (str(attributes["href"]) for tag, attributes in page.elements if tag == "a"):
            name, _, anchor = target.partition("#")
            assert not anchor or anchor in [attributes.get("id") for _, attributes in read[name].elements]
            assert name in read


def test_html_says_what_markdown_says() -> None:
    page = pages("en")["COPRO_INSPECTION_FEE"]
    text = Reader(html(page)).text.replace("\u00a0", " ")
    for block in page.blocks:
        if isinstance(block, Table):
            assert all(plain(cell) in text for row in block.rows for cell in row)


def test_marks_in_a_text_are_not_taken_for_markup() -> None:
    page = Document("", "a|b", "en", (Table(("x*y",), ((("<b> [1]", Code("c")),),)),))
    assert markdown(page) == "# a\\|b\n\n| x\\*y |\n| --- |\n| \\<b\\> \\[1\\]`c` |\n"
    assert "&lt;b&gt;" in html(page)


def test_code_holds_no_bar_which_a_markdown_table_could_not_show() -> None:
    for page in pages("fr").values():
        cells = [cell for block in page.blocks if isinstance(block, Table) for row in block.rows for cell in row]
        assert not [part for cell in cells for part in cell if isinstance(part, Code) and "|" in part.text]
