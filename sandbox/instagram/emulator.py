"""Instagram Login, emulated: its routes, its faults in its own words, and its truth for scripts."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from sandbox import browser
from sandbox.accounts import moment
from sandbox.control import speaking
from sandbox.emulator import Covered, Route, World
from sandbox.faults import Fault
from sandbox.instagram.accounts import InstagramAccount
from sandbox.instagram.authorize import Authorize, own_page
from sandbox.instagram.calls import Calls, Work
from sandbox.instagram.changes import Changes
from sandbox.instagram.coverage import CONTAINER, COVERAGE, GRAPH, MEDIUM, NODE, POST_PAGES, PREFIXES, WEB
from sandbox.instagram.errors import THROTTLES, flat_refusal, graph_refusal, scripted
from sandbox.instagram.feed import Feed
from sandbox.instagram.gate import Gate
from sandbox.instagram.graph import Graph
from sandbox.instagram.oauth import OAuth
from sandbox.instagram.portal import Portal
from sandbox.instagram.publishing import Publishing
from sandbox.instagram.skin import SKIN
from sandbox.instagram.state import BASIC, SCOPES, State
from sandbox.oauth import Permission
from sandbox.posts import Posts
from sandbox.settings_pages import Deed, OwnerPages

APP_LIMIT = "4"


class InstagramEmulator:
    """Instagram API with Instagram Login.

    Operations, for faults: instagram.authorize, instagram.pages, instagram.oauth.short, instagram.oauth.long,
    instagram.oauth.refresh, instagram.me, instagram.limit, instagram.subscribed_apps, instagram.permissions,
    instagram.media (POST), instagram.container, instagram.media_publish, instagram.media_list (GET /media),
    instagram.media_node, instagram.stories.
    What Instagram does by itself is at processing.instagram: refuse (with a subcode), delay.
    """

    name = "instagram"

    def __init__(self, world: World) -> None:
        self.state = State(world)
        self.posted: Posts[InstagramAccount] = Posts("instagram", "container")
        self._gate = Gate(self.state)
        self.publishing = Publishing(self.state, self._gate, self.posted)
        self._feed = Feed(self.state, self._gate, self.posted)
        self._changes = Changes(self.state, self.posted)
        deeds: dict[str, Deed[InstagramAccount]] = {
            "remove": self._changes.remove,
            "delete_data": self._changes.delete_data,
        }
        self._pages = OwnerPages(SKIN, self.state.accounts, _permissions, deeds)

    def routes(self) -> Sequence[Route]:
        authorize, oauth = Authorize(self.state), OAuth(self.state, self._gate)
        graph = Graph(self.state, self._gate, self.publishing.usage)
        return [
            Route("GET", f"{WEB}/oauth/authorize", "instagram.authorize", authorize.show),
            Route("POST", f"{WEB}/oauth/authorize", "instagram.authorize", authorize.decide),
            Route("GET", f"{WEB}/accounts/login/", "instagram.pages.login", self._pages.login),
            Route("GET", f"{WEB}/accounts/manage_access/", "instagram.pages.access", self._pages.apps),
            Route("POST", f"{WEB}/accounts/manage_access/", "instagram.pages.access", self._pages.act),
            Route("GET", f"{WEB}/{{handle}}/", "instagram.pages.profile", self._pages.profile),
            Route("GET", f"{WEB}/{{handle}}", "instagram.pages.profile", self._pages.profile),
            *(Route("GET", path, "instagram.pages.post", self._feed.show) for path in POST_PAGES),
            Route("*", f"{WEB}/{{path:.*}}", "instagram.pages.unknown", self._pages.unknown),
            Route("POST", "/api.instagram.com/oauth/access_token", "instagram.oauth.short", oauth.short),
            Route("*", "/api.instagram.com/{path:.*}", "instagram.oauth.unknown", _flat_unknown),
            Route("GET", f"{GRAPH}/access_token", "instagram.oauth.long", oauth.long),
            Route("GET", f"{GRAPH}/refresh_access_token", "instagram.oauth.refresh", oauth.refresh),
            *self._things(),
            *self._edges(graph),
            Route("*", f"{GRAPH}/{{path:.*}}", "instagram.unknown", graph.unknown),
        ]

    def coverage(self) -> Sequence[Covered]:
        return COVERAGE

    def control_routes(self) -> Sequence[web.AbstractRouteDef]:
        portal = Portal(self.state)
        return [
            web.post("/_sandbox/webhooks/instagram/handshake", speaking(portal.handshake)),
            web.post("/_sandbox/webhooks/instagram/event", speaking(portal.event)),
            web.get("/scontent.cdninstagram.com/{id}.svg", self._pages.avatar),
        ]

    def refusal(self, operation: str, fault: Fault) -> web.Response:
        """`code` is "190", "190/458", "IGApiException", or `http_503` for an answer without any envelope."""
        if fault.code.startswith("http_") and fault.code[5:].isdecimal():
            return web.Response(status=int(fault.code[5:]), text="upstream error")
        code = fault.code or APP_LIMIT
        if operation in {"instagram.oauth.short", "instagram.oauth.unknown"}:
            return flat_refusal(code if fault.what == "refuse" else "Application request limit reached")
        if operation.startswith("instagram.pages"):
            return browser.problem(SKIN, "Something went wrong", "Please try again later.", code=code)
        if operation == "instagram.authorize":
            return own_page(code)
        refused = scripted(code)
        response = graph_refusal(self.state, refused)
        if refused.code in THROTTLES:
            response.headers["X-App-Usage"] = '{"call_count": 100, "total_cputime": 25, "total_time": 25}'
        return response

    def accounts(self) -> list[dict[str, Any]]:
        return [self._truth(account) for account in self.state.accounts]

    def change_account(self, handle: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """See `sandbox.instagram.changes.Changes` for the fields."""
        account = self.state.accounts.get(handle)
        self.state.accounts.change(account, change, self._changes.table())
        return self._truth(account)

    def add_account(self, handle: str, name: str) -> dict[str, Any]:
        return self._truth(self.state.accounts.add(InstagramAccount(handle=handle, name=name)))

    def posts(self) -> list[dict[str, Any]]:
        return self.posted.rows({post.id: self._feed.url(post) for post in self.posted})

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

    def _things(self) -> list[Route]:
        """Containers and media; before the accounts, whose pattern fits every number."""
        calls = Calls(self.state, self._gate)
        things = (
            (CONTAINER, "container", self.publishing.container),
            (MEDIUM, "media_node", self._feed.medium),
        )
        return [
            Route("GET", f"{prefix}/{pattern}", f"instagram.{name}", calls.of_thing(work))
            for pattern, name, work in things
            for prefix in PREFIXES
        ]

    def _edges(self, graph: Graph) -> list[Route]:
        calls = Calls(self.state, self._gate)
        edges: list[tuple[str, str, str, Work]] = [
            ("GET", "", "me", graph.node),
            ("GET", "/content_publishing_limit", "limit", graph.publishing_limit),
            ("GET", "/subscribed_apps", "subscribed_apps", graph.subscribed),
            ("POST", "/subscribed_apps", "subscribed_apps", graph.subscribe),
            ("DELETE", "/subscribed_apps", "subscribed_apps", graph.unsubscribe),
            ("DELETE", "/permissions", "permissions", graph.delete_permissions),
            ("POST", "/media", "media", self.publishing.create),
            ("GET", "/media", "media_list", self._feed.media),
            ("POST", "/media_publish", "media_publish", self.publishing.publish),
            ("GET", "/stories", "stories", self._feed.stories),
        ]
        return [
            Route(method, f"{prefix}/{NODE}{path}", f"instagram.{name}", calls.of_account(work))
            for method, path, name, work in edges
            for prefix in PREFIXES
        ]

    def _truth(self, account: InstagramAccount) -> dict[str, Any]:
        return {
            **account.to_json(self.name),
            "type": account.type,
            "id": account.id,
            "user_id": account.user_id,
            "subscribed_fields": list(account.subscribed),
            "grants": self._grants(account),
            "url": f"{self.state.world.base_url}{WEB}/{account.handle}/",
        }

    def _grants(self, account: InstagramAccount) -> list[dict[str, Any]]:
        if account.grant is None:
            return []
        expires = moment(self.state.tokens.last_expiry(account.grant))
        return [{**account.grant.to_json(), "access_expires": expires}]


async def _flat_unknown(_request: web.Request) -> web.Response:
    return flat_refusal("Unsupported path", status=404)


def _permissions(scopes: Sequence[str]) -> list[Permission]:
    return [Permission(scope, SCOPES[scope], required=scope == BASIC) for scope in scopes]
