"""What the rule for repeated lines finds of a site's template, and what it takes of the articles.

    python benchmarks/repeated.py DATA [--fewest 5]

The pages are those of WCXB from hosts with at least so many pages, and a made-up site of 50 pages: a template of a
name, a menu, teasers, a notice and a footer around articles of their own, some of which have headings and lines in
common. They are cleaned as one batch of records with ``--repeated``, once with this rule alone and once with all
rules. A line is a template's if it is no line of the annotated text, nor, if it is long, within one.

``precision`` is the share of the removed lines that are a template's, ``recall`` the share of a template's lines that
are removed, ``recall, repeated`` the same of those that stand on at least half of the pages of their host, all of them
weighed by lines. ``lost`` counts removed lines that are in the annotated text, ``missing`` those of them that are not
left as often as they are there: a name that goes from the menu and stays in the text is not missing. With all rules,
``F1`` compares the words of what is left with the annotated text, with the rule and without it.
"""

import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import click
from dataset import data_argument
from tables import show, table
from wcxb import opened, page_ids, read_page, score

from dehusk.readers import read
from dehusk.rules.repeated import folded, lines

RULE = "D001"
_TELLING = 30  # characters


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a site, and its annotated text."""

    url: str
    html: str
    gold: str


def made_up(number: int = 50) -> list[Page]:
    """Return the pages of a site: articles with words of their own in one template."""
    rng = random.Random(7)
    words = [f"{first}{last}" for first in ("sto", "ha", "is", "fer", "kee", "lan") for last in ("rm", "r", "le", "n")]

    def text(least: int, most: int) -> str:
        return " ".join(rng.choices(words, k=rng.randint(least, most))).capitalize() + "."

    pages = []
    for index in range(number):
        kind = ("Report", "Opinion")[index % 2]
        body: list[tuple[str, str]] = [("h1", f"{text(3, 6)} {index}")]
        for section in ("What happened", "What comes next"):
            body.append(("h2", section))
            body += [("p", text(12, 40)) for _ in range(rng.randint(1, 4))]
        body.append(("p", f"Number {index} of this series."))
        article = "".join(f"<{tag}>{content}</{tag}>" for tag, content in body)
        menu = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("News", "Tides", "Letters", "Shop"))
        html = (
            f"<html><head><title>{body[0][1]}</title></head><body>"
            f"<div class='x1'><p>The Harbour Post</p><ul>{menu}</ul>"
            f"<p>{kind}s of the day</p></div><div class='x2'>{article}</div><div class='x3'><h2>Buy our almanac</h2>"
            "<p>It has the tides of the whole year, and costs as much as a loaf of bread.</p>"
            "<p>We keep a note of what you read. You can tell us not to.</p><p>Box 7, the quay</p></div></body></html>"
        )
        pages.append(Page(f"https://harbour.example/{index}", html, "\n".join(content for _, content in body)))
    return pages


def by_host(folder: Path, fewest: int) -> dict[str, list[Page]]:
    """Return the pages of hosts that have enough of them."""
    hosts: defaultdict[str, list[Page]] = defaultdict(list)
    for page_id in page_ids(folder):
        page = read_page(folder, page_id)
        host = (urlsplit(page.url).hostname or "").removeprefix("www.")
        hosts[host].append(Page(page.url, page.html.decode("utf-8", "replace"), page.gold))
    return {host: pages for host, pages in sorted(hosts.items()) if len(pages) >= fewest}


def clean(pages: Iterable[Page], work: Path, options: Sequence[str]) -> list[dict[str, Any]]:
    """Return what dehusk makes of the pages, cleaned as one file of records."""
    source, target = work / "in.jsonl", work / "out.jsonl"
    source.write_text("".join(json.dumps({"url": page.url, "html": page.html}) + "\n" for page in pages))
    command = [sys.executable, "-m", "dehusk", str(source), "-f", "jsonl", "-o", str(target), "-q", "--force", *options]
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
    return [json.loads(line) for line in target.open(encoding="utf-8")]


def removed(document: Mapping[str, Any]) -> Counter[str]:
    """Return the lines that the rule removed."""
    texts = (finding["text"] for finding in document["findings"] if finding["rule"] == RULE)
    return Counter(folded(line) for text in texts for line in text.split("\n") if line.strip())


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one page: those of the template, those of them that are repeated, and those removed."""

    template: Counter[str]
    repeated: Counter[str]
    removed: Counter[str]
    lost: int
    missing: int


