"""Scripted trouble: what goes wrong, where, and how many times."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from sandbox import asked

Kind = Literal["refuse", "throttle", "delay", "drop_before", "drop_after", "reset", "slow", "corrupt"]
KINDS: dict[str, Kind] = {
    "refuse": "refuse",
    "throttle": "throttle",
    "delay": "delay",
    "drop_before": "drop_before",
    "drop_after": "drop_after",
    "reset": "reset",
    "slow": "slow",
    "corrupt": "corrupt",
}
UNTIL_CLEARED = -1


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble at one place.

    `where` names an operation ("tiktok.oauth.token") or all below a prefix of it ("tiktok.oauth", "tiktok").

    | what        | effect happens | the caller sees |
    |-------------|----------------|-----------------|
    | refuse      | no; yes if `when` = "after" | the platform's own refusal with `code` |
    | throttle    | no; yes if `when` = "after" | the platform's own "too many requests" |
    | delay       | yes            | its answer `seconds` late; `when` = "before" or "after" the effect |
    | drop_before | no             | the connection closed without an answer |
    | drop_after  | yes            | the connection closed without an answer |
    | reset       | no             | the connection reset (TCP RST) |
    | slow        | yes            | its answer dribbling in over `seconds` |
    | corrupt     | yes            | its answer cut and spoilt |
    """

    where: str
    what: Kind
    times: int = 1
    code: str = ""
    seconds: float = 0.0
    when: Literal["before", "after"] = "before"

    def concerns(self, operation: str) -> bool:
        return operation == self.where or operation.startswith(f"{self.where}.")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_fault(body: Mapping[str, Any]) -> Fault:
    """Read `{where, what, times?, code?, seconds?, when?}`. Raises AskedError with a sentence."""
    asked.only(body, Fault.__dataclass_fields__)
    what = KINDS[asked.choice(body, "what", KINDS)]
    where = asked.text(body, "where").strip(".")
    times = asked.number(body, "times", 1)
    code = asked.text(body, "code", "")
    seconds = asked.number(body, "seconds", 3.0 if what in {"delay", "slow"} else 0.0)
    if not where:
        raise asked.AskedError("Field 'where' must name an operation or the beginning of one.")
    if times != int(times) or (times < 1 and times != UNTIL_CLEARED):
        raise asked.AskedError("Field 'times' must be 1 or more, or -1 for until cleared.")
    if what == "refuse" and not code:
        raise asked.AskedError("A refusal needs the platform's 'code'.")
    if seconds < 0:
        raise asked.AskedError("Field 'seconds' must not be negative.")
    after = asked.choice(body, "when", ("before", "after"), "before") == "after"
    return Fault(where, what, int(times), code, seconds, "after" if after else "before")


class Faults:
    """The faults that still wait for a request; the oldest that fits is taken first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def remove(self, fault: Fault) -> None:
        """End one that waits; nothing where it is over already."""
        if fault in self._waiting:
            self._waiting.remove(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def list(self) -> tuple[Fault, ...]:
        return tuple(self._waiting)

    def take(self, where: str) -> Fault | None:
        """The fault that this request to operation `where` meets, counted down; None for none."""
        for place, fault in enumerate(self._waiting):
            if not fault.concerns(where):
                continue
            if fault.times == 1:
                del self._waiting[place]
            elif fault.times != UNTIL_CLEARED:
                self._waiting[place] = replace(fault, times=fault.times - 1)
            return fault
        return None
