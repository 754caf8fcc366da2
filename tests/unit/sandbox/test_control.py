"""The control calls that all emulators share."""

import pytest

from sandbox.emulator import World
from sandbox.server import serving
from tests.unit.sandbox.site import a_site, until


@pytest.fixture
async def site():
    async with a_site() as running:
        yield running


async def get(site, path, **params):
    return (await site.http.get(f"/_sandbox/{path}", params=params)).json()


async def test_time_is_turned_and_only_forward(site):
    answer = (await site.control("clock/advance", {"seconds": 90})).json()
    assert answer["offset_seconds"] == 90
    assert (await get(site, "clock"))["offset_seconds"] == 90
    for body in ({"seconds": -1}, {}, {"seconds": "90"}, {"minutes": 1}):
        assert (await site.control("clock/advance", body)).status_code == 400


async def test_faults_are_added_listed_and_cleared(site):
    await site.fault("tiktok.oauth", "drop_after", times=2)
    (fault,) = await get(site, "faults")
    assert (fault["where"], fault["what"], fault["times"]) == ("tiktok.oauth", "drop_after", 2)
    assert (await site.http.delete("/_sandbox/faults")).json() == []
    assert (await site.control("faults", {"where": "x", "what": "burn"})).status_code == 400


@pytest.mark.parametrize("body", ["not json", "[1]", '"text"'])
async def test_a_body_that_is_no_object_is_refused_in_a_sentence(site, body):
    answer = await site.http.post("/_sandbox/faults", content=body)
    assert (answer.status_code, answer.json()) == (400, {"error": "The body must be one JSON object."})


async def test_the_journal_is_filtered_bounded_and_cleared(site):
    for path in ("/www.tiktok.com/login", "/www.instagram.com/accounts/login/", "/www.tiktok.com/login"):
        await site.http.get(path)
    assert [row["operation"] for row in await get(site, "journal", operation="tiktok")] == [
        "tiktok.pages.login"
    ] * 2
    assert len(await get(site, "journal", last="1")) == 1
    counted = await site.http.get("/_sandbox/journal")
    assert counted.headers["X-Count"] == "3"
    assert (await site.http.delete("/_sandbox/journal")).json() == []
    assert (await site.http.get("/_sandbox/journal", params={"last": "x"})).status_code == 400


async def test_accounts_of_one_platform_or_of_all(site):
    everyone = await get(site, "accounts")
    assert [row["handle"] for row in await get(site, "accounts", platform="tiktok")] == [
        "nordlicht.bakery",
        "velowerk",
        "velo.fanpage",
    ]
    assert [row["type"] for row in everyone if row["platform"] == "instagram"] == [
        "BUSINESS",
        "MEDIA_CREATOR",
        "BUSINESS",
        "PERSONAL",
    ]
    assert (await site.http.get("/_sandbox/accounts", params={"platform": "myspace"})).status_code == 400


async def test_an_unknown_account_or_platform_is_refused_in_a_sentence(site):
    for path in ("accounts/tiktok/nobody", "accounts/slack/velowerk", "switches/myspace", "apps/myspace"):
        answer = await site.control(path, {"private": True})
        assert (answer.status_code, "known are" in answer.json()["error"]) == (400, True)


async def test_nothing_is_public_yet(site):
    assert await get(site, "posts") == await get(site, "posts", platform="instagram") == []


@pytest.mark.parametrize("platform", ["tiktok", "instagram"])
async def test_every_switch_says_what_it_means_and_where_it_comes_from(site, platform):
    for name, switch in (await get(site, f"switches/{platform}")).items():
        assert switch["meaning"].endswith("."), name
        assert switch["source"], name
        assert switch["value"] == switch["default"]


async def test_the_registration_follows_the_bot_until_it_is_changed(site):
    entry = await get(site, "apps/tiktok")
    assert entry["webhook_url"] == f"{site.bot.url}/webhooks/tiktok"
    assert f"{site.bot.url}/connect/tiktok/callback" in entry["redirect_uris"]
    changed = (await site.control("apps/tiktok", {"webhook_url": "https://a.example/hook"})).json()
    assert changed["webhook_url"] == "https://a.example/hook"
    for body in ({"webhook_url": "ftp://x"}, {"redirect_uris": "x"}, {"colour": "red"}):
        assert (await site.control("apps/tiktok", body)).status_code == 400


async def test_deliveries_can_be_asked_per_platform(site):
    assert await get(site, "deliveries", platform="tiktok") == []


async def test_the_stylesheet_and_the_avatars_are_served(site):
    assert (await site.http.get("/_sandbox/platforms.css")).headers["Content-Type"].startswith("text/css")
    for path in ("/p16-sign.tiktokcdn.com/x.svg", "/scontent.cdninstagram.com/1.svg"):
        assert (await site.http.get(path)).headers["Content-Type"].startswith("image/svg+xml")


async def test_a_bot_that_is_away_is_given_up_and_written_down(site):
    await site.control(
        "apps/instagram", {"webhook_url": "http://127.0.0.1:1/", "deauthorize_url": "http://127.0.0.1:1/"}
    )
    handshake = await site.control("webhooks/instagram/handshake")
    assert handshake.json() == {"status": 0, "verified": False}
    account = site.sandbox.instagram.state.accounts.get("velowerk")
    site.sandbox.instagram.state.link(account, ())
    await site.change("instagram", "velowerk", remove_app=True)
    await until(lambda: site.sandbox.instagram.deliveries()[0]["state"] == "given_up")
    (delivery,) = await get(site, "deliveries", platform="instagram")
    assert [attempt["status"] for attempt in delivery["attempts"]] == [0]


async def test_the_site_serves_alone_without_a_bot():
    async with serving() as sandbox:
        assert sandbox.world.bot_url == sandbox.world.base_url


def test_a_world_that_does_not_run_has_no_session():
    with pytest.raises(RuntimeError, match="running"):
        _ = World("http://127.0.0.1", "http://127.0.0.1").session
