"""Several people at the same moment: what may happen once happens once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from core.actor import Actor
from core.errors import Refused
from core.permissions import Role
from organizations.models import Invitation, Membership, Organization
from organizations.operations.invitations import invite
from organizations.operations.joining import sign_in, sign_up
from organizations.operations.members import change_role
from tests.browser import PASSWORD
from tests.people import somebody
from users.models import SignInAttempts, User
from users.operations.attempts import begin_attempt

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread of its own, all at the same moment; returns what they returned or which refusal they raised."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[number] = act()
        except Refused as refused:
            results[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_of_many_first_accounts_one_owns_the_one_organization() -> None:
    made = at_once(*(lambda number=number: sign_up(f"person{number}@example.com", PASSWORD) for number in range(CROWD)))  # type: ignore[misc]
    assert all(isinstance(user, User) for user in made)
    assert Organization.objects.count() == 1
    assert sorted(Membership.objects.values_list("role", flat=True)) == ["manager"] * (CROWD - 1) + ["owner"]


def test_of_many_who_take_the_same_address_one_gets_it() -> None:
    made = at_once(*(lambda: sign_up("ann@example.com", PASSWORD) for _ in range(CROWD)))
    assert sum(isinstance(user, User) for user in made) == 1
    assert {refused.status for refused in made if isinstance(refused, Refused)} == {400}
    assert User.objects.count() == 1


def test_an_invitation_with_an_address_lets_one_in() -> None:
    owner = somebody(Role.OWNER)
    _row, token = invite(owner.actor, Role.ANNOTATOR, email="ann@example.com")
    made = at_once(*(lambda: sign_up("ann@example.com", PASSWORD, token) for _ in range(CROWD)))
    assert sum(isinstance(user, User) for user in made) == 1
    assert Invitation.objects.get().uses == 1


def test_two_owners_who_demote_each_other_leave_one() -> None:
    first = somebody(Role.OWNER)
    second = somebody(Role.OWNER, first.organization)

    def demote(actor: Actor, user_id: int) -> Callable[[], Any]:
        return lambda: change_role(actor, user_id, Role.MANAGER)

    at_once(demote(first.actor, second.user.pk), demote(second.actor, first.user.pk))
    assert Membership.objects.filter(role="owner").count() == 1


def test_guesses_sent_at_once_all_count() -> None:
    at_once(*(lambda: begin_attempt("ann@example.com", "198.51.100.7") for _ in range(CROWD)))
    counted = sorted(SignInAttempts.objects.values_list("failures", flat=True))
    assert len(counted) == 2
    assert counted[0] == counted[1] > 5  # those that came after the sixth were refused, and need not count
    with pytest.raises(Refused) as refused:
        sign_in("ann@example.com", PASSWORD, "198.51.100.7")
    assert refused.value.status == 429
