"""Reading a data file: whatever is wrong with it is told with its file, its line and a reason in four languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.errors import CoproError, FileProblem
from core.loading import load
from core.policies import PolicySettings
from core.reading import FileRefused, line_of, read
from core.records import FiguresFile
from core.topics import LANGUAGES
from tests.core.folder import GENERAL_FILE, SPECIFIC, holiday, record, write

EXAMPLE = (GENERAL_FILE.parents[1] / "examples" / "example_regulation.toml").read_text("utf-8")
GENERAL = GENERAL_FILE.read_text("utf-8")


def problem_in(folder: Path, name: str, content: str | bytes) -> FileProblem:
    """What is wrong with a file of the data folder; the message is there in four languages and names the place."""
    file = write(folder, name, content)
    problems = load(folder).problems
    assert len(problems) == 1
    assert problems[0].file == file
    for language in LANGUAGES:
        message = problems[0].message(language)
        assert message.startswith(f"{file}:{problems[0].line}: ")
        assert not re.search(r"\{\w*\}", message), message
        assert len(message) > len(str(file)) + 15
    return problems[0]


def broken(content: str, old: str, new: str) -> tuple[str, int]:
    """``content`` with its first ``old`` replaced, and the line on which that stands."""
    assert old in content
    return content.replace(old, new, 1), content[: content.index(old)].count("\n") + 1


# --- figures -------------------------------------------------------------------------------------------------------

TWO = "# ours\n\n" + record() + "\n" + record(period='"2025"')
"""Two records; the second begins on line 13, its value stands on line 16."""

MISTAKES = [
    # syntax
    (TWO + "value = = 3\n", 22, "toml_wrong"),
    (TWO + 'source = "the end', 22, "toml_wrong"),
    (TWO + 'source = """the end\n\n', 24, "toml_wrong"),
    (TWO + "[[record]\n", 22, "toml_wrong"),
    (TWO + "series = 'vat_be'\n", 22, "toml_wrong"),  # a second time in the same table
    (TWO.replace("2026-12-01", "2026-02-29", 1), 10, "toml_wrong"),
    (TWO.replace("5.75", "5,75", 1), 6, "toml_wrong"),
    (TWO.replace('"gazette"', "gazette", 1), 8, "toml_wrong"),
    # fields
    (record() + record(basis=None), 10, "field_missing"),
    (record() + record(recorded_by=None), 10, "field_missing"),
    (record() + record(vaule="5"), 19, "field_unknown"),
    (TWO + "\n[other]\n", 23, "field_unknown"),
    ("\n\nother = 1\n", 3, "field_unknown"),
    (record() + record(series='"legal_interest"'), 11, "field_not_listed"),
    (record() + record(status='"final"'), 16, "field_not_listed"),
    (record() + record(recorded_on='"1/12/2026"'), 17, "field_wrong"),
    (record() + record(source='""'), 15, "field_wrong"),
    ('record = "x"', 1, "field_wrong"),
    ('record = ["x"]', 1, "field_wrong"),
    # numbers
    (record() + record(value='"5,75"'), 13, "number_expected"),
    (record() + record(value='"5.75"'), 13, "number_expected"),
    (record() + record(value="true"), 13, "number_expected"),
    (record() + record(value="nan"), 13, "number_expected"),
    (record() + record(value="-inf"), 13, "number_expected"),
    (record() + record(value="-5.75"), 13, "number_negative"),
    # what concerns a whole record is told at its beginning
    (record() + record(value="575"), 10, "percent_too_high"),
    (record() + record(value="5.755"), 10, "percent_decimals"),
    (record() + record(series='"travel_allowance"', value="0"), 10, "number_not_positive"),
    (record() + record(series='"salary_index"'), 10, "quarter_expected"),
    (record() + record(period='"24"'), 10, "period_unreadable"),
    (record() + record(period="2024"), 10, "period_unreadable"),
    (record() + record(valid_from="2024-01-01"), 10, "period_or_days"),
    (record() + record(period=None), 10, "period_or_days"),
    (record() + record(period=None, valid_from="2024-07-01", valid_to="2024-06-30"), 10, "days_reversed"),
    # construction holidays
    (record() + holiday() + holiday(site='"ATLANTIS"'), 19, "site_unknown"),
    (record() + holiday(year="2025"), 10, "days_outside_year"),
    (record() + holiday(periods="[]"), 13, "field_wrong"),
    (record() + holiday(periods="[{ from = 2026-07-26, to = 2026-07-06 }]"), 13, "days_reversed"),
    (record() + holiday(periods="[{ from = 2026-07-26 }]"), 13, "field_missing"),
    (record() + holiday(year='"soon"'), 12, "field_wrong"),
]


@pytest.mark.parametrize(("content", "line", "key"), MISTAKES)
def test_figures(tmp_path: Path, content: str, line: int, key: str) -> None:
    problem = problem_in(tmp_path, "figures/ours.toml", content)
    assert (problem.line, problem.reason.key) == (line, key)


def test_lines_end_as_windows_ends_them(tmp_path: Path) -> None:
    problem = problem_in(tmp_path, "figures/ours.toml", (record() + record(value="-1")).replace("\n", "\r\n"))
    assert (problem.line, problem.reason.key) == (13, "number_negative")


