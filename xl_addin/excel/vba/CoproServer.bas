Option Explicit
Option Private Module

' The Python server of this Excel: started when it is first needed, kept, and started again when it has died.

Private Const PAUSE As Double = 30 / 86400  ' half a minute, in days
Private Const NO_ANSWER As Long = 513

Private server As Object
Private attempt As Long
Private problem As String
Private untold As String
Private pausedUntil As Date

' What the function of the Python module gives; asked again of a new server where the old one has died.
Public Function CallServer(ByVal moduleName As String, ByVal functionName As String, _
        ByVal arguments As Variant) As Variant
    Dim answer As Variant
    If Not Answered(moduleName, functionName, arguments, answer) Then
        If IsAlive() Then GiveUp
        Set server = Nothing
        If Not Answered(moduleName, functionName, arguments, answer) Then GiveUp
    End If
    CallServer = answer
End Function

' Why a cell got no answer since this was last asked, or nothing.
Public Function ProblemSoFar() As String
    ProblemSoFar = untold
    untold = ""
End Function

' Starts the server at the next call, even if that has just failed.
Public Sub StartAfresh()
    If Not IsAlive() Then Set server = Nothing
    pausedUntil = 0
End Sub

' The command line that starts the server. The number behind it, which Python ignores, makes it another one for the
' library, which would wait for a server that is gone.
Public Function ServerCommand(ByVal interpreter As String, ByVal attempt As Long) As String
    ServerCommand = """" & interpreter & """{arguments}"
    If attempt > 1 Then ServerCommand = ServerCommand & " " & CStr(attempt)
End Function

Private Function Answered(ByVal moduleName As String, ByVal functionName As String, ByVal arguments As Variant, _
        ByRef answer As Variant) As Boolean
    On Error GoTo failed
    If server Is Nothing Then Start
    ' In brackets: by value, or everything would travel back again.
    answer = server.CallUDF((moduleName), (functionName), (arguments))
    Answered = True
    Exit Function
failed:
    problem = Err.Description
End Function

Private Sub GiveUp()
    untold = problem
    Err.Raise NO_ANSWER, "COPRO", problem
End Sub

Private Function IsAlive() As Boolean
    On Error Resume Next
    IsAlive = server.Bool(True)
End Function

' A start that fails can take long: a column of cells must not try it once each.
Private Sub Start()
    If Now < pausedUntil Then Err.Raise NO_ANSWER, "COPRO", problem
    If Started() Then Exit Sub
    If Started() Then Exit Sub
    pausedUntil = Now + PAUSE
    Err.Raise NO_ANSWER, "COPRO", problem
End Sub

Private Function Started() As Boolean
    On Error GoTo failed
    attempt = attempt + 1
    Set server = StartedServer(attempt)
    Started = True
    Exit Function
failed:
    problem = Err.Description
End Function
