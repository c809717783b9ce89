"""schemathesis makes requests from the API's description, sends them to a live server, and finds no 5xx and no answer outside the description.

Half of the requests name things that are there (the world of the permission walk), half whatever the description allows.
"""

from __future__ import annotations

import random
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from core.openapi.generate import described
from core.permissions import Role
from tests.conftest import FULL
from tests.core.test_permission_walk import EXAMPLES, World
from users.operations import api_tokens

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.timeout(3600 if FULL else 600),
]

REQUESTS = 60 if FULL else 3  # for each operation
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# They may shut out the one who asks, and so come last.
LAST = ("/api/jwt/settings/", "/api/session-policy/", "/api/current-user/reset-token/", "/api/token/{token_id}/", "/api/token/rotate/")


def operations() -> list[Any]:
    """Reading before writing, deleting at the end: what is there stays there for the others."""
    schema = schemathesis.openapi.from_dict(described())
    found = [result.ok() for result in schema.get_all_operations()]
    order = {"get": 0, "post": 1, "put": 1, "patch": 1, "delete": 2}
    return sorted(found, key=lambda operation: (operation.path in LAST, order[operation.method.lower()], operation.path, operation.method))


def test_no_answer_is_outside_the_description(live_server: Any) -> None:
    world = World()
    owner = world.people[Role.OWNER]
    token = api_tokens.text_of(api_tokens.create_token(owner.actor, name="schemathesis"))
    session = requests.Session()
    session.headers["Authorization"] = f"Token {token}"
    wrong: dict[str, str] = {}
    answered: set[int] = set()
    for operation in operations():
        ids = {name: world.ids[EXAMPLES[name]] for name in EXAMPLES if f"{{{name}}}" in operation.path}
        for fixed in [None, ids] if ids else [None]:
            try:
                _ask(operation, fixed, live_server.url, session, answered)
            except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - every operation is tried, and all that is wrong told together
                wrong[f"{operation.method.upper()} {operation.path}"] = _told(error)
    assert 200 in answered, "nothing was answered at all"
    assert not wrong, "\n\n".join(f"{name}\n{text}" for name, text in wrong.items())


def _told(error: BaseException) -> str:
    """What schemathesis says of an answer: a group of failures."""
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
    return "\n".join(f"{type(part).__name__}: {part}"[:800] for part in parts)


def _ask(operation: Any, ids: dict[str, Any] | None, url: str, session: requests.Session, answered: set[int]) -> None:
    known = {} if ids is None else {"path_parameters": ids}

    @hypothesis.seed(random.randrange(2**32) if FULL else 1)
    @hypothesis.settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        print_blob=False,
    )
    @hypothesis.given(case=operation.as_strategy(**known))
    def ask(case: Any) -> None:
        answer = case.call(base_url=url, session=session, timeout=60, allow_redirects=False)
        answered.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    ask()
