Option Explicit
Option Private Module

' What people read, in the language the add-in was made in: it stands on the sheets of the add-in itself, where every
' character is possible.

Private Const FUNCTIONS As String = "functions"
Private Const TEXTS As String = "texts"
Private Const CATEGORY As String = "COPRO"

' The text of that key.
Public Function Message(ByVal key As String) As String
    Dim row As Long
    With ThisWorkbook.Worksheets(TEXTS)
        row = 1
        Do Until IsEmpty(.Cells(row, 1).Value2)
            If .Cells(row, 1).Value2 = key Then
                Message = .Cells(row, 2).Value2
                Exit Function
            End If
            row = row + 1
        Loop
    End With
    Err.Raise 5, "COPRO", key
End Function

' The text of that key, with its detail filled in.
Public Function MessageWith(ByVal key As String, ByVal detail As String) As String
    MessageWith = Replace(Message(key), "{detail}", detail)
End Function

' Tells Excel's function wizard what every function and argument is; False when Excel refuses, which it does while no
' workbook is open.
Public Function RegisterHelp() As Boolean
    Dim row As Long
    RegisterHelp = True
    With ThisWorkbook.Worksheets(FUNCTIONS)
        row = 1
        Do Until IsEmpty(.Cells(row, 1).Value2)
            If Not Registered(.Cells(row, 1).Value2, .Cells(row, 2).Value2, HelpOfArguments(row)) Then
                RegisterHelp = False
            End If
            row = row + 1
        Loop
    End With
End Function

' The third and further cells of the row.
Private Function HelpOfArguments(ByVal row As Long) As Variant
    Dim texts() As String, count As Long
    With ThisWorkbook.Worksheets(FUNCTIONS)
        Do Until IsEmpty(.Cells(row, count + 3).Value2)
            ReDim Preserve texts(0 To count)
            texts(count) = .Cells(row, count + 3).Value2
            count = count + 1
        Loop
    End With
    If count > 0 Then HelpOfArguments = texts
End Function

' Whatever Excel refuses, it must start.
Private Function Registered(ByVal functionName As String, ByVal help As String, ByVal helpOfArguments As Variant) As Boolean
    Dim qualified As String
    On Error GoTo refused
    qualified = "'" & ThisWorkbook.Name & "'!" & functionName
    If IsArray(helpOfArguments) Then
        Application.MacroOptions Macro:=qualified, Description:=help, Category:=CATEGORY, _
            ArgumentDescriptions:=helpOfArguments
    Else
        Application.MacroOptions Macro:=qualified, Description:=help, Category:=CATEGORY
    End If
    Registered = True
refused:
End Function
