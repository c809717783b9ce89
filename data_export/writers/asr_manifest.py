"""ASR_MANIFEST: transcripts for speech recognition, a JSON object per line, beside a folder of the sounds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext_lazy as _

from data_export.archive import Archive, joined
from data_export.availability import transcripts
from data_export.formats import Format, Options
from data_export.items import Item, Region, source_of
from data_export.media import Media, items_with_media, packed
from data_export.numbers import number
from data_export.queries import Tasks
from data_export.sound import wav_duration
from data_export.spool import Spool
from projects.queries import config_of


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    return joined(_pieces(selection, options.download_resources))


def _pieces(selection: Tasks, download: bool | None) -> Iterator[bytes]:
    config = config_of(selection.project)
    with closing(Archive()) as archive, Media(selection.project, remote=download is True) as media, Spool(b"\n") as lines:
        yield archive.folder("audio/")
        sound = Sound("", None)
        for item, medium in items_with_media(selection, config, source_of(config, "Audio"), media):
            pack = download is not False and medium.first
            if pack or sound.url != medium.url:
                with media.opened(medium, note=pack) as file:
                    sound = Sound(
                        medium.url,
                        wav_duration(file) if file is not None else None,
                        f"audio/{medium.name}" if file is not None and pack else medium.url,
                    )
                    if file is not None and pack:
                        yield from packed(archive, sound.path, file)
            if text := transcript(item):
                length = sound.duration if sound.duration is not None else _said_length(item)
                lines.add({"audio_filepath": sound.path, "duration": length, "text": text, "annotator": item.annotator})
        yield from archive.stream("manifest.json", chain(lines.pieces(), [b"\n"] if lines.count else []), lines.size + 1)
        yield from media.missing(archive)
        yield from archive.end()


@dataclass(frozen=True, slots=True)
class Sound:
    """A task's sound: its address, its seconds, and where the manifest says it is."""

    url: str
    duration: float | None
    path: str = ""


def _said_length(item: Item) -> float | None:
    """The seconds that regions say the whole sound has."""
    return next((length for region in item.regions if (length := number(region.row.get("original_length"))) is not None), None)


def transcript(item: Item) -> str:
    """What an answer says was spoken: the texts of the first control with any, in the order of time; "" without one."""
    regions = [region for region in item.regions if region.control.tag == "TextArea" and spoken(region)]
    mine = [region for region in regions if region.name == regions[0].name]
    return " ".join(text for region in sorted(mine, key=lambda region: number(region.value.get("start")) or 0) for text in spoken(region))


def spoken(region: Region) -> list[str]:
    """The texts of a TextArea's row: a list, or a single text."""
    said = region.value.get("text")
    return [text for text in (said if isinstance(said, list) else [said]) if isinstance(text, str) and text.strip()]


ASR_MANIFEST = Format(
    "ASR_MANIFEST",
    "ASR Manifest",
    _("Transcripts with the sounds they are of, as NVIDIA NeMo reads them."),
    "zip",
    "application/zip",
    write,
    tags=("speech recognition",),
    fits=transcripts,
)
