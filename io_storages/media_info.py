"""What a player wants to know of a sound or video before it has it: length, channels, peaks, frames. Made once, by a job, and kept in the cache."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from typing import Any, BinaryIO

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, not_found
from core.jobs.models import Job
from core.jobs.operations import OPEN, enqueue
from core.jobs.registry import JobKind
from core.jobs.run import JobRun, run_for
from core.media import cache
from core.rawjson import dump_json, read_json
from core.requests import json_response
from core.routing import actor_of
from core.secrets import SecretUnreadable
from data_import.file_types import extension_of
from io_storages.connector import StorageError
from io_storages.task_media import Medium, medium_of
from tasks.models import Task

PATIENCE = 8.0  # seconds that a request waits
RATE = 8_000  # samples per second that peaks are made of
FINEST = 80  # samples of a peak at first: a hundredth of a second
MOST_PEAKS = 60_000  # of a channel; longer sounds have coarser ones
STEP_FRAMES = 2_000
# How files are read: never by what they say they are, as playlists would lead elsewhere.
FORMATS = {
    "wav": "wav",
    "mp3": "mp3",
    "flac": "flac",
    "ogg": "ogg",
    "opus": "ogg",
    "aac": "aac",
    "m4a": "mov",
    "mp4": "mov",
    "mov": "mov",
    "webm": "matroska",
}
MISSING = "What is needed to look into sounds and videos is not installed. The administrator can add it: pip install 'labelspace[media]'."


def media_info(request: HttpRequest, task_id: int) -> HttpResponse:
    """`/tasks/<id>/media-info/?key=<data key>`: 200 with what is known, 202 while it is being made, 404 for what is no sound or video of ours."""
    actor = actor_of(request)
    project_id, medium = medium_for(actor, task_id, request.GET.get("key", ""))
    if extension_of(medium.name) not in FORMATS:
        raise not_found(_("This is no sound or video that can be looked into."))
    known = cache.get(_name(medium))
    if known is None:
        known = _make(actor, project_id, task_id, request.GET.get("key", ""), medium)
    if known is None:
        return json_response({"status": "in_progress"}, 202, headers={"Retry-After": "3"})
    if b'"error"' in known[:10]:
        raise not_found(read_json(known)["error"])
    return HttpResponse(known, content_type="application/json", headers={"Cache-Control": "private, max-age=3600"})


def medium_for(actor: Actor, task_id: int, key: str) -> tuple[int, Medium]:
    """(the task's project, the file under a key of its data). Raises `Refused`: 404 for what the actor does not see, 424 when its storage fails."""
    found = Task.objects.visible_to(actor).filter(pk=task_id).values_list("project_id", "data").first()
    if found is None:
        raise not_found()
    value = read_json(found[1]).get(key)
    if not isinstance(value, str):
        raise not_found(_("The task's data has no file under this key."))
    try:
        return found[0], medium_of(found[0], value)
    except (StorageError, SecretUnreadable) as error:
        raise Refused(_("The file could not be loaded from its storage. %(reason)s") % {"reason": error}, 424) from None


def _name(medium: Medium) -> str:
    return f"info 1|{medium.identity}"


def _make(actor: Actor, project_id: int, task_id: int, key: str, medium: Medium) -> bytes | None:
    """By the job that is at it already, or by a new one; None while it lasts."""
    try:
        import av  # noqa: F401
    except ImportError:
        raise not_found(_(MISSING)) from None
    parameters = {"task": task_id, "key": key, "role": str(actor.role), "email": actor.email}
    # JSON is not compared by the database; there are only as many of these as people who wait at this moment.
    waiting = Job.objects.filter(kind="media.info", project_id=project_id, status__in=OPEN)
    same = next((job for job in waiting if (said := read_json(job.parameters))["task"] == task_id and said["key"] == key), None)
    if same is None:
        same = enqueue(actor, "media.info", _("Look into %(name)s") % {"name": medium.name}, project=project_id, parameters=parameters)
        run_for(same.pk, PATIENCE)
        same.refresh_from_db()
    if same.status == Job.Status.DONE:
        return cache.get(_name(medium)) or dump_json(read_json(same.result))
    if same.status == Job.Status.FAILED:
        raise not_found(same.error)
    return None


def run(job: JobRun) -> dict[str, Any]:
    """Parameters: `task`, `key`. The result is what `media_info` answers; the cache keeps it."""
    said = job.parameters
    task = Task.objects.filter(pk=said["task"]).values_list("project_id", "data").first()
    if task is None:
        raise Refused(_("The task is gone."))
    medium = medium_of(task[0], str(read_json(task[1]).get(said["key"])))

    def step() -> None:
        with job.step():
            pass

    try:
        with medium.open() as file:
            found = look_into(file, FORMATS[extension_of(medium.name)], step)
    except Refused as refused:
        cache.put(_name(medium), dump_json({"error": str(refused)}))
        raise
    cache.put(_name(medium), dump_json(found))
    return found


INFO = JobKind("media.info", run)


def look_into(file: BinaryIO, format: str, step: Callable[[], None]) -> dict[str, Any]:
    """`{duration, channels, sample_rate, peaks, fps, frames}` of an open file; `peaks` holds a list for each channel, lowest and highest by turns.

    Calls `step` now and then. Raises `Refused` for what cannot be read.
    """
    import av

    found: dict[str, Any] = {"duration": None, "channels": 0, "sample_rate": None, "peaks": [], "fps": None, "frames": None}
    try:
        with av.open(file, "r", format=format, metadata_errors="ignore") as container:
            if container.duration:
                found["duration"] = container.duration / 1_000_000
            if container.streams.video:
                _look_at_video(container, found, step)
            if container.streams.audio:
                file.seek(0)
                _look_at_sound(container, found, step)
    except (av.FFmpegError, StorageError, OSError, ValueError) as error:
        raise Refused(_("The file cannot be read as sound or video: %(reason)s") % {"reason": str(error)[:200]}) from None
    return found


def _look_at_video(container: Any, found: dict[str, Any], step: Callable[[], None]) -> None:
    stream = container.streams.video[0]
    rate = stream.average_rate or stream.guessed_rate
    found["fps"] = float(rate) if rate else None
    frames = stream.frames
    if not frames:  # such files do not say: their packets are counted
        for packet in container.demux(stream):
            frames += bool(packet.size)
            if frames % STEP_FRAMES == 0:
                step()
        container.seek(0)
    found["frames"] = frames or None


def _look_at_sound(container: Any, found: dict[str, Any], step: Callable[[], None]) -> None:
    import av

    stream = container.streams.audio[0]
    channels = min(stream.channels or 1, 2)
    found["sample_rate"], found["channels"] = stream.rate, stream.channels
    resampler = av.AudioResampler(format="fltp", layout="stereo" if channels == 2 else "mono", rate=RATE)
    peaks = [_Peaks() for _channel in range(channels)]
    samples = 0
    for number, frame in enumerate(container.decode(stream), 1):
        for part in resampler.resample(frame):
            samples += _add(part, peaks)
        if number % STEP_FRAMES == 0:
            step()
    for part in resampler.resample(None):
        samples += _add(part, peaks)
    if samples:
        found["duration"] = max(found["duration"] or 0.0, samples / RATE) if found["frames"] else samples / RATE
    found["peaks"] = [channel.values() for channel in peaks]


def _add(frame: Any, peaks: list[_Peaks]) -> int:
    for plane, channel in zip(frame.planes, peaks, strict=False):
        channel.add(memoryview(plane).cast("B")[: frame.samples * 4].cast("f"))
    return int(frame.samples)


class _Peaks:
    """Lowest and highest of each so many samples; twice as many samples as soon as there are too many of them."""

    def __init__(self) -> None:
        self.width = FINEST
        self.rest = array("f")
        self.lows, self.highs = array("f"), array("f")

    def add(self, samples: Any) -> None:
        self.rest.extend(samples)
        whole = len(self.rest) // self.width * self.width
        for start in range(0, whole, self.width):
            part = self.rest[start : start + self.width]
            self.lows.append(min(part))
            self.highs.append(max(part))
        del self.rest[:whole]
        if len(self.lows) >= 2 * MOST_PEAKS:
            self.lows = array("f", map(min, self.lows[::2], self.lows[1::2]))
            self.highs = array("f", map(max, self.highs[::2], self.highs[1::2]))
            self.width *= 2

    def values(self) -> list[float]:
        if self.rest:
            self.lows.append(min(self.rest))
            self.highs.append(max(self.rest))
        return [_tidy(value) for pair in zip(self.lows, self.highs, strict=True) for value in pair]


def _tidy(value: float) -> float:
    return round(min(1.0, max(-1.0, value)), 3) if math.isfinite(value) else 0.0
