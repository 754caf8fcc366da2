"""A post: media, captions, options, targets and time, and how far its request has come.

Its digest names exactly that content of that post. Whoever approves, approves a digest.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from core.domain.account import Platform
from core.domain.media import Kind
from core.domain.preflight import Finding, Music
from core.domain.refusals import Unlawful

SHORT_DIGEST = 16
"""Characters of a digest that are enough to tell one content of a post from its next."""


class Form(StrEnum):
    """What a post becomes where it goes. The words are the names of the rule sets."""

    TIKTOK_VIDEO = "tiktok.video"
    TIKTOK_PHOTO = "tiktok.photo"
    REEL = "instagram.reel"
    STORY = "instagram.story"
    IMAGE = "instagram.image"
    CAROUSEL = "instagram.carousel"

    @property
    def platform(self) -> Platform:
        """The platform that has this form."""
        return Platform(self.partition(".")[0])


class PostStep(StrEnum):
    """How far a post's request has come. What became of an approved one is in its deliveries."""

    DRAFT = "draft"
    REQUESTED = "requested"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


LAWFUL: Mapping[PostStep, frozenset[PostStep]] = {
    PostStep.DRAFT: frozenset({PostStep.REQUESTED}),
    PostStep.REQUESTED: frozenset(
        {
            PostStep.APPROVED,
            PostStep.CHANGES_REQUESTED,
            PostStep.REJECTED,
            PostStep.EXPIRED,
            PostStep.WITHDRAWN,
        }
    ),
    PostStep.CHANGES_REQUESTED: frozenset({PostStep.REQUESTED, PostStep.WITHDRAWN}),
    PostStep.APPROVED: frozenset({PostStep.REQUESTED, PostStep.WITHDRAWN}),
    PostStep.REJECTED: frozenset(),
    PostStep.EXPIRED: frozenset(),
    PostStep.WITHDRAWN: frozenset(),
}
"""What may follow. An approved post can be called back only while nothing of it has been asked for."""
OPEN = frozenset({PostStep.DRAFT, PostStep.REQUESTED, PostStep.CHANGES_REQUESTED})
"""While people still decide about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of a post, as it is kept in the media store. `size` in bytes, `seconds` None for pictures."""

    sha256: str
    size: int
    name: str
    kind: Kind
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TikTokOptions:
    """What a person chose on TikTok's part of the posting screen (content-sharing-guidelines).

    `privacy` is None until somebody chose: nothing is preselected. The three `allow_…` are off at first.
    `own_brand` and `branded` count only where `discloses`. `consents`: the person agreed to TikTok's consent line.
    `cover_ms` is the frame shown first; None the first one. `auto_music` is for photos.
    """

    to_inbox: bool = False
    privacy: str | None = None
    allow_comment: bool = False
    allow_duet: bool = False
    allow_stitch: bool = False
    discloses: bool = False
    own_brand: bool = False
    branded: bool = False
    ai_generated: bool = False
    auto_music: bool = False
    cover_ms: int | None = None
    consents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InstagramOptions:
    """What a person chose for Instagram. `cover_ms` is the frame shown first, of a reel."""

    share_to_feed: bool = True
    ai_generated: bool = False
    cover_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One place a post goes to. `caption` None: the common one. `title` is for TikTok's photos."""

    form: Form
    caption: str | None = None
    title: str = ""
    tiktok: TikTokOptions = field(default_factory=TikTokOptions)
    instagram: InstagramOptions = field(default_factory=InstagramOptions)

    @property
    def platform(self) -> Platform:
        """Where it goes."""
        return self.form.platform

    @property
    def takes_caption(self) -> bool:
        """False where a platform takes no words: for stories, and for videos to TikTok's inbox.

        (reference/ig-user/media; content-posting-api-reference-upload-video: the account's owner writes them there)
        """
        return self.form is not Form.STORY and not (self.form is Form.TIKTOK_VIDEO and self.tiktok.to_inbox)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What goes out. `publish_at` None: as soon as it is approved. One target per platform."""

    items: tuple[Item, ...] = ()
    caption: str = ""
    targets: tuple[Target, ...] = ()
    publish_at: datetime | None = None
    music: Music = Music.UNASKED

    def target(self, platform: Platform) -> Target | None:
        """Return what goes to a platform."""
        return next((each for each in self.targets if each.platform is platform), None)

    def caption_of(self, target: Target) -> str:
        """Return the words that go with the post there: none where the platform takes none."""
        return self.words_for(target) if target.takes_caption else ""

    def words_for(self, target: Target) -> str:
        """Return the words that people wrote for a target, whether they go along or not."""
        return self.caption if target.caption is None else target.caption


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """An account that a post goes out as."""

    platform: Platform
    connection_id: str
    account_id: str
    handle: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What preflight said about a post where it becomes this form."""

    form: Form
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was known of a post when it was last checked: what people are shown who decide about it.

    `poster` is the picture that stands for it, in the media store.
    """

    at: datetime
    senders: tuple[Sender, ...] = ()
    remarks: tuple[Remark, ...] = ()
    poster: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of one client. `by` asked for it. `channel` is where its request is shown.

    `revision` grows with each edit once it was asked for, so that what is edited back is asked for anew. `due_at` is
    when the clock has something to do about it: remind, or let it expire at `expires_at`. `edited_at` is when a draft
    was last saved. A draft that is another post's next content names that post in `edits`, and in `edits_digest` the
    content that it takes the place of. `address` is where a draft's file is to be fetched from, while it isn't yet.
    """

    id: str
    workspace: str
    client_id: str
    by: str
    created_at: datetime
    content: Content
    step: PostStep = PostStep.DRAFT
    channel: str = ""
    requested_at: datetime | None = None
    expires_at: datetime | None = None
    reminded_at: datetime | None = None
    settled_at: datetime | None = None
    due_at: datetime | None = None
    edited_by: str = ""
    edited_at: datetime | None = None
    edits: str = ""
    edits_digest: str = ""
    address: str = ""
    revision: int = 0
    noted: Noted | None = None
    version: int = 0

    @property
    def digest(self) -> str:
        """The name of exactly this content of this post."""
        clear = {
            "post": self.id,
            "client": self.client_id,
            "revision": self.revision,
            "content": asdict(self.content),
        }
        return hashlib.sha256(json.dumps(clear, sort_keys=True, default=_plain).encode()).hexdigest()

    @property
    def is_open(self) -> bool:
        """True while people still decide about it."""
        return self.step in OPEN

    @property
    def authors(self) -> frozenset[str]:
        """Whose words these are: who asked for it, and who edited it last."""
        return frozenset({self.by, self.edited_by} - {""})

    def is_about(self, digest: str) -> bool:
        """True where a digest, or its beginning as a button carries it, names the present content."""
        return len(digest) >= SHORT_DIGEST and self.digest.startswith(digest)

    def to(self, step: PostStep, at: datetime) -> "Post":
        """Return the post at another step, with nothing left for the clock. Raises Unlawful."""
        if step not in LAWFUL[self.step]:
            raise Unlawful(f"{self.step} -> {step}")
        settled = None if step in OPEN else at
        return replace(self, step=step, settled_at=settled, due_at=None)

    def edited(self, content: Content, by: str) -> "Post":
        """Return the post with other content, which nobody has decided about yet."""
        return replace(self, content=content, edited_by=by, revision=self.revision + 1)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a post")


class DecisionKind(StrEnum):
    """What a person decided about a digest."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's decision about a digest: who, when, where, what, and why. One per person and digest.

    `home` is the workspace the person belongs to. `instead_of` is the manager whose substitute decided.
    """

    id: str
    workspace: str
    post_id: str
    digest: str
    by: str
    home: str
    kind: DecisionKind
    at: datetime
    channel: str = ""
    reason: str = ""
    instead_of: str = ""
