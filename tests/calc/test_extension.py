"""The extension as people have it: added to a settings folder of LibreOffice, used there, and removed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from core.topics import LANGUAGES
from tests.calc.conftest import cells_of, write_workbook
from tests.calc.person import Person, person
from xl_addin import Session, call
from xl_addin.calc import contents, extension, helptexts
from xl_addin.calc.errors import RecalculationError
from xl_addin.catalogue import FUNCTIONS

HERE = Path(__file__).parent
FINANCIAL = 3  # com.sun.star.sheet.FunctionCategory
INSTALL = "import sys; from pathlib import Path; from xl_addin.calc import extension as e; p = Path(sys.argv[1]); "


@pytest.fixture(scope="module")
def somebody(office: Path) -> Iterator[Person]:
    with person() as found:
        if found is None:
            pytest.skip("nobody but root can read this project")
        yield found


@pytest.fixture(scope="module")
def installed(somebody: Person) -> Person:
    """The extension added to a new settings folder, which computes every workbook anew."""
    _settings(somebody, somebody.profile)
    assert somebody.asks(INSTALL + "e.install(p); print(e.installed(p), e.faults(p))", somebody.profile) == (
        f"{extension.version()} []"
    )
    return somebody


def _settings(somebody: Person, profile: Path, language: str = "") -> None:
    """Settings as they are, but always computing; with ``language``, as if its texts were installed."""
    items = {"Office.Calc/Formula/Load": '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>'}
    if language:
        items["Setup/Office/InstalledLocales"] = (
            f'<node oor:name="{language}" oor:op="replace"><prop oor:name="Default" oor:op="fuse">'
            "<value>true</value></prop></node>"
        )
        items["Office.Linguistic/General"] = f'<prop oor:name="UILocale" oor:op="fuse"><value>{language}</value></prop>'
    written = "".join(f'<item oor:path="/org.openoffice.{path}">{item}</item>' for path, item in items.items())
    somebody.owns(_made(somebody.owns(_made(profile)) / "user"))
    file = profile / "user" / "registrymodifications.xcu"
    file.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{written}</oor:items>"
    )
    somebody.owns(file)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


CELLS: dict[str, object] = {
    "B1": 44991.4,
    "B2": 3.5,
    "C1": 2.5,
    "C3": "text",
    "A1": "=COPRO_INSPECTION_FEE(B1,B2)",
    "A2": "=COPRO_HOURS_CHARGED(40)",
    "A3": '=COPRO_RATE("HOUR",40000)',
    "A4": "=SUM(COPRO_HOURS_CHARGED({1.2,2.5}))",
    "A5": "=COPRO_TRAVEL_FEE(B1,0)",
    "D1:D3": "{=COPRO_HOURS_CHARGED(C1:C3)}",
    "E1:F3": '{=COPRO_EXPLAIN("en:COPRO_HOURS_CHARGED",B2)}',
    "H1:I1": '{=COPRO_STATUS("en")}',
}


def shown(somebody: Person, profile: Path, office: Path) -> dict[str, object]:
    """What the workbook's cells show when LibreOffice opens it as people do: nothing but its settings folder."""
    source = somebody.home / "source.xlsx"
    write_workbook(source, CELLS, {})
    somebody.owns(source)
    target = somebody.home / "out"
    command = [office, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
    somebody.runs([*command, "--outdir", target, source])
    read = cells_of(target / "source.xlsx")
    return {address: read(address) for address in CELLS if address[0] not in "BC"}


EXPECTED = {
    "A1": 360.30 + 4 * 125.82 + 228.92,
    "A2": "#NUM!",
    "A3": "#N/A",
    "A4": 4,
    "A5": "#VALUE!",  # a blank cell or no trip: Calc does not say which
    "D1:D3": [[3], [None], ["#VALUE!"]],
}


def check(values: dict[str, object]) -> None:
    assert {address: values[address] for address in EXPECTED} == EXPECTED
    explained = call("COPRO_EXPLAIN", ["en:COPRO_HOURS_CHARGED", 3.5], Session.open())
    assert isinstance(explained, list)
    assert values["E1:F3"] == [explained[0][:2]] * 3  # one row, shown in each


def test_people_use_it_without_any_option(installed: Person, office: Path) -> None:
    check(shown(installed, installed.profile, office))


def _noted(somebody: Person, profile: Path, **changes: object) -> None:
    """Changes where the installed extension says the toolkit is."""
    (note,) = profile.glob("user/uno_packages/cache/uno_packages/*/copro.oxt/toolkit.json")
    note.write_text(json.dumps(json.loads(note.read_text()) | changes))


@pytest.fixture
def copied(installed: Person, tmp_path: Path) -> Path:
    """A copy of the settings folder, to be changed."""
    profile = installed.home / uuid.uuid4().hex
    installed.runs(["cp", "-r", installed.profile, profile])
    return profile


def test_a_libreoffice_with_another_python_asks_the_toolkits_own(installed: Person, copied: Path, office: Path) -> None:
    _noted(installed, copied, compiled_for="another Python")
    check(shown(installed, copied, office))


def test_without_the_toolkit_every_cell_is_an_error_and_some_say_why(
    installed: Person, copied: Path, office: Path
) -> None:
    _noted(installed, copied, compiled_for="another Python", python="/no/such/python")
    values = shown(installed, copied, office)
    for address in ("A1", "A2", "A3", "A4", "A5"):
        assert values[address] == "#NAME?"
    assert values["D1:D3"] == [["#NAME?"]] * 3
    for address in ("E1:F3", "H1:I1"):
        first = values[address][0][0]  # type: ignore[index]
        assert first.startswith("The COPRO functions cannot compute: the toolkit's Python cannot be reached")
        assert "/no/such/python" in first
    found = installed.asks(INSTALL + "print([f.key for f in e.faults(p)])", copied)
    assert found == "['extension_without_toolkit']"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_function_wizard_tells_what_the_catalogue_does(installed: Person, office: Path, language: str) -> None:
    profile = installed.home / language
    _settings(installed, profile, language)
    installed.asks(INSTALL + "e.install(p)", profile)
    wizard, pipe = installed.home / "wizard.py", uuid.uuid4().hex
    shutil.copy(HERE / "wizard.py", wizard)
    options = ["--headless", "--norestore", "--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    settings = f"-env:UserInstallation={profile.as_uri()}"
    # One command, so that whatever happens the office ends with it.
    together = 'timeout 60 "$1" "$2" "$3" "$4" "$5" "$6" "$7" & timeout 60 /usr/bin/python3 "$8" "$9"; wait'
    if subprocess.run(["/usr/bin/python3", "-c", "import uno"], capture_output=True, check=False).returncode:
        pytest.skip("the system's Python has no uno (Debian: python3-uno)")
    said = installed.runs(["sh", "-c", together, "sh", office, *options, settings, wizard, pipe])
    found = json.loads(said.strip().splitlines()[-1])
    expected = {
        name: [
            function.help(language),
            FINANCIAL,
            [
                [argument, function.argument_help(_own_name(name, argument), language)]
                for argument in helptexts.argument_names(function)
            ],
        ]
        for name, function in FUNCTIONS.items()
    }
    assert found == expected


def _own_name(function: str, argument: str) -> str:
    """The catalogue's name of an argument; the further ones of a variadic function share one."""
    own = {known.name for known in FUNCTIONS[function].arguments}
    return argument if argument in own else "arguments"


def test_installing_again_replaces_and_uninstalling_leaves_nothing(
    installed: Person, copied: Path, office: Path
) -> None:
    installed.asks(INSTALL + "e.install(p)", copied)
    assert installed.runs(["unopkg", "list", f"-env:UserInstallation={copied.as_uri()}"]).count("Identifier:") == 1
    assert installed.asks(INSTALL + "print(e.uninstall(p), e.uninstall(p))", copied) == "True False"
    assert installed.asks(INSTALL + "print([f.key for f in e.faults(p)])", copied) == "['extension_missing']"
    values = shown(installed, copied, office)
    assert (values["A1"], values["H1:I1"]) == ("#NAME?", [["#NAME?", "#NAME?"]])


def test_an_open_libreoffice_is_left_alone(installed: Person, copied: Path) -> None:
    (copied / ".lock").write_text("")
    said = installed.asks(INSTALL + "print([f.message('en') for f in e.faults(p)])", copied)
    assert "LibreOffice is open" in said
    assert str(copied / ".lock") in said


# --- the file ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    target = tmp_path_factory.mktemp("oxt") / "copro.oxt"
    extension.write_extension(target)
    return zipfile.ZipFile(target)


def test_the_same_toolkit_makes_the_same_file(package: zipfile.ZipFile, tmp_path: Path) -> None:
    extension.write_extension(tmp_path / "again.oxt")
    assert (tmp_path / "again.oxt").read_bytes() == Path(str(package.filename)).read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["again.oxt"]


def test_everything_the_extension_names_is_in_it(package: zipfile.ZipFile) -> None:
    names = set(package.namelist())
    manifest = package.read("META-INF/manifest.xml").decode()
    assert set(re.findall(r'full-path="([^"]*)"', manifest)) <= names
    assert re.findall(r'uri="([^"]*)"', package.read("functions.components").decode()) == ["component.py"]
    assert b"copro.calc.Cells" not in package.read("functions.components")  # only for recalculating
    assert {"component.py", "pythonpath/copro_link.py", "pythonpath/copro_marks.py"} <= names
    assert package.read("types.rdb") == (contents.HERE / "types.rdb").read_bytes()


def test_the_list_of_extensions_shows_name_and_publisher_in_four_languages(package: zipfile.ZipFile) -> None:
    described = ET.fromstring(package.read("description.xml"))
    space = {"d": "http://openoffice.org/extensions/description/2006"}
    for element in ("display-name", "publisher"):
        found = described.findall(f"d:{element}/d:name", space)
        assert [name.get("lang") for name in found] == list(LANGUAGES)
        assert all(name.text for name in found)
    version = described.find("d:version", space)
    assert version is not None
    assert re.fullmatch(r"\d+(\.\d+)*", version.get("value", ""))


def test_the_names_and_help_in_it_are_the_catalogues(package: zipfile.ZipFile) -> None:
    written = json.loads(package.read("functions.json"))["functions"]
    assert list(written) == list(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        named = [argument["name"] for argument in written[name]["arguments"]]
        assert named[: len(function.arguments)] == [argument.name for argument in function.arguments]
        assert len(named) == len(function.arguments) + (helptexts.FURTHER if function.variadic else 0)


def test_every_function_can_be_explained_and_one_argument_too_many_as_well() -> None:
    assert max(len(function.arguments) for function in FUNCTIONS.values()) + 1 == helptexts.FURTHER


def test_where_the_toolkit_is_stands_in_it(package: zipfile.ZipFile) -> None:
    assert json.loads(package.read("toolkit.json")) == contents.place()


# --- what is missing -----------------------------------------------------------------------------------------------


def test_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [fault.key for fault in extension.faults(tmp_path)] == ["no_libreoffice"]
    for work in (extension.install, extension.uninstall):
        with pytest.raises(RecalculationError, match="Install LibreOffice"):
            work(tmp_path)


def office_that(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch, *, python: bool = True) -> None:
    """A LibreOffice whose program for extensions does what ``does`` says."""
    for name, script in (("soffice", "exit 0"), ("unopkg", does)):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    if python:
        (folder / "pythonloader.py").touch()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


LISTED = "echo 'Identifier: copro.tariff.calc'; echo '  Version: 0.0.1'"


@pytest.mark.parametrize(
    ("does", "key"),
    [
        ("echo 'ERROR: Cannot run unopkg as root without --shared or --bundled option.'; exit 1", "extension_as_root"),
        ("echo 'ERROR: no such thing'; exit 1", "extension_refused"),
        ("echo 'All deployed user extensions:'", "extension_missing"),
        ("echo 'Identifier: another'; echo '  Version: 1.0'", "extension_missing"),
        (LISTED, "extension_of_another_version"),
    ],
)
def test_what_is_wrong_is_told(does: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_that(tmp_path, does, monkeypatch)
    assert [fault.key for fault in extension.faults(tmp_path)] == [key]


def test_a_libreoffice_without_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_that(tmp_path, "true", monkeypatch, python=False)
    assert [fault.key for fault in extension.faults(tmp_path)] == ["office_without_python", "extension_missing"]


def test_a_libreoffice_without_its_program_for_extensions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_that(tmp_path, "true", monkeypatch)
    (tmp_path / "unopkg").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [fault.key for fault in extension.faults(tmp_path)] == ["no_unopkg"]


def test_installing_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office_that(tmp_path, "sleep 60", monkeypatch)
    monkeypatch.setattr(extension, "_SECONDS", 0.5)
    with pytest.raises(RecalculationError, match=r"after 0\.5 seconds"):
        extension.install(tmp_path)


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {"XDG_CONFIG_HOME": "/x"}, "/x/libreoffice/4"),
        ("linux", {"XDG_CONFIG_HOME": "", "HOME": "/h"}, "/h/.config/libreoffice/4"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/LibreOffice/4"),
        ("win32", {"APPDATA": "/a"}, "/a/LibreOffice/4"),
    ],
)
def test_where_libreoffice_keeps_its_settings(
    system: str, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert str(extension.user_profile()) == expected
