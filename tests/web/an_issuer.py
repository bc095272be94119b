"""A sign-on service on this machine: discovery, consent without a word, codes with PKCE, tokens signed by PyJWT.

Another library than ours makes its tokens. It can be told to misbehave: `claims` lays over what a token says, `signs`
and `kid` choose the key, `algorithm` how it is signed.
"""

from __future__ import annotations

import hashlib
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse

CLIENT, SECRET = "family-pages", "a secret of the pages"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Issuer:
    """`user` is who has signed in there; None: nobody lets the pages know who they are."""

    port: int
    user: dict[str, Any] | None = None
    secret: str | None = SECRET
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {"first": new_key()})
    kid: str | None = "first"
    signs: Any = None
    algorithm: str = "RS256"
    claims: dict[str, Any] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def configuration(self) -> dict[str, Any]:
        ends = {f"{what}_endpoint": f"{self.url}/{what}" for what in ("authorization", "token")}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **ends, **self.says}

    def published(self) -> dict[str, Any]:
        made = [(kid, jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True))
                for kid, key in self.keys.items()]  # fmt: skip
        return {"keys": [{**key, "kid": kid, "use": "sig"} for kid, key in made]}

    def token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        said = {k: v for k, v in {**said, **(self.user or {}), **self.claims}.items() if v is not None}
        key = None if self.algorithm == "none" else self.signs or self.keys[self.kid or next(iter(self.keys))]
        return jwt.encode(said, key, self.algorithm, headers={"kid": self.kid} if self.kid else {})

    def allows(self, request: Request, form: dict[str, str], asked: dict[str, str]) -> bool:
        """Whether the client, its address and its verifier are those of the question."""
        verified = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(verified).decode().rstrip("=")
        if self.secret is None:
            is_client = form.get("client_id") == CLIENT and "authorization" not in request.headers
        elif "token_endpoint_auth_methods_supported" in self.says:
            is_client = (form.get("client_id"), form.get("client_secret")) == (CLIENT, self.secret)
        else:
            sent = b64decode(request.headers.get("authorization", "Basic ").removeprefix("Basic ")).decode()
            is_client = sent == f"{CLIENT}:{self.secret}"
        return is_client and form.get("redirect_uri") == asked["redirect_uri"] and challenge == asked["code_challenge"]


def application(issuer: Issuer) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Any:
        return issuer.configuration()

    @app.get("/keys")
    def keys() -> Any:
        return issuer.published()

    @app.get("/authorization")
    def authorization(request: Request) -> Any:
        asked = dict(request.query_params)
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert "openid" in asked["scope"].split()
        if issuer.user is None:
            return RedirectResponse(f"{asked['redirect_uri']}?error=access_denied&state={asked['state']}", 303)
        code = f"code{len(issuer.asked)}"
        issuer.asked[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}", 303)

    @app.post("/token")
    async def token(request: Request) -> Any:
        form = {k: str(v) for k, v in (await request.form()).items()}
        asked = issuer.asked.pop(form.get("code", ""), None)
        if asked is None or not issuer.allows(request, form, asked):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": issuer.token(asked)}

    return app


class issuing:
    """A service at work while it lasts."""

    def __init__(self, port: int) -> None:
        self.issuer = Issuer(port)
        config = uvicorn.Config(application(self.issuer), "127.0.0.1", port, access_log=False, log_config=None)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> Issuer:
        self.thread.start()
        deadline = time.monotonic() + 30
        while not self.server.started:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return self.issuer

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)
