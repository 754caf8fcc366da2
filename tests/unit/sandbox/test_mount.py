"""Every kind of trouble, met over real HTTP by a client of a tiny emulator."""

import httpx
import pytest
from aiohttp import web

from sandbox.emulator import Covered, Route, World
from sandbox.faults import Fault
from sandbox.mount import mount


class Tiny:
    """Counts its visits, so that a test sees whether the effect happened."""

    name = "tiny"

    def __init__(self, world):
        self.visits = 0

    def routes(self):
        return [
            Route("GET", "/tiny.example/count", "tiny.count", self.count),
            Route("GET", "/tiny.example/crash", "tiny.crash", self.crash),
            Route("GET", "/tiny.example/away", "tiny.away", self.away),
        ]

    def coverage(self):
        return [Covered("GET /tiny.example/count", "supported", "")]

    def control_routes(self):
        return [web.get("/_sandbox/tiny", self.count)]

    def refusal(self, operation, fault):
        return web.json_response(
            {"error": fault.code or "slow down"}, status=429 if fault.what == "throttle" else 400
        )

    async def count(self, request):
        self.visits += 1
        return web.json_response({"visits": self.visits, "padding": "x" * 200})

    async def crash(self, request):
        raise RuntimeError("a bug of the emulator")

    async def away(self, request):
        raise web.HTTPFound("/_sandbox/tiny")


@pytest.fixture
async def tiny():
    world = World("http://127.0.0.1", "http://127.0.0.1")
    emulator, app = Tiny(world), web.Application()
    mount(app, emulator, world)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with httpx.AsyncClient(base_url=url, timeout=0.3) as http:
        yield emulator, world, http
    await runner.cleanup()


async def met(tiny, what, **details):
    """The answer, or the client's exception, of one request that meets this fault; then the journal's last word."""
    _, world, http = tiny
    world.faults.add(Fault("tiny.count", what, **details))
    try:
        answer = await http.get("/tiny.example/count")
    except httpx.HTTPError as failure:
        answer = failure
    return answer, world.journal.entries()[-1] if world.journal.count else None


async def test_without_trouble_it_answers_and_is_written_down(tiny):
    _, world, http = tiny
    assert (await http.get("/tiny.example/count?token=secret")).json()["visits"] == 1
    (entry,) = world.journal.entries()
    assert (entry.operation, entry.path, entry.status, entry.outcome) == (
        "tiny.count",
        "/tiny.example/count",
        200,
        "ok",
    )
    assert entry.to_json()["at"].endswith("+00:00")


async def test_refuse(tiny):
    answer, entry = await met(tiny, "refuse", code="gone")
    assert (answer.status_code, answer.json(), tiny[0].visits) == (400, {"error": "gone"}, 0)
    assert entry.fault == "refuse"


async def test_throttle(tiny):
    answer, _ = await met(tiny, "throttle")
    assert (answer.status_code, tiny[0].visits) == (429, 0)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_delay_outlasts_the_patience_of_the_client(tiny, when):
    answer, _ = await met(tiny, "delay", seconds=30, when=when)
    assert isinstance(answer, httpx.ReadTimeout)
    assert tiny[0].visits == (1 if when == "after" else 0)
    tiny[1].clock.advance(30)


async def test_a_short_delay_is_only_late(tiny):
    answer, _ = await met(tiny, "delay", seconds=0.05, when="after")
    assert answer.json()["visits"] == 1


@pytest.mark.parametrize(("what", "visits"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_answers_nothing(tiny, what, visits):
    answer, entry = await met(tiny, what)
    assert isinstance(answer, httpx.RemoteProtocolError | httpx.ReadError)
    assert tiny[0].visits == visits
    assert (entry.status, entry.outcome, entry.fault) == (0, "dropped", what)


async def test_reset(tiny):
    answer, _ = await met(tiny, "reset")
    assert isinstance(answer, httpx.ReadError)
    assert tiny[0].visits == 0


async def test_slow_dribbles_the_whole_answer(tiny):
    answer, entry = await met(tiny, "slow", seconds=0.2)
    assert answer.json()["visits"] == 1
    assert entry.took_ms >= 150


async def test_corrupt_spoils_the_answer_though_the_effect_happened(tiny):
    answer, entry = await met(tiny, "corrupt")
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    assert (answer.status_code, tiny[0].visits, entry.outcome) == (200, 1, "corrupted")


async def test_control_routes_meet_no_trouble_and_no_journal(tiny):
    _, world, http = tiny
    world.faults.add(Fault("tiny", "reset", times=-1))
    assert (await http.get("/_sandbox/tiny")).status_code == 200
    assert world.journal.count == 0


async def test_a_bug_of_the_emulator_is_written_down_as_one(tiny, caplog):
    assert (await tiny[2].get("/tiny.example/crash")).status_code == 500
    assert tiny[1].journal.entries()[-1].outcome == "crashed"


async def test_a_raised_redirect_is_an_answer(tiny):
    assert (await tiny[2].get("/tiny.example/away")).status_code == 302
    assert tiny[1].journal.entries()[-1].outcome == "ok"
