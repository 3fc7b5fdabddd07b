Option Explicit
Option Private Module

' The library of xlwings, which starts Python and gives the object that calls functions in it. It is loaded by its full
' path, so that no other copy on the computer is taken for it.

#If Win64 Then
    Private Const LIBRARY As String = "xlwings64-{version}.dll"
    Private Declare PtrSafe Function Activate Lib "xlwings64-{version}.dll" Alias "XLPyDLLActivateAuto" _
        (ByRef result As Variant, ByVal command As String, ByVal mode As Long) As Long
#Else
    Private Const LIBRARY As String = "xlwings32-{version}.dll"
    Private Declare PtrSafe Function Activate Lib "xlwings32-{version}.dll" Alias "XLPyDLLActivateAuto" _
        (ByRef result As Variant, ByVal command As String, ByVal mode As Long) As Long
#End If
Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr

Private Const START_SERVER As Long = 1

' The object that calls Python.
Public Function StartedServer(ByVal attempt As Long) As Object
    Dim path As String, command As String, answer As Variant
    path = PythonFolder() & "\" & LIBRARY
    If LoadLibraryW(StrPtr(path)) = 0 Then Err.Raise 514, "COPRO", MessageWith("no_library", path)
    command = ServerCommand(ForLibrary(PythonFolder() & "\Scripts\pythonw.exe"), attempt)
    If Activate(answer, command, START_SERVER) <> 0 Then Err.Raise 515, "COPRO", CStr(answer)
    Set StartedServer = answer
End Function

' The library knows only the characters of the system's old character set; the short name of a file has no others.
Private Function ForLibrary(ByVal path As String) As String
    ForLibrary = path
    If StrConv(StrConv(path, vbFromUnicode), vbUnicode) <> path Then
        ForLibrary = CreateObject("Scripting.FileSystemObject").GetFile(path).ShortPath
    End If
End Function
