"""Every code that Instagram documents or was seen to answer, and what it amounts to.

Pages: graph-api/guides/error-handling, instagram-graph-api/reference/error-codes; the rest is from the reports
that the comments name.
"""

import re
from collections.abc import Mapping

from core.domain.delivery import Blame
from core.domain.errors import (
    AccountHeld,
    AccountUnfit,
    Final,
    GrantLost,
    PlatformDown,
    ScopeMissing,
    Throttled,
)
from core.domain.observation import Credential, Grant, Observation, Standing
from core.providers.meaning import Meaning

Code = tuple[int, int | None]
"""Code and subcode; None stands for "no subcode, or one that has no row of its own"."""

RAN_OUT = Observation(credential=Credential.EXPIRED)
WITHDRAWN = Observation(grant=Grant.WITHDRAWN)
CHECKPOINT = Observation(account=Standing.CHECKPOINT)
RESTRICTED = Observation(account=Standing.RESTRICTED)

_TOKEN: dict[Code, Meaning] = {
    # For a token that has not run out; see `Instagram.prove` for one that has.
    (190, None): Meaning(GrantLost, WITHDRAWN),
    (190, 0): Meaning(GrantLost, RAN_OUT),  # session invalidated: a new password, seen in August 2026
    (190, 458): Meaning(GrantLost, WITHDRAWN),
    (190, 459): Meaning(AccountHeld, CHECKPOINT),
    (190, 460): Meaning(GrantLost, RAN_OUT),
    (190, 463): Meaning(GrantLost, RAN_OUT),
    (190, 464): Meaning(AccountHeld, CHECKPOINT),
    (190, 467): Meaning(GrantLost, RAN_OUT),
    (190, 492): Meaning(ScopeMissing),  # a lost role on a Page: not the token's fault
    (102, None): Meaning(GrantLost, RAN_OUT),
}

PERMISSION = Meaning(ScopeMissing)
"""Without an observation: a candidate, to be confirmed by a read that does not need the permission."""

_GENERAL: dict[Code, Meaning] = {
    (10, None): PERMISSION,
    (100, None): Meaning(Final),
    # False for weeks from 2026-05-23 on (postiz-app issue 1562): never proof of anything.
    (100, 33): Meaning(PlatformDown),
    (1, None): Meaning(PlatformDown),
    (2, None): Meaning(PlatformDown),
    (4, None): Meaning(Throttled),
    (17, None): Meaning(Throttled),
    (32, None): Meaning(Throttled),
    (341, None): Meaning(Throttled),
    (613, None): Meaning(Throttled),
    (80002, None): Meaning(Throttled),
    (368, None): Meaning(AccountHeld, RESTRICTED),
    (506, None): Meaning(Final),
}

_PUBLISHING: dict[Code, Meaning] = {
    (-2, 2207003): Meaning(PlatformDown),
    (-2, 2207020): Meaning(Final),
    (-1, 2207001): Meaning(PlatformDown),
    (-1, 2207032): Meaning(PlatformDown),
    (-1, 2207053): Meaning(Final),
    (1, 2207057): Meaning(Final),
    (4, 2207051): Meaning(AccountHeld, RESTRICTED),
    (9, 2207042): Meaning(Throttled),
    (24, 2207006): Meaning(Final),
    (24, 2207008): Meaning(PlatformDown),
    (25, 2207050): Meaning(AccountHeld, RESTRICTED),
    (100, 2207023): Meaning(Final),
    (100, 2207028): Meaning(Final),
    (100, 2207035): Meaning(Final),
    (100, 2207036): Meaning(Final),
    (100, 2207037): Meaning(Final),
    (100, 2207040): Meaning(Final),
    (352, 2207026): Meaning(Final),
    (9004, 2207052): Meaning(PlatformDown),  # also for good addresses (postiz-app PR 1900)
    (9007, 2207027): Meaning(PlatformDown),
    (36000, 2207004): Meaning(Final),
    (36001, 2207005): Meaning(Final),
    (36003, 2207009): Meaning(Final),
    (36004, 2207010): Meaning(Final),
}

