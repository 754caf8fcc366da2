"""What revisions are written with: columns, keys and indexes named as `storage.tables` names them.

Revisions say what they made when they were written, so nothing here follows the domain's enums.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

Column = sa.Column[Any]


def key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def points(table: str, columns: list[str], at: list[str], **options: Any) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, at, name=f"fk_{table}_{'_'.join(columns)}", **options)


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def partial(name: str, table: str, columns: str, where: str, *, once: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns.split(), unique=once, sqlite_where=condition, postgresql_where=condition
    )


def order() -> Column:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True)


def text(name: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, sa.String(), nullable=nullable)


def words(table: str, name: str, allowed: str, *, nullable: bool = False) -> Column:
    listed = ", ".join(f"'{word}'" for word in allowed.split())
    check = sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_{table}_{name}_words"))
    return sa.Column(name, sa.String(), check, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def json(name: str) -> Column:
    return sa.Column(name, sa.JSON(), nullable=False)


def count(name: str, *, nullable: bool = False) -> Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def flag(name: str) -> Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def sealed(name: str, *, nullable: bool = True) -> Column:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def lease() -> tuple[Column, Column]:
    return text("lease_owner", nullable=True), moment("lease_until", nullable=True)


def tokens() -> tuple[Column, ...]:
    return (
        sealed("access", nullable=False),
        sealed("refresh"),
        text("key_id"),
        moment("issued_at"),
        moment("access_expires_at"),
        moment("refresh_expires_at", nullable=True),
        json("scopes"),
    )
