"""The data endpoints that a link needs: who the token belongs to, and what its creator may post."""

from typing import Any

from aiohttp import web

from sandbox.tiktok.accounts import TikTokAccount
from sandbox.tiktok.admission import Admission
from sandbox.tiktok.errors import FINE_TO_ASK, Refused, api_refusal, enveloped, unsupported_path
from sandbox.tiktok.gate import Gate
from sandbox.tiktok.state import State
from sandbox.tiktok.tokens import TikTokToken

FIELD_SCOPES = {
    **dict.fromkeys(
        ("open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name"),
        "user.info.basic",
    ),
    **dict.fromkeys(
        ("bio_description", "profile_deep_link", "profile_web_link", "is_verified", "username"),
        "user.info.profile",
    ),
    **dict.fromkeys(("follower_count", "following_count", "likes_count", "video_count"), "user.info.stats"),
}
"""Which scope opens which field of user/info (UI, USM)."""

USER_INFO_A_MINUTE = 600
CREATOR_INFO_A_MINUTE = 20


class Api:
    """GET /v2/user/info/ and POST /v2/post/publish/creator_info/query/; everything else is missing."""

    def __init__(self, state: State, gate: Gate, admission: Admission) -> None:
        self._state = state
        self._gate = gate
        self._admission = admission
        self._user_info = gate.window(USER_INFO_A_MINUTE)
        self._creator_info = gate.window(CREATOR_INFO_A_MINUTE)

    async def user_info(self, request: web.Request) -> web.Response:
        try:
            of_app = self._state.switches.text("user_info_counts") == "app"
            token = self._gate.token(request, self._user_info, of_app=of_app)
            fields = self._fields(request.query.get("fields", ""), token)
        except Refused as refused:
            return api_refusal(self._state, refused.code, refused.message)
        facts = self._facts(token.account)
        return enveloped(self._state, {"user": {name: facts[name] for name in fields}})

    async def creator_info(self, request: web.Request) -> web.Response:
        try:
            token = self._gate.token(request, self._creator_info)
            self._gate.need(token, "video.publish")
            self._admission.may_post(token.account)
        except Refused as refused:
            status = 200 if refused.code in FINE_TO_ASK else 0
            return api_refusal(self._state, refused.code, refused.message, status=status)
        return enveloped(self._state, self._creator(token.account))

    async def missing(self, _request: web.Request) -> web.Response:
        return unsupported_path()

    def _fields(self, asked_for: str, token: TikTokToken) -> list[str]:
        fields = [name for name in asked_for.split(",") if name]
        if not fields or (unknown := [name for name in fields if name not in FIELD_SCOPES]):
            what = unknown[0] if fields else "fields"
            raise Refused("invalid_params", f"The parameter {what} is missing or invalid.")
        if self._state.switches.text("field_without_scope") == "omitted":
            return [name for name in fields if FIELD_SCOPES[name] in token.granted]
        for name in fields:
            self._gate.need(token, FIELD_SCOPES[name])
        return fields

    def _facts(self, account: TikTokAccount) -> dict[str, Any]:
        home, avatar = self._profile(account), self._avatar(account)
        return {
            "open_id": account.open_id,
            "union_id": account.union_id,
            "avatar_url": avatar,
            "avatar_url_100": avatar,
            "avatar_large_url": avatar,
            "display_name": account.name,
            "bio_description": "\n".join(part for part in (account.bio, account.bio_link) if part),
            "profile_deep_link": home,
            "profile_web_link": home,
            "is_verified": False,
            "username": account.handle,
            "follower_count": 1_204,
            "following_count": 87,
            "likes_count": 15_310,
            "video_count": 42,
        }

    def _creator(self, account: TikTokAccount) -> dict[str, Any]:
        return {
            "creator_avatar_url": self._avatar(account),
            "creator_username": account.handle,
            "creator_nickname": account.name,
            "privacy_level_options": self._gate.offered(account),
            "comment_disabled": account.comment_disabled,
            "duet_disabled": account.duet_disabled or account.private,
            "stitch_disabled": account.stitch_disabled or account.private,
            "max_video_post_duration_sec": account.max_video_post_duration_sec,
        }

    def _profile(self, account: TikTokAccount) -> str:
        return f"{self._state.world.base_url}/www.tiktok.com/@{account.handle}"

    def _avatar(self, account: TikTokAccount) -> str:
        return f"{self._state.world.base_url}/p16-sign.tiktokcdn.com/{account.open_id}.svg"
