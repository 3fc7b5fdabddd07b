"""Codes and the names they go by: what people may type, in any of the four languages."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from core.codes import code_named, codes, folded
from core.errors import InputError
from core.rules.art_2_2_8_vat import Customer
from core.rules.art_2_3_2_late_payment import Law
from core.topics import LANGUAGES, groups, names
from core.vocabulary import ContributionKind, Cost, DayType, Item

GROUPS: dict[str, Iterable[str]] = {
    "ITEM": Item,
    "SERIES": ("SALARY", "TRAVEL"),
    "CONTRIBUTION": ContributionKind,
    "DAY_TYPE": DayType,
    "CUSTOMER": Customer,
    "COST": Cost,
    "LAW": Law,
    "LANGUAGE": LANGUAGES,
}


def test_the_groups() -> None:
    assert set(groups()) == {*GROUPS, "SITE"}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_the_list_the_code_knows(group: str) -> None:
    assert sorted(codes(group)) == sorted(GROUPS[group])


@pytest.mark.parametrize("group", sorted(groups()))
def test_each_code_has_a_name_in_each_language(group: str) -> None:
    for code, known in groups()[group].items():
        assert [language for language in known if language != "also"] == list(LANGUAGES), code
        for language, given in known.items():
            assert given, f"{code}.{language}"
            assert all(name == name.strip() and name for name in given)
            assert len({name.casefold() for name in given}) == len(given), f"{code}.{language} says a name twice"
        labels = [known[language][0] for language in LANGUAGES]
        assert not any("," in label or len(label) > 60 for label in labels), labels  # it must fit a drop-down list


@pytest.mark.parametrize("group", sorted(groups()))
def test_no_name_means_two_codes(group: str) -> None:
    meanings: dict[str, set[str]] = {}
    for code, known in groups()[group].items():
        for name in (code, *(name for given in known.values() for name in given)):
            meanings.setdefault(folded(name), set()).add(code)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("group", sorted(groups()))
def test_every_name_is_understood(group: str) -> None:
    for code, known in groups()[group].items():
        for name in (code, *(name for given in known.values() for name in given)):
            for written in (name, name.upper(), name.lower(), f"  {name} "):
                assert code_named(group, written) == code


@pytest.mark.parametrize(
    ("group", "written", "code"),
    [
        ("ITEM", "hour", "HOUR"),
        ("ITEM", "UUR", "HOUR"),
        ("ITEM", "Stunde", "HOUR"),
        ("ITEM", "Indemnité de séjour", "NIGHT"),
        ("ITEM", "indemnite  de sejour", "NIGHT"),
        ("ITEM", "heure à l’étranger", "HOUR_ABROAD"),  # a curly apostrophe
        ("SITE", "Brüssel", "BRUSSEL"),
        ("SITE", "brussels-halle-vilvoorde", "BRUSSEL"),
        ("SITE", "province d’anvers", "ANTWERPEN"),
        ("SITE", "LIÈGE", "LIEGE"),
        ("LANGUAGE", "NL", "nl"),
        ("LAW", "1865", "1865"),
    ],
)
def test_in_any_case_and_without_accents(group: str, written: str, code: str) -> None:
    assert code_named(group, written) == code


@pytest.mark.parametrize("written", ["", " ", "HOURS", "uurtje", "2", "\ud800", "H\0OUR", "hour,", "½", "x" * 5000])
def test_no_guess(written: str) -> None:
    with pytest.raises(InputError) as unknown:
        code_named("ITEM", written)
    assert unknown.value.key == "code_unknown"
    for language in LANGUAGES:
        assert "HOUR_ABROAD" in unknown.value.message(language)
        assert len(unknown.value.message(language)) < 400


def test_the_label_comes_first() -> None:
    assert names("DAY_TYPE", "WORKDAY", "en")[0] == "working day"
    assert names("SITE", "LIEGE", "de") == ["Lüttich"]


@pytest.mark.parametrize(
    ("written", "compared"),
    [("  À la\u00a0Carte ", "a la carte"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("l’île", "l'ile"), ("", "")],
)
def test_folded(written: str, compared: str) -> None:
    assert folded(written) == compared
