"""Rows as the status use case returns them, and a check of whatever views make of them."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from core.domain.account import Account, Platform
from core.domain.client import Client
from core.domain.connection import Connection
from core.domain.diagnosis import next_step
from core.domain.link import link_state
from core.domain.observation import Capability, Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.sides import Sides
from core.ports import Traits
from core.usecases.status import ClientStatus, ConnectionStatus
from sandbox.slack.blockkit import message_characters, problems_of_blocks, problems_of_view
from tests.builders import EVERYTHING, NOW, a_client, a_linked_connection

HOSTILE = (
    "<!channel> <!here> <@U0MANAGER> <https://evil.example|click>",
    "x" * 3000,
    "🧁" * 1500,
    "\u202eكعك\u202c <b>&amp;</b>",
    "*_~`bold`~_*\n> quoted\n```code```",
    "&" * 3000,
    "<" * 3000,
)
SHOUTS = ("<!channel>", "<!here>", "<!everyone>", "<https://evil")
names = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=3000)


def traits(platform: Platform, **changes: Any) -> Traits:
    offers = EVERYTHING if platform is Platform.TIKTOK else EVERYTHING - {Capability.PUBLISH_DRAFT}
    given: dict[str, Any] = {
        "provider": str(platform),
        "platform": platform,
        "permissions": (),
        "offers": offers,
        "sign_in_url": f"https://www.{platform}.com/login",
        "manage_url": f"https://www.{platform}.com/settings",
        "can_mint_client_link": False,
        "pushes_disconnect": True,
        "knows_expiry": True,
        "can_revoke": platform is Platform.TIKTOK,
        "has_dry_run": False,
        "replays_idempotently": False,
        "can_look_up": True,
    }
    return Traits(**given | changes)


def a_half(connection: Connection, client=None, at: datetime = NOW) -> ConnectionStatus:
    verdict = connection.verdict(at)
    return ConnectionStatus(
        connection=connection,
        verdict=verdict,
        step=next_step(verdict),
        expected=client.expected.get(connection.platform) if client else None,
        handle=connection.account.handle if connection.account else None,
        traits=traits(connection.platform),
    )


def a_row(client=None, *connections: Connection, at: datetime = NOW) -> ClientStatus:
    client = client or a_client()
    halves = dict.fromkeys(Platform)
    halves |= {each.platform: a_half(each, client, at) for each in connections}
    verdicts = [halves[each] and halves[each].verdict for each in (Platform.TIKTOK, Platform.INSTAGRAM)]
    return ClientStatus(client=client, link=link_state(*verdicts), connections=halves, at=at)


def broken(client: Client | None = None, platform: Platform = Platform.TIKTOK) -> Connection:
    """Return a connection whose owner removed the app."""
    linked = a_linked_connection(client, platform=platform)
    return linked.observed(Observation(grant=Grant.WITHDRAWN), at=NOW, now=NOW)


def a_linked_row(at: datetime = NOW, **changes: Any) -> ClientStatus:
    client = a_client(**changes)
    return a_row(client, *[a_linked_connection(client, platform=each) for each in Platform], at=at)


moments = st.integers(-400, 400).map(lambda days: NOW + timedelta(days=days, hours=days % 7))
sides = st.builds(
    Sides,
    credential=st.sampled_from(Credential),
    grant=st.sampled_from(Grant),
    visible=st.sampled_from(Visible),
    account=st.sampled_from(Standing),
    wanted=st.sampled_from(Wanted),
    granted=st.frozensets(st.sampled_from(Capability)),
    issued_at=st.none() | moments,
    access_expires_at=st.none() | moments,
    refresh_expires_at=st.none() | moments,
    proved_at=st.none() | moments,
)


@st.composite
def connections(draw, client, platform):
    account = draw(
        st.none() | st.builds(Account, platform=st.just(platform), id=names, handle=st.none() | names)
    )
    connection = Connection(
        id="cn_0123456789abcdef0123",
        workspace=client.workspace,
        client_id=client.id,
        platform=platform,
        provider=str(platform),
        created_at=NOW,
        account=account,
        sides=draw(sides),
    )
    return connection.judged(NOW)


@st.composite
def rows(draw):
    client = a_client(
        name=draw(names),
        expected={platform: draw(names) for platform in draw(st.sets(st.sampled_from(Platform)))},
    )
    halves = [draw(st.none() | connections(client, platform)) for platform in Platform]
    return a_row(client, *[each for each in halves if each])


def accepted(told: Any) -> str:
    """Hold a message or view against the validator and our own budget; return all of it as text."""
    if "type" in told:
        assert problems_of_view(told) == []
    else:
        assert problems_of_blocks(told["blocks"], "message") == []
        assert problems_of_blocks(told["blocks"], "modal") == []
        assert 0 < len(told["text"]) <= 3000
        assert message_characters(told["blocks"]) <= 12_000
    for text in marked_up(told):
        assert not [shout for shout in SHOUTS if shout in text]
    return json.dumps(told, ensure_ascii=False)


def marked_up(told: Any) -> Iterator[str]:
    """Every text in which Slack obeys markup: all but plain texts, which show what they hold."""
    if isinstance(told, list):
        for each in told:
            yield from marked_up(each)
    elif isinstance(told, dict):
        if told.get("type") != "plain_text" and isinstance(told.get("text"), str):
            yield told["text"]
        for each in told.values():
            yield from marked_up(each)


def buttons(told: Any) -> list[dict[str, Any]]:
    """Every button and menu of a message or view."""
    found = []
    for block in told["blocks"]:
        found += [*block.get("elements", []), *filter(None, [block.get("accessory")])]
    return [each for each in found if each["type"] in {"button", "overflow"}]


def labels(told: Any) -> list[str]:
    return [each["text"]["text"] for each in buttons(told) if each["type"] == "button"]
