"""The ways to serve that `start` has flags for: https, greenlets, a password for everybody, and nothing that only Unix has."""

from __future__ import annotations

import base64
import http.cookiejar
import os
import ssl
import subprocess
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.core.test_start import LABELSPACE, children, environment, gone, run, until
from tests.packaging.serving import Running, running

__all__ = ["environment"]  # a fixture


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for localhost that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = tmp_path / "certificate.pem", tmp_path / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return cert_file, key_file


def test_https_with_a_certificate_of_ones_own(environment: dict[str, str], tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    cert, key = map(str, certificate)
    with running([*LABELSPACE, "start", "--port", "0", "--cert", cert, "--key", key], tmp_path, environment) as server:
        assert server.url.startswith("https://localhost:")
        trusting = ssl.create_default_context(cafile=cert)
        with urllib.request.urlopen(f"{server.url}/user/login/", timeout=30, context=trusting) as answer:
            cookies = answer.headers.get_all("Set-Cookie") or []
        assert cookies, answer.headers
        assert all("Secure" in cookie for cookie in cookies)
        port = server.url.rpartition(":")[2]
        asked = run("health", "--port", port, "--cert", cert, "--key", key, environment=environment, folder=tmp_path)
        assert (asked.returncode, asked.stderr) == (0, "")


def test_a_certificate_with_another_key_stops_the_start(
    environment: dict[str, str], tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    cert, key = certificate
    other = ec.generate_private_key(ec.SECP256R1())
    key.write_bytes(other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    done = run("start", "--cert", str(cert), "--key", str(key), environment=environment, folder=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        f"labelspace: --cert {cert} and --key {key} cannot be used: the key is another certificate's.\n",
    )


def test_greenlets_serve_many_slow_clients_at_once(environment: dict[str, str], tmp_path: Path) -> None:
    environment = {**environment, "WEB_THREADS": "4", "LABEL_STUDIO_LOG_LEVEL": "INFO"}
    with running([*LABELSPACE, "start", "--port", "0", "--use-gevent"], tmp_path, environment) as server:
        assert "gevent" in server.log.read_text().lower()
        below = children(server.process.pid)
        slow = [_begin_a_request(server) for _ in range(12)]  # three times what as many threads could hold
        try:
            for _ in range(5):
                status, _headers, body = server.get("/ready")
                assert (status, body) == (200, b'{"status":"UP","reasons":[]}')
        finally:
            for connection in slow:
                connection.close()
        assert server.stop()[0] == 0
        assert gone(below)


def _begin_a_request(server: Running) -> object:
    import socket

    host, port = server.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=10)
    connection.sendall(b"POST /api/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n")
    return connection


def _basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_a_password_for_the_whole_server(environment: dict[str, str], tmp_path: Path) -> None:
    account = {"LABEL_STUDIO_BASIC_AUTH": "user:pass:word", "LABEL_STUDIO_USERNAME": "ann@example.org"}
    account |= {"LABEL_STUDIO_PASSWORD": "correct horse battery", "LABEL_STUDIO_USER_TOKEN": "abcdef0123456789"}
    with running([*LABELSPACE, "start", "--port", "0"], tmp_path, {**environment, **account}) as server:
        for path in ("/", "/user/login/", "/static/samples/none.png", "/api/projects/", "/api/version"):
            status, headers, _body = server.get(path)
            assert (status, headers["www-authenticate"]) == (401, 'Basic realm="Labelspace", charset="UTF-8"'), path
        for wrong in (
            _basic("user", "pass"),
            _basic("", ""),
            {"Authorization": "Basic §"},
            {"Authorization": "Token wrong"},
            {"X-Api-Key": "no"},
        ):
            assert server.get("/user/login/", **{name: value.encode().decode("latin-1") for name, value in wrong.items()})[0] == 401
        assert server.get("/health")[0] == server.get("/api/health/")[0] == 200
        assert server.get("/user/login/", **_basic("user", "pass:word"))[0] == 200
        # One header cannot carry two credentials: a valid API token is enough.
        assert server.get("/api/current-user/whoami", Authorization="Token abcdef0123456789")[0] == 200


def test_username_and_password_close_the_server_when_basic_auth_is_asked_for(environment: dict[str, str], tmp_path: Path) -> None:
    command = [*LABELSPACE, "start", "--port", "0", "--username", "user", "--password", "pwd", "--basic-auth"]
    with running(command, tmp_path, environment) as server:
        assert server.get("/user/login/")[0] == 401
        assert server.get("/user/login/", **_basic("user", "pwd"))[0] == 200


# A Python that has nothing of what Windows lacks: for every process of the server, before anything else is loaded.
WITHOUT_UNIX = """
import os, signal, subprocess, sys, types
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "syslog", "gunicorn"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
for name in ("fcntl", "pwd", "grp", "resource", "termios"):
    sys.modules.pop(name, None)
for name in ("fork", "forkpty", "killpg", "getuid", "geteuid", "sched_getaffinity"):
    delattr(os, name)
for name in ("SIGHUP", "SIGKILL", "SIGCHLD", "SIGUSR1", "SIGQUIT"):
    delattr(signal, name)
windows = types.ModuleType("msvcrt")
windows.LK_NBLCK, windows.locking = 2, lambda descriptor, mode, size: None
sys.modules["msvcrt"] = windows
"""


def test_nothing_needs_what_only_unix_has(environment: dict[str, str], tmp_path: Path) -> None:
    """`start` as on Windows: waitress and the worker come up, serve, and end with their parent."""
    folder = tmp_path / "without"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WITHOUT_UNIX)
    environment = {**environment, "PYTHONPATH": str(folder), "WEB_SERVER": "waitress"}
    account = {"LABEL_STUDIO_USERNAME": "ann@example.org", "LABEL_STUDIO_PASSWORD": "correct horse battery"}
    account |= {"LABEL_STUDIO_USER_TOKEN": "abcdef0123456789"}
    with running([*LABELSPACE, "start", "Words", "--init", "--port", "0"], tmp_path, {**environment, **account}) as server:
        status, headers, body = server.get("/health")
        assert (status, body) == (200, b'{"status":"UP"}')
        assert "server" not in headers
        assert b'"Words"' in server.get("/api/projects/", Authorization="Token abcdef0123456789")[2]
        below = children(server.process.pid)
        assert len(below) == 2
        server.process.kill()
        server.process.wait()
        assert until(lambda: gone(below), 20)


def test_what_dies_is_started_again_there_too(environment: dict[str, str], tmp_path: Path) -> None:
    with running([*LABELSPACE, "start", "--port", "0"], tmp_path, {**environment, "WEB_SERVER": "waitress"}) as server:
        first = children(server.process.pid)
        for pid in first:
            os.kill(pid, 9)
        assert until(lambda: len(set(children(server.process.pid)) - set(first)) == 2, 30)
        assert until(lambda: _answers(server), 60)
        code, _seconds = server.stop()
        assert code == 0


def _answers(server: Running) -> bool:
    try:
        return server.get("/health")[0] == 200
    except OSError:
        return False


def test_flags_without_a_command_mean_start(environment: dict[str, str], tmp_path: Path) -> None:
    with running([*LABELSPACE, "--host=http://localhost/labels", "-p", "0", "-b"], tmp_path, environment) as server:
        assert server.url == "http://localhost/labels"


@pytest.mark.parametrize("command", ["start", "export", "init", "user", "worker"])
def test_help_is_complete_and_ends_with_0(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [*LABELSPACE, command, "--help"], capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    for flag in ("--data-dir", "--log-level", "--debug") if command == "start" else ():
        assert flag in done.stdout


def test_guests_have_projects_of_their_own_in_the_folder_that_was_named(environment: dict[str, str], tmp_path: Path) -> None:
    missing = run("start-multi-session", environment=environment, folder=tmp_path)
    assert (missing.returncode, missing.stderr) == (
        2,
        "labelspace: start-multi-session needs --root-dir, the folder that keeps everybody's projects.\n",
    )
    with running([*LABELSPACE, "start-multi-session", "--root-dir", "session_projects", "--port", "0"], tmp_path, environment) as server:
        assert (tmp_path / "session_projects" / "secret_key").exists()
        found = []
        for _ in range(2):
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
            browser.addheaders = [("Accept", "text/html")]
            browser.open(f"{server.url}/user/login/", timeout=30).close()
            with browser.open(f"{server.url}/api/projects/", timeout=30) as answer:
                found.append(answer.read())
        assert found[0] != found[1]
        assert all(body.count(b'"My project"') == 1 for body in found)


@pytest.mark.parametrize("flags", [[], ["--no-browser"]])
def test_the_browser_opens_for_a_person_in_front_of_a_screen(flags: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >{opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    terminal, other_end = os.openpty()
    process = subprocess.Popen(
        [*LABELSPACE, "start", "--port", "0", *flags],
        cwd=tmp_path,
        env={**environment, "DISPLAY": ":99", "BROWSER": f"{browser} %s"},
        stdin=subprocess.DEVNULL,
        stdout=other_end,
        stderr=subprocess.STDOUT,
    )
    try:
        os.close(other_end)
        said = b""
        while b"Press Ctrl-C" not in said:
            said += os.read(terminal, 4096)
        url = said.decode().partition("Labelspace is at ")[2].split()[0]
        if flags:
            assert process.poll() is None
        else:
            assert until(opened.exists, 20)
            assert opened.read_text() == f"{url}\n"
    finally:
        process.terminate()
        process.wait(timeout=20)
        os.close(terminal)
    assert opened.exists() != bool(flags)
