"""One piece of evidence, or one turn of an alert, as a line of history."""

from collections.abc import Mapping

from bot.views.words.incident import lasted
from bot.views.words.names import PLATFORM, SOURCE, STATE
from core.domain.account import Platform
from core.domain.alert_plan import ChangeKind
from core.domain.course import Turn
from core.domain.evidence import Evidence
from core.domain.incident import IncidentOutcome
from core.domain.invitation import LinkOutcome
from core.domain.observation import Credential, Grant, Observation, Standing, Visible, Wanted
from core.domain.symptom import Condition
from core.domain.verdict import State
from core.domain.webhook import NoticeKind

_NOTED: Mapping[str, str] = {
    LinkOutcome.LINKED: "{account} was linked",
    LinkOutcome.RELINKED: "{account} was linked again",
    LinkOutcome.ADOPTED: "{account}: another account was adopted",
    LinkOutcome.FEWER_PERMISSIONS: "{account} was linked with fewer permissions than needed",
    NoticeKind.GRANT_REMOVED: "{platform} said that the app was removed",
    NoticeKind.DELETION_ASKED: "{platform} asked us to delete what we hold",
    "unlink": "Unlinking {account} was asked for",
    "refused": "{platform} confirmed that our access is ended",
    "account_shared": "{account} was let go here; another client still uses it",
    "persons_word": "A person said that the app is removed at {platform}",
    "renewal_lost": "{platform} replaced our access, and its answer was lost on the way",
    "credentials_missing": "our access to {account} was missing",
    "erased": "Our copy of the access was erased",
    "workspace_ended": "The workspace removed Crosslink",
    "no_answer": "{platform} gave no answer that says anything about the link",
    "renamed": "The {platform} account is called {handle} now",
    "made_private": "The {platform} account was made private",
    "made_public": "The {platform} account was made public",
}

_REMOVED: Mapping[str, str] = {
    "user_disconnected": "{platform} said that its owner removed the app",
    "account_deleted": "{platform} said that the account was deleted",
    "age_changed": "{platform} said that the account's age was changed, which ends every app's access",
    "banned": "{platform} said that the account was banned",
    "developer_revoked": "{platform} confirmed that we ended our access",
}
"""TikTok says why a grant ended (webhooks-events)."""

_CREDENTIAL: Mapping[Credential, str] = {
    Credential.NONE: "our access to {account} is gone",
    Credential.HELD: "access to {account} was renewed",
    Credential.EXPIRING: "access to {account} ends soon",
    Credential.EXPIRED: "access to {account} ran out",
}
_GRANT: Mapping[Grant, str] = {
    Grant.UNKNOWN: "what {platform} grants is unknown",
    Grant.PRESENT: "{platform} confirmed the link",
    Grant.NARROWED: "{platform} grants less than needed",
    Grant.WITHDRAWN: "{platform} no longer grants access",
}
_ACCOUNT: Mapping[Standing, str] = {
    Standing.NORMAL: "the account is in good standing",
    Standing.CHECKPOINT: "{platform} wants the owner to confirm something",
    Standing.RESTRICTED: "{platform} restricted the account",
    Standing.CHANGED: "another account answered",
}
_VISIBLE: Mapping[Visible, str] = {
    Visible.UNKNOWN: "the profile's link couldn't be read",
    Visible.SHOWN: "the profile shows the link",
    Visible.HIDDEN: "the profile no longer shows the link",
}
_WANTED: Mapping[Wanted, str] = {
    Wanted.LINKED: "people want {account} linked",
    Wanted.UNLINKED: "people want {account} unlinked",
}
_NOTHING = "{account} was looked at"

