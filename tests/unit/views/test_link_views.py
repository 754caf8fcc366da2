"""Linking and unlinking: private links stay private, outcomes replace buttons, news is short."""

from datetime import timedelta

import pytest

from bot import ids
from bot.views.blocks import message_modal
from bot.views.link_view import (
    PersonalLink,
    Result,
    channel_news,
    decided_message,
    slip_message,
)
from bot.views.unlink_view import asked_news, proved_news, unlink_message, unlinking_message
from bot.views.words.outcome import Attempt
from core.domain.account import Platform
from core.domain.invitation import InvitationStep, LinkOutcome
from core.domain.observation import Capability, Credential, Grant, Observation, Wanted
from core.usecases.unlinking import UnlinkPlan
from tests.builders import NOW, a_client, a_linked_connection, an_invitation
from tests.unit.views.rows import HOSTILE, accepted, buttons, labels

URL = "https://crosslink.example/connect/secret-token"
HELD = an_invitation(step=InvitationStep.HELD, expires_at=NOW + timedelta(minutes=10))
TELLS = {
    LinkOutcome.LINKED,
    LinkOutcome.RELINKED,
    LinkOutcome.ADOPTED,
    LinkOutcome.FEWER_PERMISSIONS,
    LinkOutcome.TOO_FEW_PERMISSIONS,
    LinkOutcome.WRONG_ACCOUNT,
    LinkOutcome.UNNAMED_ACCOUNT,
    LinkOutcome.WRONG_ACCOUNT_DROPPED,
}


def a_link(platform, **changes):
    given = {"platform": platform, "invitation": "in_1", "url": URL, "relink": False, "expires_at": NOW}
    return PersonalLink(**given | changes)


def an_attempt(outcome, **changes):
    given = {
        "outcome": outcome,
        "platform": Platform.TIKTOK,
        "client": "Velo Werk",
        "found": "velo.fanpage",
        "expected": "velowerk",
        "missing": frozenset({Capability.PUBLISH}),
    }
    return Attempt(**given | changes)


def link_message(client, links):
    return slip_message(client, links, NOW)


def result_message(attempt, client, invitation, **changes):
    return slip_message(client, [Result(attempt=attempt, invitation=invitation, **changes)], NOW)


@pytest.mark.parametrize("name", ["Velo Werk", *HOSTILE])
@pytest.mark.parametrize("platforms", [[Platform.TIKTOK], list(Platform)])
def test_the_private_message_has_a_button_per_platform(name, platforms):
    told = link_message(a_client(name=name), [a_link(each) for each in platforms])
    accepted(told)
    accepted(message_modal("Link", told))
    assert [each["url"] for each in buttons(told)] == [URL] * len(platforms)
    assert len([each for each in buttons(told) if "style" in each]) == (len(platforms) == 1)


def test_it_names_the_expected_handle_and_relinks_by_that_name():
    told = link_message(
        a_client(expected={Platform.TIKTOK: "velowerk"}), [a_link(Platform.TIKTOK, relink=True)]
    )
    assert "Sign in as @velowerk." in accepted(told)
    assert labels(told) == ["Relink TikTok"]


@pytest.mark.parametrize("name", ["Velo Werk", *HOSTILE])
@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("outcome", LinkOutcome)
def test_every_outcome_has_its_message_with_hostile_names_too(outcome, platform, name):
    attempt = an_attempt(outcome, platform=platform, client=name, found=name, expected=name)
    for invitation in (HELD, an_invitation()):
        told = result_message(attempt, a_client(name=name), invitation)
        accepted(told)
        assert len(buttons(told)) <= 3
        news = channel_news(attempt, a_client(name=name), invitation)
        assert (news is not None) == (outcome in TELLS)
        if news:
            accepted(news)
            assert not [each for each in buttons(news) if "url" in each]


@pytest.mark.parametrize("outcome", [LinkOutcome.LINKED, LinkOutcome.RELINKED, LinkOutcome.ADOPTED])
def test_success_leaves_no_button(outcome):
    assert buttons(result_message(an_attempt(outcome), a_client(), an_invitation())) == []


