"""The worksheet functions as VBA, against the catalogue and against what VBA allows."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.metadata import version
from types import MappingProxyType

import pytest

from tests.core import sources
from tests.xl_addin.test_catalogue import RESERVED_IN_VBA
from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.catalogue.kinds import DATE, may, needs
from xl_addin.excel import wrappers
from xl_addin.excel.server_command import OPTIONS, SERVE
from xl_addin.excel.vba_project import Kind

EVERY = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
MODULES = {module.name: module for module in wrappers.modules(["Sheet1", "Sheet2"])}
PROCEDURE = re.compile(
    r"^(?:Public |Private )?(?:Function|Sub) (\w+)\(.*?^End (?:Function|Sub)$", re.MULTILINE | re.DOTALL
)


def code(source: str) -> str:
    """The source without its comments and texts."""
    without_texts = re.sub(r'"[^"\n]*"', '""', source)
    return re.sub(r"'.*", "", without_texts)


# --- against the catalogue -----------------------------------------------------------------------------------------


@EVERY
def test_a_wrapper_has_the_catalogues_arguments_in_order(function: Function) -> None:
    head = wrappers.wrapper(function).partition("\n")[0]
    found = re.fullmatch(rf"Public Function {function.name}\((.*)\) As Variant", head)
    assert found
    words = found[1].split(", ") if found[1] else []
    names = [re.sub(r"^(Optional|ParamArray) |\(\)$", "", word) for word in words]
    names = [name.removesuffix("()") for name in names]
    assert names == wrappers.argument_names(function)
    optional = [word.startswith("Optional ") for word in words[: len(function.arguments)]]
    assert optional == sorted(optional)  # VBA: once one is optional, all behind it are
    needed = [argument.required for argument in function.arguments]
    assert all(is_optional or is_needed for is_optional, is_needed in zip(optional, needed, strict=True))
    assert optional == [not all(needed[: n + 1]) for n in range(len(needed))]


@EVERY
def test_a_wrapper_hands_on_every_argument(function: Function) -> None:
    names = ", ".join(argument.name for argument in function.arguments)
    given = f"Joined(Array({names}), further)" if function.variadic else f"Array({names})"
    assert f'    {function.name} = CoproCall("{function.name}", {given})' in wrappers.wrapper(function)


@EVERY
def test_a_wrapper_is_volatile_exactly_as_the_catalogue_says(function: Function) -> None:
    lines = [line for line in wrappers.wrapper(function).splitlines() if "Volatile" in line]
    assert lines == {
        "": [],
        "always": ["    Application.Volatile"],
    }.get(function.clock, [f"    If LeftOut({function.clock}) Then Application.Volatile"])


def test_three_wrappers_in_full() -> None:
    assert wrappers.wrapper(FUNCTIONS["COPRO_RATE"]) == (
        "Public Function COPRO_RATE(item, Optional on_date, Optional regulation) As Variant\n"
        "    If LeftOut(on_date) Then Application.Volatile\n"
        '    COPRO_RATE = CoproCall("COPRO_RATE", Array(item, on_date, regulation))\n'
        "End Function"
    )
    assert wrappers.wrapper(FUNCTIONS["COPRO_INDEXED"]) == (
        "Public Function COPRO_INDEXED(amount, s_n, s_r) As Variant\n"
        '    COPRO_INDEXED = CoproCall("COPRO_INDEXED", Array(amount, s_n, s_r))\n'
        "End Function"
    )
    explain = replace(FUNCTIONS["COPRO_EXPLAIN"], clock="")
    assert wrappers.wrapper(explain) == (
        "Public Function COPRO_EXPLAIN(function_name, ParamArray arguments()) As Variant\n"
        "    Dim further As Variant: further = arguments\n"
        '    COPRO_EXPLAIN = CoproCall("COPRO_EXPLAIN", Joined(Array(function_name), further))\n'
        "End Function"
    )


def test_a_needed_argument_behind_an_optional_one_is_optional_too() -> None:
    function = Function("COPRO_NEW", "why", "", (may("first", DATE), needs("second", DATE)), lambda call: None)
    assert wrappers.wrapper(function).startswith("Public Function COPRO_NEW(Optional first, Optional second) As")


def test_a_function_added_to_the_catalogue_has_a_wrapper(monkeypatch: pytest.MonkeyPatch) -> None:
    added = Function("COPRO_ADDED", "why", "", (needs("on_date", DATE),), lambda call, day: None)
    monkeypatch.setattr(wrappers, "FUNCTIONS", MappingProxyType({**FUNCTIONS, added.name: added}))
    assert 'COPRO_ADDED = CoproCall("COPRO_ADDED", Array(on_date))' in wrappers.wrappers()


def test_the_worksheet_sees_the_catalogue_and_nothing_else() -> None:
    """A function of another module would stand in Excel's list, too."""
    public = re.findall(r"^Public Function (\w+)", MODULES[wrappers.WRAPPERS].source, re.MULTILINE)
    assert public == list(FUNCTIONS)
    for name, module in MODULES.items():
        if module.kind is Kind.STANDARD and name != wrappers.WRAPPERS:
            private = "Option Private Module" in module.source
            assert private or not re.search(r"^(Public )?Function", module.source, re.MULTILINE), name


