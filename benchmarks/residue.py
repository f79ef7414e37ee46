"""How much of the husk in other tools' outputs ``dehusk check`` finds, and how much of what it finds is husk.

    pip install -e '.[bench]' && python benchmarks/residue.py DATA

The outputs of readability-lxml, trafilatura and html-text for 40 pages of different sites, drawn at random from WCXB
with a fixed seed, were labelled by hand line by line. ``residue.txt`` beside this file holds the labels: no text, but
for each page and family the digests of the lines that are husk; a line without a label is content. Lines of the
annotated main text were taken for content but where reading them said otherwise. A line counts once for each output
that it stands in. Outputs that differ from those which were labelled, as other versions of the tools make them, are
left out and named.

Families are those of the rules: (N) menus, other navigation and lists of links, breadcrumbs, (B) bylines, dates,
reading times, biographies, (G) photo credits, (P) sharing, following, newsletters, advertisements, (L) legal notes,
cookies, copyright, (C) prompts to comment, forms and counts, (R) related and recommended pages. No family of rules is
about (K) readers' comments themselves and (X) all else: forms, addresses, what scripts leave behind.

Recall is the share of a family's lines that any rule about content flags, precision the share of the lines which the
family's rules flag that are husk of whatever family.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from dataset import data_argument
from rich.console import Console
from tables import show, table
from wcxb import opened, read_page

import dehusk

LABELS = Path(__file__).with_name("residue.txt")
FAMILIES = {
    "N": "navigation", "B": "byline, date, biography", "G": "photo credit", "P": "promotion", "L": "legal",
    "C": "comment form", "R": "related", "T": "tags, among N", "E": "shop, among X", "K": "readers' comments",
    "X": "other",
}  # fmt: skip
SAFE = ("U", "W", "O")
"""First letters of rules that are not about content."""


def readability(html: str) -> str:
    """Return what readability-lxml keeps, as html-text writes it."""
    import html_text
    from readability import Document

    text: str = html_text.extract_text(Document(html).summary())
    return text


def trafilatura(html: str) -> str:
    """Return what trafilatura keeps, with its defaults."""
    from trafilatura import extract

    return extract(html) or ""


def all_text(html: str) -> str:
    """Return all visible text as html-text finds it."""
    import html_text

    text: str = html_text.extract_text(html)
    return text


EXTRACTORS: Mapping[str, Callable[[str], str]] = {
    "html-text": all_text,
    "trafilatura": trafilatura,
    "readability-lxml": readability,
}


def digest(line: str) -> str:
    """Return under what a line is known: eight hexadecimal digits of it, whatever its white space."""
    return hashlib.blake2b(" ".join(line.split()).encode("utf-8", "replace"), digest_size=4).hexdigest()


def read_labels() -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], str]]:
    """Return the family of each labelled line, by page and digest, and the digest of each output that was labelled."""
    families: dict[str, dict[str, str]] = {}
    outputs: dict[tuple[str, str], str] = {}
    for row in LABELS.read_text("utf-8").splitlines():
        page, kind, *digests = row.split()
        if page == "#":
            continue
        if kind in EXTRACTORS:
            outputs[page, kind] = digests[0]
            families.setdefault(page, {})
        else:
            families[page] |= dict.fromkeys(digests, kind)
    return families, outputs


def flagged(text: str) -> dict[int, str]:
    """Return the first letter of the rule that flags a line, by the line's number from 1."""
    found: dict[int, str] = {}
    for each in dehusk.check(text):
        if not each.rule.startswith(SAFE):
            for line in range(each.line, each.end_line + 1):
                found.setdefault(line, each.rule[0])
    return found


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and digest of each line that is not blank."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, digest(line)


@click.command()
@data_argument
@click.option("--wrong", is_flag=True, help="Also print where what is flagged has no label: page, tool, line.")
def main(data: Path, wrong: bool) -> None:
    """Check the outputs of three tools for pages of WCXB in the folder or archive DATA, and compare with the labels."""
    labels, outputs = read_labels()
    total: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    right: Counter[str] = Counter()
    by_tool: dict[str, Counter[str]] = {name: Counter() for name in EXTRACTORS}
    console = Console(stderr=True)
    with opened(data) as folder:
        for (page_id, name), known in outputs.items():
            text = EXTRACTORS[name](read_page(folder, page_id).html.decode("utf-8", "replace"))
            if digest(text) != known:
                console.print(f"{page_id}: {name} makes another text of it than was labelled, left out")
                continue
            found = flagged(text)
            for number, key in lines_of(text):
                family, rule = labels[page_id].get(key, ""), found.get(number, "")
                tool = by_tool[name]
                tool["lines"] += 1
                tool["husk"] += bool(family)
                tool["flagged"] += bool(rule)
                tool["right"] += bool(rule and family)
                total[family] += 1
                hit[family] += bool(rule)
                raised[rule] += 1
                right[rule] += bool(family)
                if wrong and rule and not family:
                    console.print(page_id, name, number, rule, markup=False)
    families = table("family", ["lines", "flagged", "recall", "flagged by its rules", "of which husk", "precision"])
    for letter, title in FAMILIES.items():
        families.add_row(
            f"{letter} {title}", str(total[letter]), str(hit[letter]), _share(hit[letter], total[letter]),
            str(raised[letter]), str(right[letter]), _share(right[letter], raised[letter]),
        )  # fmt: skip
    tools = table("output of", ["lines", "husk", "flagged", "of which husk", "precision", "recall"])
    for name, tool in by_tool.items():
        tools.add_row(
            name, *(str(tool[key]) for key in ("lines", "husk", "flagged", "right")),
            _share(tool["right"], tool["flagged"]), _share(tool["right"], tool["husk"]),
        )  # fmt: skip
    show(families, tools)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}".removeprefix("0") if whole else "-"


if __name__ == "__main__":
    main()
