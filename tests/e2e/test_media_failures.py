"""A file that does not come says why, and comes when it is asked for again."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.e2e.conftest import Visits
from tests.e2e.images import picture
from tests.labelled import IMAGE_CONFIG, import_tasks, make_project, send_files
from tests.people import Person


def test_a_picture_says_why_it_fails_and_is_asked_for_again(visit: Visits, owner: Person) -> None:
    project = make_project(owner, IMAGE_CONFIG)
    assert send_files(owner, f"/api/projects/{project}/import", ("one.png", picture())).status_code == 201
    import_tasks(owner, project, [{"image": "/data/upload/1/lost.png"}, {"image": "/health"}, {"image": "s3://shoebox/one.png"}])
    tasks = [row["id"] for row in owner.get("/api/tasks/", project=project, page_size=9, ordering="id").json()["tasks"]]
    page = visit(owner)
    page.route("**/data/upload/**/*one.png", lambda route: route.fulfill(status=403, json={"detail": "Ask Ida for it."}))
    said = page.get_by_role("alert").filter(has=page.get_by_role("button", name="Try again"))
    for task, words in zip(
        tasks, ["forbidden. Ask Ida for it.", "missing (404)", "the server says its type is", "in a storage (s3://)"], strict=True
    ):
        page.goto(f"/projects/{project}/tasks/{task}/")
        expect(said).to_contain_text(words)
    page.goto(f"/projects/{project}/tasks/{tasks[0]}/")
    expect(said).to_contain_text("forbidden")
    page.unroute_all()
    said.get_by_role("button", name="Try again").click()
    expect(page.locator(".image-tag[data-state=ready]")).to_be_visible()
    visit.troubles.clear()  # the browser itself notes each file that did not come


def test_a_picture_of_another_host_names_the_host_and_what_it_asks_for(visit: Visits, owner: Person) -> None:
    config = IMAGE_CONFIG.replace('value="$image"', 'value="$image" crossOrigin="anonymous"')
    project = make_project(owner, config)
    import_tasks(owner, project, [{"image": "https://pictures.example/one.png"}])
    page = visit(owner)

    def without_permission(route: Route) -> None:
        asked = route.request.headers.get("origin")
        route.abort() if asked else route.fulfill(body=picture(), content_type="image/png")

    page.route("https://pictures.example/**", without_permission)
    page.goto(f"/projects/{project}/label/")
    expect(page.get_by_role("alert").filter(has_text="CORS")).to_contain_text("pictures.example does not let this page read its files")
    visit.troubles.clear()
