"""The elements of a page that carry metadata, gathered while the page is walked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborNode

from dehusk.readers.metadata.linked_data import is_writing
from dehusk.readers.metadata.text import folded

HintKind = Literal["author", "date"]
Source = Literal["rel", "itemprop", "link", "time"]

# Hostile pages have any number of such elements; these are more than a page with an author needs.
_MOST_HINTS = 200
_MOST_HEADINGS = 5

TELLING_TAGS = frozenset(("html", "title", "meta", "link", "script", "time", "h1", "a"))
"""Names of the elements that a head looks at whatever their attributes are."""
_AUTHOR_LINK = re.compile(r"/authors?/.")


@dataclass(frozen=True, slots=True)
class Hint:
    """An element whose markup says that it holds an author or a date.

    ``value`` is what its attributes say, ``headings`` counts the largest headings before it.
    """

    kind: HintKind
    source: Source
    node: LexborNode
    headings: int
    value: str = ""


class Head:
    """Collects the elements that carry metadata while a page is walked.

    ``meta`` has the contents of <meta> elements, as they are written, by their names in lower case, ``linked_data``
    the scripts of JSON-LD, ``hints`` the elements marked as author or date, ``things`` the types of microdata, and
    ``headings`` the first of the largest headings. Whether an element's classes tell something is asked of the blocks
    later, for few of them.
    """

    def __init__(self) -> None:
        self.title = ""
        self.language = ""
        self.canonical = ""
        self.meta: dict[str, list[str]] = {}
        self.linked_data: list[str] = []
        self.hints: list[Hint] = []
        self.things: list[str] = []
        self.headings: list[LexborNode] = []

    def see(self, tag: str, attributes: Mapping[str, str | None], node: LexborNode) -> None:
        """Note what the element says: one of ``TELLING_TAGS``, or one with ``itemprop`` or ``itemscope``."""
        if tag == "a":
            if "rel" in attributes or "/author" in (attributes.get("href") or ""):
                self._link(attributes, node)
        elif tag in TELLING_TAGS:
            self._named(tag, attributes, node)
        if attributes and ("itemprop" in attributes or "itemscope" in attributes):
            self._microdata(attributes, node)

    @property
    def is_article(self) -> bool:
        """Whether the page calls itself an article."""
        return (
            self.value("og:type").lower() == "article"
            or "article:published_time" in self.meta
            or sum(map(is_writing, self.things)) == 1
        )

    def value(self, *names: str) -> str:
        """Return the first value of the first of the <meta> elements ``names`` that there is, or an empty string."""
        return next((folded(self.meta[name][0]) for name in names if name in self.meta), "")

    def values(self, name: str) -> Iterator[str]:
        """Yield the values of all <meta> elements of a name."""
        return map(folded, self.meta.get(name, ()))

    def _hint(self, kind: HintKind, source: Source, node: LexborNode, value: str = "") -> None:
        if len(self.hints) < _MOST_HINTS:
            self.hints.append(Hint(kind, source, node, len(self.headings), value))

    def _link(self, attributes: Mapping[str, str | None], node: LexborNode) -> None:
        if "author" in (attributes.get("rel") or "").lower().split():
            self._hint("author", "rel", node)
        elif _AUTHOR_LINK.search(attributes.get("href") or ""):
            self._hint("author", "link", node)

    def _microdata(self, attributes: Mapping[str, str | None], node: LexborNode) -> None:
        if "itemscope" in attributes:
            self.things.append((attributes.get("itemtype") or "").rpartition("/")[2])
        names = (attributes.get("itemprop") or "").split()
        value = attributes.get("content") or attributes.get("datetime") or ""
        if "author" in names or "creator" in names:
            self._hint("author", "itemprop", node, folded(value))
        elif "datePublished" in names or "dateCreated" in names:
            self._hint("date", "itemprop", node, folded(value))

    def _named(self, tag: str, attributes: Mapping[str, str | None], node: LexborNode) -> None:
        if tag == "meta":
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
            content = attributes.get("content") or ""
            if name and content and not content.isspace():
                self.meta.setdefault(name.strip().lower(), []).append(content)
        elif tag == "time":
            self._hint("date", "time", node, folded(attributes.get("datetime") or ""))
        elif tag == "h1":
            self.headings += [node] if len(self.headings) < _MOST_HEADINGS else []
        elif tag == "link":
            if (attributes.get("rel") or "").lower() == "canonical":
                self.canonical = self.canonical or (attributes.get("href") or "").strip()
        elif tag == "title":
            self.title = self.title or folded(node.text())
        elif tag == "html":
            self.language = (attributes.get("lang") or attributes.get("xml:lang") or "").strip()
        elif (attributes.get("type") or "").lower() == "application/ld+json":
            self.linked_data.append(node.text())
