"""`crosslink history`: links and alerts in one export, narrowed by whatever people call an account."""

import csv
import io
from datetime import timedelta

import pytest

from core.domain.account import Platform
from core.domain.alert_plan import ChangeKind
from core.usecases.alerting import write_change
from tests.builders import NOW, a_connection, an_evidence, an_incident
from tests.integration.shell import Shell
from tests.integration.site import TEAM, Site

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def answered(told: tuple[Site, Shell]) -> Shell:
    """A link that broke, as TikTok said with a log id, whose alert the manager acknowledged; and one that was never made."""
    site, shell = told
    async with site.runtime.desk.work.writing() as unit:
        (client,) = await unit.clients.every(TEAM)
        (tiktok,) = await unit.connections.of_workspace(TEAM)
        seen = an_evidence(tiktok, at=NOW, code="access_token_invalid", log_id="2026L1")
        await unit.evidence.add(seen)
        opened = an_incident(client, subject=tiktok.id)
        saved = await write_change(unit, ChangeKind.OPENED, opened, NOW + MINUTE)
        taken = saved.acknowledged("U0MANAGER", NOW + 2 * MINUTE)
        await write_change(unit, ChangeKind.ACKNOWLEDGED, taken, NOW + 2 * MINUTE, by="U0MANAGER")
        other = await unit.connections.save(a_connection(client, platform=Platform.INSTAGRAM))
        await unit.evidence.add(an_evidence(other, id="ev_pictures"))
        await unit.commit()
    return shell


async def test_who_acknowledged_when_stands_beside_the_platforms_log_id(answered: Shell):
    rows = (await answered.run("history", "@nordlicht.bakery", "tiktok", "--json")).json["history"]
    by_note = {row["note"]: row for row in rows}
    seen, opened, taken = (by_note[each] for each in ("", "opened", "acknowledged"))
    assert (seen["log_id"], seen["code"]) == ("2026L1", "access_token_invalid")
    assert (opened["source"], opened["note"], opened["by"]) == ("alert", "opened", "")
    assert (taken["note"], taken["by"], taken["at"]) == (
        "acknowledged", "U0MANAGER", (NOW + 2 * MINUTE).isoformat(),
    )  # fmt: skip
    assert opened["incident"] == taken["incident"] != ""
    assert "condition=broken, reason=removed_at_platform" in opened["seen"]
    assert {row["platform"] for row in rows} == {"tiktok"}
    assert {row["client_name"] for row in rows} == {"Nordlicht Bakery"}


async def test_every_row_of_the_table_has_every_column(answered: Shell):
    as_json = (await answered.run("history", "--json")).json["history"]
    as_csv = list(csv.DictReader(io.StringIO((await answered.run("history", "all", "--csv")).out)))
    assert [row for row in as_csv if row in as_json] == as_json  # a running bot may have more to tell by now


async def test_people_read_it_in_words(answered: Shell):
    said = (await answered.run("history", "tiktok")).out
    (taken,) = [line for line in said.splitlines() if f"{NOW + 2 * MINUTE:%Y-%m-%d %H:%M:%S}" in line]
    for part in ("Nordlicht Bakery, TikTok", "Alert about TikTok", "U0MANAGER"):
        assert part in taken
    for part in ("acknowledged", "TikTok confirmed the link", "access_token_invalid", "2026L1"):
        assert part in said


async def test_naming_it_twice_is_wrong_use(answered: Shell):
    ran = await answered.run("history", "Nordlicht Bakery", "--client", "Nordlicht Bakery")
    assert (ran.code, ran.out) == (2, "")
