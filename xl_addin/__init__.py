"""The COPRO worksheet functions: told once in the catalogue, shown by every front."""

from xl_addin.cells import CellError
from xl_addin.evaluate import call
from xl_addin.session import Session

__all__ = ["CellError", "Session", "call"]
