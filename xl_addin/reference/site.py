"""All pages of a language, and the page from which the languages are chosen."""

from __future__ import annotations

from core.formats import label
from core.topics import LANGUAGES
from xl_addin.catalogue import FUNCTIONS
from xl_addin.reference import as_markdown
from xl_addin.reference.document import Document
from xl_addin.reference.function_page import function_page
from xl_addin.reference.index_page import index_page
from xl_addin.reference.words import words


def pages(language: str) -> dict[str, Document]:
    """Every page by its name, the index (``""``) first."""
    documents = [index_page(language), *(function_page(function, language) for function in FUNCTIONS.values())]
    return {document.name: document for document in documents}


def docs() -> dict[str, str]:
    """Every file of docs/functions: its path, and the Markdown in it."""
    files = {f"{as_markdown.INDEX}.md": _languages()}
    for language in LANGUAGES:
        for name, page in pages(language).items():
            files[f"{language}/{name or as_markdown.INDEX}.md"] = as_markdown.markdown(page)
    return files


def _languages() -> str:
    lines = [
        f"- [{label('LANGUAGE', language, language)}]({language}/{as_markdown.INDEX}.md): {words('title', language)}"
        for language in LANGUAGES
    ]
    choose = " / ".join(words("languages", language) for language in LANGUAGES)
    return "\n".join(["# COPRO", "", choose, "", *lines]) + "\n"
