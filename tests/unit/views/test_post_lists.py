"""Lists of posts say how many they leave out, begin with what is stuck, and a headline says what became of it all."""

from datetime import timedelta

import pytest

from bot.ids import PostState, PostsValue
from bot.views.post_news import news_of
from bot.views.posts_view import LIST_MOST, approvals_message, home_posts, posts_message
from bot.views.request_view import Shown, headline, request_message
from core.domain.account import Platform
from core.domain.delivery import Audience, Blame, DeliveryStep, Obstacle
from core.domain.post import PostStep
from tests.builders import NOW, a_content, a_delivery, a_linked_connection
from tests.unit.views.post_rows import CLIENT, a_row
from tests.unit.views.rows import accepted

OUT = {"step": DeliveryStep.PUBLISHED, "audience": Audience.PUBLIC}
CANCELLED = {"step": DeliveryStep.CANCELLED, "settled_by": "U0MANAGER"}
INBOX = {"step": DeliveryStep.PUBLISHED, "audience": Audience.INBOX}

PENDING = {"step": DeliveryStep.PUBLISHED, "audience": Audience.PENDING}


def approved(*ways):
    connections = [a_linked_connection(CLIENT, platform=each) for each in Platform]
    made = [
        lambda post, own=own, each=each: a_delivery(post, each, **own)
        for own, each in zip(ways, connections, strict=False)
    ]
    return a_row(step=PostStep.APPROVED, deliveries=made)


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        ((OUT, OUT), "✅ A post for *Nordlicht Bakery* is out."),
        ((OUT, CANCELLED), "is out on TikTok, was cancelled on Instagram."),
        ((CANCELLED, CANCELLED), "was cancelled: nothing went out."),
        ((INBOX,), "waits in the account's inbox: its owner finishes it there."),
        (
            (INBOX, CANCELLED),
            "was cancelled on Instagram, waits in the account's inbox on TikTok: its owner finishes it there.",
        ),
        (
            (INBOX, OUT),
            "is out on Instagram, waits in the account's inbox on TikTok: its owner finishes it there.",
        ),
        ((PENDING, OUT), "is approved"),
        ((OUT, {"step": DeliveryStep.MISSED}), "needs somebody."),
    ],
)
def test_a_headline_says_what_became_of_all_of_it(ways, told):
    assert told in headline(approved(*ways))


def test_what_waits_says_how_many_follow_the_ones_that_fit():
    rows = [a_row(content=a_content(caption="x" * 80)) for _ in range(40)]
    told = approvals_message(rows)
    said = accepted(told)
    assert "40 posts wait for you." in said
    shown = said.count('"Approve"')
    assert 0 < shown < len(rows)
    assert f"{len(rows) - shown} more: they follow as you decide about these" in said
    assert "follow" not in accepted(approvals_message(rows[:2]))


def test_a_list_in_which_somebody_decided_says_what_they_did():
    assert "✅ Approved." in accepted(approvals_message([], said="✅ Approved."))
    assert "Nothing more waits for you." in accepted(approvals_message([], said="✅ Approved."))
    assert "Nothing waits for you." in accepted(approvals_message([]))


def test_a_list_that_is_full_says_that_there_may_be_older_ones():
    full = accepted(posts_message([a_row()] * LIST_MOST, [CLIENT], PostsValue()))
    assert f"{LIST_MOST} posts" in full
    assert "older ones" not in full
    assert "1 post" in accepted(posts_message([a_row()], [CLIENT], PostsValue(state=PostState.WAITING)))


@pytest.mark.parametrize(
    ("clients", "wish", "told"),
    [
        (2, PostsValue(), "Choose a client or a state to see older ones"),
        (1, PostsValue(), "Choose a state to see older ones"),
        (2, PostsValue(client=CLIENT.id), "Choose a state to see older ones"),
        (2, PostsValue(state=PostState.PUBLISHED), "Choose a client to see older ones"),
        (2, PostsValue(client=CLIENT.id, state=PostState.PUBLISHED), "Use `crosslink posts` where"),
        (1, PostsValue(state=PostState.DRAFTS), "Finish or delete some to see older ones"),
    ],
)
def test_a_list_that_is_cut_says_what_is_left_to_choose(clients, wish, told):
    over = posts_message([a_row()] * (LIST_MOST + 1), [CLIENT] * clients, wish)
    assert f"The newest {LIST_MOST} posts. {told}" in accepted(over)


def test_a_search_that_stops_says_how_far_it_looked():
    wish = PostsValue(state=PostState.NEEDS_SOMEBODY)
    for rows, told in (([a_row()], "1 post"), ([], "0 posts")):
        said = accepted(posts_message(rows, [CLIENT, CLIENT], wish, searched=500))
        assert f"{told} among the newest 500 that were looked through. Choose a client" in said
        assert "Nothing here" not in said


def test_home_shows_first_what_goes_no_further_by_itself():
    stuck = a_row(step=PostStep.CHANGES_REQUESTED, content=a_content(caption="Stuck"))
    fine = [a_row(step=PostStep.REJECTED) for _ in range(6)]
    said = accepted({"type": "home", "blocks": home_posts([*fine, stuck], "U0REQUESTER")})
    assert "Stuck" in said
    assert "All of them: `/crosslink post list all`" in said


def test_whoever_has_to_decide_now_is_rung_by_the_thread():
    news = news_of(a_row(), {"change": "policy", "by": "U0ADMIN"})
    assert news is not None
    assert news.text == "Who decides about this has changed. To decide: <@U0MANAGER>"
    assert news_of(a_row(step=PostStep.REJECTED), {"change": "policy", "by": "U0ADMIN"}) is None


@pytest.mark.parametrize(
    ("step", "ways", "told"),
    [
        (PostStep.REQUESTED, (), "Goes out at"),
        (PostStep.APPROVED, ({},), "Goes out at"),
        (PostStep.APPROVED, (OUT,), "Planned for"),
        (PostStep.APPROVED, ({"step": DeliveryStep.MISSED},), "Planned for"),
        (PostStep.REJECTED, (), "Planned for"),
    ],
)
def test_a_time_that_is_over_is_told_as_the_plan_it_was(step, ways, told):
    connection = a_linked_connection(CLIENT, platform=Platform.TIKTOK)
    made = [lambda post, own=own: a_delivery(post, connection, **own) for own in ways]
    row = a_row(step=step, deliveries=made, content=a_content(publish_at=NOW + timedelta(hours=1)))
    said = accepted(request_message(Shown(row=row)))
    assert told in said
    assert ("Goes out at" in said) == (told == "Goes out at")


def test_a_line_that_the_whole_channel_reads_names_its_post():
    (missed,) = (row := approved({"step": DeliveryStep.MISSED})).deliveries
    news = news_of(row, {"change": "delivery", "delivery": missed.id})
    assert news is not None
    assert news.is_loud
    assert "<@U0REQUESTER>, <@U0MANAGER>: “Fresh bread" in news.text
    reminded = news_of(a_row(), {"change": "reminded"})
    assert reminded is not None
    assert reminded.text.startswith("“Fresh bread")


def test_whoever_said_that_it_is_not_there_has_looked():
    gone = Obstacle(blame=Blame.PLATFORM, code="not_published")
    row = approved({"step": DeliveryStep.REFUSED, "obstacle": gone, "settled_by": "U0MANAGER"})
    assert "did not go out · <@U0MANAGER> looked" in accepted(request_message(Shown(row=row)))
