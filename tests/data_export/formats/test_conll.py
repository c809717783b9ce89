"""CONLL2003 against the official converter."""

from __future__ import annotations

import itertools
import random
import warnings
from pathlib import Path
from typing import Any

import pytest

from data_export.treebank import token_spans
from tests.data_export.formats.peer import converted, exported
from tests.labelled import import_tasks, make_project
from tests.people import Person

CONFIG = (
    '<View><Labels name="label" toName="text"><Label value="PER"/><Label value="LOC"/></Labels><Text name="text" value="$text"/></View>'
)
OTHER = CONFIG.replace("</View>", '<Labels name="kind" toName="text"><Label value="TIME"/></Labels></View>')
TEXT = "Mary's dog didn't go to New York, she said (twice). It cost $3.88 -- don't ask!"


def span(label: str | None, start: int, end: int, name: str = "label") -> dict[str, Any]:
    return {
        "from_name": name,
        "to_name": "text",
        "type": "labels",
        "value": {"start": start, "end": end, "text": "", "labels": [label] if label else []},
    }


def passage(label: str, text: str, said: str, name: str = "label") -> dict[str, Any]:
    return span(label, text.index(said), text.index(said) + len(said), name)


def text_project(person: Person, config: str, *tasks: tuple[str, list[dict[str, Any]] | None]) -> int:
    project = make_project(person, config)
    import_tasks(
        person,
        project,
        [{"data": {"text": text}, **({} if result is None else {"annotations": [{"result": result}]})} for text, result in tasks],
    )
    return project


def test_lines_are_those_of_the_official_converter(ann: Person, tmp_path: Path) -> None:
    project = text_project(
        ann,
        CONFIG,
        (TEXT, [passage("LOC", TEXT, "New York"), passage("PER", TEXT, "Mary")]),
        ("", []),
        ("nothing here", None),
        ("Anna Maria Bern", [passage("PER", "Anna Maria Bern", "Anna Maria"), passage("LOC", "Anna Maria Bern", "Bern")]),
        ("𝒜 emoji 🙂 then Bern", [passage("LOC", "𝒜 emoji 🙂 then Bern", "Bern")]),
        ("no label Bern", [span(None, 3, 8), passage("LOC", "no label Bern", "Bern")]),
    )
    content = exported(ann, project, "CONLL2003", download_all_tasks="1").decode()
    assert content == (converted(ann, project, "CONLL2003", tmp_path) / "result.conll").read_text()
    assert "New -X- _ B-LOC\nYork -X- _ I-LOC\n, -X- _ O\n" in content


def test_the_file_is_sent_without_an_archive(ann: Person) -> None:
    project = text_project(ann, CONFIG, ("a", []))
    answer = ann.get(f"/api/projects/{project}/export", exportType="CONLL2003")
    assert answer["filename"].endswith(".conll")


def test_passages_of_every_control_count_where_the_peer_takes_the_first_one_only(ann: Person, tmp_path: Path) -> None:
    text = "Anna left on Monday"
    project = text_project(ann, OTHER, (text, [passage("PER", text, "Anna"), passage("TIME", text, "Monday", "kind")]))
    content = exported(ann, project, "CONLL2003").decode()
    assert [line.rpartition(" ")[2] for line in content.splitlines()[1:5]] == ["B-PER", "O", "O", "B-TIME"]
    assert "B-TIME" not in (converted(ann, project, "CONLL2003", tmp_path) / "result.conll").read_text()


WORDS = [
    "don't", "can't", "the", "Peter's", "said,", "(foo)", '"bar"', "$5", "1,000", "10:30", "end.", "U.S.", "hello!", "why?", "--", "a/b", "it's", "they'll",
    "cannot", "gonna", "...", "x;", "[y]", "'single'", "dogs'", "R&D", "50%", "#1", "U.N.", "'tis", "more'n", "he'd've", "can't've", "naïve", "北京",
    "''", "``", "''b\"", '"\'\'"', "``c''",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_words_are_the_peer_s_tokens(seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from label_studio_sdk.converter.utils import TreebankWordTokenizer
    draw = random.Random(seed)
    for _ in range(50):
        text = " ".join(draw.choices(WORDS, k=draw.randint(1, 9))) + draw.choice(["", ".", "!", ".)"])
        assert list(token_spans(text)) == list(TreebankWordTokenizer().span_tokenize(text)), text


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "a" * 100_000, "'" * 50_000, ". " * 20_000, "n't" * 20_000, '("' * 20_000, "..." * 20_000]
)
def test_tokens_cover_the_text_in_order_whatever_it_is(text: str) -> None:
    spans = list(token_spans(text))
    assert "".join(text[start:end] for start, end in spans) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
