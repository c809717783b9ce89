"""ASR_MANIFEST against the official converter."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest

from data_export.sound import wav_duration
from tests.data_export.formats.labelled_media import SPEECH, sound, upload
from tests.data_export.formats.peer import archive_of, converted
from tests.labelled import import_tasks, make_project
from tests.people import Person


def said(*texts: str, **more: Any) -> dict[str, Any]:
    return {"from_name": "said", "to_name": "audio", "type": "textarea", "value": {"text": list(texts), **more}}


def rows(content: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in content.splitlines()]


def sound_project(person: Person, *results: list[dict[str, Any]] | None, names: list[str] | None = None) -> int:
    project = make_project(person, SPEECH)
    names = names or [f"talk{number}.wav" for number in range(len(results))]
    urls = upload(person, project, *((name, sound(0.25 * (number + 1))) for number, name in enumerate(names)))
    import_tasks(
        person,
        project,
        [
            {"data": {"audio": url}, **({} if result is None else {"annotations": [{"result": result}]})}
            for url, result in zip(urls, results, strict=True)
        ],
    )
    return project


def test_lines_are_those_of_the_official_converter(ann: Person, tmp_path: Path) -> None:
    project = sound_project(ann, [said("hello there")], [said("good bye")])
    archive = archive_of(ann, project, "ASR_MANIFEST")
    peer = rows((converted(ann, project, "ASR_MANIFEST", tmp_path, download_resources=True) / "manifest.json").read_bytes())
    assert rows(archive["manifest.json"]) == [{**row, "audio_filepath": f"audio/{row['audio_filepath'][15:]}"} for row in peer]
    assert {*archive} == {"audio/", "audio/talk0.wav", "audio/talk1.wav", "manifest.json"}
    assert archive["audio/talk1.wav"] == sound(0.5)
    assert [row["duration"] for row in rows(archive["manifest.json"])] == [0.25, 0.5]


def test_the_whole_transcript_is_told_in_the_order_of_time_where_the_peer_keeps_the_first_text(ann: Person, tmp_path: Path) -> None:
    project = sound_project(ann, [said("world", start=1.5, end=2), said("hello", "there", start=0.5, end=1)])
    assert [row["text"] for row in rows(archive_of(ann, project, "ASR_MANIFEST")["manifest.json"])] == ["hello there world"]
    peer = rows((converted(ann, project, "ASR_MANIFEST", tmp_path, download_resources=True) / "manifest.json").read_bytes())
    assert [row["text"] for row in peer] == ["world"]


def test_sounds_without_a_transcript_have_no_line_where_the_peer_fails(ann: Person) -> None:
    project = sound_project(ann, None, [], [said("  ")], [said("x")])
    archive = archive_of(ann, project, "ASR_MANIFEST")
    assert [row["audio_filepath"] for row in rows(archive["manifest.json"])] == ["audio/talk3.wav"]
    assert "audio/talk0.wav" in archive


def test_a_sound_that_is_no_wav_file_has_the_length_its_regions_say_where_the_peer_drops_it(ann: Person) -> None:
    project = make_project(ann, SPEECH)
    (url,) = upload(ann, project, ("a.mp3", b"ID3" + bytes(50)))
    import_tasks(ann, project, [{"data": {"audio": url}, "annotations": [{"result": [{**said("x"), "original_length": 3.5}]}]}])
    assert rows(archive_of(ann, project, "ASR_MANIFEST")["manifest.json"])[0]["duration"] == 3.5


def test_without_the_sounds_the_lines_name_their_addresses(ann: Person) -> None:
    project = sound_project(ann, [said("x")])
    archive = archive_of(ann, project, "ASR_MANIFEST", download_resources="false")
    assert {*archive} == {"audio/", "manifest.json"}
    assert rows(archive["manifest.json"])[0]["audio_filepath"].startswith(f"/data/upload/{project}/")


def test_every_answer_to_a_sound_is_a_line(ann: Person) -> None:
    project = make_project(ann, SPEECH)
    (url,) = upload(ann, project, ("a.wav", sound(0.25)))
    import_tasks(ann, project, [{"data": {"audio": url}, "annotations": [{"result": [said("one")]}, {"result": [said("two")]}]}])
    found = rows(archive_of(ann, project, "ASR_MANIFEST")["manifest.json"])
    assert sorted((row["audio_filepath"], row["text"], row["duration"]) for row in found) == [
        ("audio/a.wav", "one", 0.25),
        ("audio/a.wav", "two", 0.25),
    ]


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (b"", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0ab", None),
        (
            b"RIFF\0\0\0\0WAVE"
            + struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 2, 100, 800, 8, 32)
            + b"LIST\3\0\0\0abc\0"
            + struct.pack("<4sI", b"data", 800)
            + bytes(800),
            1.0,
        ),
        (
            b"RIFF\0\0\0\0WAVE"
            + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 100, 200, 2, 16)
            + struct.pack("<4sI", b"data", 0xFFFFFFFF)
            + bytes(100),
            0.5,
        ),
        (
            b"RIFF\0\0\0\0WAVE" + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 0, 0, 0, 16) + struct.pack("<4sI", b"data", 4) + bytes(4),
            None,
        ),
    ],
)
def test_how_long_a_wav_file_is(content: bytes, seconds: float | None) -> None:
    assert wav_duration(BytesIO(content)) == seconds