_ALERT: Mapping[Condition, str] = {
    Condition.BROKEN: "{account} can't do its job",
    Condition.ENDING: "{account}'s access ends soon",
    Condition.UNLINKING: "{account} is half unlinked",
    Condition.SPLIT: "the pair is linked on one side only",
    Condition.UNPROVED: "{account} could not be proved for days",
}
_TURN: Mapping[ChangeKind, str] = {
    ChangeKind.OPENED: "Alert: {what}",
    ChangeKind.UPDATED: "Alert brought up to date: {what}",
    ChangeKind.CHANGED: "Alert: {what}, now for another reason",
    ChangeKind.WOKE: "Alert about {whom}: the snooze is over",
    ChangeKind.REMINDED: "Alert: people were reminded that {what}",
    ChangeKind.RUNG: "Alert about {whom}: nobody acknowledged it in time, and those on call were rung",
    ChangeKind.CLOSED: "Alert over: {end}. {lasted}",
    ChangeKind.ACKNOWLEDGED: "Alert about {whom} acknowledged",
    ChangeKind.SNOOZED: "Alert about {whom} put off",
}
_END: Mapping[IncidentOutcome, str] = {
    IncidentOutcome.RELINKED: "{account} was relinked",
    IncidentOutcome.RECOVERED: "{account} works again by itself",
    IncidentOutcome.UNLINKED: "{account} was unlinked",
    IncidentOutcome.BROKE: "{account} ran out before anybody relinked it, and a new alert follows",
    IncidentOutcome.EXPLAINED: "{platform} says now what is wrong, and a new alert follows",
}


def what(evidence: Evidence, platform: Platform | None) -> str:
    """Return what was seen, as a sentence without its full stop."""
    name = PLATFORM[platform] if platform else "the platform"
    why = (
        _REMOVED.get(evidence.code.rpartition(":")[2]) if evidence.note == NoticeKind.GRANT_REMOVED else None
    )
    text = why or _NOTED.get(evidence.note) or _seen(evidence.observation)
    handle = f"@{evidence.observation.handle}" if evidence.observation.handle else "otherwise"
    told = text.format(platform=name, account=name if platform else "the account", handle=handle)
    return told[:1].upper() + told[1:]


def turn(happened: Turn, platform: Platform | None) -> str:
    """Return what happened to an alert, as a sentence without its full stop; "" for a word of another version."""
    if happened.what not in set(ChangeKind) or happened.condition not in set(Condition):
        return ""
    name = PLATFORM[platform] if platform else "the platform"
    names = {"platform": name, "account": name if platform else "the account"}
    end = _END[IncidentOutcome(happened.outcome)] if happened.outcome in set(IncidentOutcome) else "it ended"
    told = _TURN[ChangeKind(happened.what)].format(
        what=_ALERT[Condition(happened.condition)].format(**names),
        whom=name if platform else "the pair",
        end=end.format(**names),
        lasted=lasted(happened.lasted),
    )
    return told[:1].upper() + told[1:]


def _seen(seen: Observation) -> str:
    """What matters most of an observation: what is against the connection before what confirms it."""
    if seen.account is not None and seen.account is not Standing.NORMAL:
        return _ACCOUNT[seen.account]
    is_renewed = seen.credential is not None and seen.grant is Grant.PRESENT
    if seen.grant is not None and not is_renewed:
        return _GRANT[seen.grant]
    if seen.credential is not None:
        return _CREDENTIAL[seen.credential]
    if seen.visible is not None:
        return _VISIBLE[seen.visible]
    if seen.wanted is not None:
        return _WANTED[seen.wanted]
    return _ACCOUNT[seen.account] if seen.account is not None else _NOTHING


def move(evidence: Evidence) -> str:
    """Return the change of state it made, "" for none: "Linked → Expired"."""
    if evidence.before == evidence.after or evidence.after not in set(State):
        return ""
    after = STATE[State(evidence.after)]
    return f"{STATE[State(evidence.before)]} → {after}" if evidence.before in set(State) else after


def source(evidence: Evidence) -> str:
    """Return where it comes from."""
    return SOURCE[evidence.source]
