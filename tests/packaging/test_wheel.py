"""`pip install labelspace` gives one package with the bundle inside, without tests, that serves without Node, from any folder."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

from tests.packaging.serving import running


def test_the_wheel_has_one_top_level_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"labelspace"}


def test_the_wheel_carries_every_room_and_the_bundle(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    rooms = {
        "core",
        "labeling",
        "users",
        "organizations",
        "projects",
        "tasks",
        "data_manager",
        "data_import",
        "data_export",
        "comments",
        "labels",
        "quality",
        "webhooks",
        "ml",
        "io_storages",
        "durability",
        "hub_datasets",
        "spaces",
        "training",
        "deploy",
        "web",
    }
    assert {name.split("/")[1] for name in names if name.count("/") > 1 and name.startswith("labelspace/")} == rooms
    assert "labelspace/web/static/dist/manifest.json" in names
    # What `labelspace space deploy` gives to a Space.
    assert {"labelspace/deploy/space/README.md", "labelspace/deploy/space/Dockerfile", "labelspace/requirements-image.lock"} <= set(names)
    assert any(name.startswith("labelspace/web/static/dist/assets/") and name.endswith(".js.br") for name in names)


def test_the_wheel_carries_no_tests_and_no_sources_of_the_front_end(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [
        name for name in names if "/tests/" in name or "/test_" in name or "benchmarks" in name or name.endswith((".ts", ".tsx", ".pyc"))
    ] == []


def test_both_commands_are_there(installed: Path) -> None:
    for command in ("labelspace", "label-studio"):
        done = subprocess.run([installed / command, "version"], capture_output=True, text=True, check=True)
        assert done.stdout.startswith("Labelspace ")


def test_an_install_takes_less_than_250_megabytes(installed: Path) -> None:
    files = [path for path in installed.parent.rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in files) < 250_000_000


def test_it_serves_without_node_from_a_folder_that_has_a_core(installed: Path, elsewhere: Path, bare_environment: dict[str, str]) -> None:
    with running([installed / "label-studio", "start", "--port", "0", "-b"], elsewhere, bare_environment) as server:
        assert server.get("/health")[0] == 200
        status, headers, body = server.get("/user/login/")
        assert status == 200
        assert "server" not in headers
        script = re.search(r'src="(/static/dist/assets/[\w.-]+\.js)"', body.decode())
        assert script
        status, headers, _ = server.get(script[1], **{"Accept-Encoding": "br"})
        assert (status, headers["content-encoding"], headers["cache-control"]) == (200, "br", "max-age=315360000, public, immutable")
        assert "set-cookie" not in headers
        code, seconds = server.stop()
    assert code == 0
    assert seconds < 10
