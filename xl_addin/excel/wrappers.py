"""The add-in's macros: the VBA module with a function for each one of the catalogue, and the modules that carry them.

A wrapper hands its arguments on and gives back what comes; what a range, a blank or an error becomes is said once, in
``vba/CoproBridge.bas``.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.excel.server_command import server_command
from xl_addin.excel.vba_project import Kind, Module

XLWINGS = "0.37.8"
"""The version of xlwings whose library the macros name: the one that the extra ``excel`` asks for. It need not be
installed where the add-in is made."""

WRAPPERS = "CoproFunctions"
FURTHER = "arguments"
"""The name of what a variadic function takes besides its named arguments."""

_HEAD = "Option Explicit\n\n' The worksheet functions, made from the catalogue. What they do is in CoproBridge."
_FIXED = ("CoproBridge", "CoproServer", "CoproLibrary", "CoproCommand", "CoproTexts", "CoproRibbon")


def modules(sheets: Iterable[str]) -> list[Module]:
    """Every module of the add-in; ``sheets`` are the code names of its sheets, which have no macros of their own."""
    return [
        Module("ThisWorkbook", _source("ThisWorkbook.cls"), Kind.DOCUMENT),
        *(Module(sheet, "Option Explicit\n", Kind.DOCUMENT) for sheet in sheets),
        Module(WRAPPERS, wrappers(), Kind.STANDARD),
        *(Module(name, _source(f"{name}.bas"), Kind.STANDARD) for name in _FIXED),
    ]


def wrappers() -> str:
    """The source of the module with the worksheet functions."""
    return "\n\n".join([_HEAD, *(wrapper(function) for function in FUNCTIONS.values())]) + "\n"


def wrapper(function: Function) -> str:
    """A function of the catalogue as a function of VBA.

    A cell whose result depends on today's date is volatile: Excel computes it again when the workbook is opened.
    """
    names = ", ".join(argument.name for argument in function.arguments)
    given = f"Joined(Array({names}), further)" if function.variadic else f"Array({names})"
    lines = [
        f"Public Function {function.name}({', '.join(_parameters(function))}) As Variant",
        *([f"    Dim further As Variant: further = {FURTHER}"] if function.variadic else []),
        *_volatile(function),
        f'    {function.name} = CoproCall("{function.name}", {given})',
        "End Function",
    ]
    return "\n".join(lines)


def argument_names(function: Function) -> list[str]:
    """The names of the arguments, that of the further ones included."""
    return [*(argument.name for argument in function.arguments), *([FURTHER] if function.variadic else [])]


def _parameters(function: Function) -> list[str]:
    """Once one argument is optional, VBA wants all behind it to be."""
    parameters = []
    optional = False
    for argument in function.arguments:
        optional = optional or not argument.required
        parameters.append(f"Optional {argument.name}" if optional else argument.name)
    return [*parameters, f"ParamArray {FURTHER}()"] if function.variadic else parameters


def _volatile(function: Function) -> list[str]:
    if not function.clock:
        return []
    if function.clock == "always":
        return ["    Application.Volatile"]
    return [f"    If LeftOut({function.clock}) Then Application.Volatile"]


def _source(name: str) -> str:
    """The source of a module that is the same for every catalogue, with what only Python knows filled in."""
    source = files("xl_addin.excel").joinpath("vba", name).read_text(encoding="utf-8")
    arguments = server_command("").removeprefix('""').replace('"', '""')
    return source.replace("{version}", XLWINGS).replace("{arguments}", arguments)
