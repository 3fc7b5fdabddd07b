Option Explicit
Option Private Module

' The copro command of the private Python environment. Everything on its command line comes from this add-in or from
' Windows' own folders: no text of a workbook, not even its name.

Private Const HIDDEN As Long = 0
Private Const TEMPORARY_FOLDER As Long = 2

' Runs the command and gives its exit status: 0 done, 1 something wrong was found, 2 it could not run. said is what it
' said.
Public Function RunCommand(ByVal words As String, ByRef said As String) As Long
    Dim saidFile As String, errorFile As String, command As String
    saidFile = TemporaryFile(".txt")
    errorFile = TemporaryFile(".txt")
    command = Quoted(PythonFolder() & "\Scripts\python.exe") & " -I -m xl_addin.cli " & words
    command = command & " --language " & Message("language") & " >" & Quoted(saidFile) & " 2>" & Quoted(errorFile)
    ' The command interpreter takes off the outer quotes and leaves all others.
    command = Quoted(Expanded("%SystemRoot%\System32\cmd.exe")) & " /d /s /c " & Quoted(command)
    RunCommand = CreateObject("WScript.Shell").Run(command, HIDDEN, True)
    said = TextOf(saidFile)
    If RunCommand > 1 Or Len(said) = 0 Then said = TextOf(errorFile) & said
    RemoveFile saidFile
    RemoveFile errorFile
End Function

Public Function PythonFolder() As String
    PythonFolder = Expanded("%LOCALAPPDATA%\copro\python")
End Function

Public Function Expanded(ByVal path As String) As String
    Expanded = CreateObject("WScript.Shell").ExpandEnvironmentStrings(path)
End Function

Public Function Quoted(ByVal path As String) As String
    Quoted = """" & path & """"
End Function

' The name of a new file of ours among the temporary files.
Public Function TemporaryFile(ByVal ending As String) As String
    With CreateObject("Scripting.FileSystemObject")
        TemporaryFile = .GetSpecialFolder(TEMPORARY_FOLDER).Path & "\copro-" & .GetBaseName(.GetTempName()) & ending
    End With
End Function

Public Function FileExists(ByVal path As String) As Boolean
    FileExists = CreateObject("Scripting.FileSystemObject").FileExists(path)
End Function

Public Sub RemoveFile(ByVal path As String)
    On Error Resume Next
    CreateObject("Scripting.FileSystemObject").DeleteFile path, True
End Sub

Private Function TextOf(ByVal path As String) As String
    If Not FileExists(path) Then Exit Function
    With CreateObject("ADODB.Stream")
        .Charset = "utf-8"
        .Open
        .LoadFromFile path
        TextOf = .ReadText()
        .Close
    End With
End Function
