"""What buttons, options and modals carry along, one type for each kind of thing they are about."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ids.names import More, PostMore, PostState
from core.domain.account import Platform
from core.domain.alerts import Snooze
from core.domain.post import DecisionKind
from core.domain.preflight import Music


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientValue:
    """A button about a client."""

    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayValue:
    """A button about one manager's absence."""

    client: str
    manager: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelValue:
    """A button about a channel that no client owns yet."""

    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkValue:
    """A wish to link these platforms of a client; from a private message, `slip` names that message."""

    client: str
    platforms: tuple[Platform, ...]
    slip: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PostValue:
    """A button about a post. `digest` is the beginning of the digest of the content that was shown beside it."""

    post: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMoreValue:
    """One option of a request's overflow menu."""

    act: PostMore
    post: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnywayValue:
    """A yes to a content although `changes` happened: the name of exactly what the person was shown."""

    post: str
    digest: str
    changes: str
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryValue:
    """A button about one delivery of a post."""

    post: str
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsValue:
    """A page of posts, counted from 0; `client` and `state` narrow the list."""

    page: int = 0
    client: str | None = None
    state: PostState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeMeta:
    """What the modal of composing remembers. `post` is the draft that is filled in.

    `edits` is the request whose next content the draft is, as it was at `digest`.
    """

    post: str
    edits: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedMeta:
    """What the modal that asks whose post it is remembers of a message: its files, as Slack names them, or its link."""

    slack: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutMeta:
    """What the modal remembers that asks which part of a film stays. Seconds, written out."""

    post: str
    digest: str
    longest: str
    shortest: str
    edits: str | None = None
    edited: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonMeta:
    """What the modal that asks for a reason remembers. `kind` is what is decided, in the words of DecisionKind."""

    post: str
    digest: str
    kind: DecisionKind
    channel: str = ""


Value = (
    ClientValue
    | AwayValue
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
    | PostValue
    | PostMoreValue
    | AnywayValue
    | DeliveryValue
    | PostsValue
    | ComposeMeta
    | PickedMeta
    | CutMeta
    | ReasonMeta
)

KINDS: Mapping[type, str] = {
    ClientValue: "cl",
    AwayValue: "ay",
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
    PostValue: "po",
    PostMoreValue: "px",
    AnywayValue: "aw",
    DeliveryValue: "dl",
    PostsValue: "ps",
    ComposeMeta: "co",
    PickedMeta: "pk",
    CutMeta: "ct",
    ReasonMeta: "re",
}
