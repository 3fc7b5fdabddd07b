"""Seeing why: the steps of a computation, the policies, the state of the installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.codes import code_named
from core.errors import NotAvailable
from core.formats import Named, shown
from core.texts import text
from core.vocabulary import Series
from xl_addin.catalogue import kinds
from xl_addin.catalogue.kinds import may, needs
from xl_addin.catalogue.model import Call, Function
from xl_addin.cells import Cell, CellError, Table, cell
from xl_addin.version import toolkit_version

if TYPE_CHECKING:
    from core.policies import Policy
    from core.records import Figures
    from core.rulebook import Rulebook

LAPSES_SOON = timedelta(days=60)


def explain(call: Call, function_name: str, *arguments: object) -> Table:
    """A row a step: article, what, formula, result, policy, source; for a failing call the reason and the remedy."""
    from xl_addin.evaluate import computed

    language, name = _language_and_name(call, function_name)
    answer, explained_call = computed(name, arguments, replace(call.session, language=language))
    if isinstance(answer, CellError):
        return _refusal(answer, language)
    return _steps(explained_call, language) or [["", text("labels", "no_steps", language), "", None, "", ""]]


def _language_and_name(call: Call, written: str) -> tuple[str, str]:
    """``fr:COPRO_RATE`` asks for French; without a prefix the language is the installation's."""
    prefix, colon, name = written.rpartition(":")
    return (code_named("LANGUAGE", prefix) if colon else call.session.language), name


def _refusal(error: CellError, language: str) -> Table:
    return [["", text("labels", "refused", language), error.message(language), error, "", ""]]


def _steps(call: Call, language: str) -> Table:
    from core.explain import explained

    return [
        [
            step.article,
            step.what,
            step.formula,
            cell(step.value, step.unit, language),
            step.policy,
            step.source,
        ]
        for step in explained(call.steps, call.policies, language)
    ]


def policies(call: Call, language: str | None, regulation: str | None) -> Table:
    """A row a policy: id, what it is about, setting, what that does, article, reason, alternatives.

    With a regulation, the settings are those that hold under it today.
    """
    from core.policies import known_policies

    words = language or call.session.language
    if regulation is not None:
        call.tariff(call.session.today(), regulation)
    return [_policy_row(call, policy, words) for policy in known_policies().values()]


def _policy_row(call: Call, policy: Policy, language: str) -> list[Cell]:
    try:
        setting: Cell = call.policies[policy.id]
        does = policy.settings[str(setting)][language]
    except NotAvailable as error:
        setting, does = CellError(error.cell_code, error), error.message(language)
    others = ", ".join(other for other in policy.settings if other != setting)
    return [policy.id, policy.title[language], setting, does, policy.article, policy.reason[language], others]


def status(call: Call, language: str | None) -> Table:
    """A row a fact: what it is, its value."""
    words = language or call.session.language
    session, rulebook = call.session, call.session.rulebook
    today = session.today()
    rows: Table = [
        [text("labels", "status_version", words), toolkit_version()],
        [text("labels", "status_regulation", words), _or_error(lambda: rulebook.general_on(today).id)],
        [text("labels", "status_specific", words), ", ".join(rulebook.specific) or "–"],
        [text("labels", "status_data", words), str(session.data_folder or "–")],
        [text("labels", "status_fingerprint", words), rulebook.fingerprint],
        [text("labels", "status_recordings", words), len(rulebook.recordings)],
        *_last_recording(rulebook, words),
        [text("labels", "status_last_year", words), _or_error(lambda: rulebook.years_indexed()[-1])],
        [text("labels", "status_language", words), session.language],
        [text("labels", "status_site", words), shown(Named("SITE", session.site), words)],
    ]
    rows += [[text("labels", "status_lapses", words), line] for line in _lapsing(rulebook.figures, today, words)]
    rows += [[text("labels", "status_problem", words), problem.message(words)] for problem in rulebook.problems]
    return rows


def _last_recording(rulebook: Rulebook, language: str) -> Table:
    """When figures were last recorded, and by whom; no row while none ever were."""
    if not rulebook.recordings:
        return []
    day, people = rulebook.recordings[-1]
    told = text("labels", "status_recorded_by", language, day=day, people=", ".join(people))
    return [[text("labels", "status_last_recording", language), told]]


def _or_error(fact: Callable[[], Cell]) -> Cell:
    """A fact, or the error in its place: the other rows still tell theirs."""
    try:
        return fact()
    except NotAvailable as error:
        return CellError(error.cell_code, error.forgetful())


def _lapsing(figures: Figures, today: date, language: str) -> list[str]:
    """The series whose last figure has lapsed or soon will."""
    lines = []
    for series in Series:
        latest = figures.latest(series)
        name = shown(Named("series", series.value), language)
        if latest is None:
            lines.append(text("labels", "status_no_figure", language, series=name))
        elif latest.valid_to is not None and latest.valid_to - LAPSES_SOON < today:
            lines.append(text("labels", "status_until", language, series=name, until=latest.valid_to))
    return lines


_LANGUAGE = may("language", kinds.LANGUAGE)

FUNCTIONS = (
    Function(
        "COPRO_EXPLAIN",
        "why",
        "",
        (needs("function_name", kinds.FUNCTION_NAME),),
        explain,
        table=True,
        variadic=True,
        examples=(
            ("COPRO_PERFORMANCE_FEE", "2023-03-06T16:30", 3.5),
            ("COPRO_PERFORMANCE_FEE", "2023-03-06T16:30", 30),
        ),
    ),
    Function(
        "COPRO_POLICIES",
        "why",
        "",
        (_LANGUAGE, may("regulation", kinds.REGULATION)),
        policies,
        table=True,
        examples=((),),
    ),
    Function("COPRO_STATUS", "why", "", (_LANGUAGE,), status, table=True, clock="always", examples=((),)),
)
