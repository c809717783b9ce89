"""A series of measurements: ranges and moments, by pointer and by keys, with the times that were marked."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, project_with, submit
from tests.e2e.media import Timeline
from tests.labelled import make_project, send_files
from tests.people import Person

LABELS = '<TimeSeriesLabels name="what" toName="ts"><Label value="Run"/><Label value="Peak"/></TimeSeriesLabels>'
COUNT = 200


def test_ranges_and_moments_by_pointer(visit: Visits, owner: Person) -> None:
    channels = '<Channel column="a" legend="First" units="mV"/><MultiChannel height="120"><Channel column="a"/><Channel column="b"/></MultiChannel>'
    config = f'<View>{LABELS}<TimeSeries name="ts" value="$ts" valueType="json" timeColumn="time" overviewWidth="100%">{channels}</TimeSeries></View>'
    data = {"time": list(range(COUNT)), "a": [at % 17 for at in range(COUNT)], "b": [None, *(at % 5 for at in range(1, COUNT))]}
    project = project_with(owner, config, {"ts": data})
    page = visit(owner)
    open_stream(page, project)
    expect(page.locator(".series-plot canvas")).to_have_count(2)
    expect(page.get_by_text("First")).to_be_visible()
    expect(page.get_by_label("Regions and details")).to_be_visible()
    timeline = Timeline(page.locator(".timeline-lanes"))
    page.keyboard.press("1")
    timeline.drag(0.2, 0.4)
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.mouse.dblclick(*timeline.at(0.75))
    submit(page)
    run, peak = only_result(owner, project)
    start, end, moment = (round(timeline.share(share) * (COUNT - 1)) for share in (0.2, 0.4, 0.75))
    assert run["type"] == "timeserieslabels"
    assert run["value"] == {"start": start, "end": end, "instant": False, "timeserieslabels": ["Run"]}
    assert peak["value"] == {"start": moment, "end": moment, "instant": True, "timeserieslabels": ["Peak"]}


def test_a_file_with_dates_by_keyboard(visit: Visits, owner: Person) -> None:
    series = 'timeColumn="day" timeFormat="%d.%m.%Y" sep=";"'
    config = f'<View>{LABELS}<TimeSeries name="ts" value="$csv" {series}><Channel column="load"/></TimeSeries></View>'
    project = make_project(owner, config)
    rows = "\n".join(f"{day:02}.01.2026;{day * day % 11}" for day in range(1, 31))
    (upload,) = send_files(
        owner, f"/api/projects/{project}/import?commit_to_project=false", ("a.csv", f"day;load\n{rows}\n".encode())
    ).json()["file_upload_ids"]
    address = owner.get(f"/api/import/file-upload/{upload}").json()["file"]
    assert owner.post(f"/api/projects/{project}/import", [{"csv": f"/data/{address}"}]).status_code == 201
    page = visit(owner)
    open_stream(page, project)
    expect(page.locator(".series-plot canvas")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("[")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("]")
    page.keyboard.press("2")
    page.keyboard.press("Shift+ArrowRight")  # ten measurements
    page.keyboard.press("[")
    page.keyboard.press("]")
    submit(page)
    run, peak = only_result(owner, project)
    assert run["value"] == {"start": "02.01.2026", "end": "05.01.2026", "instant": False, "timeserieslabels": ["Run"]}
    assert peak["value"] == {"start": "15.01.2026", "end": "15.01.2026", "instant": True, "timeserieslabels": ["Peak"]}
