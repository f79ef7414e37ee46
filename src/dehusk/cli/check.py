"""``dehusk check [PATH]...``: report husk in files of text, and fix it if asked."""

import json
import os
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dehusk.cli import EXIT_FINDINGS, EXIT_USAGE
from dehusk.cli.messages import error, printable
from dehusk.cli.options import Command, PathName, complete_rule, configured, option, split
from dehusk.errors import ConfigError, InputError, OutputError
from dehusk.files import STDIN, write
from dehusk.linter.baseline import Baseline
from dehusk.linter.cache import FOLDER, Cache
from dehusk.linter.discovery import Discovery
from dehusk.linter.file import Mode, Task
from dehusk.linter.formats import FORMATS, writer
from dehusk.linter.report import MARKS, FileReport, Fix
from dehusk.linter.runner import run
from dehusk.linter.settings import Resolver, Settings
from dehusk.linter.sources import kind_of
from dehusk.readers.encoding import decode
from dehusk.readers.sniff import sniff
from dehusk.rules import RULES

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("check", cls=Command)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PathName())
@option("--stdin-filename", metavar="NAME", group="Input", help="What to call standard input, and choose settings by.")
@option("--text-field", metavar="NAME", group="Input", help="Field of JSON Lines with the text.  [default: text]")
@option("--html", is_flag=True, group="Input", help="Check pages too, on the text that dehusk makes of them.")
@option("--exclude", metavar="PATTERNS", multiple=True, group="Input", help="Leave these out, with commas.")
@option("--force-exclude", is_flag=True, group="Input", help="Leave out what is excluded even if it is named.")
@option("--no-respect-gitignore", is_flag=True, group="Input", help="Check also what .gitignore names.")
@option("--show-files", is_flag=True, group="Input", help="List the files that would be checked.")
@option("--select", metavar="RULES", multiple=True, group="Rules", shell_complete=complete_rule,
        help="Run only these: codes, prefixes, names or ALL, with commas.")  # fmt: skip
@option("--extend-select", metavar="RULES", multiple=True, group="Rules", shell_complete=complete_rule,
        help="Run these as well.")  # fmt: skip
@option("--ignore", metavar="RULES", multiple=True, group="Rules", shell_complete=complete_rule,
        help="Do not run these.")  # fmt: skip
@option("--per-file-ignores", metavar="PATTERN:RULE", multiple=True, group="Rules",
        help="Do not run a rule on some files, with commas.")  # fmt: skip
@option("--config", metavar="FILE|KEY=VALUE", multiple=True, group="Rules",
        help="Configuration file instead of the closest one, or a single setting.")  # fmt: skip
@option("--isolated", is_flag=True, group="Rules", help="Use no configuration file.")
@option("--show-settings", is_flag=True, group="Rules", help="Show the settings in force for the first file.")
@option("--fix", is_flag=True, group="Fixes", help="Mend white space and Unicode.")
@option("--unsafe-fixes", is_flag=True, group="Fixes", help="With --fix or --diff: also remove content.")
@option("--diff", is_flag=True, group="Fixes", help="Show what --fix would change, and write nothing.")
@option("--output-format", type=click.Choice(list(FORMATS)), group="Output",
        help="Form of the findings.  [default: full on a terminal, else concise]")  # fmt: skip
@option("-o", "--output-file", type=_FILE, metavar="FILE", group="Output", help="Write the findings to a file.")
@option("--statistics", is_flag=True, group="Output", help="Count findings by rule instead of listing them.")
@option("-q", "--quiet", is_flag=True, group="Output", help="Do not sum up.")
@option("--exit-zero", is_flag=True, group="Output", help="Exit with 0 even if there are findings.")
@option("--exit-non-zero-on-fix", is_flag=True, group="Output", help="Exit with 1 if anything was fixed.")
@option("--baseline", type=_FILE, metavar="FILE", group="Baseline", help="Report only findings that are not in FILE.")
@option("--write-baseline", type=_FILE, metavar="FILE", group="Baseline", help="Write all findings to FILE.")
@option("--prune-baseline", is_flag=True, group="Baseline", help="Take out of the baseline what is no longer found.")
@option("-j", "--jobs", type=click.IntRange(min=0), default=0, metavar="N", group="Other",
        help="Work in so many processes; 0 for as many as help.  [default: 0]")  # fmt: skip
