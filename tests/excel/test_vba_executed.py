"""The add-in's macros, executed in LibreOffice: what goes to Python and what comes back, with a stand-in for Python."""

from __future__ import annotations

import shutil

import pytest

from tests.excel.stand_ins import executed, filling, real_modules
from tests.excel.vba_in_libreoffice import run
from xl_addin.excel.server_command import server_command
from xl_addin.excel.vba_project import Kind, Module

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

SCALARS = {
    '"#NULL!"': "!2000",
    '"#DIV/0!"': "!2007",
    '"#VALUE!"': "!2015",
    '"#REF!"': "!2023",
    '"#NAME?"': "!2029",
    '"#NUM!"': "!2036",
    '"#N/A"': "!2042",
    '"#N/A "': "'#N/A '",  # exactly those seven
    '"#n/a"': "'#n/a'",
    '"#SPILL!"': "'#SPILL!'",
    '"x #N/A"': "'x #N/A'",
    '""': "''",
    "125.82": "125.82",
    "True": "True",
    "Empty": "Empty",
}


def test_answers_become_cells() -> None:
    steps = []
    for number, literal in enumerate(SCALARS):
        steps += [f"answer = {literal}", f'Say "{number}", COPRO_RATE("HOUR")']
    steps += [
        'answer = Array("#N/A", 2, "#NUM!", "#N/A!")',
        'Say "row", COPRO_TARIFF(2023)',
        "Dim cells(0 To 2, 0 To 1) As Variant",
        'cells(0, 0) = 125.82: cells(0, 1) = "#N/A": cells(1, 0) = "#DIV/0!": cells(1, 1) = "tekst": cells(2, 0) = ""',
        "answer = cells",
        'Say "table", COPRO_TARIFF(2023)',
        'answer = String(32767, "a") & "b"',
        'Say "cut", Len(COPRO_RATE("HOUR"))',
        'Say "end", Right(COPRO_RATE("HOUR"), 2)',
    ]
    told = executed("\n".join(steps))
    assert {literal: told[str(number)] for number, literal in enumerate(SCALARS)} == SCALARS
    assert told["row"] == "[!2042, 2, !2036, '#N/A!']"
    assert told["table"] == "{125.82, !2042; !2007, 'tekst'; '', Empty}"
    assert (told["cut"], told["end"]) == ("32767", "'aa'")


def test_arguments_go_as_values() -> None:
    told = executed(
        """
    Dim sheet As Object
    Set sheet = ThisWorkbook.Worksheets("texts")
    sheet.Range("A1").Value2 = 45000.5
    sheet.Range("A3").Value2 = "uur"
    sheet.Range("B1").Value2 = 2
    sheet.Range("B2").Value2 = 3.5
    answer = 1
    COPRO_RATE "HOUR": Say "left out", given
    COPRO_RATE sheet.Range("A3"), sheet.Range("A1"): Say "cells", given
    COPRO_RATE sheet.Range("A2"), , "X": Say "blank, middle", given
    COPRO_RATE sheet.Range("A1:A3"), sheet.Range("B1:B2"): Say "ranges", given
    COPRO_RATE sheet.Range("A1:B2"): Say "block", given
    COPRO_VAT_RATE Array(45000, 45001), True: Say "array", given
    Call COPRO_STATUS(): Say "only optional", given
    COPRO_EXPLAIN "COPRO_RATE": Say "explain, nothing", given
    COPRO_EXPLAIN "COPRO_RATE", sheet.Range("A3"), 45000, , sheet.Range("A1:A2"): Say "explain", given
    Say "function", calledFunction
    calls = 0
    Say "areas", COPRO_RATE(sheet.Range("A1:A2,B1:B2"))
    Say "not called", calls
    """
    )
    assert told == {
        "left out": "['HOUR', Empty, Empty]",
        "cells": "['uur', 45000.5, Empty]",
        "blank, middle": "[Empty, Empty, 'X']",
        "ranges": "[{45000.5; Empty; 'uur'}, {2; 3.5}, Empty]",
        "block": "[{45000.5, 2; Empty, 3.5}, Empty, Empty]",
        "array": "[[45000, 45001], True]",
        "only optional": "[Empty]",
        "explain, nothing": "['COPRO_RATE']",
        "explain": "['COPRO_RATE', 'uur', 45000, Empty, {45000.5; Empty}]",
        "function": "'COPRO_EXPLAIN'",
        "areas": "!2015",
        "not called": "0",
    }


