"""Secrets at rest: readable with the same key for the same purpose, and not otherwise."""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from core.secrets import SecretUnreadable, decrypt, derived_key, digest, encrypt, new_token


@given(st.text())
def test_what_was_encrypted_comes_back(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    kept = encrypt(text, "connector")
    assert decrypt(kept, "connector") == text
    assert len(text) < 8 or text not in kept


def test_neither_another_purpose_nor_another_key_reads_it() -> None:
    kept = encrypt("secret", "connector")
    with pytest.raises(SecretUnreadable):
        decrypt(kept, "legacy token")
    with override_settings(SECRET_KEY="another key, as long as a key has to be"), pytest.raises(SecretUnreadable):
        decrypt(kept, "connector")


@pytest.mark.parametrize("broken", ["", "nonsense", "gAAAAABm", "é"])
def test_what_was_never_encrypted_is_unreadable(broken: str) -> None:
    with pytest.raises(SecretUnreadable):
        decrypt(broken, "connector")


def test_keys_differ_by_purpose_and_tokens_by_chance() -> None:
    assert derived_key("jwt") != derived_key("connector")
    assert len(derived_key("jwt")) == 32
    assert len({new_token() for _ in range(100)}) == 100
    assert digest("a") != digest("b")
    assert digest("\ud800")
