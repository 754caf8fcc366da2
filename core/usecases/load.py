"""What a delivery's next act needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.account import Account
from core.domain.connection import Connection
from core.domain.credentials import Credentials
from core.domain.delivery import Delivery
from core.domain.observation import Capability
from core.domain.post import Post, Target

TOKEN_LASTS = timedelta(minutes=10)
"""How long a token has to live at the beginning of an act: longer than the longest one takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A delivery's post, connection and credentials as they are now. `connection` is there: a foreign key says so.

    `is_approved`: the post has the content that the delivery is about, and nobody edited it since.
    """

    delivery: Delivery
    post: Post
    is_approved: bool
    connection: Connection
    credentials: Credentials | None

    @property
    def target(self) -> Target | None:
        """What the post is there, None where it was edited away."""
        return self.post.content.target(self.delivery.platform)

    @property
    def account(self) -> Account:
        """The account that a linked connection has."""
        assert self.connection.account is not None
        return self.connection.account

    @property
    def held(self) -> Credentials:
        """The credentials of a connection that was found to have some."""
        assert self.credentials is not None
        return self.credentials

    @property
    def is_swapped(self) -> bool:
        """True where the connection has another account by now than the one that this was approved for."""
        account, approved = self.connection.account, self.delivery.account_id
        return account is not None and bool(approved) and approved not in account.known_as()

    @property
    def needs(self) -> Capability:
        """What the connection has to be good for."""
        is_draft = self.target is not None and self.target.tiktok.to_inbox
        return Capability.PUBLISH_DRAFT if is_draft else Capability.PUBLISH

    def needs_renewal(self, at: datetime) -> bool:
        """True where the token may run out during the next act and could be renewed before."""
        is_short = self.held.access_expires_at <= at + TOKEN_LASTS
        return is_short and self.connection.is_renewal_due(at)
