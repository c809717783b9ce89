"""Addresses below the place where Labelspace is mounted."""

from __future__ import annotations

from django.urls import reverse


def at(path: str) -> str:
    """`at("user/account")` -> `/user/account`, below the sub-path if there is one."""
    return f"{reverse('home')}{path}"


def api_url(path: str) -> str:
    """`api_url("projects/1/export")` -> `/api/projects/1/export`."""
    return at(f"api/{path}")
