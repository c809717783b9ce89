from __future__ import annotations

import pytest

from core.permissions import Role
from tests.people import Person, somebody


@pytest.fixture
def ann(db: None) -> Person:
    return somebody(Role.MANAGER)
