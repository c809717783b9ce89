"""What a change of the config would break."""

from __future__ import annotations

from labeling import ChangeProblem, config_change_problems, parse

OLD = parse(
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad" alias="b"/></Choices>'
    '<TextArea name="why" toName="text"/></View>'
)
USED = [("mood", "text", "choices", 12), ("why", "text", "textarea", 3)]
LABELS = {"mood": {"Good": 10, "b": 2}}


def changed(xml: str, strict: bool = True) -> list[ChangeProblem]:
    return config_change_problems(OLD, parse(f'<View><Text name="text" value="$text"/>{xml}</View>'), USED, LABELS, strict=strict)


def test_nothing_breaks() -> None:
    assert changed('<Choices name="mood" toName="text"><Choice value="b"/><Choice value="Good"/><Choice value="New"/></Choices>') == []


def test_a_text_answer_never_stands_in_the_way() -> None:
    assert config_change_problems(OLD, parse("<View/>"), [("why", "text", "textarea", 3)], {}) == []


def test_the_control_is_gone() -> None:
    assert changed('<Choices name="moods" toName="text"><Choice value="Good"/></Choices>') == [
        ChangeProblem('12 answers would no longer fit: the new config has no <Choices> "mood". Did you rename it to "moods"?', 12, "mood")
    ]


def test_the_type_differs() -> None:
    problems = changed('<Labels name="mood" toName="text"><Label value="Good"/></Labels>')
    assert [(p.message, p.count, p.strict) for p in problems] == [
        ('12 answers would no longer fit: "mood" yielded "choices" and would yield "labels".', 12, False)
    ]


def test_the_object_differs() -> None:
    problems = changed('<Image name="image" value="$i"/><Choices name="mood" toName="image"><Choice value="Good"/></Choices>')
    assert [p.message for p in problems] == ['12 answers would no longer fit: "mood" was about "text" and would be about "image".']


def test_a_label_is_gone() -> None:
    xml = '<Choices name="mood" toName="text"><Choice value="Good"/></Choices>'
    [problem] = changed(xml)
    assert (problem.label, problem.count, problem.strict) == ("b", 2, True)
    assert problem.message == '2 answers with the label "b" of "mood" would be left without it: the new config does not have it.'
    assert (problem.as_problem().severity, problem.as_problem().message) == ("warning", problem.message)
    assert changed(xml, strict=False) == []


def test_a_label_by_its_value_is_known_though_it_has_an_alias_now() -> None:
    assert changed('<Choices name="mood" toName="text"><Choice value="Good" alias="g"/><Choice value="b"/></Choices>') == []


def test_labels_from_the_task_are_not_judged() -> None:
    assert changed('<Choices name="mood" toName="text" value="$options"/>') == []


def test_labels_of_a_control_that_is_gone() -> None:
    [problem] = config_change_problems(OLD, parse("<View/>"), [], {"mood": {"Good": 1}})
    assert problem.message == '1 answer with labels of "mood" would be left without them: the new config does not have it.'
    assert (problem.count, problem.strict) == (1, False)


def test_nothing_used_means_nothing_breaks() -> None:
    assert config_change_problems(OLD, parse("<View/>"), [("mood", "text", "choices", 0)], {"mood": {"Good": 0}}) == []


def test_copies_made_by_a_repeater() -> None:
    new = parse(
        '<View><Repeater on="$p" indexFlag="{{i}}"><Text name="t_{{i}}" value="$p[{{i}}].x"/>'
        '<Choices name="c_{{i}}" toName="t_{{i}}"><Choice value="A"/></Choices></Repeater></View>'
    )
    assert config_change_problems(None, new, [("c_3", "t_3", "choices", 5)], {"c_3": {"A": 5}}) == []
    assert [p.count for p in config_change_problems(None, new, [("d_3", "t_3", "choices", 5)], {})] == [5]


def test_results_that_objects_and_pairs_yield() -> None:
    xml = (
        '<View><Chat name="chat" value="$m"/><Text name="a" value="$a"/><Text name="b" value="$b"/><Pairwise name="p" toName="a,b"/></View>'
    )
    used = [("chat", "chat", "chatmessage", 2), ("p", "p", "pairwise", 1)]
    assert config_change_problems(None, parse(xml), used, {}) == []
    without = parse('<View><Text name="a" value="$a"/></View>')
    assert [p.from_name for p in config_change_problems(None, without, used, {})] == ["chat", "p"]
