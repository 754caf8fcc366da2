"""What an id of an organisation looks like is known in one place."""

from pathlib import Path

import bot
from bot.workspaces import is_org


def test_an_organisation_is_told_from_a_workspace_in_one_place():
    assert is_org("E0ORG")
    assert not is_org("T0AGENCY")
    files = Path(bot.__file__).parent.rglob("*.py")
    assert [each.name for each in files if 'startswith("E")' in each.read_text()] == ["workspaces.py"]
