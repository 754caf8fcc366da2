"""The `crosslink` command: what it prints, on which stream, and with which exit code."""

import asyncio
import csv
import io
import signal
from http import HTTPStatus
from pathlib import Path

import aiohttp
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


@pytest.mark.parametrize("words", ["migrate", "status", "posts", "keys rotate", "erase T0AGENCY", "history"])
async def test_a_database_that_doesnt_answer_is_a_sentence(bare: Shell, words: str):
    bare.environment[variable("database_url")] = "postgresql://bot:hunter2@127.0.0.1:9/crosslink"
    bare.environment[variable("encryption_keys")] = (await bare.run("keys", "new")).out.strip()
    ran = await bare.run(*words.split())
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("The database doesn't answer: ")
    assert ran.err.count("\n") == 1
    assert "hunter2" not in ran.err


async def test_a_workspace_with_a_linked_account_is_not_erased(told: tuple[Site, Shell]):
    shell = told[1]
    ran = await shell.run("erase", "T0AGENCY", "--yes", "--json")
    assert (ran.code, ran.json["erased"], ran.json["rows"]["clients"]) == (1, False, 1)
    assert "uninstall the app first" in ran.err
    assert (await shell.run("status", "--json")).json["clients"]


async def test_a_workspace_is_erased_for_those_who_say_yes(told: tuple[Site, Shell]):
    site, shell = told
    async with site.runtime.desk.work.writing() as unit:
        (connection,) = await unit.connections.of_workspace("T0AGENCY")
        await unit.credentials.erase(connection.id)
        await unit.installations.remove("T0AGENCY")
        await unit.commit()
    assert "Nothing was erased" in (await shell.run("erase", "T0AGENCY")).err
    assert (await shell.run("erase", "T0AGENCY", "--yes", "--json")).json["erased"] is True
    assert (await shell.run("erase", "T0AGENCY", "--json")).json["rows"] == {}


async def test_migrating_is_said_once_and_harmless_twice(bare: Shell):
    assert "now" in (await bare.run("migrate")).out
    assert "already" in (await bare.run("migrate")).out


async def test_another_database_wants_to_be_migrated_first(bare: Shell):
    bare.environment[variable("database_url")] = f"sqlite:///{bare.folder}/other.db"
    bare.environment[variable("encryption_keys")] = (await bare.run("keys", "new")).out.strip()
    ran = await bare.run("status")
    assert (ran.code, "crosslink migrate" in ran.err) == (2, True)
    await bare.run("migrate")
    assert (await bare.run("status", "--json")).json == {"clients": []}


async def test_rotating_seals_everything_with_the_newest_key(told: tuple[Site, Shell]):
    shell = told[1]
    fresh = (await shell.run("keys", "new")).out.strip()
    shell.environment[variable("encryption_keys")] = fresh
    ran = await shell.run("keys", "rotate", "--json")
    assert ran.json["newest"] == fresh.partition(":")[0]
    assert sum(ran.json["moved"].values()) >= 2
    assert list(ran.json["in_use"]) == [ran.json["newest"]]
    assert "can leave" in (await shell.run("keys", "rotate")).out


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


async def test_a_polite_kill_ends_a_running_bot_cleanly(told: tuple[Site, Shell], unused_port: int):
    shell = told[1]
    shell.environment |= {variable("port"): str(unused_port), variable("log_format"): "json"}
    process = await shell.start("run")
    try:
        await _healthy(f"http://127.0.0.1:{unused_port}/readyz")
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    assert out == b""
    assert b'"stopped"' in err


async def test_who_is_told_to_end_is_not_ready_before_it_stops_listening(
    told: tuple[Site, Shell], unused_port: int
):
    shell = told[1]
    shell.environment |= {variable("port"): str(unused_port), variable("leave_seconds"): "3"}
    process = await shell.start("run")
    address = f"http://127.0.0.1:{unused_port}/readyz"
    try:
        await _healthy(address)
        process.send_signal(signal.SIGTERM)
        said = await _leaving(address)
        await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
    assert said == ["This process is about to end."]
    assert process.returncode == 0


async def test_a_worker_tells_only_its_health(told: tuple[Site, Shell], unused_port: int):
    shell = told[1]
    shell.environment[variable("port")] = str(unused_port)
    process = await shell.start("run", "--role", "worker")
    try:
        assert (await _healthy(f"http://127.0.0.1:{unused_port}/healthz"))["role"] == "worker"
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{unused_port}/slack/events"
            assert (await session.post(url)).status == 404
    finally:
        process.terminate()
        await asyncio.wait_for(process.communicate(), 20)


async def test_a_taken_port_is_said(told: tuple[Site, Shell]):
    site, shell = told
    shell.environment[variable("port")] = site.base_url.rpartition(":")[2]
    ran = await shell.run("run")
    assert (ran.code, "can't be used" in ran.err) == (2, True)


async def test_a_folder_that_cant_be_used_is_named(told: tuple[Site, Shell], tmp_path: Path):
    shell = told[1]
    (tmp_path / "file").write_text("")
    shell.environment[variable("data_dir")] = str(tmp_path / "file" / "data")
    ran = await shell.run("run")
    assert (ran.code, f"{tmp_path}/file/data can't be used" in ran.err) == (2, True)


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


async def _healthy(url: str):
    """Wait until a process says that it is well."""
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return await answer.json()
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)


async def _leaving(url: str) -> list[str]:
    """Return why a process isn't ready, once it isn't."""
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        while True:
            async with session.get(url) as answer:
                if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
                    problems: list[str] = (await answer.json())["problems"]
                    return problems
