"""Linking as people see it: the private button, what came of the attempt, and short news for the channel.

A personal link stands only in a private message or modal, never in what a channel sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block, Element, Message
from bot.views.text import bold, esc, handle, mention, name
from bot.views.words import dates
from bot.views.words.names import PLATFORM
from bot.views.words.outcome import Attempt, Said, said
from core.domain.account import Platform
from core.domain.client import Client
from core.domain.invitation import Invitation, InvitationStep, LinkOutcome

_DONE = frozenset({LinkOutcome.LINKED, LinkOutcome.RELINKED, LinkOutcome.ADOPTED})
_FEWER = frozenset({LinkOutcome.FEWER_PERMISSIONS, LinkOutcome.TOO_FEW_PERMISSIONS})
_DECIDED = frozenset({LinkOutcome.ADOPTED, LinkOutcome.WRONG_ACCOUNT_DROPPED})
WAITING = frozenset({LinkOutcome.WRONG_ACCOUNT, LinkOutcome.UNNAMED_ACCOUNT})
"""After these an account is held aside until somebody decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalLink:
    """A person's own way to the connect page of one platform."""

    platform: Platform
    invitation: str
    url: str
    relink: bool
    expires_at: datetime


def link_message(client: Client, links: Sequence[PersonalLink]) -> Message:
    """The private buttons, one per platform. Also good in a modal (`blocks.message_modal`)."""
    platforms = " and ".join(PLATFORM[each.platform] for each in links)
    return blocks.message(
        f"Your private link to connect {platforms} for {esc(name(client.name))}.",
        [
            blocks.section(f"*Link {platforms} for* {bold(client.name)}\nThese buttons are yours alone."),
            *[_link(client, each, alone=len(links) == 1) for each in links],
            blocks.context(
                "Be signed in to the right account first",
                f"Good until {dates.time_of_day(links[0].expires_at)}",
            ),
        ],
    )


def _link(client: Client, link: PersonalLink, *, alone: bool) -> Block:
    platform = PLATFORM[link.platform]
    expected = handle(client.expected.get(link.platform))
    awaited = f"Sign in as {esc(expected)}." if expected else "Sign in to the client's account."
    label = f"{'Relink' if link.relink else 'Link'} {platform}"
    press = blocks.url_button(
        label,
        Action.LINK_OPEN_PAGE,
        link.url,
        ids.InvitationValue(invitation=link.invitation),
        style="primary" if alone else None,
        about=name(client.name),
    )
    return blocks.section(f"*{platform}*\n{awaited}", press)


def result_message(
    attempt: Attempt, client: Client, invitation: Invitation, *, again: bool = True
) -> Message:
    """What came of an attempt, for the person who tried: it takes the place of their private button.

    Without `again` nothing is left to press: they have a newer button already.
    """
    told = said(attempt)
    held = attempt.outcome in WAITING
    return blocks.message(
        esc(f"{told.title}. {told.body}"),
        [
            *said_blocks(told, done=attempt.outcome in _DONE),
            *([blocks.context(f"Held until {dates.time_of_day(invitation.expires_at)}")] if held else []),
            *blocks.actions(*(_result_buttons(attempt, client, invitation) if again else [])),
        ],
    )


def said_blocks(told: Said, *, done: bool = False) -> list[Block]:
    """A headline with its body and points."""
    text = f"{'✅ ' if done else ''}{bold_line(told.title)}\n{esc(told.body)}"
    points = "\n".join(f"• {esc(each)}" for each in told.points)
    return [blocks.section(text), *([blocks.section(points)] if points else [])]


def bold_line(text: str) -> str:
    """A whole headline in bold, escaped."""
    return f"*{esc(text).replace('*', '∗')}*"


def _result_buttons(attempt: Attempt, client: Client, invitation: Invitation) -> list[Element]:
    if attempt.outcome in _DONE:
        return []
    again = ids.LinkValue(client=client.id, platforms=(attempt.platform,))
    buttons = [blocks.button("Try Again", Action.LINK_TRY_AGAIN, again, style="primary")]
    return buttons + (
        _decision(attempt, client, invitation) if invitation.step is InvitationStep.HELD else []
    )


