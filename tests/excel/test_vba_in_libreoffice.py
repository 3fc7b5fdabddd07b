"""What VBA does in LibreOffice: what the tests of our VBA may rely on, and what they must leave out."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.calc.conftest import why_not
from tests.excel.vba_in_libreoffice import VbaError, run
from xl_addin.excel.vba_project import Kind, Module

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


HEAD = """Option Explicit
#If VBA7 Or Win64 Or Mac Then
Private Declare PtrSafe Function Library Lib "nowhere.dll" (ByRef server As Object) As Long
Private Const BRANCH = "If"
#Else
Private Declare Function Library Lib "nowhere.dll" (ByRef server As Object) As Long
Private Const BRANCH = "Else"
#End If
Private Declare PtrSafe Function SafeLibrary Lib "nowhere.dll" (ByRef server As Object) As Long

Private Function Optionals(Optional a As Variant, Optional b As Variant) As String
    Optionals = IsMissing(a) & "/" & IsMissing(b)
End Function
Private Function HandedOn(Optional a, Optional b) As String
    HandedOn = Optionals(a, b)
End Function
Private Function Params(ParamArray x() As Variant) As String
    Params = LBound(x) & ".." & UBound(x)
    If UBound(x) >= 0 Then Params = Params & TypeName(x(0)) & IsMissing(x(0))
End Function
Private Function Twice(ByVal x As Variant) As Variant
    Twice = x * 2
End Function
Private Function Cell(address As String) As Object
    Set Cell = ThisWorkbook.Worksheets(1).Range(address)
End Function
Private Function Shown(formula As String) As String
    Cell("F5").Formula = formula
    Shown = Cell("F5").Text
End Function
Public Function InCell(Optional x As Variant, Optional y As Variant) As Variant
    InCell = TypeName(x) & IsMissing(x) & IsMissing(y) & TypeName(Application.Caller)
    If TypeName(x) = "Range" Then
        InCell = InCell & TypeName(x.Value2)
    ElseIf IsArray(x) Then
        InCell = InCell & LBound(x, 1) & UBound(x, 1) & LBound(x, 2) & UBound(x, 2)
    End If
End Function
Public Function Wrong() As Variant
    Wrong = CVErr(2042)
End Function
Public Function Square() As Variant
    Dim a() As Variant
    ReDim a(1 To 2, 1 To 2)
    a(1, 1) = 1.5
    a(1, 2) = "t"
    a(2, 1) = ""
    a(2, 2) = True
    Square = a
End Function
"""

SERVER = """Option Explicit
Public Count As Long
Public Function CallUDF(m As String, f As String, args As Variant, Optional wb As Variant, Optional by As Variant)
    Count = Count + 1
    CallUDF = m & "." & f & UBound(args) & IsMissing(wb) & IsMissing(by)
