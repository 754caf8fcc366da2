"""The keys that seal secrets: from the settings, and for the embedded database from a file that we make."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from bot.settings import Misconfigured, Settings, variable
from storage.vault import AesGcmVault, Key, VaultError, new_key, parse_keys

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def is_there(path: Path) -> bool:
    """Return whether there is such a file or folder, as far as this user may know."""
    return os.access(path, os.F_OK)


def key_file(settings: Settings) -> Path:
    """Return where the embedded database's own key lies."""
    return settings.data_dir / "encryption.key"


def open_vault(settings: Settings) -> AesGcmVault:
    """Return the vault. The embedded default gets a key of its own on first use. Raises Misconfigured."""
    return AesGcmVault(_keys(settings))


def looking_vault(settings: Settings) -> AesGcmVault:
    """Return a vault for whoever only looks: no key is made, so without any it opens nothing. Raises Misconfigured."""
    return AesGcmVault(_there(settings) or parse_keys(new_key()))


def known_keys(settings: Settings) -> Collection[str]:
    """Return the ids of the keys that are there; none is made. Raises Misconfigured."""
    return {each.id for each in _there(settings)}


def link_keys(settings: Settings) -> Sequence[bytes]:
    """Return what addresses of media are signed with, the newest first. Raises Misconfigured."""
    return [each.material for each in _keys(settings)]


def _keys(settings: Settings) -> Sequence[Key]:
    if there := _there(settings):
        return there
    if not settings.is_embedded:
        raise Misconfigured([f"{variable('encryption_keys')} is missing: `crosslink keys new` makes one."])
    return _read(_make(key_file(settings)), str(key_file(settings)))


def _there(settings: Settings) -> Sequence[Key]:
    """Those of the settings seal; the file's go on opening what was sealed before there were settings."""
    own = _read(settings.encryption_keys.get_secret_value(), variable("encryption_keys"))
    kept = _kept(key_file(settings)) if settings.is_embedded else ""
    known = {key.id for key in own}
    return [*own, *(key for key in _read(kept, str(key_file(settings))) if key.id not in known)]


def _read(text: str, where: str) -> Sequence[Key]:
    try:
        return parse_keys(text) if text else []
    except VaultError as error:
        raise Misconfigured([f"{where} can't be used: {error}"]) from None


def _kept(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise Misconfigured([f"{file} can't be used: it holds no key."]) from None


def _make(file: Path) -> str:
    """Write a new key that only this user can read. Of two processes starting together, one makes it."""
    file.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    text = new_key()
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "w") as drafted:
        drafted.write(text)
        drafted.flush()
        os.fsync(drafted.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        text = _kept(file)
    finally:
        draft.unlink()
    return text
