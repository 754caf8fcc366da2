"""What we ourselves refuse: to a person, to a late writer, to a programming mistake."""


class Refusal(Exception):
    """What a person asked is not possible. `code` names the sentence, `facts` fill it in."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Stale(Exception):
    """Somebody else changed the row first. Load it again and decide again."""


class Unlawful(Exception):
    """A step that the table of lawful moves does not allow from here."""
