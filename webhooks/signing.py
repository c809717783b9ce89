"""The signature that shows a receiver who sent a request, and when.

`X-Labelspace-Signature: t=<unix seconds>,v1=<hex>`, where hex is HMAC-SHA256 with the webhook's secret over `<unix seconds>.<body>`.
"""

from __future__ import annotations

import hashlib
import hmac
import time

HEADER = "X-Labelspace-Signature"


def signature(secret: str, body: bytes, at: int | None = None) -> str:
    """The header's value for a body sent at that time (now when None)."""
    moment = int(time.time()) if at is None else at
    code = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={code.hexdigest()}"
