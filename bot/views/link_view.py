"""Linking as people see it: the private button, what came of the attempt, and short news for the channel.

A personal link stands only in a private message or modal, never in what a channel sees. That message is a slip: it
holds the buttons that were asked for at once, and each gives way to what came of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Block, Element, Message
from bot.views.text import bold, esc, handle, listed, mention, name
from bot.views.words import connection as why
from bot.views.words import dates
from bot.views.words.names import MARK, PLATFORM
from bot.views.words.outcome import Attempt, Said, said
from core.domain.account import Platform
from core.domain.client import Client
from core.domain.invitation import Invitation, InvitationStep, LinkOutcome
from core.domain.verdict import Reason, Verdict

_DONE = frozenset({LinkOutcome.LINKED, LinkOutcome.RELINKED, LinkOutcome.ADOPTED})
_DECIDED = frozenset({LinkOutcome.ADOPTED, LinkOutcome.WRONG_ACCOUNT_DROPPED})
WAITING = frozenset({LinkOutcome.WRONG_ACCOUNT, LinkOutcome.UNNAMED_ACCOUNT})
"""After these an account is held aside until somebody decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalLink:
    """A person's own way to the connect page of one platform.

    `account` is the one that is linked there, as people write it, and `verdict` how it stands; `proved_at` is when it
    was last seen to work.
    """

    platform: Platform
    invitation: str
    url: str
    relink: bool
    expires_at: datetime
    account: str = ""
    verdict: Verdict | None = None
    proved_at: datetime | None = None

    @property
    def works(self) -> bool:
        """True where there is nothing to do."""
        return self.verdict is not None and self.verdict.reason is Reason.WORKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one attempt. Without `again` they have a newer button already, so none is left to press.

    `may_adopt`: this person may decide about an account held aside; else they are told who does.
    """

    attempt: Attempt
    invitation: Invitation
    again: bool = True
    may_adopt: bool = True


Part = PersonalLink | Result
"""What a person's private message shows of one platform: the button, or what came of it."""


def slip_message(client: Client, parts: Sequence[Part], at: datetime) -> Message:
    """A person's private message: a button per platform, each in its turn giving way to what came of it.

    Without any part it says that a newer one took its place. Also good in a modal (`blocks.message_modal`).
    """
    if not parts:
        gone = f"A newer link for {bold(client.name)} has taken the place of this one."
        return blocks.message(gone, [blocks.section(gone)])
    links = [each for each in parts if isinstance(each, PersonalLink)]
    results = [each for each in parts if isinstance(each, Result)]
    shown = [] if results else [blocks.section(_offer(client, links))]
    for part in sorted(parts, key=_place):
        if isinstance(part, PersonalLink):
            shown.append(_link(client, part, at, alone=len(parts) == 1))
        else:
            shown += _result_blocks(part, client)
    if links:
        until = f"Good until {dates.time_of_day(min(each.expires_at for each in links))}"
        yours = "This button is yours alone" if len(links) == 1 else "These buttons are yours alone"
        shown.append(blocks.context(yours, "Be signed in to the right account first", until))
    told = [said(each.attempt) for each in results]
    text = " ".join(esc(f"{each.title}. {each.body}") for each in told)
    return blocks.message(text or _offer(client, links).replace("*", ""), shown)


def _place(part: Part) -> int:
    """The platforms have one order everywhere."""
    platform = part.platform if isinstance(part, PersonalLink) else part.attempt.platform
    return list(Platform).index(platform)


def _offer(client: Client, links: Sequence[PersonalLink]) -> str:
    """What the buttons are for: what works already needs none."""
    wanting = [each for each in links if not each.works]
    if wanting:
        verb = "Relink" if all(each.relink for each in wanting) else "Link"
        return f"*{verb} {listed(PLATFORM[each.platform] for each in wanting)} for* {bold(client.name)}"
    works = "works" if len(links) == 1 else "work"
    return f"*{listed(PLATFORM[each.platform] for each in links)} already {works} for* {bold(client.name)}"


def _link(client: Client, link: PersonalLink, at: datetime, *, alone: bool) -> Block:
    platform = PLATFORM[link.platform]
    label = f"{'Relink' if link.relink else 'Link'} {platform}"
    press = blocks.url_button(
        label,
        Action.LINK_OPEN_PAGE,
        link.url,
        ids.InvitationValue(invitation=link.invitation),
        style="primary" if alone and not link.works else None,
        about=name(client.name),
    )
    return blocks.section(_awaited(client, link, at), press)


