"""Accounts as JSON, for the rows that carry one whole."""

from typing import Any

from core.domain.account import Account, Platform


def account_to_json(account: Account | None) -> dict[str, Any] | None:
    """Return an account as a mapping of plain values."""
    if account is None:
        return None
    return {
        "platform": account.platform,
        "id": account.id,
        "handle": account.handle,
        "ids": sorted(account.ids),
        "name": account.name,
        "details": dict(account.details),
    }


def account_from_json(stored: dict[str, Any] | None) -> Account | None:
    """Return the account that `account_to_json` made this mapping of."""
    if stored is None:
        return None
    return Account(**{**stored, "platform": Platform(stored["platform"]), "ids": frozenset(stored["ids"])})
