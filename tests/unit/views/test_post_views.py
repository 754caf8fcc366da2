"""Posts as people see them: every form, message and list inside Slack's limits, whatever people type."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import ids
from bot.ids import Action, ComposeMeta, PostField, PostState, PostsValue
from bot.views import delivery_view
from bot.views.post_confirm import confirm_modal
from bot.views.post_errors import confirm_errors, media_errors, places_errors
from bot.views.post_form import Sheet, media_modal, recounted
from bot.views.post_news import news_of
from bot.views.post_places import places_modal
from bot.views.post_reading import read_confirm, read_media, read_places
from bot.views.posts_view import approvals_message, home_posts, kept_message, posts_message, state_of
from bot.views.recheck_view import recheck_message
from bot.views.request_view import Shown, details_modal, reason_modal, request_message
from bot.views.words import delivery, post_refusal
from bot.views.words import post as words
from core.domain.account import Platform
from core.domain.approval import tally
from core.domain.composing import Around, Count, Flaw, flaws
from core.domain.creator import Creator
from core.domain.delivery import Audience, Blame, DeliveryStep, Obstacle
from core.domain.limits import Severity
from core.domain.media import Kind
from core.domain.post import (
    DecisionKind,
    Form,
    Noted,
    PostStep,
    Remark,
    Sender,
    Target,
    TikTokOptions,
)
from core.domain.preflight import Finding
from core.domain.recheck import Change, Recheck
from core.domain.verdict import Block
from core.usecases.composing import Composer
from core.usecases.posts import PostView
from tests.builders import (
    NOW,
    a_client,
    a_content,
    a_decision,
    a_delivery,
    a_linked_connection,
    a_post,
    an_item,
)
from tests.unit.views.rows import HOSTILE, accepted, labels, names
from tests.unit.views.test_words import is_a_sentence as is_one


def is_a_sentence(text):
    """Names in quotes and mentions may begin one."""
    is_one(text.replace("<@", "@").removeprefix("“"))


CLIENT = a_client(id="cl_bakery", name="Nordlicht Bakery", time_zone="Europe/Berlin")
OPTIONS = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
CREATOR = Creator(
    handle="nordlicht.bakery", name="Nordlicht", seen_at=NOW, options=OPTIONS, may_comment=True, may_duet=True
)
SENDERS = {
    each: Sender(platform=each, connection_id=f"cn_{each}", account_id="1", handle="nordlicht.bakery")
    for each in Platform
}
META = ComposeMeta(post="po_1")


def a_row(client=CLIENT, **changes):
    deliveries = changes.pop("deliveries", ())
    decisions = changes.pop("decisions", ())
    post = a_post(client, **{"step": PostStep.REQUESTED, "requested_at": NOW} | changes)
    decided = [make(post) for make in decisions]
    return PostView(
        post=post,
        client=client,
        deliveries=[make(post) for make in deliveries],
        decisions=decided,
        tally=tally(client, post, decided, NOW),
    )


def a_sheet(content=None, **changes):
    post = a_post(CLIENT, content=content or a_content())
    composer = Composer(client=CLIENT, senders=SENDERS, blocked={}, creator=CREATOR, is_fresh=True)
    given = {"post": post, "meta": META, "client": CLIENT, "clients": [CLIENT], "composer": composer}
    return Sheet(**given | changes)


def tiktok(**chosen):
    return a_content(targets=(Target(form=Form.TIKTOK_VIDEO, tiktok=TikTokOptions(**chosen)),))


def fields(view):
    return {each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"}


def answered(**values):
    """A view's state: each field by its name, with what kind of answer it has."""
    state = {}
    for name, value in values.items():
        field = PostField[name.upper()]
        state[field] = {field: value}
    return {"state": {"values": state}}


def picked(value):
    return {"selected_option": {"value": value}}


def ticked(*values):
    return {"selected_options": [{"value": each} for each in values]}


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (words.MARK, PostStep),
        (words.STEP, PostStep),
        (words.HEADLINE, PostStep),
        (words.DECISION, DecisionKind),
        (words.STATE, PostState),
        (words.FORM, Form),
        (delivery.MARK, DeliveryStep),
        (delivery.STEP, DeliveryStep),
        (delivery.AUDIENCE, Audience),
        (delivery.BLAME, Blame),
        (delivery.HELP, Blame),
    ],
)
def test_every_member_has_words(table, enum):
    assert set(table) == set(enum)


