"""What TikTok answers, as far as we read it."""

import re
from typing import Any

from pydantic import Field, SecretStr, field_validator

from core.domain.account import CAPPED
from core.providers.shape import Shape

_SECONDS = 10**9


class Token(Shape):
    """The flat answer of the token endpoint. Lifetimes are what is left, in seconds; they differ between apps."""

    access_token: SecretStr = Field(min_length=1)
    expires_in: int = Field(ge=0, le=_SECONDS)
    refresh_token: SecretStr | None = None
    refresh_expires_in: int | None = Field(default=None, ge=0, le=_SECONDS)
    open_id: str = ""
    scope: str | None = None

    def scopes(self) -> frozenset[str]:
        """Return what was really granted, possibly less than was asked."""
        return frozenset(re.findall(r"[^,\s]+", self.scope or ""))


class Failure(Shape):
    """The `error` of a data endpoint. Tables write `logid`, samples `log_id`."""

    code: str = ""
    log_id: str = ""
    logid: str = ""


class Envelope(Shape):
    """Every data endpoint's answer. It succeeded only where the code is `ok`, whatever the HTTP status."""

    data: dict[str, Any] = Field(default_factory=dict)
    error: Failure


class User(Shape):
    """`data.user` of user/info. `username` and `bio_description` need user.info.profile."""

    open_id: str = Field(min_length=1)
    display_name: str = ""
    username: str | None = None
    bio_description: str = ""


class UserData(Shape):
    """`data` of user/info."""

    user: User


class Begun(Shape):
    """`data` of the three init endpoints. `upload_url` comes where bytes are to be sent, and is a secret."""

    publish_id: str = Field(min_length=1, max_length=256)
    upload_url: SecretStr | None = None


class Job(Shape):
    """`data` of status/fetch. The misspelt field is a list, or one bare value with some clients."""

    status: str
    fail_reason: str = ""
    publicaly_available_post_id: tuple[str, ...] = ()
    uploaded_bytes: int | None = None
    downloaded_bytes: int | None = None

    @field_validator("publicaly_available_post_id", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:
        several = given if isinstance(given, list) else [given]
        return [each for each in several if each not in (None, "", 0, "0")]


class Creator(Shape):
    """`data` of creator_info: the account as somebody who may post."""

    creator_username: str | None = None
    creator_nickname: str = ""
    privacy_level_options: tuple[str, ...] = ()
    comment_disabled: bool = False
    duet_disabled: bool = False
    stitch_disabled: bool = False
    max_video_post_duration_sec: int | None = None

    def details(self) -> dict[str, str]:
        """Return what a posting screen needs to know, as `Account.details`; nothing where nothing was told."""
        if not self.creator_username:
            return {}
        flags = {
            "private": "FOLLOWER_OF_CREATOR" in self.privacy_level_options,
            "comment_disabled": self.comment_disabled,
            "duet_disabled": self.duet_disabled,
            "stitch_disabled": self.stitch_disabled,
        }
        details = {"privacy_options": ",".join(self.privacy_level_options)}
        details |= {name: "yes" if value else "no" for name, value in flags.items()}
        if self.max_video_post_duration_sec is not None:
            details["max_video_seconds"] = str(self.max_video_post_duration_sec)
        return details


class CappedCreator(Creator):
    """What creator_info leaves to be known where it says that no more posts are taken for now."""

    def details(self) -> dict[str, str]:
        return {CAPPED: "yes"}
