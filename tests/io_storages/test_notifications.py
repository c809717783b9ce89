"""What clouds tell of their objects: new, changed and gone ones are looked at, at once and alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.events.loops import run_loops_until_idle
from core.jobs.models import Job
from core.jobs.run import run_job
from io_storages import notifications
from io_storages.models import ObjectChange
from io_storages.notifications import Change, changes
from tests.io_storages.conftest import Bucket
from tests.io_storages.test_contract import connect, data_of, synchronized
from tests.labelled import TEXT_CONFIG, make_project
from tests.people import JSONClient, Person


def of_s3(bucket: str, key: str, kind: str = "ObjectCreated:Put") -> dict[str, Any]:
    return {"Records": [{"eventName": kind, "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 1}}}]}


def of_pub_sub(kind: str, **attributes: str) -> dict[str, Any]:
    said = {"bucketId": "b", "objectId": "a b/1.json", "eventType": kind, **attributes}
    return {"message": {"attributes": said, "messageId": "1"}, "subscription": "s"}


def of_azure(kind: str) -> list[dict[str, Any]]:
    return [{"eventType": kind, "subject": "/blobServices/default/containers/b/blobs/a b/1.json", "data": {"eTag": "0x1"}}]


EVENT_BRIDGE = {"source": "aws.s3", "detail-type": "Object Deleted", "detail": {"bucket": {"name": "b"}, "object": {"key": "a b/1.json"}}}
PUB_SUB_DATA = {
    "message": {
        "attributes": {"eventType": "OBJECT_FINALIZE"},
        "data": base64.b64encode(b'{"bucket": "b", "name": "a b/1.json"}').decode(),
    }
}
SNS = {"Type": "Notification", "Message": json.dumps(of_s3("b", "a+b/1.json"))}


@pytest.mark.parametrize(
    ("told", "gone"),
    [
        (of_s3("b", "a+b/1.json"), [False]),
        (of_s3("b", "a%20b/1.json", "s3:ObjectRemoved:Delete"), [True]),
        (of_s3("b", "a+b/1.json", "ObjectTagging:Put"), []),
        (SNS, [False]),
        (EVENT_BRIDGE, [True]),
        (of_pub_sub("OBJECT_FINALIZE"), [False]),
        (of_pub_sub("OBJECT_DELETE"), [True]),
        (of_pub_sub("OBJECT_DELETE", overwrittenByGeneration="7"), []),
        (PUB_SUB_DATA, [False]),
        (of_azure("Microsoft.Storage.BlobCreated"), [False]),
        (of_azure("Microsoft.Storage.BlobDeleted"), [True]),
        ({"Records": [None, {"s3": []}]}, []),
        ({"message": {"data": "?"}}, []),
        (7, []),
    ],
)
def test_each_cloud_is_understood(told: Any, gone: list[bool]) -> None:
    assert list(changes(told)) == [Change("b", "a b/1.json", each) for each in gone]


def done() -> None:
    """The jobs that wait, as a worker does them."""
    for job in Job.objects.filter(kind="storage.sync", status=Job.Status.WAITING):
        run_job.func(job.pk)


def test_what_is_told_is_looked_at_alone(owner: Person, s3: Bucket) -> None:
    project, name = make_project(owner, TEXT_CONFIG), s3.fields["bucket"]
    for key in ("in/one.json", "in/two.json"):
        s3.put(key, b'{"text": "first"}')
    storage = connect(owner, project, s3, prefix="in", on_gone="delete", glob_filter="*.json")
    synchronized(owner, storage)
    address = owner.post(f"{storage['url']}/notifications", {}).json()["url"].removeprefix("http://testserver")
    cloud = JSONClient()
    s3.put("in/one.json", b'{"text": "second"}')
    s3.put("in/three.json", b'{"text": "third"}')
    s3.put("in/unheard.json", b'{"text": "unheard"}')
    s3.delete("in/two.json")
    told = {"Records": [of_s3(name, f"in/{key}.json")["Records"][0] for key in ("one", "two", "three")]}
    told["Records"] += [of_s3(name, key)["Records"][0] for key in ("out/four.json", "in/deep/five.json", "in/six.txt")]
    told["Records"] += of_s3("elsewhere", "in/one.json")["Records"]
    body = json.dumps({"Type": "Notification", "Message": json.dumps(told)})
    answer = cloud.generic("POST", address, body, content_type="text/plain; charset=UTF-8")
    assert (answer.status_code, answer.json()) == (200, {"noted": 3})
    done()
    assert sorted(data["text"] for data in data_of(owner, project)) == ["second", "third"]
    assert not ObjectChange.objects.exists()
    assert owner.get(storage["url"]).json()["meta"]["changed"] == 1

    # While a job is under way, what is told waits for the loop.
    ObjectChange.objects.create(storage_id=storage["id"], key="in/unheard.json")
    run_loops_until_idle()
    done()
    assert sorted(data["text"] for data in data_of(owner, project)) == ["second", "third", "unheard"]

    assert cloud.generic("POST", address[:-1] + "!", "{}", content_type="application/json").status_code == 404
    assert cloud.generic("POST", address, "no", content_type="application/json").status_code == 400
    assert owner.delete(f"{storage['url']}/notifications").status_code == 204
    assert cloud.generic("POST", address, "{}", content_type="application/json").status_code == 404


def test_clouds_ask_first(owner: Person, s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = connect(owner, make_project(owner, TEXT_CONFIG), s3)
    address = owner.post(f"{storage['url']}/notifications", {}).json()["url"].removeprefix("http://testserver")
    asked: list[str] = []

    @contextmanager
    def answers(url: str, **_limits: Any) -> Iterator[Any]:
        asked.append(url)
        yield type("Answer", (), {"status": 200})

    monkeypatch.setattr(notifications, "fetch", answers)
    good = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=1"
    for url, status in (
        (good, 200),
        ("https://sns.eu-central-1.amazonaws.com.example.org/", 400),
        ("http://sns.eu-central-1.amazonaws.com/", 400),
        ("http://169.254.169.254/", 400),
    ):
        answer = owner.post(address, {"Type": "SubscriptionConfirmation", "SubscribeURL": url})
        assert answer.status_code == status, url
    assert asked == [good]
    check = [{"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "512d38b6"}}]
    assert owner.post(address, check).json() == {"validationResponse": "512d38b6"}
