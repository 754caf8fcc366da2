"""Facts become messages in the emulated Slack: to whom, in place of what, and what happens when it refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.account import Platform
from core.domain.errors import Passing, PlatformDown, Throttled, Unreachable
from core.domain.fact import FactKind
from core.domain.invitation import InvitationStep, LinkOutcome
from core.domain.secret import Secret
from tests.builders import NOW, a_connection, a_fact, an_invitation
from tests.integration.stage import ASKED, BAKERY, BROKEN, CHANNEL, LINKED, MANAGER, REQUESTER, TEAM


def settled(outcome, invitation, **details):
    given = {"outcome": outcome, "platform": invitation.platform, "handle": "nordlicht.bakery", "missing": ""}
    return {"client_id": BAKERY.id, "subject": invitation.id, "details": given | details}


def an_attempt(**changes):
    return an_invitation(
        LINKED,
        **{"step": InvitationStep.LINKED, "channel": CHANNEL, "response_url": None, "replaceable": True}
        | changes,
    )


class TestASettledInvitation:
    async def test_takes_the_place_of_the_private_button_and_tells_the_channel(self, stage):
        invitation = an_attempt(response_url=await stage.asked(Platform.TIKTOK))
        await stage.has(BAKERY, LINKED, invitation=invitation)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.LINKED, invitation))
        (private,) = [each for each in stage.seen(user=REQUESTER) if each not in stage.seen()]
        assert "TikTok is linked for Nordlicht Bakery" in private["text"]
        assert "connect" not in str(private["blocks"])
        assert stage.texts() == ["✅ <@U0REQUESTER> linked TikTok @nordlicht.bakery for *Nordlicht Bakery*."]

    async def test_takes_the_place_of_its_own_button_only(self, stage):
        url = await stage.asked(*Platform)
        other = a_connection(BAKERY, id="cn_instagram", platform=Platform.INSTAGRAM)
        first = an_attempt(response_url=url, slip="sl_1", outcome=LinkOutcome.LINKED)
        waits = an_invitation(other, response_url=url, slip="sl_1", token=Secret("waiting"), replaceable=True)
        await stage.has(BAKERY, LINKED, other, invitation=first)
        await stage.keeps(waits)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.LINKED, first))
        (private,) = [each for each in stage.seen(user=REQUESTER) if each not in stage.seen()]
        assert "TikTok is linked for Nordlicht Bakery" in str(private["blocks"])
        assert "Link TikTok" not in str(private["blocks"])
        assert "https://x.example/connect/waiting" in str(private["blocks"])
        await stage.decided(waits.id, LinkOutcome.CANCELLED)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.CANCELLED, waits))
        (private,) = [each for each in stage.seen(user=REQUESTER) if each not in stage.seen()]
        assert "TikTok is linked for Nordlicht Bakery" in str(private["blocks"])
        assert "Instagram wasn't linked for Nordlicht Bakery" in str(private["blocks"])
        assert "connect/" not in str(private["blocks"])

    @pytest.mark.parametrize("admin", [True, False])
    async def test_offers_to_adopt_only_to_who_may(self, stage, admin):
        stage.directory.admins = {(TEAM, REQUESTER)} if admin else set()
        held = an_attempt(
            step=InvitationStep.HELD,
            expires_at=NOW + timedelta(minutes=10),
            response_url=await stage.asked(Platform.TIKTOK),
        )
        await stage.has(BAKERY, LINKED, invitation=held)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT, held))
        (private,) = [each for each in stage.seen(user=REQUESTER) if each not in stage.seen()]
        assert ("Adopt Account" in str(private["blocks"])) == admin
        assert (f"To adopt it: <@{MANAGER}>, asked in <#{CHANNEL}>" in str(private["blocks"])) != admin
        assert "Adopt Account" in str(stage.seen()[0]["blocks"])

    async def test_is_told_although_slack_does_not_say_who_is_an_admin(self, stage):
        stage.directory.failing = Unreachable("slack_unreachable")
        held = an_attempt(step=InvitationStep.HELD, expires_at=NOW + timedelta(minutes=10))
        await stage.has(BAKERY, LINKED, invitation=held)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT, held))
        assert "expects @nordlicht.bakery" in stage.direct(REQUESTER)[0]

    async def test_never_replaces_a_message_that_the_channel_sees(self, stage):
        post = await (await stage.slack(TEAM)).chat_postMessage(channel=CHANNEL, text="It broke")
        hook = stage.sandbox.slack.state.tickets.hook(
            "actions", TEAM, CHANNEL, REQUESTER, original=post["ts"]
        )
        url = Secret(f"{stage.sandbox.world.base_url}{hook.path}")
        invitation = an_attempt(response_url=url, replaceable=False)
        await stage.has(BAKERY, LINKED, invitation=invitation)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.CANCELLED, invitation))
        assert stage.texts() == ["It broke"]
        assert "wasn't linked" in stage.texts(user=REQUESTER)[-1]

    @pytest.mark.parametrize("url", [None, Secret("/hooks.slack.com/commands/T0AGENCY/1/used")])
    async def test_goes_by_direct_message_where_the_private_one_is_out_of_reach(self, stage, url):
        if url:
            url = Secret(stage.sandbox.world.base_url + url.reveal())
        invitation = an_attempt(step=InvitationStep.TIMED_OUT, response_url=url)
        await stage.has(BAKERY, LINKED, invitation=invitation)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.TIMED_OUT, invitation))
        assert "Nobody came back from TikTok" in stage.direct(REQUESTER)[0]
        assert stage.texts() == []

    async def test_a_wrong_account_asks_the_managers_in_the_channel(self, stage):
        invitation = an_attempt(step=InvitationStep.HELD, expires_at=NOW + timedelta(minutes=10))
        await stage.has(BAKERY, LINKED, invitation=invitation)
        details = settled(LinkOutcome.WRONG_ACCOUNT, invitation, handle="velo.fanpage")
        await stage.tell(FactKind.INVITATION_SETTLED, **details)
        assert "as @velo.fanpage, but *Nordlicht Bakery* expects @nordlicht.bakery" in stage.texts()[0]
        assert "Adopt Account" in str(stage.seen()[0]["blocks"])

    async def test_the_question_gives_way_to_the_decision(self, stage):
        held = an_attempt(step=InvitationStep.HELD, expires_at=NOW + timedelta(minutes=10))
        await stage.has(BAKERY, LINKED, invitation=held)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT, held))
        await stage.decided(held.id, LinkOutcome.ADOPTED, by=MANAGER)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.ADOPTED, held))
        (news,) = stage.seen()
        assert "✅ @nordlicht.bakery now stands for *Nordlicht Bakery* on TikTok." in news["text"]
        assert "Adopted by <@U0MANAGER>" in str(news["blocks"])
        assert "Adopt Account" not in str(news["blocks"])

    async def test_wherever_it_was_asked_the_decision_is_shown(self, stage):
        client = replace(BAKERY, channel="C0NOWHERE")
        held = an_attempt(step=InvitationStep.HELD, expires_at=NOW + timedelta(minutes=10))
        await stage.has(client, LINKED, invitation=held)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT, held))
        await stage.decided(held.id, LinkOutcome.WRONG_ACCOUNT_DROPPED)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT_DROPPED, held))
        (told,) = stage.direct(MANAGER)
        assert "was let go" in told

    async def test_a_question_asked_directly_gives_way_too(self, stage):
        held = an_attempt(step=InvitationStep.HELD, expires_at=NOW + timedelta(minutes=10))
        await stage.has(BAKERY, LINKED, invitation=held)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT, held))
        await stage.decided(held.id, LinkOutcome.WRONG_ACCOUNT_DROPPED, by=MANAGER)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT_DROPPED, held))
        question, result = stage.direct(REQUESTER)
        assert "was let go" in question
        assert "was not linked" in result

    async def test_a_question_that_somebody_deleted_is_answered_anew(self, stage):
        gone = an_attempt(step=InvitationStep.REFUSED, settled_at=NOW, news=((CHANNEL, "1.2"),))
        await stage.has(BAKERY, LINKED, invitation=gone)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT_DROPPED, gone))
        assert "was let go" in stage.texts()[0]

    async def test_nobody_is_asked_what_is_decided_already(self, stage):
        decided = an_attempt(step=InvitationStep.REFUSED, settled_at=NOW)
        await stage.has(BAKERY, LINKED, invitation=decided)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT, decided))
        assert stage.texts() == stage.direct(REQUESTER) == []

    async def test_a_decision_that_comes_while_it_is_asked_is_shown_at_once(self, stage):
        held = an_attempt(step=InvitationStep.HELD, expires_at=NOW + timedelta(minutes=10))
        await stage.has(BAKERY, LINKED, invitation=held)
        stage.meanwhile = lambda: stage.decided(held.id, LinkOutcome.ADOPTED, by=MANAGER)
        await stage.tell(FactKind.INVITATION_SETTLED, **settled(LinkOutcome.WRONG_ACCOUNT, held))
        assert "now stands for" in stage.texts()[0]

    async def test_told_again_after_half_of_it_failed_nothing_comes_twice(self, stage):
        invitation = an_attempt()
        await stage.has(BAKERY, LINKED, invitation=invitation)
        fact = a_fact(kind=FactKind.INVITATION_SETTLED, **settled(LinkOutcome.LINKED, invitation))
        await stage.messenger.tell(fact)
        await stage.messenger.tell(fact)
        assert len(stage.direct(REQUESTER)) == len(stage.texts()) == 1


class TestOtherNews:
    async def test_a_new_client_is_welcomed(self, stage):
        await stage.has(BAKERY)
        await stage.tell(FactKind.CLIENT_SAVED, client_id=BAKERY.id, details={"by": MANAGER, "new": "yes"})
        assert "<@U0MANAGER> set up *Nordlicht Bakery*" in stage.texts()[0]

    async def test_an_unlink_is_told_at_its_beginning_and_at_its_proof(self, stage):
        await stage.has(BAKERY, BROKEN)
        await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details={"by": MANAGER})
        await stage.tell(FactKind.UNLINK_PROVED, subject=BROKEN.id, details={"how": "refused"})
        assert "is unlinking TikTok" in stage.texts()[0]
        assert "TikTok confirmed that our access is ended" in stage.texts()[1]

    @pytest.mark.parametrize("kind", FactKind)
    async def test_news_of_what_is_no_longer_there_is_dropped(self, stage, kind):
        await stage.tell(
            kind, subject="gone", client_id="gone", details={"before": "expired", "after": "authorized"}
        )
        assert stage.texts() == []


class TestWhereNobodyListens:
    @pytest.mark.parametrize("how", ["archived", "not a member", "no such channel"])
    async def test_the_managers_are_told_directly(self, stage, how):
        channel = stage.sandbox.slack.state.workspace.channels[CHANNEL]
        channel.archived = how == "archived"
        client = {"not a member": "C0GENERAL", "no such channel": "C0NOWHERE"}.get(how, CHANNEL)
        await stage.has(replace(BAKERY, channel=client), BROKEN)
        await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details=ASKED)
        assert "is unlinking TikTok" in stage.direct(MANAGER)[0]

    async def test_who_is_on_call_is_told_where_no_manager_can_be(self, stage):
        await stage.has(replace(BAKERY, channel="C0NOWHERE", managers=("U0GONE",)), BROKEN)
        await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details=ASKED)
        assert "is unlinking TikTok" in stage.direct("U0ONCALL")[0]

    async def test_a_workspace_that_is_gone_ends_it(self, stage):
        await stage.has(BAKERY, BROKEN)
        for token in (None, "xoxb-unknown"):
            stage.token = token
            await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details=ASKED)
        assert stage.texts() == []


class TestSlacksTrouble:
    @pytest.mark.parametrize(
        ("what", "details", "kind"),
        [
            ("throttle", {}, Throttled),
            ("refuse", {"code": "internal_error"}, PlatformDown),
            ("drop_before", {}, Unreachable),
            ("reset", {}, Unreachable),
            ("corrupt", {}, Passing),
        ],
    )
    async def test_is_raised_so_that_the_news_is_tried_again(self, stage, what, details, kind):
        await stage.has(BAKERY, BROKEN)
        stage.fault("slack.chat.postMessage", what, **details)
        with pytest.raises(kind):
            await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details=ASKED)

    async def test_a_throttle_says_until_when(self, stage):
        await stage.has(BAKERY, BROKEN)
        stage.fault("slack.chat.postMessage", "throttle")
        with pytest.raises(Throttled) as raised:
            await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details=ASKED)
        assert raised.value.until > stage.clock.now()

    async def test_refused_blocks_still_bring_the_words(self, stage):
        await stage.has(BAKERY, BROKEN)
        stage.fault("slack.chat.postMessage", "refuse", code="invalid_blocks")
        await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details=ASKED)
        assert "is unlinking TikTok" in stage.texts()[0]


class TestHomes:
    def home(self, stage, user):
        view = stage.sandbox.slack.state.windows.homes.get((TEAM, user))
        return str(view.body["blocks"]) if view else ""

    async def test_of_all_viewers_are_drawn_anew(self, stage):
        await stage.has(BAKERY, BROKEN, viewers=[MANAGER, "U0ONCALL", "U0GONE"])
        await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details=ASKED)
        await stage.tasks.settled()
        assert "Needs you" in self.home(stage, MANAGER)
        assert "Nordlicht Bakery" in self.home(stage, "U0ONCALL")
        assert self.home(stage, REQUESTER) == ""

    async def test_many_facts_at_once_are_few_rounds(self, stage):
        await stage.has(BAKERY, LINKED, viewers=[MANAGER])
        for _ in range(20):
            await stage.tell(FactKind.CONNECTION_MOVED, subject=LINKED.id)
        await stage.tasks.settled()
        published = [
            each for each in stage.sandbox.world.journal.entries() if "views.publish" in each.operation
        ]
        assert 1 <= len(published) <= 3

    async def test_trouble_with_home_never_stops_the_news(self, stage):
        await stage.has(BAKERY, BROKEN, viewers=[MANAGER])
        stage.fault("slack.views.publish", "refuse", code="internal_error")
        await stage.tell(FactKind.UNLINK_ASKED, subject=BROKEN.id, details=ASKED)
        await stage.tasks.settled()
        assert len(stage.texts()) == 1
