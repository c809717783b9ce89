from typing import Any

import orjson
import pytest

from core.jobs.models import Job
from core.jobs.run import run_job
from core.permissions import Role
from data_export.models import ConvertedFormat, Export
from tasks.models import Lease, Task
from tests.labelled import IMAGE_CONFIG, TEXT_CONFIG, choice, import_tasks, make_project, whole
from tests.people import Person, somebody
from tests.web.reading import elements, island, text

pytestmark = pytest.mark.django_db


def tabs(answer: Any) -> list[str]:
    return [link.text for link in elements(answer, "a") if any("tabs" in above.attributes.get("class", "") for above in link.above)]


@pytest.fixture
def owner() -> Person:
    return somebody()


@pytest.fixture
def project(owner: Person) -> int:
    made = make_project(owner, TEXT_CONFIG)
    import_tasks(owner, made, [{"text": "One", "source": "mail"}, {"text": "Two", "source": "chat"}])
    return made


@pytest.mark.parametrize(
    ("role", "pages", "first"),
    [
        (Role.MANAGER, ["Data", "Label", "Import", "Export", "Settings"], "data"),
        (Role.REVIEWER, ["Data", "Label", "Export"], "data"),
        (Role.ANNOTATOR, ["Label"], "label/"),
    ],
)
def test_each_role_sees_its_pages(owner: Person, project: int, role: Role, pages: list[str], first: str) -> None:
    person = somebody(role, owner.organization)
    assert person.get(f"/projects/{project}/")["Location"] == f"/projects/{project}/{first}"
    Task.objects.filter(project=project).update(is_labeled=True)
    finished = person.get(f"/projects/{project}/label/")
    assert tabs(finished) == pages


def test_who_may_not_browse_is_led_to_labeling(owner: Person, project: int) -> None:
    annotator = somebody(Role.ANNOTATOR, owner.organization)
    assert annotator.get(f"/projects/{project}/data")["Location"] == f"/projects/{project}/label/"
    assert annotator.get(f"/projects/{project}/settings/").status_code == 403


def test_another_organization_finds_nothing(project: int) -> None:
    stranger = somebody()
    for page in ("", "data", "label/", "data/import", "data/export", "settings/", "settings/danger-zone"):
        assert stranger.get(f"/projects/{project}/{page}").status_code == 404


def test_the_table_is_told_what_the_columns_show(owner: Person) -> None:
    project = make_project(owner, IMAGE_CONFIG)
    import_tasks(owner, project, [{"title": "Street", "image": "/static/samples/street.jpg"}])
    context = island(owner.get(f"/projects/{project}/data"), "datamanager-context")
    assert context["columns"] == [{"key": "image", "kind": "Image"}, {"key": "title", "kind": ""}]
    assert context["project"]["task_number"] == 1
    assert "tasks.delete" in context["permissions"]
    assert context["urls"]["tasks"] == "/api/tasks/"


def test_an_empty_project_says_import_first(owner: Person) -> None:
    answer = owner.get(f"/projects/{make_project(owner)}/data")
    assert [link.attributes["href"].rsplit("/", 2)[1:] for link in elements(answer, "a", class_="button-primary")] == [["data", "import"]]
    assert elements(answer, "script", id="datamanager-context") == []


def test_the_stream_hands_out_a_task_with_the_page(owner: Person, project: int) -> None:
    owner.patch(f"/api/projects/{project}/", {"expert_instruction": "<b>Careful</b>", "show_instruction": True})
    answer = owner.get(f"/projects/{project}/label/")
    context = island(answer, "editor-context")
    assert set(context) == {"project", "user", "mode", "task", "counts", "urls", "version"}
    assert context["mode"] == "stream"
    assert context["task"]["data"] == {"text": "One", "source": "mail"}
    assert Lease.objects.filter(task_id=context["task"]["id"], user=owner.user).exists()
    assert context["counts"] == {"total": 2, "done": 0, "mine_today": 0}
    assert context["project"]["label_config"] == TEXT_CONFIG
    assert context["project"]["expert_instruction"] == "<b>Careful</b>"
    assert context["user"]["id"] == owner.user.pk
    assert "annotations.create" in context["user"]["permissions"]
    # The same task for who opens the page again; another for somebody else.
    assert island(owner.get(f"/projects/{project}/label/"), "editor-context")["task"]["id"] == context["task"]["id"]
    other = somebody(Role.ANNOTATOR, owner.organization)
    assert island(other.get(f"/projects/{project}/label/"), "editor-context")["task"]["id"] != context["task"]["id"]


def test_data_cannot_end_the_script_that_carries_it(owner: Person) -> None:
    project = make_project(owner, TEXT_CONFIG)
    evil = "</script><script>alert(1)</script><!-- & -->"
    import_tasks(owner, project, [{"text": evil}])
    answer = owner.get(f"/projects/{project}/label/")
    assert island(answer, "editor-context")["task"]["data"]["text"] == evil
    assert b"<script>alert" not in answer.content


