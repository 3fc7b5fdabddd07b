"""The buttons' macros, executed in LibreOffice: what they ask of the copro command and what they tell."""

from __future__ import annotations

import shutil

import pytest

from tests.excel.stand_ins import executed, filling
from xl_addin.excel.ribbon import messages

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

COMMAND = """Option Explicit
Public asked As String
Public reply As String
Public status As Long
Public opened As String
Public saved As String
Public removed As String
Public messages As String
Public answerToQuestion As Long
Public fileKind As Long
Public computed As Long

Public Function RunCommand(ByVal words As String, ByRef said As String) As Long
    asked = asked & "<" & words & ">"
    said = reply
    RunCommand = status
End Function

Public Function PythonFolder() As String
    PythonFolder = "P:"
End Function

Public Function Expanded(ByVal path As String) As String
    Expanded = path
End Function

Public Function Quoted(ByVal path As String) As String
    Quoted = "'" & path & "'"
End Function

Public Function TemporaryFile(ByVal ending As String) As String
    TemporaryFile = "T:\\copro-1" & ending
End Function

Public Function FileExists(ByVal path As String) As Boolean
End Function

Public Sub RemoveFile(ByVal path As String)
    removed = removed & path
End Sub

Public Sub OpenWorkbook(ByVal path As String)
    opened = opened & path
End Sub

Public Sub SaveCopy(ByVal path As String)
    saved = saved & path
End Sub

Public Sub ShowMessage(ByVal told As String, ByVal kind As Long, ByVal title As String)
    messages = messages & "<" & Replace(Replace(told, vbCr, ""), vbLf, "/") & ">"
End Sub

Public Function AskQuestion(ByVal told As String, ByVal kind As Long, ByVal title As String) As Long
    ShowMessage told, kind, title
    AskQuestion = answerToQuestion
End Function

Public Sub CalculateAll()
    computed = computed + 1
End Sub
"""

BUTTON = """
    Dim button As Object
    Set button = New FakeButton
    fileKind = 51
"""

REPLACED = {
    "Workbooks.Open ": "OpenWorkbook ",
    "ActiveWorkbook.SaveCopyAs ": "SaveCopy ",
    "ActiveWorkbook.FileFormat": "fileKind",
    "MsgBox(": "AskQuestion(",
    "MsgBox told": "ShowMessage told",
    "Application.CalculateFull": "CalculateAll",
    "ByVal control As IRibbonControl": "ByVal control As Object",
    "Application.Cursor = xlWait": "",
    "Application.Cursor = xlDefault": "",
    "book.LinkSources(EXCEL_LINKS)": "Empty",
    "Workbooks.Add.Worksheets(1)": 'ThisWorkbook.Worksheets("functions")',
}


def pressed(steps: str) -> dict[str, str]:
    """What happens when buttons are pressed, with stand-ins for Windows and Excel."""
    texts = filling("texts", messages("en").items())
    return executed(texts + BUTTON + steps, replaced=REPLACED, stand_ins={"CoproCommand": COMMAND})


def test_a_new_workbook_is_made_and_opened() -> None:
    told = pressed(
        """
    CoproNewWorkbook button
    Say "asked", asked
    Say "opened", opened
    status = 2: reply = "copro: no room": opened = ""
    CoproNewWorkbook button
    Say "opened", opened
    Say "told", messages
    """
    )
    assert told["asked"] == "'<workbook late-payment -o 'T:\\copro-1.xlsx'>'"
    assert told["opened"] == "''"
    assert told["told"] == "'<copro: no room>'"


def test_figures_are_recorded_only_when_their_changes_are_agreed_to() -> None:
    told = pressed(
        """
    reply = "2 changes": answerToQuestion = vbNo
    CoproUpdate button
    Say "refused", asked
    Say "question", messages
    answerToQuestion = vbYes: asked = "": messages = ""
    CoproUpdate button
    Say "agreed", asked
    Say "told", messages
    Say "computed", computed
    Say "copies", saved
    Say "removed", removed
    status = 1: reply = "row 3 is wrong": asked = "": messages = ""
    CoproUpdate button
    Say "wrong", asked
    Say "reason", messages
    """
    )
    assert told == {
        "refused": "'<update 'T:\\copro-1.xlsx' --dry-run>'",
        "question": "'<2 changes//Record these changes?>'",
        "agreed": "'<update 'T:\\copro-1.xlsx' --dry-run><update 'T:\\copro-1.xlsx' --yes>'",
        "told": "'<2 changes//Record these changes?><2 changes>'",
        "computed": "1",
        "copies": "'T:\\copro-1.xlsxT:\\copro-1.xlsx'",
        "removed": "'T:\\copro-1.xlsxT:\\copro-1.xlsx'",
        "wrong": "'<update 'T:\\copro-1.xlsx' --dry-run>'",
        "reason": "'<row 3 is wrong>'",
    }


