"""What the commands compare: dehusk and its peers, each as one call from a page's bytes to a text.

An extractor that fails counts as if it had found no text, and the failure is named on standard error. A peer that is
not installed is left out.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter
from typing import Protocol, TypeVar

import click
from rich.console import Console
from rich.progress import track

import dehusk

SAFE_RULES = dehusk.Config(select=("U", "W"))
"""The rules that mend characters and white space but remove no block: what they leave is all visible text."""


@dataclass(frozen=True, slots=True)
class Extractor:
    """One way to get a text from a page: a function of the page's bytes, and the distribution that it is from.

    ``note`` says what it does if that is not what the package does by default.
    """

    package: str
    run: Callable[[bytes], str]
    note: str = ""

    @property
    def label(self) -> str:
        """The name of the package, the version that is measured, and the note."""
        return f"{self.package} {version(self.package)}" + (f", {self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class Output:
    """What an extractor made of a page: a text, how long it took, and the exception, if it ended with one."""

    text: str
    milliseconds: float
    error: str = ""


class Page(Protocol):
    """What every data set knows of a page."""

    @property
    def id(self) -> str:
        """The name of the page."""

    @property
    def html(self) -> bytes:
        """The page as fetched."""


AnyPage = TypeVar("AnyPage", bound=Page)


def run_dehusk(html: bytes) -> str:
    """Return the main text as dehusk's default rules find it."""
    return dehusk.clean(html, format="html").text


def run_all_text(html: bytes) -> str:
    """Return all visible text as dehusk reads it: what it would score if it removed nothing."""
    return dehusk.clean(html, format="html", config=SAFE_RULES).text


def run_readability(html: bytes) -> str:
    """Return the main text as readability-lxml finds it, with its defaults.

    It gives HTML. The pieces of text between tags are joined by line ends: ``text_content()`` of lxml joins
    them by nothing, which glues the last word of a paragraph to the first of the next and costs .006 of F1.
    """
    from lxml.html import fromstring
    from readability import Document

    summary = Document(html.decode("utf-8", "replace")).summary()
    return "\n".join(fromstring(summary).itertext())


def run_trafilatura(html: bytes) -> str:
    """Return the main text as trafilatura finds it, with its defaults; ``None`` counts as none."""
    from trafilatura import extract

    return extract(html) or ""


def run_trafilatura_without_comments(html: bytes) -> str:
    """Return the main text as trafilatura finds it when told to leave readers' comments out."""
    from trafilatura import extract

    return extract(html, include_comments=False) or ""


def run_resiliparse(html: bytes) -> str:
    """Return the main text as resiliparse finds it, in the encoding that it detects.

    Descriptions of images are left out: no annotated text has them, and they would cost it .010 of F1.
    """
    from resiliparse.extract.html2text import extract_plain_text

    text: str = extract_plain_text(_decoded(html), main_content=True, alt_texts=False)
    return text


def run_resiliparse_all_text(html: bytes) -> str:
    """Return all visible text as resiliparse finds it, without descriptions of images."""
    from resiliparse.extract.html2text import extract_plain_text

    text: str = extract_plain_text(_decoded(html), main_content=False, alt_texts=False)
    return text


def run_html_text(html: bytes) -> str:
    """Return all visible text as html-text finds it, with its defaults."""
    from html_text import extract_text

    text: str = extract_text(_decoded(html))
    return text


