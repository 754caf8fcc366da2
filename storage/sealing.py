"""Which columns hold secrets, whose they are, and as what they are sealed: said once, for storing and re-sealing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from core.ports import Vault
from storage import post_tables, tables


@dataclass(frozen=True, slots=True)
class Sealing:
    """The sealed `columns` of a table's rows. A row's secrets belong to the account that its `keys` name."""

    table: Table
    keys: tuple[str, ...]
    columns: tuple[str, ...]

    def seal(self, vault: Vault, clear: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row with its secrets sealed and `key_id` saying by which key; None stays None."""
        sealed = {
            name: vault.seal(clear[name], account=self._account(clear), purpose=self._purpose(name))
            for name in self.columns
            if clear[name] is not None
        }
        key_id = next((vault.key_of(each) for each in sealed.values()), None)
        return {**clear, **sealed, "key_id": key_id}

    def open(self, vault: Vault, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row with its secrets clear. Raises VaultError."""
        clear = {
            name: vault.open(row[name], account=self._account(row), purpose=self._purpose(name))
            for name in self.columns
            if row[name] is not None
        }
        return {**row, **clear}

    def _account(self, row: Mapping[str, Any]) -> str:
        return "/".join(row[name] for name in self.keys)

    def _purpose(self, column: str) -> str:
        return f"{self.table.name}.{column}"


CREDENTIALS = Sealing(tables.credentials, ("connection_id",), ("access", "refresh"))
HELD = Sealing(tables.held_credentials, ("invitation_id",), ("access", "refresh"))
INVITATIONS = Sealing(tables.invitations, ("id",), ("token", "response_url"))
DELIVERIES = Sealing(post_tables.deliveries, ("id",), ("upload",))
BOTS = Sealing(tables.slack_bots, ("workspace",), ("bot_token", "bot_refresh_token"))

EVERY = (CREDENTIALS, HELD, INVITATIONS, DELIVERIES, BOTS)
"""Everything that is sealed at rest."""