@pytest.mark.parametrize("code", [*words.FLAW, "something_new"])
@pytest.mark.parametrize(
    "facts", [{}, {"form": "tiktok.photo", "block": "grant_gone", "chosen": "SELF_ONLY"}]
)
def test_a_flaw_is_a_sentence(code, facts):
    is_a_sentence(words.flaw(Flaw(code=code, facts=facts, platform=Platform.INSTAGRAM)))


@pytest.mark.parametrize("blame", Blame)
@pytest.mark.parametrize("code", [*delivery.OBSTACLE, *Block, "video.length", "something_new"])
def test_an_obstacle_is_a_sentence(code, blame):
    is_a_sentence(delivery.obstacle(Obstacle(blame=blame, code=code), Platform.TIKTOK))


@pytest.mark.parametrize("code", post_refusal.SENTENCES)
@pytest.mark.parametrize(
    "facts",
    [{}, {"by": "U1", "step": "approved", "client": "Velo", "managers": "U1 U2", "platform": "tiktok"}],
)
def test_a_refusal_is_a_sentence(code, facts):
    is_a_sentence(post_refusal.post_trouble(code, facts))


@st.composite
def rows(draw):
    client = a_client(name=draw(names), managers=("U0MANAGER", "U0SECOND"))
    text, other = draw(names), draw(st.none() | names)
    step = draw(st.sampled_from(PostStep))
    finding = Finding(
        code="video.length", severity=Severity.WARN, where="video", measured=draw(names), allowed=draw(names)
    )
    connections = [a_linked_connection(client, platform=each) for each in Platform]
    obstacle = Obstacle(blame=draw(st.sampled_from(Blame)), code="pace", log_id="20261121")
    content = a_content(
        caption=text,
        targets=(Target(form=Form.TIKTOK_PHOTO, caption=other, title=draw(names)), Target(form=Form.REEL)),
        items=tuple(an_item(name=draw(names)) for _ in range(draw(st.integers(0, 10)))),
        publish_at=draw(st.none() | st.just(NOW)),
    )
    return a_row(
        client,
        content=content,
        step=step,
        edited_by=draw(st.sampled_from(["", "U0REQUESTER"])),
        expires_at=NOW,
        noted=Noted(
            at=NOW,
            senders=tuple(SENDERS.values()),
            remarks=tuple(Remark(form=each, finding=finding) for each in Form),
            poster=an_item(),
        ),
        decisions=[
            lambda post: a_decision(post, kind=draw(st.sampled_from(DecisionKind)), reason=draw(names))
        ],
        deliveries=[
            lambda post, each=each: a_delivery(
                post,
                each,
                step=draw(st.sampled_from(DeliveryStep)),
                audience=draw(st.sampled_from(Audience)),
                obstacle=draw(st.none() | st.just(obstacle)),
                waits=draw(st.booleans()),
                permalink="https://www.tiktok.com/@nordlicht/video/1",
                settled_by=draw(st.sampled_from(["", "U0MANAGER"])),
            )
            for each in connections
        ],
    )


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


class TestTikTokDuties:
    def test_audiences_are_those_offered_with_none_chosen(self):
        menu = fields(confirm_modal(a_sheet(tiktok())))[PostField.PRIVACY]
        assert [each["value"] for each in menu["options"]] == [*OPTIONS]
        assert "initial_option" not in menu

    def test_what_is_impossible_is_left_out_with_a_sentence_and_all_is_off(self):
        view = confirm_modal(a_sheet(tiktok()))
        boxes = fields(view)[PostField.INTERACTIONS]
        assert [each["value"] for each in boxes["options"]] == ["comment", "duet"]
        assert "initial_options" not in boxes
        assert "Stitch is switched off" in accepted(view)

    def test_the_nickname_and_the_consent_line_are_shown(self):
        said = accepted(confirm_modal(a_sheet(tiktok())))
        assert "posts as *Nordlicht* (@nordlicht.bakery)" in said
        assert "Music Usage Confirmation" in said
        assert "Branded Content Policy" not in said

    def test_branded_content_names_its_policy_and_takes_only_me_away(self):
        view = confirm_modal(a_sheet(tiktok(discloses=True, branded=True)))
        assert "SELF_ONLY" not in {each["value"] for each in fields(view)[PostField.PRIVACY]["options"]}
        for part in ("Branded Content Policy", "Paid partnership", "cannot be set to private"):
            assert part in accepted(view)

    def test_only_me_takes_branded_content_away(self):
        boxes = fields(confirm_modal(a_sheet(tiktok(discloses=True, privacy="SELF_ONLY"))))[PostField.BRANDS]
        assert [each["value"] for each in boxes["options"]] == ["own_brand"]

    def test_a_stale_creator_means_try_later(self):
        sheet = a_sheet(tiktok())
        view = confirm_modal(replace(sheet, composer=replace(sheet.composer, is_fresh=False)))
        assert PostField.PRIVACY not in fields(view)
        assert "Try again in a few minutes" in accepted(view)

    def test_the_inbox_asks_nothing(self):
        assert set(fields(confirm_modal(a_sheet(tiktok(to_inbox=True))))) == {PostField.MUSIC}


