"""P001 to P003: lines that want something from the reader."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from dehusk.document import Document, Element, Finding
from dehusk.phrases import cues, words
from dehusk.rules.phrase_rule import PhraseRule, is_introduced

_LONGEST = 120
"""Longest line of buttons, in characters."""
# Names of boxes that ask for an address or for money; a name such as "category-newsletter" tells of a text's subject.
_PITCH = (
    r"(?:(?<![a-zA-Z])|(?=[A-Z]))(?<!category-)(?<!tag-)"
    r"(?i:newsletters?(?:-?signup)?|sign-?up|opt-?in|mc4wp|mailchimp|mailing-?list|paywall|e-?mail-?subscri(?:be|ption)"
    r"|subscription-?(?:widget|plea|box|form|prompt)|subscribe-?(?:box|form|widget))"
    r"(?![a-z])"
)
_LONGEST_NAME = 80  # characters
_MOST_WORDS = 120


class Share(PhraseRule):
    """Removes prompts to share, like or follow.

    What it finds: "Share this article", "Tweet", "Follow us on Twitter", and, above the first paragraph or below the
    last, lines or runs of lines that hold only names of networks. One network's name alone stays.

    Why: the buttons behind these words are gone.

    Example:

          Rain is expected in the north.

        - Share this article

        - Facebook Twitter WhatsApp

    When to keep it: ignore the rule for texts about user interfaces that list such labels.
    """

    code = "P001"
    name = "share"
    family = "share"
    what = "prompt to share or follow"

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each prompt, and for each network's name next to a prompt or another name."""
        prompts = dict(self.cued(document))
        networks = words("network")
        candidates = [i for i, word in enumerate(document.first_words) if word in networks]
        names = {i: count for i in candidates if (count := _networks(document.blocks[i].text))}
        for position in sorted(prompts.keys() | names.keys()):
            block = document.blocks[position]
            if cue := prompts.get(position):
                yield self.found(block, self.message(cue))
                continue
            if document.head <= position < document.tail or is_introduced(document, position):
                continue  # names of networks may be what the text is about
            if names[position] > 1 or any(i in names or i in prompts for i in (position - 1, position + 1)):
                yield self.found(block, f"buttons of networks: “{block.text[:60]}”")


def _networks(text: str) -> int:
    """Return how many names of networks ``text`` holds, 0 if it holds anything else."""
    if len(text) > _LONGEST:
        return 0
    names = 0
    for word in text.split():
        if _is_network(word):
            names += 1
        elif any(map(str.isalnum, word)):
            return 0
    return names


@lru_cache(maxsize=1 << 12)
def _is_network(word: str) -> bool:
    return any(cue.phrase.family == "network" for cue in cues(word))


class Newsletter(PhraseRule):
    """Removes pitches for newsletters and subscriptions.

    What it finds: short blocks that begin with a pitch, such as "Subscribe to our newsletter", "Get the day's news in
    your inbox", "Already a subscriber? Log in". Sentences that tell of a newsletter stay. In pages it also finds what
    stands in a small element one of whose classes is called "newsletter", "signup", "paywall" or the like.

    Why: pitches interrupt the text, and stand on every page of a site.

    Example:

          Rain is expected in the north.

        - Sign up for our weather newsletter.

    When to keep it: ignore the rule for texts about marketing that quote such pitches.
    """

    code = "P002"
    name = "newsletter"
    family = "newsletter"
    what = "pitch for a newsletter or subscription"

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each pitch."""
        found = {position: self.message(cue) for position, cue in self.cued(document)}
        for position, name in _named(document).items() if document.format == "html" else ():
            found.setdefault(position, f"{self.what}: in an element called “{name}”")
        for position, message in sorted(found.items()):
            yield self.found(document.blocks[position], message)


def _named(document: Document) -> dict[int, str]:
    """Return which blocks of a page are in a small element that is called a pitch, and what it is called."""
    telling = cache(_telling)  # elements share their names
    around = document.around(lambda element: element.classes and telling(element.classes))
    if not any(around):
        return {}
    words: Counter[Element] = Counter()
    for block, elements in zip(document.blocks, around, strict=True):
        for element in elements:
            words[element] += block.words
    most = min(_MOST_WORDS, document.words // 2)
    return {
        position: telling(element.classes)
        for position, elements in enumerate(around)
        for element in elements
        if words[element] <= most
    }


def _telling(classes: tuple[str, ...]) -> str:
    return next((name for name in classes if len(name) <= _LONGEST_NAME and re.search(_PITCH, name)), "")


class Advertisement(PhraseRule):
    """Removes labels of advertisements, and notices that a page earns by its links.

    What it finds: lines such as "Advertisement", "Sponsored content" or "Story continues below advertisement", and
    paragraphs that begin like "This post contains affiliate links".

    Why: the advertisement is gone; its label is left in the middle of the text. The notices are about the site.

    Example:

        - Advertisement

          Rain is expected in the north.

    When to keep it: ignore the rule for texts in which these are headings.
    """

    code = "P003"
    name = "advertisement"
    family = "advertisement"
    what = "advertising"
