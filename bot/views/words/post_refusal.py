"""Why something about a post isn't possible, in one helpful sentence: the code names it, the facts fill it in."""

from collections.abc import Callable, Mapping

from bot.views.text import clip, esc, mention
from bot.views.words.finding import TITLE
from bot.views.words.names import PLATFORM
from bot.views.words.post import FLAW, STEP, flaw
from core.domain.account import Platform
from core.domain.composing import Flaw
from core.domain.post import PostStep

SENTENCES: Mapping[str, str] = {
    "post_unknown": "That post is no longer there. `/crosslink post list` shows what is.",
    "post_changed": "{by} changed this post meanwhile. Look at the newer version, then decide.",
    "post_unchanged": "Nothing was changed, so nothing has to be approved anew.",
    "post_settled": "This was settled already: {step}{settled}.",
    "post_expired": "This request expired before anybody decided. Use “Make Another Like It” to ask again.",
    "post_incomplete": "The post isn't complete yet. {flaw}",
    "post_blocked": "The platforms won't take this as it is{findings}. Fix it where Fix is offered, or change it.",
    "not_approver": "Only those who approve for {client} can decide about this: {managers}.",
    "own_post": "These are your own words, so somebody else approves them. The client's settings say who.",
    "decided_already": "You have decided about this version already.",
    "reason_missing": "Say why, so that somebody can do better.",
    "not_editor": "Only {by} or those who approve can change this: {managers}.",
    "nobody_may_approve": (
        "Nobody could approve this: {client} has no managers besides you. Add one with `/crosslink setup`."
    ),
    "too_few_approvers": (
        "A post for {client} takes {needed} approvals, but only {there} people could give one. "
        "Change that with `/crosslink setup`."
    ),
    "delivery_unknown": "That is no longer there. `/crosslink post list` shows how things stand.",
    "delivery_gone_out": "It is too late for that: {platform} has it already.",
    "delivery_moved_on": "That was settled meanwhile. The request's message shows how.",
    "fix_differs": "No single file suits all the places. Choose a file for each and make two posts.",
    "media_not_postable": "“{name}” is neither a video nor a picture. Choose another file.",
    "too_many_files": "A post takes ten files at most. Choose fewer.",
}
_FACT = 300
_NOBODY = "ask an admin"


def post_trouble(code: str, facts: Mapping[str, str]) -> str | None:
    """Return the sentence as Slack text; None for a code of something else."""
    by, managers = facts.get("by", ""), facts.get("managers", "").split()
    people = {
        "by": mention([by]) if by else "Somebody",
        "settled": f", by {mention([by])}" if by else "",
        "managers": mention(managers) if managers else _NOBODY,
    }
    return _filled(code, facts, show=lambda text: esc(clip(text, _FACT)), people=people)


def post_trouble_plain(code: str, facts: Mapping[str, str]) -> str | None:
    """Return the same for pages and the command line, which have neither markup nor people's names."""
    managers = facts.get("managers", "").split()
    people = {
        "by": "whoever asked for it" if code == "not_editor" else "Somebody",
        "settled": "",
        "managers": f"{len(managers)} of them in Slack" if managers else _NOBODY,
    }
    told = _filled(code, facts, show=lambda text: clip(text, _FACT), people=people)
    return told and told.replace("`", "")


def _filled(
    code: str, facts: Mapping[str, str], *, show: Callable[[str], str], people: Mapping[str, str]
) -> str | None:
    template = SENTENCES.get(code)
    if template is None:
        return None
    step, platform = facts.get("step", ""), facts.get("platform", "")
    return template.format(
        **people,
        step=STEP[PostStep(step)].lower() if step in set(PostStep) else "it is over",
        client=show(facts.get("client", "")) or "this client",
        needed=facts.get("needed", "more"),
        there=facts.get("there", "fewer"),
        platform=PLATFORM[Platform(platform)] if platform in set(Platform) else "the platform",
        name=show(facts.get("name", "")) or "That file",
        flaw=show(_first(facts)),
        findings=_named(facts.get("findings", "")),
    )


def _first(facts: Mapping[str, str]) -> str:
    """The first thing that is missing."""
    code, platform = facts.get("first", ""), facts.get("platform", "")
    if code not in FLAW:
        return "Go through its steps once more."
    return flaw(Flaw(code=code, platform=Platform(platform) if platform else None, facts=facts))


def _named(codes: str) -> str:
    """What preflight found, by the names that its findings have in lists."""
    named = dict.fromkeys(TITLE.get(each) or TITLE.get(each.rpartition(".")[0], "") for each in codes.split())
    known = [each.lower() for each in named if each]
    return f" ({', '.join(known)})" if known else ""
