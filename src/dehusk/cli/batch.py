"""Cleaning many documents: the options for it, and what they make of a run."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from glob import has_magic
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from dehusk.batch import WARM
from dehusk.batch.discovery import Input, Search, names
from dehusk.batch.output import Outputs, Target
from dehusk.batch.records import ALL_SUFFIXES, ending
from dehusk.cli import EXIT_FAILED
from dehusk.cli.messages import Stdout
from dehusk.cli.options import Session, option
from dehusk.cores import cores
from dehusk.errors import InputError, OutputError
from dehusk.files import STDIN, is_folder, write
from dehusk.writers import WRITERS

TIME_LIMIT = 60.0  # seconds
MEMORY_LIMIT = 2 << 30  # bytes
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Size(click.ParamType[int]):
    """A number of bytes such as ``500M``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: D102
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)I?B?", str(value).upper())
        if not match or float(match[1]) <= 0:
            self.fail(f"{value!r} is no size; write a number with K, M or G behind it, such as 500M", param, ctx)
        return int(float(match[1]) * _UNITS[match[2]])


def _positive(_context: click.Context, parameter: click.Parameter, value: float) -> float:
    if not 0 < value < inf:
        raise click.BadParameter(f"{value:g} is no length of time", param=parameter)
    return value


OPTIONS = (
    option("--files-from", metavar="FILE|-", group="Input",
           help="Clean also the files named in FILE, one a line or with NUL behind each."),
    option("--field", metavar="NAME", default="", group="Input",
           help="Field of records with the page or text.  [default: html, text, content or raw_content]"),
    option("--follow-links", is_flag=True, group="Input", help="Follow links out of a folder, and to folders."),
    option("--repeated", is_flag=True, group="Rules",
           help="Remove what stands on most pages of a site; takes two passes."),
    option("--shard-size", type=Size(), default=0, metavar="SIZE", group="Output",
           help="Write records to shards of about this size, such as 500M."),
    option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", group="Batches",
           help="Processes that clean.  [default: one for each core]"),
    option("--time-limit", type=float, default=TIME_LIMIT, callback=_positive, metavar="SECONDS", group="Batches",
           help="Longest time for a document.  [default: 60]"),
    option("--memory-limit", type=Size(), default=MEMORY_LIMIT, metavar="SIZE", group="Batches",
           help="Most memory for a document.  [default: 2G]"),
    option("--force", is_flag=True, group="Batches", help="Clean again what an earlier run has cleaned."),
    option("--report", type=click.Path(dir_okay=False), metavar="FILE", group="Batches",
           help="Write a report in JSON, and show it."),
    option("-q", "--quiet", is_flag=True, group="Batches", help="Show no progress and no summary."),
)  # fmt: skip


def batch_options(function: Any) -> Any:
    """Add the options for many documents."""
    for decorate in reversed(OPTIONS):
        function = decorate(function)
    return function


def is_batch(options: Mapping[str, Any]) -> bool:
    """Whether what is asked for takes more than reading some files one after the other."""
    paths, output = options["paths"], options["output"]
    to_file = bool(output) and output != STDIN
    return (
        any(map(_holds_many, paths))
        or any(options[name] for name in ("files_from", "jobs", "repeated", "force", "report", "shard_size"))
        or options["time_limit"] != TIME_LIMIT
        or options["memory_limit"] != MEMORY_LIMIT
        or (to_file and (len(paths) > 1 or _is_folder(output) or _is_stream(output)))
    )


def _holds_many(path: str) -> bool:
    if path == STDIN:
        return False
    return is_folder(path) or bool(ending(path)) or (has_magic(path) and not os.path.lexists(path))


def _is_folder(output: str) -> bool:
    return output.endswith("/") or is_folder(output)


def _is_stream(output: str) -> bool:
    return bool(ending(output))


