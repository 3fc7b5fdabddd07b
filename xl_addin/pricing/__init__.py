"""Registers of any size priced as columns: read in blocks, priced with `core.batch`, written in the same order.

========  ===========================================================================================
fields    the columns that are understood, and those that are added; their names in four languages
tables    a block of rows, as lists of cells; `arrow_table` the same on Arrow's own memory
engine    a block priced: six amounts a row, or the error it ends in, with its reason
formats   ``csv_file``, ``xlsx_file`` and ``parquet_file`` read and write blocks
stream    blocks priced on every core, in order, a few in memory at a time
========  ===========================================================================================
"""