def test_whole_columns_end_together() -> None:
    """At the last row in use on any sheet of which a whole column is given; other ranges stay as they are."""
    told = executed(
        """
    Dim one As Object, other As Object
    Set one = ThisWorkbook.Worksheets("texts")
    Set other = ThisWorkbook.Worksheets("functions")
    one.Range("A2").Value2 = 45000
    one.Range("C3").Value2 = "in use"
    other.Range("B5").Value2 = "x"
    answer = 1
    COPRO_RATE one.Range("A:A"): Say "one", given
    COPRO_RATE one.Range("A:A"), other.Range("B:B"), one.Range("A1:A2"): Say "two sheets", given
    COPRO_RATE one.Range("A:B"): Say "two columns", given
    """
    )
    assert told == {
        "one": "[{Empty; 45000; Empty}, Empty, Empty]",
        "two sheets": "[{Empty; 45000; Empty; Empty; Empty}, {Empty; Empty; Empty; Empty; 'x'}, {Empty; 45000}]",
        "two columns": "[{Empty, Empty; 45000, Empty; Empty, Empty}, Empty, Empty]",
    }


def test_what_means_today_is_noticed() -> None:
    """Such cells are volatile: see test_wrappers for who asks."""
    told = executed(
        """
    Dim sheet As Object
    Set sheet = ThisWorkbook.Worksheets("texts")
    sheet.Range("A1").Value2 = 45000
    sheet.Range("A2").Value2 = 45001
    sheet.Range("A4").Formula = "=" & Chr(34) & Chr(34)
    Say "missing", LeftOut()
    Say "date", LeftOut(45000)
    Say "text", LeftOut("")
    Say "cell", LeftOut(sheet.Range("A1"))
    Say "blank cell", LeftOut(sheet.Range("A3"))
    Say "empty text", LeftOut(sheet.Range("A4"))
    Say "full range", LeftOut(sheet.Range("A1:A2"))
    Say "range with a blank", LeftOut(sheet.Range("A1:A3"))
    Say "array", LeftOut(Array(1, Empty))
    Say "whole column", LeftOut(sheet.Range("A:A"))
    """
    )
    assert {label for label, left_out in told.items() if left_out == "True"} == {
        *("missing", "text", "blank cell", "empty text", "range with a blank", "array", "whole column"),
    }


def test_a_dead_server_is_started_again() -> None:
    told = executed(
        """
    answer = 125.82
    Say "first", COPRO_RATE("HOUR")
    Say "again", COPRO_RATE("HOUR")
    Say "one start", starts
    failingCalls = 1
    Say "after a death", COPRO_RATE("HOUR")
    Say "two starts", starts
    failingCalls = 1: failingStarts = 1
    Say "start at the second try", COPRO_RATE("HOUR")
    Say "four starts", starts
    failingCalls = 2
    Say "dies twice", COPRO_RATE("HOUR")
    Say "five starts", starts
    failingCalls = 1: failingStarts = 2
    Say "no start", COPRO_RATE("HOUR")
    Say "seven starts", starts
    Say "pause", COPRO_RATE("HOUR")
    Say "not tried", starts
    StartAfresh
    Say "status button", COPRO_RATE("HOUR")
    """
    )
    assert told == {
        "first": "125.82",
        "again": "125.82",
        "one start": "1",
        "after a death": "125.82",
        "two starts": "2",
        "start at the second try": "125.82",
        "four starts": "4",
        "dies twice": "!2015",
        "five starts": "5",
        "no start": "!2015",
        "seven starts": "7",
        "pause": "!2015",
        "not tried": "7",
        "status button": "125.82",
    }


def test_an_error_of_python_starts_no_second_server() -> None:
    told = executed(
        """
    answer = 1
    failsAlive = True: failingCalls = 1
    Say "refused", COPRO_RATE("HOUR")
    Say "calls", calls
    Say "starts", starts
    On Error Resume Next
    failingCalls = 1
    CallServer "module", "function", Array()
    Say "reason", Err.Description
    """
    )
    assert told == {"refused": "!2015", "calls": "1", "starts": "1", "reason": "'no answer 2'"}


def test_the_callers_date_system_chooses_the_module() -> None:
    told = executed(
        """
    answer = 1
    COPRO_RATE "HOUR": Say "no cell, 1900", calledModule
    front1904 = True
    COPRO_RATE "HOUR": Say "no cell, 1904", calledModule
    cell1904 = False
    COPRO_RATE "HOUR": Say "cell 1900, another in front", calledModule
    cell1904 = True: front1904 = False
    COPRO_RATE "HOUR": Say "cell 1904, another in front", calledModule
    """
    )
    assert told == {
        "no cell, 1900": "'xl_addin.excel.functions'",
        "no cell, 1904": "'xl_addin.excel.functions_1904'",
        "cell 1900, another in front": "'xl_addin.excel.functions'",
        "cell 1904, another in front": "'xl_addin.excel.functions_1904'",
    }


