"""What changed around a request: a question, named so that its answer is no answer to another one."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.domain.account import Platform
from core.domain.composing import Flaw
from core.domain.limits import Severity
from core.domain.post import Form, Noted, PostStep, Remark, Sender
from core.domain.preflight import Finding
from core.domain.recheck import Recheck, changes
from tests.builders import NOW, a_client, a_post

CLIENT = a_client(id="cl_bakery")
SENDER = Sender(platform=Platform.TIKTOK, connection_id="cn", account_id="1", handle="bakery")


def remark(code="video.side.min", severity=Severity.WARN, **changes):
    finding = Finding(code=code, severity=severity, where="video", measured="360 px", allowed="720 px")
    return Remark(form=Form.TIKTOK_VIDEO, finding=replace(finding, **changes))


NOTED = Noted(at=NOW, senders=(SENDER,), remarks=(remark(),))
POST = a_post(CLIENT, id="po_1", step=PostStep.REQUESTED, noted=NOTED)


def asked(flaws=(), remarks=NOTED.remarks, sender=SENDER):
    found = changes(POST, flaws, remarks, {Platform.TIKTOK: sender})
    return Recheck(post=POST, client=CLIENT, changes=found)


def test_nothing_changed_is_no_question():
    assert asked().changes == ()
    assert asked(remarks=()).changes == ()


def test_what_was_measured_differently_is_no_other_finding():
    assert asked(remarks=(remark(measured="361 px"),)).changes == ()


def test_a_warning_that_blocks_now_is_new():
    found = asked(remarks=(remark(severity=Severity.BLOCK),))
    assert (found.changes[0].code, found.blocks) == ("finding_new", True)


def test_what_only_asks_is_asked_when_composing():
    assert asked(remarks=(remark("audio.rights", Severity.QUESTION),)).changes == ()


def test_another_account_is_asked_about_but_may_be_meant():
    found = asked(sender=replace(SENDER, account_id="2", handle="fanpage"))
    assert [(each.code, each.blocks) for each in found.changes] == [("account_swapped", False)]
    assert asked(sender=replace(SENDER, handle="renamed")).changes == ()


def test_without_a_note_every_finding_is_new():
    bare = replace(POST, noted=None)
    assert len(changes(bare, (), (remark(),), {})) == 1


flaws = st.lists(
    st.builds(
        Flaw,
        code=st.sampled_from(["time_past", "creator_unknown", "account_blocked", "media_gone"]),
        platform=st.sampled_from([None, *Platform]),
        facts=st.dictionaries(st.sampled_from(["block", "name"]), st.text(max_size=3), max_size=1),
    ),
    max_size=4,
    unique_by=lambda each: (each.code, each.platform, str(each.facts)),
)


@given(flaws, flaws)
def test_a_question_is_known_by_what_it_asks(one, other):
    def told(found):
        return sorted((each.code, each.platform or "", sorted(each.facts.items())) for each in found)

    assert (asked(one).name == asked(other).name) == (told(one) == told(other))
    assert asked(one).name == asked(tuple(reversed(one))).name


@given(flaws)
def test_only_what_passes_by_itself_can_be_approved_anyway(found):
    assert asked(found).blocks == bool({"account_blocked", "media_gone"} & {each.code for each in found})
