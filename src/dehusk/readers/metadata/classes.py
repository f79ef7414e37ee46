"""What the names of an element's classes say that it holds."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

Role = Literal["author", "byline", "user", "date"]

# Words of class names by what the element holds, and words that say it holds something about that instead.
_ROLES: Mapping[Role, frozenset[str]] = {
    "author": frozenset("author authors authorname writer writers contributor autor autora autore auteur".split()),
    "byline": frozenset(("byline", "bylines", "byl")),
    "user": frozenset(("username", "poster", "creator", "postername")),
    "date": frozenset(
        "date dates datetime time timestamp published publish pubdate publishdate publisheddate postdate posted"
        " dateline updated modified".split()
    ),
}
_OTHER = frozenset(
    "bio box pane avatar image img photo pic picture icon thumb thumbnail comment comments reply about description"
    " desc job role social follow more related list page archive archives grid card cards sidebar widget footer nav"
    " menu reading event events picker range countdown hide hidden count expertise".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LONGEST = 80  # characters of a name
_TOGETHER = 500  # characters of the names of one element
_ASIDE = re.compile(
    r"comment|repl(?:y|ies)|related|sidebar|widget|recommend|teaser|popular|recent|trending|newsletter|modal|menu"
    r"|carousel|slider|testimonial|quote|review|latest|upcoming|suggest",
    re.IGNORECASE,
)


def role_of(classes: tuple[str, ...]) -> Role | None:
    """Return what an element of these classes holds, or ``None``.

    >>> role_of(("meta", "post-author")), role_of(("authorBio",)), role_of(("entry-date",)), role_of(("columns",))
    ('author', None, 'date', None)
    """
    return _known(classes) if sum(map(len, classes)) <= _TOGETHER else _first(classes)


def names_aside(name: str) -> bool:
    """Return whether a class or an id of this name is that of comments, reviews, other articles or a menu."""
    return _aside(name[:_LONGEST])


def _first(classes: tuple[str, ...]) -> Role | None:
    return next((role for name in classes if (role := _role(name[:_LONGEST]))), None)


# Classes recur all over a page and between the pages of a site, and many pages share those of their frameworks.
_known = lru_cache(maxsize=1 << 12)(_first)


@lru_cache(maxsize=1 << 13)
def _role(name: str) -> Role | None:
    small = name.lower()
    if not (
        "aut" in small or "date" in small or "time" in small or "publi" in small or "byl" in small
        or "poste" in small or "user" in small or "writer" in small or "creator" in small or "contributor" in small
    ):  # fmt: skip
        return None
    words = {word.lower() for word in _WORD.findall(name)}
    if not words.isdisjoint(_OTHER):
        return None
    if small == "user" or {"user", "name"} <= words:
        return "user"
    return next((role for role, known in _ROLES.items() if not words.isdisjoint(known)), None)


@lru_cache(maxsize=1 << 13)
def _aside(name: str) -> bool:
    return _ASIDE.search(name) is not None