@option("--no-cache", is_flag=True, group="Other", help="Neither use nor keep findings of earlier runs.")
@option("--clear-cache", is_flag=True, group="Other", help="Forget the findings of earlier runs first.")
@option("--cache-dir", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER", group="Other",
        envvar="DEHUSK_CACHE_DIR", help=f"Where to keep findings.  [default: {FOLDER}]")  # fmt: skip
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Report husk in text files and JSON Lines; the current folder when no PATH is given, standard input for -.

    Each finding is a line `path:line:column: CODE message`, with [*] if --fix mends it and [-] if --unsafe-fixes does.
    Exit codes: 0 nothing found, 1 findings, 2 wrong usage or configuration, or a file that could not be checked.
    """
    _require_sense(options)
    ctx.exit(_Check(options).run())


def _require_sense(options: Mapping[str, Any]) -> None:
    """Raise UsageError for options that say nothing together."""
    if options["baseline"] and options["write_baseline"]:
        raise click.UsageError("--write-baseline writes all findings; use it without --baseline")
    if options["prune_baseline"] and not options["baseline"]:
        raise click.UsageError("--prune-baseline needs --baseline FILE")
    if options["unsafe_fixes"] and not (options["fix"] or options["diff"]):
        raise click.UsageError("--unsafe-fixes needs --fix, or --diff to see what it would change")
    if STDIN in options["paths"] and len(options["paths"]) > 1:
        raise click.UsageError("standard input cannot be checked together with files")
    if options["stdin_filename"] and options["paths"] not in ((), (STDIN,)):
        raise click.UsageError("--stdin-filename says what standard input is called; name no other file")


class _Check:
    """One run of the command."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._mode: Mode = "diff" if options["diff"] else "fix" if options["fix"] else "check"
        self._resolver = _resolver(options)
        self._discovery = Discovery(self._resolver, options["force_exclude"])
        self._failed = False
        self._unfixed = b""
        self._files = self._fixed = self._changed = 0
        self._counts: Counter[tuple[str, Fix]] = Counter()
        self._dirty = 0

    def run(self) -> int:
        """Do what the options say, and return the exit code."""
        try:
            return self._run()
        finally:
            # Whatever went wrong: an editor that filters its text through this must not lose it.
            _print(self._unfixed)

    def _run(self) -> int:
        options = self._options
        tasks = list(self._stdin() if self._is_stdin else self._tasks())
        if options["show_files"]:
            names = "".join(f"{task.name}\n" for task in tasks)
            _print(names if _is_terminal(err=False) else os.fsencode(names))
            return self._exit_code()
        if options["show_settings"]:
            name = tasks[0].name if tasks and not self._is_stdin else "."
            _print(_settings_text(name, self._resolver.settings(Path(name).absolute().parent if tasks else Path.cwd())))
            return self._exit_code()
        self._require_inputs_stay(tasks)
        cache = Cache(None if options["no_cache"] or self._is_stdin else self._cache_folder())
        if options["clear_cache"]:
            Cache(self._cache_folder()).clear()
        path = options["baseline"] or options["write_baseline"]
        baseline = Baseline.load(path) if options["baseline"] else Baseline(path) if path else None
        self._output(self._counted(self._reports(tasks, cache), baseline))
        if baseline:
            self._tend(baseline, {rule.code for task in tasks for rule in task.rules})
        if not options["quiet"]:
            self._sum_up()
        return self._exit_code()

    @property
    def _is_stdin(self) -> bool:
        return STDIN in self._options["paths"] or (bool(self._options["stdin_filename"]) and not self._options["paths"])

    def _tasks(self) -> Iterator[Task]:
        named = set(self._options["paths"])
        for found in self._discovery.files(self._options["paths"] or (".",)):
            if isinstance(found, InputError):
                self._complain(str(found))
                continue
            path = Path(found).absolute()
            settings = self._resolver.settings(path.parent)
            if self._is_left(found, settings, is_page=kind_of(found) == "html"):
                continue
            yield self._task(found, settings, path, is_chosen=found in named)

    def _stdin(self) -> Iterator[Task]:
        name = self._options["stdin_filename"] or "<stdin>"
        path = Path(name).absolute()
        data = sys.stdin.buffer.read()
        if self._mode == "fix":
            self._unfixed = data
        if self._options["force_exclude"] and self._discovery.is_excluded(path):
            return
        settings = self._resolver.settings(path.parent)
        is_page = kind_of(name) == "html" or (not self._options["stdin_filename"] and sniff(data) == "html")
        if self._is_left(name, settings, is_page=is_page):
            return
        task = self._task(name, settings, path, data=data)
        yield replace(task, kind="html") if is_page else task

    def _is_left(self, name: str, settings: Settings, *, is_page: bool) -> bool:
        """Return, after saying so, whether a file is a page that nobody asked to check."""
        if is_page and not settings.html:
            error(f"{name}: a page, and not checked; --html checks the text that dehusk makes of it")
        return is_page and not settings.html

    def _task(self, name: str, settings: Settings, path: Path, **values: Any) -> Task:
        unsafe = self._options["unsafe_fixes"]
        return Task(name, kind_of(name), settings.rules(path), settings.text_field, self._mode, unsafe, **values)

    def _require_inputs_stay(self, tasks: Iterable[Task]) -> None:
        """Raise OutputError, before anything is written, if an output would replace what is read, or another output."""
        options = self._options
        if not (options["output_file"] or options["write_baseline"]):
            return
        taken = dict.fromkeys((os.path.realpath(task.name) for task in tasks), "a file that is checked")
        for key in ("baseline", "write_baseline", "output_file"):
            if path := options[key]:
                real = os.path.realpath(path)
                if real in taken and key != "baseline":
                    raise OutputError(f"{path} would replace {taken[real]}; choose another output")
                taken[real] = "the baseline"

    def _cache_folder(self) -> Path:
        folder: Path | None = self._options["cache_dir"]
        return folder or self._resolver.settings(Path.cwd()).root / FOLDER

    def _reports(self, tasks: Sequence[Task], cache: Cache) -> Iterator[FileReport]:
        for report in run(tasks, cache, self._options["jobs"]):
            for problem in report.problems:
                self._complain(f"{report.file}: {problem}")
            if report.output is not None:
                _print(report.output)
                self._unfixed = b""
            yield report

    def _counted(self, reports: Iterable[FileReport], baseline: Baseline | None) -> Iterator[FileReport]:
        """Yield the reports, less what the baseline knows, and count what is in them."""
        for whole in reports:
            report = baseline.news(whole) if baseline else whole
            self._files += 1
            self._fixed += report.fixed
            self._changed += report.fixed > 0
            self._dirty += bool(report.findings)
            self._counts.update((found.rule, found.fix) for found in report.findings)
            yield report

    def _output(self, reports: Iterable[FileReport]) -> None:
        options = self._options
        file: Path | None = options["output_file"]
        # Fixed standard input goes to standard output, and its findings must not.
        to_error = self._is_stdin and self._mode == "fix"
        terminal = not file and _is_terminal(err=to_error)
        name = options["output_format"] or ("full" if terminal else "concise")
        ours = False
        if self._mode == "diff":
            pieces: Iterable[str] = (report.diff for report in reports)
        elif options["write_baseline"]:
            pieces = ("" for _ in reports)
        elif options["statistics"]:
            pieces = _statistics(reports, self._counts, as_json=name.startswith("json"))
        elif name == "full" and terminal:
            from dehusk.linter.formats.full import write_colored

            pieces, ours = write_colored(reports), True
        else:
            pieces = writer(name)(reports)
        if file:
            write(file, _encoded("".join(pieces)))
            return
        for piece in pieces:
            _print(piece, err=to_error, ours=ours)

    def _tend(self, baseline: Baseline, rules: Collection[str]) -> None:
        options = self._options
        if options["write_baseline"]:
            baseline.write()
            return
        stale = list(baseline.stale(rules))
        for entry, count in stale:
            times = f" (×{count})" if count > 1 else ""
            error(f"{options['baseline']}: no longer found: {entry}{times}")
        if stale and options["prune_baseline"]:
            baseline.prune(rules)
        elif stale and not options["quiet"]:
            _print(f"--prune-baseline takes {len(stale)} of its entries out\n", err=True)

    def _sum_up(self) -> None:
        files = _number(self._files, "file")
        total = self._counts.total()
        if not self._files and not self._failed:
            error("there is nothing to check: no file there is text, or all are excluded; see --show-files")
            return
        if self._options["write_baseline"]:
            _print(f"{self._options['write_baseline']}: {_number(total, 'finding')} in {files}\n", err=True)
            return
        parts = []
        if self._fixed:
            verb = "would fix" if self._mode == "diff" else "fixed"
            parts.append(f"{verb} {_number(self._fixed, 'finding')} in {_number(self._changed, 'file')}")
        left = " left" if self._fixed else ""
        if total:
            parts.append(f"{_number(total, 'finding')}{left} in {self._dirty} of {files}")
            fixes = Counter[Fix]()
            for (_, fix), count in self._counts.items():
                fixes[fix] += count
            if fixes["safe"] and self._mode == "check":
                parts.append(f"{fixes['safe']} [*] to mend with --fix")
            if fixes["unsafe"] and not self._options["unsafe_fixes"]:
                parts.append(f"{fixes['unsafe']} [-] to remove with --fix --unsafe-fixes")
        else:
            parts.append(f"no findings{left} in {files}")
        _print("; ".join(parts) + "\n", err=True)

    def _complain(self, problem: str) -> None:
        error(problem)
        self._failed = True

    def _exit_code(self) -> int:
        options = self._options
        if self._failed:
            return EXIT_USAGE
        if self._mode == "diff":
            found = bool(self._fixed)
        else:
            found = bool(self._counts) or bool(self._fixed and options["exit_non_zero_on_fix"])
        return EXIT_FINDINGS if found and not options["exit_zero"] and not options["write_baseline"] else 0


