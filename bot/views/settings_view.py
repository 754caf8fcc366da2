"""A client's settings, to read; the buttons open the forms for those who may change them."""

from datetime import datetime, timedelta

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.absence_view import TITLE, absence_lines, back_button
from bot.views.alerts_view import alert_lines
from bot.views.blocks import Message
from bot.views.text import bold, esc, handle, mention, name
from bot.views.words.dates import span
from bot.views.words.names import INTENT, PLATFORM
from bot.views.zones import label
from core.domain.account import Platform
from core.domain.client import ApprovalPolicy, Client

_NOBODY = "nobody yet"


def settings_message(client: Client, *, viewer: str, at: datetime) -> Message:
    """Everything that set-up asked for, who is away at a moment, and buttons to change it."""
    lines = (
        f"*Channel:* <#{client.channel}>",
        f"*Link is for:* {INTENT[client.intent]}",
        *[f"*{PLATFORM[each]}:* {_expected(client, each)}" for each in Platform],
        f"*Managers:* {mention(client.managers) or _NOBODY}",
        f"*On call:* {mention(client.oncall) or _NOBODY}",
        f"*Approvals:* {_approvals(client.policy)}",
        f"*Requests:* {_requests(client.policy)}",
        *[f"*{TITLE}:* {each}" for each in absence_lines(client, at)],
        f"*Time zone:* {esc(label(client.time_zone))}",
        alert_lines(client),
    )
    value, about = ids.ClientValue(client=client.id), name(client.name)
    is_away = any(each.manager == viewer for each in client.policy.away(at))
    buttons = (
        blocks.button("Edit Settings", Action.SETUP_OPEN, value, about=about),
        blocks.button("Edit Alerts", Action.ALERTS_OPEN, value, about=about),
        blocks.button(TITLE, Action.AWAY_OPEN, value, about=about),
        back_button(client, viewer, viewer) if is_away else None,
    )
    return blocks.message(
        f"Settings of {esc(name(client.name))}",
        [
            blocks.section(f"Settings of {bold(client.name)}"),
            blocks.section("\n".join(lines)),
            *blocks.actions(*buttons),
        ],
    )


def _expected(client: Client, platform: Platform) -> str:
    return esc(handle(client.expected.get(platform))) or "any account"


def _approvals(policy: ApprovalPolicy) -> str:
    needed = f"{policy.needed} for each post" if policy.needed else "all managers, for each post"
    own = "requesters may approve their own" if policy.self_approval else "never the requester's own"
    outside = f"from outside: {mention(policy.outsiders)}" if policy.outsiders else ""
    return ", ".join(filter(None, (needed, own, outside)))


def _requests(policy: ApprovalPolicy) -> str:
    pause = span(timedelta(hours=policy.remind_hours))
    reminders = f"approvers are reminded every {pause}" if policy.remind_hours else "nobody is reminded"
    return f"{reminders}, each ends after {span(timedelta(hours=policy.expire_hours))}"


def saved_news(client: Client, by: str, *, new: bool) -> Message:
    """News for the channel: a client was set up or changed, and what comes next for a new one."""
    who, brand = mention([by]), bold(client.name)
    if not new:
        text = f"{who} changed the settings of {brand}."
        return blocks.message(text, [blocks.context(text)])
    text = f"{who} set up {brand} in this channel. Next: link its accounts."
    link = ids.LinkValue(client=client.id, platforms=tuple(Platform))
    press = blocks.button("Link Accounts", Action.LINK_START, link, style="primary", about=name(client.name))
    return blocks.message(text, [blocks.section(text), *blocks.actions(press)])
