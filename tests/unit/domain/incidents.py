"""Links in every condition, and what is planned about them."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from core.domain.account import Platform
from core.domain.alert_plan import Scene, plan
from core.domain.observation import Grant, Observation
from core.domain.silence import Silence
from core.domain.symptom import LOOKS_IN_VAIN
from tests.builders import NOW, a_client, a_linked_connection

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BERLIN = "Europe/Berlin"
CLIENT = a_client(id="cl_bakery", time_zone=BERLIN)
REMOVED = Observation(grant=Grant.WITHDRAWN)
LINKED = a_linked_connection(CLIENT, id="cn_tiktok")


def after(seen, connection=LINKED, at=NOW):
    return connection.observed(seen, at=at, now=at)


def proved(at, connection=LINKED):
    """The connection as it is while the platform answers."""
    return replace(connection, sides=connection.sides.proved(at), failures=0)


BROKEN = after(REMOVED)
SILENT = replace(LINKED, failures=LOOKS_IN_VAIN)
OTHERS = {Platform.TIKTOK: Silence(proved=8, silent=1)}


def scene(*connections, client=CLIENT, incidents=(), at=NOW, awaited=(), silences=OTHERS):
    return Scene(
        client=client,
        connections=connections,
        incidents=incidents,
        at=at,
        awaited=frozenset(awaited),
        silences=silences,
    )


def planned(given_scene):
    names = count(1)
    return plan(given_scene, lambda: f"ic_{next(names)}")


def kinds(changes):
    return [each.kind for each in changes]


def opened(*connections, client=CLIENT, at=NOW):
    return tuple(each.incident for each in planned(scene(*connections, client=client, at=at)))
