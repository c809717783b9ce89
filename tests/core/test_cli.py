"""The command line: Label Studio's commands and flags, and one sentence for a mistake."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands

from core.cli import run
from core.commands import COMMANDS, IGNORED, SETTINGS, SWITCHES, make_parser
from core.environment import read_environment
from core.environment.reader import variables_of
from core.environment.variables import Variables
from labelspace import __version__
from tests.people import somebody

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def same_environment_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags are written into the environment."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.management])
def test_every_command_is_done_by_somebody(name: str) -> None:
    assert COMMANDS[name].management in get_commands()


def test_flags_name_variables_that_exist() -> None:
    known = {variable.name for variable in variables_of(Variables).values()}
    assert {name for name, _ in [*SETTINGS.values(), *SWITCHES.values()]} <= known


@pytest.mark.parametrize("arguments", [["--version"], ["version"]])
def test_the_version_is_printed_and_nothing_is_started(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    assert capsys.readouterr().out == f"Labelspace {__version__}\n"


@pytest.mark.parametrize(
    "order",
    [["-p", "9001", "start", "-db", "x.sqlite3"], ["start", "-p", "9001", "--database", "x.sqlite3"], ["-p", "9001", "-db", "x.sqlite3"]],
)
def test_flags_may_stand_before_and_after_the_command(order: list[str]) -> None:
    options = make_parser().parse_args(order)
    assert (options.set_PORT, options.set_DATABASE_NAME) == ("9001", "x.sqlite3")


def test_a_flag_wins_over_every_spelling_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_LOG_LEVEL", "ERROR")
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    assert run(["settings", "--log-level", "DEBUG"]) == 0
    assert read_environment().log_level == "DEBUG"


@pytest.mark.parametrize("flags", [[flags[0]] for flags, _, _ in IGNORED])
def test_flags_without_meaning_are_accepted_and_said_to_be_ignored(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    make_parser().parse_args(["start", *flags])
    assert capsys.readouterr().err.startswith(f"labelspace: {flags[0]} is ignored: ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--key", "k.pem"], "LABEL_STUDIO_TLS_KEY is set but --cert (TLS_CERT) is not, and https needs both."),
        (["start", "-p", "x"], "LABEL_STUDIO_PORT is 'x' but must be a whole number from 0 to 65535."),
        (["start", "--host", ""], "--host needs a value."),
        (["export", "1"], "the following arguments are required: FORMAT. See labelspace export --help."),
        (["user", "--username", "a@example.com", "--nope"], "unrecognized arguments: --nope. See labelspace user --help."),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr().err == f"labelspace: {sentence}\n"


def test_an_unknown_flag_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["start", "--colour"])
    assert ended.value.code == 2
    assert "unrecognized arguments: --colour" in capsys.readouterr().err


def test_health_says_whether_a_server_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["health", "--port", "1"]) == 1
    assert "localhost:1 does not answer" in capsys.readouterr().err


def test_the_settings_are_shown_without_secrets(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRE_PASSWORD", "hunter2hunter2")
    assert run(["settings"]) == 0
    printed = capsys.readouterr().out
    assert "hunter2" not in printed
    line = next(line for line in printed.splitlines() if line.startswith("POSTGRE_PASSWORD"))
    assert line.split() == ["POSTGRE_PASSWORD", "(set)", "POSTGRE_PASSWORD"]


@pytest.mark.django_db
def test_user_shows_the_account_and_its_token(capsys: pytest.CaptureFixture[str]) -> None:
    ann = somebody()
    assert run(["user", "--username", ann.user.email.upper()]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["id"], shown["email"], shown["role"], shown["organization"]) == (
        ann.user.pk,
        ann.user.email,
        "owner",
        ann.organization.pk,
    )
    assert len(shown["token"]) == 40


@pytest.mark.django_db
def test_reset_password(capsys: pytest.CaptureFixture[str]) -> None:
    ann = somebody()
    assert run(["reset_password", "--username", ann.user.email, "--password", "correct horse battery"]) == 0
    ann.user.refresh_from_db()
    assert ann.user.check_password("correct horse battery")
    assert run(["reset_password", "--username", "nobody@example.org", "--password", "x"]) == 2
    assert capsys.readouterr().err == "labelspace: There is no account nobody@example.org.\n"


@pytest.mark.django_db
def test_init_makes_a_project_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ann = somebody()
    config = tmp_path / "config.xml"
    config.write_text("<View><Text name='t' value='$text'/><Choices name='c' toName='t'><Choice value='a'/></Choices></View>")
    for _ in range(2):
        assert run(["init", "From the shell", "--label-config", str(config), "--sampling", "uniform"]) == 0
    (project,) = ann.get("/api/projects/", title="From the shell").json()["results"]
    assert (project["title"], project["sampling"]) == ("From the shell", "Uniform sampling")
    assert "<Choices" in project["label_config"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["init", "New", "--only-check"], 'There is no project "New"'),
        (["init", "ab"], "title: "),
        (["init", "New one", "--label-config", "/nowhere.xml"], "--label-config: /nowhere.xml cannot be read (No such file or directory)."),
        (["export", "999999", "JSON"], "There is no project 999999."),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    somebody()
    assert run(arguments) == 2
    assert capsys.readouterr().err.startswith(f"labelspace: {sentence}")


@pytest.mark.django_db
def test_export_writes_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ann = somebody()
    made: dict[str, Any] = ann.post("/api/projects/", {"title": "To export"}).json()
    assert run(["export", str(made["id"]), "json", "--export-path", str(tmp_path)]) == 0
    target = tmp_path / f"project-{made['id']}.json"
    assert capsys.readouterr().out == f"{target}\n"
    assert json.loads(target.read_text()) == []
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"`labelspace {name}" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_every_flag_of_start_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    start = next(action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction)).choices["start"]
    flags = [action.option_strings[-1] for action in start._actions if action.option_strings and action.help != argparse.SUPPRESS]
    assert [flag for flag in flags if flag not in page and flag != "--help"] == []
