"""`make screenshots`: every page with demonstration data, light and dark, wide and on a phone, into screenshots/. To look at, and for the README.

python tests/screenshots.py            all pages
python tests/screenshots.py label-page data-page
python tests/screenshots.py tutorial   those of docs/tutorial.md, into docs/images/
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import tutorial  # noqa: E402 - the root is not on the path before
from tests.packaging.serving import Running, running  # noqa: E402 - the root is not on the path before

OUT = ROOT / "screenshots"
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
PUBLIC_PAGES = ("login", "signup", "forgotten")
NOT_TO_OPEN = ("logout", "project-management")  # opening it is doing it; only on a multi-session server
ACCOUNT = {
    "LABEL_STUDIO_USERNAME": "ann@example.org",
    "LABEL_STUDIO_PASSWORD": "a long password for pictures",
    "LABEL_STUDIO_USER_TOKEN": "0123456789abcdef0123456789abcdef",
}
LABELSPACE = [sys.executable, "-P", "-m", "labelspace"]


def main(wanted: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    OUT.mkdir(exist_ok=True)
    if not wanted or "tutorial" in wanted:
        take_tutorial()
        if wanted == ["tutorial"]:
            return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"PATH": os.environ["PATH"], "HOME": name, "LABEL_STUDIO_BASE_DATA_DIR": f"{name}/data", **ACCOUNT}
        with running([*LABELSPACE, "start", "--port", "0"], folder, environment) as server, sync_playwright() as playwright:
            subprocess.run([*LABELSPACE, "demo"], env=environment, cwd=folder, check=True)
            pages = {page: path for page, path in addresses(server).items() if not wanted or page in wanted}
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            for width, height in WIDTHS.items():
                for theme in THEMES:
                    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, base_url=server.url)  # type: ignore[arg-type]
                    take(context, pages, f"{width}-{theme}")
                    context.close()
            browser.close()
    print(f"{len(pages) * len(WIDTHS) * len(THEMES)} pictures are in {OUT.relative_to(ROOT)}/")
    return 0


def take_tutorial() -> None:
    """The pictures of docs/tutorial.md, by following it on a server of its own."""
    from playwright.sync_api import sync_playwright

    token = ACCOUNT["LABEL_STUDIO_USER_TOKEN"]
    with tempfile.TemporaryDirectory() as name:
        environment = {"PATH": os.environ["PATH"], "HOME": name, "LABEL_STUDIO_BASE_DATA_DIR": f"{name}/data", **ACCOUNT}
        made = ["Reviews", "--init", "--template", "text/classification", "--input-path", str(tutorial.FOLDER / "reviews.csv")]
        with running([*LABELSPACE, "start", *made, "--port", "0"], Path(name), environment) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            (project,) = tutorial.call(server.url, token, "GET", "/api/projects/")["results"]
            tutorial.take_pictures(browser, server, token, project["id"])
            browser.close()


def take(context: Any, pages: dict[str, str], suffix: str) -> None:
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"  {page.url}: {error}", file=sys.stderr))
    for signed_in in (False, True):
        if signed_in:
            page.goto("/user/login")
            page.fill("input[name=email]", ACCOUNT["LABEL_STUDIO_USERNAME"])
            page.fill("input[name=password]", ACCOUNT["LABEL_STUDIO_PASSWORD"])
            page.click("#login-form button")
            page.wait_for_load_state("networkidle")
        for name, path in pages.items():
            if (name in PUBLIC_PAGES) != signed_in:
                page.goto(path)
                page.wait_for_load_state("networkidle")
                if signed_in and "/user/login" in page.url:
                    raise SystemExit(f"{name} asks to sign in: the pictures would all show that page.")
                page.screenshot(path=OUT / f"{name}-{suffix}.png", full_page=suffix.startswith("390"))


def addresses(server: Running) -> dict[str, str]:
    """Every page that can be opened, by the name of its route, for the newest project and its first task."""
    token = {"Authorization": f"Token {ACCOUNT['LABEL_STUDIO_USER_TOKEN']}"}
    project = json.loads(server.get("/api/projects/", **token)[2])["results"][0]["id"]
    task = json.loads(server.get(f"/api/tasks/?project={project}", **token)[2])["tasks"][0]["id"]
    known = {"project_id": str(project), "task_id": str(task)}
    found = {}
    for name, pattern, parameters in routes():
        if set(parameters) <= set(known):
            path = pattern
            for parameter, kind in parameters.items():
                path = path.replace(f"<{kind}:{parameter}>", known[parameter])
            found[name] = f"/{path}"
    return found


def routes() -> list[tuple[str, str, dict[str, str]]]:
    """(name, pattern, parameters) of the pages that are HTML and are opened by GET."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    os.environ.setdefault("LABEL_STUDIO_BASE_DATA_DIR", tempfile.mkdtemp())
    import django

    django.setup()
    from importlib import import_module

    import_module("core.urls")
    from core.routing import ROUTES

    return [
        (route.name, route.pattern, route.parameters)
        for route in ROUTES
        if route.page and "GET" in route.actions and not route.pattern.endswith(".json") and route.name not in NOT_TO_OPEN
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
