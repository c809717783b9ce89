"""`labelspace start` from the outside: comes up, keeps its children alive, finishes what is under way, leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.environment import read_environment
from core.start import address, open_port
from core.startup import StartError
from tests.packaging.serving import Running, running

ROOT = Path(__file__).resolve().parents[2]
LABELSPACE = [sys.executable, "-P", "-m", "labelspace"]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A data directory, and a database when the run is on PostgreSQL, that nobody used before."""
    found = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data"),
        "WEB_CONCURRENCY": "1",
    }
    if os.environ.get("TEST_DB") != "postgres":
        yield found
        return
    import psycopg2

    name = f"start_{uuid.uuid4().hex}"
    described = {variable: os.environ[variable] for variable in ("DJANGO_DB", "POSTGRE_HOST", "POSTGRE_USER")}
    server = psycopg2.connect(host=described["POSTGRE_HOST"], user=described["POSTGRE_USER"], dbname="postgres")
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield {**found, **described, "POSTGRE_NAME": name}
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.fixture
def server(tmp_path: Path, environment: dict[str, str]) -> Iterator[Running]:
    with running([*LABELSPACE, "start", "--port", "0"], tmp_path, environment) as started:
        yield started


def children(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            child = int(stat.parent.name)
            found += [child, *children(child)]
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it ended meanwhile


def until(condition: object, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def gone(pids: list[int]) -> bool:
    return not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_it_works(server: Running, tmp_path: Path) -> None:
    status, headers, body = server.get("/health")
    assert (status, body) == (200, b'{"status":"UP"}')
    assert "server" not in headers
    assert (tmp_path / "data" / "labelspace.sqlite3").exists() == (os.environ.get("TEST_DB") != "postgres")
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_stops_on_a_signal_and_leaves_nobody_behind(server: Running, number: int) -> None:
    assert until(lambda: len(children(server.process.pid)) >= 3)
    below = children(server.process.pid)
    code, seconds = server.stop(number)
    assert code == 0
    assert seconds < 10
    assert gone(below)


def test_a_request_under_way_is_finished(server: Running) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        # The body comes only after the signal: the request is under way until then.
        connection.sendall(b"POST /api/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n")
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(b"{}")
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 4")
    assert server.process.wait(timeout=10) == 0


@pytest.mark.parametrize("what", ["serve", "worker"])
def test_a_child_that_dies_is_started_again(server: Running, what: str) -> None:
    def of_kind() -> list[int]:
        return [pid for pid in children(server.process.pid) if f"labelspace {what} " in command_of(pid)]

    before = of_kind()
    os.kill(before[0], signal.SIGKILL)
    assert until(lambda: of_kind() and not set(of_kind()) & set(before), 20)
    assert server.get("/health")[0] == 200


def test_nobody_outlives_a_killed_supervisor(server: Running) -> None:
    below = children(server.process.pid)
    server.process.kill()
    server.process.wait()
    assert until(lambda: gone(below), 15)


def test_nobody_outlives_a_supervisor_that_is_killed_while_they_start(environment: dict[str, str], tmp_path: Path) -> None:
    """A busy machine: the parent is gone before its children have loaded anything."""
    with (tmp_path / "server.log").open("w") as output:
        process = subprocess.Popen(
            [*LABELSPACE, "start", "--port", "0"], cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        assert until(lambda: any("labelspace worker " in command_of(pid) for pid in children(process.pid)), 60)
        below = children(process.pid)
    finally:
        process.kill()
        process.wait()
    assert until(lambda: gone(below), 20)


def test_a_second_start_keeps_key_and_database(tmp_path: Path, environment: dict[str, str]) -> None:
    keys = []
    for _ in range(2):
        with running([*LABELSPACE, "start", "--port", "0"], tmp_path, environment) as server:
            assert server.get("/health")[0] == 200
        keys.append((tmp_path / "data" / "secret_key").read_text())
    assert keys[0] == keys[1]
    assert not (tmp_path / "data" / "backups").exists()


def test_links_under_a_path_work_whether_the_proxy_cuts_it_or_not(tmp_path: Path, environment: dict[str, str]) -> None:
    with running(
        [*LABELSPACE, "start", "--port", "0", "--internal-host", "127.0.0.1"],
        tmp_path,
        {**environment, "LABEL_STUDIO_LOG_LEVEL": "INFO", "LABEL_STUDIO_HOST": "http://localhost/labels"},
    ) as server:
        port = next(line.rpartition(":")[2].split(" ")[0] for line in server.log.read_text().splitlines() if "Listening at" in line)
        server.url = f"http://127.0.0.1:{port}"
        assert server.get("/labels/health")[0] == 200
        assert server.get("/health")[0] == 200


def run(*arguments: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LABELSPACE, *arguments], capture_output=True, text=True, env=environment, cwd=folder, timeout=60, check=False)


@pytest.mark.parametrize(
    ("variables", "arguments", "sentence"),
    [
        ({"PORT": "many"}, [], "PORT is 'many' but must be a whole number from 0 to 65535."),
        (
            {"LABEL_STUDIO_HOST": "example.org"},
            [],
            "LABEL_STUDIO_HOST is 'example.org' but must be the address that people type, beginning with http:// or https://.",
        ),
        ({"SECRET_KEY": "short"}, [], "SECRET_KEY has 5 characters"),
        ({}, ["--cert", "x.pem"], "LABEL_STUDIO_TLS_CERT is set but --key (TLS_KEY) is not, and https needs both."),
        (
            {},
            ["start", "--cert", "/nowhere.pem", "--key", "/nowhere.pem"],
            "--cert: /nowhere.pem cannot be read (No such file or directory).",
        ),
        ({}, ["start", "--basic-auth"], "--basic-auth needs --username and --password."),
        ({}, ["start", "--template", "image_bbox"], "--template is for a project: say its title, and --init when it is to be made."),
        ({}, ["start", "Boxes", "--template", "image_bbox"], "--template belongs to a new project: say --init as well."),
        (
            {"WEB_SERVER": "waitress", "USE_GEVENT": "1"},
            ["start"],
            "USE_GEVENT is set, but waitress (the server on Windows) has no greenlets.",
        ),
        ({}, ["start", "--init"], "start --init needs the title of the project"),
        ({"DJANGO_DB": "mysql"}, [], "DJANGO_DB is 'mysql' but must be one of sqlite, default."),
        (
            {"DJANGO_DB": "default", "POSTGRE_HOST": "127.0.0.1", "POSTGRE_PORT": "1"},
            ["migrate"],
            "PostgreSQL at 127.0.0.1:1 (POSTGRE_HOST, POSTGRE_PORT) refuses the connection",
        ),
        (
            {"DJANGO_DB": "default", "POSTGRE_HOST": "no-such-host.invalid"},
            ["migrate"],
            "POSTGRE_HOST: no machine is known by the name 'no-such-host.invalid'.",
        ),
    ],
)
def test_a_mistake_stops_the_start_with_one_sentence(
    variables: dict[str, str], arguments: list[str], sentence: str, environment: dict[str, str], tmp_path: Path
) -> None:
    done = run(*(arguments or ["start"]), environment={**environment, **variables}, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"labelspace: {sentence}")
    assert done.stderr.count("\n") == 1


def test_a_chosen_port_that_is_taken_stops_the_start(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("start", "--port", str(port), "--internal-host", "127.0.0.1", environment=environment, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"labelspace: Port {port} is taken by another program: stop it, or choose another with --port.\n"


def test_without_a_choice_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = read_environment({"LABEL_STUDIO_INTERNAL_HOST": "127.0.0.1"})
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        object.__setattr__(environment, "port", taken)
        with open_port(environment) as listener:
            assert taken < listener.getsockname()[1] < taken + 20


def test_an_address_that_is_not_of_this_machine(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"LABEL_STUDIO_INTERNAL_HOST: 203\.0\.113\.1:8080 cannot be listened on"):
        open_port(read_environment({"LABEL_STUDIO_INTERNAL_HOST": "203.0.113.1", "PORT": "8080"}))


@pytest.mark.parametrize(
    ("variables", "printed"),
    [
        ({}, "http://localhost:8080"),
        ({"LABEL_STUDIO_INTERNAL_HOST": "192.0.2.1"}, "http://192.0.2.1:8080"),
        ({"LABEL_STUDIO_INTERNAL_HOST": "2001:db8::1"}, "http://[2001:db8::1]:8080"),
        ({"LABEL_STUDIO_HOST": "https://labels.example.org/x/"}, "https://labels.example.org/x"),
        ({"SPACE_ID": "ann/labels", "SPACE_HOST": "ann-labels.hf.space"}, "https://ann-labels.hf.space"),
    ],
)
def test_the_address_printed(variables: dict[str, str], printed: str) -> None:
    assert address(read_environment(variables), 8080) == printed


def test_two_starters_do_not_race(environment: dict[str, str], tmp_path: Path) -> None:
    first, second = (
        subprocess.Popen(
            [*LABELSPACE, "migrate"], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    )
    said = [process.communicate(timeout=60)[0] for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert sum("migrations ran" in text for text in said) == 1


def test_an_upgrade_is_preceded_by_a_backup(environment: dict[str, str], tmp_path: Path) -> None:
    assert run("migrate", environment=environment, folder=tmp_path).returncode == 0
    backups = tmp_path / "data" / "backups"
    assert not backups.exists()
    # As an older version left it: without the last migration.
    older = [sys.executable, "-P", "-m", "django", "migrate", "django_tasks_database", "0020", "--verbosity", "0"]
    subprocess.run(older, env={**environment, "DJANGO_SETTINGS_MODULE": "core.settings", "PYTHONPATH": str(ROOT)}, cwd=tmp_path, check=True)
    done = run("migrate", environment=environment, folder=tmp_path)
    assert "migrations ran" in done.stdout
    assert len(list(backups.glob("*.sqlite3"))) == (0 if "POSTGRE_NAME" in environment else 1)


def test_the_first_account_is_made_and_given_its_password_again(environment: dict[str, str], tmp_path: Path) -> None:
    account = {"LABEL_STUDIO_USERNAME": "ann@example.org", "LABEL_STUDIO_USER_TOKEN": "abcdef0123456789"}
    for password in ("correct horse battery", "another correct horse"):
        with running(
            [*LABELSPACE, "start", "--port", "0"], tmp_path, {**environment, **account, "LABEL_STUDIO_PASSWORD": password}
        ) as server:
            status, _, body = server.get("/api/current-user/whoami", Authorization="Token abcdef0123456789")
            assert (status, json.loads(body)["email"]) == (200, "ann@example.org")
    done = run("migrate", environment={**environment, **account, "LABEL_STUDIO_PASSWORD": "short"}, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("labelspace: LABEL_STUDIO_PASSWORD: This password is too short.")
