"""A hundred days under the scheduler alone, whatever the platforms turn out to do where their documentation is silent."""

from collections.abc import Mapping

import pytest

from tests.scenario.scene import DAY, HOUR, VELO_CHANNEL, Scene

DAYS = 100
STEP = 4 * DAY
"""Longer than an access token of either regime lives, and than a proof stays fresh."""

WORLDS = [
    ("tiktok", {"rotation": "never", "oauth_error_status": "401", "error_data": "missing"}),
    ("tiktok", {"rotation": "every_other", "rotation_grace_seconds": HOUR, "oauth_error_status": "200"}),
    ("tiktok", {"refresh_life": "from_consent", "refresh_kills_access": True, "retry_after": True}),
    ("tiktok", {"new_consent_kills_old_tokens": True, "field_without_scope": "omitted", "pkce": "off"}),
    ("tiktok", {"lifetimes": "24h_365d", "audited": False, "unaudited_privacy": "self_only"}),
    ("instagram", {"token_answer": "data", "token_permissions": "text", "token_user_id_type": "text"}),
    ("instagram", {"me_answer": "data", "account_type": "title", "node_ids": "professional"}),
    ("instagram", {"token_user_id": "professional", "node_ids": "app_scoped", "profile_fields": False}),
    ("instagram", {"long_seconds": 30 * DAY, "young_refresh": "accepted", "versioned_paths": False}),
    ("instagram", {"refresh_string": "same", "auth_status": "401", "missing_permission": "200"}),
    ("instagram", {"refresh_keeps_old": False, "young_refresh": "code_10", "removed_subcode": "none"}),
]
"""Ways in which the platforms may differ from what is usual; each adapter meets every one alone in its own tests."""


def _named(given: object) -> str:
    if isinstance(given, str):
        return given
    return ",".join(f"{name}={value}" for name, value in given.items()) if isinstance(given, dict) else ""


async def _live(scene: Scene, *platforms: str, step: float) -> None:
    """Link, then let time pass; nobody does anything and nobody is bothered."""
    for platform in platforms:
        page = await scene.people.link("requester", VELO_CHANNEL, platform, "velowerk")
        assert "is linked for Velo Werk" in page.heading
    await scene.quiet()
    for _ in range(int(DAYS * DAY / step)):
        await scene.later(step)
    assert await scene.alarms("on-call") == []
    assert [await scene.state(each) for each in platforms] == ["authorized"] * len(platforms)


@pytest.mark.parametrize("lifetimes", ["2h_180d", "24h_365d"])
async def test_both_platforms(scene: Scene, lifetimes: str):
    await scene.switch("tiktok", lifetimes=lifetimes)
    await _live(scene, "tiktok", "instagram", step=STEP)
    assert await scene.asked("tiktok.oauth.token") > DAYS * DAY / STEP
    assert 3 <= await scene.asked("instagram.oauth.refresh") <= 4


@pytest.mark.parametrize(("platform", "switches"), WORLDS, ids=_named)
async def test_however_a_platform_behaves(scene: Scene, platform: str, switches: Mapping[str, object]):
    await scene.switch(platform, **switches)
    await _live(scene, platform, step=20 * DAY)
    await scene.change(platform, "velowerk", remove_app=True)
    await scene.alarm("on-call")
    page = await scene.people.link("requester", VELO_CHANNEL, platform, "velowerk")
    assert "is linked again for Velo Werk" in page.heading


@pytest.mark.parametrize(
    ("platform", "where", "what"),
    [
        ("tiktok", "tiktok.oauth.token", {"what": "drop_before", "times": 3}),
        ("tiktok", "tiktok.oauth.token", {"what": "refuse", "code": "server_error", "times": 3}),
        ("tiktok", "tiktok", {"what": "throttle", "times": 4}),
        ("instagram", "instagram", {"what": "refuse", "code": "http_503", "times": 4}),
        ("instagram", "instagram.oauth.refresh", {"what": "drop_after"}),
    ],
)
async def test_a_bad_hour_at_the_platform_is_nobodys_concern(
    linked: Scene, platform: str, where: str, what: Mapping[str, object]
):
    await linked.later(29 * DAY if platform == "instagram" else 30 * 60)
    await linked.trouble(where, **what)
    for _ in range(12):
        await linked.later(HOUR / 2)
    assert await linked.state(platform) == "authorized"
    assert await linked.alarms("on-call") == []
