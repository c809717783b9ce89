"""The Space's page at Hugging Face, which shows the Space in a frame of another site, and what a Space is told by its platform."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType, Page

from tests.services.hub import Hub

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


def platform(hub: Hub, folder: Path, port: int) -> dict[str, str]:
    """The environment of a container of the Space with `hf_oauth`, its proxy's https spoken by the server itself; `folder` is all its disk."""
    cert, key = certificate(folder)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder / "data"),
        "WEB_CONCURRENCY": "1",
        "PORT": str(port),
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


@contextmanager
def outer_page(browser_type: BrowserType, launch: dict[str, Any], port: int) -> Iterator[Page]:
    """A browser for which the Space's host is the server at `port`; `PAGE` is the Space's page."""
    arguments = [
        *launch.get("args", []),
        f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{port}",
        "--disable-features=LocalNetworkAccessChecks",
    ]
    browser = browser_type.launch(**{**launch, "args": arguments})
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
