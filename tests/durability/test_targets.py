"""Every kind of target keeps the same promises: one contract, run against the real servers and the stand-in of the Hub."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core.environment import read_environment
from durability import lease
from durability.targets import Target, TargetError, target_at
from tests.durability.kinds import KINDS, Targets

pytestmark = pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="touches no database")


@pytest.fixture(scope="module", params=KINDS)
def make(request: pytest.FixtureRequest, targets: Targets, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Target]:
    """`make()` connects to the same place again, as another server would."""
    address, settings = targets.fresh(request.param)
    home = str(tmp_path_factory.mktemp("home"))
    return lambda: target_at(address, read_environment({"HOME": home, **settings}))


def test_objects_come_back_as_they_were_put(make: Callable[[], Target], tmp_path: Path) -> None:
    target, large = make(), tmp_path / "large"
    large.write_bytes(os.urandom(3 << 20))
    target.write({"state/1/ltx/0/a.ltx": b"one", "state/1/b": large, "state/2/c": b""})
    other = make()
    assert other.names("state/1/") == {"state/1/ltx/0/a.ltx": 3, "state/1/b": 3 << 20}
    assert other.names("state/") == {"state/1/ltx/0/a.ltx": 3, "state/1/b": 3 << 20, "state/2/c": 0}
    assert other.names("nothing/") == {}
    assert other.read("state/1/ltx/0/a.ltx") == b"one"
    with pytest.raises(KeyError):
        other.read("state/1/nothing")
    other.fetch(["state/1/b", "state/1/ltx/0/a.ltx"], tmp_path / "here")
    assert (tmp_path / "here" / "state/1/b").read_bytes() == large.read_bytes()
    target.write({"state/1/ltx/0/a.ltx": b"two"}, ["state/1/b", "state/2/c"])
    assert other.names("state/") == {"state/1/ltx/0/a.ltx": 3}
    assert make().read("state/1/ltx/0/a.ltx") == b"two"


def test_a_generation_is_taken_once(make: Callable[[], Target]) -> None:
    taken: list[int] = []

    def take() -> None:
        taken.append(lease.take(make())[0].generation)

    crowd = [threading.Thread(target=take) for _ in range(3)]
    for one in crowd:
        one.start()
        if make().name.startswith("gs:"):
            one.join()  # the emulator looks and puts in two steps
    for one in crowd:
        one.join()
    target = make()
    assert len(taken) == len(set(taken)) == 3
    assert lease.newer(target, min(taken)) == max(lease.generations(target))
    lease.release(target, max(taken))
    assert lease.generations(target)[max(taken)]
    assert lease.newer(target, max(lease.generations(target))) is None


def test_what_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TargetError, match=r"cannot be used"):
        target_at(str(tmp_path / "file" / "below"), read_environment({"HOME": str(tmp_path)})).write({"a": b""})
