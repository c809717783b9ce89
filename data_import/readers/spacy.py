"""spaCy's DocBin (`.spacy`): texts with their entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from core.errors import Refused
from data_import.readers.bundle import Bundle, refused
from data_import.readers.dataset import DatasetReader, Row, Target
from data_import.readers.proposal import text_config

LARGEST = 512 << 20  # bytes


class SpaCy(DatasetReader):
    name = "spacy"
    title = "spaCy"

    @classmethod
    def recognizes(cls, bundle: Bundle) -> bool:
        return bool(bundle.with_extension("spacy"))

    def classes(self) -> dict[str, int]:
        return dict(Counter(entity.label_ for _, doc in self._docs() for entity in doc.ents))

    def proposal(self) -> str:
        return text_config(self.classes())

    def rows(self) -> Iterator[Row]:
        for name, doc in self._docs():
            yield Row(self._task(doc), name)

    def _task(self, doc: Any) -> dict[str, Any]:
        target = self._target
        result = [
            {
                "id": f"r{number}",
                "from_name": target.from_name,
                "to_name": target.to_name,
                "type": target.type,
                "value": {"start": entity.start_char, "end": entity.end_char, "text": entity.text, target.key: [label]},
            }
            for number, entity in enumerate(doc.ents)
            if (label := self.label(entity.label_))
        ]
        return self.task({target.data_key: doc.text}, result)

    def _docs(self) -> Iterator[tuple[str, Any]]:
        try:
            import spacy
            from spacy.tokens import DocBin
        except ImportError:
            raise Refused("spaCy files need the spacy package: pip install 'labelspace[spacy]'.", 400) from None
        vocabulary = spacy.blank("xx").vocab
        for name in self.bundle.with_extension("spacy"):
            content = self.bundle.read(name, at_most=LARGEST)
            try:
                docs = DocBin().from_bytes(content).get_docs(vocabulary)
                yield from ((name, doc) for doc in docs)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError):
                raise refused(name, "this is not a DocBin that spaCy can read") from None
            except Exception as error:
                if type(error).__module__ not in ("zlib", "srsly.msgpack.exceptions", "msgpack.exceptions"):
                    raise
                raise refused(name, "this is not a DocBin that spaCy can read") from None

    @cached_property
    def _target(self) -> Target:
        return self.target("Labels")
