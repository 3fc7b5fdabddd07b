"""The add-in's macros with stand-ins for what only Windows has, to be executed in LibreOffice.

The bridge and the wrappers are the real ones; in the place of the library and its Python stands `PYTHON`, which keeps
what it was given and answers what the test has laid ready.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from tests.excel.vba_in_libreoffice import run
from xl_addin.excel import wrappers
from xl_addin.excel.vba_project import Kind, Module

LIBRARY = """Option Explicit
Public given As Variant
Public answer As Variant
Public calledModule As String
Public calledFunction As String
Public calls As Long
Public starts As Long
Public failingStarts As Long
Public failingCalls As Long
Public failsAlive As Boolean
Public front1904 As Boolean
Public cell1904 As Variant

Public Function StartedServer(ByVal attempt As Long) As Object
    starts = starts + 1
    If starts <> attempt Then Err.Raise 5, "test", "attempt " & attempt
    If failingStarts > 0 Then
        failingStarts = failingStarts - 1
        Err.Raise 515, "COPRO", "no start " & starts
    End If
    Set StartedServer = New FakePython
End Function

Public Function CallersDate1904() As Boolean
    If IsEmpty(cell1904) Then Err.Raise 424, "test", "no cell"
    CallersDate1904 = cell1904
End Function
"""

PYTHON = """Option Explicit
Public Function CallUDF(moduleName, functionName, arguments, Optional book, Optional caller) As Variant
    calls = calls + 1
    If failingCalls > 0 Then
        failingCalls = failingCalls - 1
        Err.Raise 462, "test", "no answer " & calls
    End If
    calledModule = moduleName
    calledFunction = functionName
    given = arguments
    CallUDF = answer
End Function

Public Function Bool(value) As Boolean
    If Not failsAlive Then Err.Raise 462, "test", "dead"
    Bool = True
End Function
"""

BUTTON = """Option Explicit
Public Property Get Tag() As String
    Tag = "late-payment"
End Property
"""

SHOWING = """
' A value with its type, arrays with their rows.
Public Function Shown(value) As String
    Dim n As Long, m As Long
    If IsArray(value) Then
        If Columns(value) = 0 Then
            For n = LBound(value) To UBound(value)
                Shown = Shown & IIf(n > LBound(value), ", ", "") & Shown(value(n))
            Next n
            Shown = "[" & Shown & "]"
            Exit Function
        End If
        For n = LBound(value, 1) To UBound(value, 1)
            If n > LBound(value, 1) Then Shown = Shown & "; "
            For m = LBound(value, 2) To UBound(value, 2)
                Shown = Shown & IIf(m > LBound(value, 2), ", ", "") & Shown(value(n, m))
            Next m
        Next n
        Shown = "{" & Shown & "}"
    ElseIf IsError(value) Then
        Shown = "!" & CLng(Mid(CStr(value), 7))
    ElseIf IsEmpty(value) Then
        Shown = "Empty"
    ElseIf VarType(value) = vbString Then
        Shown = "'" & value & "'"
    Else
        Shown = CStr(value)
    End If
End Function

Private Function Columns(value) As Long
    On Error Resume Next
    Columns = UBound(value, 2) - LBound(value, 2) + 1
End Function

Public Sub Say(label, value)
    report = report & label & "=" & Shown(value) & vbLf
End Sub
"""

#: LibreOffice has neither the calling cell nor a workbook's date system.
_DATE_SYSTEM = {
    "Application.Caller.Worksheet.Parent.Date1904": "CallersDate1904()",
    "ActiveWorkbook.Date1904": "front1904",
}


def executed(
    steps: str, *, replaced: Mapping[str, str] = _DATE_SYSTEM, stand_ins: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """What the steps say: ``Say "label", value`` keeps a value, which comes back as `SHOWING` writes it.

    ``replaced`` are pieces of the real macros that LibreOffice cannot do, and what does it for them; ``stand_ins`` are
    modules in the place of the real ones of that name, or further ones.
    """
    test = (
        f"Option Explicit\nPrivate report As String\n{SHOWING}\n"
        f"Public Function Told() As String\n{steps}\nTold = report\nEnd Function\n"
    )
    others = {"CoproLibrary": LIBRARY, "Tests": test, **stand_ins}
    ours = [module for module in real_modules() if module.name not in ("ThisWorkbook", *others)]
    for old, new in replaced.items():
        assert any(old in module.source for module in ours), old
        ours = [module._replace(source=module.source.replace(old, new)) for module in ours]
    added = [Module(name, source, Kind.STANDARD) for name, source in others.items()]
    classes = [Module("FakePython", PYTHON, Kind.CLASS), Module("FakeButton", BUTTON, Kind.CLASS)]
    lines = run([*ours, *added, *classes], "Told").splitlines()
    return dict(line.split("=", 1) for line in lines)


def real_modules() -> list[Module]:
    """The add-in's modules, its sheets called as the macros call them."""
    return wrappers.modules(["functions", "texts"])


def filling(sheet: str, rows: Iterable[Sequence[str]]) -> str:
    """Steps that write texts on a sheet."""
    cells = [
        f".Cells({row}, {column}).Value2 = {_literal(cell)}"
        for row, texts in enumerate(rows, 1)
        for column, cell in enumerate(texts, 1)
    ]
    return "\n".join([f'With ThisWorkbook.Worksheets("{sheet}")', *cells, "End With\n"])


def _literal(text: str) -> str:
    quoted = text.replace('"', '""').replace("\n", '" & vbLf & "')
    return f'"{quoted}"'