@pytest.mark.parametrize("content", [record(recorded_by='"Zoë"').encode("latin-1"), record().encode("utf-16")])
def test_another_encoding(tmp_path: Path, content: bytes) -> None:
    problem = problem_in(tmp_path, "figures/ours.toml", content)
    assert (problem.line, problem.reason.key) == (1, "file_unreadable")


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "figures" / "ours.toml").mkdir(parents=True)
    (problem,) = load(tmp_path).problems
    assert (problem.line, problem.reason.key) == (1, "file_unreadable")


def test_byte_order_mark(tmp_path: Path) -> None:
    write(tmp_path, "figures/ours.toml", b"\xef\xbb\xbf" + record().encode())
    assert load(tmp_path).problems == ()


@pytest.mark.parametrize("value", ["1" * 5000, "1e99999999999999999999", "[" * 5000 + "]" * 5000])
def test_a_value_no_parser_takes(tmp_path: Path, value: str) -> None:
    problem = problem_in(tmp_path, "figures/ours.toml", record() + record(value=value))
    assert problem.line == 13


def test_a_value_no_parser_takes_after_a_list_over_several_lines(tmp_path: Path) -> None:
    problem = problem_in(tmp_path, "figures/ours.toml", "list = [\n1,\n]\nvalue = " + "1" * 5000 + "\n")
    assert problem.line == 4


def test_nothing_is_shown_of_a_long_value_but_its_beginning(tmp_path: Path) -> None:
    problem = problem_in(tmp_path, "figures/ours.toml", record(status=f'"{"x" * 1000}"'))
    assert "x" * 80 in problem.message("en")
    assert "x" * 81 not in problem.message("en")


# --- policies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "key"),
    [
        ('"hours.bands" = "start\n', 1, "toml_wrong"),
        pytest.param(
            '# ours\n"interest.law" = 2002\n',
            2,
            "field_wrong",
        ),
        ('"hours.bands" = "bogus"\n', 1, "setting_unknown"),
        ('"hours.band" = "start"\n', 1, "policy_unknown"),
        ('hours.bands = "start"\n', 1, "field_wrong"),  # without quotes it is a table
        pytest.param(
            '"hours.bands" = "start"\n"factor.flat_trip" = "bogus"\n',
            2,
            "setting_unknown",
        ),
        pytest.param(
            '"hours.bands" = "start"\n"factor.flat" = "none"\n',
            2,
            "policy_unknown",
        ),
        pytest.param(
            '# ours\n\nhours.bands = "start"\n',
            3,
            "field_wrong",
        ),
    ],
)
def test_policies(tmp_path: Path, content: str, line: int, key: str) -> None:
    problem = problem_in(tmp_path, "policies.toml", content)
    assert (problem.line, problem.reason.key) == (line, key)


# --- regulations ---------------------------------------------------------------------------------------------------

REGULATION_MISTAKES = [
    (EXAMPLE, "base = 300.00", "base = -300.00", "number_negative"),
    (EXAMPLE, "base = 300.00", 'base = "300,00"', "number_expected"),
    (EXAMPLE, 'index = "salary"', 'index = "salaries"', "field_not_listed"),
    (EXAMPLE, 'code = "INSPECTION"', 'code = "INSPEKTION"', "field_not_listed"),
    (EXAMPLE, 'period = "quarter"', 'period = "week"', "field_not_listed"),
    (EXAMPLE, 'id = "EXAMPLE-BRS"', 'id = "-x"', "field_wrong"),
    (EXAMPLE, "base_year = 2023", "base_year = -1", "field_wrong"),
    (EXAMPLE, "base_year = 2023", 'base_year = 2023\nremark = "x"', "field_unknown"),
    (GENERAL, "base = 1160.96", "base = nan", "number_expected"),
    (GENERAL, "first = 1 ", "first = 0 ", "field_wrong"),
    (GENERAL, "WORKDAY = { day = 1.0,", "WORKDAY = { day = 1.25,", "factor_not_half"),
    (GENERAL, "WORKDAY = { day = 1.0,", "WORKDAY = { day = 0.5,", "factor_not_half"),
    (GENERAL, "WORKDAY = { day = 1.0,", "WORKDAY = { day = 10.5,", "factor_not_half"),
    (GENERAL, "term_days = 30\n", "term_days = 30.5\n", "field_wrong"),
    (GENERAL, "term_days = 30", "term_days = true", "field_wrong"),
    (GENERAL, "lump_sum_minimum = 200.00", "lump_sum_minimum = 200.005", "too_many_decimals"),
    (GENERAL, "night_from = 18:00:00", 'night_from = "evening"', "field_wrong"),
]
WHOLE_TABLE_MISTAKES = [
    # what concerns a whole table is told somewhere in that table, or at the top for the whole file
    (EXAMPLE, "base = 300.00", "base = 300.005", "too_many_decimals"),
    (EXAMPLE, 'setting = "excluded"', 'setting = "never"', "setting_unknown"),
    (EXAMPLE, 'id = "wasted_trip.fixed_fee"', 'id = "wasted_trip"', "policy_unknown"),
    (EXAMPLE, "per_unit = 412.50", "per_unit = 412.505", "too_many_decimals"),
    (EXAMPLE, "per_unit = 412.50\n", "", "contribution_empty"),
    (EXAMPLE, "tiers = [", "per_unit = 1\ntiers = [", "contribution_twice"),
    (EXAMPLE, "up_to = 1000", "up_to = 6000", "tiers_out_of_order"),
    (EXAMPLE, "up_to = 5000", "up_to = 1000", "tiers_out_of_order"),
    (EXAMPLE, "up_to = 5000, ", "", "tiers_out_of_order"),
    (EXAMPLE, "{ per_unit = 0.45 }", "{ up_to = 9000, per_unit = 0.45 }", "tiers_out_of_order"),
    (EXAMPLE, "minimum = 250.00", "minimum = 6000.01", "bounds_reversed"),
    (EXAMPLE, "valid_from = 2023-01-01\n", "", "field_missing"),
    (EXAMPLE, 'kind = "specific"', 'kind = "special"', "field_wrong"),
    (EXAMPLE, 'source = "made-up regulation', 'saurce = "made-up regulation', "field_missing"),
    (GENERAL, 'code = "HOUR_ABROAD"', 'code = "HOUR"', "not_exactly_once"),
    (GENERAL, 'code = "TRAVEL"', 'code = "SAMPLES"', "not_exactly_once"),
    (GENERAL, "notice_days = 8\n", "", "field_missing"),
    (GENERAL, "base_year = 2023\n", "", "field_missing"),
]


