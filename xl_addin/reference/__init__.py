"""The functions' reference: a page a function in four languages, made from the catalogue and computed as it is made.

`pages` are the documents of a language; `markdown`, `html` and `as_text` show one. `write_docs` writes docs/functions,
`write_help` the pages that come with an installed add-in.
"""

from __future__ import annotations

from xl_addin.reference.as_html import html
from xl_addin.reference.as_markdown import markdown
from xl_addin.reference.as_text import as_text
from xl_addin.reference.document import Document
from xl_addin.reference.files import write_docs, write_help
from xl_addin.reference.function_page import function_page
from xl_addin.reference.site import pages

__all__ = ["Document", "as_text", "function_page", "html", "markdown", "pages", "write_docs", "write_help"]
