"""What a person reads when a setting is missing, contradicts another, or can't be read."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ORIGINS, Misconfigured, Settings, load, strangers, variable
from bot.wiring.apps import instagram_app
from bot.wiring.keys import key_file, open_vault

COMPLETE: dict[str, Any] = {
    "slack_signing_secret": "s",
    "slack_client_id": "1.2",
    "slack_client_secret": "s",
    "tiktok_client_key": "k",
    "tiktok_client_secret": "s",
    "instagram_app_id": "1",
    "instagram_app_secret": "s",
}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)


def settings(**changes: Any) -> Settings:
    return Settings.model_validate(COMPLETE | changes)


def test_complete_settings_have_no_problems():
    assert settings().problems() == []


def test_what_platforms_are_asked_for_by_setting_alone_is_off_until_set():
    assert not instagram_app(settings()).force_reauth
    assert instagram_app(settings(instagram_force_reauth="true")).force_reauth


@pytest.mark.parametrize("name", COMPLETE)
def test_each_missing_setting_is_named_with_where_to_find_it(name: str):
    (said,) = settings(**{name: ""}).problems()
    assert variable(name) in said
    assert ORIGINS[name] in said


def test_one_workspace_needs_no_client_id_but_still_the_signing_secret():
    one = {"slack_bot_token": "xoxb-1", "slack_client_id": "", "slack_client_secret": ""}
    assert settings(**one).problems() == []
    assert variable("slack_signing_secret") in settings(**one, slack_signing_secret="").problems()[0]


def test_socket_mode_needs_the_bot_token_and_no_signing_secret():
    socket = {"slack_app_token": "xapp-1", "slack_signing_secret": "", "slack_client_id": ""}
    assert settings(**socket, slack_bot_token="xoxb-1").problems() == []
    assert variable("slack_bot_token") in settings(**socket).problems()[0]


def test_a_bot_token_and_a_client_id_contradict_each_other():
    (said,) = settings(slack_bot_token="xoxb-1").problems()
    assert "contradict" in said


def test_another_kind_of_token_is_recognised():
    (said,) = settings(slack_bot_token="xoxp-1", slack_client_id="").problems()
    assert "another kind of token" in said
    assert "xoxp-1" not in said


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://crosslink.example", True),
        ("https://crosslink.example/", True),
        ("http://localhost:8000", True),
        ("http://crosslink.example", False),
        ("https://crosslink.example/bot", False),
        ("crosslink.example", False),
    ],
)
def test_the_public_address_is_https_and_has_no_path(address: str, fine: bool):
    assert (settings(base_url=address).problems() == []) is fine


@pytest.mark.parametrize(
    "name", [each for each in Settings.model_fields if each.endswith("_url") and each != "database_url"]
)
def test_what_is_no_address_is_said(name: str):
    for value in ("crosslink.example", "https://", "https://[bad", "https://x:notaport"):
        said = settings(**{name: value}).problems()
        assert any(f"{variable(name)} is no address" in each for each in said)


@pytest.mark.parametrize(
    ("name", "value"), [("slack_client_id", "A0CROSSLINK"), ("instagram_app_id", "nordlicht.bakery")]
)
def test_an_id_of_another_kind_is_recognised(name: str, value: str):
    (said,) = settings(**{name: value}).problems()
    assert variable(name) in said
    assert ORIGINS[name] in said


@pytest.mark.parametrize("value", ['"very-secret"', "'very-secret'", " very-secret", "very-secret\n"])
def test_quotation_marks_and_spaces_around_a_value_are_said(value: str):
    (said,) = settings(tiktok_client_secret=value).problems()
    assert f"{variable('tiktok_client_secret')} has spaces or quotation marks" in said
    assert "very-secret" not in said


def test_what_a_bot_can_start_without_is_a_hint():
    assert len(settings().hints()) == 2
    given = {"instagram_verify_token": "word", "instagram_meta_secret": "s"}
    assert settings(**given).hints() == []


def test_a_misspelt_variable_is_said_wherever_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert strangers() == []
    (tmp_path / ".env").write_text(
        "# CROSSLINK_COMMENT=1\nexport CROSSLINK_PROT=1\nCROSSLINK_HOST=0.0.0.0\nPATH=/\n"
    )
    monkeypatch.setenv("CROSSLINK_TIKTOK_CLIENT_SECRT", "very-secret")
    first, second = strangers()
    assert "CROSSLINK_PROT is no setting" in first
    assert "CROSSLINK_PORT?" in first
    assert "Did you mean CROSSLINK_TIKTOK_CLIENT_SECRET?" in second
    assert "very-secret" not in second


def test_an_env_file_that_cant_be_read_is_a_sentence(tmp_path: Path):
    (tmp_path / ".env").write_bytes(b"CROSSLINK_HOST=\xff\xfe")
    with pytest.raises(Misconfigured, match=r"\.env can't be read"):
        load()


def test_a_shared_database_needs_keys_that_all_processes_have():
    (said,) = settings(database_url="postgresql://localhost/x").problems()
    assert variable("encryption_keys") in said


def test_a_value_that_cant_be_read_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROSSLINK_PORT", "eight thousand")
    with pytest.raises(Misconfigured) as error:
        load()
    assert error.value.problems[0].startswith("CROSSLINK_PORT can't be used")
    assert "eight thousand" not in error.value.problems[0]


def test_the_environment_and_the_env_file_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / ".env").write_text("CROSSLINK_PORT=9001\nCROSSLINK_HOST=0.0.0.0\n")
    monkeypatch.setenv("CROSSLINK_HOST", "127.0.0.1")
    assert (load().port, load().host) == (9001, "127.0.0.1")


def test_settings_dont_change_and_dont_show_secrets():
    given = settings(slack_client_secret="very-secret-value")
    with pytest.raises(ValueError, match="frozen"):
        given.port = 1  # type: ignore[misc]
    assert "very-secret-value" not in f"{given!r} {given}"


def test_the_example_lists_every_setting_and_no_other():
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^(CROSSLINK_\w+)=", example, re.MULTILINE)
    assert sorted(listed) == sorted(variable(name) for name in Settings.model_fields)


def test_the_examples_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch):
    example = Path(__file__).parents[2] / ".env.example"
    read = Settings(_env_file=example)  # type: ignore[call-arg]
    assert read == Settings(_env_file=None)  # type: ignore[call-arg]


def test_the_embedded_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    given = settings(data_dir=tmp_path / "data")
    sealed = open_vault(given).seal("token", account="a", purpose="p")
    assert open_vault(given).open(sealed, account="a", purpose="p") == "token"
    assert stat.S_IMODE(key_file(given).stat().st_mode) == 0o600


def test_a_key_named_later_seals_and_the_files_own_goes_on_opening(tmp_path: Path):
    first = settings(data_dir=tmp_path)
    sealed = open_vault(first).seal("token", account="a", purpose="p")
    named = settings(data_dir=tmp_path, encryption_keys="new:" + "A" * 43 + "=")
    assert open_vault(named).newest == "new"
    assert open_vault(named).open(sealed, account="a", purpose="p") == "token"


def test_a_key_that_cant_be_read_is_said_without_showing_it(tmp_path: Path):
    with pytest.raises(Misconfigured, match="CROSSLINK_ENCRYPTION_KEYS") as error:
        open_vault(settings(data_dir=tmp_path, encryption_keys="a:not-a-key"))
    assert "not-a-key" not in str(error.value)
