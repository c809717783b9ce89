"""What a parsed config tells: controls, objects, variables, warnings, and the shapes of the API."""

from __future__ import annotations

import time

import pytest

import labeling
from labeling import ConfigError, parse

BOXES = """
<View>
  <Image name="image" value="$data.image"/>
  <RectangleLabels name="box" toName="image">
    <Label value="Car" background="#0072B2"/>
    <Label value="Bus" alias="b"/>
    <Label>Tram</Label>
  </RectangleLabels>
  <Choices name="ok" toName="image" perRegion="true" whenTagName="box" value="$options"><Choice value="Yes"/></Choices>
</View>
"""


def warnings(config: str) -> list[tuple[str, str | None]]:
    return [(problem.message, problem.suggestion) for problem in parse(config).warnings]


def test_controls_and_objects() -> None:
    config = parse(BOXES)
    box = config.controls["box"]
    assert (box.tag, box.type, box.to_name, box.labels) == ("RectangleLabels", "rectanglelabels", ["image"], ["Car", "b", "Tram"])
    assert box.labels_attrs["b"] == {"value": "Bus", "alias": "b"}
    assert (box.dynamic, box.conditionals, box.regex, box.value_key) == (False, {}, None, "rectanglelabels")
    assert box.known_labels == {"Car", "b", "Bus", "Tram"}
    ok = config.controls["ok"]
    assert (ok.dynamic, ok.conditionals) == (True, {"type": "tag", "name": "box"})
    image = config.objects["image"]
    assert (image.tag, image.value, image.value_key, image.value_type) == ("Image", "$data.image", "data.image", None)
    assert config.variables == ["data.image", "options"]
    assert config.data_keys == ["data", "options"]
    assert (config.root.tag, config.root.line, config.root.column) == ("View", 2, 1)
    assert [(node.tag, node.line, node.column) for node in config.root.children][:2] == [("Image", 3, 3), ("RectangleLabels", 4, 3)]
    assert config.warnings == []


def test_text_area_answers_under_text() -> None:
    config = parse('<View><Text name="t" value="$t"/><TextArea name="a" toName="t"/><Relations><Relation value="r"/></Relations></View>')
    assert (config.controls["a"].type, config.controls["a"].value_key) == ("textarea", "textarea")
    assert list(config.controls) == ["a"]


def test_names_made_by_a_repeater() -> None:
    config = parse(
        '<View><Repeater on="$p" indexFlag="{{i}}"><Text name="t_{{i}}" value="$p[{{i}}].x"/>'
        '<Rating name="r_{{i}}.a" toName="t_{{i}}"/></Repeater></View>'
    )
    control = config.controls["r_{{i}}.a"]
    assert config.find_control("r_12.a") is control
    assert config.find_control("r_12xa") is None
    assert config.find_control("r_.a") is None
    assert config.find_object("t_0") is config.objects["t_{{i}}"]
    assert config.find_object("t_0b") is None


@pytest.mark.parametrize("xml", ["<View></View>", "<View/>", "<View> <Header value='x'/> </View>", "<View><!-- nothing --></View>"])
def test_empty_views_are_configs(xml: str) -> None:
    config = parse(xml)
    assert (config.controls, config.objects, config.warnings, config.variables) == ({}, {}, [], [])


def test_pairwise_and_custom_interface_are_their_own_object() -> None:
    config = parse(
        '<View><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="p" toName="a, b"/>'
        '<ReactCode name="ui" toName="ui" data="$a"/><CustomInterface name="free"/></View>'
    )
    assert config.controls["p"].to_name == ["a", "b"]
    assert config.controls["ui"].to_name == ["ui"]
    assert config.controls["free"].to_name == ["free"]
    assert config.warnings == []


