"""Opening a session: what is given, then the environment, then the user's settings, then the defaults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.errors import CoproError, FileError, InputError
from core.reading import FileRefused
from core.topics import LANGUAGES
from tests.core.folder import record, write
from xl_addin import CellError, Session, call, session
from xl_addin.session import _default, default_session, user_folder
from xl_addin.settings import read_settings

VARIABLES = ("COPRO_DATA", "COPRO_LANGUAGE", "COPRO_SITE")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's own folder, empty; and an environment that says nothing."""
    own = tmp_path / "home"
    own.mkdir()
    monkeypatch.setattr(session, "user_folder", lambda: own)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    _default.forget()
    yield own
    _default.forget()


def rate_of(folder: Path, percent: str) -> Path:
    """A data folder in which the statutory rate of 2027 is so high."""
    write(folder, "figures/2027.toml", record(period='"2027"', value=percent))
    return folder


def known_rate(opened: Session) -> object:
    answer = call("COPRO_LEGAL_RATE", ["2027-01-01"], opened)
    return answer.code if isinstance(answer, CellError) else answer


def test_defaults(home: Path) -> None:
    opened = Session.open()
    assert (opened.language, opened.site, opened.data_folder, opened.date1904) == ("nl", "BRUSSEL", home, False)
    assert opened.today() == date.today()
    assert known_rate(opened) == "#N/A"


def test_the_users_own_folder_holds_data_too(home: Path) -> None:
    rate_of(home, "4.00")
    assert known_rate(Session.open()) == 0.04


def test_the_users_own_folder_need_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "user_folder", lambda: tmp_path / "nowhere")
    assert Session.open().rulebook.problems == ()


def test_settings_of_the_user(home: Path, tmp_path: Path) -> None:
    folder = rate_of(tmp_path / "settings", "4.25")
    write(home, "settings.toml", f'data_folder = \'{folder}\'\nlanguage = "Frans"\nsite = "luik"\n')
    opened = Session.open()
    assert (opened.language, opened.site, opened.data_folder) == ("fr", "LIEGE", folder)
    assert known_rate(opened) == 0.0425


def test_the_environment_beats_the_settings(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = rate_of(tmp_path / "environment", "4.50")
    write(home, "settings.toml", f'data_folder = \'{tmp_path}\'\nlanguage = "fr"\nsite = "LIEGE"\n')
    for variable, value in zip(VARIABLES, (str(folder), "de", "Namur"), strict=True):
        monkeypatch.setenv(variable, value)
    opened = Session.open()
    assert (opened.language, opened.site, opened.data_folder) == ("de", "NAMUR", folder)
    assert known_rate(opened) == 0.045


def test_what_is_given_beats_everything(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = rate_of(tmp_path / "given", "4.75")
    write(home, "settings.toml", f'data_folder = \'{tmp_path}\'\nlanguage = "fr"\nsite = "LIEGE"\n')
    for variable, value in zip(VARIABLES, (str(tmp_path), "de", "Namur"), strict=True):
        monkeypatch.setenv(variable, value)
    opened = Session.open(given, "en", "Leuven")
    assert (opened.language, opened.site, opened.data_folder) == ("en", "LEUVEN", given)
    assert known_rate(opened) == 0.0475


def test_an_empty_variable_says_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "")
    opened = Session.open()
    assert (opened.language, opened.site, opened.data_folder) == ("nl", "BRUSSEL", home)


def test_a_folder_in_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    folder = rate_of(tmp_path / "ours", "4.10")
    monkeypatch.setenv("COPRO_DATA", "~/ours")
    opened = Session.open()
    assert (opened.data_folder, known_rate(opened)) == (folder, 0.041)


# --- what cannot be opened -----------------------------------------------------------------------------------------


def missing(error: pytest.ExceptionInfo[FileError], name: str) -> bool:
    messages = [error.value.message(language) for language in LANGUAGES]
    return error.value.key == "data_folder_missing" and all(name in message for message in messages)


def test_a_named_folder_that_is_missing(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileError) as given:
        Session.open(tmp_path / "given")
    assert missing(given, "given")
    write(home, "settings.toml", f"data_folder = '{tmp_path / 'written'}'\n")
    with pytest.raises(FileError) as written:
        Session.open()
    assert missing(written, "written")
    monkeypatch.setenv("COPRO_DATA", str(tmp_path / "environment"))
    with pytest.raises(FileError) as environment:
        Session.open()
    assert missing(environment, "environment")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileError) as refused:
        Session.open(write(tmp_path, "data.toml", ""))
    assert missing(refused, "data.toml")


@pytest.mark.parametrize(
    ("content", "line", "key"),
    [
        ('language = "nl\n', 1, "toml_wrong"),
        ('language = "nl"\nsites = "LIEGE"\n', 2, "field_unknown"),
        ("\nlanguage = 3\n", 2, "field_wrong"),
        ('data_folder = ""\n', 1, "field_wrong"),
    ],
)
def test_settings_with_a_mistake(home: Path, content: str, line: int, key: str) -> None:
    file = write(home, "settings.toml", content)
    with pytest.raises(FileRefused) as refused:
        Session.open()
    assert (refused.value.problem.file, refused.value.problem.line, refused.value.problem.reason.key) == (
        file,
        line,
        key,
    )
    for language in LANGUAGES:
        assert f"{file}:{line}: " in refused.value.message(language)


