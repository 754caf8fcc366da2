"""Whose request it is, and what a person named behind a subcommand."""

from typing import Any

import pytest

from bot.listeners.typed import Target, target
from bot.slack.authorize import candidates
from bot.slack.dispatch import who
from core.domain.account import Platform


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Target(None, None)),
        ("tiktok", Target(Platform.TIKTOK, None)),
        ("IG", Target(Platform.INSTAGRAM, None)),
        ("Nordlicht Bakery", Target(None, "Nordlicht Bakery")),
        ("tiktok Nordlicht Bakery", Target(Platform.TIKTOK, "Nordlicht Bakery")),
        ("“Nordlicht Bakery” instagram", Target(Platform.INSTAGRAM, "Nordlicht Bakery")),
        ("The TikTok Shop", Target(None, "The TikTok Shop")),
        ("tiktok tiktok", Target(Platform.TIKTOK, "tiktok")),
        ("tiktok instagram", Target(None, None)),
        ("Instagram and TikTok", Target(None, None)),
        ("tiktok <#C0VELO|velo-werk>", Target(Platform.TIKTOK, "#C0VELO")),
        ("<@U0REQUESTER|requester> ig", Target(Platform.INSTAGRAM, "@requester")),
        ("<http://nordlicht.bakery|nordlicht.bakery>", Target(None, "nordlicht.bakery")),
        ("<https://www.tiktok.com/@velowerk>", Target(None, "https://www.tiktok.com/@velowerk")),
        ("<script> <@U0GONE> & Sons", Target(None, "<script> <@U0GONE> & Sons")),
    ],
)
def test_a_platform_and_a_name_come_in_any_order(typed: str, meant: Target):
    assert target(typed) == meant


@pytest.mark.parametrize(
    ("body", "teams"),
    [
        ({"team_id": "T1"}, ("T1",)),
        ({"team": {"id": "T1"}, "user": {"team_id": "T2"}}, ("T1", "T2")),
        (
            {
                "type": "block_actions",
                "team": {"id": "T2"},
                "message": {"team": "T1"},
                "user": {"team_id": "T2"},
            },
            ("T1", "T2"),
        ),
        ({"type": "message_action", "team": {"id": "T1"}, "message": {"team": "T2"}}, ("T1",)),
        ({"view": {"app_installed_team_id": "T1"}, "team": {"id": "T2"}}, ("T1", "T2")),
        ({"authorizations": [{"team_id": "T1"}], "team_id": "T2"}, ("T1", "T2")),
        ({"enterprise": {"id": "E1"}, "team": {"id": "T1"}, "is_enterprise_install": True}, ("E1", "T1")),
        ({"enterprise": {"id": "E1"}, "team": None, "is_enterprise_install": "true"}, ("E1",)),
        ({"user": "U1", "authorizations": []}, ()),
    ],
)
def test_a_payload_names_its_likeliest_workspace_first(body: dict[str, Any], teams: tuple[str, ...]):
    assert candidates(body) == teams


@pytest.mark.parametrize(
    ("body", "outsider"),
    [
        ({"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}}, False),
        ({"user": {"id": "U1", "team_id": "T2"}, "team": {"id": "T1"}}, True),
        ({"user": {"id": "U1"}, "team": {"id": "T1"}}, False),
        ({"user_id": "U1", "team_id": "T1"}, False),
        ({"event": {"user": "U1"}, "team_id": "T1"}, False),
    ],
)
def test_who_belongs_elsewhere_is_an_outsider(body: dict[str, Any], outsider: bool):
    person = who(body, "T1")
    assert (person.user, person.workspace, person.is_outsider) == ("U1", "T1", outsider)


def test_everybody_of_an_org_belongs_to_its_installation():
    body = {"user": {"id": "U1", "team_id": "T1"}, "enterprise": {"id": "E1"}}
    assert not who(body, "E1").is_outsider