@pytest.mark.parametrize(
    ("inner", "message", "suggestion"),
    [
        ("<Chioces/>", "<Chioces> is not a tag of the labeling language; it is left out.", "Did you mean <Choices>?"),
        ("<Zebra/>", "<Zebra> is not a tag of the labeling language; it is left out.", None),
        (
            '<Choices name="c" toName="t" requierd="true"><Choice value="A"/></Choices>',
            '<Choices> has no attribute "requierd"; it is ignored.',
            'Did you mean required="true"?',
        ),
        (
            '<Rating name="c" toName="t" required="yes"/>',
            'required="yes" on <Rating> is neither true nor false.',
            'Write required="true" or required="false".',
        ),
        ('<Rating name="c" toName="t" maxRating="many"/>', 'maxRating="many" on <Rating> is not a number.', 'For example maxRating="5".'),
        (
            '<Choices name="c" toName="t" choice="singel"><Choice value="A"/></Choices>',
            'choice="singel" on <Choices> is not one of its values.',
            'Did you mean choice="single"?',
        ),
        (
            '<Choices name="c" toName="t" layout="grid"><Choice value="A"/></Choices>',
            'layout="grid" on <Choices> is not one of its values.',
            'It can be "vertical", "inline" or "select".',
        ),
        (
            '<Choices name="c" toName="t"/>',
            "<Choices> offers nothing to choose from.",
            'Add <Choice value="…"/> in it, or value="$key" to take the list from the task.',
        ),
        ("<Relations/>", "<Relations> offers nothing to choose from.", 'Add <Relation value="…"/> in it.'),
        (
            '<Choices name="c" toName="t"><Choice value="A"/><Choice value="A"/></Choices>',
            '<Choices> offers "A" twice.',
            "The first is in line 1.",
        ),
        (
            '<RectangleLabels name="c" toName="t"><Label value="A"/></RectangleLabels>',
            "<RectangleLabels> does not work on <Text>.",
            "It needs <Image>.",
        ),
        (
            '<Image name="i" value="image"/>',
            'value="image" on <Image> shows the same thing in every task.',
            'Did you mean value="$image"?',
        ),
        ('<Image name="i"/>', '<Image> has no attribute "value".', "Variable with the address of the image."),
        (
            '<Rating name="c" toName="t"><Choice value="A"/></Rating>',
            "<Rating> holds no other tags, so <Choice> in it is not shown.",
            "Put <Choice> after </Rating>.",
        ),
        (
            '<Ranker name="c" toName="l"><Choice value="A"/></Ranker><List name="l" value="$l"/>',
            "<Choice> has no meaning in <Ranker>.",
            "<Ranker> takes <Bucket>.",
        ),
        (
            '<View visibleWhen="choice-selected" whenTagName="mod"><Header value="a"/></View>'
            '<Choices name="mood" toName="t"><Choice value="A"/></Choices>',
            'whenTagName="mod" on <View> names no control, so it never applies.',
            'Did you mean whenTagName="mood"?',
        ),
        (
            '<Filter name="f" toName="nothing"/>',
            'toName="nothing" on <Filter> names no control.',
            "There is no tag that toName could name.",
        ),
        (
            '<Repeater on="$x" indexFlag="i"><Header value="a"/></Repeater>',
            'indexFlag="i" on <Repeater> cannot be told from other text.',
            'Write it in double braces, as in indexFlag="{{i}}".',
        ),
    ],
)
def test_warning(inner: str, message: str, suggestion: str | None) -> None:
    # With toName given, so that a second object does no harm.
    assert warnings(f'<View><Text name="t" value="$t"/>{inner}</View>') == [(message, suggestion)]


def test_warnings_have_a_place_and_never_refuse() -> None:
    config = parse('<View>\n  <Text name="t" value="$t"/>\n\n    <Chioces a="1"/>\n</View>')
    assert [(problem.line, problem.column, problem.severity) for problem in config.warnings] == [(4, 5, "warning")]
    assert str(config.warnings[0]).startswith("Line 4, column 5: <Chioces>")


