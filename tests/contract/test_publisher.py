"""What every publisher promises, over real HTTP against its emulator: out once, known afterwards, whatever is lost."""

import pytest

from core.domain.account import Platform
from core.domain.delivery import Audience, Blame
from core.domain.errors import AccountHeld, Final, GrantLost, Passing, Throttled, Unconfirmed
from core.domain.post import Form
from core.ports import TICKET_GONE, Act, Sight
from tests.contract.publisher_stages import InMemory, an_item, for_instagram, for_tiktok, publishing
from tests.unit.sandbox.films import film

FILM = film()
WEATHER = [
    {"what": "drop_before"},
    {"what": "drop_after"},
    {"what": "reset"},
    {"what": "corrupt"},
    {"what": "throttle"},
    {"what": "slow", "seconds": 0.2},
    {"what": "refuse", "code": "http_500"},
    {"what": "refuse", "code": "http_502", "when": "after"},
    {"what": "refuse", "code": "http_503"},
]
CALLS = ("prepare", "upload", "ask", "look")


@pytest.fixture(params=Platform)
async def at(request):
    async with publishing(request.param) as stage:
        yield stage


@pytest.fixture
def film_for(at):
    """A film's cargo and its source, as the platform wants it."""
    if at.stage.platform is Platform.TIKTOK:
        return for_tiktok(len(FILM)), InMemory(FILM)
    return for_instagram(Form.REEL, at.shelf.put("a.mp4", FILM)), None


async def test_a_film_goes_out_and_is_found(at, film_for):
    cargo, _source = film_for
    look = await at.delivered(*film_for)
    [post] = at.posts()
    assert (look.sight, look.audience, look.ids) == (Sight.PUBLISHED, Audience.PUBLIC, (post["id"],))
    assert (post["state"], post["caption"], look.permalink) == ("public", cargo.caption, post["url"])


async def test_nothing_is_to_be_seen_before_the_last_act(at, film_for):
    ticket = await at.ready(*film_for)
    assert ticket.is_ready
    at.stage.advance(minutes=5)
    assert at.posts() == []
    assert (await at.look(film_for[0], ticket)).sight is Sight.ABSENT


@pytest.mark.parametrize("weather", WEATHER, ids=lambda each: "-".join(map(str, each.values())))
@pytest.mark.parametrize("call", CALLS)
async def test_it_is_out_once_whatever_the_weather(at, film_for, call, weather):
    at.fault(call, **weather)
    look = await at.delivered(*film_for)
    assert (look.sight, len(at.posts())) == (Sight.PUBLISHED, 1)


@pytest.mark.parametrize("weather", WEATHER[:4])
async def test_a_lost_answer_to_the_last_act_is_unconfirmed(at, film_for, weather):
    ticket = await at.ready(*film_for)
    at.fault("ask", **weather)
    if weather["what"] == "corrupt" and at.stage.platform is Platform.TIKTOK:
        await at.ask(film_for[0], ticket, film_for[1])  # Its answer is in the status alone.
        return
    with pytest.raises(Unconfirmed):
        await at.ask(film_for[0], ticket, film_for[1])


@pytest.mark.parametrize("weather", [each for each in WEATHER if each["what"] != "slow"])
async def test_a_look_that_fails_passes(at, film_for, weather):
    ticket = await at.ready(*film_for)
    await at.ask(film_for[0], ticket, film_for[1])
    at.fault("look", **weather)
    with pytest.raises(Passing):
        await at.look(film_for[0], ticket)


async def test_a_withdrawn_grant_is_a_persons_matter(at, film_for):
    cargo, source = film_for
    ticket = await at.ready(cargo, source)
    at.stage.remove_app()
    with pytest.raises(GrantLost):
        await at.prepare(cargo)
    with pytest.raises(GrantLost):
        await at.publisher.allowance(at.credentials, at.account)
    if at.stage.platform is Platform.INSTAGRAM:
        with pytest.raises(GrantLost):
            await at.ask(cargo, ticket, source)
    assert at.posts() == []


async def test_an_account_that_is_held_back_is_its_owners_matter(at, film_for):
    at.stage.change(condition="restricted")
    with pytest.raises(AccountHeld) as caught:
        await at.prepare(film_for[0])
    assert at.publisher.blame(caught.value.code) is Blame.AUTHORIZATION


async def test_a_ticket_that_nobody_used_in_time_is_gone(at, film_for):
    cargo, source = film_for
    ticket = await at.ready(cargo, source)
    at.stage.advance(hours=25)
    with pytest.raises((Final, Passing)) as caught:
        await at.ask(cargo, ticket, source)
    expired_token = at.stage.platform is Platform.TIKTOK and isinstance(caught.value, Passing)
    assert expired_token or caught.value.code == TICKET_GONE
    assert at.posts() == []


async def test_what_is_full_says_so(at, film_for):
    cap = "posts_a_day" if at.stage.platform is Platform.TIKTOK else "quota_total"
    at.stage.switch(**{cap: 1})
    await at.delivered(*film_for)
    assert (await at.publisher.allowance(at.credentials, at.account)).left == 0
    with pytest.raises(Throttled) as caught:
        await at.ask(film_for[0], await at.ready(*film_for), film_for[1])
    assert at.publisher.blame(caught.value.code) is Blame.LIMIT
    assert (caught.value.until - at.stage.clock.now()).total_seconds() > 3_000
    assert len(at.posts()) == 1


def test_every_limit_is_known_before_the_call(at):
    carousel = for_instagram(Form.CAROUSEL, "https://a/1.jpg", "https://a/2.jpg")
    film_ = for_tiktok(an_item(5).size) if at.stage.platform is Platform.TIKTOK else carousel
    paces = {act: at.publisher.paces(act, film_) for act in Act}
    counted = {act: [each.most for each in paces[act]] for act in Act if paces[act]}
    if at.stage.platform is Platform.TIKTOK:
        assert counted == {Act.PREPARE: [6], Act.LOOK: [30], Act.ALLOWANCE: [20]}
    else:
        assert counted == {Act.PREPARE: [400, 400, 400]}
