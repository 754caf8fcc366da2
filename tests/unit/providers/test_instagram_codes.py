"""Every code of Meta's pages and of the field has a class of trouble; ambiguous ones show nothing."""

import pytest

from core.domain.delivery import Blame
from core.domain.errors import (
    AccountHeld,
    AccountUnfit,
    Final,
    GrantLost,
    NeedsPerson,
    Passing,
    PlatformDown,
    ScopeMissing,
    Throttled,
)
from core.domain.observation import Credential, Grant, Standing
from core.providers.instagram.codes import CODES, MAY_BE_LIVE, blame, meaning, named_in

GRAPH = {
    (190, None): GrantLost,
    (190, 0): GrantLost,
    (190, 458): GrantLost,
    (190, 459): AccountHeld,
    (190, 460): GrantLost,
    (190, 463): GrantLost,
    (190, 464): AccountHeld,
    (190, 467): GrantLost,
    (190, 492): ScopeMissing,
    (102, None): GrantLost,
    (10, None): ScopeMissing,
    (200, None): ScopeMissing,
    (250, 7): ScopeMissing,
    (299, None): ScopeMissing,
    (100, 33): PlatformDown,
    (100, None): Final,
    (1, None): PlatformDown,
    (2, None): PlatformDown,
    (4, None): Throttled,
    (17, None): Throttled,
    (341, None): Throttled,
    (32, None): Throttled,
    (613, None): Throttled,
    (80002, None): Throttled,
    (368, None): AccountHeld,
    (506, None): Final,
}
PUBLISHING = {
    (-2, 2207003): PlatformDown,
    (-2, 2207020): Final,
    (-1, 2207001): PlatformDown,
    (-1, 2207032): PlatformDown,
    (-1, 2207053): Final,
    (1, 2207057): Final,
    (4, 2207051): AccountHeld,
    (9, 2207042): Throttled,
    (24, 2207006): Final,
    (24, 2207008): PlatformDown,
    (25, 2207050): AccountHeld,
    (100, 2207023): Final,
    (100, 2207028): Final,
    (100, 2207035): Final,
    (100, 2207036): Final,
    (100, 2207037): Final,
    (100, 2207040): Final,
    (352, 2207026): Final,
    (9004, 2207052): PlatformDown,
    (9007, 2207027): PlatformDown,
    (36000, 2207004): Final,
    (36001, 2207005): Final,
    (36003, 2207009): Final,
    (36004, 2207010): Final,
}


def means(code, subcode=None, kind="OAuthException", message=""):
    return meaning(code, subcode, kind, message)


@pytest.mark.parametrize(("code", "trouble"), (GRAPH | PUBLISHING).items())
def test_every_documented_code_has_its_class(code, trouble):
    assert means(*code).trouble is trouble


def test_the_table_has_no_code_that_no_page_names():
    assert set(CODES) <= set(GRAPH | PUBLISHING)


@pytest.mark.parametrize(
    ("code", "side", "value"),
    [
        ((190, None), "grant", Grant.WITHDRAWN),
        ((190, 458), "grant", Grant.WITHDRAWN),
        ((190, 0), "credential", Credential.EXPIRED),
        ((190, 460), "credential", Credential.EXPIRED),
        ((190, 463), "credential", Credential.EXPIRED),
        ((190, 467), "credential", Credential.EXPIRED),
        ((102, None), "credential", Credential.EXPIRED),
        ((190, 459), "account", Standing.CHECKPOINT),
        ((190, 464), "account", Standing.CHECKPOINT),
        ((25, 2207050), "account", Standing.RESTRICTED),
        ((368, None), "account", Standing.RESTRICTED),
    ],
)
def test_a_definitive_code_shows_its_side(code, side, value):
    assert getattr(means(*code).error("x").observation, side) is value


@pytest.mark.parametrize("code", [(100, 33), (1, None), (2, None), (4, None), (17, None), (341, None)])
def test_ambiguous_codes_pass(code):
    assert issubclass(means(*code).trouble, Passing)


@pytest.mark.parametrize("code", [10, 200, 299])
def test_a_permission_code_alone_shows_nothing(code):
    assert not means(code).error("x").observation


def test_a_token_of_another_host_is_our_mistake():
    found = means(190, message="Invalid OAuth access token - Cannot parse access token")
    assert found.trouble is Final


def test_an_account_without_the_endpoint_is_not_professional():
    assert means(100, kind="IGApiException").trouble is AccountUnfit


def test_a_false_100_33_stays_ambiguous_in_every_dress():
    assert means(100, 33, kind="IGApiException").trouble is PlatformDown


def test_an_unknown_subcode_means_what_its_code_means():
    assert means(190, 4711) == means(190)


def test_an_unknown_code_has_no_meaning():
    assert means(4711) is None


def test_what_needs_no_person_shows_nothing():
    passing = [each for each in CODES.values() if not issubclass(each.trouble, NeedsPerson)]
    assert {each.observation for each in passing} == {None}


SEEN = {
    2207018: GrantLost,
    2207076: PlatformDown,
    2207077: PlatformDown,
    2207081: Final,
    2207082: Final,
    2207085: PlatformDown,
}


@pytest.mark.parametrize("code", [-1, 1, 100, 352])
@pytest.mark.parametrize(("subcode", "trouble"), SEEN.items())
def test_a_subcode_from_the_field_counts_whatever_its_code(code, subcode, trouble):
    assert means(code, subcode).trouble is trouble


@pytest.mark.parametrize(
    ("trouble", "due"),
    [
        (Throttled, {Blame.LIMIT}),
        (GrantLost, {Blame.AUTHORIZATION}),
        (ScopeMissing, {Blame.AUTHORIZATION}),
        (AccountHeld, {Blame.AUTHORIZATION}),
        (PlatformDown, {Blame.PLATFORM}),
        (Final, {Blame.CONTENT, Blame.PLATFORM}),
    ],
)
def test_blame_agrees_with_what_is_done_about_a_code(trouble, due):
    every = {**GRAPH, **PUBLISHING, **{(-1, subcode): each for subcode, each in SEEN.items()}}
    names = [_name(*code) for code, each in every.items() if each is trouble]
    assert {blame(name) for name in names} == due


@pytest.mark.parametrize("code", [code for code in PUBLISHING if PUBLISHING[code] is Final])
def test_of_what_never_works_a_new_container_helps_only_some(code):
    anew = {2207006, 2207020, 2207053}
    assert (blame(_name(*code)) is Blame.PLATFORM) == (code[1] in anew)


@pytest.mark.parametrize("code", [*PUBLISHING, *((None, each) for each in SEEN)])
def test_a_failed_container_names_its_code_in_words(code):
    status = f"Error: Media upload has failed with error code {code[1]}"
    assert named_in(status) == (str(code[1]) if code[0] is None else _name(*code))
    assert blame(str(code[1])) is blame(named_in(status))


@pytest.mark.parametrize("status", ["", "Error", "Error: 12345678901", "error code 220702"])
def test_words_without_a_code_are_the_platforms_matter(status):
    assert named_in(status) == "container_error"
    assert blame(named_in(status)) is Blame.PLATFORM


def test_what_may_be_live_all_the_same_is_in_the_table():
    assert set(map(_name_of, MAY_BE_LIVE)) <= set(CODES)


def _name(code, subcode):
    return f"{code}" if subcode is None else f"{code}/{subcode}"


def _name_of(name):
    code, _, subcode = name.partition("/")
    return int(code), int(subcode) if subcode else None
