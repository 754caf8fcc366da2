"""The limited process. Started with one end of a socket; keeps PyAV loaded and forks one child for each file.

A child gets its file as an open descriptor, or asks for ranges of one over its own socket. It never gets a name.
"""

import gc
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

from core.media import confine, frames
from core.media.answers import AvFacts, Own
from core.media.ends import is_cut
from core.media.images import read_image
from core.media.iso import read_iso
from core.media.sniff import HEAD, sniff
from core.media.window import Excess, Fetch, Window

READY = b"!"
FORK, STAY = b"f", b"s"
"""One child for this file; or here, in the process that goes on."""
LARGEST_PICTURE = 40_000_000
"""Pixels beyond which a picture is not decoded at all: its header says what is needed."""
LARGEST_VIDEO = 8192 * 8192
REMOTE_BLOCK = 1 << 15
_LOCAL_BUDGET = 1 << 40


def main() -> None:
    """Serve until the other end of the socket closes."""
    confine.die_with_parent()
    confine.leave_network()
    from core.media.warm import warm_up  # noqa: PLC0415 - PyAV is loaded after the network is gone

    warm_up()  # while there are still rights to read what PyAV loads on first use: /root is nobody else's
    confine.give_up_rights()
    confine.die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        control.sendall(READY)
        while _serve(control):
            pass


def _serve(control: socket.socket) -> bool:
    """Take one file; False when there will be no more."""
    order, opened, _, _ = socket.recv_fds(control, 1, 2)
    if not order:
        return False
    if order == STAY:
        _answer(opened, is_alone=False)
    elif os.fork() == 0:
        control.close()
        _child(opened)
    for each in opened:
        os.close(each)
    return True


def _child(opened: list[int]) -> NoReturn:
    try:
        confine.die_with_parent()
        _answer(opened, is_alone=True)
    finally:
        os._exit(0)


def _answer(opened: list[int], *, is_alone: bool) -> None:
    """Read one file and say what is in it. Whatever goes wrong: what was answered before stays answered."""
    with suppress(EOFError, OSError, MemoryError), socket.socket(fileno=os.dup(opened[0])) as peer:
        _, payload = frames.receive(peer)
        request = json.loads(payload)
        if is_alone:
            limits = request["limits"]
            confine.limit(
                memory=limits["memory"],
                cpu_seconds=limits["cpu_seconds"],
                wall_seconds=limits["wall_seconds"],
            )
        window = _window(peer, opened, request)
        own = _read(window)
        peer.sendall(frames.answer(frames.OWN, own))
        if _may_decode(own):
            peer.sendall(frames.answer(frames.AV, _look(window)))


def _window(peer: socket.socket, opened: list[int], request: dict[str, int]) -> Window:
    size = request["size"]
    if len(opened) > 1:
        file = opened[1]
        return Window(lambda at, length: os.pread(file, length, at), size, budget=_LOCAL_BUDGET)
    return Window(_remote(peer), size, budget=request["budget"], block=REMOTE_BLOCK)


def _remote(peer: socket.socket) -> Fetch:
    def fetch(at: int, length: int) -> bytes:
        peer.sendall(frames.pack(frames.WANT, frames.PLACE.pack(at, length)))
        letter, data = frames.receive(peer)
        if letter != frames.DATA:
            raise EOFError
        return data

    return fetch


def _read(window: Window) -> Own:
    try:
        kind, family = sniff(window.read(0, HEAD))
        iso = read_iso(window) if kind in {"iso", "heic", "avif"} else None
        image = read_image(window, kind) if family == "image" else None
        cut = is_cut(window, kind)
    except Excess:
        return Own(sniffed="unknown", family="none", bytes_read=window.bytes_read)
    return Own(
        sniffed=kind,
        family=family,
        iso=iso,
        image=image,
        truncated=cut,
        bytes_read=window.bytes_read,
    )


def _may_decode(own: Own) -> bool:
    """False for what only says where something else is, and for pictures too large to be true."""
    if own.family in {"playlist", "page"} or own.sniffed == "empty":
        return False
    if own.image is not None and own.image.width * own.image.height > LARGEST_PICTURE:
        return False
    tracks = own.iso.tracks if own.iso else ()
    return all((each.width or 0) * (each.height or 0) <= LARGEST_VIDEO for each in tracks)


def _look(window: Window) -> AvFacts:
    from core.media.look import look  # noqa: PLC0415 - loaded by main, after the network is gone

    try:
        return look(window)
    except Exception as error:  # noqa: BLE001 - whatever a file makes of a decoder is an answer about that file
        return AvFacts(trouble=type(error).__name__, bytes_read=window.bytes_read)


if __name__ == "__main__":
    main()