End Function
"""

#: What a function does with ``R``, its answer, and what the answer is; an error is told after its number.
FACTS = [
    # As in Excel
    (
        "R = TypeName(CVErr(2042)) & IsError(CVErr(2042)) & CStr(CVErr(2042)) & VarType(CVErr(2042))",
        "ErrorTrueError 204210",
    ),
    ("R = (CVErr(2042) = CVErr(2042)) & (CVErr(2042) = CVErr(2015)) & (CVErr(xlErrNA) = CVErr(2042))", "TrueFalseTrue"),
    (
        "R = xlErrNA & xlErrValue & xlErrNum & xlErrDiv0 & xlErrRef & xlErrName & xlErrNull",
        "2042201520362007202320292000",
    ),
    ('R = Optionals() & " " & Optionals(1) & " " & Optionals(, 2)', "True/True False/True True/False"),
    ('R = HandedOn() & " " & HandedOn(, 3)', "True/True True/False"),
    ('R = Params() & " " & Params(1, "a") & " " & Params(, 1)', "0..-1 0..1IntegerFalse 0..1ErrorTrue"),
    (
        "Dim a() As Variant\nReDim a(2)\na(2) = 7\nReDim Preserve a(5)\nR = UBound(a) & a(2) & TypeName(a)",
        "57Variant()",
    ),
    (
        "Dim a\nReDim a(1 To 2, 1 To 3)\na(2, 3) = CVErr(2015)\nR = UBound(a, 2) & IsError(a(2, 3)) & IsEmpty(a(1, 1))",
        "3TrueTrue",
    ),
    (
        'Dim v\nv = Array(1, "x", Empty, CVErr(2042))\nR = LBound(v) & UBound(v) & TypeName(v(2)) & IsArray(v)',
        "03EmptyTrue",
    ),
    ("R = UBound(Array())", "-1"),
    (
        'R = TypeName(1) & TypeName(70000) & TypeName(1.5) & TypeName("") & TypeName(True)',
        "IntegerLongDoubleStringBoolean",
    ),
    ("R = TypeName(Empty) & TypeName(Null) & TypeName(Nothing) & TypeName(CCur(1))", "EmptyNullNothingCurrency"),
    ("On Error Resume Next\nErr.Raise 5\nR = Err.Number\nErr.Clear", "5"),
    ('On Error GoTo F\nErr.Raise 5, , "five"\nExit Function\nF: R = Err.Number & Err.Description', "5five"),
    (
        'Cell("A1").Value2 = 3\nR = TypeName(Cell("A1")) & TypeName(Cell("A1").Value2) & TypeName(Cell("Z9").Value2)',
        "RangeDoubleEmpty",
    ),
    (
        'Dim v\nCell("A2").Value2 = "t"\nv = Cell("A1:B3").Value2\nR = TypeName(v(1, 1)) & TypeName(v(2, 1)) & v(3, 2)',
        "DoubleString",
    ),
    (
        'Dim v\nv = Cell("A1:B3").Value2\nR = LBound(v, 1) & UBound(v, 1) & LBound(v, 2) & UBound(v, 2)',
        "1312",
    ),
    ('R = Cell("A1:B3").Rows.Count & Cell("A1:B3").Columns.Count & Cell("A1:B3").Areas.Count', "321"),
    ("Application.Volatile\nApplication.Volatile True\nR = 1", "1"),
    ('R = Application.Run("Twice", 4)', "8"),
    ("R = ChrW(8364) & AscW(ChrW(8364))", "€8364"),
    ('R = Replace("aXa", "X", "-") & Join(Split("a,b", ","), ";") & IIf(True, 1, 2) & Left$("abc", 2)', "a-aa;b1ab"),
    ('Dim c As New Collection\nc.Add 3, "k"\nR = c.Count & c("k")', "13"),
    ('Dim o As Object\nSet o = New Server\nR = o.CallUDF("m", "f", Array(1, 2)) & o.Count', "m.f1TrueTrue1"),
    ('R = Shown("=INCELL(1)") & Shown("=INCELL(""x"",2)")', "DoubleFalseTrueEmptyStringFalseFalseEmpty"),
    ('R = Shown("=INCELL(A1)") & Shown("=INCELL(A1:A3)")', "RangeFalseTrueEmptyDoubleRangeFalseTrueEmptyVariant()"),
    ('R = Shown("=INCELL({1,2;3,4})")', "Variant()FalseTrueEmpty1212"),
    ('R = Shown("=INCELL()")', "ErrorTrueTrueEmpty"),
    (
        'R = Shown("=INDEX(SQUARE(),1,1)+1") & Shown("=INDEX(SQUARE(),1,2)") & Shown("=IF(INDEX(SQUARE(),2,2),3)")',
        "2.5t3",
    ),
    # Otherwise than in Excel
    ("R = BRANCH", "Else"),
    ("Dim o As Object\nR = Library(o)", "error 73"),
    ("Dim o As Object\nR = SafeLibrary(o)", "error 73"),
    ("R = TypeName(CDec(1))", "error 73"),
    ("Dim i As LongPtr\ni = 1\nR = i", "error 91"),
    ("R = TypeName(Application.Caller)", "Empty"),
    ("R = ThisWorkbook.Date1904", "error 423"),
    ('Application.MacroOptions Macro:="Twice", Description:="d"', "error 423"),
    ('Cell("C1").Formula = "=NA()"\nR = TypeName(Cell("C1").Value2) & IsError(Cell("C1").Value2)', "DoubleFalse"),
    ('R = Shown("=INCELL(NA())")', "#N/A"),
    ('R = Shown("=WRONG()") & Shown("=IF(ISNA(WRONG()),""yes"",""no"")")', "Error 2042no"),
    ('R = Shown("=INCELL(,2)") & Shown("=INCELL(TRUE)")', "DoubleFalseFalseEmptyDoubleFalseTrueEmpty"),
    ("R = TypeName(New Server)", "Object"),
    ('Dim o As Object\nSet o = CreateObject("Nothing.There")', "error 323"),
]


@pytest.fixture(scope="module")
def answers() -> list[str]:
    """What the facts give, all found out in one run."""
    functions, calls = "", ""
    for number, (body, _) in enumerate(FACTS):
        lines = body.replace("R = ", f"Fact{number} = ")
        functions += f"Private Function Fact{number}() As String\n{lines}\nEnd Function\n"
        calls += (
            f'One = ""\nErr.Clear\nOne = Fact{number}()\nIf Err.Number <> 0 Then One = "error " & Err.Number\n'
            "All = All & One & Chr(2)\n"
        )
    every = f"Public Function All_() As String\nDim One As String, All As String\nOn Error Resume Next\n{calls}"
    source = f"{HEAD}{functions}{every}All_ = All\nEnd Function\n"
    told = run([Module("Facts", source, Kind.STANDARD), Module("Server", SERVER, Kind.CLASS)], "All_")
    return told.split("\x02")[:-1]


@pytest.mark.parametrize("number", range(len(FACTS)), ids=[body for body, _ in FACTS])
def test_fact(answers, number):
    assert answers[number] == FACTS[number][1]


def standard(source: str, name: str = "Tests") -> Module:
    return Module(name, source, Kind.STANDARD)


def function(body: str) -> str:
    return f"Option Explicit\nFunction T() As String\n{body}\nEnd Function\n"


def test_a_text_comes_back_as_it_is():
    text = run([standard(function('T = "é€ß" & ChrW(8805) & vbCrLf & """{" & Chr(9)'))], "T")
    assert text == 'é€ß≥\r\n"{\t'


def test_modules_call_each_other():
    other = standard("Public Function Other() As Long\nOther = ThisWorkbook.Worksheets.Count\nEnd Function\n", "Others")
    sheets = [Module(name, "", Kind.DOCUMENT) for name in ("ThisWorkbook", "Prices", "Help")]
    assert run([*sheets, standard(function("T = Other() & Help.Name")), other], "T") == "2Help"


def test_workbook_open_is_not_called():
    opened = 'Private Sub Workbook_Open()\nThisWorkbook.Worksheets(1).Range("A1").Value = 5\nEnd Sub\n'
    told = standard(function('T = TypeName(ThisWorkbook.Worksheets(1).Range("A1").Value)'))
    assert run([Module("ThisWorkbook", opened, Kind.DOCUMENT), told], "T") == "Empty"


def test_a_module_replaced_by_a_stub():
    """How what calls the library is tested: the module of that name is another one here."""
    wrapper = """Public Function COPRO_X(Optional a As Variant) As Variant
    COPRO_X = Py().CallUDF("m", "x", Array(a))
End Function"""
    stub = "Public Function Py() As Object\nSet Py = New Server\nEnd Function"
    modules = [standard(wrapper, "Wrappers"), standard(stub, "Library"), Module("Server", SERVER, Kind.CLASS)]
    assert run([*modules, standard(function("T = COPRO_X(1)"))], "T") == "m.x0TrueTrue"


def test_an_error_is_told():
    with pytest.raises(VbaError, match="13: mine"):
        run([standard(function('Err.Raise 13, , "mine"'))], "T")
    with pytest.raises(VbaError, match=r"(?s)12: .*nowhere"):
        run([standard(function("T = nowhere"))], "T")


def test_what_does_not_compile_is_told():
    wrong = "Private Sub Right()\nEnd Sub\n\nPrivate Sub Wrong()\nDim a\na = = 3\nEnd Sub\n"
    with pytest.raises(VbaError, match=r"^does not compile: Others\.Wrong \(line 4\)$"):
        run([standard(function("T = 1")), standard(wrong, "Others")], "T")
    with pytest.raises(VbaError, match=r"^does not compile: Others, outside its procedures$"):
        run([standard(function("T = 1")), standard(f"Dim = 3\n{function('T = 2')}", "Others")], "T")


def test_a_function_that_is_not_there_is_told():
    with pytest.raises(VbaError, match="no module has a function U"):
        run([standard(function("T = 1"))], "U")


def test_time_is_limited_and_nothing_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    began = time.monotonic()
    with pytest.raises(VbaError, match="more than 4 seconds"):
        run([standard(function("Do\nLoop"))], "T", timeout=4)
    assert time.monotonic() - began < 20
    assert list(tmp_path.iterdir()) == []
    assert not [command for command in commands() if str(tmp_path) in command]


def commands() -> list[str]:
    """The command lines of what runs on this machine."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found.append((folder / "cmdline").read_text(encoding="utf-8", errors="replace"))
        except OSError:  # it has just ended
            continue
    return found
