"""Posts in words: how far a request has come, where a post goes, who sees it, and what it still lacks. Plain text."""

from collections.abc import Mapping

from bot.ids import PostState
from bot.views.words.connection import block
from bot.views.words.names import PLATFORM
from core.domain.account import Platform
from core.domain.composing import Flaw
from core.domain.post import DecisionKind, Form, InstagramOptions, PostStep, Target, TikTokOptions
from core.domain.verdict import Block

MARK: Mapping[PostStep, str] = {
    PostStep.DRAFT: "📝",
    PostStep.REQUESTED: "🕓",
    PostStep.CHANGES_REQUESTED: "✏️",
    PostStep.APPROVED: "✅",
    PostStep.REJECTED: "⛔",
    PostStep.EXPIRED: "⌛",
    PostStep.WITHDRAWN: "⚪",
}

STEP: Mapping[PostStep, str] = {
    PostStep.DRAFT: "Draft",
    PostStep.REQUESTED: "Waiting for approval",
    PostStep.CHANGES_REQUESTED: "Changes requested",
    PostStep.APPROVED: "Approved",
    PostStep.REJECTED: "Rejected",
    PostStep.EXPIRED: "Expired",
    PostStep.WITHDRAWN: "Withdrawn",
}

HEADLINE: Mapping[PostStep, str] = {
    PostStep.DRAFT: "A post for {client} is a draft.",
    PostStep.REQUESTED: "{by} asks for approval of a post for {client}.",
    PostStep.CHANGES_REQUESTED: "A post for {client} needs changes.",
    PostStep.APPROVED: "A post for {client} is approved.",
    PostStep.REJECTED: "A post for {client} was rejected.",
    PostStep.EXPIRED: "A post for {client} expired: nobody decided in time, so nothing goes out.",
    PostStep.WITHDRAWN: "A post for {client} was withdrawn, so nothing more goes out.",
}

WITHDRAW = (
    "Withdraw the request for {client}? Nobody can approve it then. “Make Another Like It” begins anew."
)
WITHDRAW_APPROVED = "Withdraw the post for {client}? It is approved: what waits to go out is cancelled."
"""What is asked before a request is called back. Slack text."""

DECISION: Mapping[DecisionKind, str] = {
    DecisionKind.APPROVED: "Approved by {by}",
    DecisionKind.CHANGES_REQUESTED: "Changes requested by {by}",
    DecisionKind.REJECTED: "Rejected by {by}",
}

STATE: Mapping[PostState, str] = {
    PostState.DRAFTS: "My drafts",
    PostState.WAITING: "Waiting for approval",
    PostState.GOING_OUT: "Going out",
    PostState.PUBLISHED: "Published",
    PostState.NEEDS_SOMEBODY: "Needs somebody",
    PostState.OVER: "Rejected, expired, withdrawn",
}

FORM: Mapping[Form, str] = {
    Form.TIKTOK_VIDEO: "TikTok video",
    Form.TIKTOK_PHOTO: "TikTok photos",
    Form.REEL: "Instagram Reel",
    Form.STORY: "Instagram Story",
    Form.IMAGE: "Instagram picture",
    Form.CAROUSEL: "Instagram carousel",
}

PRIVACY: Mapping[str, str] = {
    "PUBLIC_TO_EVERYONE": "Everyone",
    "MUTUAL_FOLLOW_FRIENDS": "Friends (followers you follow back)",
    "FOLLOWER_OF_CREATOR": "Followers",
    "SELF_ONLY": "Only me",
}
"""TikTok's audiences, as its own app calls them."""

