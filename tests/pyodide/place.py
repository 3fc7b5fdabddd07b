"""Pyodide and the wheels it needs, kept outside the project: downloaded once, after that nothing is."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PYODIDE = "314.0.7"
NOT_NEEDED = ("xlsxwriter", "openpyxl", "tomli-w")
"""What only workbooks and the recording of figures need: the functions must do without."""
RUN = Path(__file__).with_name("run.mjs")


class Place(NamedTuple):
    """What a run needs: Pyodide's folder, the wheels of others, and our own."""

    pyodide: Path
    wheels: tuple[Path, ...]
    ours: Path


def missing() -> str:
    """The programs that are not installed, named."""
    return " and ".join(name for name in ("node", "npm") if shutil.which(name) is None)


def prepare(target: Path) -> Place:
    """Everything downloaded where it is not yet, and our wheel made from the sources, in ``target``."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "copro", f"pyodide-{PYODIDE}")
    cache.mkdir(parents=True, exist_ok=True)
    pyodide = cache / "node_modules" / "pyodide"
    if not (pyodide / "pyodide-lock.json").exists():
        quiet = ("--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error")
        _do("npm", "install", "--prefix", str(cache), *quiet, f"pyodide@{PYODIDE}")
    return Place(pyodide, _wheels(cache, pyodide), _our_wheel(target))


def _wheels(cache: Path, pyodide: Path) -> tuple[Path, ...]:
    wanted = _requirements()
    constraints = ROOT / "constraints.txt"
    state = hashlib.sha256("\n".join([*wanted, constraints.read_text("utf-8")]).encode()).hexdigest()[:12]
    folder = cache / f"wheels-{state}"
    if not folder.exists():
        info = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8"))["info"]
        version = "".join(info["python"].split(".")[:2])
        kind = ("--platform", f"pyemscripten_{info['abi_version']}_{info['arch']}", "--only-binary=:all:")
        python = ("--implementation", "cp", "--python-version", version, "--abi", f"cp{version}")
        part = cache / f"wheels-{state}.{os.getpid()}.part"
        _pip("download", *kind, *python, "--constraint", str(constraints), "--dest", str(part), *wanted)
        part.replace(folder)
    return tuple(sorted(folder.glob("*.whl")))


def _requirements() -> list[str]:
    """What the functions need, with the versions the project allows, and xlwings."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["excel"]]
    return [line for line in wanted if name_of(line).lower() not in NOT_NEEDED]


def name_of(requirement: str) -> str:
    """Its name without the versions."""
    return re.split(r"[^\w-]", requirement)[0]


def _our_wheel(target: Path) -> Path:
    _pip("wheel", "--no-deps", "--wheel-dir", str(target), str(ROOT))
    (wheel,) = target.glob("copro_tariff-*.whl")
    return wheel


def run(place: Place, task: dict[str, object], folder: Path) -> dict[str, object]:
    """Starts Pyodide in Node, lets it do ``task`` (see ``run.mjs``), and gives what it reports."""
    asked, told = folder / "task.json", folder / "report.json"
    asked.write_text(json.dumps({"pyodide": str(place.pyodide), "root": str(ROOT), **task}), encoding="utf-8")
    _do("node", str(RUN), str(asked), str(told))
    report: dict[str, object] = json.loads(told.read_text("utf-8"))
    return report


def _pip(*arguments: str) -> None:
    _do(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def _do(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])} …: {(done.stderr or done.stdout).strip()[-3000:]}")
