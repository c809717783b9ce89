"""Collect the words on screen for translators: `labelspace messages --locale de` writes web/locale/de/LC_MESSAGES/*.po (needs GNU gettext)."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands.makemessages import Command as MakeMessages

# `t('words')` and `plural(count, 'one', 'many')` of frontend/src/core/text.ts
KEYWORDS = ["--keyword=t", "--keyword=plural:2,3"]


class Command(MakeMessages):
    help = __doc__ or ""
    xgettext_options = [*MakeMessages.xgettext_options, *KEYWORDS]
    requires_system_checks: Any = []

    def handle(self, *args: Any, **options: Any) -> None:
        options["ignore_patterns"] = [*options["ignore_patterns"], ".venv/*", "*/node_modules/*", "web/static/*", "tests/*", "*.test.ts"]
        super().handle(*args, **{**options, "domain": "django"})
        super().handle(*args, **{**options, "domain": "djangojs", "extensions": ["ts", "tsx"]})
        for locale in options["locale"]:
            call_command("compilemessages", locale=[locale], verbosity=0)
