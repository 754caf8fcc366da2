"""Posts as people see them: every form, message and list inside Slack's limits, whatever people type."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import ids
from bot.ids import Action, PostState, PostsValue
from bot.views import delivery_view
from bot.views.post_confirm import confirm_modal
from bot.views.post_form import media_modal
from bot.views.post_news import news_of
from bot.views.post_places import places_modal
from bot.views.posts_view import approvals_message, home_posts, kept_message, posts_message, state_of
from bot.views.recheck_view import recheck_message
from bot.views.request_view import Shown, details_modal, reason_modal, request_message
from core.domain.account import Platform
from core.domain.composing import Count
from core.domain.delivery import Audience, Blame, DeliveryStep, Obstacle
from core.domain.media import Kind
from core.domain.post import DecisionKind, Form, PostStep, TikTokOptions
from core.domain.recheck import Change, Recheck
from tests.builders import NOW, a_content, a_decision, a_delivery, a_linked_connection, a_post, an_item
from tests.unit.views.post_rows import CLIENT, META, a_row, a_sheet, rows
from tests.unit.views.rows import HOSTILE, accepted, labels


@settings(max_examples=100, deadline=None)
@given(rows(), st.lists(rows(), max_size=6))
def test_any_post_fits_everywhere(row, others):
    shown = Shown(row=row, poster="https://x.example/p.jpg", plays=[("ride.mp4", "https://x.example/m")] * 12)
    accepted(request_message(shown))
    accepted(details_modal(shown))
    accepted(approvals_message([row, *others]))
    for state in (None, *PostState):
        accepted(posts_message([row, *others], [row.client, CLIENT], PostsValue(state=state)))
    accepted(kept_message(row.client, row.post, META))
    accepted(reason_modal(DecisionKind.REJECTED, row.client.name, _reason(row)))
    assert state_of(row) in PostState
    for change in (
        "requested",
        "edited",
        "withdrawn",
        "approved",
        "changes_requested",
        "expired",
        "reminded",
    ):
        news_of(row, {"change": change, "by": "U0MANAGER"})
    for each in row.deliveries:
        news_of(row, {"change": "delivery", "delivery": each.id})


def _reason(row):
    return ids.ReasonMeta(post=row.post.id, digest=row.post.digest, kind=DecisionKind.REJECTED)


@settings(max_examples=100, deadline=None)
@given(rows(), st.sampled_from([TikTokOptions(), TikTokOptions(discloses=True, branded=True)]))
def test_any_form_fits(row, chosen):
    targets = tuple(replace(each, tiktok=chosen) for each in row.post.content.targets)
    sheet = a_sheet(
        replace(row.post.content, targets=targets),
        client=row.client,
        clients=[row.client, CLIENT],
        note="Something.",
        is_resumed=True,
        plays=[("ride.mp4", "https://x.example/m")],
        page="https://x.example/compose",
        counts=[
            Count(form=each, subject="caption.units", used=9, most=5, unit="UTF-16 units") for each in Form
        ],
    )
    for draw in (media_modal, places_modal, confirm_modal):
        accepted(draw(sheet))


class TestRequest:
    def test_it_asks_with_one_primary_button_and_who_decides(self):
        told = request_message(Shown(row=a_row()))
        assert labels(told)[:3] == ["Approve", "Request Changes", "Reject"]
        assert "To decide: <@U0MANAGER>" in accepted(told)
        assert "Approvals: 0 of 1" in accepted(told)

    def test_a_decision_takes_the_buttons(self):
        row = a_row(
            step=PostStep.REJECTED,
            decisions=[lambda post: a_decision(post, kind=DecisionKind.REJECTED, reason="<!channel> no")],
        )
        told = request_message(Shown(row=row))
        assert labels(told) == []
        assert "&lt;!channel&gt; no" in accepted(told)

    def test_decisions_about_an_earlier_content_are_struck_out(self):
        row = a_row(edited_by="U0REQUESTER", decisions=[lambda post: a_decision(post, digest="0" * 64)])
        assert "~Approved by <@U0MANAGER>" in accepted(request_message(Shown(row=row)))

    @pytest.mark.parametrize("text", HOSTILE)
    def test_captions_are_shown_as_they_are_and_mention_nobody(self, text):
        told = request_message(Shown(row=a_row(content=a_content(caption=text))))
        accepted(told)

    @pytest.mark.parametrize(
        ("changes", "wanted"),
        [
            ({"step": DeliveryStep.QUEUED}, ["Cancel"]),
            ({"step": DeliveryStep.ASKED}, []),
            ({"step": DeliveryStep.UNCERTAIN}, ["It Is There", "It Isn't There"]),
            ({"step": DeliveryStep.MISSED}, ["Send Now", "Drop"]),
            (
                {"step": DeliveryStep.REFUSED, "obstacle": Obstacle(blame=Blame.PLATFORM, code="gone")},
                ["Try Again"],
            ),
            (
                {"step": DeliveryStep.REFUSED, "obstacle": Obstacle(blame=Blame.CONTENT, code="spam_risk")},
                ["Fix and Ask Again"],
            ),
            (
                {"waits": True, "obstacle": Obstacle(blame=Blame.AUTHORIZATION, code="grant_gone")},
                ["Relink TikTok and Continue", "Cancel"],
            ),
        ],
    )
    def test_each_end_has_the_press_that_helps(self, changes, wanted):
        connection = a_linked_connection(CLIENT, platform=Platform.TIKTOK)
        row = a_row(step=PostStep.APPROVED, deliveries=[lambda post: a_delivery(post, connection, **changes)])
        assert labels(request_message(Shown(row=row))) == wanted
        assert delivery_view.needs_somebody(row.deliveries[0]) or wanted in ([], ["Cancel"])


def test_what_changed_is_asked_and_what_blocks_is_said():
    mild = Recheck(post=a_post(CLIENT), client=CLIENT, changes=(Change(code="time_past"),))
    assert "Approve Anyway" in labels(recheck_message(mild, "C0BAKERY"))
    hard = replace(mild, changes=(Change(code="comment_off", platform=Platform.TIKTOK, blocks=True),))
    assert "Approve Anyway" not in labels(recheck_message(hard, "C0BAKERY"))
    accepted(recheck_message(hard, "C0BAKERY"))


class TestHome:
    def test_what_waits_for_me_comes_first(self):
        rows = [a_row(), a_row(step=PostStep.DRAFT), a_row(step=PostStep.REJECTED)]
        shown = home_posts(rows, "U0MANAGER")
        assert shown[0]["text"]["text"] == "Waits for your approval"
        assert "Your drafts" not in str(shown)
        assert "Your drafts" in str(home_posts(rows, "U0REQUESTER"))

    def test_the_end_is_told_once_all_is_over(self):
        connection = a_linked_connection(CLIENT, platform=Platform.TIKTOK)
        out = {
            "step": DeliveryStep.PUBLISHED,
            "audience": Audience.PUBLIC,
            "permalink": "https://x.example/1",
        }
        row = a_row(step=PostStep.APPROVED, deliveries=[lambda post: a_delivery(post, connection, **out)])
        news = news_of(row, {"change": "delivery", "delivery": row.deliveries[0].id})
        assert "<@U0REQUESTER>: this is how it ended." in news.text
        assert news.key


def test_long_films_and_pictures_are_named():
    items = (an_item(), an_item(kind=Kind.IMAGE))
    row = a_row(content=a_content(items=items, publish_at=NOW + timedelta(days=1)))
    said = accepted(request_message(Shown(row=row)))
    assert "1 picture and 1 video" in said
    assert Action.APPROVE in said or "Approve" in labels(request_message(Shown(row=row)))
