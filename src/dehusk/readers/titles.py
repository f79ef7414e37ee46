"""The title of a page, without the name of its site.

A page names itself in several places: in its largest headings, in its ``title`` element, on the card that is shown
where it is shared, in its linked data. Each may be wrong. A heading may be the site's name or a slogan, the others may
hold the site's name and words for search engines. All of them and their parts are *candidates*. What there is to tell
of a candidate are its *traits*: where it stands, how many of its words the other places have, and how many of theirs
it has. Each trait has a weight, and the candidate whose traits weigh most is the title.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import truediv
from typing import NamedTuple

from dehusk.document import Block

_SEPARATOR = re.compile(r"[|»•·]|:(?=\s)|[–—\-«›/~](?<=\s.)[|–—\-·•:»«›/~]{0,2}(?=\s)")
_TRIMMED = " |–—-·•:»«›/¶#"
_HOME = re.compile(r"(?:https?:)?(?://[^/?#]{1,200})?/?")
_WORD = re.compile(r"[^\W_]+")

# Of hostile pages not all is looked at. These are more than a page needs that has a title.
_MOST_HEADINGS = 8
_MOST_SEPARATORS = 6
_LONGEST = 1_000  # characters of a title
_LONGEST_LINE = 200  # characters
_MOST_LINES = 3  # of one block

_TOP = 3  # blocks
_LINKED = 0.8  # share of a heading that is a link

# The weights, made by training/titles.py. In its cross-validation 86.5 % of the titles of WCXB are right, on all of its
# pages, which they are learned from, 87.7 %. Most of the others are of pages that call themselves two things, either of
# which could have been annotated: boosted trees with the same and more traits tell no more.
_PLACE: Mapping[str, float] = {
    "at the top": -0.31,
    "before prose": 0.92,
    "first h1": 0.16,
    "first h2": 0.02,
    "heading and last part": -0.4,
    "in header": 0.29,
    "in main": 0.34,
    "later h1": 0.03,
    "later h2": -0.46,
    "line": 0.77,
    "link home": -0.38,
    "one word": -0.67,
    "only h1": 1.03,
    "only h2": -0.06,
}
PARTS = ("whole", "first part", "last part", "less first part", "less last part", "other part")
_NAME: Mapping[str, Sequence[float]] = {
    "card": (0.6, 0.41, -0.03, -0.19, -0.07, -0.21),
    "headline": (0.23, 0.18, -0.06, -0.02, -0.24, -0.02),
    "title": (0.48, 0.53, -0.37, -0.12, 0.28, -0.07),
}
# How many of a candidate's words are in another place, and how many of the words of another place it has.
SHARES = ("none", "some", "most", "all")  # less than half are some, more are most
_AGREEMENT: Mapping[str, Sequence[float]] = {
    "in address, article": (-0.3, 0.11, -0.06, 0.25),
    "in address, page": (-0.4, -0.08, -0.1, 0.58),
    "in card, article": (-0.33, 0.06, 0.11, 0.16),
    "in card, page": (-0.31, -0.25, 0.02, 0.54),
    "in heading, article": (-0.04, -0.16, -0.16, 0.36),
    "in heading, page": (-0.05, 0.26, -0.27, 0.05),
    "in title, article": (-0.38, -0.1, 0.08, 0.39),
    "in title, page": (-0.35, -0.21, 0.1, 0.46),
    "of address, article": (-0.3, -0.2, 0.37, 0.13),
    "of address, page": (-0.4, -0.29, 0.36, 0.34),
    "of card, article": (-0.33, -0.08, 0.26, 0.14),
    "of card, page": (-0.31, -0.14, 0.03, 0.42),
    "of heading, article": (-0.04, -0.25, 0.11, 0.19),
    "of heading, page": (-0.05, 0.09, 0.01, -0.05),
    "of title, article": (-0.38, -0.25, 0.41, 0.21),
    "of title, page": (-0.35, -0.14, 0.46, 0.03),
}
_WEIGHTS: Mapping[str, float] = {
    **_PLACE,
    **{f"{name}: {part}": weight for name, row in _NAME.items() for part, weight in zip(PARTS, row, strict=True)},
    **{f"{how}: {share}": weight for how, row in _AGREEMENT.items() for share, weight in zip(SHARES, row, strict=True)},
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the head of a page calls it: its ``title`` element, its card, its linked data.

    ``site`` is the name of its site, ``url`` its address. ``is_article`` says whether it calls itself an article.
    """

    title: str = ""
    card: str = ""
    headline: str = ""
    site: str = ""
    url: str = ""
    is_article: bool = False


class Candidate(NamedTuple):
    """A text that may be the title, and what there is to tell of it."""

    text: str
    traits: Sequence[str]


def choose_title(names: Names, blocks: Sequence[Block]) -> str:
    """Return the title that fits best, or an empty string when the page does not name itself at all."""
    return max(candidates(names, blocks), key=_weight, default=Candidate("", ())).text


