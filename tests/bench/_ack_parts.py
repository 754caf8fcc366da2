"""Where the time of an ack goes: each part of the path by itself, on requests of its own."""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import cast
from urllib.parse import urlencode

from aiohttp import web
from rich.table import Table
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.app import Answers
from sandbox.slack.bot import signed
from tests.integration.site import FORM, Site, a_command

BATCH = 300
BATCHES = 7

Part = Callable[[int], Awaitable[object]]


class Parts:
    """The steps of one request after the other, over a batch of signed `/crosslink help`."""

    def __init__(self, site: Site, batch: int) -> None:
        self._runtime = site.runtime
        forms = [a_command("help", trigger_id=f"{batch}.{number}.p") for number in range(BATCH)]
        self._bodies = [urlencode(form).encode() for form in forms]
        self._headers = [signed(body, time.time()) for body in self._bodies]
        self._asked: list[AsyncBoltRequest] = []
        self._answers: list[BoltResponse] = []

    async def check(self, number: int) -> None:
        assert self._runtime.guard
        assert self._runtime.guard.check(self._headers[number], self._bodies[number]) is None

    async def read(self, number: int) -> None:
        kind = {"content-type": FORM}
        self._asked.append(AsyncBoltRequest(body=self._bodies[number].decode(), headers=kind))  # type: ignore[arg-type]

    async def bolt(self, number: int) -> None:
        self._answers.append(await self._runtime.slack.async_dispatch(self._asked[number]))

    async def ours(self, number: int) -> None:
        asked = self._asked[number]
        await cast("Answers", self._runtime.slack._async_middleware_list[-1]).dispatch.answer(
            asked.context, asked.body
        )

    async def respond(self, number: int) -> None:
        answer = self._answers[number]
        web.Response(status=answer.status, body=answer.body.encode(), headers={"Content-Type": FORM})
        self._runtime.metrics.requests.labels("200").inc()
        self._runtime.metrics.ack.observe(0.001)


async def _microseconds(part: Part) -> float:
    began = time.process_time()
    for number in range(BATCH):
        await part(number)
    return (time.process_time() - began) / BATCH * 1e6


async def where_the_rest_goes(site: Site) -> Table:
    """Return the table: microseconds of CPU of each step of a help's ack."""
    rows: list[Sequence[float]] = []
    for batch in range(BATCHES):
        parts = Parts(site, batch)
        steps = (parts.check, parts.read, parts.bolt, parts.ours, parts.respond)
        rows.append([await _microseconds(step) for step in steps])
    check, read, bolt, ours, respond = (statistics.median(column) for column in zip(*rows, strict=True))
    table = Table(title="Where the time of a help's ack goes, CPU µs", title_justify="left", box=None)
    table.add_column()
    table.add_column(justify="right")
    for name, spent in (
        ("signature, time, replay (ours)", check),
        ("parsing the form, its ids (Bolt's request)", read),
        ("a client, authorization, middleware (Bolt's app)", bolt - ours),
        ("finding and writing the answer (ours)", ours),
        ("aiohttp's response, metrics", respond),
        ("together, beside the web server's own", check + read + bolt + respond),
    ):
        table.add_row(name, f"{spent:.0f}")
    return table
