"""Every code that a platform answers with ends in a sentence: what it says about the link, and who has to act."""

import pytest

from bot.views.words import connection, history, trouble
from core.domain.account import Platform
from core.domain.errors import NeedsPerson
from core.domain.verdict import Reason
from core.domain.webhook import NoticeKind
from core.providers.instagram import codes as instagram
from core.providers.tiktok import codes as tiktok
from core.providers.tiktok.webhooks import REASONS
from tests.builders import NOW, a_linked_connection, an_account, an_evidence

MEANT = {
    Platform.TIKTOK: dict(tiktok.CODES),
    Platform.INSTAGRAM: {
        **instagram.CODES,
        **{(-1, subcode): meaning for subcode, meaning in instagram._SEEN.items()},
        ("IGApiException", 100): instagram.UNFIT,
        ("cannot parse access token", 190): instagram.WRONG_HOST,
        ("OAuthException", 400): instagram.EXCHANGE_REFUSED,
    },
}
EVERY = [(platform, code, meaning) for platform, codes in MEANT.items() for code, meaning in codes.items()]
SAID = {
    Platform.TIKTOK: {
        "invalid_grant": Reason.RAN_OUT,
        "access_token_invalid": Reason.REMOVED_AT_PLATFORM,
        "scope_not_authorized": Reason.PERMISSION_WITHDRAWN,
        "scope_permission_missed": Reason.PERMISSION_WITHDRAWN,
        "spam_risk_user_banned_from_posting": Reason.RESTRICTED,
    },
    Platform.INSTAGRAM: {
        (190, None): Reason.REMOVED_AT_PLATFORM,
        (190, 0): Reason.RAN_OUT,
        (190, 458): Reason.REMOVED_AT_PLATFORM,
        (190, 459): Reason.CHECKPOINT,
        (190, 460): Reason.RAN_OUT,
        (190, 463): Reason.RAN_OUT,
        (190, 464): Reason.CHECKPOINT,
        (190, 467): Reason.RAN_OUT,
        (102, None): Reason.RAN_OUT,
        (368, None): Reason.RESTRICTED,
        (4, 2207051): Reason.RESTRICTED,
        (25, 2207050): Reason.RESTRICTED,
        (-1, 2207018): Reason.REMOVED_AT_PLATFORM,
    },
}
"""What an alert says of a link that was refused with a code. All others leave it as it is: they pass, are about the one
request, or are looked into by another read first."""


@pytest.mark.parametrize(("platform", "code", "meaning"), EVERY, ids=str)
def test_says_of_the_link_what_it_proves_and_nothing_else(platform, code, meaning):
    error = meaning.error("code")
    before = a_linked_connection(platform=platform, account=an_account(platform))
    after = before.refused(error.observation, at=NOW, now=NOW) if isinstance(error, NeedsPerson) else before
    assert after.reason is SAID[platform].get(code, Reason.WORKING)
    assert connection.reason(after.reason, platform).endswith(".")


@pytest.mark.parametrize(("platform", "code", "meaning"), EVERY, ids=str)
def test_says_whoever_asked_what_came_of_it(platform, code, meaning):
    said = trouble.trouble(meaning.error("code"), platform)
    assert said.endswith(".")
    assert "{" not in said


def test_each_reason_of_a_removal_is_told_apart():
    removed = [
        an_evidence(
            a_linked_connection(),
            note=NoticeKind.GRANT_REMOVED,
            code=f"authorization.removed:{reason}",
        )
        for reason in REASONS.values()
    ]
    said = [history.what(each, Platform.TIKTOK) for each in removed]
    assert len(set(said)) == len(REASONS)
    assert said[0] == "TikTok said that the app was removed"
