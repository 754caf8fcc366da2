"""The names that travel through Slack and come back: actions, callbacks, blocks, and the values of buttons.

An id says only which task it belongs to. What the task is about travels as a typed value, written as JSON
with a version, and is read back whole or refused: whatever Slack hands us may be old, foreign or forged.
"""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from core.domain.account import Platform
from core.domain.alerts import Snooze
from core.domain.preflight import Music

BUTTON_VALUE = 2000
OPTION_VALUE = 150
PRIVATE_METADATA = 3000
"""Slack's limits for the three places a value can travel in (docs/sources.md)."""

_VERSION = 1


class Action(StrEnum):
    """What a button or menu does; the value type it carries stands behind each."""

    LINK_OPEN_PAGE = "link.open_page"  # a URL button: nothing to read, only to acknowledge
    LINK_START = "link.start"  # LinkValue: ask for a private link, first time
    LINK_RELINK = "link.relink"  # LinkValue: the same for a connection that had an account
    LINK_TRY_AGAIN = "link.try_again"  # LinkValue: after a failed attempt
    LINK_ADOPT = "link.adopt"  # InvitationValue: a manager takes the account that came instead
    LINK_DECLINE = "link.decline"  # InvitationValue: drop that account now
    STATUS_PAGE = "status.page"  # PageValue: the next page
    STATUS_BACK = "status.page_back"  # PageValue: the previous one
    STATUS_CHECK = "status.check"  # ConnectionValue: look at the platform now
    STATUS_DIAGNOSE = "status.diagnose"  # ConnectionValue
    STATUS_SHARE = "status.share"  # ClientValue: post this status in the channel
    STATUS_MORE = "status.more"  # overflow menu, its options carry MoreValue
    UNLINK_OPEN = "unlink.open"  # UnlinkValue: show what unlinking will do
    UNLINK_CONFIRM = "unlink.confirm"  # UnlinkValue: do it
    UNLINK_FINISH = "unlink.finish"  # ConnectionValue: the person removed the app; look again
    UNLINK_OPEN_PLATFORM = "unlink.open_platform"  # a URL button
    PROFILE_OPEN = "profile.open"  # a URL button
    SETUP_OPEN = "setup.open"  # ClientValue, or ChannelValue for a new client
    SETTINGS_OPEN = "settings.open"  # ClientValue
    ALERTS_OPEN = "alerts.open"  # ClientValue
    HISTORY_OPEN = "history.open"  # ClientValue
    INCIDENT_ACKNOWLEDGE = "incident.acknowledge"  # IncidentValue
    INCIDENT_SNOOZE = "incident.snooze"  # a menu, its options carry SnoozeValue
    PREFLIGHT_FIX = "preflight.fix"  # PreflightValue: make the version that fits
    PREFLIGHT_ASK = "preflight.ask"  # PreflightValue: ask what a fix needs to know, or whose music it is
    PREFLIGHT_FINDINGS = "preflight.findings"  # PreflightValue: all findings, in a modal
    PREFLIGHT_PAGE = "preflight.page"  # PreflightValue: the next page of them
    PREFLIGHT_BACK = "preflight.page_back"  # PreflightValue: the previous one
    PREFLIGHT_SHARE = "preflight.share"  # PreflightValue: post the result in the channel
    PREFLIGHT_CANCEL = "preflight.cancel"  # JobValue: stop what is being made
    PREFLIGHT_DOWNLOAD = "preflight.download"  # a URL button
    HOME_PAGE = "home.page"  # PageValue: the next page
    HOME_BACK = "home.page_back"  # PageValue: the previous one
    HOME_REFRESH = "home.refresh"  # PageValue


class More(StrEnum):
    """What a client's overflow menu offers."""

    DIAGNOSE = "diagnose"
    UNLINK = "unlink"
    HISTORY = "history"
    SETTINGS = "settings"


class Callback(StrEnum):
    """Which modal was submitted."""

    SETUP = "setup.submit"
    ALERTS = "alerts.submit"
    PREFLIGHT = "preflight.submit"
    PREFLIGHT_ASK = "preflight.answer"
    NOTHING = "notice"  # a modal that only tells something


class Shortcut(StrEnum):
    """What a message's menu offers; the names are the manifest's."""

    PREFLIGHT = "preflight_video"


class Field(StrEnum):
    """The input blocks of the set-up modal: block id and action id alike. Most are named as in ClientForm."""

    NAME = "name"
    INTENT = "intent"
    TIKTOK = "tiktok"
    INSTAGRAM = "instagram"
    MANAGERS = "managers"
    ONCALL = "oncall"
    ONCALL_GROUPS = "oncall_groups"
    NEEDED = "needed"
    SELF_APPROVAL = "self_approval"
    OUTSIDERS = "outsiders"
    TIME_ZONE = "time_zone"


class AlertField(StrEnum):
    """The input blocks of the modal about alerts, named as in AlertForm: block id and action id alike."""

    CHANNEL = "channel"
    DAYS = "days"
    PATIENCE = "patience"
    QUIET_FROM = "quiet_from"
    QUIET_TO = "quiet_to"
    DIGEST = "digest"
    HOUR = "hour"


class PreflightField(StrEnum):
    """The input blocks of the two modals of preflight: block id and action id alike."""

    FILE = "file"
    URL = "url"
    TARGETS = "targets"
    CLIENT = "client"
    CAPTION = "caption"
    START = "start"
    END = "end"
    MUSIC = "music"


