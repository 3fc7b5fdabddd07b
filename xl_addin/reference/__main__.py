"""Writes the functions' reference: ``python -m xl_addin.reference docs/functions``."""

from __future__ import annotations

import sys
from pathlib import Path

from xl_addin.reference import write_docs

if len(sys.argv) != 2:
    sys.exit("usage: python -m xl_addin.reference FOLDER")
write_docs(Path(sys.argv[1]))
