"""Names for new things: a prefix that says what it is, and enough chance that nobody guesses it."""

import hashlib
import secrets


def new_id(prefix: str) -> str:
    """Return a new identifier such as `cn_4f9a…` (80 bits)."""
    return f"{prefix}_{secrets.token_hex(10)}"


def new_token() -> str:
    """Return a new unguessable token for an address (256 bits)."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """Return what we store of a token that only has to be recognised, never shown again.

    Of whatever a browser sent in its place, too: bytes that are no text come as half a surrogate pair.
    """
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
