"""What the forms of composing ask beside the sentences that TikTok fixes. Plain text."""

from collections.abc import Mapping

from core.domain.account import Platform
from core.domain.composing import Count
from core.domain.post import Form

PLACE: Mapping[Platform, tuple[tuple[str, str], ...]] = {
    Platform.TIKTOK: (
        (Form.TIKTOK_VIDEO, "Post the video"),
        (f"{Form.TIKTOK_VIDEO}:inbox", "Video to the inbox, captioned and finished in TikTok"),
        (Form.TIKTOK_PHOTO, "Post the photos"),
        (f"{Form.TIKTOK_PHOTO}:inbox", "Photos to the inbox, finished in TikTok"),
        ("off", "Not on TikTok"),
    ),
    Platform.INSTAGRAM: (
        (Form.REEL, "Reel, also in the feed"),
        (f"{Form.REEL}:reels_tab", "Reel, only in the Reels tab"),
        (Form.STORY, "Story, without a caption"),
        (Form.IMAGE, "Picture"),
        (Form.CAROUSEL, "Carousel"),
        ("off", "Not on Instagram"),
    ),
}
"""The choices of where a post goes, by the value they carry."""

INTERACTION: Mapping[str, str] = {"comment": "Comment", "duet": "Duet", "stitch": "Stitch"}
LEFT_OUT = "{what} is switched off in the account's TikTok settings, so it isn't offered."
FEW_LEFT_OUT = "{what} are switched off in the account's TikTok settings, so they aren't offered."

AI = "Created with AI"
AI_TIKTOK = f"{AI}: TikTok labels it so"
NO_PRIVATE = "“Only me” isn't offered: branded content visibility cannot be set to private."
NO_BRANDED = (
    "“Branded content” isn't offered with “Only me”: branded content visibility cannot be set to private."
)
CUT = "Fix in Slack makes one that fits: it asks which part of the film stays."
"""Beside findings on the page, where Fix needs that choice first."""
MINUTES = (
    "Once it is approved, it may take a few minutes for the content to process and be visible on the profile."
)


_COUNTED = {
    "caption.units": "characters",
    "caption.characters": "characters",
    "title.units": "characters of the title",
}


def count(found: Count) -> str:
    """How much of a limit is used, in a few words."""
    what = _COUNTED.get(found.subject, found.subject.rpartition(".")[2].replace("_", " "))
    if found.left < 0:
        return f"{-found.left} {what} too many ({found.used} of {found.most})"
    return f"{found.used} of {found.most} {what}"
