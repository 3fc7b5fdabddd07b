"""Writing the pages: each file beside its place and moved there, pages of functions that are gone removed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.errors import FileError, system_reason
from core.saving import saved
from xl_addin.reference.as_html import INDEX, html
from xl_addin.reference.site import docs, pages


def write_docs(folder: Path) -> None:
    """Writes docs/functions: Markdown, a folder a language.

    Raises:
        FileError: a file cannot be written.
    """
    _write(folder, docs(), "*/COPRO_*.md")


def write_help(folder: Path, language: str) -> None:
    """Writes the help of an installed add-in: index.html and a page a function, which need nothing else.

    Raises:
        FileError: a file cannot be written.
    """
    files = {f"{name or INDEX}.html": html(page) for name, page in pages(language).items()}
    _write(folder, files, "COPRO_*.html")


def _write(folder: Path, files: Mapping[str, str], ours: str) -> None:
    """Writes every file, and removes those that look like ours and are no longer made."""
    try:
        for name, content in files.items():
            _put(folder / name, content)
        for file in set(folder.glob(ours)) - {folder / name for name in files}:
            file.unlink()
    except OSError as error:
        raise FileError("file_not_written", file=str(error.filename), reason=system_reason(error)) from error


def _put(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with saved(file, force=True, suffix=file.suffix) as place:
        place.write_bytes(content.encode("utf-8"))
