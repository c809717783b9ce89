"""From columns to labeling: a configuration that shows what the dataset shows and asks what it answers, and each row as a task of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from hub_datasets.columns import MEDIA, Column

DATA, PREDICTION, ANNOTATION, LEAVE = "data", "prediction", "annotation", "leave"
USES = (DATA, PREDICTION, ANNOTATION, LEAVE)
ANSWERS = ("class", "tags", "boxes")
LONG = 25  # classes from which a list is filtered


@dataclass(frozen=True)
class Proposal:
    """`config` is XML. `uses`: what becomes of each column."""

    config: str
    uses: dict[str, str]


def propose(columns: list[Column]) -> Proposal:
    shown, asked = [], []
    tags = next((column for column in columns if column.kind == "tags"), None)
    tokens = next((column for column in columns if column.kind == "tokens"), None)
    first = ""
    for column in columns:
        tag = {"image": "Image", "audio": "Audio", "video": "Video", "text": "Text", "messages": "Chat"}.get(column.kind)
        if column.kind == "tokens" and tags is not None and column is tokens:
            tag = "Text"
        if tag is not None:
            name = f"{column.key}_shown"
            first = first or name
            shown.append(f"  <{tag} name={quoteattr(name)} value={quoteattr('$' + column.key)}/>")
    image = next((f"{column.key}_shown" for column in columns if column.kind == "image"), "")
    for column in columns:
        if column.kind == "class" and first:
            options = [f"    <Choice value={quoteattr(name)}/>" for name in column.names]
            head = f'  <Choices name={quoteattr(column.key)} toName={quoteattr(image or first)} choice="single">'
            asked += [f"  <Header value={quoteattr(column.name)}/>", head, *options, "  </Choices>"]
        elif column.kind == "tags" and tokens is not None:
            labels = [f"    <Label value={quoteattr(name)}/>" for name in kinds_of(column.names)]
            asked += [f"  <Labels name={quoteattr(column.key)} toName={quoteattr(tokens.key + '_shown')}>", *labels, "  </Labels>"]
        elif column.kind == "boxes" and image:
            labels = [f"    <Label value={quoteattr(name)}/>" for name in column.names]
            asked += [f"  <RectangleLabels name={quoteattr(column.key)} toName={quoteattr(image)}>", *labels, "  </RectangleLabels>"]
    if first and not asked:
        asked = [f'  <TextArea name="comment" toName={quoteattr(first)} rows="3" editable="true"/>']
    config = "\n".join(["<View>", *shown, *asked, "</View>"])
    return Proposal(config, {column.name: PREDICTION if column.kind in ANSWERS else DATA for column in columns})


def kinds_of(names: tuple[str, ...]) -> list[str]:
    """The labels behind B-PER, I-PER and O; the names themselves when they are not written so."""
    found = [name[2:] if name[:2] in ("B-", "I-", "L-", "U-", "E-", "S-") else name for name in names if name not in ("O", "")]
    return list(dict.fromkeys(found))


class Rows:
    """Turns rows into tasks as an import reads them. `controls`: control → (its object, its type) of the project's configuration."""

    def __init__(self, columns: list[Column], uses: dict[str, str], controls: dict[str, tuple[str, str]], version: str) -> None:
        self.columns, self.uses, self.controls, self.version = columns, uses, controls, version
        self.tokens = next((column.name for column in columns if column.kind == "tokens"), "")
        self.has_tags = any(column.kind == "tags" for column in columns)

    def task(self, row: dict[str, Any], address: Any) -> dict[str, Any]:
        """`address(column)` is where the row's medium is served."""
        data: dict[str, Any] = {}
        results: dict[str, list[dict[str, Any]]] = {PREDICTION: [], ANNOTATION: []}
        for column in self.columns:
            use = self.uses.get(column.name, DATA)
            if use == LEAVE:
                continue
            value = row.get(column.name)
            if use in results and (found := self._result(column, value, row)) is not None:
                results[use] += found
            else:
                data[column.key] = self._value(column, value, address)
        task: dict[str, Any] = {"data": data}
        if results[PREDICTION]:
            task["predictions"] = [{"result": results[PREDICTION], "model_version": self.version}]
        if results[ANNOTATION]:
            task["annotations"] = [{"result": results[ANNOTATION]}]
        return task

    def _value(self, column: Column, value: Any, address: Any) -> Any:
        if column.kind in MEDIA:
            return address(column.name)
        if value is None:
            return "" if column.kind == "text" else None
        if column.kind == "class" and isinstance(value, int):
            return column.names[value] if 0 <= value < len(column.names) else None
        if column.kind == "tokens" and self.has_tags and column.name == self.tokens:
            return " ".join(map(str, value))
        if column.kind == "messages":
            return [
                {"role": one.get("role") or one.get("from") or "user", "content": one.get("content") or one.get("value") or ""}
                for one in value
            ]
        return value

    def _result(self, column: Column, value: Any, row: dict[str, Any]) -> list[dict[str, Any]] | None:
        """None when the configuration has no control of the column's name, or the answer cannot be told."""
        if column.key not in self.controls:
            return None
        shown, kind = self.controls[column.key]
        head = {"from_name": column.key, "to_name": shown, "type": kind}
        if column.kind == "class" and kind == "choices":
            if not isinstance(value, int) or not 0 <= value < len(column.names):
                return []
            return [{**head, "value": {"choices": [column.names[value]]}}]
        if column.kind == "tags" and kind == "labels":
            return [{**head, "value": span} for span in spans(row.get(self.tokens) or [], value or [], column.names)]
        if column.kind == "boxes" and kind == "rectanglelabels":
            return _boxes(head, column, value, row)
        return None


def spans(tokens: list[str], tags: list[int], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The runs of tags over tokens that are joined by blanks, as regions of that text."""
    found: list[dict[str, Any]] = []
    position, last = 0, ""
    for token, tag in zip(tokens, tags, strict=False):
        name = names[tag] if isinstance(tag, int) and 0 <= tag < len(names) else "O"
        inside = name[:2] in ("I-", "E-", "L-")
        label = name[2:] if name[:2] in ("B-", "I-", "L-", "U-", "E-", "S-") else name
        end = position + len(token)
        if name in ("O", ""):
            last = ""
        elif last == label and (inside or name == label):
            found[-1]["end"] = end
            found[-1]["text"] += " " + token
        else:
            found.append({"start": position, "end": end, "text": token, "labels": [label]})
            last = label
        position = end + 1
    return found


def _boxes(head: dict[str, Any], column: Column, value: Any, row: dict[str, Any]) -> list[dict[str, Any]] | None:
    """COCO's boxes in pixels as percentages; needs the picture's size in the row."""
    width, height = row.get("width"), row.get("height")
    if not isinstance(width, int) or not isinstance(height, int) or not width or not height or not value:
        return None if value else []
    one = value if isinstance(value, list) else [dict(zip(value, parts, strict=False)) for parts in zip(*value.values(), strict=False)]
    found = []
    for box in one:
        left, top, wide, high = box["bbox"]
        category = box.get("category", box.get("label"))
        name = column.names[category] if isinstance(category, int) and 0 <= category < len(column.names) else str(category)
        place = {
            "x": left / width * 100,
            "y": top / height * 100,
            "width": wide / width * 100,
            "height": high / height * 100,
            "rotation": 0,
        }
        found.append({**head, "original_width": width, "original_height": height, "value": {**place, "rectanglelabels": [name]}})
    return found
