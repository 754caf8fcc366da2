"""Everything that the emulated TikTok knows, and the ways in which a grant begins and ends."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.accounts import Accounts, Grant
from sandbox.callbacks import Callbacks, Letter, backoff
from sandbox.emulator import World
from sandbox.oauth import Codes
from sandbox.switches import Switches
from sandbox.tiktok.accounts import CLIENT_KEY, TikTokAccount, seed
from sandbox.tiktok.properties import TikTokRegistration
from sandbox.tiktok.switches import DAY, TABLE
from sandbox.tiktok.tokens import REVOKED, Ledger

CLIENT_SECRET = "sandbox-tiktok-secret"  # noqa: S105 - the sandbox's fixed one
SCOPES = {
    "user.info.basic": "Read your profile info (avatar, display name)",
    "user.info.profile": "Read additional profile info (bio, profile link, verification status)",
    "user.info.stats": "Read your profile engagement statistics",
    "video.publish": "Post content to TikTok",
    "video.upload": "Share content to your account as a draft",
    "video.list": "Read your public videos on TikTok",
}
RETRIES = backoff(60, 3 * DAY)
"""Exponential for up to 72 hours (WHO); the first pause is our guess."""

REASONS = {"unknown": 0, "user": 1, "deleted": 2, "age": 3, "banned": 4, "developer": 5}
"""`reason` of authorization.removed (WHE)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What an authorization code stands for."""

    account: TikTokAccount
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str


@dataclass(slots=True)
class State:
    world: World
    switches: Switches = field(default_factory=lambda: Switches(TABLE))
    accounts: Accounts[TikTokAccount] = field(default_factory=lambda: Accounts(seed()))
    registration: TikTokRegistration = field(init=False)
    tokens: Ledger = field(init=False)
    codes: Codes[Consent] = field(init=False)
    callbacks: Callbacks = field(init=False)

    def __post_init__(self) -> None:
        self.world.mint.remember(CLIENT_SECRET)
        self.registration = TikTokRegistration(
            self.world,
            redirect_path="/connect/tiktok/callback",
            callback_paths={"webhook_url": "/webhooks/tiktok"},
            scopes=tuple(SCOPES),
        )
        self.tokens = Ledger(self.world, self.switches)
        self.codes = Codes(self.world.clock)
        self.callbacks = Callbacks(self.world, "tiktok")

    def link(self, account: TikTokAccount, scopes: tuple[str, ...]) -> Grant:
        """The account consents; a consent that still lives is renewed with the scopes of the new one."""
        if account.grant is not None and self.switches.on("new_consent_kills_old_tokens"):
            self.tokens.end_all(account.grant)
        return account.consent(scopes, self.world.clock.now())

    def unlink(self, account: TikTokAccount, reason: int, *, tell: bool = True) -> None:
        """End the account's grant with all its tokens, then tell the app by webhook. Nothing without a grant."""
        ended = account.withdraw(REVOKED if reason == REASONS["developer"] else "removed")
        if ended and tell:
            self.tell(account, "authorization.removed", {"reason": reason})

    def tell(self, account: TikTokAccount, event: str, content: Mapping[str, Any]) -> None:
        """Send one webhook about the account, signed; `content` goes as JSON inside the JSON (WHE)."""
        body = json.dumps(
            {
                "client_key": CLIENT_KEY,
                "event": event,
                "create_time": int(self.world.clock.timestamp()),
                "user_openid": account.open_id,
                "content": json.dumps(content),
            }
        ).encode()
        first = int(self.world.clock.timestamp())

        def write() -> tuple[bytes, Mapping[str, str]]:
            fresh = self.switches.on("webhook_fresh_time")
            at = int(self.world.clock.timestamp()) if fresh else first
            return body, {"Content-Type": "application/json", "TikTok-Signature": signature(body, at)}

        url = self.registration.url("webhook_url")
        letter = Letter(event, account.handle, url, write, RETRIES)
        self.callbacks.send(letter, account.webhooks)


def signature(body: bytes, at: int) -> str:
    """`t=…,s=…`: HMAC-SHA256 over time, a dot and the raw body, keyed with the client secret (WHV)."""
    mac = hmac.new(CLIENT_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},s={mac.hexdigest()}"
