"""What a script may change about an Instagram account, and the buttons of its owner, which do the same."""

from collections.abc import Mapping
from typing import Any

from sandbox import asked
from sandbox.accounts import CONDITIONS, Act, Change, certainly, setting, untick
from sandbox.instagram.accounts import TYPES, InstagramAccount
from sandbox.instagram.state import State
from sandbox.posts import Posts


class Changes:
    """The changes that only Instagram has; `sandbox.accounts` has the common ones.

    | field | effect |
    |---|---|
    | `remove_app` | true: the owner removes the app; deauthorize callback, tokens answer 190/458 |
    | `request_deletion` | true: the owner of a removed app asks for deletion of their data; deletion callback |
    | `untick` | list of permissions that are gone; a guess, no such toggle was found |
    | `condition` | checkpoint 190/459, unconfirmed 190/464, banned 190, restricted 25/2207050; deleted ends the grant |
    | `password_changed` | true: the tokens answer 190/460 |
    | `logged_out` | true: the tokens answer 190/467 |
    | `type` | BUSINESS, MEDIA_CREATOR or PERSONAL; a personal account answers IGApiException 100 |
    | `impressions` | 0 or more: the account may make 4,800 times as many calls in 24 hours |
    | `delete_post` | a post's id: its owner deletes it |
    """

    def __init__(self, state: State, posts: Posts[InstagramAccount]) -> None:
        self._state = state
        self._posts = posts

    def table(self) -> dict[str, Change[InstagramAccount]]:
        return {
            "remove_app": self._remove_app,
            "request_deletion": self._request_deletion,
            "untick": untick,
            "condition": self._condition,
            "password_changed": self._password_changed,
            "logged_out": self._logged_out,
            "type": lambda account, body: setting(account, "type", asked.choice(body, "type", TYPES)),
            "impressions": _impressions,
            "delete_post": self._delete_post,
        }

    def remove(self, account: InstagramAccount, _scope: str = "") -> str:
        """The owner's Remove button."""
        self._remove_app(account, {"remove_app": True})()
        return "Removed. The app has lost its access."

    def delete_data(self, account: InstagramAccount, _scope: str = "") -> str:
        """The owner's button to have the data deleted."""
        self._request_deletion(account, {"request_deletion": True})()
        return "We asked the app to delete your data."

    def _remove_app(self, account: InstagramAccount, body: Mapping[str, Any]) -> Act:
        certainly(body, "remove_app")
        account.linked_grant()
        return lambda: self._state.unlink(account, "removed")

    def _request_deletion(self, account: InstagramAccount, body: Mapping[str, Any]) -> Act:
        certainly(body, "request_deletion")
        if not account.ever_linked:
            raise asked.AskedError(f"No app was ever linked to {account.handle!r}.")
        return lambda: self._state.call_back(account, "deletion")

    def _condition(self, account: InstagramAccount, body: Mapping[str, Any]) -> Act:
        condition = asked.choice(body, "condition", (*CONDITIONS, "unconfirmed"))

        def act() -> None:
            account.condition = condition
            if condition == "deleted":
                self._state.unlink(account, condition)

        return act

    def _password_changed(self, account: InstagramAccount, body: Mapping[str, Any]) -> Act:
        certainly(body, "password_changed")
        return lambda: self._state.end_tokens(account, "password")

    def _logged_out(self, account: InstagramAccount, body: Mapping[str, Any]) -> Act:
        certainly(body, "logged_out")
        return lambda: self._state.end_tokens(account, "logged_out")

    def _delete_post(self, account: InstagramAccount, body: Mapping[str, Any]) -> Act:
        post = self._posts.of(account, asked.text(body, "delete_post"))
        return lambda: setattr(post, "state", "removed")


def _impressions(account: InstagramAccount, body: Mapping[str, Any]) -> Act:
    if (impressions := asked.number(body, "impressions")) < 0:
        raise asked.AskedError("Field 'impressions' must be 0 or more.")
    return setting(account, "impressions", int(impressions))
