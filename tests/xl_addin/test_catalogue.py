"""The catalogue: the contract of names and arguments, and what every front needs of them."""

from __future__ import annotations

import inspect
import keyword
import re
from datetime import date

import pytest

from core.codes import codes
from core.topics import LANGUAGES, topic
from tests.core.folder import session_on
from xl_addin import CellError, call
from xl_addin.catalogue import FUNCTIONS, Function

CONTRACT = """
COPRO_RATE(item, [on_date], [regulation])
COPRO_TARIFF([year], [language], [regulation])
COPRO_INDEX_COEFFICIENT(year, [series])
COPRO_INDEXED(amount, s_n, s_r)
COPRO_SALARY_INDEX(year, [quarter])
COPRO_KM_RATE([on_date])
COPRO_CONTRIBUTION(kind, quantity, [on_date], [regulation])
COPRO_HOURS_CHARGED(hours)
COPRO_DAY_TYPE(on_date, [site], [language])
COPRO_FACTOR(start, [site], [day_type])
COPRO_APPLICATION_FEE([on_date], [applications])
COPRO_PERFORMANCE_FEE(start, hours, [site], [day_type], [regulation])
COPRO_TRAVEL_FEE(start, [trips], [hours_abroad], [site], [day_type], [regulation])
COPRO_TRANSPORT_COST(on_date, [car_km], [tickets], [regulation])
COPRO_STAY_FEE(on_date, nights, [room_cost], [regulation])
COPRO_INSPECTION_FEE(start, hours, [trips], [hours_abroad], [car_km], [tickets], [nights], [room_cost], [site], [day_type], [regulation])
COPRO_WASTED_TRIP_FEE(start, [trips], [hours_abroad], [car_km], [tickets], [nights], [room_cost], [site], [day_type], [regulation])
COPRO_VAT_RATE([on_date], [customer])
COPRO_VAT(amount, [on_date], [customer])
COPRO_PAYER(cost, [language])
COPRO_DUE_DATE(invoice_date)
COPRO_LEGAL_RATE(on_date, [law])
COPRO_LATE_RATE(on_date)
COPRO_LATE_INTEREST(amount, due_date, until_date)
COPRO_LATE_INTEREST_DETAIL(amount, due_date, until_date, [language])
COPRO_LUMP_SUM(amount, notice_received, as_of)
COPRO_LATE_CLAIM(amount, invoice_date, as_of, [payments], [notice_received], [language])
COPRO_EXPLAIN(function_name, …)
COPRO_POLICIES([language])
COPRO_STATUS([language])
"""  # noqa: E501

RESERVED_IN_VBA = """
call case close const declare dim do else elseif end endif enum erase event exit for friend function get global gosub
goto if implements input let lock loop lset next on open option print private public put raiseevent redim resume
return rset seek select set static stop sub type unlock wend while with write rem
any as byref byval each in new shared until withevents optional paramarray preserve spc tab then to
addressof and eqv imp is like mod not or typeof xor
abs cbool cbyte ccur cdate cdbl cdec cint clng clnglng clngptr csng cstr cvar cverr date debug doevents fix int len lenb
me pset scale sgn string array circle inputb lbound ubound boolean byte currency double integer long longlong longptr
single variant true false nothing empty null attribute lineinput cdecl decimal defdec name
"""
"""The reserved identifiers of VBA (MS-VBAL 3.3.5.2), in small letters, and ``Name``, which begins a statement."""


def names() -> list[Function]:
    return list(FUNCTIONS.values())


def test_the_contract() -> None:
    """Workbooks depend on it: no name, order or meaning changes; a function may gain arguments at its end."""
    agreed = [line.rstrip(")") for line in CONTRACT.strip().splitlines()]
    assert [name.partition("(")[0] for name in agreed] == list(FUNCTIONS)
    for signature, function in zip(agreed, FUNCTIONS.values(), strict=True):
        assert function.signature().startswith(signature)
        added = function.signature().removeprefix(signature).rstrip(")").strip(", ")
        assert all(argument.startswith("[") for argument in added.split(", ") if argument)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_names(function: Function) -> None:
    assert re.fullmatch(r"COPRO_[A-Z]+(_[A-Z]+)*", function.name)
    assert len(function.name) <= 40
    assert not looks_like_a_cell(function.name)
    arguments = [argument.name for argument in function.arguments]
    assert len(set(arguments)) == len(arguments)
    for name in arguments:
        assert re.fullmatch(r"[a-z][a-z_]*[a-z]", name)
        assert len(name) <= 20
        assert not keyword.iskeyword(name)
        assert not looks_like_a_cell(name)


