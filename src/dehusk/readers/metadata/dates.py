"""The day on which a page was published.

The sources in the order in which they are trusted, with the reasons:

1. ``article:published_time``, which nothing but articles has.
2. ``datePublished`` as ``itemprop``: markup of a date that readers see.
3. A date near the title: what readers take for the date. One that is called an update comes after others.
4. Other ``<meta>`` elements and JSON-LD. These name the day on which the page was made, often long before the text.
5. The address, which is right if it has a date.
6. ``<time>`` elements, and elements whose class is called date: these may be those of comments and of other articles.
7. A text anywhere that announces a date.

In a discussion, dates near the title may be those of users or of the last text, and come after those of markup.

That a page was modified on some day is true of all pages, and says nothing about when it was published; JSON-LD of a
``WebPage`` that is no article has such dates, too. A page that is no article and shows three days or more is a list.
"""

import re
from collections.abc import Iterable, Iterator

from dehusk.readers.metadata.calendar import first_date
from dehusk.readers.metadata.evidence import LISTED, Evidence
from dehusk.readers.metadata.head import Source
from dehusk.readers.metadata.linked_data import string
from dehusk.readers.metadata.text import pieces

_PUBLISHED = "article:published_time"
_META = (
    "datepublished", "dc.date", "dc.date.issued", "date", "citation_publication_date", "citation_date", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "sailthru.date", "parsely-pub-date",
    "cxenseparse:publishtime", "og:publish_date", "published",
)  # fmt: skip
_IN_URL = re.compile(r"/(20\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|$)")
_UPDATED = re.compile(
    r"\b(?:updated|modified|edited|revised|reviewed|aktualisiert|geändert|(?:mis|mise) à jour|actualizad[oa]|"
    r"atualizad[oa]|aggiornat[oa]|bijgewerkt|zaktualizowano|aktualizacja|обновлено)\b",
    re.IGNORECASE,
)
_LONGEST = 120  # characters of an element that holds a date


def choose_date(evidence: Evidence) -> str:
    """Return the day as ISO 8601 says it, or an empty string."""
    return next(filter(None, _candidates(evidence)), "")


def _candidates(evidence: Evidence) -> Iterator[str]:
    """Yield the dates named, the most trusted first, and empty strings."""
    head, data, language = evidence.head, evidence.data, evidence.head.language
    yield first_date(head.value(_PUBLISHED))
    if not evidence.is_other:
        yield from _marked(evidence, "itemprop")
        yield from () if evidence.is_discussion else _near_title(evidence)
    yield from (first_date(head.value(name)) for name in _META)
    for item in data.writings:
        yield first_date(string(item.get("datePublished")) or string(item.get("dateCreated")))
    if match := _IN_URL.search(evidence.url):
        yield f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    if not evidence.is_other:
        yield from _own(evidence, _marked(evidence, "time"))
        for role in ("date", "byline"):
            yield from _own(evidence, (first_date(" ".join(text), language) for text in evidence.classed[role]))
    yield from _near_title(evidence) if evidence.is_discussion else ()
    yield from (first_date(text, language) for text in evidence.announced)


def _near_title(evidence: Evidence) -> Iterable[str]:
    """Return the dates in the short texts around the title, those of updates last."""
    language = evidence.head.language
    dated = [(text, day) for text in evidence.near if (day := first_date(text, language))]
    dated.sort(key=lambda pair: _UPDATED.search(pair[0]) is not None)
    return _own(evidence, [day for _, day in dated])


def _own(evidence: Evidence, days: Iterable[str]) -> Iterable[str]:
    """Return the days, or nothing if they are those of several articles."""
    if evidence.is_article:
        return days
    found = [day for day in days if day]
    return found if len(set(found)) < LISTED or evidence.is_discussion else []


def _marked(evidence: Evidence, source: Source) -> Iterator[str]:
    """Yield the dates in marked elements: what their attributes say, else their text."""
    for hint in evidence.hints("date", source):
        yield first_date(hint.value) or first_date(" ".join(pieces(hint.node, _LONGEST)), evidence.head.language)
