"""Names of authors as they stand in bylines: what is a name, and what stands around it."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from dehusk.readers.metadata.calendar import find_dates, is_month

_LONGEST = 100  # characters of all names of a byline
_WORDS = 6  # of one name, with title and degrees
_PEOPLE = 8

# What announces names. The words that are prepositions, too, count only before something that looks like a name.
_LABEL = re.compile(
    r"\s{0,2}(?:[-–—|•·,]\s{0,2})?(?:"
    r"(?:(?:view|see|read|more|all|articles|posts|stories|other)\s){1,4}(?:from|by)\b"
    r"|(?:(?:article|blog|blog post|contributed|created|guest post|post|posted|published|reported|review|story"
    r"|submitted|started|discussion started|question|asked|topic|updated|last updated|words|text|written|authored"
    r"|compiled|edited)"
    r"(?:\s(?:and|&)\s(?:edited|photographed|tested))?\s)?by(?:\b|(?=[A-Z]))"
    r"|(?:article |post |topic |story )?(?:authors?|writers?|words|auteure?s?|autore?s?|autorin|autoren|autora|autorzy"
    r"|redakteur|redaktion|författare|forfatter|автор|author name|thread starter|original poster|started)"
    r"(?=\s?:|\s?$|\s?\()"
    r"|(?:geschrieben |veröffentlicht |ein beitrag |text )?von\b|(?:écrit |rédigé |publié |posté )?par\b"
    r"|(?:escrito |publicado |redactado |postado )?por\b|(?:scritto |pubblicato )?(?:di|da)\b|a cura di\b"
    r"|(?:geschreven |geplaatst )?door\b|(?:napisane |opublikowane )?przez\b|(?:skriven |publicerad )?av\b"
    r"|skrevet af\b|thread starter(?=\s)|(?:取材・)?文(?:・写真)?\s?[/／:：]|作者\s?[:：]"
    r")\s{0,2}(?:\(s\))?\s{0,2}:?\s{0,2}",
    re.IGNORECASE,
)
# A label in the middle of a line follows a date, a reading time or a separator.
_MIDDLE = re.compile(
    r"(?:\d|[|•·●–—]|\bread|\s-)\s{0,2}(?:(?:posted|written|published)\s)?by:?\s{1,2}(?=[^\W\d_])", re.IGNORECASE
)
_END = re.compile(
    r"\s{0,2}(?:[|•·●–—\t\n(»›]|\s/\s|\s-\s|\s\d"
    r"|\s(?:on|at|in|for|am|le|el|il|op|dnia|view|follow|updated|published|posted|last|contributor|@)(?=\s|$)"
    r"|,?\s(?:updated|published|posted|reviewed|edited|fact[- ]checked|medically|minutes?|min|publiée?|mis à jour"
    r"|publicado|actualizado|atualizado|pubblicato|aggiornato|veröffentlicht|aktualisiert|gepubliceerd|bijgewerkt|opublikowano"
    r"|опубликовано|обновлено)\b)",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s?(?:[,;]\s(?:and|&|und|et|y|e)?|&|\+|\b(?:and|und|et|y|e|en|och|og|i|и)\b)\s?", re.IGNORECASE)
_JOINTS = frozenset((",", ";", "and", "&", ", and", "und", "et", "y", "e", "en", "och", "og", "i", "и"))
_ROLE = re.compile(
    r",?\s(?:(?:senior|sr\.?|junior|staff|contributing|chief|guest|lead|managing|deputy|associate|assistant|executive"
    r"|freelance|head|content|technical|seo|digital|marketing|news|web|co-?)[\s-]){0,3}(?:writer|editor|reporter"
    r"|correspondent|contributor|journalist|author|founder|co-founder|ceo|cto|cmo|coo|director|manager|specialist"
    r"|strategist|analyst|columnist|blogger|president|producer|copywriter|expert|consultant|marketer"
    r"|redakteur(?:in)?|autor(?:in)?)\b.*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:about|published|updated|posted|view|see|click|create|more|share|this|read)\b"
    r"|://|www\.|@|[<>{}\[\]=*$%^~\\?!…]|\.(?:com|org|net|io|co)\b|\.\.\."
    r"|\b(?:inc|llc|ltd|gmbh|corp|corporation|foundation|university|magazine|company|limited)\b",
    re.IGNORECASE,
)
# Functions, accounts and words of the page's own that stand where a name could.
_FUNCTIONS = frozenset(
    "admin administrator editor editors editorial staff webmaster author authors anonymous guest user root unknown"
    " moderator member contributor contributors redaktion redaction redacción redazione redação redactie redakcja"
    " редакция team us me none null undefined default support marketing writer writers newsroom owner by post on home"
    " posted human follow login".split()
) | frozenset((
    "the editors", "editorial team", "editorial staff", "staff writer", "guest author", "super user", "site admin",
    "guest contributor", "web admin", "all authors", "the author", "contact us", "privacy policy", "thread starter",
    "discussion starter", "original poster",
))  # fmt: skip
_PARTICLES = frozenset(
    "de da do dos das del della di du des la le el al bin ibn ben van von der den ter ten te zu y e af av and und et of"
    " the é à en och og i и".split()
)
_WORD = re.compile(r"[^\W\d_][\w'’.\-]*")


def after_label(line: str) -> str | None:
    """Return what follows the words that announce a name, at the beginning of a line or after a date; or ``None``."""
    match = _LABEL.match(line) or ("by" in line.lower() and _MIDDLE.search(line)) or None
    return line[match.end() :] if match else None


def read_stated(text: str) -> str:
    """Return the names in a text that is said to hold names; an empty string when it does not."""
    text = text[: 2 * _LONGEST]
    if "://" in text:
        return ""
    if match := _LABEL.match(text):
        text = text[match.end() :]
    text = text[: min((start for start, _, _ in find_dates(text)), default=len(text))]
    if match := _END.search(text):
        text = text[: match.start()]
    text = _ROLE.sub("", text).strip(' ,;:-–—|•·."“”')
    return text if _is_name(text) else ""


def read_names(text: str) -> str:
    """Return the names that a text begins with, if their words look like those of names; or an empty string."""
    names = read_stated(text)
    words = _WORD.findall(names)
    capitalised = all(not word[0].islower() or word.lower() in _PARTICLES for word in words)
    return names if words and capitalised and not words[-1].islower() else ""


def read_lines(lines: Sequence[str]) -> str:
    """Return the names in the lines of a byline, each of which may hold a label, a name, a date or a joint."""
    found = joint = ""
    for line in lines:
        rest = after_label(line)
        line = (line if rest is None else rest).strip()
        if found and line.lower() in _JOINTS:
            joint = ", " if line in ",;" else f" {line.lstrip(', ')} "
            continue
        name = read_stated(line) if line and not any(find_dates(line)) else ""
        if found and not (name and joint):
            break
        found += joint + name if name else ""
        joint = ", " if line.endswith(",") else " and " if line.lower().endswith((" and", "&")) else ""
    return found if len(found) <= _LONGEST else ""


def join(names: Iterable[str]) -> str:
    """Return names in one line, with commas between."""
    read = map(read_stated, islice(names, 2 * _PEOPLE))
    return ", ".join(list(dict.fromkeys(filter(None, read)))[:_PEOPLE])


def same_people(names: str, others: str) -> bool:
    """Return whether two bylines name the same people, whatever joins the names."""
    return _JOINT.split(names.lower()) == _JOINT.split(others.lower())


def _is_name(text: str) -> bool:
    return (
        2 <= len(text) <= _LONGEST
        and text.lower() not in _FUNCTIONS
        and not is_month(text.lower())
        and not _NO_NAME.search(text)
        and _WORD.search(text) is not None
        and all(len(name.split()) <= _WORDS for name in _JOINT.split(text))
    )
