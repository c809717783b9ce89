"""What is made of media: small pictures, and what players want to know of sounds and videos; from uploads and from storages."""

from __future__ import annotations

import io
import math
import struct
import wave
from pathlib import Path
from typing import Any

import pytest

from core.jobs.models import Job
from core.media import cache
from tests.io_storages.conftest import Bucket
from tests.io_storages.test_contract import connect, synchronized
from tests.labelled import IMAGE_CONFIG, make_project, send_files
from tests.people import Person, somebody

AUDIO_CONFIG = '<View><Audio name="audio" value="$audio"/><Labels name="l" toName="audio"><Label value="Speech"/></Labels></View>'
VIDEO_CONFIG = '<View><Video name="video" value="$video"/><Choices name="c" toName="video"><Choice value="A"/></Choices></View>'


def sound(seconds: float = 2.0, rate: int = 16_000) -> bytes:
    """A tone of falling loudness on the left, silence on the right."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        count = int(seconds * rate)
        for n in range(count):
            file.writeframesraw(struct.pack("<hh", int(30_000 * (1 - n / count) * math.sin(n / 8)), 0))
    return written.getvalue()


def video() -> bytes:
    import av

    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as container:
        stream: Any = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _number in range(30):
            container.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        container.mux(stream.encode())
    return written.getvalue()


def picture() -> bytes:
    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (800, 400), "red").save(written, "JPEG")
    return written.getvalue()


def only_task(person: Person, project: int) -> int:
    (task,) = person.get("/api/tasks/", project=project).json()["tasks"]
    return int(task["id"])


def test_players_are_told_of_sounds_and_videos(owner: Person, s3: Bucket) -> None:
    project = make_project(owner, AUDIO_CONFIG)
    s3.put("a/tone.wav", sound())
    synchronized(owner, connect(owner, project, s3, use_blob_urls=True, recursive_scan=True))
    task = only_task(owner, project)
    answer = owner.get(f"/tasks/{task}/media-info/", key="audio")
    assert answer.status_code == 200, answer.content
    info = answer.json()
    assert (info["channels"], info["sample_rate"], round(info["duration"], 2)) == (2, 16_000, 2.0)
    left, right = info["peaks"]
    assert len(left) == len(right) > 300
    assert max(left[:20]) > 0.8 > 0.2 > max(left[-20:])
    assert min(left[:20]) < -0.8
    assert set(right) == {0.0}
    assert owner.get(f"/tasks/{task}/media-info/", key="audio").json() == info
    assert Job.objects.filter(kind="media.info").count() == 1
    assert owner.get(f"/tasks/{task}/media-info/", key="other").status_code == 404
    assert somebody().get(f"/tasks/{task}/media-info/", key="audio").status_code == 404

    films = make_project(owner, VIDEO_CONFIG)
    assert send_files(owner, f"/api/projects/{films}/import", ("film.mp4", video())).status_code == 201
    info = owner.get(f"/tasks/{only_task(owner, films)}/media-info/", key="video").json()
    assert (info["fps"], info["frames"], info["duration"], info["peaks"]) == (25.0, 30, 1.2, [])


def test_what_is_no_sound_says_so(owner: Person) -> None:
    """A playlist in a sound's clothes is not followed either."""
    project = make_project(owner, AUDIO_CONFIG)
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    assert send_files(owner, f"/api/projects/{project}/import", ("list.mp3", playlist)).status_code == 201
    answer = owner.get(f"/tasks/{only_task(owner, project)}/media-info/", key="audio")
    assert (answer.status_code, "cannot be read" in answer.json()["detail"]) == (404, True)


def test_pictures_are_made_small_once(owner: Person, s3: Bucket) -> None:
    from PIL import Image

    project = make_project(owner, IMAGE_CONFIG)
    s3.put("one.jpg", picture())
    synchronized(owner, connect(owner, project, s3, use_blob_urls=True, recursive_scan=True))
    task = only_task(owner, project)
    answer = owner.get(f"/tasks/{task}/thumbnail/", key="image", size=128)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.size == (128, 64)
    assert owner.get(f"/tasks/{task}/thumbnail/", key="image", size=128).content == answer.content
    assert somebody().get(f"/tasks/{task}/thumbnail/", key="image").status_code == 404


def test_the_cache_stays_within_its_size(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.MEDIA_CACHE_BYTES = tmp_path, 1 << 20
    for number in range(64):
        cache.put(f"part {number}", bytes([number]) * (64 << 10))
        cache.get("part 0")
    kept = [number for number in range(64) if cache.get(f"part {number}")]
    assert 8 <= len(kept) <= 17
    assert kept[-1] == 63
    assert cache.get("part 63") == bytes([63]) * (64 << 10)
    settings.MEDIA_CACHE_BYTES = 0
    cache.put("more", b"x")
    assert cache.get("more") is None


@pytest.mark.parametrize("reads", [[(0, 100)], [(1_048_570, 20), (5, 10)], [(2_500_000, 10_000_000)], [(0, 3_000_000)]])
def test_a_file_is_read_through_the_cache_as_it_is(settings: Any, tmp_path: Path, reads: list[tuple[int, int]]) -> None:
    settings.DATA_DIR = tmp_path
    content = bytes(range(251)) * 12_000
    asked: list[tuple[int, int]] = []

    def pieces(first: int, last: int) -> Any:
        asked.append((first, last))
        for start in range(first, last + 1, 100_000):
            yield content[start : min(last + 1, start + 100_000)]

    for _round in range(2):
        with cache.CachedFile("x", len(content), pieces) as file:
            for first, length in reads:
                file.seek(first)
                file.expect(first + length - 1)
                assert file.read(length) == content[first : first + length]
        if _round == 0:
            before = list(asked)
    assert asked == before, "the second reading asks nobody"
