"""M003 main-content: the main content of a page as dehusk's own model sees it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import TYPE_CHECKING

from dehusk.document import Block, Document, Element, Finding
from dehusk.errors import ConfigError
from dehusk.rules.base import Rule, option
from dehusk.rules.copies import REASON, copies

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dehusk.model.columns import Page
    from dehusk.model.page import PageModel

FAVOR: Mapping[str, float] = {"precision": 0.75, "balance": 0.5, "recall": 0.3}
"""Share of the F1 that can be expected of a page which the score of a block must reach, by what is favored."""
PARTS = ("comments", "links", "tables", "title")
TREATMENTS = ("auto", "keep", "drop")
"""What can be asked for which parts of a page."""
_VOUCHED = 3.0  # what "keep" adds to the logit of a score: as much as lifts one in twenty to one in two
_WHOLE_PAGE = 100  # words; what has fewer may be a fragment, of which all is content
_LINK_LIST = 0.8  # link density from which a block is nothing but links


@dataclass(frozen=True, eq=False)
class MainContent(Rule):
    """Removes everything outside the main content of a page.

    What it finds: blocks that a small learned model scores too low, by their text, the names of the elements around
    them, where they stand and what else stands there. How high is enough depends on the page: of all choices of
    blocks the one is kept that promises the best balance of what is found and what is missed. The rows of a table are
    kept or go together, and a heading stays with what follows it. A paragraph that is there already is not kept a
    second time. The title often goes, too: it is in the metadata. Of a page that is but a shell for scripts, an error
    message or a menu, nothing is kept.

    Why: navigation, sidebars, footers and comment threads surround the main content on nearly every page.

    Example:

        - <nav><a href="/">Home</a> <a href="/news">News</a></nav>
          <article><p>Rain is expected in the north, with strong winds near the coast on Friday.</p>
          <p>It will stay wet until Sunday, the forecasters say, and then turn cold.</p></article>
        - <footer><a href="/terms">Terms</a> <a href="/imprint">Imprint</a></footer>

    When to keep it: ignore the rule for fragments that hold nothing but content. Plain text is left alone.
    """

    code = "M003"
    name = "main-content"

    favor: str = option("balance", "precision to remove more, recall to keep more, or balance")
    min_words: int = option(20, "a page of which fewer words can be expected to be main content has none")
    comments: str = option("auto", "keep or drop comments; auto keeps a forum's posts and drops a blog's comments")
    links: str = option("auto", "keep or drop blocks that are nothing but links, or auto")
    tables: str = option("auto", "keep or drop tables, or auto")
    title: str = option("auto", "keep or drop the heading or line that is the page's title, or auto")

    def __post_init__(self) -> None:
        """Raise ConfigError for a value that an option does not have."""
        values = {"favor": tuple(FAVOR), **dict.fromkeys(PARTS, TREATMENTS)}
        for name, known in values.items():
            if (value := getattr(self, name)) not in known:
                raise ConfigError(f"'{name}' of rule main-content must be one of {', '.join(known)}, not {value!r}")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each block that is not kept, with its score."""
        if document.format != "html" or not document.blocks:
            return
        from dehusk.model.page import load

        yield from self.judged(document, load())

    def judged(self, document: Document, model: "PageModel") -> Iterator[Finding]:
        """Yield a finding for each block of a page that is not kept by the scores of ``model``."""
        page = model.page(document)
        scores = in_tables(document.blocks, model.scores(page), page.words)
        scores = self.treated(document, page, with_headings(document.blocks, scores))
        bar = self.bar(page, scores)
        reasons = reasons_to_drop(document.blocks, scores.tolist(), bar)
        for block, reason in zip(document.blocks, reasons, strict=True):
            if reason:
                yield self.found(block, reason)

    def treated(self, document: Document, page: "Page", scores: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return the scores with those of comments, links and tables changed as the options ask."""
        if all(getattr(self, part) == "auto" for part in PARTS):
            return scores
        import numpy as np

        scores = scores.copy()
        for treatment, concerned in (
            (self.comments, page.inside("comment")),
            (self.links, page.linked >= _LINK_LIST * np.maximum(page.characters, 1)),
            (self.tables, page.inside("table")),
            (self.title, _titles(document, page)),
        ):
            if treatment == "keep":
                odds = scores[concerned] / np.maximum(1 - scores[concerned], 1e-6) * np.exp(_VOUCHED)
                scores[concerned] = odds / (1 + odds)
            elif treatment == "drop":
                scores[concerned] = 0
        return scores

    def bar(self, page: "Page", scores: "NDArray[np.float32]") -> float:
        """Return the score from which blocks are kept; none reaches infinity."""
        from dehusk.model.network import best_expected

        if page.words.sum() >= _WHOLE_PAGE and float((scores * page.words).sum()) < self.min_words:
            return inf
        return max(FAVOR[self.favor] * best_expected(scores, page.words), 1e-6)


def _titles(document: Document, page: "Page") -> "NDArray[np.bool_]":
    """Return which block has the page's title: the heading with it or, without one, the first line that says it."""
    titles = page.is_title
    if not titles.any() and (title := document.metadata.title):
        lines = (i for i, block in enumerate(document.blocks) if block.text.partition("\n")[0] == title)
        titles[[*islice(lines, 1)]] = True
    return titles


def in_tables(
    blocks: Sequence[Block], scores: "NDArray[np.float32]", words: "NDArray[np.float32]"
) -> "NDArray[np.float32]":
    """Return the scores with those of the rows of a table evened out, by their words: one row tells little."""
    tables: defaultdict[Element, list[int]] = defaultdict(list)
    for position in [position for position, block in enumerate(blocks) if block.kind == "row"]:
        element = blocks[position].element
        while element and element.tag != "table":
            element = element.parent
        if element:
            tables[element].append(position)
    if not tables:
        return scores
    scores = scores.copy()
    for rows in tables.values():
        weights = words[rows] + 1
        scores[rows] = (scores[rows] * weights).sum() / weights.sum()
    return scores


def with_headings(blocks: Sequence[Block], scores: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return the scores with that of a heading no less than that of what it is above, for it says what that is.

    So does the summary of details. A heading of the first level is the page's title or its site's name.
    """
    scores = scores.copy()
    for position in range(len(blocks) - 2, -1, -1):
        if _introduces(blocks[position], blocks[position + 1]):
            scores[position] = max(scores[position], scores[position + 1])
    return scores


def _introduces(block: Block, following: Block) -> bool:
    if block.kind == "heading":
        return block.level > 1 and (following.kind != "heading" or following.level > block.level)
    return block.element is not None and block.element.tag == "summary"


def reasons_to_drop(blocks: Sequence[Block], scores: Sequence[float], bar: float) -> list[str]:
    """Return for each block why it is not kept, an empty string if it is."""
    low = "not main content" if bar < inf else "this page seems to have no main content"
    rest = f", on this page it takes {bar:.2f}" if bar < inf else ""
    reasons = ["" if score >= bar else f"{low}: its score is {score:.2f}{rest}" for score in scores]
    high = (block for block, reason in zip(blocks, reasons, strict=True) if not reason)
    again = {block.index for block in copies(high)}
    return [REASON if block.index in again else reason for block, reason in zip(blocks, reasons, strict=True)]
