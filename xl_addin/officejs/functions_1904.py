"""The same functions for workbooks that count days from 1904; dates come back as numbers, to be shown as dates."""

from __future__ import annotations

from xl_addin.catalogue import FUNCTIONS
from xl_addin.officejs.functions import worksheet_functions

globals().update(worksheet_functions(date1904=True))
__all__ = [*FUNCTIONS]  # noqa: PLE0604
