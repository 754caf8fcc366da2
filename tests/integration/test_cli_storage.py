"""What the command does to storage: schema, keys, and all that there is of a workspace."""

import pytest

from bot.settings import variable
from tests.integration.shell import Shell
from tests.integration.site import Site


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