def looks_like_a_cell(name: str) -> bool:
    """A1, XFD1048576, R1C1, RC, R, C."""
    return bool(re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d*([Cc]\d*)?|[Cc]\d*", name))


def test_no_argument_is_reserved_in_vba() -> None:
    arguments = {argument.name for function in names() for argument in function.arguments}
    assert arguments & set(RESERVED_IN_VBA.split()) == set()


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_help(function: Function) -> None:
    for language in LANGUAGES:
        texts = [function.help(language), *(function.argument_help(a.name, language) for a in function.arguments)]
        for text in texts:
            assert 10 <= len(text) <= 255
            assert len(text.encode("utf-16-le")) <= 2 * 255
            assert text.endswith(".")
            assert "{" not in text
            assert "\n" not in text
        assert len(set(texts)) == len(texts)
    assert function.article == "" or re.fullmatch(r"\d(\.\d)+([,-] ?\d(\.\d)+)*", function.article)
    if function.article:
        assert all(part in function.help("en") for part in function.article.split(", "))


def test_every_help_text_is_used() -> None:
    known = topic("functions")
    arguments = {argument.name for function in names() for argument in function.arguments}
    assert set(known) == {*FUNCTIONS, "argument"}
    assert set(known["argument"]) - arguments == {"arguments"}  # what COPRO_EXPLAIN takes besides
    used: set[str] = set()
    for function in names():
        own = {name for name, value in known[function.name].items() if isinstance(value, dict)}
        assert own <= {argument.name for argument in function.arguments}
        used |= {argument.name for argument in function.arguments} - own
    assert set(known["argument"]) - used == {"arguments"}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_what_is_needed_comes_first(function: Function) -> None:
    required = [argument.required for argument in function.arguments]
    assert required == sorted(required, reverse=True)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_the_arguments_fit_the_computation(function: Function) -> None:
    parameters = list(inspect.signature(function.compute).parameters.values())
    named = [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    assert named == ["call", *(argument.name for argument in function.arguments)]
    assert (parameters[-1].kind is inspect.Parameter.VAR_POSITIONAL) == function.variadic


def test_kinds() -> None:
    assert [function.name for function in names() if function.variadic] == ["COPRO_EXPLAIN"]
    tables = {function.name for function in names() if function.table}
    assert tables == {
        *("COPRO_TARIFF", "COPRO_LATE_INTEREST_DETAIL", "COPRO_LATE_CLAIM"),
        *("COPRO_EXPLAIN", "COPRO_POLICIES", "COPRO_STATUS"),
    }
    ranges = {(function.name, a.name) for function in names() for a in function.arguments if a.range}
    assert ranges == {("COPRO_LATE_CLAIM", "payments")}
    for function in names():
        for argument in function.arguments:
            if argument.kind.codes:
                assert codes(argument.kind.codes)


# --- today ---------------------------------------------------------------------------------------------------------

#: They ask what day it is, and the answer does not depend on it: a rule that holds on every day so far.
SAME_EVERY_DAY = {"COPRO_HOURS_CHARGED", "COPRO_EXPLAIN"}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_a_function_that_asks_for_today_says_so(function: Function) -> None:
    session = session_on(example=True)
    asked: list[date] = []
    session.today = lambda: asked.append(date(2023, 3, 6)) or date(2023, 3, 6)
    given = {argument.name: value for argument, value in zip(function.arguments, function.examples[0], strict=False)}
    call(function.name, [given.get(a.name) if a.required else None for a in function.arguments], session)
    assert bool(asked) == bool(function.clock) or function.name in SAME_EVERY_DAY
    if function.clock not in ("", "always"):
        asked.clear()
        needed = {a.name for a in function.arguments if a.required} | {function.clock}
        given.setdefault(function.clock, "2023-03-06")
        answer = call(function.name, [given[a.name] if a.name in needed else None for a in function.arguments], session)
        assert not asked, "given, it leaves today out"
        assert not isinstance(answer, CellError) or function.name == "COPRO_CONTRIBUTION"


# --- examples (their values: tests/reference) -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_every_example_can_be_explained(function: Function, language: str) -> None:
    for example in (*function.examples, *function.made_up):
        assert len(example) <= len(function.arguments) or function.variadic
        rows = call("COPRO_EXPLAIN", [f"{language}:{function.name}", *example], session_on(example=True))
        assert isinstance(rows, list)
        assert {len(row) for row in rows} == {6}
        for row in rows:
            assert not re.search(r"\{\w*\}", " ".join(cell for cell in row if isinstance(cell, str)))
        if function.name == "COPRO_EXPLAIN":
            assert isinstance(rows[0][3], CellError)  # an explanation is not explained again
