"""Kinds of columns: moments in UTC, words of an enum, sealed bytes, rows in the order of writing."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    String,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, in UTC, to the microsecond, on databases that keep zones and on those that don't."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def text(name: str, **options: Any) -> Column[str]:
    """Return a column for text that is there, though it may be empty."""
    return Column(name, String, nullable=False, **options)


def maybe(name: str, **options: Any) -> Column[str]:
    """Return a column for text that may be missing."""
    return Column(name, String, **options)


def key(name: str) -> Column[str]:
    """Return a column of the primary key."""
    return Column(name, String, primary_key=True)


def order() -> Column[int]:
    """Return the primary key of a table whose rows keep the order in which they were written."""
    return Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def words(name: str, enum: type[StrEnum], *, nullable: bool = False) -> Column[str]:
    """Return a column that holds one of an enum's words; the database refuses any other."""
    return Column(name, String, _one_of(name, enum), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    """Return a column for a moment."""
    return Column(name, Moment, nullable=nullable)


def json(name: str) -> Column[Any]:
    """Return a column for a mapping or a list."""
    return Column(name, JSON, nullable=False)


def flag(name: str) -> Column[bool]:
    """Return a column for yes or no."""
    return Column(name, Boolean, nullable=False)


def count(name: str) -> Column[int]:
    """Return a column for a number of times."""
    return Column(name, Integer, nullable=False)


def sealed(name: str, *, nullable: bool = True) -> Column[bytes]:
    """Return a column for what only the vault can open."""
    return Column(name, LargeBinary, nullable=nullable)


def lease() -> tuple[Column[str], Column[datetime]]:
    """Return the columns of a lease: whose work a row is, and until when."""
    return Column("lease_owner", String), Column("lease_until", Moment)


def _one_of(name: str, allowed: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{each}'" for each in allowed)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_words")