def test_the_end_of_the_queue(owner: Person, project: int) -> None:
    for task in Task.objects.filter(project=project):
        owner.post(f"/api/tasks/{task.pk}/annotations/", {"result": choice()})
    answer = owner.get(f"/projects/{project}/label/")
    assert "No tasks left for you You labelled 2 tasks today. Everything in this project is labelled." in text(answer)


def test_the_end_of_the_queue_while_others_work(owner: Person, project: int) -> None:
    other = somebody(Role.ANNOTATOR, owner.organization)
    other.get(f"/projects/{project}/label/")
    first = island(owner.get(f"/projects/{project}/label/"), "editor-context")["task"]["id"]
    owner.post(f"/api/tasks/{first}/annotations/", {"result": choice()})
    assert "1 more task is with other people" in text(owner.get(f"/projects/{project}/label/"))


def test_one_task_from_a_list(owner: Person, project: int) -> None:
    task = Task.objects.filter(project=project).order_by("pk")[1]
    owner.post(f"/api/tasks/{task.pk}/annotations/", {"result": choice("Negative")})
    context = island(owner.get(f"/projects/{project}/tasks/{task.pk}/"), "editor-context")
    assert context["mode"] == "quick"
    assert [annotation["result"][0]["value"]["choices"] for annotation in context["task"]["annotations"]] == [["Negative"]]
    assert not Lease.objects.filter(task=task, annotation_id=None).exists()


def test_a_task_has_one_project(owner: Person, project: int) -> None:
    elsewhere = make_project(owner)
    task = Task.objects.filter(project=project)[0].pk
    assert owner.get(f"/projects/{elsewhere}/tasks/{task}/").status_code == 404


@pytest.mark.parametrize(("query", "leads_to"), [("?labeling=1", "label/"), ("?task=7", "tasks/7/")])
def test_links_as_label_studio_has_them(owner: Person, project: int, query: str, leads_to: str) -> None:
    assert owner.client.get(f"/projects/{project}/data{query}")["Location"] == f"/projects/{project}/{leads_to}"


def test_export_offers_the_formats_that_fit(owner: Person, project: int) -> None:
    answer = owner.get(f"/projects/{project}/data/export")
    offered = [choice.attributes["value"] for choice in elements(answer, "input", name="exportType")]
    assert offered[:4] == ["JSON", "JSON_MIN", "CSV", "TSV"]
    assert elements(answer, "form")[0].attributes["action"] == f"/api/projects/{project}/export"


def test_import_names_the_columns_that_are_shown(owner: Person, project: int) -> None:
    assert "The labeling set-up shows: text." in text(owner.get(f"/projects/{project}/data/import"))


@pytest.fixture
def stored(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.usefixtures("stored")
def test_a_snapshot_is_made_converted_downloaded_and_deleted_on_the_export_page(owner: Person, project: int) -> None:
    page = f"/projects/{project}/data/export"
    tasks = list(Task.objects.filter(project=project).order_by("pk"))
    owner.post(f"/api/tasks/{tasks[0].pk}/annotations/", {"result": choice()})
    view = owner.post(
        "/api/dm/views/",
        {
            "project": project,
            "data": {
                "title": "Mails",
                "filters": {
                    "conjunction": "and",
                    "items": [{"filter": "filter:tasks:data.source", "type": "String", "operator": "equal", "value": "mail"}],
                },
            },
        },
    ).json()["id"]
    owner.client.post(page, {"do": "create", "title": "April", "view": view, "keep_days": "7", "formats": ["CSV", "JSON_MIN"]})
    assert len(elements(owner.get(page), class_="job-progress")) == 2
    for job in Job.objects.filter(status=Job.Status.WAITING):
        run_job.func(job.pk)
    shown = owner.get(page)
    assert "April 1 task" in text(shown)
    assert "kept until" in text(shown)
    assert not [element for element in elements(shown) if "hx-get" in element.attributes]
    links = {link.text.split()[0]: link.attributes["href"] for link in elements(shown, "a") if "download" in link.attributes}
    assert set(links) == {"JSON", "CSV", "JSON-MIN"}
    assert [row["data"]["text"] for row in orjson.loads(whole(owner.get(links["JSON"])))] == ["One"]
    owner.client.post(page, {"do": "convert", "snapshot": Export.objects.get().pk, "format": "TSV"})
    assert ConvertedFormat.objects.filter(export_type="TSV").exclude(file="").exists()
    owner.client.post(page, {"do": "convert", "snapshot": Export.objects.get().pk, "format": "COCO"})
    assert b"cannot be exported as COCO" in owner.get(page).content
    reviewer = somebody(Role.REVIEWER, owner.organization)
    reviewer.client.post(page, {"do": "delete", "snapshot": Export.objects.get().pk})
    assert Export.objects.exists()
    owner.client.post(page, {"do": "delete", "snapshot": Export.objects.get().pk})
    assert not Export.objects.exists()
    assert "Taken out before JSON" in text(owner.get(page))
