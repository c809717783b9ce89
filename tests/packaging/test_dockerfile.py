"""The container image, as far as it can be judged without building it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def instructions() -> list[tuple[str, str]]:
    """(instruction, rest) with continued lines joined and comments left out."""
    text = "\n".join(line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#"))
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(line.split(None, 1)[0].upper(), line.split(None, 1)[1].strip()) for line in lines if line.strip()]


def final_stage() -> list[tuple[str, str]]:
    found = instructions()
    last = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[last:]


def only(name: str) -> str:
    (value,) = [rest for instruction, rest in final_stage() if instruction == name]
    return value


def test_commands_are_in_exec_form() -> None:
    assert json.loads(only("CMD")) == ["labelspace", "start"]
    assert json.loads(only("HEALTHCHECK").partition("CMD ")[2]) == ["labelspace", "health"]
    assert "ENTRYPOINT" not in {name for name, _ in final_stage()}  # so that `docker run IMAGE label-studio …` works as the guide says


def test_it_runs_as_user_1000_in_a_folder_of_its_own_on_one_port() -> None:
    assert only("USER") == "1000"
    assert only("WORKDIR") == "/label-studio"
    assert only("EXPOSE") == "8080"
    made = next(rest for name, rest in final_stage() if name == "RUN" and "useradd" in rest)
    assert "--uid 1000" in made
    assert re.search(r"install --directory --owner=1000 .*/label-studio /label-studio/data", made)
    assert "LABEL_STUDIO_BASE_DATA_DIR=/label-studio/data" in only("ENV")


def test_the_final_stage_copies_from_the_build_only_and_has_no_node() -> None:
    assert [rest for name, rest in final_stage() if name in ("COPY", "ADD")] == ["--from=build /opt/labelspace /opt/labelspace"]
    assert not re.search(r"\b(node|npm|nodejs)\b", " ".join(rest for _, rest in final_stage()))


def test_the_image_is_locked() -> None:
    assert any(name == "RUN" and "--require-hashes" in rest and "requirements-image.lock" in rest for name, rest in instructions())
    version = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert version
    assert f"uv=={version[1]}" in " ".join(rest for _, rest in instructions())


@pytest.mark.parametrize("file", ["Dockerfile", "docker-compose.yml"])
def test_no_secret_and_no_address_is_written_down(file: str) -> None:
    text = (ROOT / file).read_text()
    assert not re.search(r"(?i)^\s*(ARG|ENV)\s.*(SECRET|PASSWORD|TOKEN)", text, re.MULTILINE)
    assert [
        line
        for line in re.findall(r"(?i)^.*(?:password|secret|token)\w*\s*[:=].*$", text, re.MULTILINE)
        if not line.lstrip().startswith("#") and "${" not in line
    ] == []
    assert "://" not in text


def test_what_is_copied_into_the_build_exists() -> None:
    wanted = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert [name for name in wanted if not (ROOT / name).exists()] == []
    wheel = re.search(r"^only-include = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert wheel
    assert set(re.findall(r'"(\w+)"', wheel[1])) <= set(wanted)


def test_packages_of_the_system_exist() -> None:
    names: set[str] = set()
    for name, rest in instructions():
        if name == "RUN" and "apt-get install" in rest:
            words = rest.partition("apt-get install")[2].partition("&&")[0].split()
            names |= {word for word in words if not word.startswith("-")}
    if names and not shutil.which("apt-cache"):
        pytest.skip("no apt-cache here to look the names up")
    for name in names:
        assert subprocess.run(["apt-cache", "show", name], capture_output=True, check=False).returncode == 0, name
