"""Nothing that opens anything stands in a log line, wherever it came from."""

import json
import logging

import pytest
import structlog

from bot import logs

SECRETS = (
    "xoxb-1234-5678-abcdefABCDEF",
    "xapp-1-A0-1-abcdef0123456789",
    "https://hooks.slack.com/commands/T0/1/abcdef",
    "http://127.0.0.1:8765/hooks.slack.com/actions/T0/1/abcdef",
    "act.example12345Example12345Example",
    "rft.example12345Example12345Example!6350",
    "IGAAExampleExampleExampleExample",
    "Bearer abcdefghijkl",
    "https://crosslink.example/connect/q3C1vZ0mB7w8yN2kT5rS9uX4aD6fG1hJ",
    "?code=AQD12345&state=abcdef",
    "client_secret=abcdef",
    "https://crosslink.example/media/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB",
    "https://crosslink.example/compose/WyJUMCIsIlQwIiwiVTAiLCJwb18xIl0x",
    "?upload_id=7512345678901234567&upload_token=abcdefABCDEF",
)


@pytest.fixture(autouse=True)
def _restored():
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_hidden_in_every_part_of_a_line(secret: str, capsys: pytest.CaptureFixture[str]):
    logs.configure(level="info", form="json")
    logger = structlog.get_logger("test")
    logger.info("said %s", secret, about=secret, deep={"list": [secret]})
    logging.getLogger("library").warning("said %s", secret, extra={"about": secret})
    logger.error("failed", exc_info=RuntimeError(secret))
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 3
    for part in secret.replace("?", " ").replace("&", " ").split():
        assert part not in said.err


def test_a_traceback_is_written_without_what_it_must_not_say(capsys: pytest.CaptureFixture[str]):
    logs.configure(level="info", form="json")
    try:
        {}[f"asked with {SECRETS[0]}"]
    except KeyError:
        structlog.get_logger("test").exception("failed")
    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert "Traceback" in line["exception"]
    assert f"asked with {logs.HIDDEN}" in line["exception"]


def test_what_is_named_as_a_secret_is_hidden_whatever_it_looks_like(capsys: pytest.CaptureFixture[str]):
    logs.configure(level="info", form="json")
    structlog.get_logger("test").info(
        "asked", bot_token="short", response_url="x", code="190", state="expired", form={"app_secret": "y"}
    )
    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert (line["bot_token"], line["response_url"]) == (logs.HIDDEN, logs.HIDDEN)
    assert line["form"] == {"app_secret": logs.HIDDEN}
    assert (line["code"], line["state"]) == ("190", "expired")


def test_lines_of_deliveries_say_whose_how_far_and_what_the_platforms_support_asks_for(
    capsys: pytest.CaptureFixture[str],
):
    logs.configure(level="info", form="json")
    named = {
        "post": "po_1",
        "delivery": "dl_1",
        "step": "refused",
        "provider": "tiktok",
        "code": "spam_risk_text",
        "log_id": "20261121110000010203",
    }
    logging.getLogger("core.usecases.flight").info("delivery", extra=named)
    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert {name: line[name] for name in named} == named
    assert (line["event"], line["level"]) == ("delivery", "info")


def test_unconfigured_lines_go_to_the_standard_library_alone(capsys: pytest.CaptureFixture[str], caplog):
    logs.through_logging()
    structlog.get_logger("test").warning("noticed", task="a")
    assert capsys.readouterr().out == ""
    assert caplog.records[0].task == "a"
