"""Scenarios 45 and 46: the async client does what the blocking one does, and what is Enterprise's alone answers JSON."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from label_studio_sdk import AsyncLabelStudio

from tests.client.scenario import TOKEN, Server
from tests.labelled import TEXT_CONFIG, choice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]


def test_45_the_async_client_works_with_many_requests_under_way(server: Server) -> None:
    async def work() -> tuple[list[str], list[int], int]:
        client = AsyncLabelStudio(base_url=server.url, api_key=TOKEN)
        project = await client.projects.create(title="Async", label_config=TEXT_CONFIG)
        made = await asyncio.gather(*(client.tasks.create(project=project.id, data={"text": str(n)}) for n in range(8)))
        await asyncio.gather(*(client.annotations.create(id=task.id, result=choice()) for task in made))
        texts = [task.data["text"] async for task in await client.tasks.list(project=project.id, page_size=3)]
        content = b"".join([piece async for piece in client.projects.exports.download_sync(project.id, export_type="JSON")])
        exported = json.loads(content)
        numbers = await client.projects.get(id=project.id)
        return texts, [len(row["annotations"]) for row in exported], numbers.total_annotations_number or 0

    texts, exported, annotations = asyncio.run(work())
    assert sorted(texts) == [str(n) for n in range(8)]
    assert (exported, annotations) == ([1] * 8, 8)


# One address of each group that only Label Studio Enterprise serves.
ENTERPRISE = (
    "activity-logs/", "analytics/kpis/", "annotation-history/", "annotation-reviews/", "billing/info/", "dimensions/backfill/", "interfaces/",
    "model-provider-connections/", "project-templates/", "prompts/", "prompts/indicators/", "sso/saml/settings", "scim/settings",
    "workspaces/", "fsm/backfill/status/", "organizations/1/permissions", "organizations/1/member-tags", "organizations/1/memberships/search",
    "projects/1/tasks/1/assignees", "projects/1/metricparam/", "projects/1/members/1/pauses/", "projects/1/review-routing-rules/",
    "projects/1/custom-function", "tasks/1/events/", "storages/azure_spi/", "storages/databricks/", "storages/gcswif/", "storages/gcs_sa/",
    "storages/s3s/", "nonsense", "nonsense/",
)  # fmt: skip


@pytest.mark.parametrize("form", ["", "/"])
def test_46_what_is_enterprise_alone_is_a_json_404(server: Server, form: str) -> None:
    for path in ENTERPRISE:
        for method in ("GET", "POST"):
            answer = server.http.request(method, f"/api/{path.rstrip('/')}{form}", json={} if method == "POST" else None)
            assert answer.status_code in (404, 405, 501), f"{method} {path}: {answer.status_code}"
            assert answer.headers["content-type"] == "application/json", path
            assert answer.json()["status_code"] == answer.status_code
    assert httpx.get(f"{server.url}/api/nonsense").json()["detail"] == "Not found.", "also for the anonymous"
