"""The title of a page, without the name of its site.

A page names itself in several places, and each may be wrong: the largest heading may be the site's name, the ``title``
element may hold the site's name or words for search engines. Where two agree, they are right.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

_SEPARATOR = re.compile(r"\s+[|–—\-·•:»«›/]+\s+|\s*[|»]\s*")
_DOMAIN = re.compile(r"[\w-]{1,60}\.(?:com|org|net|info|io|[a-z]{2})", re.IGNORECASE)
_TRIMMED = " |–—-·•:»«›/¶#"
_PUNCTUATION = re.compile(r"[^\w\s]|_")

# Shares of a heading's words that other names of the page must hold: to trust the heading whatever the page is, to
# trust it when it is the only one, and to trust it on a page that calls itself an article and has a long heading.
_CONFIRMED = 0.7
_ONLY = 0.5
_ARTICLE = 0.3
_LONG = 4  # words


def choose_title(headings: Iterable[str], names: Sequence[str], *, site: str, url: str, article: bool) -> str:
    """Return the title that fits best, or an empty string when there is none.

    ``headings`` are the page's largest headings, ``names`` what its head calls it, ``article`` says whether it calls
    itself an article. The heading that the names confirm best is the title, unless it is the end of a name: then it is
    that of a site or of a book, and the title is the name's beginning. Without such a heading the title is the shortest
    of the names that has two words, less the name of the site.
    """
    folded_site = _folded(site)
    candidates = [_without_site(" ".join(heading.split()), site, url).strip(_TRIMMED) for heading in headings]
    candidates = [heading for heading in candidates if _words(heading) and _folded(heading) != folded_site]
    alone = len(set(map(_folded, candidates))) == 1
    if candidates:
        best = max(candidates, key=lambda heading: _confirmation(heading, names))
        confirmed, known, share = _confirmation(best, names)
        if confirmed and not article and (page := _before(best, names)):
            return page
        if confirmed and (known >= 2 or alone):
            return best
        if article and len(_words(best)) >= _LONG and (share >= _ARTICLE or alone):
            return best
        if alone and share >= _ONLY:
            return best
    stripped = [name for name in (_without_site(name, site, url) for name in names) if name]
    return min(
        (name for name in stripped if len(_words(name)) >= 2), key=len, default=(stripped or candidates or [""])[0]
    )


def _before(heading: str, names: Sequence[str]) -> str:
    """Return the first part of the name that ends in ``heading``, which then is the name of the site or of a book."""
    for name in names:
        parts = [part for part in _SEPARATOR.split(name) if part.strip()]
        if _folded(heading) in map(_folded, parts[1:]):
            return parts[0].strip(_TRIMMED)
    return ""


def _confirmation(heading: str, names: Sequence[str]) -> tuple[bool, int, float]:
    """Return whether the names confirm a heading, how many of its words they have, and which share one of them has."""
    words = _words(heading)
    known = [words & _words(name) for name in names]
    share = max((len(found) / len(words) for found in known), default=0.0)
    return share >= _CONFIRMED, len(set().union(*known)), share


def _without_site(name: str, site: str, url: str) -> str:
    """Return a page's name without the part, at its end or beginning, that names the site."""
    parts = [part for part in _SEPARATOR.split(name) if part.strip()]
    if len(parts) < 2:
        return name
    if _is_site(parts[-1], site, url):
        return name[: name.rindex(parts[-1])].strip(_TRIMMED)
    if _is_site(parts[0], site, url, slack=len("the")):
        return name[name.index(parts[0]) + len(parts[0]) :].strip(_TRIMMED)
    return name


def _is_site(part: str, site: str, url: str, *, slack: int = 12) -> bool:
    folded = _folded(part)
    if folded == _folded(site) or _DOMAIN.fullmatch(part.strip()):
        return True
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.").split(".")[0].replace("-", "")
    except ValueError:
        return False
    # "The Daily Quay" is the site dailyquay.example; a title that merely has "quay" in it is longer than by slack.
    return len(host) > 2 and bool(folded) and (folded in host or (host in folded and len(folded) <= len(host) + slack))


def _words(text: str) -> set[str]:
    return set(_PUNCTUATION.sub(" ", unicodedata.normalize("NFKC", text).lower()).split())


def _folded(text: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).lower()).replace(" ", "")
