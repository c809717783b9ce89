"""The guard around every route: methods, ids, CSRF, error shape, slashes."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from core.permissions import ACTIONS, PUBLIC, SIGNED_IN, Role
from core.routing import ROUTES, route
from tests.people import somebody


def test_a_route_cannot_be_declared_without_an_action_of_the_table() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    before = list(ROUTES)
    with pytest.raises(ValueError, match=r"core/permissions\.py"):
        route("api/test-only", view, "test-only", GET="invented.action")
    with pytest.raises(ValueError, match="no method"):
        route("api/test-only", view, "test-only")
    assert before == ROUTES


def test_every_action_of_the_table_is_used_by_a_route_or_an_operation() -> None:
    used = {action for declared in ROUTES for action in declared.actions.values()} - {PUBLIC, SIGNED_IN}
    inside_operations = {"annotations.change_others", "annotations.create_for_others", "people.change"}
    assert set(ACTIONS) - used <= inside_operations


@pytest.mark.django_db
def test_the_anonymous_get_401_in_json_from_the_api_and_the_sign_in_page_elsewhere() -> None:
    answer = Client().get("/api/projects/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert answer.json()["detail"] == "Authentication credentials were not provided."
    page = Client().get("/projects/")
    assert (page.status_code, page["Location"]) == (302, "/user/login/?next=/projects/")


@pytest.mark.django_db
def test_both_slashes_answer_without_a_redirect() -> None:
    ann = somebody(Role.MANAGER)
    for path in ("/api/projects", "/api/projects/"):
        assert ann.get(path).status_code == 200
        assert ann.post(path, {}).status_code == 201


@pytest.mark.django_db
def test_a_cookie_borne_write_needs_the_csrf_token() -> None:
    ann = somebody(Role.MANAGER)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ann.user)
    refused = strict.post("/api/projects/", data="{}", content_type="application/json")
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    strict.get("/user/account/")
    token = strict.cookies["csrftoken"].value
    allowed = strict.post("/api/projects/", data="{}", content_type="application/json", headers={"X-CSRFToken": token})
    assert allowed.status_code == 201
    foreign = strict.post(
        "/api/projects/", data="{}", content_type="application/json", headers={"X-CSRFToken": token, "Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


@pytest.mark.django_db
def test_answers_are_never_cached_and_carry_the_security_headers() -> None:
    answer = somebody(Role.MANAGER).get("/api/projects/")
    assert "no-store" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health", "/health/", "/api/health"])
def test_health_says_up_without_the_database(path: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = Client().get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": "UP"})


@pytest.mark.django_db
def test_the_version_says_community() -> None:
    body = Client().get("/api/version/").json()
    assert body["edition"] == "Community"
    assert {
        "release",
        "label-studio-os-package",
        "label-studio-os-backend",
        "label-studio-frontend",
        "dm2",
        "lsf",
        "label-studio-converter",
        "backend",
    } <= set(body)


@pytest.mark.django_db
def test_a_page_typed_without_its_last_slash_is_found() -> None:
    answer = somebody(Role.MANAGER).client.get("/projects?search=cats")
    assert (answer.status_code, answer["Location"]) == (302, "/projects/?search=cats")
    assert somebody(Role.MANAGER).client.get("/nothing").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart"])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_changes_come_as_json_or_as_forms(method: str, form: str) -> None:
    """Django itself reads forms for POST only."""
    from urllib.parse import urlencode

    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    from tests.people import somebody
    from tests.tasks.work import project_of

    ann = somebody()
    project = project_of(ann)
    fields = {"title": "By form", "is_published": "True"}
    body, kind = {
        "json": (b'{"title": "By form", "is_published": "True"}', "application/json"),
        "urlencoded": (urlencode(fields), "application/x-www-form-urlencoded"),
        "multipart": (encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT),
    }[form]
    for path in (f"/api/projects/{project.pk}", f"/api/projects/{project.pk}/"):
        answer = ann.client.generic(method, path, body, content_type=kind)
        assert answer.status_code == 200
        assert (answer.json()["title"], answer.json()["is_published"]) == ("By form", True)
