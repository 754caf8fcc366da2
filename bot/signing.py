"""Addresses that carry what they open, signed: any process with the same keys reads them, nobody else writes them."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence

_MAC_BYTES = 16


class NoLink(Exception):
    """An address that opens nothing: forged or cut, or (`is_over`) one whose time is up."""

    def __init__(self, *, is_over: bool = False) -> None:
        super().__init__("over" if is_over else "unknown")
        self.is_over = is_over


class Signer:
    """Signs for one purpose alone. The first key signs, all of them are believed, so that keys rotate.

    `longest` bounds the tokens that are looked at, in characters.
    """

    def __init__(self, keys: Sequence[bytes], *, purpose: bytes, longest: int) -> None:
        self._keys = [hmac.digest(each, purpose, hashlib.sha256) for each in keys]
        self._longest = longest

    def sign(self, told: bytes) -> str:
        """Return a token for an address that says this."""
        return urlsafe_b64encode(told + _mac(self._keys[0], told)).decode().rstrip("=")

    def read(self, token: str) -> bytes:
        """Return what a token says. Raises NoLink."""
        if not token.isascii() or len(token) > self._longest:
            raise NoLink
        try:
            signed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (Error, ValueError):
            raise NoLink from None
        told, mac = signed[:-_MAC_BYTES], signed[-_MAC_BYTES:]
        if not any(hmac.compare_digest(mac, _mac(key, told)) for key in self._keys):
            raise NoLink
        return told


def _mac(key: bytes, told: bytes) -> bytes:
    return hmac.digest(key, told, hashlib.sha256)[:_MAC_BYTES]
