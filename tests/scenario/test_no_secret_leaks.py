"""Nothing that opens anything is ever written where it can be read: searched for in all that a whole story leaves behind.

What the emulators minted is searched for literally; the platforms' tokens look as they do in real life.
"""

import gc
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.journey import Journey, Page, button
from sandbox.seed import VELO
from tests.scenario.scene import AGENCY, VELO_CHANNEL, Scene, attempt
from tests.scenario.stage import Stage, stage_of_processes

PEOPLE = ("requester", "manager", "on-call", "outsider")
COMMANDS = (
    "help",
    "status",
    "status all",
    "diagnose",
    "history",
    "settings",
    "unlink",
    "nonsense",
    "status Nobody",
)
OURS = ("bot.", "core.", "storage.")


class Story:
    """Walks every way there is, keeping every page and every secret of ours that it comes across."""

    def __init__(self, people: Journey) -> None:
        self._people = people
        self.pages: list[str] = []
        self.ours: set[str] = set()

    async def walk(self) -> None:
        people = self._people
        self._keep(await people.install())
        await people.set_up("manager", VELO_CHANNEL, VELO)
        for platform in ("tiktok", "instagram"):
            for account in ("velo.fanpage", "velowerk", "velowerk"):
                await self._link(platform, account)
        await self._meet_trouble()
        for user in ("requester", "manager"):
            for command in COMMANDS:
                await people.answer(user, VELO_CHANNEL, command)
            await people.call("POST", "people/home", {"user": user})
        await people.call("POST", "accounts/tiktok/velowerk", {"remove_app": True})
        await people.sees("requester", VELO_CHANNEL, lambda each: bool(button(each, "link.relink")))
        plan = await people.answer("manager", VELO_CHANNEL, "unlink instagram")
        await people.click("manager", VELO_CHANNEL, plan, "unlink.confirm")
        await people.call("POST", "accounts/instagram/velowerk", {"remove_app": True})
        await people.call("POST", "accounts/instagram/velowerk", {"request_deletion": True})

    async def _link(self, platform: str, account: str) -> Page:
        people = self._people
        address = await people.connect_address("requester", VELO_CHANNEL, f"link {platform}")
        self.ours.add(address.rpartition("/")[2])
        async with people.browser() as browser:
            self._keep(await browser.get(address))
            begun = await attempt(browser, address, account)
            self.ours |= set(parse_qs(urlsplit(begun.callback).query)["state"])
            page = self._keep(await begun.arrive())
            self._keep(await begun.arrive())  # once more: refused
            self._keep(await browser.get(address))
        return page

    async def _meet_trouble(self) -> None:
        """Every kind of failure, so that every kind of error line is written."""
        for platform, fault in (
            ("tiktok", {"where": "tiktok.oauth.token", "what": "refuse", "code": "invalid_grant"}),
            ("tiktok", {"where": "tiktok.oauth.token", "what": "corrupt"}),
            ("tiktok", {"where": "tiktok.user_info", "what": "refuse", "code": "access_token_invalid"}),
            ("tiktok", {"where": "tiktok", "what": "throttle", "times": 3}),
            ("instagram", {"where": "instagram.oauth.short", "what": "drop_after"}),
            ("instagram", {"where": "instagram.oauth.long", "what": "corrupt"}),
            ("instagram", {"where": "instagram.me", "what": "refuse", "code": "190"}),
        ):
            await self._people.call("POST", "faults", fault)
            await self._link(platform, "velowerk")
            await self._people.call("DELETE", "faults")

    def _keep(self, page: Page) -> Page:
        self.pages.append(page.html)
        return page


async def _shown(people: Journey) -> dict[str, str]:
    """Everything that anybody sees in Slack, by person."""
    shown = {}
    for user in PEOPLE:
        places = await people.call("GET", "workspace", user=user)
        messages = [await people.messages(user, each["id"]) for each in places["channels"]]
        shown[f"what {user} sees"] = str([messages, await people.call("GET", "views", user=user)])
    return shown


def _files(folder: Path) -> dict[str, str]:
    """Every file there: the database with what is still beside it, and the log."""
    paths = [each for each in folder.rglob("*") if each.is_file()]
    return {each.name: each.read_bytes().decode("latin-1") for each in paths}


def _found(secrets: Iterable[str], places: Mapping[str, str]) -> list[str]:
    """Where something was found, not what."""
    return [
        f"{secret[:8]}… in {place}" for secret in secrets for place, text in places.items() if secret in text
    ]


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Stage]:
    """Bot and sandbox in processes of their own, as README says, with the settings that the sandbox prints."""
    async with stage_of_processes(tmp_path) as opened:
        yield opened


@pytest.mark.timeout(300)
async def test_in_pages_messages_logs_commands_and_files(alone: Stage):
    await alone.people.call("POST", "switches/slack", {"rates": "off"})
    bot = await alone.start(log_level="debug")
    story = Story(alone.people)
    await story.walk()
    printed = {words: await alone.run(*words.split()) for words in ("status --json", "history --json")}
    shown = await _shown(alone.people)
    files = {f"{name} of a running bot": text for name, text in _files(alone.folder).items()}
    await bot.stop()

    minted = await alone.people.call("GET", "minted")
    files |= _files(alone.folder)
    assert any("crosslink.db-wal" in name for name in files)
    assert any("DEBUG" in text.upper() for text in files.values())
    assert "Velo Werk" in printed["status --json"]
    pages = {"a page": "\n".join(story.pages)}
    journal = {"the journal": str(await alone.people.call("GET", "journal"))}
    assert len(minted) > 50
    assert _found(minted, {**shown, **printed, **files, **pages, **journal}) == []
    assert _found(story.ours, {**printed, **files, **pages, **journal}) == []


async def test_in_the_repr_of_anything_alive(linked: Scene):
    await linked.people.link("requester", VELO_CHANNEL, "tiktok", "velo.fanpage")
    async with linked.demo.runtime.desk.work.reading() as unit:
        held = [
            await unit.credentials.of(each.id) for each in await unit.connections.of_workspace("T0AGENCY")
        ]
        (waiting,) = await unit.invitations.unsettled(AGENCY, (await linked.half()).connection.id)
        sealed = [*held, waiting, await unit.credentials.held(waiting.id)]
    alive = {f"{type(each).__module__}.{type(each).__qualname__}": repr(each) for each in _alive()}
    alive |= {f"sealed {number}": repr(each) for number, each in enumerate(sealed)}
    assert len(alive) > 40
    assert _found(linked.demo.sandbox.world.mint.minted(), alive) == []


def _alive() -> list[object]:
    """Every object of our packages that exists now."""
    return [each for each in gc.get_objects() if str(type(each).__module__).startswith(OURS)]
