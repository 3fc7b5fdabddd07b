Option Explicit

' The buttons of the tab COPRO.

Private Const LONGEST_MESSAGE As Long = 900  ' MsgBox cuts longer ones
Private Const EXCEL_LINKS As Long = 1
Private Const FUNCTION_WIZARD As Long = 450
Private Const WORKBOOK_XLSX As Long = 51
Private Const WORKBOOK_XLSM As Long = 52

' A new workbook, of the kind the button is tagged with.
Public Sub CoproNewWorkbook(ByVal control As IRibbonControl)
    Dim file As String, said As String
    On Error GoTo failed
    file = NewFile(control.Tag)
    If Ran("workbook " & control.Tag & " -o " & Quoted(file), said) = 0 Then
        Workbooks.Open file
    Else
        Tell said
    End If
    Exit Sub
failed:
    TellError
End Sub

' Records the figures of the open index workbook, once its changes have been seen and agreed to.
Public Sub CoproUpdate(ByVal control As IRibbonControl)
    Dim copy As String, said As String
    On Error GoTo failed
    copy = SavedCopy()
    If Len(copy) = 0 Then Exit Sub
    If Ran("update " & Quoted(copy) & " --dry-run", said) <> 0 Then
        Tell said
    ElseIf MsgBox(Shortened(said) & vbCrLf & vbCrLf & Message("record"), vbQuestion + vbYesNo, "COPRO") = vbYes Then
        If Ran("update " & Quoted(copy) & " --yes", said) = 0 Then Application.CalculateFull
        Tell said
    End If
    RemoveFile copy
    Exit Sub
failed:
    TellError
    RemoveFile copy
End Sub

' Computes every COPRO function of the open workbook again, and tells where it shows something else.
Public Sub CoproCheck(ByVal control As IRibbonControl)
    Dim copy As String, said As String
    On Error GoTo failed
    If Not ActiveWorkbook Is Nothing Then RepairLinks ActiveWorkbook
    copy = SavedCopy()
    If Len(copy) = 0 Then Exit Sub
    Ran "audit " & Quoted(copy), said
    Tell said
    RemoveFile copy
    Exit Sub
failed:
    TellError
    RemoveFile copy
End Sub

' What there is to say of the installation, and whether the cells reach Python.
Public Sub CoproStatus(ByVal control As IRibbonControl)
    Dim said As String, before As String
    On Error GoTo failed
    Ran "call COPRO_STATUS", said
    before = ProblemSoFar()
    StartAfresh
    On Error GoTo noServer
    CallServer "xl_addin.excel.functions", "COPRO_STATUS", Array(Message("language"))
    said = said & vbCrLf & Message("server_answers")
    If Len(before) > 0 Then said = said & vbCrLf & MessageWith("problem_before", before)
    Tell said
    Exit Sub
noServer:
    Tell said & vbCrLf & MessageWith("no_server", Err.Description)
    Exit Sub
failed:
    TellError
End Sub

' The help pages, or the function wizard where they are not installed.
Public Sub CoproHelp(ByVal control As IRibbonControl)
    Dim page As String
    On Error GoTo failed
    page = Expanded("%LOCALAPPDATA%\copro\help\index.html")
    If FileExists(page) Then
        CreateObject("WScript.Shell").Run Quoted(page)
    Else
        Application.Dialogs(FUNCTION_WIZARD).Show
    End If
    Exit Sub
failed:
    TellError
End Sub

' --- what the buttons share ----------------------------------------------------------------------------------------

Private Function Ran(ByVal words As String, ByRef said As String) As Long
    Application.Cursor = xlWait
    On Error GoTo failed
    Ran = RunCommand(words, said)
    Application.Cursor = xlDefault
    Exit Function
failed:
    Application.Cursor = xlDefault
    Err.Raise Err.Number, Err.Source, Err.Description
End Function

' A name that is not taken, in the folder COPRO of the user's documents, or among the temporary files.
Private Function NewFile(ByVal kind As String) As String
    Dim folder As String
    folder = OwnFolder()
    NewFile = folder & "\" & kind & Format$(Now, " yyyy-mm-dd hhnnss") & ".xlsx"
    If Len(folder) = 0 Or FileExists(NewFile) Then NewFile = TemporaryFile(".xlsx")
End Function

Private Function OwnFolder() As String
    Dim folder As String
    On Error GoTo refused
    folder = CreateObject("WScript.Shell").SpecialFolders("MyDocuments") & "\COPRO"
    With CreateObject("Scripting.FileSystemObject")
        If Not .FolderExists(folder) Then .CreateFolder folder
    End With
    OwnFolder = folder
refused:
End Function

' A copy of the open workbook as it is now, under a name of ours: neither its own name nor its folder, which may be on
' the web, reaches a command line.
Private Function SavedCopy() As String
    Dim ending As String
    If ActiveWorkbook Is Nothing Then
        Tell Message("no_workbook")
        Exit Function
    End If
    Select Case ActiveWorkbook.FileFormat
        Case WORKBOOK_XLSX: ending = ".xlsx"
        Case WORKBOOK_XLSM: ending = ".xlsm"
        Case Else
            Tell Message("not_xlsx")
            Exit Function
    End Select
    SavedCopy = TemporaryFile(ending)
    ActiveWorkbook.SaveCopyAs SavedCopy
End Function

' Formulas that lead to the add-in of another computer lead to this one again.
Private Sub RepairLinks(ByVal book As Workbook)
    Dim links As Variant, link As Variant
    links = book.LinkSources(EXCEL_LINKS)
    If IsEmpty(links) Then Exit Sub
    For Each link In links
        If LeadsToAnotherCopy(link) Then
            If MsgBox(MessageWith("repair_link", link), vbQuestion + vbYesNo, "COPRO") = vbYes Then
                book.ChangeLink link, ThisWorkbook.FullName, EXCEL_LINKS
            End If
        End If
    Next link
End Sub

Private Function LeadsToAnotherCopy(ByVal link As String) As Boolean
    Const OURS As String = "\copro.xlam"
    If StrComp(Right$(link, Len(OURS)), OURS, vbTextCompare) <> 0 Then Exit Function
    LeadsToAnotherCopy = (StrComp(link, ThisWorkbook.FullName, vbTextCompare) <> 0)
End Function

' Long texts come on a sheet of their own, as text that is never taken for a formula.
Private Sub Tell(ByVal told As String)
    Dim lines() As String, row As Long
    If Len(told) <= LONGEST_MESSAGE Then
        MsgBox told, vbInformation, "COPRO"
        Exit Sub
    End If
    lines = Split(Replace(told, vbCrLf, vbLf), vbLf)
    With Workbooks.Add.Worksheets(1)
        .Columns(1).NumberFormat = "@"
        For row = 0 To UBound(lines)
            .Cells(row + 1, 1).Value2 = lines(row)
        Next row
    End With
End Sub

Private Sub TellError()
    Tell MessageWith("failed", Err.Description)
End Sub

Private Function Shortened(ByVal told As String) As String
    Shortened = told
    If Len(told) > LONGEST_MESSAGE Then Shortened = Left$(told, LONGEST_MESSAGE - 1) & ChrW$(8230)
End Function
