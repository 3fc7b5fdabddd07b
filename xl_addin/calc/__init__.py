"""LibreOffice Calc: the catalogue's functions as an add-in, and workbooks recalculated with them.

Needs nothing of LibreOffice to be imported; only `component` runs inside it.
"""
