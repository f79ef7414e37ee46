"""M004 main-text: the main text of a page that somebody dumped as text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dehusk.document import Block, Document, Finding
from dehusk.errors import ConfigError
from dehusk.rules.base import Rule, option
from dehusk.rules.copies import REASON, copies

if TYPE_CHECKING:
    from dehusk.model.text import TextModel

FAVOR: Mapping[str, tuple[float, float]] = {"precision": (0.6, 0.5), "balance": (0.5, 0.8), "recall": (0.3, 0.9)}
"""By what is favored: the share of the F1 that can be expected of a text which the score of a line must reach, and how
likely the text must be a dump, one that gains by being cut, for any line to go."""
_STOPS = (".", "!", "?", "…", "。", ":", '"', "”")
_LONG = 10_000  # words; hardly a page that the model learned from has more, so that it may be mistaken
_MOST_PROSE = 0.2  # share of the words of a long text that may go as prose
_FEWEST = 20  # lines that end in none of these; a page has its menu and its footer, so that with fewer it is no dump
_MOST = 50_000  # lines; no page shows as many


@dataclass(frozen=True, eq=False)
class MainText(Rule):
    """Removes everything around the main text of a page that was dumped as text.

    What it finds: in a text that is most likely all that is visible on a page, lines that a small learned model scores
    too low: menus, lists of links, grids of cards, forms, footers. It goes by their wording and form, by where they
    stand, by the lines around them and by what else the text has. How high is enough depends on the text: of all
    choices of lines the one is kept that promises the best balance of what is found and what is missed. A paragraph
    that stands above already is not kept again, and headlines often go along. A text that is no such dump, as it is
    mostly prose, is left alone, and so is one as long as a book of which much prose would go, or with more lines than
    any page.

    Why: tools that give all visible text give menus and footers, too, and no list of phrases knows those of all sites.

    Example:

        - Skip to content
        - Log in
        - Subscribe
        - Home
        - News
        - Weather
        - Sport
        - Business
        - Opinion
        - Search
          The harbour stayed closed on Monday for a third day in a row, after a storm tore two boats away.
          The harbour master said that she had seen storms before, but none that stayed, and went home.
          Ferries will not sail before Wednesday. The bakery gave its bread away, and nobody left without a loaf.
        - Share
        - Facebook
        - Twitter
        - Most read
        - Bakery gives its bread away
        - Council meets on the hill
        - Newsletter
        - About us
        - Contact us
        - Careers
        - Terms of use
        - Privacy policy
        - © 2024 Harbour Press. All rights reserved.

    When to keep it: ignore the rule where texts are lists, such as indexes or records.
    """

    code = "M004"
    name = "main-text"
    linted = False

    favor: str = option("balance", "precision to remove more, recall to keep more, or balance")

    def __post_init__(self) -> None:
        """Raise ConfigError for a value that the option does not have."""
        if self.favor not in FAVOR:
            raise ConfigError(f"'favor' of rule main-text must be one of {', '.join(FAVOR)}, not {self.favor!r}")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each line that is not kept, with its score and what speaks against it."""
        if document.format != "text":
            return
        lines = tuple([block for block in document.blocks if block.text and block.kind != "code"])
        if len(lines) <= _MOST and may_be_page(lines):
            without_code = document if len(lines) == len(document.blocks) else replace(document, blocks=lines)
            yield from self.judged(without_code, self.model())

    def model(self) -> "TextModel":
        """Return the model that judges the lines: the one that ships with dehusk."""
        from dehusk.model.text import load

        return load()

    def judged(self, document: Document, model: "TextModel") -> Iterator[Finding]:
        """Yield a finding for each line of a text that is not kept by the scores of ``model``."""
        import numpy as np

        judged = model.judged(document)
        share, least = FAVOR[self.favor]
        if judged.dump < least:
            return
        bar = share * judged.expected
        low = np.flatnonzero(judged.scores < bar)
        words = float(judged.words.sum())
        if words > _LONG and judged.prose[low].sum() > _MOST_PROSE * words:
            return
        scores, reasons = judged.scores[low].tolist(), model.explained(judged.table[low])
        for i, score, reason in zip(low.tolist(), scores, reasons, strict=True):
            message = f"not main text: its score is {score:.2f}, in this text it takes {bar:.2f}; mostly for {reason}"
            yield self.found(document.blocks[i], message)
        high = np.flatnonzero(judged.scores >= bar).tolist()
        yield from (self.found(block, REASON) for block in copies(document.blocks[i] for i in high))


def may_be_page(lines: Iterable[Block]) -> bool:
    """Return whether so many of these lines are no sentences that they may be all that a page shows."""
    return len([line for line in lines if not line.text.endswith(_STOPS)]) >= _FEWEST
