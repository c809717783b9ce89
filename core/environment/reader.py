"""Reads variables from the environment: `LABEL_STUDIO_X`, then `HEARTEX_X`, then `X`; a secret also from the file that `X_FILE` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIXES = ("LABEL_STUDIO_", "HEARTEX_", "")


class SettingError(Exception):
    """A variable that the server cannot start with. `str(error)` is one sentence that names it."""

    def __init__(self, name: str, trouble: str) -> None:
        super().__init__(f"{name} {trouble}.")
        self.name = name


@dataclass(frozen=True)
class Variable:
    """One environment variable.

    `name` is without prefix; `parse` makes the value of the text; `meaning` is for docs/settings.md, which writes the name with its prefix
    when `prefixed`. `bare=False`: the name without prefix is too common in people's shells to be taken as ours at all.
    """

    name: str
    parse: Callable[[str], Any]
    meaning: str
    group: str
    default: str
    secret: bool
    prefixed: bool
    bare: bool

    @property
    def prefixes(self) -> tuple[str, ...]:
        return PREFIXES if self.bare else PREFIXES[:2]

    @property
    def documented_name(self) -> str:
        """How we write it in the documentation."""
        return f"LABEL_STUDIO_{self.name}" if self.prefixed or not self.bare else self.name


def variable(
    name: str,
    parse: Callable[[str], Any],
    default: Any,
    meaning: str,
    *,
    group: str,
    shown: str | None = None,
    secret: bool = False,
    prefixed: bool = False,
    bare: bool = True,
) -> Any:
    """Declares a field of the Environment dataclass. `shown` is what the documentation says for a default that depends on the machine."""
    declared = Variable(name, parse, meaning, group, shown if shown is not None else _as_text(default), secret, prefixed, bare)
    return field(default=default, metadata={"variable": declared}, repr=not secret)


def _as_text(value: Any) -> str:
    if value in ("", None, ()):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def variables_of(declaration: type) -> dict[str, Variable]:
    """Field name → variable, in the order of declaration."""
    return {each.name: each.metadata["variable"] for each in fields(declaration) if "variable" in each.metadata}


def lookup(environ: Mapping[str, str], wanted: Variable) -> tuple[str, str] | None:
    """(full name, text) of the first spelling that is set to something, else None. Raises SettingError for an unreadable secret file."""
    for prefix in wanted.prefixes:
        full = prefix + wanted.name
        direct = environ.get(full, "")
        file = environ.get(f"{full}_FILE", "") if wanted.secret else ""
        if direct and file:
            raise SettingError(full, f"and {full}_FILE are both set, and only one may be")
        if direct:
            return full, direct
        if file:
            try:
                return f"{full}_FILE", Path(file).read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise SettingError(
                    f"{full}_FILE", f"names the file {file}, which cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})"
                ) from None
    return None


def read(declaration: type, environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that are set, by field name, and the full name of the variable each came from. Raises SettingError for the first bad one."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, wanted in variables_of(declaration).items():
        found = lookup(environ, wanted)
        if found is None:
            continue
        sources[name] = found[0]
        try:
            values[name] = wanted.parse(found[1])
        except ValueError as error:
            raise SettingError(found[0], str(error) if wanted.secret else f"is {found[1]!r} but {error}") from None
    return values, sources
