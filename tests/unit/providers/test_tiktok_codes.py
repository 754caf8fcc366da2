"""Every code of TikTok's pages has a class of trouble, and says about the sides only what it proves."""

import pytest

from core.domain.delivery import Blame
from core.domain.errors import (
    AccountHeld,
    Final,
    GrantLost,
    NeedsPerson,
    PlatformDown,
    ScopeMissing,
    Throttled,
)
from core.domain.observation import Credential, Grant, Observation, Standing
from core.providers.tiktok.codes import BLAMES, CAPS, CODES, FAIL_REASONS

OAUTH = {
    "access_denied": Final,
    "invalid_client": Final,
    "invalid_grant": GrantLost,
    "invalid_request": Final,
    "invalid_scope": Final,
    "unauthorized_client": Final,
    "unsupported_grant_type": Final,
    "unsupported_response_type": Final,
    "server_error": PlatformDown,
    "temporarily_unavailable": PlatformDown,
}
GENERAL = {
    "access_token_invalid": GrantLost,
    "scope_not_authorized": ScopeMissing,
    "scope_permission_missed": ScopeMissing,
    "invalid_params": Final,
    "invalid_param": Final,
    "invalid_file_upload": Final,
    "rate_limit_exceeded": Throttled,
    "internal_error": PlatformDown,
}
POSTING = {
    "spam_risk_too_many_posts": Throttled,
    "spam_risk_user_banned_from_posting": AccountHeld,
    "spam_risk_too_many_pending_share": Throttled,
    "reached_active_user_cap": Throttled,
    "app_version_check_failed": Final,
    "unaudited_client_can_only_post_to_private_accounts": Final,
    "url_ownership_unverified": Final,
    "privacy_level_option_mismatch": Final,
    "invalid_publish_id": Final,
    "token_not_authorized_for_specified_publish_id": Final,
    "publish_not_cancellable": Final,
}


@pytest.mark.parametrize(("code", "trouble"), (OAUTH | GENERAL | POSTING).items())
def test_every_documented_code_has_its_class(code, trouble):
    assert CODES[code].trouble is trouble
    assert CODES[code].error(code).code == code


def test_the_table_has_no_code_that_no_page_names():
    assert set(CODES) == set(OAUTH | GENERAL | POSTING)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("invalid_grant", Observation(credential=Credential.EXPIRED)),
        ("access_token_invalid", Observation(grant=Grant.WITHDRAWN)),
        ("scope_not_authorized", Observation(grant=Grant.NARROWED)),
        ("spam_risk_user_banned_from_posting", Observation(account=Standing.RESTRICTED)),
    ],
)
def test_a_definitive_code_shows_its_side(code, shown):
    assert CODES[code].error(code).observation == shown


def test_what_needs_no_person_shows_nothing():
    passing = [each for each in CODES.values() if not issubclass(each.trouble, NeedsPerson)]
    assert passing
    assert {each.observation for each in passing} == {None}


def test_a_full_day_is_no_fault_of_the_link():
    assert {CODES[each].trouble for each in CAPS} == {Throttled}


REASONS = {
    "file_format_check_failed": Blame.CONTENT,
    "duration_check_failed": Blame.CONTENT,
    "frame_rate_check_failed": Blame.CONTENT,
    "picture_size_check_failed": Blame.CONTENT,
    "internal": Blame.PLATFORM,
    "video_pull_failed": Blame.PLATFORM,
    "photo_pull_failed": Blame.PLATFORM,
    "publish_cancelled": Blame.PLATFORM,
    "auth_removed": Blame.AUTHORIZATION,
    "spam_risk_too_many_posts": Blame.LIMIT,
    "spam_risk_user_banned_from_posting": Blame.AUTHORIZATION,
    "spam_risk_text": Blame.CONTENT,
    "spam_risk": Blame.CONTENT,
}


def test_every_reason_of_a_failed_post_has_its_blame():
    assert FAIL_REASONS == REASONS


def test_blame_agrees_with_what_is_done_about_a_code():
    done = {Throttled: Blame.LIMIT, GrantLost: Blame.AUTHORIZATION, ScopeMissing: Blame.AUTHORIZATION}
    done |= {AccountHeld: Blame.AUTHORIZATION, PlatformDown: Blame.PLATFORM}
    for code, meaning in CODES.items():
        if meaning.trouble is not Final:
            assert BLAMES.get(code, Blame.PLATFORM) is done[meaning.trouble], code


def test_every_blame_is_about_a_code_that_somebody_says():
    assert set(BLAMES) - {"media_too_short"} <= set(CODES) | set(FAIL_REASONS)