def test_the_open_workbook_is_checked_as_a_copy_under_our_own_name() -> None:
    told = pressed(
        """
    reply = "nothing is wrong": fileKind = 52
    CoproCheck button
    Say "asked", asked
    Say "saved", saved
    Say "told", messages
    fileKind = 50: asked = "": messages = ""
    CoproCheck button
    Say "xlsb", asked
    Say "reason", messages
    """
    )
    assert told == {
        "asked": "'<audit 'T:\\copro-1.xlsm'>'",
        "saved": "'T:\\copro-1.xlsm'",
        "told": "'<nothing is wrong>'",
        "xlsb": "''",
        "reason": f"'<{messages('en')['not_xlsx']}>'",
    }


def test_status_says_whether_the_cells_reach_python() -> None:
    told = pressed(
        """
    reply = "version 1"
    CoproStatus button
    Say "well", messages
    Say "asked", asked
    Say "server", calledFunction
    failingStarts = 2: messages = ""
    CoproStatus button
    Say "ill", messages
    Say "started", starts
    failingStarts = 0: messages = ""
    CoproStatus button
    Say "not paused", messages
    messages = ""
    CoproStatus button
    Say "told once", messages
    failingCalls = 1: messages = ""
    Say "recovers", COPRO_RATE("HOUR")
    CoproStatus button
    Say "not told", messages
    """
    )
    assert told["well"] == "'<version 1/The cells reach Python.>'"
    assert (told["asked"], told["server"]) == ("'<call COPRO_STATUS>'", "'COPRO_STATUS'")
    assert told["ill"].startswith("'<version 1/The cells do not reach Python: no start 3/Run 'copro addin doctor'")
    assert told["not paused"].startswith("'<version 1/The cells reach Python./It failed before: no start 3/")
    assert told["told once"] == told["not told"] == told["well"]


def test_a_long_text_comes_on_a_sheet_as_text() -> None:
    told = pressed(
        """
    reply = String(890, "x") & vbCrLf & "=1+1" & vbLf & "end of it"
    CoproCheck button
    Say "no message", messages
    With ThisWorkbook.Worksheets("functions")
        Say "formula", .Cells(2, 1).Value2
        Say "last", .Cells(3, 1).Value2
    End With
    """
    )
    assert told == {"no message": "''", "formula": "'=1+1'", "last": "'end of it'"}


LINKS = """Option Explicit
Public changed As String

Public Function TheLinks() As Variant
    TheLinks = Array("C:\\budget.xlsx", "D:\\old\\COPRO.XLAM", "C:\\here\\copro.xlam", "C:\\not-copro.xlam")
End Function

Public Sub Change(ByVal link As String, ByVal target As String, ByVal kind As Long)
    changed = changed & "<" & link & " to " & target & ">"
End Sub
"""


def test_links_to_another_copy_of_the_add_in_are_repaired_when_the_user_agrees() -> None:
    here = {
        "book.LinkSources(EXCEL_LINKS)": "TheLinks()",
        "book.ChangeLink": "Change",
        "ThisWorkbook.FullName": '"C:\\here\\copro.xlam"',
    }
    told = executed(
        filling("texts", messages("en").items())
        + BUTTON
        + """
    answerToQuestion = vbNo
    CoproCheck button
    Say "refused", changed
    answerToQuestion = vbYes
    CoproCheck button
    Say "agreed", changed
    """,
        replaced=REPLACED | here,
        stand_ins={"CoproCommand": COMMAND, "Links": LINKS},
    )
    assert told == {"refused": "''", "agreed": "'<D:\\old\\COPRO.XLAM to C:\\here\\copro.xlam>'"}
