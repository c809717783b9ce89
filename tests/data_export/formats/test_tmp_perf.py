import time, tracemalloc, resource
import pytest
from tests.data_export.formats.labelled_media import *
from tests.data_export.formats.peer import *
def pump(ann, project, fmt):
    a = ann.get(f"/api/projects/{project}/export", exportType=fmt, download_all_tasks="1", download_resources="false")
    n=0
    for p in a.streaming_content: n+=len(p)
    return n
def test_perf(ann):
    for count in (5000, 20000):
        project = make_project(ann, RECTANGLES)
        for lo in range(0,count,5000):
            import_tasks(ann, project, [{"data":{"image":f"https://example.com/{i}.png"},"annotations":[{"result":[box("Car",1+i%7,2,30,40) for _ in range(5)]}]} for i in range(lo,lo+5000)])
        for fmt in ("JSON","COCO","YOLO","YOLO_OBB","VOC","JSONL"):
            t=time.process_time(); n=pump(ann,project,fmt); dt=time.process_time()-t
            tracemalloc.start(); pump(ann,project,fmt); peak=tracemalloc.get_traced_memory()[1]; tracemalloc.stop()
            print(f"PERF {count} {fmt} {dt:.2f}s {count/dt:.0f} tasks/s {n/1e6:.1f}MB peak {peak/1e6:.1f}MB")
