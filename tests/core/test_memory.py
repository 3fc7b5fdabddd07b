"""A memory that does not grow for ever."""

from __future__ import annotations

from core.memory import MOST, remember


def test_what_is_remembered_is_given_back() -> None:
    known: dict[int, str] = {}
    assert remember(known, 1, "one") == "one"
    assert known == {1: "one"}


def test_a_full_memory_begins_anew() -> None:
    known = dict.fromkeys(range(MOST), "old")
    assert remember(known, -1, "new") == "new"
    assert known == {-1: "new"}