class TestReading:
    def test_the_caption(self):
        view = answered(caption={"value": "Neu"})
        assert read_media(view, a_content()).caption == "Neu"

    def test_places_and_own_captions(self):
        view = answered(
            tiktok=picked("tiktok.video:inbox"),
            instagram=picked("off"),
            variants=ticked("yes"),
            tiktok_caption={"value": "Nur hier"},
            when=picked("now"),
        )
        content = read_places(view, a_content(), "Europe/Berlin")
        assert [(each.form, each.caption) for each in content.targets] == [(Form.TIKTOK_VIDEO, "Nur hier")]
        assert content.targets[0].tiktok.to_inbox

    def test_a_time_is_the_clients(self):
        view = answered(
            when=picked("at"), day={"selected_date": "2026-12-24"}, time={"selected_time": "18:00"}
        )
        content = read_places(view, a_content(), "Europe/Berlin")
        assert content.publish_at.isoformat() == "2026-12-24T17:00:00+00:00"

    def test_what_wasnt_asked_stays(self):
        content = a_content(publish_at=NOW)
        assert read_places({}, content, "UTC") == content
        assert read_confirm({}, content) == content

    def test_switching_disclosure_off_takes_its_boxes_along(self):
        content = read_confirm(answered(disclosure=ticked()), tiktok(discloses=True, branded=True))
        assert not content.targets[0].tiktok.branded


class TestErrors:
    def test_nothing_chosen_and_both_chosen(self):
        empty = a_content(items=())
        assert set(media_errors({}, empty)) == {PostField.FILES}
        both = answered(files={"files": [{"id": "F1"}]}, url={"value": "https://x.example/a.mp4"})
        assert set(media_errors(both, empty)) == {PostField.URL}
        assert media_errors({}, a_content()) == {}

    @pytest.mark.parametrize(
        ("day", "clock", "said"),
        [
            ("2027-03-28", "02:30", "doesn't exist"),
            ("2020-01-01", "12:00", "is over"),
            ("", "12:00", "Choose a day"),
        ],
    )
    def test_a_time_that_isnt_one(self, day, clock, said):
        view = answered(when=picked("at"), day={"selected_date": day}, time={"selected_time": clock})
        content = read_places(view, a_content(), "Europe/Berlin")
        assert said in places_errors(view, content, "Europe/Berlin", NOW)[PostField.TIME]

    def test_tiktoks_own_sentences_stand_beside_their_fields(self):
        view = answered(privacy={}, disclosure=ticked("discloses"), brands=ticked(), consent=ticked())
        content = read_confirm(view, tiktok())
        wrong = confirm_errors(view, content, NOW)
        assert set(wrong) == {PostField.PRIVACY, PostField.BRANDS, PostField.CONSENT}
        assert wrong[PostField.BRANDS].startswith("You need to indicate")


def test_counts_follow_what_is_typed_and_the_rest_stays():
    sheet = a_sheet(
        counts=[Count(form=Form.REEL, subject="caption.characters", used=3, most=9, unit="characters")]
    )
    before = media_modal(sheet)
    over = [Count(form=Form.REEL, subject="caption.characters", used=12, most=9, unit="characters")]
    after = recounted(before, PostField.CAPTION, over)
    assert "3 characters too many (12 of 9)" in accepted(after)
    assert len(after["blocks"]) == len(before["blocks"])


def test_what_changed_is_asked_and_what_blocks_is_said():
    mild = Recheck(post=a_post(CLIENT), client=CLIENT, changes=(Change(code="time_past"),))
    assert "Approve Anyway" in labels(recheck_message(mild, "C0BAKERY"))
    hard = replace(mild, changes=(Change(code="comment_off", platform=Platform.TIKTOK, blocks=True),))
    assert "Approve Anyway" not in labels(recheck_message(hard, "C0BAKERY"))
    accepted(recheck_message(hard, "C0BAKERY"))


@pytest.mark.parametrize("found", flaws(a_content(items=(), targets=()), Around(), NOW))
def test_every_flaw_of_the_domain_has_words(found):
    assert found.code in words.FLAW


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
