"""The catalogue as Excel worksheet functions, through xlwings.

On Windows the xlwings COM server imports `xl_addin.excel.functions` and finds the functions there. Elsewhere xlwings'
decorators do nothing, so the module can be imported and its functions called anywhere xlwings is installed.
"""
