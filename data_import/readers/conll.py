"""CoNLL: a word per line with its tag (B-, I-, O) last, an empty line after each text. The words become a text with a space between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from data_import.readers.bundle import Bundle
from data_import.readers.dataset import DatasetReader, Mistake, Row, Target
from data_import.readers.proposal import text_config

START = "-DOCSTART-"


class CoNLL(DatasetReader):
    name = "conll"
    title = "CoNLL"

    @classmethod
    def recognizes(cls, bundle: Bundle) -> bool:
        return bool(_files(bundle))

    def classes(self) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for name in _files(self.bundle):
            for _, text in self._texts(name):
                if not isinstance(text, Mistake):
                    counted.update(label for _, _, label in spans(text))
        return dict(counted)

    def proposal(self) -> str:
        return text_config(self.classes())

    def rows(self) -> Iterator[Row]:
        for name in _files(self.bundle):
            for line, text in self._texts(name):
                yield Row(text if isinstance(text, Mistake) else self._task(text), name, line)

    def _task(self, words: list[tuple[str, str]]) -> dict[str, Any]:
        text = " ".join(word for word, _ in words)
        target = self._target
        result = [
            {
                "id": f"r{number}",
                "from_name": target.from_name,
                "to_name": target.to_name,
                "type": target.type,
                "value": {"start": start, "end": end, "text": text[start:end], target.key: [named]},
            }
            for number, (start, end, label) in enumerate(spans(words))
            if (named := self.label(label))
        ]
        return self.task({target.data_key: text}, result)

    def _texts(self, name: str) -> Iterator[tuple[int, list[tuple[str, str]] | Mistake]]:
        """(first line, [(word, tag)]) of each text."""
        words: list[tuple[str, str]] = []
        begun = 1
        with self.bundle.open(name) as file:
            for number, raw in enumerate(file, 1):
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
                parts = line.split()
                if not parts or parts[0] == START:
                    if words:
                        yield begun, words
                    words = []
                    continue
                if len(parts) < 2:
                    yield number, Mistake("a line has a word and its tag, with a space between them")
                    continue
                if not words:
                    begun = number
                words.append((parts[0], parts[-1]))
        if words:
            yield begun, words

    @cached_property
    def _target(self) -> Target:
        return self.target("Labels")


def spans(words: list[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """(start, end, label) of the tagged passages, in characters of the words with a space between them."""
    found: list[tuple[int, int, str]] = []
    at = 0
    before = ""
    for word, tag in words:
        prefix, _, label = tag.partition("-")
        label = label if prefix in ("B", "I", "E", "S", "L", "U") else ""
        if label and label == before and prefix in ("I", "E", "L"):
            found[-1] = (found[-1][0], at + len(word), label)
        elif label:
            found.append((at, at + len(word), label))
        before = "" if prefix in ("E", "L", "S", "U") else label
        at += len(word) + 1
    return found


def _files(bundle: Bundle) -> list[str]:
    return [
        name
        for name in bundle.with_extension("conll", "txt")
        if name.endswith(".conll") or bundle.head(name, 64).lstrip(b"\xef\xbb\xbf").startswith(START.encode())
    ]
