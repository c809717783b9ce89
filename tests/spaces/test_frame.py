"""Signing in inside the frame of the Space's page, in a real browser: two sites, partitioned cookies, a window that hands the sign-in over."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.packaging.serving import running
from tests.services.hub import Hub, served_hub
from tests.services.servers import free_port

pytestmark = pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="starts a server of its own on SQLite; once is enough")

HOST = "ann-labels.hf.space"
PAGE = "https://huggingface.co/spaces/ann/labels"
# What the Hub's page does: hands its query on when it opens, and lets the frame change its own address.
OUTER = """<!doctype html><title>ann/labels</title><p id="said"></p><script>
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-downloads allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts';
  frame.src = 'https://HOST/' + location.search; frame.width = 1200; frame.height = 800;
  addEventListener('message', (event) => {
    if (event.origin !== 'https://HOST' || !('queryString' in event.data)) return;
    history.replaceState(null, '', event.data.queryString ? '?' + event.data.queryString : location.pathname);
    document.getElementById('said').textContent = location.search;
  });
  document.body.append(frame);
</script>""".replace("HOST", HOST)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with served_hub(tmp_path / "xet") as served:
        yield served


@pytest.fixture
def port(hub: Hub, tmp_path: Path) -> Iterator[int]:
    """A Space, whose platform's proxy speaks https for it."""
    cert, key = certificate(tmp_path)
    found = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data"),
        "WEB_CONCURRENCY": "1",
        "PORT": str(found),
        "TLS_CERT": str(cert),
        "TLS_KEY": str(key),
        "SPACE_ID": "ann/labels",
        "SPACE_HOST": HOST,
        "SPACE_AUTHOR_NAME": "ann",
        "SPACE_CREATOR_USER_ID": hub.person["sub"],
        "OAUTH_CLIENT_ID": "client-id",
        "OAUTH_CLIENT_SECRET": "client-secret",
        "OPENID_PROVIDER_URL": hub.endpoint,
    }
    with running([sys.executable, "-P", "-m", "labelspace", "start"], tmp_path, environment):
        yield found


@pytest.fixture
def outer(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], port: int) -> Iterator[Page]:
    """The Space's page at Hugging Face."""
    arguments = [
        *browser_type_launch_args.get("args", []),
        f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{port}",
        "--disable-features=LocalNetworkAccessChecks",
    ]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": arguments})
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(15_000)
    context.route(f"{PAGE}**", lambda route: route.fulfill(body=OUTER, content_type="text/html"))
    yield context.new_page()
    browser.close()


def certificate(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


def test_the_creator_signs_in_inside_the_page_of_the_space(outer: Page) -> None:
    outer.goto(PAGE)
    frame = outer.frame_locator("iframe")
    with outer.expect_popup() as opened:
        frame.get_by_role("link", name="Sign in with Hugging Face").click()
    # The window goes to the Hub and back, hands over and is gone; the frame goes on as the owner.
    expect(frame.get_by_role("heading", name="What do you want to label?")).to_be_visible()
    expect(frame.get_by_text("Storage is ephemeral")).to_be_visible()
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    # Where one is stands in the address of the Space's page, and leads back there, still signed in.
    frame.get_by_role("link", name="Organization").click()
    expect(frame.get_by_text("ann@example.com")).to_be_visible()
    expect(outer.locator("#said")).to_have_text("?go=%2Forganization")
    outer.reload()
    expect(frame.get_by_text("ann@example.com")).to_be_visible()
    frame.get_by_role("link", name="This Space").click()
    expect(frame.get_by_text("A restart of this Space loses everything.")).to_be_visible()
    if shots := os.environ.get("LOOK"):
        outer.screenshot(path=f"{shots}/frame.png")
        outer.frames[1].goto(f"https://{HOST}/organization/space")
        outer.screenshot(path=f"{shots}/space.png", full_page=True)