def _awaited(client: Client, link: PersonalLink, at: datetime) -> str:
    """How the account stands that is linked there, and whom to sign in as; where there is nothing to do, that."""
    platform, verdict = PLATFORM[link.platform], link.verdict
    known, expected = esc(link.account), handle(client.expected.get(link.platform))
    sign_in = f"Sign in as {esc(expected)}." if expected else "Sign in to the client's account."
    if verdict is None:
        return f"*{platform}*\n{sign_in}"
    if not link.works:
        reason = why.reason(verdict.reason, link.platform)
        return f"{MARK[verdict.state]} *{platform}* {known}\n{reason} {sign_in}"
    checked = f", checked {dates.ago(link.proved_at, at)}" if link.proved_at else ""
    return (
        f"🟢 *{platform}* · {known or 'The account'} works{checked}.\n"
        "Nothing to do. Relink only to renew its access before it is due, with the same account."
    )


def _result_blocks(result: Result, client: Client) -> list[Block]:
    attempt, invitation = result.attempt, result.invitation
    held = attempt.outcome in WAITING
    until = f"Held until {dates.time_of_day(invitation.expires_at)}"
    decides = "" if result.may_adopt else f"To adopt it: {_deciding(client)}"
    return [
        *said_blocks(said(attempt), done=attempt.outcome in _DONE),
        *([blocks.context(until, decides)] if held else []),
        *blocks.actions(*(_result_buttons(result, client) if result.again else [])),
    ]


def _deciding(client: Client) -> str:
    """Who decides about an account held aside, and where they were asked to."""
    return f"{mention(client.managers) or 'a workspace admin'}, asked in <#{client.channel}>"


def said_blocks(told: Said, *, done: bool = False) -> list[Block]:
    """A headline with its body and points."""
    text = f"{'✅ ' if done else ''}{bold_line(told.title)}\n{esc(told.body)}"
    points = "\n".join(f"• {esc(each)}" for each in told.points)
    return [blocks.section(text), *([blocks.section(points)] if points else [])]


def bold_line(text: str) -> str:
    """A whole headline in bold, escaped."""
    return f"*{esc(text).replace('*', '∗')}*"


def _result_buttons(result: Result, client: Client) -> list[Element]:
    attempt, invitation = result.attempt, result.invitation
    if attempt.outcome in _DONE:
        return []
    again = ids.LinkValue(client=client.id, platforms=(attempt.platform,), slip=invitation.slip or None)
    buttons = [blocks.button("Try Again", Action.LINK_TRY_AGAIN, again, style="primary")]
    if invitation.step is not InvitationStep.HELD:
        return buttons
    adopt, let_go = _decision(attempt, client, invitation)
    return [*buttons, *([adopt] if result.may_adopt else []), let_go]


def _decision(attempt: Attempt, client: Client, invitation: Invitation) -> tuple[Element, Element]:
    """The two buttons that decide about an account held aside."""
    value = ids.InvitationValue(invitation=invitation.id)
    found = attempt.who or "the account that came"
    sure = blocks.confirm(
        "Adopt this account?",
        f"From now on {esc(found)} stands for {esc(name(client.name))} on {PLATFORM[attempt.platform]}.",
        "Adopt Account",
        "Go Back",
    )
    return (
        blocks.button("Adopt Account", Action.LINK_ADOPT, value, confirm=sure),
        blocks.button("Let It Go", Action.LINK_DECLINE, value),
    )


def channel_news(attempt: Attempt, client: Client, invitation: Invitation) -> Message | None:
    """What the whole channel should know of an attempt; None where it is nobody else's business."""
    if attempt.outcome in _DECIDED:
        return decided_message(attempt, client, invitation)
    sentence = _news(attempt, client, mention([invitation.person]))
    if sentence is None:
        return None
    shown = [blocks.section(sentence)]
    if attempt.outcome in WAITING:
        until = f"Held until {dates.time_of_day(invitation.expires_at)}, then it is let go"
        shown += [blocks.context(until), *blocks.actions(*_decision(attempt, client, invitation))]
    elif attempt.outcome is LinkOutcome.TOO_FEW_PERMISSIONS:  # with fewer it is linked, and has an alert
        shown += blocks.actions(*_result_buttons(Result(attempt=attempt, invitation=invitation), client))
    return blocks.message(sentence, shown)


def _news(attempt: Attempt, client: Client, who: str) -> str | None:
    platform, brand = PLATFORM[attempt.platform], bold(client.name)
    found = esc(attempt.who) or "an account"
    match attempt.outcome:
        case LinkOutcome.LINKED:
            return f"✅ {who} linked {platform} {found} for {brand}."
        case LinkOutcome.RELINKED:
            return f"✅ {who} relinked {platform} {found} for {brand}. It works again."
        case LinkOutcome.FEWER_PERMISSIONS:
            return f"{who} linked {platform} {found} for {brand}, with fewer permissions than it needs."
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
    who = mention(client.managers) or "A workspace admin"
    return f"{bold(client.name)} expects {expected}. {who} can adopt it."


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
