"""What `crosslink doctor` finds out without asking anybody outside: settings, keys, database, media, files."""

import os
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot import settings as environment
from bot.commands.check import Check, Verdict
from bot.settings import Misconfigured, Settings, variable
from bot.wiring import upkeep
from bot.wiring.keys import is_there, key_file
from bot.wiring.mending import reads_media


async def settings(given: Settings) -> Sequence[Check]:
    """Whether everything is there, can be meant, and doesn't contradict."""
    mode = "socket mode" if given.uses_socket else "HTTP"
    breadth = "any workspace" if given.is_multi_workspace else "one workspace"
    said = [Check("settings", Verdict.FAILED, problem) for problem in given.problems()]
    if not said:
        said = [Check("settings", Verdict.OK, f"Complete: {mode}, {breadth}, at {given.base_url}.")]
    hints = [*given.hints(), *environment.strangers()]
    return [*said, *(Check("settings", Verdict.NOTE, hint) for hint in hints)]


async def keys(given: Settings) -> Sequence[Check]:
    """Whether there are keys, and whether they open everything that is stored."""
    if not given.is_embedded and not given.encryption_keys.get_secret_value():
        return [Check("keys", Verdict.FAILED, "There is no encryption key.", "Run: crosslink keys new")]
    file = key_file(given)
    has_key = bool(given.encryption_keys.get_secret_value()) or is_there(file)
    if not has_key and upkeep.is_yet_to_be_made(given):
        return [_made_by("first", file)]
    try:
        unknown = await upkeep.unknown_keys(given)
    except Misconfigured as error:
        return [
            Check(
                "keys",
                Verdict.FAILED,
                str(error),
                "Put the keys back as they were; a new one opens nothing old.",
            )
        ]
    if not has_key:
        return [_lost(file, sum(unknown.values())) if unknown else _made_by("next", file)]
    if unknown:
        says = f"{sum(unknown.values())} rows are sealed by keys that no setting has: {', '.join(sorted(unknown))}."
        do = f"Put those keys back into {variable('encryption_keys')}, behind the others, then: crosslink keys rotate"
        return [Check("keys", Verdict.FAILED, says, do)]
    if given.encryption_keys.get_secret_value():
        return [Check("keys", Verdict.OK, "Tokens are sealed with the keys of the settings.")]
    says = f"Tokens are sealed with a key of our own in {file}, readable by this user only."
    return [Check("keys", Verdict.NOTE, says, _BACK_UP)]


def _made_by(start: str, file: Path) -> Check:
    says = f"The {start} start makes a key of our own in {file}, readable by this user only."
    return Check("keys", Verdict.NOTE, says, _BACK_UP)


def _lost(file: Path, rows: int) -> Check:
    setting = variable("encryption_keys")
    says = f"{rows} rows in the database are sealed, and there is no key, neither in {file} nor in {setting}."
    do = "Put the key back before the next start: that makes a new key, which opens nothing old."
    return Check("keys", Verdict.FAILED, says, do)


_BACK_UP = "Back it up apart from the database: without it tokens are lost."


async def folder(given: Settings) -> Sequence[Check]:
    """Whether this user may write where files and the embedded database go. Nothing is made there yet."""
    place = given.data_dir.absolute()
    there = next(each for each in (place, *place.parents) if is_there(each))
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return []
    says = f"{place} can't be written to by this user."
    return [
        Check(
            "folder",
            Verdict.FAILED,
            says,
            f"Make it theirs, or set {variable('data_dir')} to another folder.",
        )
    ]


async def database(given: Settings) -> Sequence[Check]:
    """Whether the database answers and has this version's schema."""
    kind = f"SQLite in {given.data_dir}" if given.is_embedded else "The database of the settings"
    if upkeep.is_yet_to_be_made(given):
        return [Check("database", Verdict.NOTE, f"{kind}: the first start makes it.")]
    try:
        current, newest = await upkeep.schema(given)
    except Misconfigured as error:
        place = variable("data_dir" if given.is_embedded else "database_url")
        return [Check("database", Verdict.FAILED, str(error), f"Check {place}.")]
    if current == newest:
        return [Check("database", Verdict.OK, f"{kind}, schema {current}.")]
    says = f"{kind} has schema {current or 'none'}, this version needs {newest}."
    if given.is_embedded:
        return [Check("database", Verdict.NOTE, says, "The next start brings it there.")]
    return [Check("database", Verdict.FAILED, says, "Run: crosslink migrate")]


async def media(_given: Settings) -> Sequence[Check]:
    """Whether files can be read here: the libraries, and the process that uses them."""
    try:
        installed = version("av")
    except PackageNotFoundError:
        return [Check("media", Verdict.FAILED, "PyAV is missing.", "Install Crosslink again with pip.")]
    if await reads_media():
        return [Check("media", Verdict.OK, f"PyAV {installed} is installed, and its process reads files.")]
    says = f"PyAV {installed} is installed, but the process that reads media doesn't start."
    return [Check("media", Verdict.FAILED, says, "Install Crosslink again, where its own user may read it.")]


async def files(given: Settings) -> Sequence[Check]:
    """Whether the files of posts are here. A database that can't be read is told of by its own check."""
    place = given.media_dir.absolute()
    if upkeep.is_yet_to_be_made(given):
        return []
    try:
        current, newest = await upkeep.schema(given)
        if current != newest:
            return []
        needed, missing = await upkeep.missing_files(given)
    except Misconfigured:
        return []
    if missing:
        says = f"{missing} of {needed} files that posts wait with are not in {place}."
        do = f"Let {variable('data_dir')} of all hosts be one shared folder; else bring those files again."
        return [Check("files", Verdict.FAILED, says, do)]
    if given.is_embedded:
        return [Check("files", Verdict.OK, f"All {needed} files that posts wait with are in {place}.")]
    says = f"All {needed} files that posts wait with are in {place}; several hosts need it to be one shared folder."
    return [Check("files", Verdict.OK, says)]
