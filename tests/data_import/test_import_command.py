"""`labelspace import PROJECT FILE…`: without the server, by the same job."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.errors import Refused
from core.permissions import Role
from data_import.models import FileUpload
from projects.models import Project
from tasks.models import Task
from tests.labelled import make_project
from tests.people import somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> int:
    return make_project(somebody(Role.OWNER), title="Letters")


def said(project: object, *arguments: object) -> str:
    out = StringIO()
    call_command("import", str(project), *map(str, arguments), stdout=out)
    return out.getvalue()


def test_files_and_folders_are_imported(project: int, tmp_path: Path) -> None:
    (tmp_path / "set" / "deep").mkdir(parents=True)
    (tmp_path / "a.csv").write_text("text\none\ntwo\n")
    (tmp_path / "set" / "deep" / "b.txt").write_text("three\n")
    (tmp_path / "set" / ".hidden.txt").write_text("no\n")
    assert said("Letters", tmp_path / "a.csv", tmp_path / "set") == "3 tasks, 0 annotations, 0 predictions.\n"
    assert sorted(FileUpload.objects.values_list("name", flat=True)) == ["a.csv", "deep/b.txt"]


def test_rows_with_mistakes_are_refused_or_left_out_and_reported(project: int, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\none\n1,2\n")
    with pytest.raises(Refused, match="Validation error"):
        said(project, tmp_path / "a.csv", "--report", tmp_path / "r.csv")
    assert (Task.objects.count(), FileUpload.objects.count()) == (0, 0)
    assert (
        said(project, tmp_path / "a.csv", "--leave-out", "--report", tmp_path / "r.csv")
        == "1 tasks, 0 annotations, 0 predictions, 1 rows left out.\n"
    )
    assert "2,a.csv,3," in (tmp_path / "r.csv").read_text()


def test_wrong_use_is_one_sentence(project: int, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not exist"):
        said(project, tmp_path / "nothing")
    with pytest.raises(Refused, match="There is no project 999"):
        said(999, tmp_path)
    assert Project.objects.count() == 1
