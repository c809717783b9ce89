"""Projects with uploaded files and regions on them."""

from __future__ import annotations

import io
import struct
import wave
from typing import Any

from data_import.models import FileUpload
from tests.labelled import import_tasks, make_project, send_files
from tests.people import Person

RECTANGLES = (
    '<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image">'
    '<Label value="Truck"/><Label value="Car"/><Label value="Bus"/></RectangleLabels></View>'
)
SHAPES = (
    '<View><Image name="image" value="$image"/>'
    '<RectangleLabels name="box" toName="image"><Label value="Truck"/><Label value="Car"/></RectangleLabels>'
    '<PolygonLabels name="polygon" toName="image"><Label value="Road"/><Label value="Sky"/></PolygonLabels></View>'
)
POSES = (
    '<View><Image name="image" value="$image"/>'
    '<RectangleLabels name="box" toName="image"><Label value="Person"/><Label value="Animal"/></RectangleLabels>'
    '<KeyPointLabels name="point" toName="image"><Label value="nose" model_index="0"/><Label value="left" model_index="1"/><Label value="right" model_index="2"/></KeyPointLabels></View>'
)
BRUSH = (
    '<View><Image name="image" value="$image"/><BrushLabels name="mask" toName="image">'
    '<Label value="Cell" background="#ff0000"/><Label value="Back/ground"/></BrushLabels></View>'
)
SPEECH = '<View><Audio name="audio" value="$audio"/><TextArea name="said" toName="audio"/></View>'

WIDTH, HEIGHT = 60, 40


def picture(width: int = WIDTH, height: int = HEIGHT, format: str = "PNG", **options: Any) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (width, height), (10, 200, 30)).save(file, format, **options)
    return file.getvalue()


def sound(seconds: float = 0.5, rate: int = 8_000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(struct.pack("<h", 0) * int(seconds * rate))
    return file.getvalue()


def upload(person: Person, project: int, *files: tuple[str, bytes]) -> list[str]:
    """The addresses of these files as uploads of the project."""
    answer = send_files(person, f"/api/projects/{project}/import?commit_to_project=false", *files)
    assert answer.status_code == 201, answer.content
    rows = dict(FileUpload.objects.filter(project_id=project).values_list("pk", "file"))
    return [f"/data/{rows[number]}" for number in answer.json()["file_upload_ids"]]


def box(
    label: str | list[str],
    x: float,
    y: float,
    width: float,
    height: float,
    rotation: float | None = 0,
    *,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    **more: Any,
) -> dict[str, Any]:
    value = {"x": x, "y": y, "width": width, "height": height, "rectanglelabels": [label] if isinstance(label, str) else label}
    if rotation is not None:
        value["rotation"] = rotation
    return region("box", "rectanglelabels", value, size, **more)


def polygon(label: str, *points: tuple[float, float], size: tuple[int, int] = (WIDTH, HEIGHT)) -> dict[str, Any]:
    return region("polygon", "polygonlabels", {"points": [list(point) for point in points], "closed": True, "polygonlabels": [label]}, size)


def point(label: str, x: float, y: float, *, size: tuple[int, int] = (WIDTH, HEIGHT), **more: Any) -> dict[str, Any]:
    return region("point", "keypointlabels", {"x": x, "y": y, "width": 1, "keypointlabels": [label]}, size, **more)


def mask(labels: list[str], rle: list[int], size: tuple[int, int] = (WIDTH, HEIGHT)) -> dict[str, Any]:
    return region("mask", "brushlabels", {"format": "rle", "rle": rle, "brushlabels": labels}, size)


def region(name: str, kind: str, value: dict[str, Any], size: tuple[int, int], **more: Any) -> dict[str, Any]:
    return {
        "from_name": name,
        "to_name": "image",
        "type": kind,
        "value": value,
        "original_width": size[0],
        "original_height": size[1],
        "image_rotation": 0,
        **more,
    }


def picture_project(
    person: Person,
    config: str,
    *results: list[dict[str, Any]] | None,
    names: list[str] | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> int:
    """A project with a picture per result; None is a picture without an answer."""
    project = make_project(person, config)
    names = names or [f"picture{number}.png" for number in range(len(results))]
    urls = upload(person, project, *((name, picture(*size)) for name in names))
    import_tasks(
        person,
        project,
        [
            {"data": {"image": url}, **({} if result is None else {"annotations": [{"result": result}]})}
            for url, result in zip(urls, results, strict=True)
        ],
    )
    return project
