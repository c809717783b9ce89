"""The authorization-code flow: state, nonce and PKCE out, a checked id token back. Authlib knows the protocol; every request goes through the one door."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from core.outbound import allowing, fetch
from core.rawjson import JSONRefused, read_json
from users.openid.claims import Claims, claims_of
from users.openid.provider import Provider

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

logger = logging.getLogger("labelspace.sign_in")

DISCOVERY = "/.well-known/openid-configuration"
REMEMBERED = 600.0  # seconds that an issuer's description and keys are not asked for again
LARGEST = 1 << 20
SECONDS = 10.0
LEEWAY = 120  # seconds by which two machines' clocks may differ
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "RS384", "RS512", "ES384", "ES512"]

_known: dict[str, tuple[float, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Proof:
    """What the browser keeps between leaving and coming back, so that an answer to somebody else's request is not taken."""

    state: str
    nonce: str
    verifier: str


def begin(provider: Provider, redirect_uri: str) -> tuple[str, Proof]:
    """The issuer's page to send the person to, and the proof to keep. Raises 400 when the issuer does not answer as it should."""
    from authlib.common.security import generate_token
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    proof = Proof(generate_token(32), generate_token(32), generate_token(64))
    url = prepare_grant_uri(
        _described(provider)["authorization_endpoint"],
        provider.client_id,
        "code",
        redirect_uri,
        provider.scope,
        proof.state,
        nonce=proof.nonce,
        code_challenge=create_s256_code_challenge(proof.verifier),
        code_challenge_method="S256",
    )
    return url, proof


def finish(provider: Provider, code: str, proof: Proof, redirect_uri: str) -> Claims:
    """Who the code is for. Raises 400 for a code, token or answer that is not right."""
    token = _token(provider, code, proof, redirect_uri)
    claims = _checked_id_token(provider, token, proof.nonce)
    told = _ask(provider, _endpoint(provider, "userinfo_endpoint"), headers={"Authorization": f"Bearer {token['access_token']}"})
    if told.get("sub") != claims["sub"]:
        raise _wrong(provider)
    found = claims_of(provider.url, {**claims, **told}, is_hub=provider.is_hub)
    return replace(found, is_creator=_made_this_space(provider, found))


def _token(provider: Provider, code: str, proof: Proof, redirect_uri: str) -> dict[str, Any]:
    from authlib.oauth2.auth import ClientAuth
    from authlib.oauth2.rfc6749.parameters import prepare_token_request

    methods = _described(provider).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    auth = ClientAuth(provider.client_id, provider.client_secret, next((m for m in methods if m.startswith("client_secret_")), None))
    body = prepare_token_request("authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=proof.verifier)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    url, headers, body = auth.prepare("POST", _endpoint(provider, "token_endpoint"), headers, body)
    answer = _ask(provider, url, method="POST", headers=headers, body=body.encode())
    if not isinstance(answer.get("access_token"), str) or not isinstance(answer.get("id_token"), str):
        raise _wrong(provider)
    return answer


def _checked_id_token(provider: Provider, token: dict[str, Any], nonce: str) -> dict[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        try:
            decoded = jwt.decode(token["id_token"], key=_keys(provider), registry=registry)
        except InvalidKeyIdError:  # the issuer has a new key since
            decoded = jwt.decode(token["id_token"], key=_keys(provider, afresh=True), registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "values": [_described(provider)["issuer"]]},
                "aud": {"essential": True, "value": provider.client_id},
            },
            {"nonce": nonce, "client_id": provider.client_id, "access_token": token["access_token"]},
        )
        claims.validate(leeway=LEEWAY)
    except (JoseError, ValueError, TypeError):
        raise _wrong(provider) from None
    return dict(claims)


def _keys(provider: Provider, *, afresh: bool = False) -> KeySet:
    from joserfc.jwk import KeySet

    if afresh or "jwks" not in _described(provider):
        _described(provider)["jwks"] = _ask(provider, _endpoint(provider, "jwks_uri"))
    return KeySet.import_key_set(_described(provider)["jwks"])


def _described(provider: Provider) -> dict[str, Any]:
    """The issuer's description of itself, asked for once in a while."""
    known = _known.get(provider.url)
    if known is not None and time.monotonic() < known[0]:
        return known[1]
    found = _ask(provider, provider.url + DISCOVERY)
    if str(found.get("issuer", "")).rstrip("/") != provider.url or not isinstance(found.get("authorization_endpoint"), str):
        raise _wrong(provider)
    _known[provider.url] = (time.monotonic() + REMEMBERED, found)
    return found


def _endpoint(provider: Provider, name: str) -> str:
    url = _described(provider).get(name)
    if not isinstance(url, str):
        raise _wrong(provider)
    return url


def _made_this_space(provider: Provider, claims: Claims) -> bool:
    """Whether this is who made the Space: by number, else by the name that the Hub says the number has."""
    space = settings.ENVIRONMENT.space
    if not space:
        return False
    if not space.creator:
        return claims.username.lower() == space.author.lower()
    if claims.subject == space.creator:
        return True
    creator = _ask(provider, f"{provider.url}/api/users/{space.creator}/overview").get("user")
    return isinstance(creator, str) and creator.lower() == claims.username.lower()


def _ask(
    provider: Provider, url: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> dict[str, Any]:
    try:
        # The operator named the issuer, wherever it is; what it names itself has to be there too, or public.
        with (
            allowing(provider.host if urlsplit(url).netloc == provider.host else ""),
            fetch(
                url,
                method=method,
                headers=headers,
                body=body,
                timeout=SECONDS,
                max_bytes=LARGEST,
                within=2 * SECONDS,
            ) as answer,
        ):
            content, status = answer.read(), answer.status
        found = read_json(content)
    except (Refused, JSONRefused):
        raise _silent(provider) from None
    if status != 200 or not isinstance(found, dict):
        logger.warning("signing in: %s answered %s %s", url, status, found.get("error", "") if isinstance(found, dict) else "")
        raise _wrong(provider)
    return found


def _silent(provider: Provider) -> Refused:
    return Refused(_("%(name)s does not answer. Try again in a minute.") % {"name": provider.name}, 400)


def _wrong(provider: Provider) -> Refused:
    return Refused(_("%(name)s did not confirm who you are. Start again.") % {"name": provider.name}, 400)
