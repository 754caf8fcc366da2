"""Deliveries in words: how far a post is on its way to a platform, what holds it up, and what to do. Plain text."""

from collections.abc import Mapping

from bot.views.words.connection import block
from bot.views.words.finding import TITLE
from bot.views.words.names import PLATFORM
from core.domain.account import Platform
from core.domain.delivery import Audience, Blame, Delivery, DeliveryStep, Obstacle
from core.domain.verdict import Block

MARK: Mapping[DeliveryStep, str] = {
    DeliveryStep.QUEUED: "🕓",
    DeliveryStep.PREPARED: "📤",
    DeliveryStep.UPLOADED: "📤",
    DeliveryStep.ASKED: "⏳",
    DeliveryStep.PUBLISHED: "✅",
    DeliveryStep.REFUSED: "🔴",
    DeliveryStep.UNCERTAIN: "❓",
    DeliveryStep.CANCELLED: "⚪",
    DeliveryStep.MISSED: "🟡",
}

STEP: Mapping[DeliveryStep, str] = {
    DeliveryStep.QUEUED: "queued",
    DeliveryStep.PREPARED: "uploading",
    DeliveryStep.UPLOADED: "uploaded, not posted yet",
    DeliveryStep.ASKED: "posted; {platform} is processing it, which takes a few minutes",
    DeliveryStep.PUBLISHED: "published",
    DeliveryStep.REFUSED: "did not go out",
    DeliveryStep.UNCERTAIN: "we can't tell whether it went out",
    DeliveryStep.CANCELLED: "cancelled, nothing went out",
    DeliveryStep.MISSED: "missed its time, nothing went out",
}

AUDIENCE: Mapping[Audience, str] = {
    Audience.NOBODY: "published; the link follows",
    Audience.PENDING: "taken by {platform}, which still checks it before others see it",
    Audience.PUBLIC: "public",
    Audience.PRIVATE: "published, to be seen by its own account only",
    Audience.INBOX: "in the account's inbox: its owner finishes it in the {platform} app",
}
"""What PUBLISHED means, by who can see it."""

BLAME: Mapping[Blame, str] = {
    Blame.AUTHORIZATION: "The link to {platform} doesn't let it through.",
    Blame.CONTENT: "{platform} doesn't take this content.",
    Blame.LIMIT: "The account has reached a limit of {platform}'s.",
    Blame.PLATFORM: "{platform} has trouble on its side.",
}

OBSTACLE: Mapping[str, str] = {
    "account_swapped": "Another account is linked to {platform} now than the one this was approved for.",
    "pace": "{platform} takes only so many at once.",
    **dict.fromkeys(
        ("rate_limit_exceeded", "http_429", "4", "17", "32", "341", "613", "80002"),
        "{platform} asks us to wait before it takes more.",
    ),
    "quota": "The account has no posts left at {platform} for now.",
    "media_gone": "Its file is no longer kept here.",
    "unexpected": "{platform} answered with something we don't know.",
    "processing_too_long": "{platform} has been processing it for far too long.",
    "look_unanswered": "{platform} doesn't say what became of it.",
    "not_published": "Somebody looked, and it isn't there.",
    "gone": "{platform} lost it several times on the way.",
    "absent": "{platform} never took it, although we asked several times.",
    "spam_risk_too_many_posts": "The account has posted too often at {platform} today.",
    "spam_risk_user_banned_from_posting": "{platform} doesn't let this account post.",
    "spam_risk_too_many_pending_share": "Too many drafts wait in the account's {platform} inbox.",
    "spam_risk_text": "{platform} takes the caption for spam.",
    "auth_removed": "The app was removed at {platform} while the post was on its way.",
    "video_pull_failed": "{platform} couldn't fetch the video from us.",
    "photo_pull_failed": "{platform} couldn't fetch the photos from us.",
    "publish_cancelled": "{platform} says that it was cancelled there.",
    "ticket_gone": "{platform} lost the upload on the way.",
    "media_elsewhere": "Its file isn't on this server at the moment; it goes on as soon as it is.",
    "spam_risk": "{platform} takes it for spam.",
    "privacy_level_option_mismatch": "The chosen audience is no longer offered for this account.",
    "file_format_check_failed": "{platform} can't read this file format.",
    "duration_check_failed": "{platform} doesn't take a film of this length.",
    "frame_rate_check_failed": "{platform} doesn't take this frame rate.",
    "picture_size_check_failed": "{platform} doesn't take a picture of this size.",
    "9/2207042": "The account has no posts left at {platform} for now.",
    "352/2207026": "{platform} can't read this film.",
    "36000/2207004": "The picture is too large for {platform}.",
    "36001/2207005": "{platform} can't read this picture format.",
    "36003/2207009": "{platform} doesn't take a picture of this shape.",
    "36004/2207010": "The caption is too long for {platform}.",
    "4/2207051": "{platform} holds the account back to protect its community.",
    "25/2207050": "{platform} restricted the account.",
}
"""By our own codes and those of the platforms that people can do something about."""

