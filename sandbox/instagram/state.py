"""Everything that the emulated Instagram knows, and the ways in which a grant begins and ends."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sandbox.accounts import Accounts, Grant
from sandbox.callbacks import Callbacks, Letter, anything, backoff
from sandbox.emulator import World
from sandbox.instagram.accounts import InstagramAccount, seed
from sandbox.instagram.switches import DAY, TABLE
from sandbox.oauth import Codes
from sandbox.registration import Registration
from sandbox.switches import Switches
from sandbox.tokens import Shelf, Token

SECRETS = {"instagram": "sandbox-instagram-secret", "meta": "sandbox-meta-secret"}
VERIFY_TOKEN = "sandbox-verify-token"  # noqa: S105 - the sandbox's fixed one
BASIC = "instagram_business_basic"
PUBLISH = "instagram_business_content_publish"
SCOPES = {
    BASIC: "View your profile and access your media",
    PUBLISH: "Create content on your behalf",
    "instagram_business_manage_comments": "Manage comments on your media",
    "instagram_business_manage_messages": "Manage your messages",
    "instagram_business_manage_insights": "See insights about your account",
}
CODE_SECONDS = 3_600
SHORT_SECONDS = 3_600
RETRIES = backoff(60, 1.5 * DAY)
"""Webhooks are retried with decay for 36 hours (S8); the first pause is our guess."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What an authorization code stands for."""

    account: InstagramAccount
    scopes: tuple[str, ...]
    redirect_uri: str


@dataclass(slots=True, eq=False, kw_only=True)
class InstagramToken(Token[InstagramAccount]):
    """`ended` says why it died before its time: password, logged_out, replaced; "" while it didn't."""

    short: bool
    issued: float
    ended: str = ""


@dataclass(slots=True)
class State:
    world: World
    switches: Switches = field(default_factory=lambda: Switches(TABLE))
    accounts: Accounts[InstagramAccount] = field(default_factory=lambda: Accounts(seed()))
    registration: Registration = field(init=False)
    tokens: Shelf[InstagramToken] = field(init=False)
    codes: Codes[Consent] = field(init=False)
    callbacks: Callbacks = field(init=False)
    webhook_verified: bool = False

    def __post_init__(self) -> None:
        for secret in SECRETS.values():
            self.world.mint.remember(secret)
        self.registration = Registration(
            self.world,
            redirect_path="/connect/instagram/callback",
            callback_paths={
                "deauthorize_url": "/webhooks/instagram/deauthorize",
                "deletion_url": "/webhooks/instagram/deletion",
                "webhook_url": "/webhooks/instagram",
            },
            scopes=tuple(SCOPES),
        )
        self.tokens = Shelf(self.world.clock, self.world.memory.dead_tokens)
        self.codes = Codes(self.world.clock)
        self.callbacks = Callbacks(self.world, "instagram")

    def link(self, account: InstagramAccount, scopes: tuple[str, ...]) -> Grant:
        account.ever_linked = True
        return account.consent(scopes, self.world.clock.now())

    def unlink(self, account: InstagramAccount, why: str) -> None:
        """End the account's grant with all its tokens, then tell the app once. Nothing without a grant."""
        if account.withdraw(why):
            self.call_back(account, "deauthorize")

    def issue(
        self, account: InstagramAccount, grant: Grant, scopes: tuple[str, ...], *, short: bool
    ) -> InstagramToken:
        now = self.world.clock.timestamp()
        lifetime = SHORT_SECONDS if short else self.switches.number("long_seconds")
        token = InstagramToken(
            value=self.world.mint.instagram_token(),
            account=account,
            grant=grant,
            scopes=scopes,
            expires=now + lifetime,
            short=short,
            issued=now,
        )
        return self.tokens.put(token)

    def end_tokens(self, account: InstagramAccount, why: str) -> None:
        """End what the account's grant issued, though the grant goes on."""
        for token in self.tokens.alive(account.grant) if account.grant else ():
            token.ended = token.ended or why

    def call_back(self, account: InstagramAccount, kind: str) -> None:
        """Send the `deauthorize` or `deletion` callback: one form field, `signed_request`."""
        which = self.switches.text("callback_user_id")
        payload = {
            "user_id": account.id if which == "app_scoped" else account.user_id,
            "algorithm": "HMAC-SHA256",
            "issued_at": int(self.world.clock.timestamp()),
        }
        signed = signed_request(payload, SECRETS[self.switches.text("callback_secret")])
        body = urlencode({"signed_request": signed}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        pauses = RETRIES if self.switches.on("callback_retries") else ()
        url = self.registration.url(f"{kind}_url")
        suits = confirms_deletion if kind == "deletion" else anything
        letter = Letter(kind, account.handle, url, lambda: (body, headers), pauses, suits)
        self.callbacks.send(letter, account.webhooks)

    def notify(self, account: InstagramAccount, field_name: str, value: object) -> None:
        """Send one webhook event of the account, signed over the raw body."""
        change = {"field": field_name, "value": value}
        entry: dict[str, Any] = {"id": account.user_id, "time": int(self.world.clock.timestamp())}
        entry |= {"changes": [change]} if self.switches.text("webhook_shape") == "changes" else change
        body = json.dumps({"object": "instagram", "entry": [entry]}).encode()
        secret = SECRETS[self.switches.text("webhook_secret")]
        mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers: Mapping[str, str] = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": f"sha256={mac}",
        }
        url = self.registration.url("webhook_url")
        letter = Letter(field_name, account.handle, url, lambda: (body, headers), RETRIES)
        self.callbacks.send(letter, account.webhooks)


def confirms_deletion(body: str) -> bool:
    """A deletion callback wants the address of a page about it and a code of letters and digits (S18)."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    if not isinstance(answer, dict):
        return False
    url, code = answer.get("url"), answer.get("confirmation_code")
    is_page = isinstance(url, str) and url.startswith(("https://", "http://"))
    return is_page and isinstance(code, str) and code.isascii() and code.isalnum()


def signed_request(payload: Mapping[str, Any], secret: str) -> str:
    """base64url(MAC) + "." + base64url(JSON), no padding; the MAC is over the encoded payload (S18)."""
    encoded = _base64url(json.dumps(payload).encode())
    mac = hmac.new(secret.encode(), encoded.encode(), hashlib.sha256).digest()
    return f"{_base64url(mac)}.{encoded}"


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
