"""What Instagram answers, as far as we read it. Several answers come bare or wrapped in `data: […]`."""

import re
from datetime import datetime
from typing import Any

from pydantic import Field, SecretStr

from core.providers.shape import Shape


def unwrapped(body: Any) -> Any:
    """Return the first element of `data`, or the body itself where it is flat (docs and live answers differ)."""
    data = body.get("data") if isinstance(body, dict) else None
    return data[0] if isinstance(data, list) and data else body


class ShortToken(Shape):
    """The answer to a code: an hour of access, the account, and what its owner ticked."""

    access_token: SecretStr = Field(min_length=1)
    user_id: str = ""
    permissions: list[str] | str = ""

    def scopes(self) -> frozenset[str]:
        """Return what was really granted, possibly less than was asked."""
        listed = self.permissions if isinstance(self.permissions, str) else " ".join(self.permissions)
        return frozenset(re.findall(r"[^,\s]+", listed))


class LongToken(Shape):
    """The answer to an exchange for a long-lived token or to its renewal."""

    access_token: SecretStr = Field(min_length=1)
    expires_in: int = Field(ge=0, le=10**9)


class Me(Shape):
    """Who the token belongs to. `user_id` is the professional account, `id` is the app's own name for it."""

    id: str = ""
    user_id: str = ""
    username: str | None = None
    name: str = ""
    account_type: str = ""

    @property
    def is_personal(self) -> bool:
        """True for the one kind that the API says nothing about. Docs and live answers differ in case."""
        return self.account_type.casefold() == "personal"


class Profile(Shape):
    """One public field of the profile; a field that is empty is left out."""

    biography: str = ""
    website: str = ""


class Quota(Shape):
    """What the owner's day has room for."""

    quota_total: int | None = None


class Limit(Shape):
    """An element of content_publishing_limit. The total differs between Meta's own pages: read it."""

    quota_usage: int | None = None
    config: Quota = Quota()

    @property
    def left(self) -> int | None:
        """How many posts there is room for; None where it isn't said."""
        if self.config.quota_total is None or self.quota_usage is None:
            return None
        return max(0, self.config.quota_total - self.quota_usage)


class Made(Shape):
    """The answer to a new container, and to a publish: the container's id, or the medium's."""

    id: str = Field(min_length=1)


class Container(Shape):
    """A container's node. `status` is text, in which a failed one names its subcode."""

    status_code: str
    status: str = ""


class Medium(Shape):
    """Something that is public. Empty fields are left out."""

    id: str = ""
    caption: str = ""
    media_type: str = ""
    permalink: str = ""
    timestamp: str = ""

    @property
    def at(self) -> datetime | None:
        """When it went public."""
        try:
            at = datetime.fromisoformat(self.timestamp)
        except ValueError:
            return None
        return at if at.tzinfo else None


class Feed(Shape):
    """A list of media, newest first."""

    data: tuple[Medium, ...] = ()


class Failure(Shape):
    """The Graph's `error`."""

    code: int
    error_subcode: int | None = None
    type: str = ""
    message: str = ""
    fbtrace_id: str = ""

    @property
    def name(self) -> str:
        """Return code and subcode as `190/458`."""
        return f"{self.code}" if self.error_subcode is None else f"{self.code}/{self.error_subcode}"


class FlatFailure(Shape):
    """The error of the code exchange, which is not the Graph's."""

    error_type: str
    code: int = 0
