"""``python -m tests.fronts`` writes docs/fronts.md anew (it needs LibreOffice)."""

import tests.conftest  # noqa: F401 - no folder, language or site of whoever runs this
from tests.fronts.table import write

write()
