"""A file for tests of sources, and in which words one is refused."""

import pytest

from bot.views.words.source import source_trouble
from core.domain.refusals import Refusal

SIZE = 3_000_000


def content(offset, length):
    """A file whose every byte follows from its place."""
    end = min(offset + length, SIZE)
    return bytes((each * 7 + (each >> 8)) & 0xFF for each in range(offset, end))


WHOLE = content(0, SIZE)


def read(offset, length):
    return WHOLE[offset : offset + length]


async def refusal_of(origin):
    with pytest.raises(Refusal) as caught:
        async with origin.hold():
            pass
    said = source_trouble(caught.value.code, caught.value.facts)
    assert said
    assert "secret" not in said
    return caught.value.code
