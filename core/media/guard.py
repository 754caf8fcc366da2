"""Which addresses a person may have us fetch from: https, public, and the very address that was checked.

Whoever gives a URL would like our server to ask on their behalf. So a host is looked up once, every address it has
must be public, and the connection goes to one of those addresses: nothing is looked up again that could by
then answer something else. A redirect begins from the start.
"""

import asyncio
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Protocol

import httpx

from core.domain.refusals import Refusal

Address = IPv4Address | IPv6Address

LONGEST = 2000
LONGEST_HOST = 253
HIGHEST_PORT = 65535
PORTS = frozenset({443, 8443})
MOST_ADDRESSES = 16
LOOKUP_SECONDS = 5.0
QUOTED = 120

_NOT_PUBLIC_4 = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind carriers' translation, and some clouds' metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services, on a public address
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays from 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_PUBLIC_6 = ip_network("2000::/3")
"""The only part of IPv6 that is given out. Outside: loopback, link-local, unique local, mapped, NAT64, multicast."""
_NOT_PUBLIC_6 = tuple(
    ip_network(each)
    for each in (
        "2001::/23",  # Teredo, benchmarking, identifiers: anything but hosts
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address inside
        "3fff::/20",
    )
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")
"""Last parts of names that never belong to the public internet."""


class Addresses(Protocol):
    """What the guard knows about the network: the seam by which a test opens exactly its own server."""

    async def of(self, host: str) -> Sequence[Address]:
        """Reads a host's addresses, once. Raises OSError where there are none."""

    def allows(self, address: Address, port: int) -> bool:
        """Reads whether we may connect there."""


class PublicInternet:
    """Keeps Addresses with the machine's resolver and the rule: public, on the ports of https."""

    async def of(self, host: str) -> Sequence[Address]:
        """Reads a host's addresses; the full stop at the end keeps the machine's search domains out."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(LOOKUP_SECONDS):
            found = await loop.getaddrinfo(f"{host}.", None, type=socket.SOCK_STREAM)
        return [ip_address(each[4][0]) for each in found]

    def allows(self, address: Address, port: int) -> bool:
        """Reads whether an address is public and the port one of https."""
        return port in PORTS and is_public(address)


def is_public(address: Address) -> bool:
    """Return whether an address belongs to a host on the public internet, and to no part of ours or a cloud's."""
    if isinstance(address, IPv4Address):
        return not any(address in each for each in _NOT_PUBLIC_4)
    return (
        address.scope_id is None
        and address in _PUBLIC_6
        and not any(address in each for each in _NOT_PUBLIC_6)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A URL with the addresses it was checked for. Connections go to these, whatever its host says later."""

    url: httpx.URL
    addresses: tuple[Address, ...]

    @property
    def host_header(self) -> str:
        """The host as the server expects to be named."""
        return self.url.netloc.decode("ascii")

    @property
    def tls_name(self) -> str:
        """The name that the server's certificate must prove."""
        return self.url.raw_host.decode("ascii")

    def at(self, address: Address) -> httpx.URL:
        """Return the URL with the address in place of the name: what is really dialled."""
        return self.url.copy_with(host=str(address))


class Guard:
    """Checks URLs that people gave."""

    def __init__(self, addresses: Addresses | None = None) -> None:
        self._addresses: Addresses = addresses or PublicInternet()

    async def check(self, text: str) -> Pinned:
        """Return the URL with the addresses to connect to. Raises Refusal `url_…` with the reason."""
        url = _read(text)
        host = url.raw_host.decode("ascii").removesuffix(".")
        port = url.port or 443
        addresses = await self._find(host)
        for each in addresses:
            if not self._addresses.allows(each, port):
                raise Refusal("url_port" if self._is_only_port(each, port) else "url_not_public", host=host)
        return Pinned(url=url.copy_with(host=host), addresses=tuple(addresses))

    def _is_only_port(self, address: Address, port: int) -> bool:
        return port not in PORTS and is_public(address)

    async def _find(self, host: str) -> Sequence[Address]:
        if literal := _literal(host):
            return [literal]
        _check_name(host)
        try:
            found = list(dict.fromkeys(await self._addresses.of(host)))
        except (OSError, UnicodeError):
            found = []
        if not found or len(found) > MOST_ADDRESSES:
            raise Refusal("url_unknown_host", host=host)
        return found


def shown(text: str) -> str:
    """Return a URL fit for a sentence or a log: without anything after a question mark, which may be a key."""
    return re.split(r"[?#]", text.strip(), maxsplit=1)[0][:QUOTED]


def _read(text: str) -> httpx.URL:
    """Parse as the client itself does, so that what is checked is what is asked."""
    typed = text.strip()
    try:
        url = httpx.URL(typed) if len(typed) <= LONGEST else None
    except (httpx.InvalidURL, ValueError):
        url = None
    if url is None or not url.raw_host or (url.port or 1) > HIGHEST_PORT:
        raise Refusal("url_unreadable", typed=shown(typed))
    if url.scheme != "https":
        raise Refusal("url_not_https", typed=shown(typed))
    if url.userinfo:
        raise Refusal("url_credentials")
    return url.copy_with(fragment=None)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _check_name(host: str) -> None:
    """Refuse names that some resolvers read as numbers (0x7f.1, 2130706433, 127.1), and names of inner networks."""
    labels = host.split(".")
    if len(host) > LONGEST_HOST or _NUMBER.fullmatch(labels[-1]) or not all(map(_LABEL.fullmatch, labels)):
        raise Refusal("url_odd_host", host=host[:QUOTED])
    if len(labels) == 1 or any(host == each or host.endswith(f".{each}") for each in _INSIDE):
        raise Refusal("url_not_public", host=host[:QUOTED])
