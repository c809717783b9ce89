"""Who may write: the holder of the highest generation. Each start takes the next one, and writes only below its own number.

So two servers never overwrite each other, whatever each of them believes. A holder that sees a higher generation is fenced: it becomes read-only,
ships what it still has, and says that it has released; the new one waits for that before it restores.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from durability.targets import Target, TargetError

LEASES = "lease/"
RELEASED = ".released"
LOOK_EVERY = 0.25
CLAIMS = 20


@dataclass(frozen=True)
class Lease:
    """`holder` is the process that holds it: enough to tell, on the same machine, whether it lives."""

    generation: int
    holder: dict[str, str]


def name_of(generation: int) -> str:
    return f"{LEASES}{generation:010d}"


def generations(target: Target) -> dict[int, bool]:
    """Every generation that was taken, and whether it was released."""
    found: dict[int, bool] = {}
    for name in target.names(LEASES):
        number, _, rest = name.removeprefix(LEASES).partition(".")
        if number.isdecimal() and rest in ("", RELEASED[1:]):
            found[int(number)] = found.get(int(number), False) or bool(rest)
    return found


def take(target: Target) -> tuple[Lease, Lease | None]:
    """Take the next generation; returns it and the one before, when that was not released. Raises TargetError."""
    for _attempt in range(CLAIMS):
        known = generations(target)
        last = max(known, default=0)
        mine = Lease(last + 1, this_process())
        # Never the same bytes twice: clients of the Hub take a commit that changes nothing for done, whoever made the file.
        claim = json.dumps({**mine.holder, "claim": secrets.token_hex(16)})
        if target.claim(name_of(mine.generation), claim.encode()):
            return mine, _held(target, last) if last and not known[last] else None
    raise TargetError(f"{target.name}: too many servers start at the same time.")


def wait_for_release(target: Target, before: Lease) -> bool:
    """Wait until the holder before has handed over. Returns False when it did not in time: it is dead, or out of reach."""
    deadline = time.monotonic() + target.patience
    while time.monotonic() < deadline:
        if _is_dead(before.holder):
            return False
        if generations(target).get(before.generation):
            return True
        time.sleep(LOOK_EVERY)
    return False


def release(target: Target, generation: int) -> None:
    target.write({name_of(generation) + RELEASED: b"{}"})


def newer(target: Target, generation: int) -> int | None:
    """The generation that has taken over from `generation`, if one has."""
    last = max(generations(target), default=0)
    return last if last > generation else None


def this_process() -> dict[str, str]:
    """The supervisor's process: its children come and go."""
    return _identity(os.getppid())


def _held(target: Target, generation: int) -> Lease:
    try:
        holder = json.loads(target.read(name_of(generation)))
    except (KeyError, ValueError):
        holder = {}
    return Lease(generation, holder if isinstance(holder, dict) else {})


def _identity(pid: int) -> dict[str, str]:
    return {"host": socket.gethostname(), "boot": _read("/proc/sys/kernel/random/boot_id"), "pid": str(pid), "started": _started(pid)}


def _is_dead(holder: dict[str, str]) -> bool:
    """Whether the holder certainly does not live any more: it was a process of this machine, and is gone."""
    pid = holder.get("pid", "")
    if not pid.isdecimal() or not holder.get("started"):
        return False
    here = _identity(int(pid))
    return (here["host"], here["boot"]) == (holder.get("host"), holder.get("boot")) and here["started"] != holder["started"]


def _started(pid: int) -> str:
    """When a process began, in the system's own count; "" when there is none, or it has ended and nobody has noticed yet."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return "" if len(fields) < 20 or fields[0] == "Z" else fields[19]


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""
