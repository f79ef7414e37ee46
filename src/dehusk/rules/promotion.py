"""P001 to P003: lines that want something from the reader."""

from collections.abc import Iterator

from dehusk.document import Document, Finding
from dehusk.phrases import cues
from dehusk.rules.phrase_rule import PhraseRule, is_introduced


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
        prompts = [self.cue(document, i) for i in range(len(document.blocks))]
        names = [_is_network(block.text) for block in document.blocks]
        for position, block in enumerate(document.blocks):
            if cue := prompts[position]:
                yield self.found(block, self.message(cue))
            elif names[position]:
                if document.head <= position < document.tail or is_introduced(document, position):
                    continue  # names of networks may be what the text is about
                near = [i for i in (position - 1, position + 1) if 0 <= i < len(names)]
                if _networks(block.text) > 1 or any(names[i] or prompts[i] for i in near):
                    yield self.found(block, f"buttons of networks: “{block.text[:60]}”")


def _is_network(text: str) -> bool:
    return len(text) <= 120 and bool(words := _words(text)) and _networks(text) == len(words)


def _networks(text: str) -> int:
    return sum(any(cue.phrase.family == "network" for cue in cues(word)) for word in _words(text))


def _words(text: str) -> list[str]:
    return [word for word in text.split() if any(map(str.isalnum, word))][:20]


class Newsletter(PhraseRule):
    """Removes pitches for newsletters and subscriptions.

    What it finds: short blocks that begin with a pitch, such as "Subscribe to our newsletter", "Get the day's news in
    your inbox", "Already a subscriber? Log in". Sentences that tell of a newsletter stay.

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


class Advertisement(PhraseRule):
    """Removes labels of advertisements.

    What it finds: lines such as "Advertisement", "Sponsored content" or "Story continues below advertisement".

    Why: the advertisement is gone; its label is left in the middle of the text.

    Example:

        - Advertisement

          Rain is expected in the north.

    When to keep it: ignore the rule for texts in which these are headings.
    """

    code = "P003"
    name = "advertisement"
    family = "advertisement"
    what = "label of an advertisement"
