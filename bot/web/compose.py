"""The composer's own page: what Slack's windows can't show, at a personal address (content-sharing guidelines)."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.compose_links import Pass
from bot.runtime import Runtime
from bot.signing import NoLink
from bot.views.words import page as words
from bot.views.words.dates import stamp
from bot.views.words.post import PLACE_FLAWS, flaw
from bot.views.words.refused import sentence_plain
from bot.web import compose_form
from bot.web.compose_form import Sent
from bot.web.compose_show import asks_music, fixes, shown
from bot.web.pages import OURS, asset, form, in_words, page, problem
from core.domain.composing import Flaw
from core.domain.post import Content, PostStep
from core.domain.preflight import Music
from core.domain.refusals import Refusal
from core.usecases.checking import Checked
from core.usecases.requesting import EDITABLE

LARGEST = 128 * 1024
"""Bytes of the form: three captions in full, every character encoded."""
_KEPT_BACK = frozenset({"post_incomplete", "post_blocked"})
_STANDING = PLACE_FLAWS | {"creator_unknown"}
"""What stands against a post however it is filled in: said before anybody fills it in."""


class Compose:
    """Handlers of /compose/…"""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._desk = runtime.desk

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/compose/{token}", in_words(self.show)),
            web.post("/compose/{token}", in_words(self.take)),
            web.get("/assets/compose.css", asset("compose.css", "text/css")),
            web.get("/assets/compose.js", asset("compose.js", "text/javascript")),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The post as it is. Opening it changes nothing."""
        opened = self._opened(request)
        if opened is None:
            return problem(*words.COMPOSE_OVER, status=HTTPStatus.GONE)
        post = (await self._desk.posts.of(opened.person.workspace, opened.post_id)).post
        if post.step is not PostStep.DRAFT and post.step not in EDITABLE:
            return problem(*words.COMPOSE_SETTLED, status=HTTPStatus.GONE)
        begun = await self._desk.requesting.reopened(opened.person, post.id, post.digest)
        checked = await self._desk.composing.check(opened.person, begun.id if begun else post.id)
        standing = [each for each in checked.flaws if each.code in _STANDING]
        return self._page(opened, checked, flaws=standing)

    async def take(self, request: web.Request) -> web.Response:
        """Keep what was typed, save it, or ask for approval: by `act`."""
        if request.headers.get("Sec-Fetch-Site", "") not in OURS:
            return problem(*words.OTHER_SITE, status=HTTPStatus.FORBIDDEN)
        opened = self._opened(request)
        if opened is None:
            return problem(*words.COMPOSE_OVER, status=HTTPStatus.GONE)
        typed = await form(request, LARGEST)
        if typed.get("act") == "keep":
            return await self._keep(opened, typed)
        opened, sent = await self._filled(opened, typed)
        if typed.get("act") == "fix":
            return await self._fix(opened, sent)
        if typed.get("act") == "request":
            return await self._ask(opened, sent)
        checked = await self._desk.composing.check(opened.person, opened.post_id)
        return self._page(opened, checked, flaws=sent.flaws, saved=words.COMPOSE_SAVED)

    async def _filled(self, opened: Pass, typed: Mapping[str, Any]) -> tuple[Pass, Sent]:
        """Save what was typed: in the draft, or in this person's draft of a request's next content. Raises Refusal."""
        person, digest = opened.person, str(typed.get("digest", ""))
        view = await self._desk.posts.of(person.workspace, opened.post_id)
        post = view.post
        if post.step is not PostStep.DRAFT and digest:
            begun = await self._desk.requesting.reopened(person, post.id, digest)
            post = begun or await self._desk.requesting.reopen(person, post.id, digest)
        sent = compose_form.read(typed, post.content, view.client.time_zone)
        if post.step is PostStep.DRAFT or typed.get("act") != "request":
            await self._desk.composing.save(person, post.id, sent.content)
        return replace(opened, post_id=post.id), sent

    async def _keep(self, opened: Pass, typed: Mapping[str, Any]) -> web.Response:
        """Answer the page's own script, in words that it shows."""
        try:
            _, sent = await self._filled(opened, typed)
        except Refusal as refusal:
            return web.json_response({"told": sentence_plain(refusal)})
        return web.json_response({"told": flaw(sent.flaws[0]) if sent.flaws else words.COMPOSE_SAVED})

    async def _fix(self, opened: Pass, sent: Sent) -> web.Response:
        """Put the rendition in the file's place; why that can't be done stands above all."""
        composing, stopped = self._desk.composing, ""
        checked = await composing.check(opened.person, opened.post_id)
        try:
            async with aclosing(composing.fix(opened.person, opened.post_id, checked.post.digest)) as steps:
                async for step in steps:
                    checked = step if isinstance(step, Checked) else checked
        except Refusal as refusal:
            stopped = sentence_plain(refusal)
        told = {"stopped": stopped} if stopped else {"saved": words.COMPOSE_FIXED}
        return self._page(opened, checked, flaws=sent.flaws, **told)

    async def _ask(self, opened: Pass, sent: Sent) -> web.Response:
        if sent.flaws:
            return await self._again(opened, sent.content, sent.flaws)
        if _unsaid(sent.content):
            return await self._again(opened, sent.content, None, words.COMPOSE_STOPPED)
        try:
            checked = await self._desk.requesting.request(opened.person, opened.post_id)
        except Refusal as refusal:
            if refusal.code not in _KEPT_BACK:
                raise
            return await self._again(opened, sent.content, None, words.COMPOSE_STOPPED)
        self._runtime.wake()
        return page(
            "outcome.html",
            mood="good",
            title=words.COMPOSE_ASKED,
            body=words.COMPOSE_ASKED_BODY.format(client=checked.client.name),
            points=(),
            note=words.DONE_HERE,
        )

    async def _again(
        self, opened: Pass, content: Content, flaws: Sequence[Flaw] | None, stopped: str = ""
    ) -> web.Response:
        """Show the page once more with what is wrong (None: all that the check finds), and all that was typed."""
        checked = await self._desk.composing.check(opened.person, opened.post_id, content)
        found = [*checked.flaws, *_unsaid(content)] if flaws is None else flaws
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return self._page(opened, checked, flaws=found, stopped=stopped, status=status)

    def _page(self, opened: Pass, checked: Checked, *, flaws: Sequence[Flaw], **told: Any) -> web.Response:
        post = checked.post
        is_edit = post.step is not PostStep.DRAFT or bool(post.edits)
        return page(
            "compose.html",
            status=told.get("status", HTTPStatus.OK),
            own=True,
            **shown(checked, self._desk.media_links, flaws),
            state=words.COMPOSE_EDIT if is_edit else words.COMPOSE_DRAFT,
            digest=post.edits_digest if post.step is PostStep.DRAFT else post.digest,
            submit=words.COMPOSE_RESUBMIT if is_edit else words.COMPOSE_SUBMIT,
            saved=told.get("saved", ""),
            stopped=told.get("stopped", ""),
            is_tried=told.get("status") is HTTPStatus.UNPROCESSABLE_ENTITY,
            fixes=fixes(checked),
            until=words.COMPOSE_UNTIL.format(until=stamp(opened.expires_at)),
        )

    def _opened(self, request: web.Request) -> Pass | None:
        try:
            return self._desk.compose_links.read(request.match_info["token"])
        except NoLink as none:
            if none.is_over:
                return None
            raise Refusal("page_unknown") from None


def _unsaid(content: Content) -> list[Flaw]:
    """Return what Slack's form doesn't let anybody leave out, either."""
    is_open = asks_music(content) and content.music is Music.UNASKED
    return [Flaw(code="music_missing", field="music")] if is_open else []
