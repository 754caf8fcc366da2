"""Ids and tokens in the platforms' own formats. Every secret is remembered: a test can search for leaks."""

import hashlib
import secrets
import string
from base64 import urlsafe_b64encode

LETTERS = string.ascii_letters + string.digits


class Mint:
    """Mints; `value in mint` says whether a text is a secret that it minted."""

    def __init__(self, remembered: int | None = None) -> None:
        """Remember every secret, or only the last `remembered` ones where a long run would mint millions."""
        self._secrets: dict[str, None] = {}
        self._remembered = remembered

    def __contains__(self, value: object) -> bool:
        return value in self._secrets

    def minted(self) -> list[str]:
        """Every secret so far, oldest first."""
        return list(self._secrets)

    def secret(self, prefix: str = "", length: int = 40, alphabet: str = LETTERS) -> str:
        """A fresh secret: `prefix`, then `length` random characters."""
        return self.remember(prefix + _drawn(length, alphabet))

    def remember(self, value: str) -> str:
        """Count a value that was put together elsewhere (or a fixed one) among the secrets."""
        self._secrets[value] = None
        if self._remembered is not None and len(self._secrets) > self._remembered:
            del self._secrets[next(iter(self._secrets))]
        return value

    def identifier(
        self, prefix: str = "", length: int = 9, alphabet: str = string.ascii_uppercase + string.digits
    ) -> str:
        """A fresh id, which is no secret."""
        return prefix + _drawn(length, alphabet)

    # Slack

    def slack_bot_token(self) -> str:
        return self.secret(f"xoxb-{self.identifier(length=12, alphabet=string.digits)}-", 24)

    def slack_trigger_id(self) -> str:
        digits = self.identifier(length=13, alphabet=string.digits)
        return self.secret(f"{digits}.{digits[:10]}.", 32, string.hexdigits[:16])

    # TikTok: prefixes as in the samples of the old token page and a captured payload.

    def tiktok_access_token(self) -> str:
        return self.secret("act.", 64)

    def tiktok_refresh_token(self) -> str:
        return self.secret("rft.", 64)

    def tiktok_client_token(self) -> str:
        return self.secret("clt.", 48)

    def tiktok_code(self) -> str:
        """Holds `*` and `!` like live codes, so that it must be URL-decoded exactly once."""
        return self.remember(f"{self.identifier(length=64, alphabet=LETTERS)}*0!{self.identifier(length=4)}")

    # Instagram: IGAA… is the prefix of tokens of Instagram Login.

    def instagram_token(self) -> str:
        return self.secret("IGAA", 120)

    def instagram_code(self) -> str:
        return self.secret("AQ", 120)


def _drawn(length: int, alphabet: str) -> str:
    """Characters at random, from one draw of bytes: every answer of an emulator carries an id or two."""
    return "".join(alphabet[byte % len(alphabet)] for byte in secrets.token_bytes(length))


def stable_digits(seed: str, length: int, prefix: str = "") -> str:
    """Digits that are always the same for the same seed: ids of seeded accounts survive a restart."""
    return prefix + str(int(hashlib.sha256(seed.encode()).hexdigest(), 16))[: length - len(prefix)]


def stable_opaque(seed: str, length: int, prefix: str = "") -> str:
    """Letters, digits, `-` and `_` that are always the same for the same seed."""
    text = urlsafe_b64encode(hashlib.sha512(seed.encode()).digest()).decode()
    return prefix + text[: length - len(prefix)]


def stable_text(seed: str, length: int) -> str:
    """Lower-case hex that is always the same for the same seed."""
    return hashlib.sha256(seed.encode()).hexdigest()[:length]
