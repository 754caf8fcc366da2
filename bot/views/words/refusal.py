"""What we refuse, in one helpful sentence: the code names it, the facts fill it in."""

import re
from collections.abc import Callable, Mapping

from bot.views.text import clip, esc, mention
from bot.views.words.names import PLATFORM
from core.domain.account import Platform

SENTENCES: Mapping[str, str] = {
    # finding and rights
    "unknown_client": (
        "There is no client called “{typed}” here, and no client has such a channel or account.{known}"
    ),
    "ambiguous_client": "More than one client goes by “{typed}”. Try again with the name of the one you mean.{known}",
    "no_client_here": "This channel has no client yet. Set one up with `/crosslink setup`.{known}",
    "unknown_connection": "That connection is no longer there. See `/crosslink status` for what is.",
    "not_allowed": "Only a workspace admin or a manager of {client} can do that: {managers}.",
    "outsider": "Only people of the agency's own workspace can do that. Ask your contact there.",
    "nothing_to_unlink": "Nothing of {client} is linked, so there is nothing to unlink.",
    "held_gone": "That account is no longer waiting for a decision. Ask for a new link and try again.",
    # setting up
    "name_missing": "Give the client a name.",
    "name_too_long": "Keep the name to 80 characters.",
    "name_taken": "Another client already has this name. Add a word that tells them apart.",
    "channel_taken": "This channel already belongs to another client. Use one channel for each client.",
    "handle_unreadable": "That is no {platform} handle. Write it like @bakery, or paste the profile's address.",
    "handle_of_other_platform": "That address belongs to the other platform. Give the {platform} handle here.",
    "needed_out_of_range": "Ask for 1 to 10 approvals, or 0 for all managers.",
    "needed_too_many": "That is more people than may approve. Name more of them, or ask for fewer approvals.",
    "remind_out_of_range": "Give whole hours: 1 to 720, or 0 for no reminders.",
    "expire_out_of_range": "Give whole hours: 1 to 720, which is 30 days.",
    "not_a_manager": "Only a manager of {client} can have somebody decide in their place.",
    "not_own_absence": "Managers can only say that of themselves. For somebody else, ask a workspace admin.",
    "substitute_outside": "Choose a person of this workspace: nobody else can decide in a manager's place.",
    "substitute_same": "Choose somebody else: nobody is their own substitute.",
    "until_past": "That day is over. Choose a later one.",
    "until_too_far": "A substitute decides for a quarter of a year at most. Choose an earlier day.",
    "time_zone_unknown": "Pick a time zone from the list.",
    # alerts
    "incident_gone": "That alert is no longer there. See `/crosslink status` for how things stand.",
    "incident_over": "This alert is over already: what it was about has been settled.",
    "snooze_too_late": "Less than a day is left, so it can't be put off until then. Choose a shorter time.",
    "days_missing": "Choose at least one number of days.",
    "patience_out_of_range": "Choose a time from the list.",
    "quiet_half": "Quiet hours need a beginning and an end. Give both, or neither.",
    "quiet_unreadable": "Choose both times from the list.",
    "hour_out_of_range": "Choose an hour from the list.",
    # the connect page and the way back from the platform
    "page_unknown": "We don't know this link. Ask for a new one in Slack with /crosslink link.",
    "page_used": "This link has done its work. If something still needs linking, ask for a new one in Slack.",
    "page_superseded": "A newer link was asked for in Slack, so this one no longer works. Use the newest.",
    "page_expired": "This link ran out after 30 minutes. Ask for a new one in Slack with /crosslink link.",
    "state_missing": "This page was opened without its beginning. Open the link from Slack again.",
    "state_unknown": "We don't recognise this attempt. Open the link from Slack again.",
    "state_used": "This attempt was already finished. See /crosslink status in Slack for how it ended.",
    "state_expired": "This attempt took longer than ten minutes. Open the link from Slack again.",
    "other_browser": (
        "This attempt began in another browser. Go on there, or open the link from Slack in this one."
    ),
    # what comes back from Slack
    "unreadable": "That button is from an older version of Crosslink. Run `/crosslink status` for a fresh one.",
    "stale": "Somebody changed this a moment ago. Have a fresh look, then try again.",
}
UNKNOWN = "That isn't possible right now. Run `/crosslink status` to see where things stand."

_KNOWN = " Clients here: {}."
_CHOICES = " These do: {}."
_NOBODY = "ask an admin"
_FACT = 300
_CHANNEL = re.compile(r"#[CG][A-Z0-9]+")
"""As `bot.listeners.typed` passes on a channel that Slack named by its id."""


def refusal(code: str, facts: Mapping[str, str]) -> str:
    """Return the sentence as Slack text: what people typed is escaped, managers are mentioned."""
    return _filled(code, facts, show=_shown, people=mention)


def _shown(text: str) -> str:
    return f"<{text}>" if _CHANNEL.fullmatch(text) else esc(clip(text, _FACT))


def refusal_plain(code: str, facts: Mapping[str, str]) -> str:
    """Return the sentence without any markup, for pages, field errors and the command line."""
    filled = _filled(
        code, facts, show=lambda text: clip(text, _FACT), people=lambda ids: f"{len(ids)} of them in Slack"
    )
    return filled.replace("`", "")


def _filled(
    code: str,
    facts: Mapping[str, str],
    *,
    show: Callable[[str], str],
    people: Callable[[list[str]], str],
) -> str:
    template = SENTENCES.get(code, UNKNOWN)
    if code == "unknown_client" and not facts.get("typed"):
        template = "That client is no longer there.{known}"
    managers = facts.get("managers", "").split()
    known = facts.get("known", "")
    listing = _CHOICES if code == "ambiguous_client" else _KNOWN
    return template.format(
        typed=show(facts.get("typed", "")),
        known=listing.format(show(known)) if known else "",
        client=show(facts.get("client", "")) or "this client",
        managers=people(managers) if managers else _NOBODY,
        platform=_platform(facts.get("platform") or facts.get("field", "")),
    )


def _platform(code: str) -> str:
    return PLATFORM[Platform(code)] if code in PLATFORM else "platform's"
