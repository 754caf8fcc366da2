"""Secrets at rest: AES-GCM, the key's id in front, the account and purpose bound in.

A sealed value is one byte of length, the key's id, twelve random bytes, and the ciphertext with its tag. The
first key of the list seals; all of them open, so that keys rotate without downtime.
"""

import base64
import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12
_LONGEST_ID = 64


class VaultError(Exception):
    """A value cannot be opened, or a key cannot be read. The message never holds a secret."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key with the id that is written in front of what it seals."""

    id: str
    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.id.isascii() or not 0 < len(self.id) <= _LONGEST_ID:
            raise VaultError("A key's id is 1 to 64 ASCII characters.")
        if len(self.material) != _KEY_BYTES:
            raise VaultError(f"Key {self.id} is not 32 bytes long.")


def parse_keys(text: str) -> Sequence[Key]:
    """Return the keys in `id:base64,id:base64`, the one that seals first. Raises VaultError."""
    keys = [_parse(number, each) for number, each in enumerate(text.split(","), start=1) if each.strip()]
    if not keys:
        raise VaultError("There is no encryption key.")
    if len({key.id for key in keys}) < len(keys):
        raise VaultError("Two encryption keys have the same id.")
    return keys


def _parse(number: int, text: str) -> Key:
    id_, colon, encoded = text.strip().partition(":")
    if not colon:
        raise VaultError(f"Encryption key number {number} is not written as id:base64.")
    try:
        return Key(id_, base64.b64decode(encoded, validate=True))
    except binascii.Error:
        raise VaultError(f"Encryption key number {number} is not base64.") from None


def new_key(id_: str | None = None) -> str:
    """Return a new random key, written as `parse_keys` reads it."""
    material = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    return f"{id_ or secrets.token_hex(3)}:{material}"


class AesGcmVault:
    """Keeps the Vault port with one or more keys: the first seals, all open."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._ciphers = {key.id: AESGCM(key.material) for key in keys}
        self.newest = keys[0].id

    def seal(self, clear: str, *, account: str, purpose: str) -> bytes:
        head = bytes([len(self.newest)]) + self.newest.encode()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self.newest].encrypt(nonce, clear.encode(), _bound(head, account, purpose))
        return head + nonce + sealed

    def open(self, sealed: bytes, *, account: str, purpose: str) -> str:
        head, nonce, ciphertext = _split(sealed)
        cipher = self._ciphers.get(_id_in(head))
        if cipher is None:
            raise VaultError("Sealed with a key that is not in the settings.")
        try:
            return cipher.decrypt(nonce, ciphertext, _bound(head, account, purpose)).decode()
        except InvalidTag:
            raise VaultError("Damaged, or sealed for another account or purpose.") from None

    def key_of(self, sealed: bytes) -> str:
        return _id_in(_split(sealed)[0])


def _bound(head: bytes, account: str, purpose: str) -> bytes:
    """Return the associated data. The length in front keeps two names from running into one another."""
    owner = account.encode()
    return head + len(owner).to_bytes(4, "big") + owner + purpose.encode()


def _split(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    end = 1 + sealed[0] if sealed else 0
    if not 1 < end <= len(sealed) - _NONCE_BYTES:
        raise VaultError("Too short to be a sealed value.")
    return sealed[:end], sealed[end : end + _NONCE_BYTES], sealed[end + _NONCE_BYTES :]


def _id_in(head: bytes) -> str:
    try:
        return head[1:].decode("ascii")
    except UnicodeDecodeError:
        raise VaultError("Sealed with a key that is not in the settings.") from None
