"""What else people do in the emulated Slack: shortcuts, the home, files, mentions, and what they see."""

from tests.contract.sandbox_slack import (
    field_of,
    opened,
    post,
    section,
    until,
    upload_form,
)


class TestPeople:
    async def test_a_message_shortcut_carries_the_message(self, site):
        form = upload_form(user="requester", channel="velo-werk", file=b"moving pictures")
        async with site.http.post("/_sandbox/people/upload", data=form) as answer:
            told = await answer.json()
        await site.people(
            "shortcut", "manager", channel="velo-werk", ts=told["ts"], callback_id="preflight_video"
        )
        heard = site.bot.last
        assert (heard["type"], heard["callback_id"]) == ("message_action", "preflight_video")
        assert heard["message"]["files"][0]["mimetype"] == "video/mp4"
        assert heard["message_ts"] == told["ts"]
        told = await site.people(
            "shortcut", "manager", channel="velo-werk", ts=told["ts"], callback_id="other"
        )
        assert told["http"] == 400

    async def test_opening_the_home_tab_is_an_event(self, site):
        told = await site.people("home", "manager")
        assert (told["status"], told["view"]) == (200, None)
        heard = site.bot.last
        assert heard["type"] == "event_callback"
        assert heard["event"]["type"] == "app_home_opened"
        assert heard["event"]["tab"] == "home"
        assert heard["authorizations"][0]["user_id"] == "U0CROSSLINK"
        assert (await site.people("home", "outsider"))["http"] == 400

    async def test_the_messages_tab_is_the_same_event_without_a_home(self, site):
        await site.client.views_publish(
            user_id="U0MANAGER", view={"type": "home", "blocks": [section("one")]}
        )
        await site.people("home", "manager", tab="messages")
        heard = site.bot.last["event"]
        assert (heard["type"], heard["tab"], "view" in heard) == ("app_home_opened", "messages", False)
        assert (await site.people("home", "manager", tab="about"))["http"] == 400

    async def test_the_event_carries_the_home_that_was_there(self, site):
        home = {"type": "home", "blocks": [section("one")]}
        await site.client.views_publish(user_id="U0MANAGER", view=home)
        told = await site.people("home", "manager")
        assert site.bot.last["event"]["view"]["id"] == told["view"]["id"]

    async def test_what_people_write_stays_their_own(self, site):
        told = await site.people(
            "message", "requester", channel="general", text="a < b @manager https://a.example"
        )
        (message,) = await site.messages("general")
        assert message["text"] == "a &lt; b <@U0MANAGER> <https://a.example>"
        assert (message["user"], message["ts"]) == ("U0REQUESTER", told["ts"])
        assert site.bot.heard == []

    async def test_a_person_downloads_a_file_in_their_browser(self, site):
        form = upload_form(user="requester", channel="general", file=b"moving pictures")
        async with site.http.post("/_sandbox/people/upload", data=form) as answer:
            assert answer.status == 200
        (file,) = await site.read("files")
        async with site.http.get(file["page_url"]) as answer:
            assert (answer.content_type, await answer.read()) == ("video/mp4", b"moving pictures")

    async def test_a_mention_is_an_event_for_an_app_that_may_read_it(self, site):
        await site.control(
            "slack/manifest", settings={"event_subscriptions": {"bot_events": ["app_mention"]}}
        )
        await site.people("message", "requester", channel="velo-werk", text="@crosslink hi")
        assert site.bot.heard == []
        await site.control("slack/install", team="T0AGENCY", scopes=["app_mentions:read"])
        await site.people("message", "requester", channel="velo-werk", text="@crosslink hi")
        await until(lambda: site.bot.heard)
        assert site.bot.last["event"]["text"] == "<@U0CROSSLINK> hi"
        assert site.bot.last["is_ext_shared_channel"]

    async def test_a_global_shortcut_has_no_message(self, site):
        shortcut = {"name": "Set up", "type": "global", "callback_id": "setup"}
        await site.control("slack/manifest", features={"shortcuts": [shortcut]})
        assert (await site.people("shortcut", "requester", callback_id="setup"))["status"] == 200
        assert (site.bot.last["type"], "channel" in site.bot.last) == ("shortcut", False)

    async def test_an_archived_channel_is_silent(self, site):
        await site.control("slack/channels/velo-werk", archived=True)
        assert (await site.slash("x", channel="velo-werk"))["http"] == 400
        assert (await site.people("message", "manager", channel="velo-werk", text="x"))["http"] == 400

    async def test_a_file_input_takes_an_upload_without_a_channel(self, site):
        view = await opened(site, field_of("video", {"type": "file_input", "action_id": "f"}))
        form = upload_form(user="requester", file=b"x")
        async with site.http.post("/_sandbox/people/upload", data=form) as answer:
            file = (await answer.json())["file"]["id"]
        await site.people("submit", "requester", view_id=view, values={"video": [file]})
        state = site.bot.last["view"]["state"]["values"]["video"]["f"]
        assert [one["id"] for one in state["files"]] == [file]

    async def test_the_workspace_is_what_a_person_sees(self, site):
        mine = await site.read("workspace", user="requester")
        theirs = await site.read("workspace", user="outsider")
        assert {one["name"] for one in mine["channels"] if one["kind"] == "channel"} == {
            "general",
            "nordlicht-bakery",
            "velo-werk",
            "on-call",
        }
        assert [one["name"] for one in theirs["channels"]] == ["velo-werk"]
        assert (mine["app"]["dm"], theirs["app"]) == ("D0REQUESTER", None)
        assert mine["commands"][0]["command"] == "/crosslink"
        assert theirs["commands"] == []

    async def test_unread_marks_go_when_one_reads(self, site):
        await post(site, section())
        channels = (await site.read("workspace", user="manager"))["channels"]
        assert {one["name"]: one["unread"] for one in channels}["nordlicht-bakery"] == 1
        await site.messages(user="manager")
        channels = (await site.read("workspace", user="manager"))["channels"]
        assert {one["name"]: one["unread"] for one in channels}["nordlicht-bakery"] == 0

    async def test_news_is_streamed_a_line_per_change(self, site):
        async with site.http.get("/_sandbox/events") as stream:
            assert await stream.content.readline() == b"retry: 1000\n"
            await post(site, section())
            await stream.content.readuntil(b"data: ")
            assert await stream.content.readline() == b'{"kind":"message","channel":"C0BAKERY"}\n'

    async def test_the_page_is_served_without_being_kept(self, site):
        async with site.http.get("/") as answer:
            assert (answer.content_type, answer.headers["Cache-Control"]) == ("text/html", "no-cache")
        async with site.http.get("/_sandbox/page/../emulator.py") as answer:
            assert answer.status == 404
        async with site.http.get("/_sandbox/page/%2e%2e%2femulator.py") as answer:
            assert answer.status == 404