def _resolver(options: Mapping[str, Any]) -> Resolver:
    """Return what finds the settings of a folder, with what the options say laid over them. Raises ConfigError."""
    file, tables = configured(options["config"])
    if file and options["isolated"]:
        raise click.UsageError("--isolated uses no configuration file, but --config names one")
    listed = {key: split(options[key.replace("-", "_")]) for key in ("select", "ignore", "extend-select")}
    tables += [(f"--{key}", {key: values}) for key, values in listed.items() if values]
    check: dict[str, tuple[str, Any]] = {}
    if options["text_field"]:
        check["text-field"] = "--text-field", options["text_field"]
    if options["html"]:
        check["html"] = "--html", True
    if options["no_respect_gitignore"]:
        check["respect-gitignore"] = "--no-respect-gitignore", False
    if excluded := split(options["exclude"]):
        check["exclude"] = "--exclude", excluded
    if pairs := split(options["per_file_ignores"]):
        check["per-file-ignores"] = "--per-file-ignores", _per_file(pairs)
    tables += [(source, {"check": {key: value}}) for key, (source, value) in check.items()]
    return Resolver(tables, file=file, isolated=options["isolated"])


def _per_file(pairs: Iterable[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for pair in pairs:
        pattern, colon, rule = pair.rpartition(":")
        if not (pattern and colon and rule):
            raise ConfigError(f"--per-file-ignores: '{pair}' is not PATTERN:RULE")
        table.setdefault(pattern, []).append(rule)
    return table


def _statistics(reports: Iterable[FileReport], counts: Counter[tuple[str, Fix]], *, as_json: bool) -> Iterator[str]:
    """Yield how often each rule found something, the most frequent first, after all reports have been counted."""
    for _ in reports:
        pass
    names = {rule.code: rule.name for rule in RULES}
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if as_json:
        listed = [{"rule": rule, "name": names[rule], "count": count, "fix": fix} for (rule, fix), count in rows]
        yield json.dumps(listed, indent=1) + "\n"
        return
    width = max((len(str(count)) for _, count in rows), default=0)
    for (rule, fix), count in rows:
        yield f"{count:>{width}}  {rule}  {MARKS[fix] or '   '}  {names[rule]}\n"


def _settings_text(name: str, settings: Settings) -> str:
    lines = [
        f"# in force for {name}",
        f"source = {json.dumps(str(settings.source) if settings.source else None)}",
        f"root = {json.dumps(str(settings.root))}",
    ]
    lines += (f"rules.{rule.name} = {rule!r}" for rule in settings.rules(Path(name).absolute()))
    for key in ("include", "extend_include", "exclude", "per_file_ignores", "text_field", "html", "respect_gitignore"):
        lines.append(f"check.{key.replace('_', '-')} = {json.dumps(getattr(settings, key))}")
    return "\n".join(lines) + "\n"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _is_terminal(*, err: bool) -> bool:
    return (sys.stderr if err else sys.stdout).isatty()


def _print(data: str | bytes, *, err: bool = False, ours: bool = False) -> None:
    """Write to standard output or error: as it is, but to a terminal nothing that it would obey.

    ``ours`` says that the escape codes are ours, which it is to obey. Raises OSError for standard output; of errors on
    standard error there is nowhere to tell.
    """
    if not data:
        return
    if _is_terminal(err=err) and not ours:
        data = printable(decode(data) if isinstance(data, bytes) else data)
    stream = sys.stderr if err else sys.stdout
    try:
        stream.flush()
        stream.buffer.write(data if isinstance(data, bytes) else _encoded(data))
        stream.buffer.flush()
    except OSError:
        if not err:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _encoded(text: str) -> bytes:
    """Return a text as UTF-8. What that cannot say, parts of files' names, becomes an escape as in JSON."""
    return text.encode("utf-8", "backslashreplace")
