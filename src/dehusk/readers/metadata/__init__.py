"""What a page says of itself: title, author, date, language, address and site."""

from collections.abc import Iterable

from dehusk.document import Block, Metadata
from dehusk.readers.metadata.authors import choose_author
from dehusk.readers.metadata.dates import choose_date
from dehusk.readers.metadata.evidence import Evidence
from dehusk.readers.metadata.head import TELLING_TAGS, Head
from dehusk.readers.metadata.linked_data import LinkedData, read_linked_data, string
from dehusk.readers.metadata.text import folded
from dehusk.readers.titles import Names, choose_title

__all__ = ["TELLING_TAGS", "Head", "names_in", "read_metadata"]

_CARD = ("og:title", "twitter:title", "dc.title", "citation_title")


def read_metadata(head: Head, blocks: Iterable[Block]) -> Metadata:
    """Return the metadata of a page; what it does not name stays empty."""
    blocks = tuple(blocks)
    data = read_linked_data(head.linked_data)
    names = names_in(head, data)
    title = folded(choose_title(names, blocks))
    evidence = Evidence(head, data, blocks, title, names.url, names.site)
    date = choose_date(evidence)
    return Metadata(title, choose_author(evidence, dated=bool(date)), date, head.language, names.url, names.site)


def names_in(head: Head, data: LinkedData) -> Names:
    """Return what the head of a page calls it."""
    headline = next((text for item in data.writings if (text := string(item.get("headline")))), "")
    return Names(
        title=head.title,
        card=head.value(*_CARD),
        headline=headline,
        site=head.value("og:site_name", "application-name"),
        url=head.canonical or head.value("og:url"),
        is_article=bool(data.writings) or head.is_article,
    )
