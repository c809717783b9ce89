"""docs/settings.md, made from the tables, so that it cannot lag behind: `labelspace settings --markdown > docs/settings.md`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from core.environment.ignored import IGNORED
from core.environment.reader import variables_of
from core.environment.variables import Variables

INTRODUCTION = """\
# Settings

Labelspace is set up by environment variables; nothing needs to be set. `labelspace settings` shows what is in effect and where each value
came from. A value that makes no sense stops the start with one sentence that names the variable.

Each variable `X` is looked up as `LABEL_STUDIO_X`, then `HEARTEX_X`, then `X`. An empty value counts as not set. A secret may instead be kept
in a file that `X_FILE` names, as container platforms mount them. `true`, `1`, `yes` and `on` mean true. Lists are separated by commas or blanks.

Flags of `labelspace start` set the same variables and win: `--port`, `--internal-host`, `--host`, `--database` (DATABASE_NAME), `--data-dir`
(LABEL_STUDIO_BASE_DATA_DIR), `--username`, `--password`, `--user-token`, `--cert` (TLS_CERT), `--key` (TLS_KEY), `--use-gevent`, `--enable-legacy-api-token`, `--log-level`,
`--debug`.
"""
SPACES = """\
## On Hugging Face Spaces

A Space sets `SPACE_ID` and `SPACE_HOST`. Where they are set: the address is `https://$SPACE_HOST`, only that host (and the one of
LABEL_STUDIO_HOST) is answered, on port 7860; cookies are `SameSite=None; Secure; Partitioned` so that signing in works inside the page of
huggingface.co, that site may show Labelspace in a frame, one proxy is trusted, there are as many web processes as `CPU_CORES` and `MEMORY` give
room for, and the data directory is taken to be lost at a restart unless `STORAGE_PERSISTENCE` says otherwise. While the data is made ready `/`
shows a page that opens by itself, and `/health` answers. More: [spaces.md](spaces.md).
"""
IGNORED_INTRODUCTION = """\
## Label Studio's other variables

Understood, so that an existing set-up starts unchanged, and ignored. `*` stands for any ending. The start says so for those that are set with
the prefix `LABEL_STUDIO_`.

| Variable | Why |
|---|---|
"""


def settings_page() -> str:
    """The whole page as Markdown."""
    return "\n".join([INTRODUCTION, *_groups(), SPACES, IGNORED_INTRODUCTION.rstrip("\n"), *_ignored(), ""])


def _groups() -> Iterator[str]:
    for group, variables in groupby(variables_of(Variables).values(), key=lambda variable: variable.group):
        yield f"## {group}\n\n| Variable | Default | Meaning |\n|---|---|---|"
        for variable in variables:
            name = f"`{variable.documented_name}`" + (f" or `{variable.documented_name}_FILE`" if variable.secret else "")
            yield f"| {name} | {variable.default} | {variable.meaning} |"
        yield ""


def _ignored() -> Iterator[str]:
    for why, names in IGNORED.items():
        yield f"| {', '.join(f'`{name}`' for name in names)} | {why} |"
