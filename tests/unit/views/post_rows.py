"""Posts, forms and what people answer in them, as the views of posts get them."""

from hypothesis import strategies as st

from bot.ids import ComposeMeta, PostField
from bot.views.post_form import Sheet
from core.domain.account import Platform
from core.domain.approval import tally
from core.domain.creator import Creator
from core.domain.delivery import Audience, Blame, DeliveryStep, Obstacle
from core.domain.limits import Severity
from core.domain.post import DecisionKind, Form, Noted, PostStep, Remark, Sender, Target, TikTokOptions
from core.domain.preflight import Finding
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
from tests.unit.views.rows import names

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
