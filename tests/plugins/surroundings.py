"""Before anything reads settings: a data directory of its own for each process, and nothing of the developer's environment."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from core.environment.reader import PREFIXES, variables_of
from core.environment.variables import Variables

if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # workers inherit what the first process made
    os.environ["LABEL_STUDIO_BASE_DATA_DIR"] = os.path.join(os.environ["LABEL_STUDIO_BASE_DATA_DIR"], worker)
else:
    for variable in variables_of(Variables).values():
        for prefix in PREFIXES:
            os.environ.pop(prefix + variable.name, None)
            os.environ.pop(f"{prefix}{variable.name}_FILE", None)
    for name in ("SPACE_ID", "SPACE_HOST"):
        os.environ.pop(name, None)
    _folder = tempfile.mkdtemp(prefix="labelspace-test-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    os.environ["LABEL_STUDIO_BASE_DATA_DIR"] = _folder

os.environ["DJANGO_SETTINGS_MODULE"] = "core.settings"
# Playwright's synchronous interface runs an event loop in the test's thread; the database is used there, and that is meant.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