_SEEN: dict[int, Meaning] = {
    # Not documented; which code comes with them differs (postiz-app PR 1992, 2033 and its sources).
    2207018: Meaning(GrantLost, WITHDRAWN),
    2207076: Meaning(PlatformDown),
    2207077: Meaning(PlatformDown),
    2207081: Meaning(Final),
    2207082: Meaning(Final),
    2207085: Meaning(PlatformDown),
}
"""By subcode alone."""

UNKNOWN_NODE = "100/33"

CODES: Mapping[Code, Meaning] = _TOKEN | _GENERAL | _PUBLISHING

UNFIT = Meaning(AccountUnfit)
"""IGApiException 100: the endpoint does not exist for this account, which is not a professional one."""
WRONG_HOST = Meaning(Final)
"""190 "Cannot parse access token": another host's token or a damaged one, our mistake and never a revocation."""
EXCHANGE_REFUSED = Meaning(Final)
"""OAuthException of the code exchange: a used or unknown code, a wrong app id, a wrong redirect."""

_PERMISSIONS = range(200, 300)


def meaning(code: int, subcode: int | None, kind: str, message: str) -> Meaning | None:
    """Return what an error of the Graph amounts to, None for one that no table has.

    Messages are localised and not looked at, but for the one that no code tells apart.
    """
    if code == 100 and subcode is None and kind == "IGApiException":  # noqa: PLR2004 - Meta's code
        return UNFIT
    if code == 190 and "cannot parse access token" in message.casefold():  # noqa: PLR2004 - Meta's code
        return WRONG_HOST
    if code in _PERMISSIONS:
        return PERMISSION
    return CODES.get((code, subcode)) or _SEEN.get(subcode or 0) or CODES.get((code, None))


MAY_BE_LIVE = frozenset({"4", "4/2207051", "24/2207006", "-2/2207020", "-1/2207053"})
"""Refusals of media_publish after which a post was seen live all the same, or that a container which is live
already may answer: beside all that PlatformDown covers."""

_SUBCODES: Mapping[int, int] = {subcode: code for code, subcode in _PUBLISHING if subcode is not None}
_BLAMES: Mapping[Blame, frozenset[int]] = {
    Blame.CONTENT: frozenset(
        {100, 506, 2207004, 2207005, 2207009, 2207010, 2207023, 2207026, 2207028, 2207035, 2207036, 2207037}
        | {2207040, 2207057, 2207081, 2207082}
    ),
    Blame.LIMIT: frozenset({4, 9, 17, 32, 341, 613, 80002, 2207042}),
    Blame.AUTHORIZATION: frozenset({10, 25, 102, 190, 368, 2207018, 2207050, 2207051} | set(_PERMISSIONS)),
}
"""Whose matter a subcode is, or a code where the subcode has no row; all others are the platform's."""
_NAME = re.compile(r"(?P<code>-?[0-9]{1,9})(?:/(?P<subcode>[0-9]{1,9}))?")
_IN_STATUS = re.compile(r"\b22[0-9]{5}\b")


def blame(code: str) -> Blame:
    """Return whose matter a code like "352/2207026" is, or a subcode alone."""
    if code == UNKNOWN_NODE or not (found := _NAME.fullmatch(code)):
        return Blame.PLATFORM
    number, subcode = int(found["code"]), int(found["subcode"] or 0)
    known = subcode if subcode in _SUBCODES or subcode in _SEEN else number
    return next((each for each, codes in _BLAMES.items() if known in codes), Blame.PLATFORM)


def named_in(status: str) -> str:
    """Return the code in the words of a container that failed, "container_error" where there is none."""
    found = _IN_STATUS.search(status)
    if found is None:
        return "container_error"
    code = _SUBCODES.get(int(found[0]))
    return found[0] if code is None else f"{code}/{found[0]}"