def candidates(names: Names, blocks: Sequence[Block]) -> list[Candidate]:
    """Return the texts that may be the title of a page, those of headings first, each with all its traits."""
    headings = _headings(blocks)
    told = [*_from_headings(headings, blocks), *_from_names(names)]
    spelt = {text: _words(text) for text in dict.fromkeys(text for text, _ in told)}
    found: dict[tuple[str, ...], tuple[str, list[str]]] = {}
    for text, traits in told:
        found.setdefault(spelt[text], (text, []))[1].extend(traits)
    found.pop((), None)
    lines = _lines(blocks)
    for text, traits in found.values():
        if text.strip(_TRIMMED).lower() in lines:
            traits.append("line")
    site = _words(names.site)
    for words in tuple(found):
        rest = next((rest for rest in _without(site, words) if rest in found), None)
        if rest:
            found[rest][1].extend(found.pop(words)[1])
    kind = "article" if names.is_article else "page"
    places: Mapping[str, Sequence[Sequence[str]]] = {
        f"title, {kind}": [spelt.get(names.title, ())],
        f"card, {kind}": [spelt.get(names.card, ())],
        f"heading, {kind}": [spelt[block.text] for _, block in headings],
        f"address, {kind}": [_words(_path(names.url))],
    }
    known = {place: [set(words) for words in texts if words] for place, texts in places.items()}
    return [
        Candidate(
            " ".join(text[:_LONGEST].split()).strip(_TRIMMED),
            tuple(dict.fromkeys((*traits, *_taken_together(words, traits), *_agreement(set(words), known)))),
        )
        for words, (text, traits) in found.items()
    ]


def _weight(candidate: Candidate) -> float:
    return sum(_WEIGHTS.get(trait, 0.0) for trait in candidate.traits)


def _headings(blocks: Sequence[Block]) -> list[tuple[int, Block]]:
    """Return the largest headings and where they stand: those of the first level, or else of the second."""
    found = [(i, block) for i, block in enumerate(blocks) if _is_large(block)]
    first = [(i, block) for i, block in found if block.level == 1]
    return (first or found)[:_MOST_HEADINGS]


def _is_large(block: Block) -> bool:
    return block.kind == "heading" and block.level <= 2


def _from_headings(headings: Sequence[tuple[int, Block]], blocks: Sequence[Block]) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts of headings and their parts, each with what tells where it stands."""
    last = headings[-1][0] if headings else 0
    prose = next((i for i, block in enumerate(blocks[:last]) if block.prose), last)
    alone = len({block.text.lower() for _, block in headings}) == 1
    for number, (position, block) in enumerate(headings):
        rank = "only" if alone else "later" if number else "first"
        tags = {element.tag for element in block.path}
        link = next((link.url for link in block.links if link.end - link.start >= _LINKED * len(block.text)), None)
        told = {
            f"{rank} h{block.level}": True,
            "before prose": position <= prose,
            "at the top": position < _TOP,
            "in header": not tags.isdisjoint(("header", "nav")),
            "in main": not tags.isdisjoint(("main", "article")),
            "link home": link is not None and _HOME.fullmatch(link) is not None,
        }
        yield block.text, [trait for trait, holds in told.items() if holds]


def _lines(blocks: Sequence[Block]) -> set[str]:
    """Return the short lines of a page, in lower case, but for the headings that are candidates by themselves."""
    texts = [block.text for block in blocks if len(block.text) <= _LONGEST_LINE and not _is_large(block)]
    return {line for text in texts for line in text.lower().split("\n", _MOST_LINES)[:_MOST_LINES]}


def _from_names(names: Names) -> Iterator[tuple[str, list[str]]]:
    """Yield the names of a page and their parts, each with what tells where it stands."""
    for source, name in (("title", names.title), ("card", names.card), ("headline", names.headline)):
        if name:
            yield from ((text, [f"{source}: {part}"]) for text, part in _parts(name))


def _parts(name: str) -> Iterator[tuple[str, str]]:
    """Yield a name and its parts between separators, each with what part it is."""
    yield name, "whole"
    cuts = [match.span() for match in _SEPARATOR.finditer(name)][:_MOST_SEPARATORS]
    if not cuts:
        return
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(name)]
    yield name[: ends[0]], "first part"
    yield name[starts[-1] :], "last part"
    if len(cuts) > 1:
        yield name[: ends[-2]], "less last part"
        yield name[starts[1] :], "less first part"
        yield from ((name[start:end], "other part") for start, end in zip(starts[1:-1], ends[1:-1], strict=True))


def _without(site: tuple[str, ...], words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield what is left of a name without that of the site, if the one begins or ends with the other."""
    if site and site == words[-len(site) :]:
        yield words[: -len(site)]
    if site and site == words[: len(site)]:
        yield words[len(site) :]


def _taken_together(words: Sequence[str], traits: Sequence[str]) -> Iterator[str]:
    """Yield what tells more of a candidate than its single traits."""
    if len(words) == 1:
        yield "one word"
    if "title: last part" in traits and "before prose" in traits:
        yield "heading and last part"


def _agreement(words: set[str], places: Mapping[str, Sequence[set[str]]]) -> Iterator[str]:
    """Yield what tells how many of a candidate's words other places have, and how many of theirs it has."""
    for place, texts in places.items():
        if texts:
            shared = [len(words & text) for text in texts]
            yield f"in {place}: {_share(max(shared) / len(words))}"
            yield f"of {place}: {_share(max(map(truediv, shared, map(len, texts))))}"


def _share(share: float) -> str:
    return SHARES[0 if not share else 1 if share < 0.5 else 2 if share < 1 else 3]


def _path(url: str) -> str:
    return url.partition("://")[2].partition("/")[2].partition("?")[0]


def _words(text: str) -> tuple[str, ...]:
    text = text[:_LONGEST] if text.isascii() else unicodedata.normalize("NFKC", text[:_LONGEST])
    return tuple(_WORD.findall(text.lower()) or text.strip(_TRIMMED).split())
