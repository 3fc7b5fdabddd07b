"""Checking a workbook that people have worked in: is what stands in its COPRO cells what the functions give today?

`formula` reads a formula into a tree, `sheets` gives the cells as they were saved, `evaluate` computes the tree from
them, and `checking` compares. Nothing of the workbook is run and nothing in it is changed.
"""

from __future__ import annotations

from xl_addin.audit.checking import Finding, Kind, Report, audit

__all__ = ["Finding", "Kind", "Report", "audit"]
