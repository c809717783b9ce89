"""The first visits of a Space without a setting, as the guide tells them: an account, the way to a project, a warning, a closed door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import override_settings

from core.environment.space import Space
from organizations.models import Membership
from tests.browser import Browser, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def space() -> Iterator[None]:
    here = Space(id="ann/labels", host="ann-labels.hf.space", author="ann")
    with override_settings(
        ENVIRONMENT=replace(settings.ENVIRONMENT, space=here), STORAGE_PERSISTENCE=False, DISABLE_SIGNUP_WITHOUT_LINK=None
    ):
        yield


def test_the_first_owns_the_space_and_the_door_closes() -> None:
    first = Browser()
    page = text_of(first.get("/user/signup/"))
    assert "it will own everything here" in page
    assert "Sign-up closes behind it" in page
    assert first.sign_up("ann@example.com").status_code == 302
    assert Membership.objects.get(user__email="ann@example.com").role == "owner"
    home = text_of(first.get("/"))
    assert "What do you want to label?" in home
    assert "Storage is ephemeral" in home
    # Nobody else comes in without an invitation, and the page says why.
    stranger = Browser()
    shut = stranger.get("/user/signup/")
    assert (shut.status_code, "This Space has an owner" in text_of(shut)) == (403, True)
    assert stranger.sign_up("bob@example.com").status_code == 403
    assert not Membership.objects.filter(user__email="bob@example.com").exists()


def test_the_door_stays_open_for_who_says_so() -> None:
    with override_settings(DISABLE_SIGNUP_WITHOUT_LINK=False):
        first = Browser()
        assert "Sign-up closes" not in text_of(first.get("/user/signup/"))
        first.sign_up("ann@example.com")
        assert Browser().sign_up("bob@example.com").status_code == 302


def test_who_says_that_storage_lasts_is_not_warned() -> None:
    with override_settings(STORAGE_PERSISTENCE=True):
        first = Browser()
        first.sign_up("ann@example.com")
        assert "Storage is ephemeral" not in text_of(first.get("/"))
