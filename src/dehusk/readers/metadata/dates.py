"""The day on which a page was published.

The sources in the order in which they are trusted, with the reasons:

1. ``article:published_time``, which nothing but articles has.
2. A date near the title that is not called an update: what readers take for the date.
3. ``datePublished`` as ``itemprop``: markup of a date that readers see.
4. A date near the title that is called an update: what readers go by when they are shown no other.
5. Other ``<meta>`` elements and JSON-LD. These name the day on which the page was made, often long before the text.
6. The address, which is right if it has a date.
7. ``<time>`` elements, and elements whose class is called date: these may be those of comments and of other articles.
8. A text anywhere that announces a date.

In a discussion, dates near the title may be those of users or of the last text, and come last; a text that says when
it was started comes before ``<time>`` elements.

That a page was modified on some day is true of all pages, and says nothing about when it was published; JSON-LD of a
``WebPage`` that is no article has such dates, too. A page that is no article and shows three days or more is a list.
"""

import re
from collections.abc import Iterable, Iterator

from dehusk.readers.metadata.calendar import find_dates, first_date
from dehusk.readers.metadata.evidence import Evidence, unlisted
from dehusk.readers.metadata.head import Source
from dehusk.readers.metadata.linked_data import string
from dehusk.readers.metadata.text import pieces

_PUBLISHED = "article:published_time"
_META = (
    "datepublished", "dc.date", "dc.date.issued", "dc.date.created", "dcterms.date", "dcterms.issued",
    "dcterms.created", "date", "citation_publication_date", "citation_date", "pubdate", "publishdate", "publish-date",
    "publish_date", "publisheddate", "published-date", "published_date", "publicationdate", "publication-date",
    "publication_date", "sailthru.date", "parsely-pub-date", "cxenseparse:publishtime", "og:publish_date",
    "og:article:published_time", "published", "published_time", "published-time",
)  # fmt: skip
_IN_URL = re.compile(r"/(20\d\d)[/-](0?[1-9]|1[0-2]|[a-z]{3,9})[/-](0?[1-9]|[12]\d|3[01])(?:/|-|$)")
_UPDATED = re.compile(
    r"\b(?:updated|modified|edited|revised|reviewed|aktualisiert|geändert|(?:mis|mise) à jour|actualizad[oa]|"
    r"atualizad[oa]|aggiornat[oa]|bijgewerkt|zaktualizowano|aktualizacja|обновлено)\b",
    re.IGNORECASE,
)
# Days of users, of discussions that went on, and of rights.
_OTHER = re.compile(
    r"\b(?:joined|registered|founded|member since|born|last (?:active|post|reply|seen|visit)|expires|copyright)\b|©",
    re.IGNORECASE,
)
_LONGEST = 120  # characters of an element that holds a date


def choose_date(evidence: Evidence) -> str:
    """Return the day as ISO 8601 says it, or an empty string."""
    return next(filter(None, _candidates(evidence)), "")


def _candidates(evidence: Evidence) -> Iterator[str]:
    """Yield the dates named, the most trusted first, and empty strings."""
    head, data, language = evidence.head, evidence.data, evidence.head.language
    printed = not evidence.is_other
    discussed = printed and evidence.is_discussion
    yield first_date(head.value(_PUBLISHED))
    if printed and not discussed:
        first, updates = _near_title(evidence)
        yield from first
        yield from _marked(evidence, "itemprop")
        yield from updates
    elif printed:
        yield from _marked(evidence, "itemprop")
    yield from (first_date(head.value(name)) for name in _META if name in head.meta)
    for item in data.writings:
        yield first_date(string(item.get("datePublished")) or string(item.get("dateCreated")))
    if match := _IN_URL.search(evidence.url):
        yield first_date("-".join(match.groups()))
    if discussed:
        yield from (first_date(text, language) for text in evidence.announced)
    if printed:
        yield from _own(evidence, _marked(evidence, "time"))
        for role in ("date", "byline"):
            first, updates = _days((" ".join(texts) for texts in evidence.classed[role]), language)
            yield from _own(evidence, [*first, *updates])
    if discussed:
        first, updates = _near_title(evidence)
        yield from (*first, *updates)
    yield from (first_date(text, language) for text in evidence.announced)


def _near_title(evidence: Evidence) -> tuple[list[str], list[str]]:
    """Return the days in the short texts around the title, those of updates apart."""
    first, updates = _days(evidence.near, evidence.head.language)
    return (first, updates) if _own(evidence, [*first, *updates]) else ([], [])


def _days(texts: Iterable[str], language: str) -> tuple[list[str], list[str]]:
    """Return the days in ``texts`` on which something was published, and those on which it was updated.

    What a day is said to be stands between it and the day before.
    """
    first: list[str] = []
    updates: list[str] = []
    for text in texts:
        last = 0
        for start, end, day in sorted(find_dates(text, language)):
            label, last = text[last:start], end
            if not _OTHER.search(label):
                (updates if _UPDATED.search(label) else first).append(day)
    return first, updates


def _own(evidence: Evidence, days: Iterable[str]) -> Iterable[str]:
    """Return the days, or nothing if they are those of several articles."""
    return days if evidence.is_article or evidence.is_discussion else unlisted(days)


def _marked(evidence: Evidence, source: Source) -> Iterator[str]:
    """Yield the dates in marked elements: what their attributes say, else their text."""
    for hint in evidence.hints("date", source):
        yield first_date(hint.value) or first_date(" ".join(pieces(hint.node, _LONGEST)), evidence.head.language)
