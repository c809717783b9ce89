"""Whatever comes in: generated configs keep their tree, hostile ones raise `ConfigError` and nothing else, results never raise."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import labeling
from labeling import ConfigError, Problem, parse, tree_json, validate_result, validate_task_data

TABLE = labeling.tag_table()
# What XML 1.0 can carry, without white space that attribute values would turn into spaces.
plain = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
containers = st.sampled_from(["View", "PagedView", "Panel", "Repeater"])


def cased(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.lower(), name.upper(), name.swapcase()])


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> tuple[str, dict[str, Any]]:
    """A config as XML, and the tree it must give."""
    tag = draw(containers if depth else st.sampled_from(["Header", "Label", "Style"]))
    known = [name for name in TABLE.specs[tag].attributes if name != "name"]
    attributes = draw(st.dictionaries(st.sampled_from(known), plain, max_size=3)) if known else {}
    written = "".join(f" {draw(cased(name))}={quoteattr(value)}" for name, value in attributes.items())
    expected: dict[str, Any] = {"tag": tag, "attributes": dict(sorted(attributes.items())), "text": None, "children": []}
    inner = ""
    if depth:
        for xml, tree in draw(st.lists(trees(depth=depth - 1), max_size=3)):
            inner += draw(st.sampled_from(["", "\n  ", "<!-- c -->"])) + xml
            expected["children"].append(tree)
    else:
        text = draw(plain)
        inner = escape(text)
        expected["text"] = text if text.strip(" \t\r\n") else None
    name = draw(cased(tag))
    return f"<{name}{written}>{inner}</{name}>", expected


@settings(deadline=None)
@given(trees())
def test_a_generated_config_gives_its_tree(case: tuple[str, dict[str, Any]]) -> None:
    xml, tree = case
    assert tree_json(parse(xml)) == tree


pieces = st.sampled_from(
    [
        *"<>/='\"& \n",
        *("<View>", "</View>", "<Text name='t' value='$t'/>", "<Choices name='c' toName='t'>", "</Choices>", "<!--", "-->"),
        *("<![CDATA[", "]]>", "&amp;", "&#0;", "&x;", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<?xml version='1.0' encoding='utf-16'?>"),
        *("\x00", "\ud800", "<HyperText name='h'>", "</HyperText>", "xmlns:a='b'", "<a:b/>", "\ufeff", "😀", "{{i}}", "$a[0"),
        "<!ENTITY % p SYSTEM 'file:///etc/passwd'>",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(pieces | plain, max_size=14).map("".join) | st.text(max_size=40))
@example("<View>" * 3000)
@example("<a:b xmlns:a=''/>")
@example("<?xml version='1.0' encoding='nonsense'?><View/>")
@example('<View xmlns="x" xmlns:y="z"><y:Text/></View>')
def test_hostile_xml_raises_config_error_only(xml: str) -> None:
    problems: list[Problem] = []
    try:
        config = parse(xml)
    except ConfigError as error:
        problems = error.problems
    else:
        labeling.to_parsed_label_config(config)
        validate_task_data(config, labeling.sample_task(config))
        return
    lines = xml.count("\n") + xml.count("\r") + 1
    assert problems
    assert all(0 < problem.line <= lines and problem.column > 0 for problem in problems)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE View [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE View SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE View [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_no_document_type_is_read(doctype: str) -> None:
    with pytest.raises(ConfigError, match="document type is not allowed"):
        parse(f'{doctype}<View><Header value="&b;&f;"/></View>')


EVERYTHING = parse(
    '<View><Text name="t" value="$t"/><Labels name="l" toName="t"><Label value="A"/></Labels><Image name="i" value="$i"/>'
    '<PolygonLabels name="p" toName="i"><Label value="A"/></PolygonLabels><Relations><Relation value="r"/></Relations></View>'
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 300)
    | st.floats(-5, 5)
    | st.sampled_from(["A", "t", "i", "l", "p", "labels", "polygonlabels"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["start", "end", "labels", "points", "polygonlabels", "closed"]), inner, max_size=4)
    ),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "id": values,
        "from_name": values,
        "to_name": values,
        "type": values | st.just("relation"),
        "value": values,
        "from_id": values,
        "to_id": values,
        "labels": values,
        "direction": values,
        "item_index": values,
    },
)


@settings(max_examples=300)
@given(st.lists(rows | values, max_size=4) | values)
def test_any_result_gets_an_answer(result: Any) -> None:
    for problem in validate_result(EVERYTHING, result):
        assert problem.path.startswith("result")
        assert problem.message


@given(values | st.dictionaries(st.sampled_from(["t", "i", "x"]), values))
def test_any_task_data_gets_an_answer(data: Any) -> None:
    assert all(isinstance(message, str) and message for message in validate_task_data(EVERYTHING, data))


@given(st.text(st.sampled_from("$a.b[0]{}i ,x😀é"), max_size=12), st.dictionaries(st.sampled_from(["a", "b", "é"]), values))
def test_interpolation_never_raises(template: str, data: dict[str, Any]) -> None:
    value = labeling.interpolate(template, data)
    if "$" not in template:
        assert value == template


@given(st.text(min_size=1, max_size=30), st.data())
def test_offsets_are_code_points(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = labeling.interpolate("$t", {"t": text})
    assert shown[start:end].encode("utf-16-le", "surrogatepass") in text.encode("utf-16-le", "surrogatepass")
    row = {"id": "x", "from_name": "l", "to_name": "t", "type": "labels", "value": {"start": start, "end": end, "labels": ["A"]}}
    assert validate_result(EVERYTHING, [row]) == []
