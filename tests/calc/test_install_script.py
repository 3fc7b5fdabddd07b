"""``tests/install-libreoffice`` copies the machine's own package source; nothing is installed here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "install-libreoffice"

DEB822 = """\
Types: deb
# a comment
URIs: http://packages.invalid/debian
Suites: SUITE SUITE-updates
Components: main
Signed-By: /usr/share/keyrings/some.gpg

Types: deb
URIs: http://packages.invalid/security
Suites: SUITE-security
Components: main

Enabled: no
Types: deb
URIs: http://elsewhere.invalid/debian
Suites: SUITE
Components: main
"""
ONE_LINE = """\
# deb http://packages.invalid/debian SUITE main
deb [signed-by=/usr/share/keyrings/some.gpg] http://packages.invalid/debian SUITE main contrib
deb http://packages.invalid/debian SUITE-updates main
deb-src http://packages.invalid/debian SUITE main
"""


def suite() -> str:
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        release = ""
    for line in release.splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    pytest.skip("this system does not say its release, so it has no package source to copy")


def entries(folder: Path) -> str:
    if shutil.which("bash") is None or shutil.which("awk") is None:
        pytest.skip("bash and awk are not here")
    done = subprocess.run([SCRIPT, "--backports", folder], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_a_source_in_the_new_format_is_copied_with_its_mirror_and_its_key(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822.replace("SUITE", suite()))
    assert entries(tmp_path).splitlines() == [
        "Types: deb",
        "URIs: http://packages.invalid/debian",
        f"Suites: {suite()}-backports",
        "Components: main",
        "Signed-By: /usr/share/keyrings/some.gpg",
    ]


def test_a_source_in_the_old_format_is_copied_with_its_mirror_and_its_key(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text(ONE_LINE.replace("SUITE", suite()))
    assert entries(tmp_path) == (
        f"deb [signed-by=/usr/share/keyrings/some.gpg] http://packages.invalid/debian {suite()}-backports main contrib"
    )


def test_nothing_is_made_up_where_there_is_no_source(tmp_path: Path) -> None:
    assert entries(tmp_path) == ""


def test_the_script_names_no_package_host() -> None:
    assert "http" not in SCRIPT.read_text(encoding="utf-8")
