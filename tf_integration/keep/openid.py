"""Asking the council's own sign-on service who somebody is: OpenID Connect, an authorization code with PKCE.

Every value that ties an answer to the browser that asked comes from one random token, which that browser alone holds.
"""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from tf_integration.keep.access import OpenIdRules
from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import OpenId

# signed with a key pair: a service that signs with our shared secret, or not at all, is not believed
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
_NEAR = ("127.0.0.1", "localhost")
_BASIC = "client_secret_basic"
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class NotLetIn(Exception):
    """Somebody is not signed in; `reason` is a key of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = {
    "refused": "The sign-on service did not let you in.",
    "stale": "This answer is of another window, or it took too long. Begin again.",
    "untrue": "The sign-on service's answer could not be believed.",
    "name": "The sign-on service gave no name that an account can have.",
    "taken": "Another account here has your name.",
    "closed": "Your account here is closed.",
    "no_account": "You have no account here.",
    "no_role": "None of your groups opens a page here.",
}


class Service:
    """A sign-on service, as `settings.toml` names it. What it says of itself is asked once, its keys as they come."""

    def __init__(self, told: OpenId, rules: OpenIdRules) -> None:
        self.told, self.rules = told, rules
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None

    def address(self, token: str, back: str) -> str:
        """Where to send a browser that holds `token`, so that it comes back to `back`.

        Raises:
            ServiceError: the service does not answer, or not as one of its kind.
        """
        with self._session(back) as session:
            asked, _ = session.create_authorization_url(
                self.metadata()["authorization_endpoint"], state=state(token), nonce=_derived("nonce", token),
                code_verifier=_derived("verifier", token))  # fmt: skip
        return str(asked)

    def claims(self, token: str, back: str, answer: Mapping[str, str]) -> dict[str, Any]:
        """What the service says of whoever came back with `answer`, once its signature and every bound claim hold.

        Raises:
            NotLetIn: `refused`, `stale` or `untrue`.
            ServiceError: the service does not answer.
        """
        if not token or not hmac.compare_digest(answer.get("state", "").encode(), state(token).encode()):
            raise NotLetIn("stale")
        if answer.get("iss", self.told.issuer) != self.told.issuer:
            raise NotLetIn("untrue")
        if "error" in answer or not answer.get("code"):
            raise NotLetIn("refused")
        sent = self._exchanged(token, back, answer["code"])
        try:
            return self._verified(str(sent.get("id_token", "")), token)
        except (JoseError, ValueError):
            raise NotLetIn("untrue") from None

    def metadata(self) -> dict[str, Any]:
        """What the service says of itself.

        Raises:
            ServiceError: it does not answer, is another one, or would be reached without https.
        """
        if not self._metadata:
            found = self._fetched(self.told.configuration_url)
            if found.get("issuer") != self.told.issuer or not all(_is_safe(found.get(k)) for k in _NEEDED):
                raise ServiceError("the sign-on service says that it is another one, or is reached without https.",
                                   where="[web.openid]", mend="`issuer` must be exactly what the service calls itself.")
            self._metadata = found
        return self._metadata

    def _exchanged(self, token: str, back: str, code: str) -> Mapping[str, Any]:
        with self._session(back) as session:
            try:
                sent: Mapping[str, Any] = session.fetch_token(
                    self.metadata()["token_endpoint"], grant_type="authorization_code", code=code,
                    code_verifier=_derived("verifier", token), timeout=self.rules.timeout_seconds)  # fmt: skip
            except OAuthError:
                raise NotLetIn("refused") from None
            except (requests.RequestException, ValueError):
                raise _silent() from None
        return sent

    def _verified(self, id_token: str, token: str) -> dict[str, Any]:
        try:
            found = jwt.decode(id_token, self._known_keys(), algorithms=_ALGORITHMS)
        except InvalidKeyIdError:                       # it has changed its keys since they were asked for
            self._keys = None
            found = jwt.decode(id_token, self._known_keys(), algorithms=_ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=self.rules.leeway_seconds,
            iss={"essential": True, "value": self.told.issuer}, aud={"essential": True, "value": self.told.client_id},
            nonce={"essential": True, "value": _derived("nonce", token)}, sub={"essential": True},
            exp={"essential": True}, iat={"essential": True}).validate(found.claims)  # fmt: skip
        if found.claims.get("azp", self.told.client_id) != self.told.client_id:
            raise NotLetIn("untrue")
        return found.claims

    def _known_keys(self) -> KeySet:
        if self._keys is None:
            self._keys = KeySet.import_key_set(self._fetched(self.metadata()["jwks_uri"]))  # type: ignore[arg-type]
        return self._keys

    def _session(self, back: str) -> OAuth2Session:
        file, ways = self.told.secret_file, self.metadata().get("token_endpoint_auth_methods_supported", [_BASIC])
        way = (_BASIC if _BASIC in ways else "client_secret_post") if file else "none"
        return OAuth2Session(
            self.told.client_id, file.read_text().strip() if file else None, scope=self.rules.scopes, redirect_uri=back,
            code_challenge_method="S256", token_endpoint_auth_method=way, verify=_authorities())  # fmt: skip

    def _fetched(self, url: str) -> dict[str, Any]:
        try:
            answer = requests.get(url, timeout=self.rules.timeout_seconds, verify=_authorities())
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError):
            raise _silent() from None
        if not isinstance(found, dict):
            raise _silent()
        return found


def state(token: str) -> str:
    """What the service hands back, so that an answer belongs to the browser that asked."""
    return _derived("state", token)


def _derived(what: str, token: str) -> str:
    return hashlib.sha256(f"{what} {token}".encode()).hexdigest()


def _is_safe(url: Any) -> bool:
    parts = urlsplit(str(url or ""))
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _NEAR)


def _authorities() -> str | bool:
    """The machine's own certificates: councils often stand behind an inspecting proxy."""
    return ssl.get_default_verify_paths().cafile or True


def _silent() -> ServiceError:
    return ServiceError("the sign-on service does not answer as one.", where="[web.openid]",
                        mend="Try again in a minute; the data team finds it in `tfi doctor`.")
