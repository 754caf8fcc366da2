"""Another process at the same database, for the tests that race with one or kill one."""

import asyncio
import sys

from storage.engine import open_database
from storage.unit_of_work import SqlWork
from storage.vault import AesGcmVault, new_key, parse_keys
from tests.builders import NOW, credentials
from tests.contract.stored import SOON


async def claim(work: SqlWork, owner: str) -> None:
    """Claim what is due, bit by bit, and say what it was."""
    while True:
        async with work.writing() as unit:
            taken = await unit.connections.claim_due(NOW, owner=owner, until=SOON, limit=2)
            await unit.commit()
        if not taken:
            return
        print(*(each.id for each in taken), flush=True)


async def hang(work: SqlWork, connection_id: str) -> None:
    """Write new credentials and stay just before the commit."""
    async with work.writing() as unit:
        await unit.credentials.put(connection_id, credentials())
        print("written, not committed", flush=True)
        await asyncio.sleep(60)


async def main(url: str, act: str, argument: str) -> None:
    work = SqlWork(open_database(url), AesGcmVault(parse_keys(new_key())))
    await {"claim": claim, "hang": hang}[act](work, argument)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
