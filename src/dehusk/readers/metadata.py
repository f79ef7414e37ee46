"""What a page says of itself in its head: title, author, date, language, address and site."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from selectolax.lexbor import LexborNode

from dehusk.document import Block, Metadata
from dehusk.readers.titles import choose_title

_DATE = re.compile(r"\s*(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_DATE_IN_URL = re.compile(r"/(20\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|$)")
_SPACES = re.compile(r"\s+")

# For each field the names of <meta> elements that carry it, the most trusted first.
_META: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "citation_author", "byl"),
    "date": (
        "article:published_time",
        "datepublished",
        "dc.date",
        "date",
        "citation_publication_date",
        "pubdate",
        "sailthru.date",
        "parsely-pub-date",
        "cxenseparse:publishtime",
        "og:publish_date",
        "published",
    ),
    "url": ("og:url",),
    "site": ("og:site_name", "application-name"),
}


class Head:
    """Collects the elements that carry metadata while a page is walked."""

    def __init__(self) -> None:
        self.title = ""
        self.language = ""
        self.canonical = ""
        self.meta: dict[str, str] = {}
        self.linked_data: list[str] = []
        self.published = ""
        self.time = ""

    def see(self, tag: str, attributes: Mapping[str, str | None], node: LexborNode) -> None:
        """Note what the element says, if it is one that carries metadata."""
        if attributes.get("itemprop") == "datePublished":
            self.published = self.published or attributes.get("content") or attributes.get("datetime") or ""
        if tag == "time":
            self.time = self.time or attributes.get("datetime") or ""
        if tag == "meta":
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
            content = attributes.get("content") or ""
            if name and content.strip():
                self.meta.setdefault(name.strip().lower(), _folded(content))
        elif tag == "link":
            if (attributes.get("rel") or "").lower() == "canonical":
                self.canonical = self.canonical or (attributes.get("href") or "").strip()
        elif tag == "title":
            self.title = self.title or _folded(node.text())
        elif tag == "html":
            self.language = (attributes.get("lang") or attributes.get("xml:lang") or "").strip()
        elif tag == "script" and (attributes.get("type") or "").lower() == "application/ld+json":
            self.linked_data.append(node.text())

    @property
    def is_article(self) -> bool:
        """Whether the page calls itself an article."""
        return self.meta.get("og:type", "").lower() == "article" or "article:published_time" in self.meta

    def first(self, field: str) -> str:
        """Return the most trusted value of a <meta> element for ``field``, or an empty string."""
        return next((self.meta[name] for name in _META[field] if name in self.meta), "")


def read_metadata(head: Head, blocks: Iterable[Block]) -> Metadata:
    """Return the metadata of a page; what it does not name stays empty."""
    article = _article(head.linked_data)
    author = _person(article.get("author")) or head.first("author")
    url, site = head.canonical or head.first("url"), head.first("site")
    headings = (block.text for block in blocks if block.kind == "heading" and block.level == 1)
    names = [name for name in (head.title, head.first("title")) if name]
    is_article = bool(article) or head.is_article
    return Metadata(
        title=choose_title(headings, names, site=site, url=url, article=is_article) or _string(article.get("headline")),
        author="" if "://" in author else author,
        date=_date(head, article, url),
        language=head.language,
        url=url,
        site=site,
    )


def _date(head: Head, article: Mapping[str, Any], url: str) -> str:
    """Return the day of publication, from the source that is right most often.

    Those are the names that say so, then what marks the article up, the address, and the first time on the page.
    """
    for stated in (head.first("date"), _string(article.get("datePublished")), head.published):
        if match := _DATE.match(stated):
            return "-".join(match.groups())
    if match := _DATE_IN_URL.search(url):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return "-".join(match.groups()) if (match := _DATE.match(head.time)) else ""


def _article(scripts: list[str]) -> Mapping[str, Any]:
    """Return the first JSON-LD object that is a piece of writing (it has a headline or a publication date)."""
    for script in scripts:
        try:
            data = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            if "headline" in item or "datePublished" in item:
                return item
    return {}


def _objects(data: object) -> Iterator[Mapping[str, Any]]:
    items = data if isinstance(data, list) else [data]
    for item in items:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (node for node in graph if isinstance(node, dict)) if isinstance(graph, list) else ()


def _person(value: object) -> str:
    """Return the name or names of a JSON-LD author: a string, an object with a name, or a list of these."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_person, value)))
    return _string(value.get("name") if isinstance(value, dict) else value)


def _string(value: object) -> str:
    return _folded(value) if isinstance(value, str) else ""


def _folded(text: str) -> str:
    """Return text without doubled white space, and without references that were escaped twice."""
    return _SPACES.sub(" ", unescape(text)).strip()
