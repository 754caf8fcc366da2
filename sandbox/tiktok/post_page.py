"""The public page of a post, which a permalink opens."""

from aiohttp import web

from sandbox import browser
from sandbox.posts import Post
from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.jobs import Jobs
from sandbox.tiktok.skin import SKIN
from sandbox.tiktok.state import State


class PostPage:
    def __init__(self, state: State, jobs: Jobs) -> None:
        self._state = state
        self._jobs = jobs

    def url(self, post: Post[TikTokAccount]) -> str:
        """Where the post is seen; a rename of its account moves it."""
        return f"{self._state.world.base_url}{SKIN.home}/@{post.account.handle}/{post.kind}/{post.id}"

    async def show(self, request: web.Request) -> web.Response:
        """Everybody sees what is public; its creator, signed in, sees all of their own."""
        self._jobs.settle_all()
        post, viewer = self._jobs.posts.find(request.match_info["id"]), browser.signed_in(request, SKIN)
        owned = post is not None and viewer == post.account.handle and post.state != "removed"
        if post is None or not (post.state == "public" or owned):
            sentence = "It may be private, still in review, or gone."
            return browser.problem(SKIN, "Video currently unavailable", sentence, status=404)
        heading, reel = f"{post.kind} on TikTok", self._state.world.reel
        return browser.page(SKIN, "post.html", signed_in=viewer, post=post, heading=heading, reel=reel)
