"""The `crosslink` command: what it prints, on which stream, and with which exit code."""

import csv
import io

import pytest

from bot.settings import variable
from tests.integration.shell import Shell
from tests.integration.site import Site


async def test_help_lists_the_commands(bare: Shell):
    ran = await bare.run("help")
    assert ran.code == 0
    for word in (
        "run",
        "migrate",
        "status",
        "history",
        "posts",
        "doctor",
        "manifest",
        "keys",
        "demo",
        "sandbox",
    ):
        assert word in ran.out


async def test_help_with_a_command_is_that_commands(bare: Shell):
    ran = await bare.run("help", "keys", "rotate")
    assert (ran.code, "keys rotate [OPTIONS]" in ran.out) == (0, True)
    ran = await bare.run("help", "lnik")
    assert (ran.code, "No such command 'lnik'" in ran.err) == (2, True)


async def test_the_version_is_said(bare: Shell):
    assert (await bare.run("--version")).out.startswith("crosslink 0.")


async def test_an_unknown_command_is_wrong_use(bare: Shell):
    assert (await bare.run("lnik")).code == 2


async def test_running_without_settings_names_each_one_and_where_it_comes_from(bare: Shell):
    ran = await bare.run("run")
    assert ran.code == 2
    assert ran.out == ""
    for name in ("SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "TIKTOK_CLIENT_KEY", "INSTAGRAM_APP_ID"):
        assert f"CROSSLINK_{name} is missing" in ran.err
    assert "api.slack.com/apps" in ran.err


async def test_a_setting_that_cant_be_read_is_wrong_use(bare: Shell):
    bare.environment[variable("port")] = "eight thousand"
    ran = await bare.run("status")
    assert (ran.code, "CROSSLINK_PORT can't be used" in ran.err) == (2, True)


async def test_status_is_one_json_document(told: tuple[Site, Shell]):
    ran = await told[1].run("status", "--json")
    (client,) = ran.json["clients"]
    assert (ran.code, client["name"], client["state"]) == (0, "Nordlicht Bakery", "pending")
    assert client["connections"]["tiktok"]["state"] == "authorized"
    assert client["connections"]["tiktok"]["capabilities"]["identify"] == "ok"
    assert client["connections"]["instagram"] is None


async def test_status_reads_well(told: tuple[Site, Shell]):
    for client in ("nordlicht  bakery", "@nordlicht.bakery", "C0BAKERY"):
        ran = await told[1].run("status", "--client", client)
        assert ran.code == 0
        assert "Nordlicht Bakery" in ran.out
        assert "@nordlicht.bakery" in ran.out


async def test_an_unknown_client_is_said_beside_those_there_are(told: tuple[Site, Shell]):
    for command in ("status", "history"):
        ran = await told[1].run(command, "--client", "Velo")
        assert (ran.code, ran.out) == (1, "")
        assert "Velo" in ran.err
        assert "Nordlicht Bakery" in ran.err


async def test_history_comes_as_json_csv_or_a_table(told: tuple[Site, Shell]):
    shell = told[1]
    (linked, *_) = (await shell.run("history", "--json")).json["history"]
    assert (linked["source"], linked["note"]) == ("oauth", "linked")
    (row, *_) = csv.DictReader(io.StringIO((await shell.run("history", "--csv")).out))
    assert (row["client_name"], row["platform"]) == (linked["client_name"], linked["platform"])
    assert linked["client_name"]
    assert row == linked
    assert "TikTok was linked" in (await shell.run("history", "--client", "Nordlicht Bakery")).out
    assert (await shell.run("history", "--csv", "--json")).code == 2


async def test_no_command_prints_a_token(told: tuple[Site, Shell]):
    site, shell = told
    minted = await site.people.call("GET", "minted")
    for words in (
        ("status", "--json"),
        ("history", "--json"),
        ("doctor", "--json"),
        ("keys", "rotate", "--json"),
    ):
        ran = await shell.run(*words)
        assert not [secret for secret in minted if secret in ran.out + ran.err]


async def test_the_doctor_is_content_with_the_sandbox(told: tuple[Site, Shell]):
    ran = await told[1].run("doctor", "--json")
    found = {check["name"]: check["status"] for check in reversed(ran.json["checks"])}
    assert (ran.code, ran.json["ok"]) == (0, True)
    assert (
        found["settings"] == found["database"] == found["slack"] == found["tiktok"] == found["media"] == "ok"
    )
    assert found["files"] == "ok"
    assert found["keys"] == found["publishing"] == "note"


async def test_the_doctor_says_what_to_do(bare: Shell):
    bare.environment[variable("slack_api_url")] = "http://127.0.0.1:9/api/"
    bare.environment[variable("tiktok_api_url")] = "http://127.0.0.1:9"
    bare.environment[variable("instagram_graph_url")] = "http://127.0.0.1:9"
    ran = await bare.run("doctor")
    assert ran.code == 1
    assert "CROSSLINK_TIKTOK_CLIENT_KEY is missing" in ran.out
    assert "doesn't answer" in ran.out
    assert "→" in ran.out


async def test_the_doctor_tells_of_settings_that_cant_even_be_read(bare: Shell):
    bare.environment[variable("port")] = "eight thousand"
    ran = await bare.run("doctor", "--json")
    (check,) = ran.json["checks"]
    assert (ran.code, ran.json["ok"], check["status"]) == (1, False, "failed")
    assert "CROSSLINK_PORT can't be used" in check["says"]


@pytest.mark.parametrize(("mode", "has_address"), [("--http", True), ("--socket", False)])
async def test_the_manifest_is_for_this_address(bare: Shell, mode: str, has_address: bool):
    bare.environment[variable("base_url")] = "https://links.example"
    ran = await bare.run("manifest", mode)
    assert ran.code == 0
    assert ("https://links.example/slack/events" in ran.out) is has_address


async def test_a_manifest_that_slack_wont_take_is_said_beside_it(bare: Shell):
    ran = await bare.run("manifest", "--http")
    assert (ran.code, "set CROSSLINK_BASE_URL first" in ran.err) == (0, True)
    assert ran.out.startswith("display_information:")


async def test_looking_needs_neither_slack_nor_a_token_that_it_takes(told: tuple[Site, Shell]):
    shell = told[1]
    shell.environment |= {
        variable("slack_bot_token"): "xoxb-none",
        variable("slack_client_id"): "",
        variable("slack_api_url"): "http://127.0.0.1:9/api/",
    }
    ran = await shell.run("status", "--json")
    assert (ran.code, [each["name"] for each in ran.json["clients"]]) == (0, ["Nordlicht Bakery"])


async def test_keys_that_cant_be_read_fail_the_doctor_too(told: tuple[Site, Shell]):
    shell = told[1]
    shell.environment[variable("encryption_keys")] = "garbage"
    checks = (await shell.run("doctor", "--json")).json["checks"]
    (keys,) = [each for each in checks if each["name"] == "keys"]
    assert (keys["status"], "CROSSLINK_ENCRYPTION_KEYS can't be used" in keys["says"]) == ("failed", True)
