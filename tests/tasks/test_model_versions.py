from __future__ import annotations

import pytest

from core.permissions import Role
from tests.people import somebody

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>'
)


@pytest.mark.django_db
def test_model_versions_are_counted_and_can_be_deleted() -> None:
    ann = somebody(Role.MANAGER)
    project = ann.post("/api/projects/", {"title": "Models", "label_config": CONFIG}).json()["id"]
    tasks = [
        {"data": {"text": str(n)}, "predictions": [{"result": "Good", "model_version": version, "score": 0.5} for version in ("a", "b")]}
        for n in range(3)
    ]
    assert ann.post(f"/api/projects/{project}/import", tasks).status_code == 201
    path = f"/api/projects/{project}/model-versions/"
    assert ann.get(path).json() == {"a": 3, "b": 3}
    extended = ann.get(path, extended="true").json()
    assert {row["model_version"]: row["count"] for row in extended["static"]} == {"a": 3, "b": 3}
    assert extended["live"] is None
    assert ann.patch(f"/api/projects/{project}/", {"model_version": "b"}).status_code == 200
    assert ann.delete(path, {"model_version": "b"}).json() == {"deleted_predictions": 3}
    read = ann.get(f"/api/projects/{project}/").json()
    assert (read["model_version"], read["total_predictions_number"]) == ("", 3)
    assert ann.delete(path, {}).status_code == 400
    assert ann.post(f"/api/projects/{project}/summary/reset/").status_code == 200
    assert ann.get(path).json() == {"a": 3}
