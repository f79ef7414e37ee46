"""What a page says of itself: title, author, date, language, address and site."""

from collections.abc import Iterable

from dehusk.document import Block, Metadata
from dehusk.readers.metadata.authors import choose_author
from dehusk.readers.metadata.dates import choose_date
from dehusk.readers.metadata.evidence import Evidence
from dehusk.readers.metadata.head import Head
from dehusk.readers.metadata.linked_data import read_linked_data, string
from dehusk.readers.metadata.text import folded
from dehusk.readers.titles import choose_title

__all__ = ["Head", "read_metadata"]

_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")


def read_metadata(head: Head, blocks: Iterable[Block]) -> Metadata:
    """Return the metadata of a page; what it does not name stays empty."""
    blocks = tuple(blocks)
    data = read_linked_data(head.linked_data)
    url, site = head.canonical or head.value("og:url"), head.value("og:site_name", "application-name")
    names = [name for name in (head.title, head.value(*_TITLES)) if name]
    headings = (folded(block.text) for block in blocks if block.kind == "heading" and block.level == 1)
    headline = next((text for item in data.writings if (text := string(item.get("headline")))), "")
    title = choose_title(headings, names, site=site, url=url, article=bool(headline) or head.is_article) or headline
    evidence = Evidence(head, data, blocks, title, url, site)
    date = choose_date(evidence)
    return Metadata(title, choose_author(evidence, dated=bool(date)), date, head.language, url, site)