def test_a_wrong_account_waits_for_a_decision_here_and_in_the_channel():
    attempt, client = an_attempt(LinkOutcome.WRONG_ACCOUNT), a_client()
    private, news = result_message(attempt, client, HELD), channel_news(attempt, client, HELD)
    assert labels(private) == ["Try Again", *labels(news)] == ["Try Again", "Adopt Account", "Let It Go"]
    adopt, let_go = buttons(news)
    assert ids.read(ids.InvitationValue, adopt["value"]).invitation == HELD.id
    assert ("confirm" in adopt, "confirm" in let_go) == (True, False)
    assert "<@U0MANAGER> can adopt it" in accepted(channel_news(attempt, client, HELD))


def test_who_may_not_adopt_sees_who_does_instead_of_the_button():
    told = result_message(
        an_attempt(LinkOutcome.WRONG_ACCOUNT), a_client(channel="C0VELO"), HELD, may_adopt=False
    )
    assert labels(told) == ["Try Again", "Let It Go"]
    assert "To adopt it: <@U0MANAGER>, asked in <#C0VELO>" in accepted(told)


def test_a_spent_button_gives_way_to_what_came_of_it_beside_the_other():
    linked = Result(attempt=an_attempt(LinkOutcome.LINKED), invitation=an_invitation())
    told = slip_message(a_client(), [a_link(Platform.INSTAGRAM), linked], NOW)
    assert "✅ *TikTok is linked for Velo Werk*" in accepted(told)
    assert labels(told) == ["Link Instagram"]
    refused = Result(
        attempt=an_attempt(LinkOutcome.CANCELLED, platform=Platform.INSTAGRAM),
        invitation=an_invitation(slip="sl_1"),
    )
    told = slip_message(a_client(), [linked, refused], NOW)
    assert labels(told) == ["Try Again"]
    assert ids.read(ids.LinkValue, buttons(told)[0]["value"]).slip == "sl_1"


def test_a_message_without_any_button_left_says_why():
    told = slip_message(a_client(name="Velo Werk"), [], NOW)
    assert "A newer link for *Velo Werk* has taken the place" in accepted(told)
    assert buttons(told) == []


def test_an_account_that_works_is_said_to_work_before_anybody_relinks_it():
    known = {"relink": True, "account": "@velowerk", "proved_at": NOW - timedelta(minutes=3)}
    working = a_link(Platform.TIKTOK, verdict=a_linked_connection().verdict(NOW), **known)
    told = link_message(a_client(name="Velo Werk"), [working])
    assert "*TikTok already works for* *Velo Werk*" in accepted(told)
    assert "@velowerk works, checked 3 minutes ago" in accepted(told)
    assert "Relink only to" in accepted(told)
    assert "style" not in buttons(told)[0]
    both = accepted(link_message(a_client(name="Velo Werk"), [working, a_link(Platform.INSTAGRAM)]))
    assert "*Link Instagram for* *Velo Werk*" in both


def test_an_account_that_broke_is_relinked_beside_why():
    gone = a_linked_connection().observed(Observation(grant=Grant.WITHDRAWN), at=NOW, now=NOW)
    broken = a_link(Platform.TIKTOK, relink=True, account="@velowerk", verdict=gone.verdict(NOW))
    told = accepted(link_message(a_client(expected={Platform.TIKTOK: "velowerk"}), [broken]))
    assert "🔴 *TikTok* @velowerk" in told
    assert "TikTok no longer lets us in" in told
    assert "Sign in as @velowerk." in told


def test_once_it_no_longer_waits_only_trying_again_is_left():
    told = result_message(an_attempt(LinkOutcome.WRONG_ACCOUNT_DROPPED), a_client(), an_invitation())
    assert labels(told) == ["Try Again"]


def test_the_news_names_who_and_what_and_nothing_else():
    told = channel_news(an_attempt(LinkOutcome.LINKED), a_client(name="Velo Werk"), an_invitation())
    assert told["text"] == "✅ <@U0REQUESTER> linked TikTok @velo.fanpage for *Velo Werk*."
    assert buttons(told) == []


def test_a_link_with_fewer_permissions_leaves_the_repair_to_its_alert():
    attempt = an_attempt(LinkOutcome.FEWER_PERMISSIONS)
    assert labels(channel_news(attempt, a_client(), an_invitation())) == []
    assert labels(result_message(attempt, a_client(), an_invitation())) == ["Try Again"]
    little = an_attempt(LinkOutcome.TOO_FEW_PERMISSIONS)
    assert labels(channel_news(little, a_client(), an_invitation())) == ["Try Again"]


