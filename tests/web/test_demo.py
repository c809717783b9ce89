import io

import pytest
from django.core.management import CommandError, call_command

import labeling
from core.rawjson import read_json
from organizations.models import Membership
from projects.models import Project
from projects.queries import config_of
from tasks.models import Annotation, Task

pytestmark = pytest.mark.django_db


def demo(**options: str) -> str:
    out = io.StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def test_projects_with_content_that_fits_their_set_up() -> None:
    said = demo(email="ann@example.org", password="three otters in a boat")
    assert "Support messages: 600 tasks, 260 annotations" in said
    for project in Project.objects.all():
        config = config_of(project)
        for task in Task.objects.filter(project=project)[:20]:
            assert labeling.validate_task_data(config, read_json(task.data)) == []
        for annotation in Annotation.objects.filter(project=project)[:20]:
            assert labeling.validate_result(config, read_json(annotation.result or "[]")) == []
    assert Membership.objects.count() == 4


def test_marked_words_are_where_the_offsets_say() -> None:
    demo(email="ann@example.org", password="three otters in a boat")
    project = Project.objects.get(title="Letters: people and places")
    for annotation in Annotation.objects.filter(project=project).select_related("task"):
        text = read_json(annotation.task.data)["text"]
        for row in read_json(annotation.result or "[]"):
            assert text[row["value"]["start"] : row["value"]["end"]] == row["value"]["text"]


def test_it_says_what_is_missing() -> None:
    with pytest.raises(CommandError, match="Nobody has signed up yet"):
        demo()
    with pytest.raises(CommandError, match="--password"):
        demo(email="ann@example.org")


def test_run_again_it_makes_the_projects_again_with_the_same_people() -> None:
    demo(email="ann@example.org", password="three otters in a boat")
    demo()
    assert (Project.objects.count(), Membership.objects.count()) == (8, 4)
