"""POST /media, the container's node, POST /media_publish: from an address on the web to a post."""

import string
from typing import Any

from sandbox.instagram.accounts import InstagramAccount
from sandbox.instagram.calls import Call
from sandbox.instagram.containers import Container, Containers
from sandbox.instagram.errors import Refused
from sandbox.instagram.gate import Gate
from sandbox.instagram.state import BASIC, PUBLISH, State
from sandbox.instagram.switches import DAY
from sandbox.instagram.wish import read_wish, refusal
from sandbox.mint import LETTERS
from sandbox.posts import Post, Posts
from sandbox.window import SlidingWindow

MEDIA_PREFIX = "180"
"""Of media ids; ours, as with containers."""

SHORTCODE = 11
STATUS = {
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been published successfully.",
    "EXPIRED": "Expired: The container was not published within 24 hours.",
}
COPYRIGHT = {"status": "completed", "matches_found": False}


class Publishing:
    def __init__(self, state: State, gate: Gate, posts: Posts[InstagramAccount]) -> None:
        clock = state.world.clock
        self._state = state
        self._gate = gate
        self._posts = posts
        self._containers = Containers(state)
        self._made = SlidingWindow(clock, limit=state.switches.number("containers_a_day"), seconds=DAY)
        self._published = SlidingWindow(clock, limit=state.switches.number("quota_total"), seconds=DAY)

    def usage(self, account: InstagramAccount) -> int:
        """Posts of the last 24 hours; a carousel is one (S4)."""
        return self._published.used(account.user_id)

    async def create(self, call: Call) -> Any:
        self._check(call)
        wish = read_wish(call.params, self._state.switches)
        if not self._made.admit(call.account.user_id, self._state.switches.number("containers_a_day")):
            raise refusal(self._state.switches.text("container_cap_error"))
        return {"id": (await self._containers.create(call.account, wish)).id}

    def container(self, call: Call) -> Any:
        self._gate.need(call.token, BASIC)
        container = self._containers.find(call.node, call.account)
        if container is None:
            raise Refused(100, 33)
        status = self._containers.status(container)
        facts: dict[str, Any] = {
            "id": container.id,
            "status_code": status,
            "status": STATUS.get(status) or _error_text(container),
            "copyright_check_status": COPYRIGHT,
        }
        for name in (fields := call.fields("id")):
            if name not in facts:
                raise Refused(
                    100, None, f"Tried accessing nonexisting field ({name}) on node type (IGContainer)"
                )
        return {name: facts[name] for name in dict.fromkeys((*fields, "id"))}

    def publish(self, call: Call) -> Any:
        self._check(call)
        if not (wanted := call.params.get("creation_id")):
            raise Refused(100, None, "The parameter creation_id is required.")
        container = self._containers.find(wanted, call.account)
        if container is None or container.wish.is_item:
            raise Refused(24, 2207006)
        if container.post is not None:
            return self._again(container, container.post)
        match self._containers.status(container):
            case "IN_PROGRESS":
                raise Refused(9007, 2207027)
            case "EXPIRED":
                raise refusal(self._state.switches.text("expired_publish"))
            case "ERROR":
                assert container.error is not None
                raise container.error
        return {"id": self._post(container).id}

    def _check(self, call: Call) -> None:
        self._gate.need(call.token, BASIC, PUBLISH)
        if call.account.condition == "restricted":
            raise Refused(25, 2207050)

    def _again(self, container: Container, post: Post[InstagramAccount]) -> Any:
        """Nobody documents what a second publish of one container does."""
        match self._state.switches.text("second_publish"):
            case "same_id":
                return {"id": post.id}
            case "another_post":
                return {"id": self._post(container).id}
            case code:
                raise refusal(code)

    def _post(self, container: Container) -> Post[InstagramAccount]:
        account, mint = container.account, self._state.world.mint
        if not self._published.admit(account.user_id, self._state.switches.number("quota_total")):
            raise Refused(9, 2207042)
        now = self._state.world.clock.timestamp()
        post: Post[InstagramAccount] = Post(
            account=account,
            id=mint.identifier(MEDIA_PREFIX, 14, string.digits),
            kind=container.wish.kind,
            caption=container.wish.caption,
            media=container.media,
            options=container.wish.options,
            source=container.id,
            state="public",
            published_at=now,
            public_at=now,
            details={
                "account_id": account.user_id,
                "shortcode": mint.identifier("D", SHORTCODE - 1, LETTERS),
            },
        )
        for one in (container, *container.children):
            one.post, one.published_at = post, now
        return self._posts.add(post)


def _error_text(container: Container) -> str:
    """Where clients find the subcode (S20, S40)."""
    error = container.error
    code = error.subcode or error.code if error is not None else ""
    return f"Error: Media upload has failed with error code {code}"