def _decision(attempt: Attempt, client: Client, invitation: Invitation) -> list[Element]:
    value = ids.InvitationValue(invitation=invitation.id)
    found = attempt.who or "the account that came"
    adopt = blocks.confirm(
        "Adopt this account?",
        f"From now on {esc(found)} stands for {esc(name(client.name))} on {PLATFORM[attempt.platform]}.",
        "Adopt Account",
        "Go Back",
    )
    return [
        blocks.button("Adopt Account", Action.LINK_ADOPT, value, confirm=adopt),
        blocks.button("Let It Go", Action.LINK_DECLINE, value),
    ]


def channel_news(attempt: Attempt, client: Client, invitation: Invitation) -> Message | None:
    """What the whole channel should know of an attempt; None where it is nobody else's business."""
    if attempt.outcome in _DECIDED:
        return decided_message(attempt, client, invitation)
    sentence = _news(attempt, client, mention([invitation.person]))
    if sentence is None:
        return None
    buttons: list[Element] = []
    if attempt.outcome in _FEWER | WAITING:
        buttons = _result_buttons(attempt, client, invitation)
    return blocks.message(sentence, [blocks.section(sentence), *blocks.actions(*buttons)])


def _news(attempt: Attempt, client: Client, who: str) -> str | None:
    platform, brand = PLATFORM[attempt.platform], bold(client.name)
    found = esc(attempt.who) or "an account"
    match attempt.outcome:
        case LinkOutcome.LINKED:
            return f"✅ {who} linked {platform} {found} for {brand}."
        case LinkOutcome.RELINKED:
            return f"✅ {who} relinked {platform} {found} for {brand}. It works again."
        case LinkOutcome.FEWER_PERMISSIONS:
            return f"⚠️ {who} linked {platform} {found} for {brand}, with fewer permissions than it needs."
        case LinkOutcome.TOO_FEW_PERMISSIONS:
            return (
                f"⚠️ {who} came back from {platform} for {brand} with fewer permissions than it needs. "
                "Nothing was linked."
            )
        case LinkOutcome.WRONG_ACCOUNT:
            return f"⚠️ {who} came back from {platform} as {found}, but {_asking(attempt, client)}"
        case LinkOutcome.UNNAMED_ACCOUNT:
            calls = f" that calls itself “{esc(attempt.who)}”" if attempt.who else ""
            return (
                f"⚠️ {who} came back from {platform} as an account{calls} and shows no handle, "
                f"but {_asking(attempt, client)}"
            )
        case _:
            return None


def _asking(attempt: Attempt, client: Client) -> str:
    expected = esc(handle(attempt.expected)) or "another account"
    ask = f" {mention(client.managers)} can adopt it." if client.managers else ""
    return f"{bold(client.name)} expects {expected}.{ask}"


def decided_message(attempt: Attempt, client: Client, invitation: Invitation) -> Message:
    """What stands in place of the buttons once it is decided about a held account: how, by whom and when."""
    found, platform, brand = esc(attempt.who) or "The account", PLATFORM[attempt.platform], bold(client.name)
    by = mention([invitation.decided_by]) if invitation.decided_by else ""
    match attempt.outcome:
        case LinkOutcome.ADOPTED:
            sentence, how = f"✅ {found} now stands for {brand} on {platform}.", f"Adopted by {by}"
        case LinkOutcome.WRONG_ACCOUNT_DROPPED:
            sentence = f"{found} was let go and not linked to {brand} on {platform}."
            how = f"Let go by {by}" if by else "Nobody decided in time"
        case LinkOutcome.ACCOUNT_IN_USE:
            sentence = f"{found} was not linked to {brand} on {platform}: it belongs to another client here."
            how = f"Tried by {by}"
        case _:
            sentence, how = f"{found} on {platform} no longer waits for a decision for {brand}.", ""
    when = dates.moment(invitation.settled_at) if invitation.settled_at else ""
    return blocks.message(sentence, [blocks.section(sentence), blocks.context(how, when)])


def relinked_line(attempt: Attempt, client: Client, invitation: Invitation) -> str:
    """Who relinked it, for the thread of what that ended."""
    found = f" {esc(attempt.who)}" if attempt.who else ""
    return f"{mention([invitation.person])} relinked {PLATFORM[attempt.platform]}{found} for {bold(client.name)}."
