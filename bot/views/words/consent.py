"""What TikTok fixes word by word on a posting screen (content-sharing guidelines)."""

from dataclasses import dataclass

DISCLOSE = "Disclose post content"
DISCLOSE_HINT = (
    "Turn on to disclose that this post promotes goods or services in exchange for something of value. "
    "It could promote yourself, a third party, or both."
)
OWN_BRAND = "Your brand"
OWN_BRAND_HINT = (
    "You are promoting yourself or your own business. This content will be classified as Brand Organic."
)
BRANDED = "Branded content"
BRANDED_HINT = (
    "You are promoting another brand or a third party. This content will be classified as Branded Content."
)
PROMOTIONAL_LABEL = "Your {thing} will be labeled as “Promotional content”."
PARTNERSHIP_LABEL = "Your {thing} will be labeled as “Paid partnership”."
"""Notices under the boxes; `thing` is "video" or "photo". The second one also where both boxes are ticked."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of TikTok's that the consent line names."""

    name: str
    url: str


MUSIC = Page(
    "Music Usage Confirmation", "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en"
)
POLICY = Page("Branded Content Policy", "https://www.tiktok.com/legal/page/global/bc-policy/en")
CONSENT = "By posting, you agree to TikTok's "
"""Followed by the pages' names, linked: always the music's, with branded content the policy before it."""


def consent_pages(*, branded: bool) -> tuple[Page, ...]:
    """Return the pages that the consent line names."""
    return (POLICY, MUSIC) if branded else (MUSIC,)


def label(*, own_brand: bool, branded: bool, thing: str) -> str:
    """Return the notice about the label that TikTok will show, "" for none."""
    if branded:
        return PARTNERSHIP_LABEL.format(thing=thing)
    return PROMOTIONAL_LABEL.format(thing=thing) if own_brand else ""
