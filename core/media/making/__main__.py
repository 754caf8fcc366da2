"""The process that makes one rendition: it waits for an order with two open descriptors, and ends with an outcome.

Orders and outcomes are lines of JSON on one socket. It has no network, no rights, and nothing else to open.
"""

import gc
import json
import os
import resource
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.media import confine

LINE = 0
"""The descriptor of the socket on which the order comes, and on which it says how far it is."""
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the process is told. Sizes in bytes, `cpu_seconds` over all its threads."""

    source: int
    target: int
    recipe: dict[str, Any]
    memory: int
    largest: int
    cpu_seconds: int


def main() -> None:
    """Make what the first line that comes asks for; end without a word where none comes."""
    confine.die_with_parent()
    confine.leave_network()
    # Loaded while there are still rights to read them, and after the network is gone.
    from core.domain import rendition  # noqa: PLC0415
    from core.media.making.work import work  # noqa: PLC0415
    from core.media.warm import warm_up  # noqa: PLC0415

    warm_up()
    confine.give_up_rights()
    confine.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    order = _order()
    if order is None:
        return
    _limit(order)
    say(
        work(
            order.source,
            order.target,
            _recipe(order.recipe, rendition),
            lambda share: say({"progress": share}),
        )
    )


def _order() -> Order | None:
    with socket.socket(fileno=os.dup(LINE)) as line:
        said, files, _, _ = socket.recv_fds(line, _PIECE, 2)
        while said and not said.endswith(b"\n"):
            more = line.recv(_PIECE)
            said = said + more if more else b""
    return Order(source=files[0], target=files[1], **json.loads(said)) if said else None


def say(told: dict[str, Any]) -> None:
    """Write one line to whoever waits."""
    os.write(LINE, json.dumps(told).encode() + b"\n")


def _limit(order: Order) -> None:
    """Bound memory, time and output; nothing further can be opened, whatever a file talks the decoders into."""
    for what, value in (
        (resource.RLIMIT_AS, order.memory),
        (resource.RLIMIT_CPU, order.cpu_seconds),
        (resource.RLIMIT_FSIZE, order.largest),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        with suppress(OSError, ValueError):
            hard = resource.getrlimit(what)[1]
            bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(what, (bound, bound))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _recipe(told: dict[str, Any], of: Any) -> Any:
    picture, sound, cut, still = (told[name] for name in ("picture", "sound", "cut", "still"))
    return of.Recipe(
        picture=of.Picture(**picture | {"rate": Fraction(picture["rate"])}) if picture else None,
        sound=of.Sound(**sound) if sound else None,
        cut=of.Cut(**cut) if cut else None,
        still=of.Still(**still) if still else None,
    )


if __name__ == "__main__":
    main()
