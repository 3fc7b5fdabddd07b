"""The run over millions of rows, on a few: it finds nothing, and it would."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("numpy")
pytest.importorskip("pyarrow")

from core.batch import vat
from core.policies import known_policies
from tests import oracle_run
from tests.oracle_cases import SETTINGS
from tests.oracle_rules import RULES

FEW = 100


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of few rows."""
    monkeypatch.setattr(oracle_run, "ROWS_A_SHARD", FEW)


def test_long_shards_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle_run, "LONG", 3)
    monkeypatch.setattr(oracle_run, "ROWS_OF_A_LONG_SHARD", 1000)
    assert [oracle_run.size_of(number) for number in range(4)] == [FEW, FEW, 1000, FEW]
    assert [len(oracle_run.shards_for(rows)) for rows in (1, FEW, FEW + 1, 1200, 1201)] == [1, 1, 2, 3, 4]


def run(*options: str) -> int:
    return oracle_run.main(["--workers", "1", *options])


def cells(text: str, name: str) -> list[str]:
    """The row of a table that begins with a name."""
    [line] = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
    return [cell.strip() for cell in line.split("|")[2:-1]]


def test_a_few_thousand_rows_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = FEW * (len(SETTINGS) + 20)
    assert run("--rows", str(rows), "--output", str(tmp_path / "oracle.md")) == 0
    text = capsys.readouterr().out
    assert (tmp_path / "oracle.md").read_text(encoding="utf-8") == text
    assert cells(text, "all")[:2] == [f"{rows:,}", "0"]
    assert all(int(cells(text, rule.title)[2].replace(",", "")) for rule in RULES if rule.share > 5)  # errors, too
    for name, policy in known_policies().items():
        for setting in policy.settings:
            shown = setting + " (default)" * (setting == policy.default)
            assert cells(text, f"`{name}` | {shown}")[1] != "0"


def test_the_shares_make_a_hundred() -> None:
    assert sum(rule.share for rule in RULES) == 100


def a_cent_more(compute):
    return lambda *given: compute(*given) + 1


def test_a_cent_too_much_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("vat", "vat_cents"):  # of a row, of a column
        monkeypatch.setattr(vat, name, a_cent_more(getattr(vat, name)))
    assert run("--shard", "3") == 1
    text = capsys.readouterr().out
    assert int(cells(text, "VAT")[1]) > 0
    assert cells(text, "all")[1] == cells(text, "VAT")[1]
    told = [line for line in text.splitlines() if line.startswith("- shard 3: VAT, ")]
    assert len(told) == int(cells(text, "VAT")[1])
    ours, theirs = told[0].rpartition("ours ")[2].split(", oracle ")
    assert int(ours) == int(theirs) + 1
    run("--shard", "3")
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("- ")] == told


def test_a_column_that_cannot_be_answered_names_its_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(vat, "vat", refuse)
    monkeypatch.setattr(vat, "vat_cents", refuse)
    assert run("--shard", "3") == 1
    assert "ours ZeroDivisionError(), oracle " in capsys.readouterr().out


def test_processes_say_what_one_says() -> None:
    numbers = range(4)
    alone, together = oracle_run.totals(1, numbers, 1), oracle_run.totals(1, numbers, 2)
    assert (alone.rows, alone.refused, alone.under) == (together.rows, together.refused, together.under)
