"""What the JSON-LD of a page says of the page's main piece of writing, in the terms of schema.org."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dehusk.readers.metadata.text import folded

Item = Mapping[str, Any]

_DECODER = json.JSONDecoder(strict=False)  # line breaks in strings are frequent

# A script longer than this is a shop's catalogue or the state of an application.
_LONGEST = 500_000  # characters
_DEEPEST = 8
_MOST = 500  # items of a page

# The properties that lead from what describes a page to what the page is about. Others lead to comments, to related
# articles and to what is merely mentioned.
_LEADING = ("@graph", "mainEntity", "mainEntityOfPage")

_WRITINGS = frozenset(("Report", "Recipe", "HowTo", "Question"))
_PAGES = frozenset(("WebPage", "ItemPage", "MedicalWebPage", "FAQPage", "QAPage", "CreativeWork", "LearningResource"))
_OTHERS = frozenset(
    ("Product", "ProductGroup", "CollectionPage", "SearchResultsPage", "ProfilePage", "Service", "Event")
)
DISCUSSIONS = frozenset(("DiscussionForumPosting", "QAPage"))
_GROUPS = ("Organization", "Corporation", "Brand", "Business", "WebSite")


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The items that describe the page: ``writings`` such as articles, ``pages``, and ``named`` things by their id.

    ``is_other`` says that some item is a product, a list or the like; ``is_discussion`` that one is a discussion.
    """

    writings: tuple[Item, ...] = ()
    pages: tuple[Item, ...] = ()
    named: Mapping[str, Item] = field(default_factory=dict)
    is_other: bool = False
    is_discussion: bool = False

    def authors(self, item: Item) -> list[str]:
        """Return the names of the people who wrote ``item``."""
        value = item.get("author") or item.get("creator")
        names = [self._person(entry) for entry in (value if isinstance(value, list) else [value])]
        return list(dict.fromkeys(filter(None, names)))

    def _person(self, value: object) -> str:
        if isinstance(value, dict):
            known = self.named.get(string(value.get("@id")))
            value = known if known and "name" not in value else value
            if any(kind.endswith(_GROUPS) for kind in kinds(value)):
                return ""
            value = value.get("name")
            value = value[0] if isinstance(value, list) and value else value
        return string(value)


def read_linked_data(scripts: Iterable[str]) -> LinkedData:
    """Return what the scripts say; what is no JSON says nothing."""
    items: list[Item] = []
    for script in scripts:
        if len(script) <= _LONGEST:
            try:
                data = _DECODER.decode(script.strip())
            except (ValueError, RecursionError):
                continue
            items += _items(data, _DEEPEST)
    items = items[:_MOST]
    return LinkedData(
        tuple(item for item in items if any(map(is_writing, kinds(item)))),
        tuple(item for item in items if not _PAGES.isdisjoint(kinds(item))),
        {string(item.get("@id")): item for item in items if "name" in item},
        any(not _OTHERS.isdisjoint(kinds(item)) for item in items),
        any(not DISCUSSIONS.isdisjoint(kinds(item)) for item in items),
    )


def kinds(item: Item) -> list[str]:
    """Return the types of an item, without the address of their vocabulary."""
    value = item.get("@type")
    return [string(kind).rpartition("/")[2] for kind in (value if isinstance(value, list) else [value])]


def string(value: object) -> str:
    """Return a value that is a string, in one line; an empty one for any other."""
    return folded(value) if isinstance(value, str) else ""


def is_writing(kind: str) -> bool:
    """Return whether a type of schema.org is one of texts that somebody wrote and published."""
    return kind.endswith(("Article", "Posting")) or kind in _WRITINGS


def _items(data: object, depth: int) -> Iterator[Item]:
    if isinstance(data, list) and depth:
        for entry in data:
            yield from _items(entry, depth - 1)
    elif isinstance(data, dict) and depth:
        yield data
        # The main entities of a page of frequent questions are these questions, which nobody in particular asked.
        for name in _LEADING[: 1 if "FAQPage" in kinds(data) else None]:
            if name in data:
                yield from _items(data[name], depth - 1)