def run_beautifulsoup(html: bytes) -> str:
    """Return all text as Beautiful Soup joins it by line ends, every piece between two tags a line of its own."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "lxml").get_text("\n")


def run_justext(html: bytes) -> str:
    """Return the paragraphs that jusText takes for none of boilerplate, with its English stop list."""
    from justext import get_stoplist, justext

    paragraphs = justext(html, get_stoplist("English"))
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def run_boilerpy3(html: bytes) -> str:
    """Return the main text as the article extractor of boilerpy3 finds it."""
    from boilerpy3.extractors import ArticleExtractor

    text: str = ArticleExtractor().get_content(_decoded(html))
    return text


def _decoded(html: bytes) -> str:
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    text: str = bytes_to_str(html, detect_encoding(html) or "utf-8")
    return text


def run_lxml(html: bytes) -> str:
    """Build the tree of the page with lxml and return nothing: what most extractors pay before they begin."""
    from lxml.html import document_fromstring

    document_fromstring(html)
    return ""


DEHUSK = Extractor("dehusk", run_dehusk)
ALL_TEXT = Extractor("dehusk", run_all_text, "all visible text")
READABILITY = Extractor("readability-lxml", run_readability)
TRAFILATURA = Extractor("trafilatura", run_trafilatura)
TRAFILATURA_WITHOUT_COMMENTS = Extractor("trafilatura", run_trafilatura_without_comments, "no comments")
RESILIPARSE = Extractor("resiliparse", run_resiliparse)
LXML = Extractor("lxml", run_lxml, "parse only")

ALL_TEXTS = {
    "html-text": Extractor("html-text", run_html_text),
    "bs4": Extractor("beautifulsoup4", run_beautifulsoup),
    "resiliparse-all": Extractor("resiliparse", run_resiliparse_all_text, "all text"),
}
"""Extractors that give all visible text, by short names."""
MAIN_TEXTS = {
    "resiliparse": RESILIPARSE,
    "trafilatura": TRAFILATURA,
    "readability-lxml": READABILITY,
    "justext": Extractor("jusText", run_justext),
    "boilerpy3": Extractor("boilerpy3", run_boilerpy3),
}
"""Extractors that look for the main text, by short names."""

PEERS = ("readability-lxml", "trafilatura", "resiliparse", "lxml")


def _peers(_context: click.Context, _parameter: click.Parameter, value: str) -> list[str]:
    names = [name.strip() for name in value.split(",") if name.strip()]
    if unknown := [name for name in names if name not in PEERS]:
        raise click.BadParameter(f"no such peer: {', '.join(unknown)}; there are {', '.join(PEERS)}")
    return names


peers_option = click.option(
    "--peers",
    callback=_peers,
    default=",".join(PEERS),
    show_default=True,
    metavar="NAMES",
    help="Packages to compare with, separated by commas; '' for none.",
)


def available(extractors: Iterable[Extractor], peers: Sequence[str], notes: Console) -> list[Extractor]:
    """Return the extractors that are dehusk's or a peer's and are installed; name in ``notes`` what is not."""
    wanted = [extractor for extractor in extractors if extractor.package in ("dehusk", *peers)]
    missing = {extractor.package for extractor in wanted if not _installed(extractor.package)}
    for package in sorted(missing):
        notes.print(f"{package} is not installed, left out")
    return [extractor for extractor in wanted if extractor.package not in missing]


def call(extractor: Extractor, html: bytes) -> Output:
    """Return text and wall-clock time of one call.

    >>> call(Extractor("dehusk", bytes.decode), b"rain").text, call(Extractor("dehusk", bytes.decode), b"\\xff").text
    ('rain', '')
    """
    text = error = ""
    start = perf_counter()
    try:
        text = extractor.run(html)
    except Exception as failure:  # noqa: BLE001 - extractors may raise anything; one page must not end the run
        error = f"{type(failure).__name__}: {failure}"
    return Output(text, (perf_counter() - start) * 1000, error)


def outputs(
    extractors: Sequence[Extractor], pages: Iterable[AnyPage], count: int, notes: Console
) -> Iterator[tuple[AnyPage, dict[Extractor, Output]]]:
    """Yield each of the ``count`` pages with what the extractors make of it, and show progress and failures.

    Every extractor gets a page before any gets the next one, so that what else the machine does slows all of them
    alike. The first page is done once before, untimed: what extractors load when first used is no cost of a page.
    """
    logging.disable()  # Peers log what they find odd about pages; it would drown the progress bar.
    for number, page in enumerate(track(pages, "Pages", count, console=notes)):
        if not number:
            for extractor in extractors:
                call(extractor, page.html)
        made = {extractor: call(extractor, page.html) for extractor in extractors}
        for extractor, output in made.items():
            if output.error:
                notes.print(f"{extractor.label}, page {page.id}: {output.error}", markup=False)
        yield page, made


def _installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True
