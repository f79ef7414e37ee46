"""Learn from annotated pages how to tell a page's title, or say how well it is told.

    python training/titles.py DATA [--seeds N]

DATA is WCXB, a folder or an archive of one. A page has some candidates for its title, and each has some traits; see
:mod:`dehusk.readers.titles`. A conditional logistic regression gives each trait a weight, such that one of the right
candidates of each page has the greatest probability. Right is what ``benchmarks/metadata.py`` counts as right.

Printed are the share of right titles in a cross-validation, in which every page is told by weights that no page of its
registrable domain had a part in, and the weights learned from all pages, which stand in ``titles.py``. The same data
and versions give the same weights.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import click
import numpy as np
import tldextract
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from selectolax.lexbor import LexborHTMLParser

from dehusk import read
from dehusk.readers.metadata import Head, names_in
from dehusk.readers.metadata.linked_data import read_linked_data
from dehusk.readers.titles import PARTS, SHARES, candidates

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))

import wcxb

from metadata import same_title

FOLDS = 5
PENALTY = 4.0  # on the squares of the weights; those from 2 to 8 are as good
RAREST = 5  # pages that a trait must tell apart

Weights = Mapping[str, float]
_domain = tldextract.TLDExtract(suffix_list_urls=())


@dataclass(frozen=True)
class Example:
    """A page: the traits of each candidate for its title, and which candidates are right."""

    domain: str
    traits: Sequence[Sequence[str]]
    right: Sequence[bool]


def example(page: wcxb.Page) -> Example:
    """Return what there is to learn from a page."""
    document = next(read(page.html, format="html"))
    head, root = Head(), LexborHTMLParser(document.source).root
    for node in root.traverse() if root else ():
        if node.is_element_node:
            head.see(node.tag or "", node.attributes, node)
    found = candidates(names_in(head, read_linked_data(head.linked_data)), document.blocks)
    domain = _domain(page.url).top_domain_under_public_suffix or page.url
    return Example(domain, [one.traits for one in found], [same_title(one.text, page.title) for one in found])


def learn(examples: Sequence[Example]) -> Weights:
    """Return the weights under which the right candidates are most probable."""
    examples = [page for page in examples if any(page.right) and not all(page.right)]
    counts = Counter(trait for page in examples for trait in set().union(*page.traits))
    known = {trait: column for column, trait in enumerate(sorted(t for t, count in counts.items() if count >= RAREST))}
    rows = [[known[trait] for trait in one if trait in known] for page in examples for one in page.traits]
    traits = csr_matrix(
        (np.ones(sum(map(len, rows))), [column for row in rows for column in row], np.cumsum([0, *map(len, rows)])),
        shape=(len(rows), len(known)),
    )
    sizes = [len(page.traits) for page in examples]
    starts, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    right = np.array([answer for page in examples for answer in page.right], float)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = traits @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        every, good = np.add.reduceat(powers, starts), np.add.reduceat(powers * right, starts)
        slope = traits.T @ (powers * right / good[owner] - powers / every[owner])
        return PENALTY * weights @ weights - np.log(good / every).sum(), 2 * PENALTY * weights - slope

    found = minimize(loss, np.zeros(len(known)), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return {trait: round(float(found[column]), 2) + 0.0 for trait, column in known.items()}


def is_right(page: Example, weights: Weights) -> bool:
    """Return whether the candidate that weighs most is right."""
    sums = [sum(weights.get(trait, 0.0) for trait in traits) for traits in page.traits]
    return bool(sums) and page.right[sums.index(max(sums))]


def validate(examples: Sequence[Example], seed: int) -> float:
    """Return the share of pages whose title is told right by weights that have seen no page of their domain."""
    domains = sorted({page.domain for page in examples})
    np.random.RandomState(seed).shuffle(domains)
    fold = {domain: position % FOLDS for position, domain in enumerate(domains)}
    answers: list[bool] = []
    for number in range(FOLDS):
        weights = learn([page for page in examples if fold[page.domain] != number])
        answers += [is_right(page, weights) for page in examples if fold[page.domain] == number]
    return fmean(answers)


def table(weights: Weights) -> str:
    """Return the weights as they stand in the source."""
    lines = [f'"{trait}": {weight},' for trait, weight in weights.items() if ": " not in trait]
    groups = sorted({trait.partition(": ")[0] for trait in weights if ": " in trait})
    for group in groups:
        values = PARTS if f"{group}: {PARTS[0]}" in weights else SHARES
        lines.append(f'"{group}": ({", ".join(str(weights.get(f"{group}: {value}", 0.0)) for value in values)}),')
    return "\n".join(lines)


@click.command()
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(min=1), help="Shuffle the domains so often.")
def main(data: Path, seeds: int) -> None:
    """Learn from the pages of WCXB in the folder or archive DATA; print how good that is, and the weights."""
    with wcxb.opened(data) as folder:
        pages = (wcxb.read_page(folder, page_id) for page_id in wcxb.page_ids(folder))
        examples = [example(page) for page in pages if page.title]
    shares = [validate(examples, seed) for seed in range(seeds)]
    weights = learn(examples)
    click.echo(f"cross-validated  {fmean(shares):.3f}  ({', '.join(f'{share:.3f}' for share in shares)})")
    click.echo(f"on all pages     {fmean(is_right(page, weights) for page in examples):.3f}")
    click.echo(f"best possible    {fmean(any(page.right) for page in examples):.3f}\n")
    click.echo(table(weights))


if __name__ == "__main__":
    main()