# --- what VBA allows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODULES)
def test_limits_of_vba(name: str) -> None:
    lines = MODULES[name].source.splitlines()
    assert max(map(len, lines)) <= 1023
    continued = "".join("c" if line.endswith(" _") else " " for line in lines)
    assert "c" * 25 not in continued
    for procedure in PROCEDURE.finditer(MODULES[name].source):
        assert len(procedure[0].encode()) < 64 * 1024


@pytest.mark.parametrize("name", MODULES)
def test_every_procedure_is_closed_and_every_variable_declared(name: str) -> None:
    source = MODULES[name].source
    assert "Option Explicit" in source.splitlines()[:2]
    opened = re.findall(r"^(?:Public |Private )?(Function|Sub) ", source, re.MULTILINE)
    assert opened == re.findall(r"^End (Function|Sub)$", source, re.MULTILINE)


@pytest.mark.parametrize("name", MODULES)
def test_no_name_is_reserved(name: str) -> None:
    source = code(MODULES[name].source)
    procedures = re.findall(r"\b(?:Function|Sub) (\w+)", source)
    parameters = re.findall(r"\b(?:ByVal|ByRef|Optional|ParamArray) (?!ByVal|ByRef)(\w+)", source)
    variables = re.findall(r"\b(?:Dim|Const|Private|Public|,) (\w+)(?:\(\))? As\b", source)
    assert {found.lower() for found in (*procedures, *parameters, *variables)} & set(RESERVED_IN_VBA.split()) == set()


def test_names_in_one_project_do_not_clash() -> None:
    """To VBA ``Text`` and ``text`` are one; a public procedure called as a module is not found."""
    procedures = [
        found.lower()
        for module in MODULES.values()
        for found in re.findall(r"^Public (?:Function|Sub) (\w+)", module.source, re.MULTILINE)
    ]
    assert len(procedures) == len(set(procedures))
    assert not set(procedures) & {name.lower() for name in MODULES}


def test_the_library_is_the_one_that_is_asked_for() -> None:
    project = tomllib.loads((sources.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {word for words in project["optional-dependencies"].values() for word in words if "xlwings" in word}
    assert asked == {f"xlwings=={wrappers.XLWINGS}"}
    assert version("xlwings") == wrappers.XLWINGS
    source = MODULES["CoproLibrary"].source
    for size in ("32", "64"):
        assert source.count(f'"xlwings{size}-{wrappers.XLWINGS}.dll"') == 2
    assert not any("{version}" in module.source or "{arguments}" in module.source for module in MODULES.values())


def test_python_is_started_isolated() -> None:
    quoted = SERVE.replace('"', '""')
    assert f'""" {OPTIONS} -c ""{quoted}""' in MODULES["CoproServer"].source
    assert {"-I"} <= set(OPTIONS.split())


# --- what a mailed workbook could try ------------------------------------------------------------------------------

ALL_CODE = {name: code(module.source) for name, module in MODULES.items()}


def test_no_setting_comes_from_a_workbook() -> None:
    """The workbook in front is asked for its date system, and copied to be checked: nothing of its cells is read."""
    asked = [
        found
        for source in ALL_CODE.values()
        for found in re.findall(r"\bActive(?:Workbook|Sheet|Cell)\b[.\w]*", source)
    ]
    assert set(asked) == {
        *("ActiveWorkbook", "ActiveWorkbook.Date1904", "ActiveWorkbook.FileFormat", "ActiveWorkbook.SaveCopyAs"),
    }
    every = "\n".join(ALL_CODE.values())
    assert not re.search(r"\.(Path|Name)\b", re.sub(r"ThisWorkbook\.Name|GetSpecialFolder\(\w+\)\.Path", "", every))
    assert not re.search(r"\b(Selection|CustomDocumentProperties|Names|Evaluate|CurDir|ChDir)\b", every)


def test_command_lines_are_made_of_the_add_ins_own_words() -> None:
    """The only texts that reach one are literals, the button's tag, and files in folders of ours."""
    every = "\n".join(ALL_CODE.values())
    assert not re.search(r"\bShell\s*[\(\"]", every)
    words = re.findall(r"(?<!Function )\bRan[ (](?!=)(.+?), said", MODULES["CoproRibbon"].source)
    assert sorted(words) == sorted(
        [
            '"workbook " & control.Tag & " -o " & Quoted(file)',
            '"update " & Quoted(copy) & " --dry-run"',
            '"update " & Quoted(copy) & " --yes"',
            '"audit " & Quoted(copy)',
            '"call COPRO_STATUS"',
        ]
    )
    assert re.findall(r"^ +copy = (.*)", MODULES["CoproRibbon"].source, re.MULTILINE) == ["SavedCopy()", "SavedCopy()"]
    runs = [source for source in ALL_CODE.values() if re.search(r"\.Run\b", source)]
    assert len(runs) == 2  # the command, and the help page
    assert re.findall(r"\.Run (.*)", MODULES["CoproRibbon"].source) == ["Quoted(page)"]


def test_no_object_of_excel_goes_to_python() -> None:
    assert re.findall(r"CallUDF\((.*)\)$", MODULES["CoproServer"].source, re.MULTILINE) == [
        "(moduleName), (functionName), (arguments)"
    ]


def test_programs_are_called_by_their_full_path() -> None:
    """Without one, Windows looks in the folder of the open workbook first."""
    every = "\n".join(module.source for module in MODULES.values())
    for program in ("cmd.exe", "python.exe", "pythonw.exe"):
        assert re.findall(rf".{re.escape(program)}", every) == [f"\\{program}"]
    assert 'Expanded("%SystemRoot%\\System32\\cmd.exe")' in every
