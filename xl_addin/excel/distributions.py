"""The installed packages that the toolkit needs, and copying them: the same versions as were tried, nothing fetched."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from xl_addin.excel.installation_error import InstallationError
from xl_addin.version import DISTRIBUTION

_EXTRA = "excel"
_OWN_PACKAGES = ("core", "xl_addin", "workbooks")


def needed() -> list[Distribution]:
    """The toolkit and everything it needs in Excel, as installed where this runs.

    Raises:
        InstallationError: a package is not installed, or not the version that is asked for.
    """
    found: dict[str, Distribution] = {}
    waiting = [Requirement(f"{DISTRIBUTION}[{_EXTRA}]")]
    seen = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, *sorted(requirement.extras)) in seen:
            continue
        seen.add((name, *sorted(requirement.extras)))
        distribution = found[name] = found.get(name) or _installed(requirement)
        waiting += _requirements(distribution, requirement.extras)
    return list(found.values())


def _installed(requirement: Requirement) -> Distribution:
    asked = f"{requirement.name}{requirement.specifier}"
    try:
        distribution = Distribution.from_name(requirement.name)
    except PackageNotFoundError:
        raise InstallationError("package_missing", package=asked) from None
    if not requirement.specifier.contains(distribution.version, prereleases=True):
        raise InstallationError("package_version", package=asked, version=distribution.version)
    return distribution


def _requirements(distribution: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in distribution.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield requirement


def copy(distribution: Distribution, packages: Path) -> None:
    """Copies a package's files into ``packages``, the folder the private environment imports from.

    What lies outside the folder of packages (scripts, manuals) is left behind: nobody calls it there.

    Raises:
        InstallationError: the package does not say which files are its own, or lacks one.
        OSError: a file cannot be read or written.
    """
    if _is_development(distribution):
        _copy_development(distribution, packages)
        return
    if not distribution.files:
        raise InstallationError("package_not_listed", package=distribution.name)
    for file in distribution.files:
        if ".." in file.parts or file.is_absolute():
            continue
        _copy_file(distribution, file, packages)


def _copy_file(distribution: Distribution, file: PackagePath, packages: Path) -> None:
    source = Path(str(distribution.locate_file(file)))
    if not source.is_file():
        if file.suffix == ".pyc" or file.name == "direct_url.json":
            return
        raise InstallationError("package_incomplete", package=distribution.name, file=source)
    target = packages / file
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)  # without its rights: the copy must be removable
    times = source.stat()
    os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))  # what was compiled from it says of what moment


def _is_development(distribution: Distribution) -> bool:
    """Whether the package is used from the folder it is written in, so that its own list names none of its modules."""
    told = distribution.read_text("direct_url.json")
    return bool(told and json.loads(told).get("dir_info", {}).get("editable"))


def _copy_development(distribution: Distribution, packages: Path) -> None:
    for name in _OWN_PACKAGES:
        folder = Path(str(import_module(name).__file__)).parent
        shutil.copytree(folder, packages / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in distribution.files or ():
        if file.parent.suffix == ".dist-info" and file.name not in ("direct_url.json", "RECORD"):
            _copy_file(distribution, file, packages)


def libraries(xlwings: Distribution, prefix: Path) -> list[Path]:
    """The libraries through which Excel calls xlwings (``xlwings32-….dll``, ``xlwings64-….dll``), wherever they are.

    They are installed beside the interpreter; an installation into a folder of packages leaves them in that folder.
    """
    folders = (prefix, Path(str(xlwings.locate_file(""))))
    names = [f"xlwings{bits}-{xlwings.version}.dll" for bits in (32, 64)]
    places = [[folder / name for folder in folders if (folder / name).is_file()] for name in names]
    return [found[0] for found in places if found]
