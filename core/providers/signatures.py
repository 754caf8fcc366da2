"""Whether a platform really sent what arrived. Verified first, read afterwards."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable

from core.domain.secret import Secret

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


class BadSignature(Exception):
    """A message that its sender cannot be shown to have sent. `code` says which check failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def digest(secret: Secret, message: bytes) -> bytes:
    """Return the HMAC-SHA256 of a message."""
    return hmac.new(secret.reveal().encode(), message, hashlib.sha256).digest()


def is_signed(message: bytes, claimed: bytes, secrets: Iterable[Secret]) -> bool:
    """True where one of these secrets signed the message; takes as long whichever it is."""
    return any([hmac.compare_digest(digest(each, message), claimed) for each in secrets if each])  # noqa: C419 - no early end


def is_equal(secret: Secret, claimed: str) -> bool:
    """True where this is the secret; takes as long wherever it differs."""
    return hmac.compare_digest(secret.reveal().encode(), claimed.encode(errors="replace"))


def from_hex(text: str) -> bytes:
    """Return the bytes of a hexadecimal signature. Raises BadSignature `malformed`."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadSignature("malformed") from None


def from_base64url(text: str) -> bytes:
    """Return the bytes of base64url text, which platforms send without padding. Raises BadSignature `malformed`."""
    bare = text.rstrip("=")
    if not _BASE64URL.fullmatch(bare):
        raise BadSignature("malformed")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        raise BadSignature("malformed") from None


def content_id(prefix: str, *parts: str) -> str:
    """Return an id that is the same whenever the same content arrives again."""
    joined = "\0".join(f"{len(each)}:{each}" for each in parts)
    return f"{prefix}_{hashlib.sha256(joined.encode()).hexdigest()[:32]}"