def decided(outcome, by="U0MANAGER"):
    invitation = an_invitation(step=InvitationStep.REFUSED, decided_by=by, settled_at=NOW)
    return decided_message(an_attempt(outcome), a_client(), invitation)


@pytest.mark.parametrize("outcome", LinkOutcome)
def test_after_a_decision_the_buttons_give_way_to_how_and_when(outcome):
    told = decided(outcome)
    assert "<!date^" in accepted(told)
    assert buttons(told) == []


@pytest.mark.parametrize(
    ("outcome", "by", "told"),
    [
        (LinkOutcome.ADOPTED, "U0MANAGER", "Adopted by <@U0MANAGER>"),
        (LinkOutcome.WRONG_ACCOUNT_DROPPED, "U0REQUESTER", "Let go by <@U0REQUESTER>"),
        (LinkOutcome.WRONG_ACCOUNT_DROPPED, "", "Nobody decided in time"),
        (LinkOutcome.ACCOUNT_IN_USE, "U0MANAGER", "Tried by <@U0MANAGER>"),
    ],
)
def test_it_says_who_decided(outcome, by, told):
    assert told in accepted(decided(outcome, by))


def test_who_has_a_newer_button_gets_no_other():
    attempt = an_attempt(LinkOutcome.WRONG_ACCOUNT_DROPPED)
    assert buttons(result_message(attempt, a_client(), an_invitation(), again=False)) == []


def test_an_account_without_a_handle_is_called_what_it_calls_itself():
    attempt = an_attempt(LinkOutcome.UNNAMED_ACCOUNT, found=None, name="Velo & Co")
    told = channel_news(attempt, a_client(), HELD)
    assert "calls itself “Velo &amp; Co”" in accepted(told)
    assert "calls itself “Velo &amp; Co”" in accepted(result_message(attempt, a_client(), HELD))
    assert labels(told) == ["Adopt Account", "Let It Go"]


def test_too_few_permissions_say_which_what_they_cost_and_that_nothing_was_kept():
    told = result_message(an_attempt(LinkOutcome.TOO_FEW_PERMISSIONS), a_client(), an_invitation())
    text = accepted(told)
    assert "“Publish” was switched off, so we can't publish posts" in text
    assert "whether this is @velowerk, so we kept nothing" in text
    assert labels(told) == ["Try Again"]


def a_plan(client):
    linked = [a_linked_connection(client, platform=each) for each in Platform]
    return UnlinkPlan(
        client=client,
        connections=linked,
        can_revoke={Platform.TIKTOK: True, Platform.INSTAGRAM: False},
        manage_url={each: f"https://www.{each}.com/settings" for each in Platform},
    )


@pytest.mark.parametrize("name", ["Velo Werk", *HOSTILE])
def test_the_unlink_says_what_happens_on_both_sides_and_asks_twice(name):
    told = unlink_message(a_plan(a_client(name=name)))
    text = accepted(told)
    assert "*Our side:*" in text
    assert "We ask TikTok to remove Crosslink" in text
    assert "Tap Apps and websites → Active → Crosslink." in text
    (press,) = buttons(told)
    assert press["style"] == press["confirm"]["style"] == "danger"
    assert ids.read(ids.UnlinkValue, press["value"]).platforms == tuple(Platform)


def test_what_is_left_shows_taps_a_way_there_and_finish():
    client = a_client()
    plan = a_plan(client)
    asked = [each.observed(Observation(wanted=Wanted.UNLINKED), at=NOW, now=NOW) for each in plan.connections]
    told = unlinking_message(client, asked, plan.manage_url)
    accepted(told)
    assert labels(told) == ["Finish Unlink", "Open TikTok", "Finish Unlink", "Open Instagram"]


def test_what_is_proved_needs_no_button():
    client = a_client()
    gone = Observation(wanted=Wanted.UNLINKED, grant=Grant.WITHDRAWN, credential=Credential.NONE)
    ended = a_linked_connection(client).observed(gone, at=NOW, now=NOW)
    told = unlinking_message(client, [ended], {})
    assert "proved on both sides" in accepted(told)
    assert buttons(told) == []


@pytest.mark.parametrize("how", ["refused", "account_shared", "something_new"])
@pytest.mark.parametrize("platform", Platform)
def test_the_channel_hears_of_the_beginning_and_the_proof(platform, how):
    accepted(asked_news(a_client(), platform, "U0MANAGER"))
    accepted(proved_news(a_client(), platform, how))