SWAPPED = "account_swapped"
"""The code of a delivery whose account is another by now: what was approved doesn't go out as somebody else."""

HELD = frozenset({Block.ACCOUNT_HELD, "spam_risk_user_banned_from_posting", "4/2207051", "25/2207050"})
"""What only the account's owner can end, at the platform: linking it anew changes nothing."""

HELP: Mapping[Blame, str] = {
    Blame.AUTHORIZATION: "Relink it, and it goes on by itself.",
    Blame.CONTENT: "Edit the post, or fix its file, and ask for approval again.",
    Blame.LIMIT: "Try again later.",
    Blame.PLATFORM: "Try again.",
}

_ONCE_MORE = {Blame.AUTHORIZATION: "Relink it, then try again."}
"""Where nothing goes on by itself any more."""
_ANOTHER = "Ask for a new approval: then it goes out as the account that is linked now."
_GOES_ON = "It goes on by itself once there is room."
_TRIED_AGAIN = "It is tried again by itself."
DOUBTED = "sent, but it isn't certain that {platform} took it: we look until it is"
UNSEEN = "sent, but we can't see what became of it"
_HELD = "The account's owner opens the {platform} app and does what it asks; then it goes on by itself."
UNCERTAIN_HELP = (
    "Look at the account: is it there? Your answer settles it: then it neither goes out twice nor is lost."
)
ALERTED = "The link has its own alert in {channel}, which says who repairs it."
MISSED_HELP = "Shall it go out now, or not at all?"


def mark(delivery: Delivery) -> str:
    """Return the sign of how far a delivery is: done is what others can see."""
    is_checked = delivery.step is DeliveryStep.PUBLISHED and delivery.audience is Audience.PENDING
    return MARK[DeliveryStep.ASKED if is_checked else delivery.step]


def progress(delivery: Delivery) -> str:
    """Return how far a delivery is, in a few words."""
    platform = PLATFORM[delivery.platform]
    if delivery.step is DeliveryStep.PUBLISHED:
        return AUDIENCE[delivery.audience].format(platform=platform)
    if delivery.step is DeliveryStep.PREPARED and delivery.ticket.total:
        return f"{STEP[delivery.step]}, {delivery.progress:.0%}"
    if delivery.step is DeliveryStep.ASKED and delivery.obstacle is not None:
        return UNSEEN if delivery.waits else DOUBTED.format(platform=platform)
    return STEP[delivery.step].format(platform=platform)


def remedy(found: Obstacle, platform: Platform, *, is_over: bool = False) -> str:
    """Return what a person can do about an obstacle. `is_over`: it ended the delivery."""
    if found.code == SWAPPED:
        return _ANOTHER
    if is_over and found.blame in _ONCE_MORE:
        return _ONCE_MORE[found.blame]
    if found.blame is Blame.LIMIT and not is_over:
        return _GOES_ON
    if found.blame is Blame.PLATFORM and not is_over:
        return _TRIED_AGAIN
    if found.code in HELD:
        return _HELD.format(platform=PLATFORM[platform])
    return HELP[found.blame]


def obstacle(found: Obstacle, platform: Platform) -> str:
    """Return what holds a delivery up or ended it, in a sentence or two."""
    name = PLATFORM[platform]
    if found.code in OBSTACLE:
        return OBSTACLE[found.code].format(platform=name)
    general = BLAME[found.blame].format(platform=name)
    if found.code in set(Block):
        return f"{general[:-1]}: {block(Block(found.code), platform)}."
    if found.code in TITLE:
        return f"{general[:-1]}: {TITLE[found.code].lower()}."
    return general
