"""Every page: accessible in light and dark, whole on a phone, quiet in the console, nothing inline."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

from core.authentication import credentials_changed
from core.jobs.operations import enqueue
from core.routing import ROUTES
from projects.models import Project
from tasks.models import Task
from tests.e2e.conftest import Visits
from tests.people import Person

ANONYMOUS = ["/user/login/", "/user/signup/", "/user/reset/"]
PAGES = [
    "/projects/",
    "/projects/?archived=1",
    "/projects/?q=nothing-is-called-so",
    "/queue/",
    "/jobs/",
    "/jobs/{job}/",
    "/projects/create/",
    "/projects/create/hub",
    "/projects/create/bundle",
    "/projects/{text}/data",
    "/projects/{image}/data",
    "/projects/{text}/label/",
    "/projects/{image}/label/",
    "/projects/{letters}/label/",
    "/projects/{pairs}/label/",
    "/projects/{text}/tasks/{task}/",
    "/projects/{text}/data/import",
    "/projects/{text}/data/import/hub",
    "/projects/{text}/data/export",
    "/projects/{text}/data/export/hub",
    "/projects/{text}/settings/",
    "/projects/{text}/settings/labeling",
    "/projects/{text}/settings/instruction",
    "/projects/{text}/settings/members",
    "/projects/{text}/settings/models",
    "/projects/{text}/settings/training",
    "/projects/{text}/settings/storage",
    "/projects/{text}/settings/storage/edit?kind=s3&direction=source",
    "/projects/{text}/settings/recycle-bin",
    "/projects/{text}/settings/bundle",
    "/projects/{text}/settings/webhooks",
    "/projects/{text}/settings/webhooks/{webhook}",
    "/projects/{text}/settings/danger-zone",
    "/organization",
    "/organization/invitations",
    "/organization/policies",
    "/organization/permissions",
    "/organization/usage",
    "/organization/storages",
    "/organization/storages/edit?kind=s3",
    "/organization/webhooks",
    "/organization/webhooks/{organizations_webhook}",
    "/organization/audit",
    "/organization/space",
    "/docs/api",
    "/user/account",
    "/user/account/password",
    "/user/account/sessions",
    "/user/account/tokens",
    "/user/account/identities",
    "/user/account/preferences",
]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


@pytest.fixture
def demo(owner: Person) -> dict[str, int]:
    """Projects with content; the numbers that the addresses need."""
    call_command("demo", email=owner.user.email, verbosity=0)
    credentials_changed()
    ids = dict(Project.objects.filter(organization=owner.organization).values_list("title", "pk"))
    text = ids["Support messages"]
    webhooks = [
        owner.post("/api/webhooks", {"url": "https://1.1.1.1/", **({"project": text} if number else {})}).json()["id"] for number in (1, 0)
    ]
    return {
        "webhook": webhooks[0],
        "organizations_webhook": webhooks[1],
        "job": enqueue(owner.actor, "project.purge", "A job").pk,
        "text": text,
        "image": ids["Boxes on pictures"],
        "letters": ids["Letters: people and places"],
        "pairs": ids["Pairs of answers"],
        "task": Task.objects.filter(project=text).order_by("pk")[0].pk,
    }


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator("main, [role=main]").first).to_be_attached()


def problems(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['target']} {node.get('failureSummary', '')[:200]}" for rule in found for node in rule["nodes"][:3]]


def inline(page: Page) -> Any:
    """Scripts and styles that stand in the page itself, as the server sent it."""
    return page.evaluate(
        """async () => {
            const text = await (await fetch(location.href)).text();
            const sent = new DOMParser().parseFromString(text, 'text/html');
            return [...sent.querySelectorAll('script:not([src]):not([type="application/json"]), style, [style], [onclick], [onload]')].map((one) => one.outerHTML.slice(0, 200));
        }"""
    )


def look_at(page: Page, path: str) -> list[str]:
    page.emulate_media(reduced_motion="reduce")  # colours that change over a moment would be read half-way
    page.goto(path)
    settled(page)
    found = [f"{path}: {problem}" for problem in problems(page)]
    page.emulate_media(color_scheme="dark")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found += [f"{path} in the dark: {problem}" for problem in problems(page) if "contrast" in problem]
    page.emulate_media(color_scheme="light")
    headings = page.locator("h1").count()
    if headings != 1:
        found.append(f"{path}: {headings} first headings")
    if not page.evaluate("document.documentElement.lang && document.title.includes('Labelspace')"):
        found.append(f"{path}: no language or title")
    found += [f"{path}: inline {one}" for one in inline(page)]
    return found


def test_pages_for_everybody(visit: Visits, owner: Person) -> None:
    page = visit()
    assert [problem for path in ANONYMOUS for problem in look_at(page, path)] == []


def test_the_first_run(visit: Visits, owner: Person) -> None:
    assert look_at(visit(owner), "/") == []


@pytest.mark.timeout(900)
def test_every_page_is_accessible(visit: Visits, owner: Person, demo: dict[str, int]) -> None:
    page = visit(owner)
    assert [problem for path in PAGES for problem in look_at(page, path.format(**demo))] == []


@pytest.mark.timeout(900)
def test_no_page_scrolls_sideways_on_a_phone(visit: Visits, owner: Person, demo: dict[str, int]) -> None:
    page = visit(owner, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    wide = []
    for path in PAGES:
        page.goto(path.format(**demo))
        settled(page)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 390:
            wide.append(f"{path}: {width}")
    assert wide == []


def test_what_is_missing_is_a_page_too(visit: Visits, owner: Person) -> None:
    page = visit(owner)
    page.goto("/projects/999999/")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert problems(page) == []
    visit.troubles.clear()  # the browser notes the 404


def test_the_list_above_names_every_page() -> None:
    """A page that is added to the routes is added here."""
    known = [path.split("?")[0].strip("/").split("/") for path in [*PAGES, *ANONYMOUS, "/", "/projects/{text}/"]]
    apart = {
        "gallery",
        "logout",
        "reset",
        "join",
        "person-remove",
        "shared-project",
        "project-management",
        "api-docs-swagger",
        "api-docs-redoc",
        "openid-start",  # the issuer's page follows
        "openid-callback",
        "saved",  # a line of every page's header
        "custom-interface",  # the frame of a tag
        "embed-frame",  # shows nothing but what the page around it sends: test_embedding.py
        "embed-script",
        "organization-space-hub",  # parts of the page of the Space
        "organization-space-hardware",
        "organization-space-runtime",
    }
    missing = [
        route.pattern
        for route in ROUTES
        if route.page
        and "GET" in route.actions
        and route.name not in apart
        and not any(_same(route.pattern.strip("/").split("/"), path) for path in known)
    ]
    assert missing == []


def _same(pattern: list[str], path: list[str]) -> bool:
    return len(pattern) == len(path) and all(
        part == word or (part.startswith("<") and word.startswith("{")) for part, word in zip(pattern, path, strict=True)
    )
