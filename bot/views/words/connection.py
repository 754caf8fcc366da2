"""Why a connection or a pair is as it is, what that blocks, and what to do about it."""

from collections.abc import Mapping

from bot.views.words.names import PLATFORM, other
from core.domain.account import Platform
from core.domain.diagnosis import NextStep
from core.domain.link import LinkReason, LinkVerdict
from core.domain.verdict import Block, Reason

REASON: Mapping[Reason, str] = {
    Reason.NEVER_LINKED: "Nobody has linked {platform} yet.",
    Reason.WORKING: "{platform} confirmed it, and everything works.",
    Reason.RUNS_OUT: "It still works, but the access ends soon and only a person can renew it.",
    Reason.PROOF_DUE: "{platform} hasn't confirmed it lately. We keep asking; nothing for you to do yet.",
    Reason.UNPROVED: (
        "{platform} hasn't confirmed it for days, so nobody can say that it still works. We keep asking."
    ),
    Reason.RAN_OUT: "The access ran out, and {platform} no longer renews it.",
    Reason.REMOVED_AT_PLATFORM: (
        "{platform} no longer lets us in: Crosslink was removed in the account's settings there, or {platform} "
        "ended our access. Here the account is still linked, but nothing can be done with it."
    ),
    Reason.PERMISSION_WITHDRAWN: (
        "On {platform} a permission is switched off that this client needs. The rest is linked, there and here."
    ),
    Reason.NOT_PROFESSIONAL: (
        "The account was made a personal one, and {platform} lets apps use professional ones only, so it ended our "
        "access. Here the account is still linked, but nothing can be done with it."
    ),
    Reason.OTHER_ACCOUNT_ANSWERS: (
        "{platform} answers us as another account than the one that is linked here, so we send nothing."
    ),
    Reason.CHECKPOINT: "{platform} wants the owner of the account to confirm something first.",
    Reason.RESTRICTED: "{platform} has restricted this account.",
    Reason.PROFILE_LINK_HIDDEN: (
        "The account is still linked, on {platform} and here, but the {platform} profile no longer shows the link: "
        "visitors can't see it."
    ),
    Reason.WE_LET_GO: "We no longer have access, but {platform} still lists Crosslink among the account's apps.",
    Reason.UNLINK_UNPROVED: (
        "Here it is unlinked and nothing goes out any more, but {platform} still lists Crosslink among the account's "
        "apps."
    ),
    Reason.UNLINK_PROVED: "Unlinked, and {platform} confirmed it.",
    Reason.GONE_BOTH_SIDES: "It is gone on both sides.",
    Reason.ENDED: "Unlinked, and our copy of the access is erased.",
}

BLOCK: Mapping[Block, str] = {
    Block.NOT_LINKED: "not linked",
    Block.CREDENTIALS_GONE: "access ran out",
    Block.GRANT_GONE: "app removed at {platform}",
    Block.NOT_GRANTED: "not allowed at {platform}",
    Block.WRONG_ACCOUNT: "another account answers",
    Block.ACCOUNT_HELD: "{platform} holds the account back",
    Block.UNLINKING: "being unlinked",
}

STEP: Mapping[NextStep, str] = {
    NextStep.NOTHING: "Nothing to do.",
    NextStep.LINK: "Link {platform}: it takes two minutes and the account's password.",
    NextStep.RELINK: "Relink {platform} with the same account. Scheduled posts stay.",
    NextStep.RELINK_WITH_ALL_PERMISSIONS: "Relink {platform} and leave every switch on its page on.",
    NextStep.MAKE_PROFESSIONAL: (
        "In the Instagram app open Settings and privacy → Account type and tools → Switch to professional "
        "account. It is free. Then try again."
    ),
    NextStep.OPEN_THE_APP: "Open the {platform} app as the account's owner, do what it asks, then check again.",
    NextStep.SHOW_PROFILE_LINK: "In the {platform} app open Edit profile, show the link again, then check again.",
    NextStep.PROVE: (
        "Press Check Now. If {platform} still doesn't confirm it, relink with the same account: that proves it anew."
    ),
    NextStep.FINISH_UNLINK: "Remove Crosslink in {platform}'s settings, then press Finish Unlink.",
    NextStep.WAIT: "Nothing to do: we look again by ourselves.",
}

BUTTON: Mapping[NextStep, str] = {
    NextStep.NOTHING: "Check Now",
    NextStep.LINK: "Link {platform}",
    NextStep.RELINK: "Relink {platform}",
    NextStep.RELINK_WITH_ALL_PERMISSIONS: "Relink {platform}",
    NextStep.MAKE_PROFESSIONAL: "Link {platform}",
    NextStep.OPEN_THE_APP: "Check Now",
    NextStep.SHOW_PROFILE_LINK: "Check Now",
    NextStep.PROVE: "Check Now",
    NextStep.FINISH_UNLINK: "Finish Unlink",
    NextStep.WAIT: "Check Now",
}

_PAIR: Mapping[LinkReason, str] = {
    LinkReason.BOTH_WORK: "Both accounts are linked and work.",
    LinkReason.ONE_RUNS_OUT: "{one} may need attention soon.",
    LinkReason.ONE_MISSING: "{one} is still to be linked.",
    LinkReason.BOTH_MISSING: "Neither account is linked yet.",
    LinkReason.ONE_BROKEN: "{one} can't do its job.",
    LinkReason.BOTH_BROKEN: "Neither account can do its job.",
    LinkReason.ONE_UNLINKED: "{one} is unlinked, but {other} is still linked.",
    LinkReason.BOTH_UNLINKED: "Both accounts are unlinked.",
}
_BOTH_RUN_OUT = "Both may need attention soon."


def reason(code: Reason, platform: Platform) -> str:
    """Why a connection is in its state."""
    return REASON[code].format(platform=PLATFORM[platform])


def block(code: Block, platform: Platform) -> str:
    """Why a capability is not there, in a few words."""
    return BLOCK[code].format(platform=PLATFORM[platform])


def step(code: NextStep, platform: Platform) -> str:
    """What to do now."""
    return STEP[code].format(platform=PLATFORM[platform])


def button(code: NextStep, platform: Platform) -> str:
    """The label of the one useful button."""
    return BUTTON[code].format(platform=PLATFORM[platform])


def pair(link: LinkVerdict) -> str:
    """Why the pair is in its state."""
    if link.platform is None:
        both = link.reason is LinkReason.ONE_RUNS_OUT
        return _BOTH_RUN_OUT if both else _PAIR[link.reason].format(one="One account", other="the other")
    return _PAIR[link.reason].format(one=PLATFORM[link.platform], other=PLATFORM[other(link.platform)])
