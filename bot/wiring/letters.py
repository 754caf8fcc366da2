"""The readers of what platforms send by themselves."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs

from bot.runtime import Letters, Read, Unverified
from bot.settings import Settings
from bot.wiring.apps import instagram_app, tiktok_app
from core.domain.webhook import Notice, NoticeKind
from core.providers.instagram import webhooks as instagram_webhooks
from core.providers.instagram.app import InstagramApp
from core.providers.signatures import BadSignature
from core.providers.tiktok import webhooks as tiktok_webhooks


def letters(settings: Settings) -> Letters:
    """Return the readers of what the platforms send us."""
    tiktok, instagram = tiktok_app(settings), instagram_app(settings)

    def handshake(query: Mapping[str, str]) -> str:
        try:
            return instagram_webhooks.subscription_challenge(query, app=instagram)
        except BadSignature as bad:
            raise Unverified(bad.code) from None

    return Letters(
        tiktok=_verified(
            lambda headers, body, now: tiktok_webhooks.read_webhook(headers, body, app=tiktok, now=now)
        ),
        instagram=_verified(
            lambda headers, body, now: instagram_webhooks.read_webhook(headers, body, app=instagram, now=now)
        ),
        instagram_deauthorize=_verified(_signed_request(instagram, NoticeKind.GRANT_REMOVED)),
        instagram_deletion=_verified(_signed_request(instagram, NoticeKind.DELETION_ASKED)),
        handshake=handshake,
    )


def _verified(read: Read) -> Read:
    def checked(headers: Mapping[str, str], body: bytes, now: datetime) -> Notice | None:
        try:
            return read(headers, body, now)
        except BadSignature as bad:
            raise Unverified(bad.code) from None
        except ValueError:
            raise Unverified("malformed") from None

    return checked


def _signed_request(app: InstagramApp, kind: NoticeKind) -> Read:
    def read(_headers: Mapping[str, str], body: bytes, now: datetime) -> Notice | None:
        form = parse_qs(body.decode("ascii", "replace"), max_num_fields=10)
        given = (form.get("signed_request") or [""])[0]
        return instagram_webhooks.read_signed_request(given, kind=kind, app=app, now=now)

    return read
