Option Explicit
Option Private Module

' A worksheet function on its way to Python and back: ranges go as their values, never as objects of Excel; error texts
' come back as true errors, so that IFERROR and SUM see them.

Private Const MODULE_1900 As String = "xl_addin.excel.functions"
Private Const MODULE_1904 As String = "xl_addin.excel.functions_1904"
Private Const LONGEST_TEXT As Long = 32767
Private Const ERROR_VALUE As Long = 2015
Private Const ERROR_NOT_AVAILABLE As Long = 2042

' What the function gives for these arguments; an array of cells for a range.
Public Function CoproCall(ByVal functionName As String, ByVal arguments As Variant) As Variant
    On Error GoTo failed
    If WizardIsOpen() Then
        ' Not computed for every key that is typed there. Blank or 0 would look like an amount, if this were ever wrong.
        CoproCall = CVErr(ERROR_NOT_AVAILABLE)
    Else
        CoproCall = ForExcel(CallServer(PythonModule(), functionName, ForPython(arguments)))
    End If
    Exit Function
failed:
    CoproCall = CVErr(ERROR_VALUE)
End Function

' Whether an argument, or a cell of it, is left out, so that it means today.
Public Function LeftOut(Optional ByVal argument As Variant) As Boolean
    Dim values As Variant, value As Variant
    If IsMissing(argument) Then
        LeftOut = True
        Exit Function
    End If
    values = CellsOf(argument, LastRowOfWholeColumns(Array(argument)))
    If Not IsArray(values) Then values = Array(values)
    For Each value In values
        If IsBlank(value) Then
            LeftOut = True
            Exit Function
        End If
    Next value
End Function

' The named arguments and the further ones, in one array.
Public Function Joined(ByVal named As Variant, ByVal further As Variant) As Variant
    Dim all() As Variant, count As Long
    ReDim all(0 To UBound(named) - LBound(named) + UBound(further) - LBound(further) + 1)
    Append all, count, named
    Append all, count, further
    Joined = all
End Function

Private Sub Append(ByRef all() As Variant, ByRef count As Long, ByVal more As Variant)
    Dim n As Long
    For n = LBound(more) To UBound(more)
        If IsObject(more(n)) Then
            Set all(count) = more(n)
        ElseIf Not IsMissing(more(n)) Then
            all(count) = more(n)
        End If
        count = count + 1
    Next n
End Sub

Private Function IsBlank(ByVal value As Variant) As Boolean
    If IsEmpty(value) Then
        IsBlank = True
    ElseIf VarType(value) = vbString Then
        IsBlank = (Len(value) = 0)
    End If
End Function

' Excel disables the first button of this hidden bar while its function wizard is open.
Private Function WizardIsOpen() As Boolean
    On Error Resume Next
    WizardIsOpen = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

' The functions for workbooks that count their days from 1900, or from 1904.
Private Function PythonModule() As String
    PythonModule = IIf(CountsFrom1904(), MODULE_1904, MODULE_1900)
End Function

' Where no cell is calling, the workbook in front decides.
Private Function CountsFrom1904() As Boolean
    On Error Resume Next
    CountsFrom1904 = ActiveWorkbook.Date1904
    CountsFrom1904 = Application.Caller.Worksheet.Parent.Date1904
End Function

' --- to Python -----------------------------------------------------------------------------------------------------

' What is left out stays Empty, as a blank cell is.
Private Function ForPython(ByVal arguments As Variant) As Variant
    Dim values() As Variant, n As Long, lastRow As Long
    lastRow = LastRowOfWholeColumns(arguments)
    ReDim values(LBound(arguments) To UBound(arguments))
    For n = LBound(arguments) To UBound(arguments)
        If Not IsMissing(arguments(n)) Then values(n) = CellsOf(arguments(n), lastRow)
    Next n
    ForPython = values
End Function

' The value of an argument; whole columns end at lastRow, so that they are equally long.
Private Function CellsOf(ByVal argument As Variant, ByVal lastRow As Long) As Variant
    If Not IsObject(argument) Then
        CellsOf = argument
    ElseIf argument.Areas.Count > 1 Then
        Err.Raise 13
    ElseIf IsWholeColumn(argument) Then
        CellsOf = argument.Resize(lastRow).Value2
    Else
        CellsOf = argument.Value2
    End If
End Function

Private Function IsWholeColumn(ByVal cells As Object) As Boolean
    IsWholeColumn = (cells.Rows.Count = cells.Worksheet.Rows.Count)
End Function

' The last row in use on the sheets of all arguments that are whole columns.
Private Function LastRowOfWholeColumns(ByVal arguments As Variant) As Long
    Dim n As Long, lastRow As Long
    For n = LBound(arguments) To UBound(arguments)
        If IsObject(arguments(n)) Then
            If IsWholeColumn(arguments(n)) Then
                With arguments(n).Worksheet.UsedRange
                    lastRow = .Row + .Rows.Count - 1
                End With
                If lastRow > LastRowOfWholeColumns Then LastRowOfWholeColumns = lastRow
            End If
        End If
    Next n
End Function

' --- from Python ---------------------------------------------------------------------------------------------------

Private Function ForExcel(ByVal answer As Variant) As Variant
    Select Case Dimensions(answer)
        Case 0: ForExcel = ForCell(answer)
        Case 1: ForExcel = RowForExcel(answer)
        Case Else: ForExcel = TableForExcel(answer)
    End Select
End Function

Private Function RowForExcel(ByVal cells As Variant) As Variant
    Dim column As Long
    For column = LBound(cells) To UBound(cells)
        cells(column) = ForCell(cells(column))
    Next column
    RowForExcel = cells
End Function

Private Function TableForExcel(ByVal cells As Variant) As Variant
    Dim row As Long, column As Long
    For row = LBound(cells, 1) To UBound(cells, 1)
        For column = LBound(cells, 2) To UBound(cells, 2)
            cells(row, column) = ForCell(cells(row, column))
        Next column
    Next row
    TableForExcel = cells
End Function

Private Function ForCell(ByVal value As Variant) As Variant
    If VarType(value) <> vbString Then
        ForCell = value
        Exit Function
    End If
    Select Case value
        Case "#NULL!": ForCell = CVErr(2000)
        Case "#DIV/0!": ForCell = CVErr(2007)
        Case "#VALUE!": ForCell = CVErr(2015)
        Case "#REF!": ForCell = CVErr(2023)
        Case "#NAME?": ForCell = CVErr(2029)
        Case "#NUM!": ForCell = CVErr(2036)
        Case "#N/A": ForCell = CVErr(2042)
        Case Else: ForCell = Left$(value, LONGEST_TEXT)
    End Select
End Function

Private Function Dimensions(ByVal answer As Variant) As Long
    Dim bound As Long
    If Not IsArray(answer) Then Exit Function
    Dimensions = 1
    On Error GoTo oneOnly
    bound = UBound(answer, 2)
    Dimensions = 2
oneOnly:
End Function