def target(options: Mapping[str, Any]) -> Target:
    """Return where output goes. Raises OutputError when it cannot all go there."""
    output, writer = options["output"], options["writer"]
    if not output or output == STDIN:
        if writer == "json":
            raise OutputError("many documents are not one JSON object; use -f jsonl, or -o with a folder")
        return Target()
    many = options["files_from"] or any(map(_holds_many, options["paths"]))
    if _is_folder(output) or (many and not _is_stream(output) and writer != "jsonl"):
        if options["shard_size"]:
            raise OutputError("--shard-size is for one stream of records; name a file such as -o out.jsonl.zst")
        return Target(folder=Path(output))
    if _is_stream(output) or writer == "jsonl":
        if ending(output).startswith((".warc", ".wet")):
            raise OutputError(f"{output}: WARC is not written; use .jsonl, .jsonl.gz, .jsonl.zst or .parquet")
        if writer == "json" or (writer == "jsonl" and ending(output) == ".parquet"):
            raise OutputError(f"-f {writer} does not fit into {output}; use -f text or markdown")
        if ending(output) == ".parquet":
            _require_parquet()
        return Target(stream=Path(output))
    if (count := len(options["paths"])) > 1:
        raise OutputError(f"{count} inputs do not fit into the file {output}; end its name in / for a folder")
    return Target(file=Path(output))


def _require_parquet() -> None:
    from dehusk.batch.records.parquet import modules

    try:
        modules()
    except InputError as error:
        raise OutputError(str(error)) from error


def clean_batch(session: Session, options: Mapping[str, Any]) -> int:
    """Clean what the options name and return the exit code. Raises OutputError, ConfigError."""
    from dehusk.workers import Limits, prepare

    where = target(options)
    if options["force"] or not where.is_begun:
        prepare(WARM)  # at once, so that it is ready when we are
    from dehusk.batch.cleaning import Cleaning
    from dehusk.batch.plan import Plan
    from dehusk.batch.progress import Progress
    from dehusk.batch.report import Report
    from dehusk.batch.run import Run
    from dehusk.cli.progress import shown, tell

    start = perf_counter()
    writer = WRITERS[options["writer"]]
    plan = Plan(where.folder, writer.suffix)
    configs = session.numbered()
    report_to = [Path(options["report"])] if options["report"] else []
    replaced = Outputs([*where.files(sharded=bool(options["shard_size"])), *report_to])
    search = Search(ALL_SUFFIXES, options["follow_links"], where.excludes)
    for turn, item in _inputs(options, search):
        replaced.check_not_input(item)
        plan.add(turn, item, configs.number(item))
    count, size = plan.totals()
    if not count:
        if not options["paths"]:
            raise click.UsageError(f"{options['files_from']} names no file")
        raise click.UsageError(
            f"no page or text in {', '.join(options['paths'])}: "
            "files there must end in .html, .txt or .md, or be archives, .jsonl, .warc or .parquet"
        )
    if options["report"] and (where.is_of_stream(options["report"]) or plan.writes(Path(options["report"]))):
        raise OutputError(f"{options['report']} is where cleaned text goes; choose another file for the report")
    cleaning = Cleaning(
        rules=tuple(config.active for config in configs.found),
        reading=session.reading(options["field"]),
        writer=options["writer"],
        fingerprints=configs.fingerprints(options["writer"], options["field"]),
    )
    progress = Progress(size)
    with shown(progress, quiet=options["quiet"]) as say:
        run = Run(
            plan,
            cleaning,
            say,
            progress,
            jobs=options["jobs"] or cores(),
            limits=Limits(options["time_limit"], options["memory_limit"]),
            force=options["force"],
            repeated=options["repeated"],
            report=Report(others=search.others),
        )
        try:
            if where.folder is not None:
                report = run.to_folder(where.folder)
            elif where.stream is not None:
                report = run.to_stream(where.stream, options["shard_size"])
            else:
                report = run.to_writer(partial(write, where.file) if where.file else Stdout(writer.separator))
        except KeyboardInterrupt:
            say("interrupted" + ("; the same command goes on from here" if where.is_kept else ""))
            raise
    if options["report"]:
        report.write(Path(options["report"]), perf_counter() - start)
    if not options["quiet"]:
        tell(report, table=bool(options["report"]) or sys.stderr.isatty())
    return 0 if report.flawless else EXIT_FAILED


def _inputs(options: Mapping[str, Any], search: Search) -> Iterator[tuple[int, Input]]:
    """Yield the inputs, each with the number of the argument, or line of a list, that it was found for."""
    paths = options["paths"]
    if not paths and not options["files_from"]:
        paths = (STDIN,)
    for turn, path in enumerate(paths):
        for item in search.find(path):
            yield turn, item
    if options["files_from"]:
        try:
            for turn, path in enumerate(names(options["files_from"]), len(paths)):
                for item in search.listed(path):
                    yield turn, item
        except InputError as reason:
            raise click.UsageError(str(reason)) from reason