@pytest.mark.parametrize(("content", "old", "new", "key"), REGULATION_MISTAKES + WHOLE_TABLE_MISTAKES)
def test_regulation(tmp_path: Path, content: str, old: str, new: str, key: str) -> None:
    mistaken, _ = broken(content, old, new)
    assert problem_in(tmp_path, "regulations/ours.toml", mistaken).reason.key == key


def test_lines_of_a_regulation(tmp_path: Path) -> None:
    for number, (content, old, new, _) in enumerate(REGULATION_MISTAKES):
        mistaken, line = broken(content, old, new)
        lines = (line, line + 1) if "remark" in new else (line,)
        assert problem_in(tmp_path / str(number), "regulations/ours.toml", mistaken).line in lines, new


def test_lines_of_a_table_of_a_regulation(tmp_path: Path) -> None:
    mistaken, line = broken(EXAMPLE, 'setting = "excluded"', 'setting = "never"')
    assert line - 4 <= problem_in(tmp_path, "regulations/ours.toml", mistaken).line <= line
    mistaken, line = broken(GENERAL, "notice_days = 8\n", "")
    assert line - 5 <= problem_in(tmp_path / "2", "regulations/ours.toml", mistaken).line <= line


def test_the_field_is_named_as_the_file_writes_it(tmp_path: Path) -> None:
    mistaken, _ = broken(EXAMPLE, "base = 300.00", "base = -300.00")
    assert "regulation.specific" not in problem_in(tmp_path, "regulations/ours.toml", mistaken).message("en")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("regulations/ours.toml", SPECIFIC.replace('"specific"', '"special"')),
        ("policies.toml", 'hours.bands = "start"\n'),
    ],
)
def test_no_python_in_a_message(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path, name, content)
    (problem,) = load(tmp_path).problems
    assert "{'" not in problem.message("en")


# --- read and line_of themselves -----------------------------------------------------------------------------------


def test_read_gives_the_model(tmp_path: Path) -> None:
    file = write(tmp_path, "policies.toml", '"hours.bands" = "start"\n')
    assert read(file, PolicySettings).root == {"hours.bands": "start"}


def test_read_keeps_decimals_exact(tmp_path: Path) -> None:
    (found,) = read(write(tmp_path, "ours.toml", record(value="5.10")), FiguresFile).record
    assert str(found.value) == "5.10"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "nowhere.toml", FiguresFile)
    assert refused.value.problem.reason.key == "file_unreadable"
    for language in LANGUAGES:
        assert "nowhere.toml:1: " in refused.value.message(language)


CONTENT = """\
# ours
name = "x"

[hours]
first = 1
"longest" = 24

[hours.more]
x = 1

[[record]]
value = 1
[[other]]
value = 2
[[record]]
  value = 3
"""


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("name",), 2),
        (("hours", "first"), 5),
        (("hours", "longest"), 6),
        (("hours", "absent"), 4),
        (("hours", "more", "x"), 9),
        (("record", 0, "value"), 12),
        (("record", 1, "value"), 16),
        (("record", 1), 15),
        (("record", 1, "absent"), 15),
        (("other", 0, "value"), 14),
        (("absent",), 1),
        ((), 1),
    ],
)
def test_line_of(location: tuple[int | str, ...], line: int) -> None:
    assert line_of(CONTENT, location) == line


def test_a_problem_reads_as_compilers_write_it() -> None:
    problem = FileProblem(Path("a.toml"), 3, CoproError("number_not_positive"))
    assert problem.message("en").startswith("a.toml:3: the value must be more than 0")
