import time, pytest, uuid
from tests.people import somebody
from tests.tasks.work import *
from tasks.operations.bulk import *
from tasks.models import Task
from django.db import transaction, connection
from core.database import insert_rows, reserve_ids

@pytest.mark.django_db(transaction=True)
def test_speed():
    p=somebody(); project=project_of(p)
    N=100_000
    data=[json_text({"text":"x"*1000+str(i)}) for i in range(N)]
    from tasks.operations.bulk import TASK_COLUMNS
    for rep in range(2):
        import random
        rows_=[(10_000_000*(rep+1)+i,project.pk,data[i],"{}",i,1,False,True,0,0,0,random.random(),None,None,p.user.pk,"2026-11-21 11:43:12.123456","2026-11-21 11:43:12.123456") for i in range(N)]
        t=time.perf_counter();c0=time.process_time()
        with transaction.atomic(): insert_rows(Task,TASK_COLUMNS,rows_)
        print("raw",N/(time.perf_counter()-t), time.process_time()-c0)
        items=[NewTask(d,keys=("text",)) for d in data]
        t=time.perf_counter();c0=time.process_time()
        add_tasks(p.actor,project,items)
        print("add_tasks",N/(time.perf_counter()-t), time.process_time()-c0)
    items=[NewTask(d,keys=("text",),annotations=[NewAnnotation(mood(),p.user.pk)],predictions=[NewPrediction(mood(),0.5,"v1")]) for d in data[:20000]]
    t=time.perf_counter()
    a=add_tasks(p.actor,project,items)
    print("with ann+pred",20000/(time.perf_counter()-t))
    project.refresh_from_db()
    print(project.task_number,project.data_columns,project.model_version,project.last_inner_id, project.finished_task_number, project.useful_annotation_number,a.task_ids[:2],a.annotation_count)
