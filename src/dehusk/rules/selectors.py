"""S001 selectors: what a user cuts or keeps by hand, with CSS selectors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dehusk.document import Document, Finding
from dehusk.edits import Drop, Keep
from dehusk.errors import ConfigError
from dehusk.rules.base import Rule, option


@dataclass(frozen=True, eq=False)
class _Verdict:
    keep: bool
    selector: str


@dataclass(frozen=True, eq=False)
class Selectors(Rule):
    """Cuts or keeps the parts of a page that CSS selectors name.

    What it finds: blocks inside an element that a `drop` selector matches. A block inside an element that a `keep`
    selector matches is protected: no other rule removes it. Of nested matches the innermost decides, and `keep` wins
    over `drop` on the same element, so that `--drop body --keep article` leaves the article and nothing else. An
    inline element is cut out of the text around it.

    Why: whoever knows a site knows better than any heuristic what belongs to its articles.

    Example: with `--drop .promo`

        - <p class="promo">Buy our umbrella!</p>
          <p>Rain is expected in the north.</p>

    When to keep it: the rule does nothing until it is given selectors, and nothing to plain text. In `dehusk.toml`:

        [rules.selectors]
        drop = [".promo"]

        [rules.selectors.hosts."example.org"]
        keep = ["article"]
    """

    code = "S001"
    name = "selectors"

    drop: tuple[str, ...] = option((), "CSS selectors of what to remove")
    keep: tuple[str, ...] = option((), "CSS selectors of what no rule may remove")
    hosts: Mapping[str, Mapping[str, Sequence[str]]] = option(
        {}, "more `drop` and `keep` for a host and its subdomains"
    )

    def __post_init__(self) -> None:
        """Raise ConfigError for a selector that is no CSS."""
        for host, lists in self.hosts.items():
            known = isinstance(lists, Mapping) and set(lists) <= {"drop", "keep"}
            if not (known and all(map(_is_list_of_texts, lists.values()))):
                raise ConfigError(f"hosts.{host!r} of rule selectors takes 'drop' and 'keep', each a list of selectors")
        selectors = [
            *self.drop,
            *self.keep,
            *(s for lists in self.hosts.values() for each in lists.values() for s in each),
        ]
        if not selectors:
            return
        import soupsieve

        for selector in selectors:
            try:
                soupsieve.compile(selector)
            except soupsieve.SelectorSyntaxError as error:
                reason = str(error).split("\n", 1)[0]
                raise ConfigError(f"{selector!r} is not a CSS selector: {reason}") from error

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each block that is cut, protected, or loses a part."""
        if document.format != "html":
            return
        verdicts = self._verdicts(document)
        if not verdicts:
            return
        for block in document.blocks:
            verdict = next((verdicts[e.index] for e in reversed(block.path) if e.index in verdicts), None)
            if verdict and not verdict.keep:
                yield self.found(block, f"matches --drop “{verdict.selector}”", Drop())
                continue
            if verdict:
                yield self.found(block, f"matches --keep “{verdict.selector}”", Keep())
            marks = (mark for mark in block.marks if mark.element not in block.path)
            inline = ((mark, verdicts.get(mark.element.index)) for mark in marks)
            dropped = ((mark, inner.selector) for mark, inner in inline if inner and not inner.keep)
            yield from self.cut(block, ((mark, f"matches --drop “{selector}”") for mark, selector in dropped))

    def _verdicts(self, document: Document) -> dict[int, _Verdict]:
        """Return what to do with the elements that selectors match, by their index."""
        drop, keep = list(self.drop), list(self.keep)
        host = _host(document.metadata.url) if self.hosts else ""
        for name, lists in self.hosts.items():
            if host == name or host.endswith(f".{name}"):
                drop += lists.get("drop", ())
                keep += lists.get("keep", ())
        if not (drop or keep):
            return {}
        from bs4 import BeautifulSoup

        from dehusk.readers.html import NUMBER, numbered

        soup = BeautifulSoup(numbered(document.source), "lxml")
        verdicts: dict[int, _Verdict] = {}
        for keeps, selectors in ((False, drop), (True, keep)):
            for selector in selectors:
                for tag in soup.select(selector):
                    if number := tag.get(NUMBER):  # in broken markup Beautiful Soup sees elements of its own
                        verdicts[int(str(number))] = _Verdict(keeps, selector)
        return verdicts


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
