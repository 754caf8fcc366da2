"""The small parts of the kit: journal, mint, windows, switches, codes."""

from datetime import UTC, datetime

import pytest
from multidict import MultiDict

from sandbox.accounts import Account, Grant
from sandbox.asked import AskedError
from sandbox.callbacks import backoff
from sandbox.clock import TurnableClock
from sandbox.journal import KEPT, Entry, Journal
from sandbox.mint import Mint, stable_digits, stable_opaque
from sandbox.oauth import Codes, Permission, bearer, read_decision, returned, twins
from sandbox.switches import Switch, Switches
from sandbox.tokens import Shelf, Token
from sandbox.window import SlidingWindow

PERMISSIONS = [Permission("basic", "Who you are", required=True), Permission("publish", "Post for you")]


def an_entry(operation="a.b"):
    return Entry(datetime.now(UTC), 1.0, "a", operation, "GET", "/x", 200, "ok")


def decided(signed_in="velowerk", **form):
    pairs = [
        (name, one) for name, value in form.items() for one in (value if isinstance(value, list) else [value])
    ]
    return read_decision(MultiDict(pairs), PERMISSIONS, signed_in)


def test_the_journal_forgets_the_oldest_but_counts_all():
    journal = Journal()
    for _ in range(KEPT + 3):
        journal.record(an_entry())
    assert (len(journal.entries()), journal.count) == (KEPT, KEPT + 3)


def test_the_journal_filters_by_operation():
    journal = Journal()
    for operation in ("a.b", "c.d", "a.e"):
        journal.record(an_entry(operation))
    assert [entry.operation for entry in journal.entries("a.")] == ["a.b", "a.e"]
    assert [entry.operation for entry in journal.entries(last=1)] == ["a.e"]


def test_a_minted_part_of_a_path_is_blotted_out():
    mint = Mint()
    secret = mint.secret("hook")
    assert Journal(mint).shown(f"/services/T0/{secret}") == "/services/T0/•••"


def test_the_mint_remembers_secrets_and_only_those():
    mint = Mint()
    minted = [
        mint.slack_bot_token(),
        mint.tiktok_access_token(),
        mint.tiktok_refresh_token(),
        mint.instagram_token(),
    ]
    mint.identifier("U")
    assert mint.minted() == minted
    assert [one[:4] for one in minted] == ["xoxb", "act.", "rft.", "IGAA"]


def test_a_tiktok_code_must_be_decoded():
    assert "*" in Mint().tiktok_code()


def test_stable_ids_survive_a_restart():
    assert stable_digits("a", 17, "17841") == stable_digits("a", 17, "17841")
    assert len(stable_digits("b", 17, "17841")) == 17
    assert len(stable_opaque("a", 40, "-000")) == 40


def test_a_window_slides():
    clock = TurnableClock()
    window = SlidingWindow(clock, limit=2, seconds=60)
    assert [window.admit("a") for _ in range(3)] == [True, True, False]
    assert window.admit("b")
    assert 59 < window.wait("a") <= 60
    clock.advance(60)
    assert window.used("a") == 0
    assert window.wait("a") == 0
    assert window.admit("a")


def test_switches_turn_all_or_none():
    switches = Switches(
        [Switch("a", True, "", ""), Switch("b", "x", "", "", ("x", "y")), Switch("c", 3, "", "")]
    )
    with pytest.raises(AskedError, match="one of x, y"):
        switches.set({"a": False, "b": "z"})
    assert switches.on("a")
    switches.set({"a": False, "b": "y", "c": 4})
    assert (switches.on("a"), switches.text("b"), switches.number("c")) == (False, "y", 4)
    for wrong in ({"a": 1}, {"c": -1}, {"c": "4"}, {"d": 1}):
        with pytest.raises(AskedError):
            switches.set(wrong)


def test_a_code_is_spent_once_and_in_time():
    clock = TurnableClock()
    codes = Codes(clock)
    codes.issue("one", "payload", 60)
    codes.issue("two", "payload", 60)
    assert [codes.spend("one"), codes.spend("one"), codes.spend("three")] == ["payload", None, None]
    clock.advance(61)
    assert codes.spend("two") is None


def test_an_untouched_form_grants_everything():
    assert decided(decision="allow").scopes == ("basic", "publish")


def test_a_person_unticks_what_is_not_required():
    assert decided(decision="allow", scopes=["basic"]).scopes == ("basic",)
    assert decided(decision="allow", scopes=["publish"]).scopes == ("basic", "publish")


def test_who_decides_is_named_or_signed_in():
    assert decided(decision="cancel").handle == "velowerk"
    assert decided(decision="cancel", account="other").handle == "other"


@pytest.mark.parametrize("form", [{}, {"decision": "maybe"}, {"decision": "allow", "scopes": ["more"]}])
def test_a_form_that_the_page_cannot_send_is_refused(form):
    with pytest.raises(AskedError):
        decided(**form)


def test_a_redirect_carries_the_answer():
    assert returned("https://a.example/back", {"code": "x*y", "state": "s&t"}, "_") == (
        "https://a.example/back?code=x%2Ay&state=s%26t#_"
    )


def test_loopback_has_two_names():
    assert twins("http://localhost:1/x") == ("http://127.0.0.1:1/x", "http://localhost:1/x")
    assert twins("https://a.example/x") == ("https://a.example/x",)


def test_a_bearer_is_read_from_its_header():
    assert [bearer(one) for one in ("Bearer x", "bearer x", "Basic x", "")] == ["x", "x", "", ""]


def test_pauses_double_and_stay_in_bounds():
    assert backoff(60, 500) == (60, 120, 240)


def test_a_shelf_forgets_what_died_long_ago():
    clock = TurnableClock()
    shelf, grant = Shelf(clock, remembered=90 * 86_400), Grant(("basic",), clock.now())
    account = Account(handle="velowerk", name="Velo Werk")

    def put(value):
        expires = clock.timestamp() + 60
        return shelf.put(Token(value=value, account=account, grant=grant, scopes=("basic",), expires=expires))

    old = put("old")
    clock.advance(3_600)
    put("dead")
    assert (shelf.find("old"), shelf.alive(grant)) == (old, [shelf.find("dead")])
    clock.advance(91 * 86_400)
    put("new")
    assert [shelf.find(value) is None for value in ("old", "dead", "new")] == [True, True, False]
