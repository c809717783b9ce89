"""Figures of the image editor in a real Chromium: opening, selecting, dragging, panning and zooming with many rectangles.

Give the address of a served `dev/image.html` (a built one: `vite build --mode preview`, then `vite preview --mode preview`).
Times are wall milliseconds in the page; "script" is the main thread's time per frame: event handlers and animation frames.
"""

from __future__ import annotations

import statistics
import sys

from playwright.sync_api import Browser, Page, sync_playwright

PROBE = """
window.frames_ = []; let spent = 0;
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (run) => ask((now) => { const began = performance.now(); run(now); spent += performance.now() - began; });
for (const type of ['pointermove', 'pointerdown', 'pointerup', 'wheel']) {
  let began = 0;
  window.addEventListener(type, () => { began = performance.now(); }, true);
  window.addEventListener(type, () => { spent += performance.now() - began; });
}
let last = 0;
const tick = (now) => { if (spent > 0) frames_.push([spent, now - last]); spent = 0; last = now; ask(tick); };
ask(tick);
"""
READY = """new Promise((resolve) => {
  const look = () => document.querySelector('.image-tag[data-state="ready"]') && document.querySelector('.image-picture').style.transform
    ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))) : setTimeout(look, 2);
  look();
})"""


def frames(page: Page) -> list[tuple[float, float]]:
    page.wait_for_timeout(60)
    return page.evaluate("frames_.splice(0)")


def line(name: str, values: list[float]) -> None:
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    print(f"  {name:34} median {statistics.median(values):8.1f}   p95 {p95:8.1f}   n {len(values)}")


def measure(browser: Browser, address: str, count: int, rounds: int) -> None:
    ready, started, select, move, drop, pan, zoom = ([] for _ in range(7))
    for _ in range(rounds):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(PROBE)
        page.goto(f"{address}?n={count}", wait_until="commit")
        at = page.evaluate(READY)
        ready.append(at)
        started.append(at - page.evaluate("performance.getEntriesByName('editor:start')[0].startTime"))
        page.wait_for_timeout(300)
        page.keyboard.press("v")
        box = page.locator(".image-picture").bounding_box()
        assert box
        region = page.evaluate("editor.regions.list()[Math.floor(editor.regions.size / 2) + 1].main.value")
        x = box["x"] + box["width"] * (region["x"] + region["width"] / 2) / 100
        y = box["y"] + box["height"] * (region["y"] + region["height"] / 2) / 100
        page.mouse.move(x, y)
        page.evaluate(
            "window.addEventListener('pointerdown', () => { const began = performance.now();"
            "requestAnimationFrame(() => requestAnimationFrame(() => { window.selected = performance.now() - began; })); }, { once: true, capture: true })"
        )
        page.mouse.down()
        page.wait_for_function("window.selected !== undefined")
        select.append(page.evaluate("window.selected"))
        assert page.evaluate("editor.selection.value.size") == 1
        frames(page)
        for step in range(30):
            page.mouse.move(x + step, y + step)
            page.wait_for_timeout(16)
        move += [spent for spent, _ in frames(page)]
        page.mouse.up()
        drop += [max(spent for spent, _ in frames(page))]
        page.keyboard.down("Control")
        for _ in range(8):
            page.mouse.wheel(0, -100)
            page.wait_for_timeout(20)
        page.keyboard.up("Control")
        zoom += [spent for spent, _ in frames(page)]
        page.wait_for_timeout(200)
        frames(page)
        page.mouse.move(x, y)
        page.keyboard.down("Space")
        page.mouse.down()
        for step in range(60):
            page.mouse.move(x + 5 * step, y + 2 * step)
            page.wait_for_timeout(16)
        pan += [spent for spent, _ in frames(page)]
        page.mouse.up()
        page.keyboard.up("Space")
        page.close()
    print(f"{count} rectangles")
    line("navigation to ready, ms", ready)
    line("editor made to ready, ms", started)
    line("press to selected and painted, ms", select)
    line("drag: script per frame, ms", move)
    line("drop: script of the longest frame", drop)
    line("zoom: script per frame, ms", zoom)
    line("pan: script per frame, ms", pan)


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:4173/image.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for count in (100, 1000, 10000):
            measure(browser, address, count, 5)
        browser.close()


if __name__ == "__main__":
    main()
