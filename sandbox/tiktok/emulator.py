"""TikTok, emulated: its routes, its faults in its own words, and its truth for scripts."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from sandbox import browser
from sandbox.accounts import moment
from sandbox.emulator import Covered, Route, World
from sandbox.faults import Fault
from sandbox.oauth import Permission
from sandbox.settings_pages import Deed, OwnerPages
from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.admission import Admission
from sandbox.tiktok.api import Api
from sandbox.tiktok.authorize import ALWAYS, Authorize, own_page
from sandbox.tiktok.changes import Changes
from sandbox.tiktok.coverage import API, COVERAGE, PUBLISH, UPLOAD, WEB
from sandbox.tiktok.errors import FINE_TO_ASK, api_refusal, oauth_refusal, upload_refusal
from sandbox.tiktok.gate import Gate
from sandbox.tiktok.jobs import Jobs
from sandbox.tiktok.oauth import OAuth
from sandbox.tiktok.post_page import PostPage
from sandbox.tiktok.publishing import Publishing
from sandbox.tiktok.skin import SKIN
from sandbox.tiktok.state import SCOPES, State
from sandbox.tiktok.upload import Upload

UNUSED = {f"{API}/video/list/": "video.list", f"{API}/video/query/": "video.query"}


class TikTokEmulator:
    """Login Kit for the web and the Content Posting API.

    Operations, for faults: tiktok.authorize, tiktok.pages, tiktok.oauth.token, tiktok.oauth.revoke,
    tiktok.user_info, tiktok.creator_info, tiktok.publish.video_init, tiktok.publish.inbox_init,
    tiktok.publish.content_init, tiktok.publish.status, tiktok.publish.cancel, tiktok.upload.
    What TikTok does by itself is at processing.tiktok and moderation.tiktok: refuse (with a fail reason), delay.
    """

    name = "tiktok"

    def __init__(self, world: World) -> None:
        self.state = State(world)
        self.jobs = Jobs(self.state)
        self._post_page = PostPage(self.state, self.jobs)
        self._changes = Changes(self.state, self.jobs)
        deeds: dict[str, Deed[TikTokAccount]] = {
            "remove": self._changes.remove,
            "withdraw": self._changes.withdraw,
        }
        self._pages = OwnerPages(SKIN, self.state.accounts, _permissions, deeds)

    def routes(self) -> Sequence[Route]:
        gate = Gate(self.state)
        admission = Admission(self.state, gate, self.jobs)
        authorize, oauth, api = Authorize(self.state), OAuth(self.state), Api(self.state, gate, admission)
        publishing = Publishing(self.state, gate, self.jobs, admission)
        return [
            Route("GET", f"{WEB}/v2/auth/authorize/", "tiktok.authorize", authorize.show),
            Route("POST", f"{WEB}/v2/auth/authorize/", "tiktok.authorize", authorize.decide),
            Route("GET", f"{WEB}/login", "tiktok.pages.login", self._pages.login),
            Route("GET", f"{WEB}/setting", "tiktok.pages.setting", self._pages.apps),
            Route("POST", f"{WEB}/setting", "tiktok.pages.setting", self._pages.act),
            Route("GET", f"{WEB}/@{{handle}}", "tiktok.pages.profile", self._pages.profile),
            Route(
                "GET",
                f"{WEB}/@{{handle}}/{{kind:video|photo}}/{{id}}",
                "tiktok.pages.post",
                self._post_page.show,
            ),
            Route("*", f"{WEB}/{{path:.*}}", "tiktok.pages.unknown", self._pages.unknown),
            Route("POST", f"{API}/oauth/token/", "tiktok.oauth.token", oauth.token),
            Route("*", f"{API}/oauth/token", "tiktok.oauth.slashless", oauth.without_slash),
            Route("POST", f"{API}/oauth/revoke/", "tiktok.oauth.revoke", oauth.revoke),
            Route("GET", f"{API}/user/info/", "tiktok.user_info", api.user_info),
            Route("POST", f"{PUBLISH}/creator_info/query/", "tiktok.creator_info", api.creator_info),
            Route("POST", f"{PUBLISH}/video/init/", "tiktok.publish.video_init", publishing.video_init()),
            Route(
                "POST", f"{PUBLISH}/inbox/video/init/", "tiktok.publish.inbox_init", publishing.inbox_init()
            ),
            Route(
                "POST", f"{PUBLISH}/content/init/", "tiktok.publish.content_init", publishing.content_init()
            ),
            Route("POST", f"{PUBLISH}/status/fetch/", "tiktok.publish.status", publishing.status()),
            Route("POST", f"{PUBLISH}/cancel/", "tiktok.publish.cancel", publishing.cancel()),
            Route("PUT", UPLOAD, "tiktok.upload", Upload(self.state, self.jobs).put),
            *(Route("POST", path, f"tiktok.{name}", api.missing) for path, name in UNUSED.items()),
            Route("*", "/open.tiktokapis.com/{path:.*}", "tiktok.unknown", api.missing),
        ]

    def coverage(self) -> Sequence[Covered]:
        return COVERAGE

    def control_routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.get("/p16-sign.tiktokcdn.com/{open_id}.svg", self._pages.avatar)]

    def refusal(self, operation: str, fault: Fault) -> web.Response:
        """`code` is an error of OERR, ERR or of the endpoint; a status like 404 for the upload host.

        `http_503` is an answer of the gateway without any envelope.
        """
        if fault.code.startswith("http_") and fault.code[5:].isdecimal():
            return web.Response(status=int(fault.code[5:]), text="upstream error")
        throttled = fault.what == "throttle"
        if operation == "tiktok.upload":
            return _upload_fault(fault)
        if operation.startswith("tiktok.oauth"):
            code = "temporarily_unavailable" if throttled else fault.code
            return oauth_refusal(self.state, code, status=429 if throttled else 0)
        if operation.startswith("tiktok.pages"):
            return browser.problem(SKIN, "Something went wrong", "Please try again later.", code=fault.code)
        if operation == "tiktok.authorize":
            return own_page(fault.code or "rate_limit_exceeded")
        code = "rate_limit_exceeded" if throttled else fault.code
        fine = operation == "tiktok.creator_info" and code in FINE_TO_ASK
        return api_refusal(self.state, code, "Scripted by the sandbox.", status=200 if fine else 0)

    def accounts(self) -> list[dict[str, Any]]:
        return [self._truth(account) for account in self.state.accounts]

    def change_account(self, handle: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """See `sandbox.tiktok.changes.Changes` for the fields."""
        account = self.state.accounts.get(handle)
        self.state.accounts.change(account, change, self._changes.table())
        return self._truth(account)

    def add_account(self, handle: str, name: str) -> dict[str, Any]:
        return self._truth(self.state.accounts.add(TikTokAccount(handle=handle, name=name)))

    def posts(self) -> list[dict[str, Any]]:
        self.jobs.settle_all()
        return self.jobs.posts.rows({post.id: self._post_page.url(post) for post in self.jobs.posts})

    def switches(self) -> dict[str, Any]:
        return self.state.switches.describe()

    def set_switches(self, change: Mapping[str, Any]) -> None:
        self.state.switches.set(change)

    def registration(self) -> dict[str, Any]:
        return self.state.registration.describe()

    def set_registration(self, change: Mapping[str, Any]) -> None:
        self.state.registration.set(change)

    def deliveries(self) -> list[dict[str, Any]]:
        return self.state.callbacks.deliveries()

    def _truth(self, account: TikTokAccount) -> dict[str, Any]:
        return {
            **account.to_json(self.name),
            "posting": account.posting,
            "open_id": account.open_id,
            "grants": self._grants(account),
            "url": f"{self.state.world.base_url}{WEB}/@{account.handle}",
        }

    def _grants(self, account: TikTokAccount) -> list[dict[str, Any]]:
        if account.grant is None:
            return []
        access, refresh = self.state.tokens.expiries(account.grant)
        expiries = {"access_expires": moment(access), "refresh_expires": moment(refresh)}
        return [{**account.grant.to_json(), **expiries}]


def _upload_fault(fault: Fault) -> web.Response:
    status = "429" if fault.what == "throttle" else fault.code
    return upload_refusal(int(status) if status.isdecimal() else 500, fault.code or "throttled")


def _permissions(scopes: Sequence[str]) -> list[Permission]:
    return [Permission(scope, SCOPES[scope], required=scope == ALWAYS) for scope in scopes]
