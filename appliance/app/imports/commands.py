"""`ncen import`: hands a file to a running nCEN, shows how far it is, and says what came of every row."""

from __future__ import annotations

import argparse
import asyncio
import os
import stat
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from appliance.core.errors import CannotStart, NotFound, Refused, Unavailable
from appliance.core.i18n import N_, translate
from appliance.core.settings import CONFIG_VARIABLE

if TYPE_CHECKING:
    from appliance.app.imports.schemas import Batch

EXIT_DONE, EXIT_REFUSED = 0, 1


def known_mapping(name: str) -> str:
    """The name of a mapping of this release."""
    from appliance.app.imports.mapping import mapping_names  # noqa: PLC0415 - other commands need none

    if name not in mapping_names():
        message = f"there is no mapping {name[:40]!r}; known: {', '.join(mapping_names())}"
        raise argparse.ArgumentTypeError(message)
    return name


def add_commands(commands: Any) -> None:
    """Declare `ncen import`."""
    parser = commands.add_parser("import", help="load a file into the database of a running nCEN")
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="CSV, or a ZIP archive with one CSV"
    )
    parser.add_argument(
        "--mapping",
        required=True,
        metavar="NAME",
        type=known_mapping,
        help="how its columns are read, such as unodc-ids",
    )
    parser.add_argument("--dry-run", action="store_true", help="check only, load nothing")
    parser.add_argument(
        "--repeats",
        choices=("hold", "load"),
        default="hold",
        help="rows that repeat another one exactly: hold them for a decision (default), or load them",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(run=run_import)


def run_import(options: argparse.Namespace) -> int:
    """Import a file; 0 if every row is accounted for, 1 if the import failed.

    Raises:
        CannotStart: no nCEN runs here.
        Refused: the file cannot be read.
    """
    if not os.environ.get(CONFIG_VARIABLE):
        raise not_running()
    try:
        return asyncio.run(import_file(options))
    except Unavailable as error:
        raise not_running() from error
    except KeyboardInterrupt:
        tell(translate(N_("The import goes on without this command; the page Imports shows it.")))
        return EXIT_REFUSED


def not_running() -> CannotStart:
    """What is said when there is nothing to import into."""
    return CannotStart(
        N_(
            "No running nCEN was found, so nothing was loaded. Start it with “make run” in another terminal, or name its data folder with --state."
        )
    )


def open_file(path: Path) -> IO[bytes]:
    """Open the file to import.

    Raises:
        Refused: it is no file, or cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused(N_("%(path)s is not a file. Nothing was loaded."), path=str(path))
        return path.open("rb")
    except OSError as error:
        raise Refused(
            N_("The file %(path)s cannot be read: %(reason)s. Nothing was loaded."),
            path=str(path),
            reason=error.strerror or str(error),
        ) from error


async def import_file(options: argparse.Namespace) -> int:
    """Store the file, ask for its import, wait for its end."""
    from appliance.app.imports import limits, service  # noqa: PLC0415 - see known_mapping
    from appliance.app.imports.mapping import find_mapping  # noqa: PLC0415 - see known_mapping
    from appliance.app.imports.schemas import Repeats  # noqa: PLC0415 - see known_mapping
    from appliance.app.imports.source import take_file  # noqa: PLC0415 - see known_mapping
    from appliance.core import db  # noqa: PLC0415 - see known_mapping
    from appliance.core.audit import current_actor, operator  # noqa: PLC0415 - see known_mapping

    current_actor.set(operator())
    with open_file(options.file) as stream:
        await db.fetch_value("SELECT 1")
        mapping = find_mapping(options.mapping)
        digest, size = await asyncio.to_thread(take_file, stream, limits.FILE_BYTES, mapping)
    await db.start_pool(size=1)
    try:
        request = service.Request(
            digest,
            options.file.name,
            size,
            options.mapping,
            options.dry_run,
            Repeats(options.repeats),
        )
        batch = await wait(await service.start(request))
    finally:
        await db.close_pool()
    show(batch, as_json=options.json)
    return EXIT_DONE if batch.state.value in {"DONE", "CHECKED"} else EXIT_REFUSED


async def wait(batch: Batch) -> Batch:
    """Follow an import to its end.

    Raises:
        Refused: nothing takes it up.
    """
    from appliance.app.imports import limits, service  # noqa: PLC0415 - see known_mapping
    from appliance.core import clock  # noqa: PLC0415 - see known_mapping

    line = Progress()
    begun = clock.monotonic()
    told = False
    while not batch.ended:
        await asyncio.sleep(limits.POLL_SECONDS)
        batch = await following(batch)
        line.show(batch)
        waited = clock.monotonic() - begun
        if batch.state.value == "UPLOADED" and not told and waited > limits.NOTICE_SECONDS:
            told = True
            tell(
                translate(
                    N_("The import waits: another one is running, or “ncen work” does not run.")
                )
            )
        if batch.state.value == "UPLOADED" and waited > limits.WAIT_SECONDS and not await busy():
            await service.cancel(batch.id)
            raise Refused(
                N_(
                    "Nothing took up the import, so it was withdrawn and nothing was loaded. Start “ncen work”, then import the file again."
                )
            )
    line.end()
    return batch


async def following(batch: Batch) -> Batch:
    """The import as it stands now; while the database is away, as it stood."""
    from appliance.app.imports import service  # noqa: PLC0415 - see known_mapping
    from appliance.core.db import CONNECTION_ERRORS  # noqa: PLC0415 - see known_mapping

    try:
        return await service.get(batch.id)
    except (Unavailable, NotFound, *CONNECTION_ERRORS):
        return batch


async def busy() -> bool:
    """Whether another import is being carried out."""
    from appliance.app.imports import queries  # noqa: PLC0415 - see known_mapping

    return await queries.count_working() > 0


class Progress:
    """How far an import is, on one line of a terminal; silent elsewhere."""

    def __init__(self) -> None:
        self.shown = ""
        self.alive = sys.stderr.isatty()

    def show(self, batch: Batch) -> None:
        """Show the present state, if it changed."""
        total = max(batch.lines - 1, batch.rows, 1)
        text = f"{batch.state.value.lower():<11} {batch.rows:>10,} / {total:,}  {batch.rows * 100 // total} %"
        if self.alive and text != self.shown:
            sys.stderr.write(f"\r{text:<60}")
            sys.stderr.flush()
            self.shown = text

    def end(self) -> None:
        """Leave the line."""
        if self.shown:
            sys.stderr.write("\n")


def tell(text: str) -> None:
    """Say something that is not the report."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def show(batch: Batch, *, as_json: bool) -> None:
    """Print the report."""
    import msgspec  # noqa: PLC0415 - see known_mapping

    from appliance.app.imports import service  # noqa: PLC0415 - see known_mapping

    report = service.report(batch)
    if as_json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
        return
    lines = [report.error] if report.error else []
    for label, count in (
        (N_("rows"), report.rows),
        (N_("would be loaded") if report.dry_run else N_("loaded"), report.loaded),
        (N_("held, as exact repeats"), report.held),
        (N_("duplicates of cases that are there"), report.duplicates),
        (N_("rejected"), report.rejected),
    ):
        lines.append(f"{count:>12,}  {translate(label)}")
    for reason in report.reasons:
        where = f"{reason.column}: " if reason.column else ""
        lines.append(f"{reason.count:>12,}    {where}{reason.text}")
    rate = report.rows / report.seconds if report.seconds else 0
    lines.append(
        translate(
            N_("%(seconds)s seconds, %(rate)s rows per second. Import %(id)s."),
            seconds=report.seconds,
            rate=f"{rate:,.0f}",
            id=report.id,
        )
    )
    sys.stdout.write("\n".join(lines) + "\n")
