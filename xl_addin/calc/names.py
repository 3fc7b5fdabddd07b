"""The names that LibreOffice knows the add-in by; `xl_addin.calc.component` bears the same."""

from __future__ import annotations

from typing import Final

ADD_IN_SERVICE: Final = "com.sun.star.sheet.AddIn"
FUNCTIONS_SERVICE: Final = "copro.calc.Functions"
CELLS_SERVICE: Final = "copro.calc.Cells"

#: The guards' helper (`xl_addin.calc.formulas`); no function of the catalogue.
CELLS_FUNCTION: Final = "COPRO_CELLS"
