"""Runs VBA without Excel: LibreOffice opens a workbook made here, with the modules in it, and calls one function.

What LibreOffice 25.2 does otherwise than Excel (``test_vba_in_libreoffice.py`` runs each of these):

- A mistake in any module stops them all, and a name that is not declared is an error only when it is reached.
- ``#If VBA7``, ``Win64`` and ``Mac`` are all false. A ``Declare PtrSafe`` is read, but calling it is error 73. So what
  calls a library belongs into a module of its own, which a test replaces with another of the same name.
- There is no ``LongPtr``, no ``CDec`` and no ``Application.MacroOptions``; ``Workbook.Date1904`` does not exist.
- ``Application.Caller`` is Empty, also in a cell.
- An error cell read through ``Range.Value2`` is 0, and an error given to a function in a cell never reaches it.
- A ``CVErr`` that a function gives is a text in the cell (``Error 2042``): ask ``IsError`` in VBA instead.
- In a cell ``=F(,2)`` gives 0 for what is left out, and ``TRUE`` arrives as a Double.
- ``Workbook_Open`` is not called.
- ``TypeName`` of an instance of a class module is ``Object``; ``CreateObject`` of what is not there is error 323.

As in Excel: ``CVErr`` and its comparison, ``IsMissing`` (handed on too), ``ParamArray``, ``On Error`` in all its forms,
``Err.Raise``, ``TypeName``, ``Array``, ``ReDim Preserve``, two-dimensional Variant arrays, ``Range.Value2``,
``Application.Volatile``, ``Application.Run``, ``ChrW``, late-bound calls of class modules with optional arguments, and
public functions in formulas, where a reference arrives as a Range.
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from xl_addin.calc import office
from xl_addin.excel.vba_project import Kind, Module, write

_PROJECT = "CoproTests"
_CALLER = "CoproCaller"
_SCRIPT_NAME = "run_vba.py"

#: Macros run without being asked about, and nothing is fetched.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"> <item
oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
oor:op="fuse"><value>0</value></prop></item> <item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop
oor:name="Link" oor:op="fuse"><value>2</value></prop></item> </oor:items>
"""

#: Runs in LibreOffice's own Python: opens each workbook, calls its function, writes down what they give.
_SCRIPT = """
import json, os, traceback
from com.sun.star.beans import PropertyValue

OPTIONS = (PropertyValue("Hidden", 0, True, 0), PropertyValue("MacroExecutionMode", 0, 4, 0))

def call(workbook, function):
    address = f"vnd.sun.star.script:{function}?language=Basic&location=document"
    try:
        workbook = XSCRIPTCONTEXT.getDesktop().loadComponentFromURL(workbook, "_blank", 0, OPTIONS)
        return workbook.getScriptProvider().getScript(address).invoke((), (), ())[0]
    except Exception:
        return "error " + traceback.format_exc()

def main(*_):
    try:
        answers = [call(*wanted) for wanted in json.loads(os.environ["VBA_CALLS"])]
        with open(os.environ["VBA_ANSWERS"], "w", encoding="utf-8") as file:
            json.dump(answers, file)
    finally:
        os._exit(0)
"""

#: Calls the function so that an error in it is told. What does not compile is not called: the answer is empty then.
_CALL = """Option Explicit
Public Function CallIt() As String
    On Error GoTo Failed
    CallIt = "given " & {function}()
    Exit Function
Failed:
    CallIt = "error " & Err.Number & ": " & Err.Description
End Function
"""

