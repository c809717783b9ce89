"""What the server does without, so that it stays small."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# What Django REST framework loads when it is installed, for features that are not used here: 15 MB in every process.
UNUSED = ("requests", "yaml", "pygments", "coreapi", "coreschema", "django.contrib.postgres", "markdown")


def load_rest_framework() -> None:
    """Load its table of optional parts without them; whoever needs one of them imports it as ever."""
    with _hidden(*UNUSED):
        import rest_framework.compat  # noqa: F401 - loaded once, here


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Importing these raises ImportError inside the block; what is loaded already stays."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
