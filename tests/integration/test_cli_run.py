"""`crosslink run`: how it begins, is asked after, and ends."""

import asyncio
import signal
from http import HTTPStatus
from pathlib import Path

import aiohttp

from bot.settings import variable
from tests.integration.shell import Shell
from tests.integration.site import Site


async def test_a_polite_kill_ends_a_running_bot_cleanly(told: tuple[Site, Shell], unused_port: int):
    shell = told[1]
    shell.environment |= {variable("port"): str(unused_port), variable("log_format"): "json"}
    process = await shell.start("run")
    try:
        await _healthy(f"http://127.0.0.1:{unused_port}/readyz")
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    assert out == b""
    assert b'"stopped"' in err


async def test_who_is_told_to_end_is_not_ready_before_it_stops_listening(
    told: tuple[Site, Shell], unused_port: int
):
    shell = told[1]
    shell.environment |= {variable("port"): str(unused_port), variable("leave_seconds"): "3"}
    process = await shell.start("run")
    address = f"http://127.0.0.1:{unused_port}/readyz"
    try:
        await _healthy(address)
        process.send_signal(signal.SIGTERM)
        said = await _leaving(address)
        await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
    assert said == ["This process is about to end."]
    assert process.returncode == 0


async def test_a_worker_tells_only_its_health(told: tuple[Site, Shell], unused_port: int):
    shell = told[1]
    shell.environment[variable("port")] = str(unused_port)
    process = await shell.start("run", "--role", "worker")
    try:
        assert (await _healthy(f"http://127.0.0.1:{unused_port}/healthz"))["role"] == "worker"
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{unused_port}/slack/events"
            assert (await session.post(url)).status == 404
    finally:
        process.terminate()
        await asyncio.wait_for(process.communicate(), 20)


async def test_a_taken_port_is_said(told: tuple[Site, Shell]):
    site, shell = told
    shell.environment[variable("port")] = site.base_url.rpartition(":")[2]
    ran = await shell.run("run")
    assert (ran.code, "can't be used" in ran.err) == (2, True)


async def test_a_folder_that_cant_be_used_is_named(told: tuple[Site, Shell], tmp_path: Path):
    shell = told[1]
    (tmp_path / "file").write_text("")
    shell.environment[variable("data_dir")] = str(tmp_path / "file" / "data")
    ran = await shell.run("run")
    assert (ran.code, f"{tmp_path}/file/data can't be used" in ran.err) == (2, True)


async def _healthy(url: str):
    """Wait until a process says that it is well."""
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return await answer.json()
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)


async def _leaving(url: str) -> list[str]:
    """Return why a process isn't ready, once it isn't."""
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        while True:
            async with session.get(url) as answer:
                if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
                    problems: list[str] = (await answer.json())["problems"]
                    return problems
