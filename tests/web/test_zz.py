from tests.labelled import *
from tests.people import somebody
import pytest
@pytest.mark.django_db
def test_x():
    owner=somebody(); project=make_project(owner, TEXT_CONFIG); import_tasks(owner, project, [{"data": {"text": "One"}, "annotations": [{"result": choice("Positive")}]}])
    new=TEXT_CONFIG.replace('<Choice value="Positive"/>','')
    print(owner.post(f"/projects/{project}/settings/labeling/check",{"label_config":new}).content)
    from projects.models import ResultCount
    print(list(ResultCount.objects.values()))
