"""What changed since a request was made, asked privately of whoever was about to approve it."""

from bot import ids
from bot.ids import Action
from bot.views import blocks
from bot.views.blocks import Element, Message
from bot.views.post_parts import finding_line
from bot.views.request_view import short
from bot.views.text import bold, esc, handle, name
from bot.views.words.names import PLATFORM
from bot.views.words.post import ACCOUNT_FLAWS, flaw
from core.domain.composing import Flaw
from core.domain.recheck import Change, Recheck
from core.domain.verdict import Block

_SWAPPED = (
    "{platform}: another account is linked now. It was asked for as {before} and would go out as {after}."
)
_ASKED_AGAIN = (
    "TikTok doesn't say right now what this account may post. It is asked again before anything goes out."
)
_AT_ONCE = "Its time is over, so it would go out at once."
_NO_ROOM = "TikTok takes no more posts from this account for now. Approved, it waits until there is room."
_MILD = {"creator_capped": _NO_ROOM, "creator_unknown": _ASKED_AGAIN, "time_past": _AT_ONCE}
_MOST = 10


def recheck_message(recheck: Recheck, channel: str) -> Message:
    """The question, or what has to be done first."""
    brand = bold(recheck.client.name)
    if recheck.blocks:
        told = f"⛔ The post for {brand} can't go out as it is. Nothing was approved."
    else:
        told = f"⚠️ Something changed since the post for {brand} was asked for. Approve it all the same?"
    lines = [_change(each) for each in recheck.changes[:_MOST]]
    value = ids.AnywayValue(
        post=recheck.post.id, digest=short(recheck.post), changes=recheck.name, channel=channel
    )
    edit = ids.PostValue(post=recheck.post.id, digest=short(recheck.post))
    anyway = blocks.button("Approve Anyway", Action.APPROVE_ANYWAY, value, style="primary")
    return blocks.message(
        told,
        [
            blocks.section(told),
            *[blocks.section(each) for each in lines],
            *blocks.actions(
                *_links(recheck),
                None if recheck.blocks else anyway,
                blocks.button("Edit Post", Action.POST_EDIT, edit),
                blocks.button("Request Changes", Action.REQUEST_CHANGES, edit),
            ),
        ],
    )


def _links(recheck: Recheck) -> list[Element]:
    """What mends a link that doesn't let the post through. One that its owner has to free at the platform has none."""
    brand = name(recheck.client.name)
    found: list[Element] = []
    for each in recheck.changes:
        if each.platform is None or each.code not in ACCOUNT_FLAWS:
            continue
        if each.facts.get("block") != Block.ACCOUNT_HELD:
            wish = ids.LinkValue(client=recheck.client.id, platforms=(each.platform,))
            label = f"{'Link' if each.code == 'account_missing' else 'Relink'} {PLATFORM[each.platform]}"
            style: blocks.Style | None = None if found else "primary"
            found.append(blocks.button(label, Action.LINK_RELINK, wish, style=style, about=brand))
    return found


def _change(change: Change) -> str:
    """One change, as Slack text."""
    if change.finding is not None:
        return finding_line(change.finding, [PLATFORM[change.platform]] if change.platform else [])
    if change.code in _MILD:
        return f"• {_MILD[change.code]}"
    if change.code == "account_swapped" and change.platform:
        facts = {each: esc(handle(change.facts.get(each)) or "another one") for each in ("before", "after")}
        return f"• {_SWAPPED.format(platform=PLATFORM[change.platform], **facts)}"
    return f"• {esc(flaw(Flaw(code=change.code, platform=change.platform, facts=change.facts)))}"
