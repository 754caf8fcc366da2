"""What a script may change about a TikTok account, and the buttons of its owner, which do the same."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sandbox import asked
from sandbox.accounts import CONDITIONS, Act, Change, certainly, setting, untick
from sandbox.tiktok.accounts import POSTING, TikTokAccount
from sandbox.tiktok.authorize import ALWAYS
from sandbox.tiktok.jobs import Jobs
from sandbox.tiktok.state import REASONS, State

FLAGS = ("comment_disabled", "duet_disabled", "stitch_disabled", "old_app")


class Changes:
    """The changes that only TikTok has; `sandbox.accounts` has the common ones.

    | field | effect |
    |---|---|
    | `remove_app` | true: the owner disconnects the app (reason 1); 0–5: with that reason of the webhook |
    | `untick` | list of scopes that the owner withdraws; user.info.basic only goes with the whole app |
    | `condition` | banned, deleted end the grant (reason 4, 2); restricted blocks posting, checkpoint consent too |
    | `password_changed` | true; ends the tokens if the switch password_change_kills_tokens says so |
    | `posting` | ok, too_many_posts or banned: what creator_info answers |
    | `comment_disabled`, `duet_disabled`, `stitch_disabled`, `max_video_post_duration_sec` | the creator's settings |
    | `old_app` | true: the creator's TikTok is too old for photo drafts |
    | `post_draft` | a publish id: the creator posts that draft publicly; they may do so again |
    | `take_down` | a post's id: it is removed; webhook if it was public |
    """

    def __init__(self, state: State, jobs: Jobs) -> None:
        self._state = state
        self._jobs = jobs

    def table(self) -> dict[str, Change[TikTokAccount]]:
        return {
            "remove_app": self._remove_app,
            "untick": partial(untick, required=(ALWAYS,)),
            "condition": self._condition,
            "password_changed": self._password_changed,
            "posting": lambda account, body: setting(
                account, "posting", asked.choice(body, "posting", POSTING)
            ),
            "max_video_post_duration_sec": _duration,
            "post_draft": self._post_draft,
            "take_down": self._take_down,
            **{name: partial(_flag, name) for name in FLAGS},
        }

    def remove(self, account: TikTokAccount, _scope: str = "") -> str:
        """The owner's Remove button."""
        self._remove_app(account, {"remove_app": True})()
        return "Removed. The app has lost its access."

    def withdraw(self, account: TikTokAccount, scope: str) -> str:
        """The owner's Withdraw button."""
        untick(account, {"untick": [scope]}, (ALWAYS,))()
        return f"The app no longer has {scope}."

    def _remove_app(self, account: TikTokAccount, body: Mapping[str, Any]) -> Act:
        wanted = body.get("remove_app")
        reason = REASONS["user"] if wanted is True else int(asked.number(body, "remove_app"))
        if reason not in REASONS.values():
            raise asked.AskedError("Field 'remove_app' must be true, or a reason from 0 to 5.")
        account.linked_grant()
        return lambda: self._state.unlink(account, reason)

    def _condition(self, account: TikTokAccount, body: Mapping[str, Any]) -> Act:
        condition = asked.choice(body, "condition", CONDITIONS)

        def act() -> None:
            account.condition = condition
            if condition in REASONS:
                self._state.unlink(account, REASONS[condition])

        return act

    def _password_changed(self, account: TikTokAccount, body: Mapping[str, Any]) -> Act:
        certainly(body, "password_changed")

        def act() -> None:
            if account.grant and self._state.switches.on("password_change_kills_tokens"):
                self._state.tokens.end_all(account.grant)

        return act

    def _post_draft(self, account: TikTokAccount, body: Mapping[str, Any]) -> Act:
        job = self._jobs.draft(account, asked.text(body, "post_draft"))
        return lambda: self._jobs.publish_draft(job)

    def _take_down(self, account: TikTokAccount, body: Mapping[str, Any]) -> Act:
        post = self._jobs.posts.of(account, asked.text(body, "take_down"))
        return lambda: self._jobs.take_down(post)


def _flag(name: str, account: TikTokAccount, body: Mapping[str, Any]) -> Act:
    return setting(account, name, asked.flag(body, name))


def _duration(account: TikTokAccount, body: Mapping[str, Any]) -> Act:
    seconds = asked.number(body, "max_video_post_duration_sec")
    if seconds < 1:
        raise asked.AskedError("Field 'max_video_post_duration_sec' must be 1 or more.")
    return setting(account, "max_video_post_duration_sec", int(seconds))
