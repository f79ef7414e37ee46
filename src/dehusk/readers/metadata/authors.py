"""Who wrote a page.

The sources in the order in which they are trusted, with the reasons:

1. The author of an article in JSON-LD: an object made for machines, which tells people from organisations.
2. A card's “Written by”, and the author of the page in JSON-LD, for the same reason.
3. Elements marked as author by ``rel``, by ``itemprop`` or by a link to an author's page: the byline readers see.
4. Lines near the title that begin with “By”, “Von”, “Author:” and the like.
5. Elements whose class is called author or byline: these also hold biographies, and the authors of other articles.
6. Texts anywhere that announce an author, and in a discussion the first user.
7. ``<meta>`` elements: many content management systems put the site's name or an account's there.

A name that is the site's own is taken only when there is no other, and not for a page that is neither an article nor
dated. What JSON-LD calls an organisation is no author, and neither is a function such as “admin”. A page that is no
article and names three authors or more is a list of articles and has none, and neither has a product: there “by” names
the maker, and the people named are those who reviewed it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from dehusk.readers.metadata.evidence import Evidence, unlisted
from dehusk.readers.metadata.head import Source
from dehusk.readers.metadata.names import after_label, join, read_lines, read_names, read_stated, same_people
from dehusk.readers.metadata.text import folded, pieces

_META = ("author", "parsely-author", "sailthru.author", "article:author", "byl", "citation_author", "dc.creator")
_CARD_LABELS = frozenset(
    ("written by", "author", "authors", "by", "verfasst von", "écrit par", "escrito por", "scritto da",
     "geschreven door", "napisane przez", "написано автором")
)  # fmt: skip
_BYLINE = 160  # characters
_CREATOR = 400  # characters; what is marked by itemprop begins with the name, and may go on with ranks and badges
_USER_WORDS = 3
_LETTERS = re.compile(r"[^\W_]+")


def choose_author(evidence: Evidence, *, dated: bool) -> str:
    """Return the author or authors, or an empty string; ``dated`` says whether the page has a date."""
    site = _letters(evidence.site)
    own = ""
    names = filter(None, _candidates(evidence, dated))
    for name in names:
        if _letters(name) != site:
            return _as_printed(name, names)
        own = own or name
    return own if evidence.is_article or dated else ""


def _candidates(evidence: Evidence, dated: bool) -> Iterator[str]:
    """Yield the authors named, the most trusted first, and empty strings."""
    head, data = evidence.head, evidence.data
    yield from (join(data.authors(item)) for item in data.writings)
    for number in ("1", "2"):
        if head.value(f"twitter:label{number}").lower().rstrip(" :") in _CARD_LABELS:
            yield join(head.values(f"twitter:data{number}"))
    yield from (join(data.authors(item)) for item in data.pages)
    if not evidence.is_other:
        yield from _visible(evidence, dated)
    yield from (join(head.values(name)) for name in _META if name in head.meta)


def _visible(evidence: Evidence, dated: bool) -> Iterator[str]:
    """Yield the authors that readers see, unless the page lists those of several articles."""
    # Bylines stand with dates. On a page that has none and is no article, “by” says something else.
    lines = evidence.near if evidence.is_article or dated else ()
    marked = chain.from_iterable(_marked(evidence, source) for source in ("rel", "itemprop", "link"))
    printed = chain(_labelled(lines), _classed(evidence))
    if evidence.is_article:
        yield from chain(marked, printed, _labelled(evidence.announced), _users(evidence))
    elif users := _users(evidence):
        yield from chain(marked, printed, users, _labelled(evidence.announced))
    else:
        yield from chain(unlisted(marked), unlisted(printed), _labelled(evidence.announced))


def _marked(evidence: Evidence, source: Source) -> list[str]:
    """Return the names in elements of a kind; those that stand side by side wrote together."""
    groups: dict[int, list[str]] = {}
    for hint in evidence.hints("author", source):
        parent = hint.node.parent
        longest = _CREATOR if source == "itemprop" else _BYLINE
        name = read_stated(hint.value) if hint.value else read_lines(pieces(hint.node, longest))
        if name:
            groups.setdefault(parent.mem_id if parent else 0, []).append(name)
    return [join(names) for names in groups.values()]


def _classed(evidence: Evidence) -> Iterator[str]:
    """Yield the names in elements whose classes say author or byline."""
    for texts in (*evidence.classed["author"], *evidence.classed["byline"]):
        names = read_lines(texts)
        yield read_names(names) if " " in names else names


def _labelled(texts: Iterable[str]) -> Iterator[str]:
    """Yield the names that follow a label in lines of ``texts``, or in the line after a label that stands alone."""
    lines = [folded(line) for text in texts for line in text.split("\n")]
    for line, following in pairwise([*lines, ""]):
        rest = after_label(line)
        if rest is not None:
            yield read_names(rest or following)


def _users(evidence: Evidence) -> list[str]:
    """Return the names of users, if there are several."""
    names = [read_lines(texts) for texts in evidence.classed["user"]]
    names = [name for name in names if name and len(name.split()) <= _USER_WORDS]
    return names if len(set(names)) > 1 else []


def _as_printed(names: str, others: Iterable[str]) -> str:
    """Return names with “and” between them, if another source that names the same people prints them so."""
    return next((other for other in others if same_people(names, other)), names) if "," in names else names


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))
