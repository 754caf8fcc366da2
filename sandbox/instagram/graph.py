"""The Graph edges that a link needs: the account, its publishing limit, its webhooks, its permissions."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.instagram.accounts import APP_ID, InstagramAccount
from sandbox.instagram.calls import Call
from sandbox.instagram.errors import Refused, graph_refusal, unsupported
from sandbox.instagram.gate import Gate
from sandbox.instagram.state import BASIC, PUBLISH, State

WEBHOOK_FIELDS = frozenset(
    {"comments", "live_comments", "message_echoes", "message_reactions", "messages", "story_insights"}
)
LIMIT_SECONDS = 86_400


class Graph:
    """Each method takes an admitted call and answers JSON, or raises Refused."""

    def __init__(self, state: State, gate: Gate, usage: Callable[[InstagramAccount], int]) -> None:
        """`usage`: how many posts of the account the publishing limit counts."""
        self._state = state
        self._gate = gate
        self._usage = usage

    async def unknown(self, request: web.Request) -> web.Response:
        """Wrong paths, and edges that the sandbox doesn't have."""
        return graph_refusal(self._state, unsupported(request.method))

    def node(self, call: Call) -> Any:
        self._gate.need(call.token, BASIC)
        facts = self._facts(call.account)
        for name in (fields := call.fields("id")):
            if name not in facts:
                raise Refused(100, None, f"Tried accessing nonexisting field ({name}) on node type (IGUser)")
        answer = {name: facts[name] for name in dict.fromkeys((*fields, "id"))}
        return {"data": [answer]} if self._state.switches.text("me_answer") == "data" else answer

    def publishing_limit(self, call: Call) -> Any:
        self._gate.need(call.token, BASIC, PUBLISH)
        if call.account.condition == "restricted" and self._state.switches.on("restricted_limit"):
            raise Refused(25, 2207050)
        quota = self._state.switches.number("quota_total")
        facts = {
            "quota_usage": self._usage(call.account),
            "config": {"quota_total": quota, "quota_duration": LIMIT_SECONDS},
        }
        for name in (fields := call.fields("quota_usage")):
            if name not in facts:
                raise Refused(100, None, f"Tried accessing nonexisting field ({name})")
        return {"data": [{name: facts[name] for name in fields}]}

    def subscribed(self, call: Call) -> Any:
        self._gate.need(call.token, BASIC)
        fields = list(call.account.subscribed)
        return {"data": [{"id": APP_ID, "subscribed_fields": fields}] if fields else []}

    def subscribe(self, call: Call) -> Any:
        self._gate.need(call.token, BASIC)
        fields = tuple(name for name in call.params.get("subscribed_fields", "").split(",") if name)
        if not fields or not WEBHOOK_FIELDS.issuperset(fields):
            raise Refused(100, None, "Param subscribed_fields must be a list of known fields.")
        call.account.subscribed = fields
        return {"success": True}

    def unsubscribe(self, call: Call) -> Any:
        self._gate.need(call.token, BASIC)
        call.account.subscribed = ()
        return {"success": True}

    def delete_permissions(self, call: Call) -> Any:
        """Not in Meta's documentation for Instagram Login; the switch says what it does."""
        answer = self._state.switches.text("delete_permissions")
        if answer == "unsupported":
            raise unsupported(call.method)
        if answer == "revokes":
            self._state.unlink(call.account, "revoked")
        return {"success": True}

    def _facts(self, account: InstagramAccount) -> dict[str, Any]:
        upper = self._state.switches.text("account_type") == "upper"
        facts: dict[str, Any] = {
            "id": account.id,
            "user_id": account.user_id,
            "username": account.handle,
            "name": account.name,
            "account_type": account.type if upper else account.type.title(),
            "profile_picture_url": f"{self._state.world.base_url}/scontent.cdninstagram.com/{account.id}.svg",
            "followers_count": 812,
            "follows_count": 140,
            "media_count": 57,
        }
        if self._state.switches.on("profile_fields"):
            facts |= {"biography": account.bio, "website": account.bio_link or ""}
        return facts
