"""A thousand deliveries by four workers on one PostgreSQL, killed at random, beside platforms in bad weather.

Takes minutes. Ends with 1 where a promise was broken: this one is kept or it is not.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from storage import migrate
from tests.postgres import Postgres
from tests.scenario.fleet import sailed

SENT = 1_000


async def main(deliveries: int) -> int:
    """Measure, print, and return the exit status."""
    server = Postgres()
    try:
        url = server.url(await server.create())
        await migrate.upgrade(url)
        with tempfile.TemporaryDirectory() as folder:
            report = await sailed(Path(folder), url, deliveries)
    finally:
        server.stop()
    print(report)
    return 0 if report.is_kept else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else SENT)))
