"""Waiting for deliveries, where a process would go on."""

import asyncio

from core.usecases.publishing import Publishing


async def landed(publishing: Publishing) -> None:
    """Wait until nothing that is in flight now is any more."""
    if publishing._flights:
        await asyncio.wait(set(publishing._flights))
