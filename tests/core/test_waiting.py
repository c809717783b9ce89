"""What a Space's visitors see while the data is made ready."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from core.environment import read_environment
from core.server import default_processes
from core.waiting import WaitingPage
from tests.core.test_start import LABELSPACE
from tests.core.test_start import environment as environment
from tests.packaging.serving import running
from tests.services.servers import free_port


def ask(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for piece in (request[:5], request[5:]):
            connection.sendall(piece)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_a_page_that_comes_back_and_a_sign_of_life() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with WaitingPage(listener), socket.create_connection(("127.0.0.1", port)):  # who says nothing holds up nobody
            for request, status, said in [
                (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"200", b'http-equiv="refresh"'),
                (b"GET /?__theme=dark HTTP/1.1\r\n\r\n", b"200", b"Labelspace is starting"),
                (b"GET /health HTTP/1.1\r\n\r\n", b"200", b"STARTING"),
                (b"GET /ready HTTP/1.1\r\n\r\n", b"503", b"Labelspace is starting."),
                (b"POST /api/projects/ HTTP/1.1\r\n\r\n", b"503", b"application/json"),
                (b"GET /projects/1 HTTP/1.1\r\n\r\n", b"503", b"Retry-After: 2"),
            ]:
                answer = ask(port, request)
                assert answer.startswith(b"HTTP/1.1 " + status), request
                assert said in answer
            head = ask(port, b"HEAD / HTTP/1.1\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert head.endswith(b"\r\n\r\n")
        # Who comes next waits for the web server.
        with socket.create_connection(("127.0.0.1", port)):
            listener.setblocking(True)
            listener.accept()[0].close()


def test_a_space_answers_from_the_moment_its_port_is_open(tmp_path: Path, environment: dict[str, str]) -> None:
    port = free_port()
    space = {"SPACE_ID": "ann/labels", "SPACE_HOST": "ann-labels.hf.space", "CPU_CORES": "1", "MEMORY": "16Gi", "PORT": str(port)}
    environment = {name: value for name, value in environment.items() if name != "WEB_CONCURRENCY"}
    first: list[tuple[int, bytes]] = []
    with running(
        [*LABELSPACE, "start"], tmp_path, {**environment, **space}, meanwhile=lambda: first or first.extend(health(port))
    ) as server:
        assert first
        assert first[0][0] == 200, first
        assert server.url == "https://ann-labels.hf.space"
        status, body = health(port)[0]
        assert (status, body) == (200, b'{"status":"UP"}')


def health(port: int) -> list[tuple[int, bytes]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=30) as answer:
            return [(answer.status, answer.read())]
    except urllib.error.HTTPError as error:
        return [(error.code, error.read())]
    except OSError:
        return []  # not open yet


@pytest.mark.parametrize(
    ("cores", "memory", "processes"),
    [("2", "16Gi", 2), ("8", "32Gi", 4), ("8", "2Gi", 2), ("4", "512Mi", 1), ("0.5", "1Gi", 1), ("2", "", 2)],
)
def test_as_many_web_processes_as_the_hardware_has_room_for(cores: str, memory: str, processes: int) -> None:
    assert default_processes(read_environment({"SPACE_ID": "ann/labels", "CPU_CORES": cores, "MEMORY": memory}).space) == processes


def test_a_space_listens_where_the_platform_looks() -> None:
    assert read_environment({"SPACE_ID": "ann/labels"}).listening_port == 7860
    assert read_environment({"SPACE_ID": "ann/labels", "PORT": "8080"}).listening_port == 8080
    assert read_environment({}).listening_port == 8080
