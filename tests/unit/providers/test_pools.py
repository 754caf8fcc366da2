"""Connections to platforms."""

import sys

import pytest
from httpcore._synchronization import current_async_library

from core.providers.pools import Pools


async def test_what_httpcore_would_like_to_have_is_not_searched_for_in_each_call(
    monkeypatch: pytest.MonkeyPatch,
):
    searched = []

    class Finder:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            searched.append(name)

    async with Pools():
        monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
        assert current_async_library() == "asyncio"
    assert searched == []