class Unreadable(ValueError):
    """A value that came back from Slack is not one of ours, or one of another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientValue:
    """A button about a client."""

    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelValue:
    """A button about a channel that no client owns yet."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkValue:
    """A wish to link these platforms of a client."""

    client: str
    platforms: tuple[Platform, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationValue:
    """A decision about the account that came back for an invitation."""

    invitation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionValue:
    """A button about one connection."""

    client: str
    connection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreValue:
    """One option of a client's overflow menu; `connection` for what is about one. Fits an option's 150 characters."""

    act: More
    client: str
    connection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentValue:
    """A button about one incident."""

    incident: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeValue:
    """One option of an incident's snooze menu."""

    incident: str
    until: Snooze


@dataclass(frozen=True, slots=True, kw_only=True)
class PageValue:
    """A page of a long list, counted from 0. `client` narrows the list."""

    page: int
    client: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkValue:
    """A wish to unlink these platforms of a client."""

    client: str
    platforms: tuple[Platform, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightValue:
    """A file and what is asked about it, so that any process can go on from a card.

    `file` is its SHA-256 where it is kept, `slack` its id in Slack, `url` its address; `size` in bytes. `caption`
    is the SHA-256 of a kept text.
    """

    name: str
    targets: tuple[str, ...] = ()
    file: str | None = None
    size: int | None = None
    slack: str | None = None
    url: str | None = None
    client: str | None = None
    music: Music | None = None
    caption: str | None = None
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobValue:
    """A button about work that is going on."""

    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightMeta:
    """What the modal that takes a file remembers: where to answer."""

    channel: str
    hook: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMeta:
    """What the modal that asks before a fix remembers: the written PreflightValue, and where its card is.

    `fixes` is "yes" where the fix follows. Times in seconds, written out; `longest` None where nothing is cut.
    """

    order: str
    fixes: str
    shortest: str = "0"
    longest: str | None = None
    whole: str | None = None
    hook: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupMeta:
    """What the set-up modal remembers between opening and submitting.

    `client` is None for a new one. `groups` are the on-call user groups to keep where the modal cannot list
    groups for a choice.
    """

    channel: str
    client: str | None = None
    groups: tuple[str, ...] = ()


Value = (
    ClientValue
    | ChannelValue
    | LinkValue
    | InvitationValue
    | ConnectionValue
    | MoreValue
    | IncidentValue
    | SnoozeValue
    | PageValue
    | UnlinkValue
    | PreflightValue
    | JobValue
    | PreflightMeta
    | AnswerMeta
    | SetupMeta
)

_KINDS: Mapping[type, str] = {
    ClientValue: "cl",
    ChannelValue: "ch",
    LinkValue: "ln",
    InvitationValue: "iv",
    ConnectionValue: "cn",
    MoreValue: "mo",
    IncidentValue: "ic",
    SnoozeValue: "sn",
    PageValue: "pg",
    UnlinkValue: "un",
    PreflightValue: "pf",
    JobValue: "jb",
    PreflightMeta: "pm",
    AnswerMeta: "am",
    SetupMeta: "su",
}


def write(value: Value, *, most: int = BUTTON_VALUE) -> str:
    """Return a value as the short JSON that Slack carries. Raises ValueError where it would not fit."""
    content = {each.name: getattr(value, each.name) for each in fields(value)}
    held = {name: item for name, item in content.items() if item is not None}
    text = json.dumps({"v": _VERSION, "k": _KINDS[type(value)], **held}, separators=(",", ":"))
    if len(text) > most:
        raise ValueError(f"{type(value).__name__} takes {len(text)} characters, {most} are allowed")
    return text


V = typing.TypeVar("V", bound=Value)


def read(kind: type[V], text: str | None) -> V:
    """Return the value of this kind that `write` made. Raises Unreadable for anything else."""
    raw = _object(text)
    if raw.pop("v", None) != _VERSION or raw.pop("k", None) != _KINDS[kind]:
        raise Unreadable(f"not a {kind.__name__} of version {_VERSION}")
    hints = typing.get_type_hints(kind)
    if unknown := raw.keys() - hints.keys():
        raise Unreadable(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _item(hints[name], item) for name, item in raw.items()})
    except TypeError as error:
        raise Unreadable(f"{kind.__name__} is incomplete") from error


def _object(text: str | None) -> dict[str, typing.Any]:
    try:
        raw = json.loads(text or "")
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(raw, dict):
        raise Unreadable("not an object")
    return raw


def _item(hint: typing.Any, item: typing.Any) -> typing.Any:
    """Return one field's content as its type says. Raises Unreadable."""
    origin = typing.get_origin(hint)
    if origin in {typing.Union, types.UnionType}:
        return _item(next(each for each in typing.get_args(hint) if each is not type(None)), item)
    if origin is tuple:
        if not isinstance(item, list):
            raise Unreadable("a list was expected")
        return tuple(_item(typing.get_args(hint)[0], each) for each in item)
    if hint is int:
        if not isinstance(item, int) or isinstance(item, bool) or item < 0:
            raise Unreadable("a whole number was expected")
        return item
    if not isinstance(item, str):
        raise Unreadable("a text was expected")
    try:
        return hint(item)
    except ValueError as error:
        raise Unreadable(f"{item[:40]!r} is not a {hint.__name__}") from error
