"""`crosslink preflight`, called as a shell calls it, in this process."""

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from bot.__main__ import command


def preflight(*arguments: object) -> tuple[int, str, str]:
    """Run the command; return its exit code, and what it said and complained."""
    said, complained, code = StringIO(), StringIO(), 0
    with redirect_stdout(said), redirect_stderr(complained):
        try:
            command().main(["preflight", *map(str, arguments)], prog_name="crosslink")
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, said.getvalue(), complained.getvalue()
