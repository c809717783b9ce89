import pytest
from tests.people import somebody
from core.permissions import Role
from tests.tasks.work import *
pytestmark=pytest.mark.django_db
def test_all():
    p=somebody(); q=somebody(Role.ANNOTATOR,p.organization)
    project=project_of(p,5)
    a=q.get(f"/api/projects/{project.pk}/next"); print(a.content)
    assert a.status_code==200
    t=a.json()["id"]
    b=p.get(f"/api/projects/{project.pk}/next").json()["id"]; assert b!=t
    assert q.get(f"/api/projects/{project.pk}/next").json()["id"]==t
    c=q.get(f"/api/projects/{project.pk}/next?after={t}").json()["id"]; assert c not in (t,b)
    r=q.post(f"/api/tasks/{t}/annotations/?next=1",{"result":mood()+[span()],"lead_time":3.5},headers={"Idempotency-Key":"k"})
    assert r.status_code==201,r.content
    print(r.content)
    r2=q.post(f"/api/tasks/{t}/annotations/",{"result":mood(),"lead_time":3.5},headers={"Idempotency-Key":"k"})
    assert r2.json()["id"]==r.json()["id"]
    i=r.json()["id"]
    u=q.patch(f"/api/annotations/{i}/",{"result":mood("Bad")},headers={"If-Match":f'"{r.json()["updated_at"]}"'})
    assert u.status_code==200,u.content
    u=q.patch(f"/api/annotations/{i}/",{"result":mood("Good")},headers={"If-Match":f'"{r.json()["updated_at"]}"'})
    assert u.status_code==412,u.content
    print(p.get(f"/api/tasks/{t}").content)
    assert q.delete(f"/api/annotations/{i}/").status_code==204
    from tasks.operations import restore_version
    restore_version(p.actor,i,2)
    print(q.get(f"/api/annotations/{i}/").content)
    print(q.get(f"/api/projects/{project.pk}/label-stream-history").json())
    print(p.get(f"/api/projects/{project.pk}").json())
    print(p.get(f"/api/projects/{project.pk}/summary").json())
