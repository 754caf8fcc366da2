"""GET /media, /stories and a medium's own node: how an app finds what is public."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox import browser
from sandbox.instagram.accounts import InstagramAccount
from sandbox.instagram.calls import Call
from sandbox.instagram.errors import Refused
from sandbox.instagram.gate import Gate
from sandbox.instagram.skin import SKIN
from sandbox.instagram.state import BASIC, State
from sandbox.instagram.switches import DAY
from sandbox.posts import Post, Posts

PAGE, LARGEST_PAGE = 25, 100
TYPES = {"reel": "VIDEO", "carousel": "CAROUSEL_ALBUM", "image": "IMAGE"}
PRODUCTS = {"reel": "REELS", "story": "STORY"}
InstagramPost = Post[InstagramAccount]


class Feed:
    def __init__(self, state: State, gate: Gate, posts: Posts[InstagramAccount]) -> None:
        self._state = state
        self._gate = gate
        self._posts = posts

    def media(self, call: Call) -> Any:
        """Newest first, no stories, paged by cursor and by time (S4)."""
        self._gate.need(call.token, BASIC)
        horizon = self._now() - self._state.switches.number("media_list_lag_seconds")
        shown = [post for post in self._of(call) if post.kind != "story" and post.published_at <= horizon]
        return self._page(call, shown)

    def stories(self, call: Call) -> Any:
        """Those of the last 24 hours."""
        self._gate.need(call.token, BASIC)
        shown = [post for post in self._of(call) if post.kind == "story" and self._is_there(post)]
        return self._page(call, shown)

    def medium(self, call: Call) -> Any:
        self._gate.need(call.token, BASIC)
        post = self._posts.find(call.node)
        if post is None or post.account is not call.account or not self._is_there(post):
            raise Refused(100, 33)
        return self._facts(post, call.fields("id"))

    def url(self, post: InstagramPost) -> str:
        """The permalink."""
        home = f"{self._state.world.base_url}{SKIN.home}"
        if post.kind == "story":
            return f"{home}/stories/{post.account.handle}/{post.id}/"
        return f"{home}/{'reel' if post.kind == 'reel' else 'p'}/{post.details['shortcode']}/"

    async def show(self, request: web.Request) -> web.Response:
        """The page behind a permalink."""
        wanted = request.match_info["post"]
        found = [post for post in self._posts if wanted in {post.details["shortcode"], post.id}]
        if not found or not self._is_there(found[0]):
            sentence = "The link may be broken, or the post may have been removed."
            return browser.problem(SKIN, "Sorry, this page isn’t available", sentence, status=404)
        post, viewer = found[0], browser.signed_in(request, SKIN)
        heading, reel = f"{post.kind} on Instagram", self._state.world.reel
        return browser.page(SKIN, "post.html", signed_in=viewer, post=post, heading=heading, reel=reel)

    def _of(self, call: Call) -> list[InstagramPost]:
        since, until = (_moment(call, name) for name in ("since", "until"))
        return [
            post
            for post in reversed(list(self._posts))
            if post.account is call.account
            and post.state == "public"
            and (since is None or post.published_at >= since)
            and (until is None or post.published_at < until)
        ]

    def _page(self, call: Call, posts: Sequence[InstagramPost]) -> dict[str, Any]:
        limit = call.params.get("limit", str(PAGE))
        if not limit.isdecimal() or not int(limit):
            raise Refused(100, None, "Param limit must be a positive number.")
        begin = _place(posts, call.params["after"]) + 1 if call.params.get("after") else 0
        size = min(int(limit), LARGEST_PAGE)
        if call.params.get("before"):
            end = _place(posts, call.params["before"])
            begin, size = max(0, end - size), min(size, end)
        shown = posts[begin : begin + size]
        answer: dict[str, Any] = {"data": [self._facts(post, call.fields("id")) for post in shown]}
        if shown:
            answer["paging"] = {"cursors": {"before": shown[0].id, "after": shown[-1].id}}
            if begin + size < len(posts):
                answer["paging"]["next"] = self._next(call, shown[-1].id)
        return answer

    def _next(self, call: Call, after: str) -> str:
        """The next page's address, without the token that Meta puts there: it would end in logs."""
        kept = {name: value for name, value in call.params.items() if name not in {"access_token", "before"}}
        query = urlencode({**kept, "after": after})
        return f"{self._state.world.base_url}/graph.instagram.com/{call.node}/media?{query}"

    def _facts(self, post: InstagramPost, fields: Sequence[str]) -> dict[str, Any]:
        published = datetime.fromtimestamp(post.published_at, UTC)
        video = post.kind == "reel" or (post.kind == "story" and bool(post.media[0].video))
        facts: dict[str, Any] = {
            "id": post.id,
            "caption": post.caption,
            "media_type": TYPES.get(post.kind, "VIDEO" if video else "IMAGE"),
            "permalink": self.url(post),
            "shortcode": post.details["shortcode"],
            "timestamp": f"{published:%Y-%m-%dT%H:%M:%S+0000}",
            "username": post.account.handle,
        }
        if self._state.switches.on("media_product_type"):
            facts["media_product_type"] = PRODUCTS.get(post.kind, "FEED")
        for name in fields:
            if name not in facts:
                raise Refused(100, None, f"Tried accessing nonexisting field ({name}) on node type (IGMedia)")
        # Graph leaves out what is empty.
        return {name: facts[name] for name in dict.fromkeys((*fields, "id")) if facts[name] != ""}

    def _is_there(self, post: InstagramPost) -> bool:
        over = post.kind == "story" and post.published_at + DAY <= self._now()
        return post.state == "public" and not over

    def _now(self) -> float:
        return self._state.world.clock.timestamp()


def _place(posts: Sequence[InstagramPost], cursor: str) -> int:
    for place, post in enumerate(posts):
        if post.id == cursor:
            return place
    raise Refused(100, None, "Param after or before is not a cursor of this list.")


def _moment(call: Call, name: str) -> float | None:
    value = call.params.get(name)
    if value is None:
        return None
    if not value.isdecimal():
        raise Refused(100, None, f"Param {name} must be a Unix timestamp.")
    return float(value)
