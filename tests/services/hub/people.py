"""Who somebody is: `whoami`, profiles, and sign-in by OpenID Connect with real signatures."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.services.hub.request import Answer, Request
from tests.services.hub.state import HubError, moment

USER_ID = "6032802e1f993496bc14d9e3"
SCOPES = ["openid", "profile", "email", "read-repos", "write-repos", "manage-repos", "jobs"]


@cache
def signing_key() -> Any:
    from joserfc.jwk import RSAKey

    return RSAKey.generate_key(2048, {"kid": "stand-in", "use": "sig", "alg": "RS256"}, private=True)


class People:
    def __init__(self, request: Request) -> None:
        self.request, self.hub = request, request.hub

    def known(self, path: list[str]) -> Answer:
        """`/api/whoami-v2`, `/api/users/…`, `/api/organizations/…`."""
        match path:
            case ["whoami-v2"]:
                return self._whoami()
            case ["users", name, "overview"]:
                return Answer.of_json({"user": name, "fullname": name.title(), "avatarUrl": "/a.svg", "isPro": False, "type": "user"})
            case ["organizations", _name, "members"]:
                return Answer.of_json([{"user": "ann", "fullname": "Ann", "avatarUrl": "/a.svg", "isPro": False, "type": "user"}])
        raise HubError(404, "stand-in: no such people")

    def _whoami(self) -> Answer:
        person = self.request.person()
        organizations = [
            {
                "type": "org",
                "id": "o1",
                "name": name,
                "fullname": name.title(),
                "roleInOrg": "admin",
                "avatarUrl": "/avatars/o.svg",
                "isEnterprise": False,
            }
            for name in person["orgs"]
        ]
        return Answer.of_json(
            {
                "type": "user",
                "id": USER_ID,
                "name": person["name"],
                "fullname": person["fullname"],
                "email": f"{person['name']}@example.com",
                "emailVerified": True,
                "isPro": True,
                "canPay": True,
                "periodEnd": 1_893_456_000,
                "avatarUrl": "/avatars/x.svg",
                "orgs": organizations,
                "auth": {
                    "type": "access_token",
                    "accessToken": {"displayName": "test", "role": person["role"], "createdAt": moment()},
                },
            }
        )

    def sign_in(self, path: list[str]) -> Answer:
        match path:
            case [".well-known", *_]:
                return self._discovery()
            case ["oauth", "authorize"]:
                return self._authorize()
            case ["oauth", "token"]:
                return self._token()
            case ["oauth", "userinfo"]:
                return self._userinfo()
            case ["oauth", "jwks"]:
                return Answer.of_json({"keys": [signing_key().as_dict(private=False)]})
        raise HubError(404, "stand-in: no such step of signing in")

    def _discovery(self) -> Answer:
        base = self.hub.endpoint
        return Answer.of_json(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/oauth/authorize",
                "token_endpoint": f"{base}/oauth/token",
                "userinfo_endpoint": f"{base}/oauth/userinfo",
                "jwks_uri": f"{base}/oauth/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "scopes_supported": SCOPES,
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
                "subject_types_supported": ["pairwise", "public"],
            }
        )

    def _authorize(self) -> Answer:
        """Agrees at once, as somebody who has agreed before."""
        code, back = secrets.token_urlsafe(16), self.request.first("redirect_uri")
        self.hub.oauth_codes[code] = {
            "redirect_uri": back,
            "nonce": self.request.first("nonce") or None,
            "challenge": self.request.first("code_challenge") or None,
            "scope": self.request.first("scope", "openid profile"),
            "person": dict(self.hub.person),
        }
        query = urlencode({"code": code, "state": self.request.first("state")})
        return Answer(302, b"", {"Location": f"{back}{'&' if '?' in back else '?'}{query}"})

    def _token(self) -> Answer:
        form = dict(parse_qsl(self.request.body.decode()))
        said = self.request.headers.get("Authorization") or ""
        if said.startswith("Basic "):
            client, _, secret = base64.b64decode(said.removeprefix("Basic ")).decode().partition(":")
        else:
            client, secret = form.get("client_id", ""), form.get("client_secret", "")
        if (client, secret) != self.hub.oauth_client:
            raise HubError(401, "invalid_client", body={"error": "invalid_client"})
        agreed = self.hub.oauth_codes.pop(form.get("code", ""), None)
        if agreed is None or agreed["redirect_uri"] != form.get("redirect_uri") or not _proven(agreed["challenge"], form):
            raise HubError(400, "invalid_grant", body={"error": "invalid_grant"})
        token, person = "hf_oauth_" + secrets.token_hex(8), agreed["person"]
        user = {"name": person["preferred_username"], "fullname": person["name"], "orgs": [], "role": "read"}
        self.hub.oauth_tokens[token] = {"user": user, "scope": agreed["scope"], "person": person}
        answer = {"access_token": token, "token_type": "bearer", "expires_in": 28_800, "scope": agreed["scope"]}
        if "openid" in agreed["scope"]:
            answer["id_token"] = self._id_token(person, client, agreed["nonce"])
        return Answer.of_json(answer)

    def _id_token(self, person: dict[str, Any], client: str, nonce: str | None) -> str:
        from joserfc import jwt

        now = int(time.time())
        claims = {"iss": self.hub.endpoint, "sub": person["sub"], "aud": client, "iat": now, "exp": now + 3_600}
        return jwt.encode({"alg": "RS256", "kid": "stand-in"}, {**claims, **({"nonce": nonce} if nonce else {})}, signing_key())

    def _userinfo(self) -> Answer:
        found = self.hub.oauth_tokens.get(self.request.token or "")
        if found is None:
            raise HubError(401, "invalid_token")
        person = found["person"]
        told = {name: value for name, value in person.items() if "email" in found["scope"] or not name.startswith("email")}
        name = person["preferred_username"]
        profile = {"profile": f"{self.hub.endpoint}/{name}", "picture": f"{self.hub.endpoint}/avatars/{name}.png", "isPro": False}
        return Answer.of_json({**profile, **told})


def _proven(challenge: str | None, form: dict[str, str]) -> bool:
    """Whether the client holds the secret that its challenge was made of (PKCE)."""
    if challenge is None:
        return True
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return secrets.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)
