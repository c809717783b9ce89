"""The owner sees what is counted, here and nowhere else."""

from __future__ import annotations

import re

import pytest

from core.permissions import Role
from labelspace import __version__
from tests.people import somebody

pytestmark = pytest.mark.django_db


def test_the_owner_sees_what_is_counted() -> None:
    ann = somebody()
    project = ann.post("/api/projects/", {"title": "Counted"}).json()
    ann.post(f"/api/projects/{project['id']}/import", [{"text": "a"}, {"data": {"text": "b"}, "annotations": [{"result": []}]}])
    somebody()  # another organization is counted apart
    page = ann.get("/organization/usage").content.decode()
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>', page))
    assert {name: rows[name] for name in ("People", "Projects", "Tasks", "Annotations", "Predictions", "Labelspace")} == {
        "People": "1",
        "Projects": "1",
        "Tasks": "2",
        "Annotations": "1",
        "Predictions": "0",
        "Labelspace": __version__,
    }
    assert "since 20" in page


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANNOTATOR])
def test_nobody_else_does(role: Role) -> None:
    ann = somebody()
    other = somebody(role=role, organization=ann.organization)
    assert other.get("/organization/usage").status_code == 403
    assert "/organization/usage" not in other.get("/organization").content.decode()
