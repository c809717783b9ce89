"""Spaces: the template, making and managing them against the stand-in Hub with the real client, what is right and what is not."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from core.environment.space import Space
from core.errors import Refused
from core.events.models import Event
from durability.state import State
from spaces.facts import Level, hub_facts, local_facts
from spaces.wheel import _pack
from tests.browser import text_of
from tests.people import somebody
from tests.services.hub import Hub

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "deploy" / "space"
COLORS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
# What the Hub documents for the head of a Space's README.md.
KEYS = set(
    """
    title emoji colorFrom colorTo sdk python_version sdk_version suggested_hardware suggested_storage app_file app_build_command
    app_port base_path fullWidth header short_description models datasets tags thumbnail pinned license hf_oauth hf_oauth_scopes
    hf_oauth_expiration_minutes hf_oauth_authorized_org disable_embedding startup_duration_timeout custom_headers preload_from_hub
    """.split()  # noqa: SIM905 - as a list it would be thirty lines
)
SCOPES = {"email", "read-memberships", "read-repos", "gated-repos", "contribute-repos", "write-repos", "manage-repos", "jobs", "webhooks"}


def test_the_head_of_the_readme_has_documented_keys_only() -> None:
    text = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    _empty, head, body = text.split("---\n", 2)
    found = yaml.safe_load(head)
    assert set(found) <= KEYS
    assert (found["sdk"], found["app_port"], found["hf_oauth"]) == ("docker", 7860, True)
    assert {found["colorFrom"], found["colorTo"]} <= COLORS
    assert set(found["hf_oauth_scopes"]) <= SCOPES
    assert len(found["short_description"]) <= 60
    assert found["header"] in ("mini", "default")
    # Both ways of one click.
    assert "huggingface.co/new-space?template=" in body
    assert "?duplicate=true" in body
    for name in ("LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK", "POSTGRE_HOST", "STORAGE_PERSISTENCE", "HF_TOKEN"):
        assert name in body


def test_the_dockerfile_runs_as_user_1000_on_the_port_of_the_readme() -> None:
    lines = (TEMPLATE / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER user" in lines
    assert any("useradd" in line and "1000" in line for line in lines)
    assert 'CMD ["labelspace", "start"]' in lines
    assert "EXPOSE 7860" in lines


def test_one_command_makes_a_space_and_again_updates_it(hub: Hub, run: Callable[..., str]) -> None:
    said = run("deploy", "labels", "--owner", "ann@example.com", "--variable", "LOG_LEVEL=INFO", "--no-wait")
    assert said.splitlines()[-1] == f"{hub.endpoint}/spaces/ann/labels"
    repo = hub.repo("spaces", "ann/labels")
    assert (repo.settings["sdk"], repo.private) == ("docker", True)
    assert sorted(repo.settings["secrets"]) == ["HF_TOKEN", "LABEL_STUDIO_PASSWORD", "LABEL_STUDIO_USERNAME", "SECRET_KEY"]
    password = repo.settings["secrets"]["LABEL_STUDIO_PASSWORD"]["value"]
    assert said.count(password) == 1
    key = repo.settings["secrets"]["SECRET_KEY"]["value"]
    assert len(key) >= 50
    assert repo.settings["variables"]["DURABLE_TARGET"]["value"] == "hf://buckets/ann/labels-data"
    assert repo.settings["variables"]["LOG_LEVEL"]["value"] == "INFO"
    assert hub.buckets["ann/labels-data"]["private"]
    files = repo.at("main")["tree"]
    assert {"README.md", "Dockerfile", "requirements.txt", "labelspace-0-py3-none-any.whl"} <= set(files)
    assert "title: labels\n" in (repo.read("README.md") or b"").decode()
    again = run("deploy", "ann/labels", "--owner", "ann@example.com", "--no-wait")
    assert "password" not in again
    assert repo.settings["secrets"]["SECRET_KEY"]["value"] == key  # or everybody would be signed out


def test_the_third_seed_call_by_call(hub: Hub, run: Callable[..., str]) -> None:
    run("create", "ann/one", "--public", "--secret", "A=1", "--variable", "B=2=3", "--hardware", "t4-small", "--sleep", "3600")
    repo = hub.repo("spaces", "ann/one")
    runtime = repo.settings["runtime"]
    assert (repo.settings["secrets"]["A"]["value"], repo.settings["variables"]["B"]["value"]) == ("1", "2=3")
    assert (runtime["hardware"]["requested"], runtime["gcTimeout"]) == ("t4-small", 3600)
    assert run("secrets", "ann/one", "--set", "C=x", "--delete", "A") == "C\n"
    assert run("variables", "ann/one", "--set", "D=4", "--delete", "B") == "D=4\n"
    assert "t4-small" in run("hardware", "ann/one")
    hub.settle("ann/one")
    run("sleep", "ann/one", "7200")
    assert runtime["gcTimeout"] == 7200
    assert "t4-small → cpu-basic" in run("hardware", "ann/one", "cpu-basic")
    hub.settle("ann/one")
    with pytest.raises(CommandError, match="48 hours"):
        run("sleep", "ann/one", "60")
    assert "Stage: PAUSED" in run("pause", "ann/one")
    assert "Stage: APP_STARTING" in run("restart", "ann/one")
    assert "Stage: BUILDING" in run("restart", "ann/one", "--factory")
    assert run("volumes", "ann/one", "--set", "bucket:ann/data:/data", "dataset:ann/set:/set:ro").splitlines() == [
        "bucket:ann/data:/data",
        "dataset:ann/set:/set:ro",
    ]
    assert run("volumes", "ann/one", "--clear") == ""
    assert "line 2" in run("logs", "ann/one", "--build")
    assert "Hardware: cpu-basic" in run("status", "ann/one")
    assert run("duplicate", "ann/one", "ann/two").strip().endswith("/spaces/ann/two")
    assert ("spaces", "ann/two") in hub.repos


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (402, "needs a PRO account"),
        (401, "the token of `hf auth login` cannot restart Spaces"),
        (403, "needs write access"),
        (429, "asked too often"),
        (503, "has trouble of its own"),
    ],
)
def test_refusals_say_what_to_do(hub: Hub, run: Callable[..., str], status: int, sentence: str) -> None:
    hub.new_repo("spaces", "ann/one", sdk="docker")
    hub.fail_next("/restart", status)
    with pytest.raises(Refused, match=sentence):
        run("restart", "ann/one")


def test_what_is_not_there_or_wrongly_written(hub: Hub, run: Callable[..., str]) -> None:
    with pytest.raises(Refused, match="User Access Token"):
        run("status", "ann/none")
    with pytest.raises(Refused, match="owner/name"):
        run("status", "a/b/c")
    with pytest.raises(CommandError, match="NAME=VALUE, not hidden"):
        run("secrets", "ann/one", "--set", "hidden")
    with pytest.raises(CommandError, match="bucket:me/data:/data"):
        run("volumes", "ann/one", "--set", "data")
    with pytest.raises(CommandError, match="Say which Space"):
        run("status")


@pytest.mark.django_db
def test_the_facts_of_a_space(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.new_repo("spaces", "ann/labels", sdk="docker", visibility="private")
    space = Space(id="ann/labels", host="ann-labels.hf.space", author="ann", hardware="t4-small", cores=2, memory=16 << 30)
    environment = replace(settings.ENVIRONMENT, space=space, secret_key="")
    with override_settings(ENVIRONMENT=environment, STORAGE_PERSISTENCE=False):
        facts = {fact.name: fact for fact in local_facts() + hub_facts()}
        assert facts["sign-in"].fix.startswith("Write `hf_oauth: true`")
        assert "space hardware ann/labels cpu-basic" in facts["hardware"].fix
        assert (facts["visibility"].level, facts["token"].level) == (Level.WARNING, Level.GOOD)
        assert "X-HF-Authorization" in facts["visibility"].text
        if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
            assert (facts["durable"].level, facts["key"].level) == (Level.BAD, Level.WARNING)
            with pytest.raises(CommandError, match="need to be put right"):
                call_command("doctor", "--offline", stdout=io.StringIO())
            now = time.time()
            copies = State(target="hf://buckets/ann/labels-data", saved_at=now, looked_at=now)
            monkeypatch.setattr("spaces.facts.state.read", lambda folder: copies)
            with override_settings(ENVIRONMENT=replace(environment, durable_target=copies.target)):
                facts = {fact.name: fact for fact in local_facts()}
                assert (facts["durable"].level, facts["key"].level) == (Level.GOOD, Level.GOOD)
                copies.error, copies.saved_at = "The token was refused.", now - 3600
                broken = {fact.name: fact for fact in local_facts()}["durable"]
                assert (broken.level, "The token was refused." in broken.text) == (Level.BAD, True)
                copies.drill = {"at": now, "seconds": 0.2, "rows": 5123, "error": ""}
                drill = {fact.name: fact for fact in local_facts()}["drill"]
                assert (drill.level, "5,123 rows, as many as here" in drill.text) == (Level.GOOD, True)
                copies.drill["error"] = "tasks_task has 3 rows in the copy and 4 here."
                drill = {fact.name: fact for fact in local_facts()}["drill"]
                assert (drill.level, "3 rows in the copy" in drill.text) == (Level.BAD, True)
        hub.tokens["hf_test"]["role"] = "read"
        assert {fact.name: fact for fact in hub_facts()}["token"].level == Level.BAD
        hub.fail_next("whoami", 503)
        assert "trouble of its own" in {fact.name: fact for fact in hub_facts()}["token"].text


@pytest.mark.django_db
def test_an_owner_manages_the_space_on_its_page(hub: Hub) -> None:
    owner = somebody()
    repo = hub.new_repo("spaces", "ann/labels", sdk="docker")
    plain = text_of(owner.get("/organization/space"))
    assert "Data lasts" in plain
    assert "Restart" not in plain
    assert somebody("administrator", owner.organization).get("/organization/space").status_code == 403
    form = "application/x-www-form-urlencoded"
    with override_settings(ENVIRONMENT=replace(settings.ENVIRONMENT, space=Space(id="ann/labels", host="h", author="ann"))):
        assert "Build again" in text_of(owner.get("/organization/space"))
        assert "T4" in text_of(owner.get("/organization/space/hardware")).upper()
        assert "Of ann" in text_of(owner.get("/organization/space/hub"))
        owner.client.generic("POST", "/organization/space", "action=secret&name=A_KEY&value=hidden", form)
        shown = owner.get("/organization/space/runtime").content.decode()
        assert "<code>A_KEY</code>" in shown
        assert 'value="hidden"' not in shown
        send = owner.client.post
        send("/organization/space", {"action": "sleep", "value": "30"})
        assert "48 hours" in text_of(owner.get("/organization/space"))
        send("/organization/space", {"action": "hardware", "value": "t4-small"})
        send("/organization/space", {"action": "sleep", "value": "30"})
        assert (repo.settings["runtime"]["gcTimeout"], repo.settings["runtime"]["hardware"]["requested"]) == (1800, "t4-small")
        assert "t4-small" in text_of(owner.get("/organization/space/runtime"))
        send("/organization/space", {"action": "volumes", "value": "bucket:ann/data:/data\r\ndataset:ann/set:/set:ro\r\n"})
        assert "dataset:ann/set:/set:ro" in text_of(owner.get("/organization/space/runtime"))
        send("/organization/space", {"action": "volumes", "value": ""})
        assert not repo.settings["runtime"].get("volumes")
        hub.fail_next("/runtime", 401)
        assert "the token of `hf auth login` cannot" in text_of(owner.get("/organization/space/runtime"))
        owner.client.generic("POST", "/organization/space", "action=pause", form)
        owner.client.generic("POST", "/organization/space", "action=secret&name=no name&value=x", form)
        hub.fail_next("/restart", 402)
        owner.client.generic("POST", "/organization/space", "action=restart", form)
        page = text_of(owner.get("/organization/space"))
    assert repo.settings["secrets"]["A_KEY"]["value"] == "hidden"
    assert list(repo.settings["secrets"]) == ["A_KEY"]
    assert repo.settings["runtime"]["stage"] == "PAUSED"
    assert "needs a PRO account" in page
    kinds = list(Event.objects.filter(kind__startswith="space.").values_list("kind", flat=True))
    assert kinds == ["space.secret", "space.hardware", "space.sleep", "space.volumes", "space.volumes", "space.pause"]
    assert "hidden" not in str(list(Event.objects.values()))


@pytest.mark.django_db
def test_the_warning_about_storage_comes_back_tomorrow() -> None:
    owner = somebody()
    with override_settings(STORAGE_PERSISTENCE=False):
        assert "Storage is ephemeral" in text_of(owner.get("/organization/"))
        put_off = owner.client.generic("POST", "/notices/later", "next=/organization/", "application/x-www-form-urlencoded")
        assert put_off["Location"] == "/organization/"
        assert put_off.cookies["storage-warning-later"]["max-age"] == 24 * 3600
        assert "Storage is ephemeral" not in text_of(owner.get("/organization/"))


def test_an_installed_labelspace_becomes_a_wheel_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import PathDistribution

    site = tmp_path / "site"
    info = site / "labelspace-1.2.dist-info"
    (site / "labelspace").mkdir(parents=True)
    info.mkdir()
    (site / "labelspace" / "__init__.py").write_text("x = 1\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: labelspace\nVersion: 1.2\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nTag: py3-none-any\n")
    (info / "RECORD").write_text(
        "labelspace/__init__.py,,\nlabelspace-1.2.dist-info/METADATA,,\nlabelspace-1.2.dist-info/WHEEL,,\n"
        "labelspace-1.2.dist-info/RECORD,,\n../../bin/labelspace,,\nlabelspace/__pycache__/__init__.cpython-311.pyc,,\n"
    )
    monkeypatch.setattr("spaces.wheel.distribution", lambda name: PathDistribution(info))
    wheel = _pack(tmp_path)
    assert wheel.name == "labelspace-1.2-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        assert sorted(archive.namelist()) == [
            "labelspace-1.2.dist-info/METADATA",
            "labelspace-1.2.dist-info/RECORD",
            "labelspace-1.2.dist-info/WHEEL",
            "labelspace/__init__.py",
        ]
