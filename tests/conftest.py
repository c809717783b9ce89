"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
from django.conf import settings

FULL = os.environ.get("TEST_FULL") == "1"

# How long one example takes says something about the machine, nothing about the code.
hypothesis.settings.register_profile("suites", deadline=None)
hypothesis.settings.load_profile("suites")


def pytest_configure(config: pytest.Config) -> None:
    # Clients keep their connections to the live server open: its threads must not keep theirs to a database that is to be dropped.
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A password costs a tenth of a second by design; tests make hundreds.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(scope="session")
def size() -> Callable[[int], int]:
    """`size(100_000)`: that many in `make test-all`, a hundredth of it (at least 1) in `make test`."""
    return lambda full: full if FULL else max(1, full // 100)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium when there is one, else Playwright's own (`playwright install chromium`)."""
    system = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    found = {"executable_path": system} if system else {}
    return {**browser_type_launch_args, **found, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`environ(PORT="1")` sets environment variables for one test."""

    def change(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return change
