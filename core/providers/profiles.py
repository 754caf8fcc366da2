"""Whether a text on one profile leads to another account's profile."""

import re

from core.domain.account import Account, Platform

_SITES = {Platform.TIKTOK: r"tiktok\.com/@", Platform.INSTAGRAM: r"instagram\.com/@?"}


def leads_to(text: str, account: Account) -> bool:
    """True where the text holds the address of this account's profile, however it is written."""
    if account.handle is None:
        return False
    # A handle may end a sentence, but a longer handle is somebody else's.
    pattern = rf"(?<![\w-]){_SITES[account.platform]}{re.escape(account.handle)}(?!\.?\w)"
    return re.search(pattern, text, re.IGNORECASE | re.ASCII) is not None
