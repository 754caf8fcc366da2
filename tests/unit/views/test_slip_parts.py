"""A slip that is drawn again says of each invitation what was said of it when it was settled, and promises nothing over."""

from bot.views.link_view import PersonalLink, slip_message
from bot.views.slip_parts import Reader, parts_of
from core.domain.invitation import INVITATION_LIFE, InvitationStep, LinkOutcome
from core.domain.observation import Capability
from core.usecases.slips import Entry
from tests.builders import NOW, a_client, a_connection, an_invitation
from tests.unit.views.rows import accepted

CLIENT = a_client()
CONNECTION = a_connection(CLIENT)


def drawn(invitation, at):
    entry = Entry(client=CLIENT, invitation=invitation, connection=CONNECTION)
    return parts_of([entry], Reader(base_url="https://bot.example", at=at))


def test_what_was_switched_off_is_named_again():
    asked = an_invitation(
        CONNECTION,
        token=None,
        step=InvitationStep.LINKED,
        outcome=LinkOutcome.FEWER_PERMISSIONS,
        missing=frozenset({Capability.PUBLISH}),
    )
    said = accepted(slip_message(CLIENT, drawn(asked, NOW), NOW))
    assert "was switched off, so" in said
    assert "something that this client needs" not in said


def test_a_button_that_ran_out_gives_way_though_nobody_has_settled_it_yet():
    asked = an_invitation(CONNECTION)
    (part,) = drawn(asked, NOW)
    assert isinstance(part, PersonalLink)
    over = NOW + INVITATION_LIFE
    said = accepted(slip_message(CLIENT, drawn(asked, over), over))
    assert "Nobody came back from TikTok" in said
    assert "Good until" not in said
