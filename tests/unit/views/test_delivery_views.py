"""What people read of a post on its way: why it waits and until when, what isn't certain, and who is rung, once."""

from datetime import timedelta

from bot.views.delivery_view import line
from bot.views.post_news import news_of
from bot.views.request_view import Shown, request_message
from core.domain.account import Platform
from core.domain.delivery import Audience, Blame, DeliveryStep, Obstacle, Ticket
from core.domain.post import Form, PostStep
from tests.builders import NOW, a_client, a_delivery, a_linked_connection
from tests.unit.views.post_rows import a_row
from tests.unit.views.rows import labels

CLIENT = a_client(id="cl_bakery", name="Nordlicht Bakery", time_zone="Europe/Berlin")
REEL = {"id": "dl_reel", "form": Form.REEL}


def on_its_way(*changes):
    """A row of an approved post with a delivery for each of these."""
    connection = a_linked_connection(CLIENT, platform=Platform.TIKTOK)
    made = [lambda post, own=each: a_delivery(post, connection, **own) for each in changes]
    return a_row(CLIENT, step=PostStep.APPROVED, deliveries=made)


def told(row, number=0, **more):
    return news_of(row, {"change": "delivery", "delivery": row.deliveries[number].id}, **more)


def test_a_platform_that_asks_to_wait_is_named_with_the_time_of_the_next_try():
    limit = Obstacle(blame=Blame.LIMIT, code="rate_limit_exceeded")
    later = NOW + timedelta(minutes=1)
    (delivery,) = on_its_way({"obstacle": limit, "failures": 1, "due_at": later}).deliveries
    assert "TikTok asks us to wait before it takes more." in line(delivery)
    assert f"Next try at <!date^{int(later.timestamp())}^" in line(delivery)


def test_a_platform_in_trouble_is_named_and_nobody_has_to_do_anything():
    trouble = Obstacle(blame=Blame.PLATFORM, code="http_500")
    row = on_its_way({"obstacle": trouble, "failures": 3, "due_at": NOW})
    assert "TikTok has trouble on its side.\nIt is tried again by itself." in line(row.deliveries[0])
    assert labels(request_message(Shown(row=row))) == ["Cancel"]
    over = on_its_way({"step": DeliveryStep.REFUSED, "obstacle": trouble})
    assert line(over.deliveries[0]).endswith("\nTry again.")


def test_an_upload_says_how_far_it_is():
    ticket = Ticket(reference="pub1", sent=30, total=100)
    (delivery,) = on_its_way({"step": DeliveryStep.PREPARED, "ticket": ticket}).deliveries
    assert "uploading, 30%" in line(delivery)


def test_what_nobody_is_certain_of_is_not_called_processing():
    lost = {"step": DeliveryStep.ASKED, "obstacle": Obstacle(blame=Blame.PLATFORM, code="unreachable")}
    row = on_its_way(lost)
    assert "it isn't certain that TikTok took it: we look until it is" in line(row.deliveries[0])
    assert "processing" not in line(row.deliveries[0])
    assert labels(request_message(Shown(row=row))) == []
    assert told(row) is None, "nobody has to do anything about it"


def test_where_a_relink_is_offered_nothing_is_said_to_be_processed():
    lost = Obstacle(blame=Blame.AUTHORIZATION, code="grant_gone")
    row = on_its_way({"step": DeliveryStep.ASKED, "obstacle": lost, "waits": True})
    assert "we can't see what became of it" in line(row.deliveries[0])
    assert "processing" not in line(row.deliveries[0])
    assert labels(request_message(Shown(row=row))) == ["Relink TikTok and Continue"]


def test_no_relink_is_offered_while_the_platform_is_at_it():
    row = on_its_way({"step": DeliveryStep.ASKED})
    assert "TikTok is processing it" in line(row.deliveries[0])
    assert labels(request_message(Shown(row=row))) == []


class TestRinging:
    def test_what_waits_for_a_link_with_an_alert_leaves_the_ringing_to_that(self):
        lost = Obstacle(blame=Blame.AUTHORIZATION, code="grant_gone")
        row = on_its_way({"obstacle": lost, "waits": True})
        (delivery,) = row.deliveries
        alone = told(row)
        assert (alone.is_loud, "<@U0MANAGER>" in alone.text) == (True, True)
        beside = told(row, alerted={delivery.connection_id})
        assert not beside.is_loud
        assert beside.text.startswith("<@U0REQUESTER>: ")
        assert "<@U0MANAGER>" not in beside.text
        assert f"its own alert in <#{CLIENT.channel}>" in beside.text
        assert beside.key == alone.key

    def test_who_is_rung_about_two_that_missed_the_same_time_is_rung_once(self):
        missed = {"step": DeliveryStep.MISSED, "stepped_at": NOW}
        later = missed | REEL | {"stepped_at": NOW + timedelta(seconds=1)}
        row = on_its_way(missed, later)
        news = told(row)
        assert news.is_loud
        assert "TikTok video" in news.text
        assert "Instagram Reel" in news.text
        assert told(row, 1) is None

    def test_one_that_missed_its_time_alone_is_rung_about(self):
        row = on_its_way(
            {"step": DeliveryStep.QUEUED}, {"step": DeliveryStep.MISSED, "stepped_at": NOW} | REEL
        )
        assert "Instagram Reel" in told(row, 1).text

    def test_it_has_not_ended_while_somebody_is_asked(self):
        out = {"step": DeliveryStep.PUBLISHED, "audience": Audience.PRIVATE}
        row = on_its_way(out, {"step": DeliveryStep.MISSED, "stepped_at": NOW} | REEL)
        assert told(row) is None
        ended = on_its_way(out, {"step": DeliveryStep.CANCELLED} | REEL)
        assert "this is how it ended" in told(ended).text
