"""The catalogue as Office.js custom functions, through xlwings Lite (Windows, macOS, the web) or xlwings Server.

A workbook's ``main.py`` (Lite) or the server's ``custom_functions`` package imports everything of
`xl_addin.officejs.functions`; xlwings registers what it finds there. A workbook that counts days from 1904 imports
`xl_addin.officejs.functions_1904` instead, for neither of the two tells which it is. Lite runs in the browser, in
Pyodide: nothing that Pyodide lacks may be imported on the way.
"""
