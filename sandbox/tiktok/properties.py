"""TikTok's entry of the app, with the web addresses from which TikTok may pull media."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox import asked
from sandbox.oauth import LOOPBACK, twins
from sandbox.registration import Registration

FIELD = "url_properties"
REDIRECTS = "redirect_uris"
MOST_REDIRECTS, LONGEST_REDIRECT = 10, 511


class TikTokRegistration(Registration):
    """`url_properties` are domains ("cdn.example", subdomains included) and prefixes ("https://host/path/", no IP).

    Left alone, they are the bot's own address. TikTok wants https; addresses of this machine are the tests' seam.
    """

    _properties: tuple[str, ...] | None = None

    @property
    def url_properties(self) -> tuple[str, ...]:
        return self._properties or twins(f"{self._world.bot_url}/")

    def owns(self, url: str) -> bool:
        """Whether the app has proved that this address is its own."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            return False
        return any(_covers(one, url, parts.hostname or "") for one in self.url_properties)

    def set(self, body: Mapping[str, Any]) -> None:
        wanted = asked.texts(body, FIELD) if FIELD in body else self._properties
        for one in wanted or ():
            _check(one)
        if REDIRECTS in body:
            _check_redirects(asked.texts(body, REDIRECTS))
        super().set({name: value for name, value in body.items() if name != FIELD})
        self._properties = wanted

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), FIELD: self.url_properties}


def _covers(owned: str, url: str, host: str) -> bool:
    if "://" in owned:
        return url.startswith(owned)
    return host == owned or host.endswith(f".{owned}")


def _check_redirects(uris: tuple[str, ...]) -> None:
    """Raises AskedError for what Login Kit doesn't let register (LKW; on loopback LKD)."""
    if len(uris) > MOST_REDIRECTS:
        raise asked.AskedError(f"There may be {MOST_REDIRECTS} redirect addresses.")
    for one in uris:
        if not _is_placed(one) or "?" in one or "#" in one or len(one) > LONGEST_REDIRECT:
            raise asked.AskedError(
                f"{one!r} must be https, or on this machine with a port; short, without query and fragment."
            )


def _is_placed(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return False
    return port is not None if parts.hostname in LOOPBACK else parts.scheme == "https"


def _check(owned: str) -> None:
    """Raises AskedError for what the portal would not take."""
    parts = urlsplit(owned)
    if "://" not in owned:
        if "/" in owned or "." not in owned:
            raise asked.AskedError(f"{owned!r} is neither a domain nor a prefix.")
        return
    near = parts.hostname in LOOPBACK
    number = (parts.hostname or "").replace(".", "").isdecimal()
    if not owned.endswith("/") or ((parts.scheme != "https" or number) and not near):
        raise asked.AskedError(f"{owned!r} must be an https prefix with a host name, ending with a slash.")
