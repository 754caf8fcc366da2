import pytest

from sandbox.asked import AskedError
from sandbox.faults import Fault, Faults, read_fault


def taken(faults, operation):
    fault = faults.take(operation)
    return fault and fault.what


@pytest.mark.parametrize(
    ("where", "operation", "meets"),
    [
        ("tiktok.oauth.token", "tiktok.oauth.token", True),
        ("tiktok.oauth", "tiktok.oauth.token", True),
        ("tiktok", "tiktok.oauth.token", True),
        ("tiktok.oauth.tok", "tiktok.oauth.token", False),
        ("instagram", "tiktok.oauth.token", False),
    ],
)
def test_a_fault_concerns_its_operation_and_everything_below(where, operation, meets):
    assert Fault(where, "reset").concerns(operation) is meets


def test_a_fault_is_taken_as_often_as_it_says():
    faults = Faults()
    faults.add(Fault("a", "reset", times=2))
    assert [taken(faults, "a.b") for _ in range(3)] == ["reset", "reset", None]


def test_a_fault_of_minus_one_stays_until_cleared():
    faults = Faults()
    faults.add(Fault("a", "slow", times=-1))
    assert [taken(faults, "a") for _ in range(5)] == ["slow"] * 5
    faults.clear()
    assert faults.list() == ()


def test_the_oldest_fitting_fault_comes_first():
    faults = Faults()
    for what in ("reset", "corrupt"):
        faults.add(Fault("a", what))
    assert [taken(faults, "a") for _ in range(2)] == ["reset", "corrupt"]


def test_a_fault_is_read_with_its_defaults():
    assert read_fault({"where": "a", "what": "delay"}) == Fault("a", "delay", seconds=3.0)
    full = {"where": "a", "what": "refuse", "times": -1, "code": "x", "seconds": 1, "when": "after"}
    assert read_fault(full).to_json() == full


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"what": "reset"}, "'where'"),
        ({"where": "", "what": "reset"}, "name an operation"),
        ({"where": "a", "what": "burn"}, "one of refuse"),
        ({"where": "a", "what": "refuse"}, "needs the platform's 'code'"),
        ({"where": "a", "what": "reset", "times": 0}, "1 or more"),
        ({"where": "a", "what": "reset", "times": "2"}, "a number"),
        ({"where": "a", "what": "reset", "times": True}, "a number"),
        ({"where": "a", "what": "delay", "seconds": -1}, "negative"),
        ({"where": "a", "what": "delay", "when": "never"}, "one of before"),
        ({"where": "a", "what": "reset", "colour": "red"}, "Unknown field 'colour'"),
    ],
)
def test_a_senseless_fault_is_refused_in_a_sentence(body, sentence):
    with pytest.raises(AskedError, match=sentence):
        read_fault(body)