def test_the_servers_command_line_is_the_one_that_is_tested_on_windows() -> None:
    interpreter = r"C:\Users\Jan & Co\AppData\Local\copro\python\Scripts\pythonw.exe"
    told = executed("\n".join(f'Say "{n}", ServerCommand("{interpreter}", {n})' for n in (1, 2, 13)))
    assert told == {str(n): f"'{server_command(interpreter, n)}'" for n in (1, 2, 13)}


OPTIONS = """Option Explicit
Public recorded As Long
Public refused As String
Public last As Variant
Public lastName As String
Public lastHelp As String

Public Sub RecordOptions(Macro As String, Description As String, Category As String, Optional ArgumentDescriptions)
    If InStr(Macro, refused) > 0 And refused <> "" Then Err.Raise 1004, "Excel", "no workbook is visible"
    recorded = recorded + 1
    lastName = Macro
    lastHelp = Description & " / " & Category
    last = Empty
    If Not IsMissing(ArgumentDescriptions) Then last = ArgumentDescriptions
End Sub
"""


def test_help_is_registered_from_the_sheet() -> None:
    rows = [
        ["COPRO_ONE", 'Help "quoted", één', "first", "second"],
        ["COPRO_TWO", "Help two", "only"],
        ["COPRO_THREE", "No arguments"],
    ]
    told = executed(
        filling("functions", rows)
        + """
    Say "all", RegisterHelp()
    Say "registered", recorded
    Say "without arguments", last
    refused = "COPRO_THREE"
    Say "not all", RegisterHelp()
    Say "name", Right(lastName, 10)
    Say "help", lastHelp
    Say "arguments", last
    refused = "COPRO_"
    Say "none", RegisterHelp()
    Say "registered in all", recorded
    """,
        replaced={"Application.MacroOptions": "RecordOptions"},
        stand_ins={"Options": OPTIONS},
    )
    assert told == {
        "all": "True",
        "registered": "3",
        "without arguments": "Empty",
        "not all": "False",
        "name": "'!COPRO_TWO'",
        "help": "'Help two / COPRO'",
        "arguments": "['only']",
        "none": "False",
        "registered in all": "5",
    }


def test_texts_are_found_by_their_key() -> None:
    rows = [["language", "nl"], ["failed", "Dat is niet gelukt: {detail}"], ["last", "één “€”"]]
    told = executed(
        filling("texts", rows)
        + """
    Say "plain", Message("language")
    Say "detail", MessageWith("failed", "geen Python")
    Say "last", Message("last")
    On Error Resume Next
    Message "nonsense"
    Say "unknown", Err.Number
    """
    )
    assert told == {"plain": "'nl'", "detail": "'Dat is niet gelukt: geen Python'", "last": "'één “€”'", "unknown": "5"}


def test_nothing_is_computed_while_the_function_wizard_is_open() -> None:
    """#N/A and not blank: if it were ever taken to be open when it is not, a sum must not skip the cell."""
    told = executed(
        """
    answer = 125.82
    button = False
    Say "open", COPRO_RATE("HOUR")
    Say "calls", calls
    button = True
    Say "closed", COPRO_RATE("HOUR")
    """,
        replaced={'Application.CommandBars("Standard").Controls(1).Enabled': "button"},
        stand_ins={"Wizard": "Option Explicit\nPublic button As Boolean\n"},
    )
    assert told == {"open": "!2042", "calls": "0", "closed": "125.82"}


def test_cells_call_the_wrappers() -> None:
    told = executed(
        """
    Dim sheet As Object
    Set sheet = ThisWorkbook.Worksheets("texts")
    sheet.Range("A1").Value2 = 45000
    answer = 125.82
    sheet.Range("C1").Formula = "=COPRO_INSPECTION_FEE(A1,3.5,,,B1:B2)"
    Say "value", sheet.Range("C1").Value2
    Say "given", given
    Say "function", calledFunction
    Dim cells(0 To 1, 0 To 1) As Variant
    cells(0, 0) = 1: cells(0, 1) = "een": cells(1, 0) = 2: cells(1, 1) = "twee"
    answer = cells
    sheet.Range("E1:F2").FormulaArray = "=COPRO_TARIFF(2023)"
    Say "table", sheet.Range("E1:F2").Value2
    """
    )
    assert told == {
        "value": "125.82",
        "given": "[45000, 3.5, 0, 0, {Empty; Empty}, Empty, Empty, Empty, Empty, Empty, Empty]",  # Calc: left out is 0
        "function": "'COPRO_INSPECTION_FEE'",
        "table": "{1, 'een'; 2, 'twee'}",
    }


def test_every_module_compiles_in_libreoffice() -> None:
    """Also those for which the other tests have stand-ins; what LibreOffice leaves out is ``#If Win64``."""
    probe = Module("Probe", 'Public Function Compiles() As String\nCompiles = "yes"\nEnd Function\n', Kind.STANDARD)
    assert run([*real_modules(), probe], "Compiles") == "yes"