def test_an_error_carries_the_warnings_too() -> None:
    with pytest.raises(ConfigError) as caught:
        parse('<View><Zebra/><Text value="$t"/></View>')
    assert [problem.severity for problem in caught.value.problems] == ["warning", "error"]
    assert str(caught.value) == 'Line 1, column 15: <Text> has no name. Add a name, as in <Text name="text">.'


def test_parsed_label_config() -> None:
    assert labeling.to_parsed_label_config(parse(BOXES)) == {
        "box": {
            "type": "RectangleLabels",
            "to_name": ["image"],
            "inputs": [{"type": "Image", "valueType": None, "value": "data.image"}],
            "labels": ["Car", "b", "Tram"],
            "labels_attrs": {"Car": {"value": "Car", "background": "#0072B2"}, "b": {"value": "Bus", "alias": "b"}, "Tram": {}},
        },
        "ok": {
            "type": "Choices",
            "to_name": ["image"],
            "conditionals": {"type": "tag", "name": "box"},
            "dynamic_labels": True,
            "inputs": [{"type": "Image", "valueType": None, "value": "data.image"}],
            "labels": ["Yes"],
            "labels_attrs": {"Yes": {"value": "Yes"}},
        },
    }
    assert labeling.data_types(parse(BOXES)) == {"data.image": "Image"}


def test_relations_are_no_entry_of_the_parsed_config() -> None:
    config = parse('<View><Text name="t" value="$t"/><Relations name="r"><Relation value="x"/></Relations></View>')
    assert labeling.to_parsed_label_config(config) == {}


def test_too_large() -> None:
    with pytest.raises(ConfigError, match="larger than 1 MB"):
        parse(f'<View><Header value="{"x" * 1024 * 1024}"/></View>')
    with pytest.raises(ConfigError, match="more than 5,000 elements"):
        parse("<View>" + "<Header/>" * 5000 + "</View>")
    assert len(parse("<View>" + "<Header/>" * 4999 + "</View>").root.children) == 4999
    assert parse("<View>" * 60 + "</View>" * 60)


def test_a_config_full_of_slips_costs_no_seconds() -> None:
    objects = "".join(f'<Text name="object{number}" value="$x"/>' for number in range(2400))
    controls = "".join(f'<Choices name="control{number}" toName="objcet{number}" requird="1"/>' for number in range(2400))
    started = time.process_time()
    with pytest.raises(ConfigError) as caught:
        parse(f"<View>{objects}{controls}</View>")
    assert time.process_time() - started < 5
    assert len([p for p in caught.value.problems if p.severity == "error"]) == 100


@pytest.mark.parametrize(
    "attributes",
    [
        f'maxRating="{"1" * 200_000}x"',
        f'whenTagName="{"a,b" * 60_000}"',
        f'{"a" * 100_000}="1"',
        f'required="{"$" * 200_000}"',
        f'hotkey="{"{{" * 100_000}"',
    ],
    ids=["digits", "names", "a long name", "dollars", "braces"],
)
def test_long_attributes_cost_no_seconds(attributes: str) -> None:
    started = time.process_time()
    parse(f'<View><Text name="t" value="$t"/><Rating name="r" toName="t" {attributes}/></View>')
    assert time.process_time() - started < 2


def test_many_dangling_names_cost_no_seconds() -> None:
    names = ",".join(f"n{number}" for number in range(100_000))
    objects = "".join(f'<Text name="object{number}" value="$x"/>' for number in range(2000))
    started = time.process_time()
    with pytest.raises(ConfigError):
        parse(f'<View>{objects}<Pairwise name="p" toName="{names}"/></View>')
    assert time.process_time() - started < 2


def test_an_error_after_many_warnings_still_refuses() -> None:
    with pytest.raises(ConfigError):
        parse("<View>" + "<Zebra/>" * 500 + '<Text value="$t"/></View>')
