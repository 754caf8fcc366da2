"""The truth about what was posted on a platform: which account, which bytes, how often."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, Literal

from sandbox import asked
from sandbox.accounts import AnAccount, moment
from sandbox.media import Seen

PostState = Literal["draft", "private", "moderation", "public", "removed"]


@dataclass(slots=True, eq=False, kw_only=True)
class Post(Generic[AnAccount]):
    """Something that an account has: a draft in its inbox, or a post. `source` is the publish id or the container.

    `published_at` is when the platform took it over (for a draft: put it into the inbox), `public_at` when others
    could see it; times of the epoch.
    """

    account: AnAccount
    id: str
    kind: str
    caption: str
    media: tuple[Seen, ...]
    options: Mapping[str, Any]
    source: str
    state: PostState
    published_at: float
    public_at: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """The one file's own; for several, that of their list."""
        sums = [one.sha256 for one in self.media]
        return sums[0] if len(sums) == 1 else hashlib.sha256("\n".join(sums).encode()).hexdigest()

    @property
    def when(self) -> str:
        """When it was published, for people."""
        return f"{datetime.fromtimestamp(self.published_at, UTC):%d %B %Y, %H:%M} UTC"

    @property
    def shown_options(self) -> list[tuple[str, str]]:
        """What was chosen, for people."""
        return [(name.replace("_", " "), _shown(value)) for name, value in self.options.items()]


class Posts(Generic[AnAccount]):
    """All posts of one platform, oldest first. `source` names the field that says where a post came from."""

    def __init__(self, platform: str, source: str) -> None:
        self._platform = platform
        self._source = source
        self._posts: dict[str, Post[AnAccount]] = {}

    def __iter__(self) -> Iterator[Post[AnAccount]]:
        return iter(self._posts.values())

    def add(self, post: Post[AnAccount]) -> Post[AnAccount]:
        self._posts[post.id] = post
        return post

    def find(self, post_id: str) -> Post[AnAccount] | None:
        return self._posts.get(post_id)

    def of(self, account: AnAccount, post_id: str) -> Post[AnAccount]:
        """A post of this account. Raises AskedError for any other."""
        post = self._posts.get(post_id)
        if post is None or post.account is not account:
            raise asked.AskedError(f"{account.handle!r} has no post {post_id!r}.")
        return post

    def rows(self, url: Mapping[str, str]) -> list[dict[str, Any]]:
        """What `GET /_sandbox/posts` tells; `url` has the address of each post's page by its id.

        `duplicate_of` is the id of the first post of the same account with the same bytes that is still there,
        None for that first one and for what was removed.
        """
        first: dict[tuple[str, str], str] = {}
        for post in self:
            if post.state != "removed":
                first.setdefault((post.account.birth, post.sha256), post.id)
        return [
            self._row(post, url[post.id], first.get((post.account.birth, post.sha256), post.id))
            for post in self
        ]

    def _row(self, post: Post[AnAccount], url: str, first: str) -> dict[str, Any]:
        return {
            "platform": self._platform,
            "account": post.account.handle,
            "id": post.id,
            "kind": post.kind,
            "state": post.state,
            "caption": post.caption,
            "sha256": post.sha256,
            "size": sum(one.size for one in post.media),
            "media": [one.to_json() for one in post.media],
            "options": dict(post.options),
            self._source: post.source,
            "published_at": moment(post.published_at),
            "public_at": moment(post.public_at),
            "url": url,
            "duplicate_of": None if post.state == "removed" or first == post.id else first,
            **post.details,
        }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
