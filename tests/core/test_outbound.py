from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.errors import Refused
from core.outbound import fetch, is_public


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/secret")
            self.end_headers()
            return
        if self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
            return
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(30):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.1)
            return
        body = b"x" * 200_000 if self.path == "/large" else f"{self.headers['Host']} {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost:8080/", "http://[::1]/", "http://0/", "http://2130706433/", "http://0x7f.1/", "http://127.0.0.1.nip.invalid/",
        "file:///etc/passwd", "ftp://1.1.1.1/", "gopher://1.1.1.1/", "http://1.1.1.1:22/", "http://user:pass@1.1.1.1/", "http://", "//1.1.1.1/", "http://[", "http://1.1.1.1:99999/",
    ],
)  # fmt: skip
def test_forbidden_addresses_are_refused_with_one_text(url: str) -> None:
    with pytest.raises(Refused) as refused, fetch(url):
        pass
    assert refused.value.status == 400
    assert "cannot be reached from here" in str(refused.value)


def test_an_allowed_internal_host_is_asked_with_its_own_name(port: int, settings: Any) -> None:
    settings.ALLOWED_INTERNAL_HOSTS = [f"localhost:{port}"]
    with fetch(f"http://localhost:{port}/a?b=c") as answer:
        assert answer.status == 200
        assert answer.read() == f"localhost:{port} /a?b=c".encode()


def test_every_address_of_a_name_is_tried_in_turn(port: int, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name has an IPv6 address that nothing listens at, and an IPv4 one that works."""
    import socket

    def resolve(host: str, port: int, *_more: Any, **_named: Any) -> list[Any]:
        return (
            [(0, 0, 0, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]
            if host == "two.example"
            else real(host, port, *_more, **_named)
        )

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    settings.ALLOWED_INTERNAL_HOSTS = [f"two.example:{port}"]
    with fetch(f"http://two.example:{port}/x") as answer:
        assert answer.read() == f"two.example:{port} /x".encode()
    settings.ALLOWED_INTERNAL_HOSTS = []
    with pytest.raises(Refused), fetch(f"http://two.example:{port}/x"):
        pass


def test_a_redirect_is_checked_again(port: int, settings: Any) -> None:
    settings.ALLOWED_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
    with pytest.raises(Refused), fetch(f"http://127.0.0.1:{port}/redirect"):
        pass


def test_redirects_without_end_are_given_up(port: int, settings: Any) -> None:
    settings.ALLOWED_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
    with pytest.raises(Refused, match="redirects too often"), fetch(f"http://127.0.0.1:{port}/loop"):
        pass


def test_an_answer_that_is_too_large_is_refused(port: int, settings: Any) -> None:
    settings.ALLOWED_INTERNAL_HOSTS = ["127.0.0.1"]
    with fetch(f"http://127.0.0.1:{port}/large", max_bytes=100_000) as answer, pytest.raises(Refused) as refused:
        answer.read()
    assert refused.value.status == 413


def test_an_answer_that_drips_is_given_up(port: int, settings: Any) -> None:
    settings.ALLOWED_INTERNAL_HOSTS = ["127.0.0.1"]
    began = time.monotonic()
    with fetch(f"http://127.0.0.1:{port}/drip", within=0.4) as answer, pytest.raises(Refused):
        answer.read()
    assert time.monotonic() - began < 2.5