FLAW: Mapping[str, str] = {
    "media_missing": "Choose a video or pictures first.",
    "media_gone": "“{name}” is no longer kept here. Choose it again.",
    "targets_missing": "Choose where it goes: TikTok, Instagram, or both.",
    "target_twice": "A post goes to each platform once. Choose one form for each.",
    "account_missing": "{platform} isn't linked yet. Link it with /crosslink link, or leave it out.",
    "account_blocked": "{platform} can't take posts now: {block}. {help}",
    "media_unfit": "These files can't become {form}. Choose another form, or other files.",
    "privacy_missing": "Choose who can see it on TikTok.",
    "privacy_not_offered": "TikTok no longer offers “{chosen}” for this account. Choose who can see it.",
    "disclosure_empty": (
        "You need to indicate if your content promotes yourself, a third party, or both. Choose at least one."
    ),
    "branded_private": (
        "Branded content visibility cannot be set to private. Choose another audience, or leave branded content out."
    ),
    "consent_missing": "Agree to TikTok's line above, or leave TikTok out.",
    "comment_off": "The account switched comments off at TikTok, so they can't be allowed here.",
    "duet_off": "The account switched Duet off at TikTok, so it can't be allowed here.",
    "stitch_off": "The account switched Stitch off at TikTok, so it can't be allowed here.",
    "duet_photo": "TikTok has no Duet for photos.",
    "stitch_photo": "TikTok has no Stitch for photos.",
    "creator_unknown": "TikTok doesn't say right now what this account may post. Try again in a few minutes.",
    "creator_capped": (
        "TikTok takes no more posts from this account for now: it has posted too often. Try again later, "
        "or leave TikTok out."
    ),
    "music_missing": "Say whose music is in it: no file tells, and it matters to both platforms.",
    "time_past": "That time is over. Choose a later one.",
    "time_unreadable": "That isn't a time. Write it like 2026-12-31 18:30.",
    "time_skipped": "Clocks are put forward then, so that time doesn't exist. Choose another.",
    "time_too_far": "Choose a time within the next {days} days.",
}
"""Two of these sentences are TikTok's own (content-sharing guidelines)."""
ACCOUNT_FLAWS = frozenset({"account_missing", "account_blocked"})
"""What the link has to be mended for, wherever the post is edited."""
_AI = "marked as AI-generated"
PLACE_FLAWS = ACCOUNT_FLAWS | {"creator_capped"}
"""What is said where a place is chosen: no choice further on mends it."""
_RELINK = "Relink it with /crosslink link, or leave it out."
_HELD = "Its owner has to open the {platform} app and do what it asks. Until then, leave it out."


def flaw(found: Flaw) -> str:
    """Return what stops a request, and what to do."""
    template = FLAW.get(
        found.code, "Something about this post isn't right yet. Go through its steps once more."
    )
    form = found.facts.get("form", "")
    why = found.facts.get("block", "")
    platform = found.platform or Platform.TIKTOK
    return template.format(
        platform=PLATFORM[platform],
        name=found.facts.get("name", "That file"),
        days=found.facts.get("days", "90"),
        chosen=privacy(found.facts.get("chosen", "")),
        form=with_article(Form(form)) if form in set(Form) else "that",
        block=block(Block(why), platform) if why in set(Block) else "the link needs somebody",
        help=(_HELD if why == Block.ACCOUNT_HELD else _RELINK).format(platform=PLATFORM[platform]),
    )


def with_article(form: Form) -> str:
    """Return a form as it stands in a sentence."""
    if form is Form.TIKTOK_PHOTO:
        return FORM[form]
    return f"{'an' if FORM[form].startswith('I') else 'a'} {FORM[form]}"


def privacy(code: str) -> str:
    """Return an audience of TikTok's in words; one that is new to us as TikTok writes it."""
    return PRIVACY.get(code, code.replace("_", " ").capitalize())


def tiktok_options(chosen: TikTokOptions, form: Form) -> str:
    """Return what was chosen for TikTok, in one line."""
    if chosen.to_inbox:
        return "goes to the account's inbox, where its owner finishes and posts it"
    allowed = [
        word
        for word, on in (
            ("comments", chosen.allow_comment),
            ("Duet", chosen.allow_duet),
            ("Stitch", chosen.allow_stitch),
        )
        if on
    ]
    parts = [
        f"visible to: {privacy(chosen.privacy)}" if chosen.privacy else "nobody chose yet who sees it",
        f"allows {', '.join(allowed)}" if allowed else "no comments" + _no_more(form),
        disclosed(chosen),
        _AI if chosen.ai_generated else "",
        "TikTok adds music" if chosen.auto_music and form is Form.TIKTOK_PHOTO else "",
    ]
    return " · ".join(filter(None, parts))


def _no_more(form: Form) -> str:
    return "" if form is Form.TIKTOK_PHOTO else ", Duet or Stitch"


def form_label(form: Form) -> str:
    """Return a form as a choice: with what the other choices have and it hasn't."""
    return f"{FORM[form]}, without a caption" if form is Form.STORY else FORM[form]


def no_caption(target: Target) -> str:
    """Return why no words go along, of a target that takes none."""
    if target.form is Form.STORY:
        return f"{FORM[target.form]}: it shows none"
    return f"{FORM[target.form]}: the account's owner writes it in TikTok"


def disclosed(chosen: TikTokOptions) -> str:
    """Return the label that TikTok will show, "" for none."""
    if not chosen.discloses:
        return ""
    if chosen.branded:
        return "labeled “Paid partnership”"
    return "labeled “Promotional content”" if chosen.own_brand else ""


def instagram_options(chosen: InstagramOptions, form: Form) -> str:
    """Return what was chosen for Instagram, in one line; "" where there is nothing to choose."""
    where = "also in the feed" if chosen.share_to_feed else "only in the Reels tab"
    parts = [where if form is Form.REEL else "", _AI if chosen.ai_generated else ""]
    return " · ".join(filter(None, parts))
