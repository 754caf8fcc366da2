"""Storage, opened as the settings say: for a process of the bot, and for a command that reads or looks after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.settings import Misconfigured, Settings, variable
from bot.wiring.keys import PRIVATE_FOLDER, looking_vault, open_vault
from storage.engine import Database, open_database, read_url
from storage.unit_of_work import Heard, SqlWork
from storage.vault import AesGcmVault


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The database, what seals in it, and the transactions over both."""

    database: Database
    vault: AesGcmVault
    work: SqlWork


def open_stored(settings: Settings, *, aside: bool = True, heard: Heard | None = None) -> Stored:
    """Return storage; the embedded default's folder, file and key are made, else nothing is contacted yet.

    `aside` and `heard` as in `open_database` and `SqlWork`. Raises Misconfigured.
    """
    with usable(settings):
        make_folder(settings)
        vault, database = open_vault(settings), open_database(settings.database, aside=aside)
    return Stored(database=database, vault=vault, work=SqlWork(database, vault, heard=heard))


def look_at(settings: Settings) -> Stored:
    """Return storage for whoever only looks: neither folder nor file nor key is made. Raises Misconfigured."""
    with usable(settings):
        vault, database = looking_vault(settings), open_database(settings.database)
    return Stored(database=database, vault=vault, work=SqlWork(database, vault))


def make_folder(settings: Settings) -> None:
    """Make the embedded database's folder, for this user alone. Raises OSError."""
    if settings.is_embedded:
        settings.data_dir.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


@contextmanager
def usable(settings: Settings) -> Iterator[None]:
    """Say in a sentence why the database can't be had. Raises Misconfigured."""
    try:
        read_url(settings.database)
    except ValueError as error:
        raise Misconfigured([f"{variable('database_url')} can't be used: {error}"]) from None
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise Misconfigured([_why(error)]) from None


def _why(error: SQLAlchemyError | OSError) -> str:
    """What a database or the machine says about a file, a host, a user or a password; never the address itself."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} can't be used: {error.strerror or type(error).__name__}."
    said = error.strerror or str(error) if isinstance(error, OSError) else type(error).__name__
    if isinstance(error, DBAPIError):
        said = str(error.orig).rpartition(">: ")[2]
    return f"The database doesn't answer: {said.strip().rstrip('.') or type(error).__name__}."