def test_empty_settings(tmp_path: Path) -> None:
    assert read_settings(write(tmp_path, "settings.toml", "# nothing\n")) == {}


@pytest.mark.parametrize(("language", "site"), [("es", None), ("", "Atlantis"), ("nl", "Atlantis"), ("#N/A", None)])
def test_a_language_or_a_site_that_does_not_exist(language: str, site: str | None) -> None:
    with pytest.raises(InputError) as unknown:
        Session.open(None, language, site)
    assert unknown.value.key == "code_unknown"


@pytest.mark.parametrize("policies", [{"hours.bands": "bogus"}, {"hours": "start"}])
def test_a_policy_that_does_not_exist(tmp_path: Path, policies: dict[str, str]) -> None:
    with pytest.raises(CoproError):
        Session.open(tmp_path, policies=policies)


# --- the default session -------------------------------------------------------------------------------------------


def test_the_default_session_is_opened_once(home: Path) -> None:
    rate_of(home, "4.00")
    assert call("COPRO_LEGAL_RATE", ["2027-01-01"]) == 0.04
    assert default_session() is default_session()


def test_within_a_second_the_files_are_not_looked_at_again(home: Path) -> None:
    default_session()
    rate_of(home, "4.00")
    assert isinstance(call("COPRO_LEGAL_RATE", ["2027-01-01"]), CellError)


@pytest.fixture
def looks_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LOOK_AGAIN", 0.0)


@pytest.mark.usefixtures("looks_every_time")
def test_a_figure_added_or_corrected_while_the_server_runs_counts(home: Path) -> None:
    assert isinstance(call("COPRO_LEGAL_RATE", ["2027-01-01"]), CellError)
    rate_of(home, "4.00")
    assert call("COPRO_LEGAL_RATE", ["2027-01-01"]) == 0.04
    rate_of(home, "4.50")
    assert call("COPRO_LEGAL_RATE", ["2027-01-01"]) == 0.045
    (home / "figures/2027.toml").unlink()
    assert isinstance(call("COPRO_LEGAL_RATE", ["2027-01-01"]), CellError)


@pytest.mark.usefixtures("looks_every_time")
def test_nothing_is_read_again_while_nothing_changes(home: Path) -> None:
    rate_of(home, "4.00")
    assert default_session() is default_session()


@pytest.mark.usefixtures("looks_every_time")
def test_a_data_folder_that_goes_away_is_no_reason_for_old_figures(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    rate_of(shared, "4.00")
    monkeypatch.setenv("COPRO_DATA", str(shared))
    assert call("COPRO_LEGAL_RATE", ["2027-01-01"]) == 0.04
    shared.rename(tmp_path / "away")
    assert isinstance(call("COPRO_LEGAL_RATE", ["2027-01-01"]), CellError)
    (tmp_path / "away").rename(shared)
    assert call("COPRO_LEGAL_RATE", ["2027-01-01"]) == 0.04


@pytest.mark.usefixtures("looks_every_time")
def test_changed_settings_count(home: Path) -> None:
    assert default_session().language == "nl"
    (home / "settings.toml").write_text('language = "fr"\n')
    assert default_session().language == "fr"
    assert default_session(date1904=True).language == "fr"
    assert default_session(date1904=True).date1904


@pytest.mark.usefixtures("looks_every_time")
def test_a_link_that_leads_nowhere_is_a_file_that_cannot_be_read(home: Path) -> None:
    rate_of(home, "4.00")
    file = home / "figures/2027.toml"
    file.rename(home / "away")
    file.symlink_to(home / "nowhere")
    for year in (2026, 2027):
        assert isinstance(call("COPRO_LEGAL_RATE", [f"{year}-01-01"]), CellError)
    file.unlink()
    assert call("COPRO_LEGAL_RATE", ["2026-01-01"]) == 0.045


@pytest.mark.usefixtures("looks_every_time")
def test_a_file_named_in_capitals_counts(home: Path) -> None:
    rate_of(home, "4.00")
    (home / "figures/2027.toml").rename(home / "figures/2027.TOML")
    assert call("COPRO_LEGAL_RATE", ["2027-01-01"]) == 0.04


def test_a_default_session_that_cannot_be_opened_is_an_error_cell(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPRO_DATA", str(tmp_path / "nowhere"))
    answer = call("COPRO_HOURS_CHARGED", [3.5])
    assert isinstance(answer, CellError)
    assert "nowhere" in answer.message("en")


def test_the_users_folder_has_the_toolkits_name() -> None:
    assert user_folder().name.lower() == "copro"
    assert user_folder().is_absolute()
