"""Whom people mean by what they typed: a client by its name, its channel, or the handle of one of its accounts."""

import re
from collections.abc import Iterable, Sequence

from core.domain.account import Platform, read_handle
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.refusals import Refusal

_WORD = re.compile(r"\w+")


def meant(typed: str, clients: Sequence[Client], connections: Iterable[Connection]) -> Sequence[Client]:
    """Return the clients that may be meant, in their order: several only where a name or handle is not one's alone.

    A name counts before a channel, and that before a handle. A channel is given by its id, or called like its
    client (#velo-werk); a handle as people write it or as the profile's address, linked or expected. Whose account is
    another client's by now is not meant by it any more.
    """
    name, channel = " ".join(typed.split()).casefold(), typed.strip().removeprefix("#").casefold()
    named = [each for each in clients if each.name.casefold() == name]
    placed = [each for each in clients if each.channel.casefold() == channel]
    return named or placed or _alike(channel, clients) or _by_handle(typed, clients, connections)


def _alike(channel: str, clients: Sequence[Client]) -> Sequence[Client]:
    wanted = _WORD.findall(channel)
    return [each for each in clients if wanted and _WORD.findall(each.name.casefold()) == wanted]


def _by_handle(typed: str, clients: Sequence[Client], connections: Iterable[Connection]) -> Sequence[Client]:
    wanted = {(platform, _handle(platform, typed)) for platform in Platform}
    holding = [
        each
        for each in connections
        if each.account and (each.platform, (each.account.handle or "").casefold()) in wanted
    ]
    expecting = {
        each.id
        for each in clients
        if any((platform, name) in wanted for platform, name in each.expected.items())
    }
    users = {each.client_id for each in holding if each.is_in_use}
    former = {each.client_id for each in holding} - users
    found = users | (expecting - former) if users else former | expecting
    return [each for each in clients if each.id in found]


def _handle(platform: Platform, typed: str) -> str | None:
    try:
        return read_handle(platform, typed)
    except Refusal:
        return None
