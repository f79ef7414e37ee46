"""Making ``packs.json`` of the phrase packs: ``python -m dehusk.phrases.build``."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dehusk.phrases import ANY, DATE, NAME, NUMBER, PACKS, Phrase
from dehusk.phrases.openings import index, needed_words
from dehusk.phrases.template import Words

FOLDER = Path(__file__).parent
_DEFAULTS = Phrase("", "")
_LOOSE = frozenset((ANY, NUMBER, NAME, DATE))  # where many a text is looked up that no phrase matches


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase as its pack has it, with the texts that it must match and those that it must not."""

    phrase: Phrase
    match: tuple[str, ...]
    keep: tuple[str, ...]


def languages() -> list[str]:
    """Return the languages that have a pack: English first, for it is the most frequent, then by name."""
    return sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda name: (name != "en", name))


def load(language: str) -> Iterator[Entry]:
    """Yield the entries of a pack. Raises ConfigError for a pattern that makes no sense."""
    pack = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    vocabulary = Words(**{name: tuple(words) for name, words in pack.pop("words").items()})
    for family, entries in pack.items():
        for entry in entries:
            match, keep = tuple(entry.pop("match")), tuple(entry.pop("keep"))
            phrase = Phrase(family, language=language, vocabulary=vocabulary, **entry)
            needed = needed_words(phrase.pattern, vocabulary=vocabulary)
            if not _LOOSE.isdisjoint((*index([phrase]), *needed)):
                phrase = replace(phrase, needed=tuple(sorted(needed)))
            yield Entry(phrase, match, keep)


def packs() -> str:
    """Return the content of ``packs.json``: one phrase a line, what is not its default left out, and the indexes."""
    parts = []
    shipped: list[Phrase] = []
    for language in languages():
        phrases = [entry.phrase for entry in load(language)]
        lines = ",\n".join("  " + json.dumps(_record(phrase), ensure_ascii=False) for phrase in phrases)
        words = json.dumps(phrases[0].vocabulary, ensure_ascii=False)
        parts.append(f'"{language}": {{"words": {words}, "phrases": [\n{lines}\n]}}')
        shipped += phrases
    indexed = _lines(index(shipped))
    openings = _lines({family: " ".join(sorted(words)) for family, words in _first_words(shipped).items()})
    packed = ",\n".join(parts)
    return f'{{"packs": {{\n{packed}\n}}, "openings": {{\n{openings}\n}}, "index": {{\n{indexed}\n}}}}\n'


def _first_words(phrases: Iterable[Phrase]) -> Mapping[str, set[str]]:
    """Return with which words the phrases of each family begin."""
    found: dict[str, set[str]] = {}
    for phrase in phrases:
        found.setdefault(phrase.family, set()).update(index([phrase]))
    return found


def _lines(table: Mapping[str, str]) -> str:
    return ",\n".join(f"{_compact(key)}:{_compact(value)}" for key, value in table.items())


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _record(phrase: Phrase) -> dict[str, object]:
    names = ("family", "pattern", "at", "where", "words", "needed")
    values = {name: getattr(phrase, name) for name in names}
    return {name: value for name, value in values.items() if value != getattr(_DEFAULTS, name)}


if __name__ == "__main__":
    PACKS.write_text(packs(), "utf-8")
