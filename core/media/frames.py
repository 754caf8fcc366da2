"""What travels between the bot and the limited process: a letter, a length, a payload."""

import json
import socket
import struct
from dataclasses import asdict
from typing import Any

REQUEST, WANT, DATA, OWN, AV = b"Q", b"R", b"D", b"O", b"P"
LARGEST_ANSWER = 1 << 20
HEAD = struct.Struct(">cI")
PLACE = struct.Struct(">QI")


def pack(letter: bytes, payload: bytes) -> bytes:
    """Return a frame."""
    return HEAD.pack(letter, len(payload)) + payload


def answer(letter: bytes, value: Any) -> bytes:
    """Return a frame with a dataclass as JSON."""
    return pack(letter, json.dumps(asdict(value), separators=(",", ":"), allow_nan=False).encode())


def receive(peer: socket.socket) -> tuple[bytes, bytes]:
    """Wait for one frame. Raises EOFError where the other side is gone."""
    letter, length = HEAD.unpack(_exactly(peer, HEAD.size))
    return letter, _exactly(peer, length)


def _exactly(peer: socket.socket, length: int) -> bytes:
    parts, left = [], length
    while left:
        part = peer.recv(min(left, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
