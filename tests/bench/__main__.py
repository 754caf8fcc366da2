"""Runs the benchmarks, one after the other, each in a process of its own: `make bench`, or `make bench ARGS=ack`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(asked: list[str]) -> int:
    """Run the named benchmarks, or all; return 2 for a name that there is not, else the worst exit status."""
    known = sorted(path.stem for path in HERE.glob("[a-z]*.py"))
    if unknown := [name for name in asked if name not in known]:
        print(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    runs = [
        subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False) for name in asked or known
    ]
    return max(run.returncode for run in runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
