"""``types.rdb`` lists the catalogue's functions; `python -m xl_addin.calc.build` writes it anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.calc.rdb import Types
from xl_addin.calc import build, helptexts
from xl_addin.calc.office import libreoffice
from xl_addin.catalogue import FUNCTIONS

TYPES = Types(build.TYPES).interfaces
WORKBOOK = ("workbook", "com.sun.star.beans.XPropertySet")


def test_the_types_list_exactly_the_functions_of_the_catalogue() -> None:
    assert list(TYPES["copro.calc.XFunctions"]) == list(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_types_list_exactly_the_arguments_of_a_function(name: str) -> None:
    expected = [(build.parameter(argument), "any") for argument in helptexts.argument_names(FUNCTIONS[name])]
    assert TYPES["copro.calc.XFunctions"][name] == [WORKBOOK, *expected]


def test_the_guards_helper_takes_the_cells_themselves() -> None:
    assert TYPES["copro.calc.XCells"] == {"COPRO_CELLS": [("area", "com.sun.star.table.XCellRange")]}


def test_the_types_are_what_the_generator_writes(tmp_path: Path) -> None:
    soffice = libreoffice()
    if soffice is None or not shutil.which("unoidl-write", path=str(soffice.resolve().parent.parent / "sdk" / "bin")):
        pytest.skip("unoidl-write is not here (Debian: libreoffice-dev)")
    build.build(tmp_path / "types.rdb")
    assert Types(tmp_path / "types.rdb").interfaces == TYPES


@pytest.mark.parametrize(
    ("argument", "parameter"), [("on_date", "onDate"), ("s_n", "sN"), ("series", "series"), ("long", "longValue")]
)
def test_an_argument_gets_a_name_that_the_types_allow(argument: str, parameter: str) -> None:
    assert build.parameter(argument) == parameter
