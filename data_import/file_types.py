"""What a file is: by the extensions that may be uploaded, and by the signature of its first bytes when it is served.

The one table (rule F1 of docs/security.md): what a browser is told about an uploaded file comes from here, never from its uploader.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

HEAD = 512  # bytes that signatures look at


@dataclass(frozen=True)
class FileType:
    """`kind`: image, audio, video, document (shown by a tag), text or table (read by a reader),
    archive (unpacked). `inline`: a browser may show it in a page of its own."""

    content_type: str
    kind: str
    inline: bool = True


PLAIN = FileType("text/plain; charset=utf-8", "text")
UNKNOWN = FileType("application/octet-stream", "other", inline=False)
SVG = FileType("image/svg+xml", "image")

EXTENSIONS: dict[str, FileType] = {
    "bmp": FileType("image/bmp", "image"),
    "gif": FileType("image/gif", "image"),
    "jpg": FileType("image/jpeg", "image"),
    "jpeg": FileType("image/jpeg", "image"),
    "png": FileType("image/png", "image"),
    "webp": FileType("image/webp", "image"),
    "avif": FileType("image/avif", "image"),
    "svg": SVG,
    "aac": FileType("audio/aac", "audio"),
    "flac": FileType("audio/flac", "audio"),
    "m4a": FileType("audio/mp4", "audio"),
    "mp3": FileType("audio/mpeg", "audio"),
    "ogg": FileType("audio/ogg", "audio"),
    "opus": FileType("audio/ogg", "audio"),
    "wav": FileType("audio/wav", "audio"),
    "mp4": FileType("video/mp4", "video"),
    "webm": FileType("video/webm", "video"),
    "pdf": FileType("application/pdf", "document"),
    "txt": PLAIN,
    "csv": FileType("text/csv; charset=utf-8", "table", inline=False),
    "tsv": FileType("text/tab-separated-values; charset=utf-8", "table", inline=False),
    "json": FileType("application/json", "table", inline=False),
    "jsonl": FileType("application/x-ndjson", "table", inline=False),
    "parquet": FileType("application/vnd.apache.parquet", "table", inline=False),
    "conll": PLAIN,
    "spacy": FileType("application/octet-stream", "table", inline=False),
    "yaml": FileType("application/yaml", "text", inline=False),
    "yml": FileType("application/yaml", "text", inline=False),
    "zip": FileType("application/zip", "archive", inline=False),
    # HTML and XML are never shown as a page: whoever opens the address gets a download.
    "htm": FileType("text/html; charset=utf-8", "text", inline=False),
    "html": FileType("text/html; charset=utf-8", "text", inline=False),
    "xml": FileType("application/xml", "text", inline=False),
}

MEDIA = frozenset({"image", "audio", "video", "document"})

# (offset, bytes, the extension whose type the file then has)
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"BM", "bmp"),
    (8, b"WEBP", "webp"),
    (8, b"WAVE", "wav"),
    (4, b"ftypavif", "avif"),
    (4, b"ftypM4A", "m4a"),
    (4, b"ftyp", "mp4"),
    (0, b"\x1aE\xdf\xa3", "webm"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf2", "mp3"),
    (0, b"\xff\xf1", "aac"),
    (0, b"\xff\xf9", "aac"),
    (0, b"%PDF-", "pdf"),
)


def extension_of(name: str) -> str:
    """The extension of a file's name in lower case without its dot, "" when there is none."""
    return PurePosixPath(name).suffix[1:].lower()


def type_of(name: str, head: bytes) -> FileType:
    """What a stored file is served as. `head` is its first `HEAD` bytes.

    Media must begin as its kind of file does; an SVG must hold `<svg`; text formats are told by their extension.
    """
    said = EXTENSIONS.get(extension_of(name), UNKNOWN)
    for offset, magic, extension in SIGNATURES:
        if head.startswith(magic, offset) and said.kind in MEDIA:
            found = EXTENSIONS[extension]
            # Ogg, WebM and MP4 hold sound or pictures: there the extension knows better.
            return said if {said.kind, found.kind} <= {"audio", "video"} else found
    if said is SVG:
        return SVG if b"<svg" in head.lower() or head.lstrip().startswith((b"<?xml", b"<!--", b"\xef\xbb\xbf<")) else UNKNOWN
    return UNKNOWN if said.kind in MEDIA else said