_PROCEDURE = re.compile(
    r"^[ \t]*(?:(?:Public|Private|Friend|Static)[ \t]+)*(?P<kind>Function|Sub|Property)\b[ \t]*(?P<name>[^(\n]*)"
    r".*?^[ \t]*End (?P=kind)\b",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_VBA_TYPE = "application/vnd.ms-office.vbaProject"
_VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


class VbaError(Exception):
    """The function gave no text: its error, what does not compile, or what LibreOffice said."""


def run(modules: Sequence[Module], macro: str, *, timeout: float = 60) -> str:
    """What ``Function <macro>() As String``, public in a standard module of ``modules``, gives in LibreOffice.

    ``ThisWorkbook`` and a sheet are added unless they are given. ``timeout`` is in seconds; when this returns,
    LibreOffice and what it started has ended, and the settings it made are gone. Raises `VbaError`.
    """
    places = [m.name for m in modules for f in _PROCEDURE.finditer(m.source) if f["name"].strip() == macro]
    if not places:
        raise VbaError(f"no module has a function {macro}")
    caller = Module(_CALLER, _CALL.format(function=f"{places[0]}.{macro}"), Kind.STANDARD)
    (told,) = _call([([*modules, caller], f"{_CALLER}.CallIt")], timeout)
    if told.startswith("given "):
        return told.removeprefix("given ")
    raise VbaError(told.removeprefix("error ") or _not_compiled(modules, timeout))


def _not_compiled(modules: Sequence[Module], timeout: float) -> str:
    """Which procedures do not compile: each is put into a workbook of its own, and called upon to say that it does."""
    pieces = [piece for module in modules for piece in _pieces(module)]
    probe = '\nPublic Function Compiles() As String\nCompiles = "yes"\nEnd Function\n'
    probes = [[Module("Piece", source + probe, Kind.STANDARD)] for _, source in pieces]
    told = _call([(modules, "Piece.Compiles") for modules in probes], timeout)
    wrong = [place for (place, _), answer in zip(pieces, told, strict=True) if answer != "yes"]
    return f"does not compile: {', '.join(wrong) or 'something, but no procedure alone'}"


def _pieces(module: Module) -> Iterator[tuple[str, str]]:
    """The procedures of a module, each with its place, and what stands outside them."""
    yield f"{module.name}, outside its procedures", _PROCEDURE.sub("", module.source)
    for found in _PROCEDURE.finditer(module.source):
        line = module.source.count("\n", 0, found.start()) + 1
        yield f"{module.name}.{found['name'].strip()} (line {line})", found[0]


def _call(calls: Sequence[tuple[Sequence[Module], str]], timeout: float) -> list[str]:
    """What each ``Module.Function`` gives, each in a workbook of its own, all in one LibreOffice."""
    with tempfile.TemporaryDirectory(prefix="copro-vba-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        wanted = []
        for number, (modules, function) in enumerate(calls):
            workbook = folder / f"{number}.xlsm"
            write_workbook(workbook, modules)
            wanted.append((workbook.as_uri(), f"{_PROJECT}.{function}"))
        answers = folder / "answers.json"
        variables = {"TMPDIR": name, "VBA_CALLS": json.dumps(wanted), "VBA_ANSWERS": str(answers)}
        try:
            _, said = office.run(_command(folder / "profile"), office.own_environment() | variables, timeout)
        except TimeoutError:
            raise VbaError(f"LibreOffice took more than {timeout:g} seconds") from None
        if not answers.exists():
            raise VbaError(f"LibreOffice gave no answer: {said}")
        return [str(told) for told in json.loads(answers.read_text(encoding="utf-8"))]


def _command(profile: Path) -> list[str]:
    """The command that starts LibreOffice with settings of its own and runs the script."""
    scripts = profile / "user" / "Scripts" / "python"
    scripts.mkdir(parents=True)
    (scripts / _SCRIPT_NAME).write_text(_SCRIPT, encoding="utf-8")
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return [
        str(office.libreoffice()),
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        f"-env:UserInstallation={profile.as_uri()}",
        f"vnd.sun.star.script:{_SCRIPT_NAME}$main?language=Python&location=user",
    ]


def write_workbook(target: Path, modules: Sequence[Module]) -> None:
    """The smallest workbook with these modules: a sheet for each document module that is not the workbook's own."""
    documents = [module.name for module in modules if module.kind is Kind.DOCUMENT]
    sheets = [name for name in documents if name != "ThisWorkbook"] or ["Sheet1"]
    missing = [Module(name, "", Kind.DOCUMENT) for name in ("ThisWorkbook", *sheets) if name not in documents]
    files = [f"worksheets/sheet{number}.xml" for number, _ in enumerate(sheets, 1)]
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>' for number, name in enumerate(sheets, 1)
    )
    relations = [(f"{_OFFICE}/worksheet", file) for file in files] + [(_VBA_RELATION, "vbaProject.bin")]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types({"workbook.xml": _WORKBOOK_TYPE} | dict.fromkeys(files, _SHEET_TYPE)),
        "_rels/.rels": _relations([(f"{_OFFICE}/officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations(relations),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/vbaProject.bin": write([*missing, *modules], _PROJECT),
    }
    for file, name in zip(files, sheets, strict=True):
        sheet = f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="{name}"/><sheetData/></worksheet>'
        parts[f"xl/{file}"] = sheet
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def _types(parts: dict[str, str]) -> str:
    overrides = "".join(f'<Override PartName="/xl/{part}" ContentType="{kind}"/>' for part, kind in parts.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="bin" ContentType="{_VBA_TYPE}"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
