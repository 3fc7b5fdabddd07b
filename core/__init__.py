"""The COPRO tariff regulation as code and dated data: no spreadsheet, no terminal, no language of the screen."""
