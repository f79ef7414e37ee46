"""A run over many documents: plan, workers, outputs, manifest and report brought together."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from pathlib import Path

from dehusk.batch import WARM
from dehusk.batch.cleaning import Cleaning, Result
from dehusk.batch.encodings import Encoding, JsonLines, Parquet, common
from dehusk.batch.folder import Folder
from dehusk.batch.manifest import Manifest
from dehusk.batch.output import scratch_beside, scratch_in
from dehusk.batch.plan import Plan, Step
from dehusk.batch.progress import Progress
from dehusk.batch.records import ending, split
from dehusk.batch.repeats import Counting, Store, Table, Tally
from dehusk.batch.report import MOST_LISTED, Report
from dehusk.batch.stream import Place, Stream, check_free
from dehusk.batch.task import File, Inline, Shape, Task, Trouble
from dehusk.digest import digest
from dehusk.errors import InputError, OutputError
from dehusk.files import not_written
from dehusk.version import state_of_program
from dehusk.workers import Failure, Limits, Pool


@dataclass(frozen=True)
class Run:
    """What is to be done, and how; ``say`` is told in one line what goes wrong.

    Each of the methods does it all, and returns the report. They raise OutputError when the output as a whole cannot be
    written; what happens to single documents is in the report.
    """

    plan: Plan
    cleaning: Cleaning
    say: Callable[[str], None]
    progress: Progress
    jobs: int = 1
    limits: Limits = Limits()  # noqa: RUF009 (frozen)
    force: bool = False
    repeated: bool = False
    report: Report = field(default_factory=Report)
    piped: dict[str, Inline] = field(default_factory=dict)

    def to_folder(self, folder: Path) -> Report:
        """Clean each input into the output file that the plan has for it."""
        scratch = scratch_in(folder)
        with _manifest(scratch) as manifest, self._counted(scratch) as cleaning, self._pool(cleaning) as pool:
            target = Folder(folder, scratch, manifest, cleaning)
            for is_archive, steps in groupby(self.plan.steps(), lambda step: step.is_archive):
                if not is_archive:
                    self._files(steps, target, pool, manifest)
                    continue
                for step in steps:
                    assert step.output is not None  # noqa: S101
                    try:
                        target.check_inside(step.output)
                    except OutputError as error:
                        self._note(Task(step.input.name, Trouble(str(error))), Result("failed", str(error)))
                        continue
                    try:
                        self._stream(Place(step.output, scratch), [step], pool, manifest, cleaning)
                    except InputError as error:  # nothing at all can be read, as without pyarrow
                        self._note(Task(step.input.name, Trouble(str(error))), Result("failed", str(error)))
        _sweep(scratch)
        return self.report

    def to_stream(self, path: Path, shard_bytes: int) -> Report:
        """Clean all inputs into one file of records, or into shards of about so many bytes."""
        scratch = scratch_beside(path)
        place = Place(path, scratch, shard_bytes)
        with _manifest(scratch) as manifest:
            check_free(place, manifest)
            with self._counted(scratch) as cleaning, self._pool(cleaning) as pool:
                self._stream(place, None, pool, manifest, cleaning)
        _sweep(scratch)
        return self.report

    def to_writer(self, write: Callable[[bytes], None]) -> Report:
        """Clean all inputs and hand what there is to write, document by document, to ``write``."""
        with self._counted(None) as cleaning, self._pool(cleaning) as pool:
            for task, result in self._results(pool, self._tasks(self.plan.steps())):
                self._note(task, result)
                if result.output:
                    write(result.output)
        return self.report

    def _files(self, steps: Iterable[Step], folder: Folder, pool: Pool[Task, Result], manifest: Manifest) -> None:
        def tasks() -> Iterator[Task]:
            for step in steps:
                known = manifest.known(step.output) if step.output and not self.force else None
                for task in self._tasks([step]):
                    yield replace(task, known=known, carried=step)

        for task, result in self._results(pool, tasks(), folder.known):
            self._note(task, folder.put(task, result))

    def _stream(
        self,
        place: Place,
        steps: Iterable[Step] | None,
        pool: Pool[Task, Result],
        manifest: Manifest,
        cleaning: Cleaning,
    ) -> None:
        """Clean the documents of some inputs, of all without ``steps``, into one stream."""
        shape: Shape = "row" if ending(place.path.name) == ".parquet" else "record"

        def tasks() -> Iterator[Task]:
            for task in self._tasks(self.plan.steps() if steps is None else steps):
                yield replace(task, shape=shape)

        stream = Stream(place, self._encoding(place.path, steps), manifest, cleaning)
        done = 0
        if self.force:
            stream.restart()
        else:
            point = stream.resume(tasks, lambda task: self.progress.add(task.size))
            for name, reason in self.report.add_earlier(point, stream.missing(MOST_LISTED)):
                self.say(f"{name}: {reason}")
            if point.complete:
                return
            done = point.position
        for task, result in self._results(pool, islice(tasks(), done, None)):
            stream.add(task, result)
            self._note(task, result)
        if stream.finish():
            self.say(f"{place.path}: nothing was cleaned, and something failed; what an earlier run made stays")

    def _encoding(self, path: Path, steps: Iterable[Step] | None) -> Encoding:
        suffix = ending(path.name)
        if suffix != ".parquet":
            return JsonLines(Path(suffix).suffix if suffix.endswith((".gz", ".zst")) else "")
        from dehusk.batch.records.parquet import schema

        schemas, others = [], False
        for step in self.plan.steps() if steps is None else steps:
            if ending(step.input.path) != ".parquet":
                others = True
                continue
            try:
                schemas.append((step.input.name, schema(step.input.path, self.cleaning.reading.field)))
            except InputError:
                continue  # said when it is its turn
        return Parquet(common(schemas), from_others=others)

    def _results(
        self,
        pool: Pool[Task, Result],
        tasks: Iterable[Task],
        known: Callable[[Task], Result | None] = lambda _task: None,
    ) -> Iterator[tuple[Task, Result]]:
        for task, answer in pool.run(tasks, known):
            yield task, Result("failed", answer.reason) if isinstance(answer, Failure) else answer

    def _note(self, task: Task, result: Result) -> None:
        self.report.add(task, result)
        self.progress.add(task.size, failed=result.status == "failed")
        if result.status in ("empty", "failed") or (result.reason and isinstance(task.source, Trouble)):
            self.say(f"{task.name}: {result.reason}")

    def _tasks(self, steps: Iterable[Step]) -> Iterator[Task]:
        for step in steps:
            item = step.input
            if item.trouble or item.passed_over:
                yield Task(item.name, Trouble(item.trouble or item.passed_over, fails=bool(item.trouble)))
            elif step.is_archive:
                for task in split(item, self.cleaning.reading.field):
                    yield replace(task, config=step.config)
            elif item.is_regular:
                yield Task(item.name, File(item.path), step.config, step.size, step.size)
            else:
                yield self._piped(step)

    def _piped(self, step: Step) -> Task:
        """Return the task for standard input or a pipe, which workers cannot read, and nobody can twice."""
        path = step.input.path
        if path not in self.piped:
            try:
                self.piped[path] = Inline(step.input.read(), path)
            except InputError as error:
                return Task(step.input.name, Trouble(str(error)))
        source = self.piped[path]
        return Task(step.input.name, source, step.config, len(source.content), len(source.content))

    def _pool(self, cleaning: Cleaning) -> Pool[Task, Result]:
        limits = replace(self.limits, mapped=cleaning.counts.size()) if cleaning.counts else self.limits
        return Pool(cleaning, jobs=self.jobs, limits=limits, notice=self.say, warm=WARM)

    @contextmanager
    def _counted(self, scratch: Path | None) -> Iterator[Cleaning]:
        """Give how documents are cleaned: with counts of their lines over all of them, if these are asked for."""
        if not self.repeated:
            yield self.cleaning
            return
        folder = Path(tempfile.mkdtemp(prefix="repeated-", dir=scratch))
        try:
            table = self._known_table(scratch) or self._count(folder, scratch)
            seen = table.digest()
            prints = tuple(digest(fingerprint, seen) for fingerprint in self.cleaning.fingerprints)
            yield replace(self.cleaning, counts=table, fingerprints=prints)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _known_table(self, scratch: Path | None) -> Table | None:
        """Return the counts of an earlier run over the same inputs, as far as their sizes and times tell."""
        if scratch is None or self.force or not all(step.input.is_regular for step in self.plan.steps()):
            return None
        return Store(scratch / "repeated").get(self._table_key())

    def _table_key(self) -> bytes:
        reading = repr(self.cleaning.reading).encode("utf-8", "replace")
        return digest(self.plan.digest(), b"runs", reading, state_of_program().encode())

    def _count(self, folder: Path, scratch: Path | None) -> Table:
        size = self.progress.size
        self.progress.begin("looking for repeated lines", size)
        tally = Tally(folder)
        job = Counting(self.cleaning.reading)
        try:
            with Pool(job, jobs=self.jobs, limits=self.limits, notice=self.say, warm=WARM) as pool:
                for task, answer in pool.run(self._tasks(self.plan.steps())):
                    if not isinstance(answer, Failure):
                        tally.add(answer)
                    self.progress.add(task.size)
            table = tally.finish()
            if scratch is not None:
                table = Store(scratch / "repeated").put(self._table_key(), folder)
        except OSError as error:
            raise not_written(folder, error) from error
        self.progress.begin("cleaning", size)
        return table


@contextmanager
def _manifest(scratch: Path) -> Iterator[Manifest]:
    manifest = Manifest(scratch)
    try:
        yield manifest
    finally:
        manifest.close()


def _sweep(scratch: Path) -> None:
    """Remove what ended runs left behind; a run that comes to its end needs none of it."""
    for path in scratch.glob("*.part*"):
        path.unlink(missing_ok=True)
    for path in scratch.glob("repeated-*"):
        shutil.rmtree(path, ignore_errors=True)
    (scratch / "output").unlink(missing_ok=True)
