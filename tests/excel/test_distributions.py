"""Which packages go into the private environment, and copying them."""

from __future__ import annotations

import sys
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from xl_addin.excel import distributions
from xl_addin.excel.distributions import copy, libraries, needed
from xl_addin.excel.installation_error import InstallationError


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages in which the toolkit is called ``made-up``."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(distributions, "DISTRIBUTION", "made-up")
    return folder


def package(site: Path, name: str, version: str, *requires: str, record: str | None = "") -> None:
    """An installed package; its record lists these files, and those of its own description."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    lines = [f"Name: {name}", f"Version: {version}", "Provides-Extra: excel", "Provides-Extra: all"]
    lines += [f"Requires-Dist: {line}" for line in requires]
    (info / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")
    if record is not None:
        (info / "RECORD").write_text(f"{info.name}/METADATA,,\n{record}")


def names() -> list[str]:
    return sorted(f"{found.name} {found.version}" for found in needed())


def test_everything_that_is_asked_for_is_found_with_its_markers_and_extras(site: Path) -> None:
    package(
        site,
        "made-up",
        "1.0",
        "one>=1",
        'bridge==2.0; extra == "excel"',
        'never; extra == "test"',
        'elsewhere; platform_system == "Plan 9"',
    )
    package(site, "one", "1.5", "Two_Three[all]", "made-up")
    package(site, "two-three", "0.1b1", 'four; extra == "all"', f'four; python_version >= "{sys.version_info[0]}.0"')
    package(site, "four", "4")
    package(site, "bridge", "2.0")
    assert names() == ["bridge 2.0", "four 4", "made-up 1.0", "one 1.5", "two-three 0.1b1"]


def test_what_is_missing_or_too_old_is_told(site: Path) -> None:
    package(site, "made-up", "1.0", 'bridge==2.0; extra == "excel"')
    with pytest.raises(InstallationError, match=r"bridge==2\.0 is not installed"):
        needed()
    package(site, "bridge", "1.9")
    with pytest.raises(InstallationError, match=r"bridge==2\.0 is asked for, but version 1\.9"):
        needed()


def test_the_toolkit_itself_needs_what_it_needs() -> None:
    found = {distribution.name.lower() for distribution in needed()}
    assert {"copro-tariff", "xlwings", "pydantic", "pydantic_core", "openpyxl", "xlsxwriter"} <= found
    assert "pytest" not in found


def test_the_files_of_the_record_are_copied(site: Path, tmp_path: Path) -> None:
    record = "one/__init__.py,,\none/data.bin,,\none/__pycache__/x.pyc,,\n../../bin/one,,\none-1.dist-info/RECORD,,\n"
    package(site, "one", "1", record=record)
    (site / "one").mkdir()
    (site / "one" / "__init__.py").write_text("x = 1")
    (site / "one" / "data.bin").write_bytes(b"\0")
    (site / "one" / "data.bin").chmod(0o444)
    copy(Distribution.from_name("one"), tmp_path / "target")
    copied = {str(file.relative_to(tmp_path / "target")) for file in (tmp_path / "target").rglob("*") if file.is_file()}
    assert copied == {"one/__init__.py", "one/data.bin", "one-1.dist-info/METADATA", "one-1.dist-info/RECORD"}
    original, copied_file = site / "one" / "__init__.py", tmp_path / "target" / "one" / "__init__.py"
    assert copied_file.stat().st_mtime_ns == original.stat().st_mtime_ns
    assert (tmp_path / "target" / "one" / "data.bin").stat().st_mode & 0o200
    (site / "one" / "data.bin").unlink()
    with pytest.raises(InstallationError, match=r"data\.bin is missing from the package one"):
        copy(Distribution.from_name("one"), tmp_path / "again")


def test_a_package_without_a_record_cannot_be_copied(site: Path, tmp_path: Path) -> None:
    package(site, "one", "1", record=None)
    with pytest.raises(InstallationError, match="does not say which files"):
        copy(Distribution.from_name("one"), tmp_path / "target")


def test_the_libraries_are_found_beside_python_or_among_the_packages(site: Path, tmp_path: Path) -> None:
    package(site, "xlwings", "0.37.8")
    xlwings = Distribution.from_name("xlwings")
    assert libraries(xlwings, tmp_path) == []
    (site / "xlwings64-0.37.8.dll").touch()
    (tmp_path / "xlwings32-0.37.8.dll").touch()
    (tmp_path / "xlwings32-0.36.0.dll").touch()
    assert libraries(xlwings, tmp_path) == [tmp_path / "xlwings32-0.37.8.dll", site / "xlwings64-0.37.8.dll"]
    (tmp_path / "xlwings64-0.37.8.dll").touch()
    assert libraries(xlwings, tmp_path)[1] == tmp_path / "xlwings64-0.37.8.dll"
