"""What can go wrong with a platform, by what we do about it.

Trouble
├── Passing         the scheduler tries again, nobody is told
│   ├── Throttled       the platform said wait; carries until when, if it said so
│   ├── Unreachable     no answer, or none that can be read
│   └── PlatformDown    an answer of the kind "our fault"
├── NeedsPerson     trying again is useless until somebody acts; says what it means for the sides
│   ├── GrantLost       the platform no longer honours what it granted
│   ├── ScopeMissing    the grant lives, but not for this
│   ├── AccountHeld     the platform holds the account itself back (checkpoint, restriction, ban)
│   └── AccountUnfit    this kind of account cannot do this (personal instead of professional)
├── Final           this request will never work as it is
└── Unconfirmed     asked, outcome unknown; only from irreversible calls
"""

from datetime import datetime

from core.domain.observation import Observation


class Trouble(Exception):
    """A platform did not do what was asked; the class says what follows.

    `code` is the platform's own code, `log_id` what its support asks for. Neither ever holds a secret
    or a body: whoever raises it puts in codes and identifiers only.
    """

    def __init__(self, code: str, *, log_id: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.log_id = log_id


class Passing(Trouble):
    """It will pass: the scheduler tries again and nobody is told."""


class Throttled(Passing):
    """The platform asked us to wait, until `until` where it said so."""

    def __init__(self, code: str, *, until: datetime | None = None, log_id: str = "") -> None:
        super().__init__(code, log_id=log_id)
        self.until = until


class Unreachable(Passing):
    """No answer in time, or none that can be read."""


class PlatformDown(Passing):
    """The platform says that the fault is its own, or answers something ambiguous."""


class NeedsPerson(Trouble):
    """Useless to try again until somebody acts. `observation` says what it shows about the sides."""

    def __init__(self, code: str, observation: Observation | None = None, *, log_id: str = "") -> None:
        super().__init__(code, log_id=log_id)
        self.observation = observation or Observation()


class GrantLost(NeedsPerson):
    """The platform definitively refuses the credentials."""


class ScopeMissing(NeedsPerson):
    """The grant lives, but does not cover what was asked."""


class AccountHeld(NeedsPerson):
    """The platform holds the account back: its owner must act in the platform's app."""


class AccountUnfit(NeedsPerson):
    """This kind of account cannot do what was asked, whatever is granted."""


class Final(Trouble):
    """This request will never work as it is: a wrong parameter, a used code, a wrong configuration."""


class Unconfirmed(Trouble):
    """The request went out and no answer came back: it may or may not have happened."""