def judged(pages: Sequence[Page], documents: Sequence[Mapping[str, Any]]) -> list[Lines]:
    """Return the lines of the pages of one host."""
    read_pages = (next(read(page.html.encode(), format="html", url=page.url)) for page in pages)
    found = [Counter(line for _, line in lines(document)) for document in read_pages]
    stand_on = Counter(line for counter in found for line in set(counter))
    result = []
    for page, counter, document in zip(pages, found, documents, strict=True):
        own = set(map(folded, page.gold.split("\n")))
        whole = folded(page.gold)
        template = Counter({line: n for line, n in counter.items() if not _is_own(line, own, whole)})
        repeated = Counter({line: n for line, n in template.items() if stand_on[line] >= max(5, 0.5 * len(pages))})
        gone = removed(document)
        annotated = Counter(map(folded, page.gold.split("\n"))) & counter
        missing = (annotated - (counter - gone)).total()
        result.append(Lines(template, repeated, gone, (gone - template).total(), missing))
    return result


def _is_own(line: str, own: set[str], whole: str) -> bool:
    """Whether a line is in the annotated text: as a line of it, or within one if it is long enough to tell."""
    return line in own or (len(line) >= _TELLING and line in whole)


def shares(pages: Sequence[Lines]) -> list[str]:
    """Return the cells of a row: how many lines were removed, precision, both recalls, lines lost and missing."""
    gone = sum(page.removed.total() for page in pages)
    lost = sum(page.lost for page in pages)
    cells = [f"{gone:,}", f"{(gone - lost) / gone:.3f}" if gone else "-"]
    for whole in ([page.template for page in pages], [page.repeated for page in pages]):
        total = sum(counter.total() for counter in whole)
        hit = sum((counter & page.removed).total() for counter, page in zip(whole, pages, strict=True))
        cells.append(f"{hit / total:.3f}" if total else "-")
    return [*cells, str(lost), str(sum(page.missing for page in pages))]


@click.command()
@data_argument
@click.option("--fewest", default=5, show_default=True, help="Fewest pages of a host.")
def main(data: Path, fewest: int) -> None:
    """Measure what the rule for repeated lines removes, on hosts of WCXB, in DATA, and on a made-up site."""
    heads = [
        "pages",
        "lines removed",
        "precision",
        "recall",
        "recall, repeated",
        "lost",
        "missing",
        "F1 without",
        "F1 with",
    ]
    grid = table("site", heads)
    with opened(data) as folder, TemporaryDirectory(prefix="dehusk-") as scratch:
        sites = {"made-up site": made_up(), **by_host(folder, fewest)}
        every: list[Lines] = []
        for name, pages in sites.items():
            work = Path(scratch)
            alone = clean(pages, work, ["--repeated", "--select", RULE])
            judgement = judged(pages, alone)
            scores = [
                fmean(score(document["text"], page.gold).f1 for page, document in zip(pages, documents, strict=True))
                for documents in (clean(pages, work, options) for options in ([], ["--repeated"]))
            ]
            grid.add_row(name, str(len(pages)), *shares(judgement), *(f"{value:.3f}" for value in scores))
            if name != "made-up site":
                every += judgement
        grid.add_row("all hosts", str(len(every)), *shares(every), "", "")
    show(grid)


if __name__ == "__main__":
    main()
