"""A whole Labelspace whose database is copied to a target: furnished, started, killed, its disk lost."""

from __future__ import annotations

import http.cookiejar
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from durability import state
from tests.faults.installation import environment_of
from tests.packaging.serving import Running, running
from tests.services.servers import free_port

PASSWORD = "long-enough-secret"
EMAIL = "ann@example.com"
COMMAND = [Path(sys.executable).with_name("labelspace"), "start", "--no-browser"]


@dataclass
class Place:
    folder: Path
    target: str
    port: int
    tasks: list[int]
    token: str
    settings: dict[str, str] = field(default_factory=dict)

    def elsewhere(self, folder: Path) -> Place:
        """The same on another machine: nothing on its disk."""
        folder.mkdir()
        return replace(self, folder=folder, port=free_port())

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **environment_of(self.folder, self.port),
            "DURABLE_TARGET": self.target,
            "LABEL_STUDIO_USERNAME": EMAIL,
            "LABEL_STUDIO_PASSWORD": PASSWORD,
            "WEB_CONCURRENCY": "1",
            **self.settings,
        }

    @contextmanager
    def serving(self) -> Iterator[Running]:
        with running(COMMAND, self.folder, self.environment) as server:
            yield server

    @contextmanager
    def refusing(self) -> Iterator[str]:
        """A start that will not serve; yields its address."""
        with (self.folder / "server.log").open("w") as log:
            process = subprocess.Popen(COMMAND, cwd=self.folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT)
            try:
                yield f"http://127.0.0.1:{self.port}/"
                process.terminate()
                code = process.wait(20)
                assert code in (0, 2), (self.folder / "server.log").read_text()
            finally:
                process.kill()
                process.wait()

    def recover(self) -> None:
        """What a start does first of all, alone."""
        done = subprocess.run([COMMAND[0], "recover"], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr

    def page(self, url: str) -> str:
        """What a visitor reads, "" while it says that it is starting."""
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                text: str = answer.read().decode()
        except OSError:
            return ""
        return "" if "is starting" in text else text

    def lose_disk(self) -> None:
        shutil.rmtree(self.data)

    def keys(self) -> set[str]:
        """Of the annotations in the database on this disk, which must be in order."""
        with closing(sqlite3.connect(self.data / "labelspace.sqlite3")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            return {row[0] for row in connection.execute("SELECT idempotency_key FROM tasks_annotation")}

    def sign_in(self, server: Running) -> str:
        """The cookie of a person who signed in with the password."""
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        address = f"http://127.0.0.1:{self.port}/user/login/"
        form = browser.open(address, timeout=30).read().decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert found
        fields = {"csrfmiddlewaretoken": found[1], "email": EMAIL, "password": PASSWORD}
        browser.open(urllib.request.Request(address, urllib.parse.urlencode(fields).encode(), {"Referer": address}), timeout=30)
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def saved_at(data: Path) -> float:
    found = state.read(data)
    return found.saved_at if found else 0.0
