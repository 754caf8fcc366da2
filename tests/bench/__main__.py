"""`make bench`: every promise that is measured, or those that are named."""

import sys
from collections.abc import Callable, Mapping

from tests.bench import ack

BENCHES: Mapping[str, Callable[[], None]] = {"ack": ack.main}


def main(*names: str) -> int:
    """Run the named benches, all without names."""
    if unknown := set(names) - BENCHES.keys():
        print(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    for name in names or BENCHES:
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
