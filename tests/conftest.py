"""Tests see the shipped data only: no folder, language or site of whoever runs them."""

from __future__ import annotations

import os
import tempfile

from hypothesis import settings

for variable in ("COPRO_DATA", "COPRO_LANGUAGE", "COPRO_SITE"):
    os.environ.pop(variable, None)
for variable in ("XDG_DATA_HOME", "APPDATA"):
    os.environ[variable] = tempfile.mkdtemp(prefix="copro-tests-")

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
