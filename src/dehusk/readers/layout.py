"""From what a walk over a page has gathered to its blocks: where they stand, the gaps between them, their images."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

from dehusk.document import Block, Element, Image, Kind, Link, Mark

Attributes = Mapping[str, str | None]

_IMAGE_SOURCES = ("src", "data-src", "data-lazy-src", "data-original")
_LISTED: Mapping[Kind, tuple[str, ...]] = {"item": ("ul", "ol", "menu", "dir"), "row": ("table",)}
"""Kinds of blocks that stand on consecutive lines when they are in the same of these elements."""


@dataclass(slots=True)
class Draft:
    """A block before it is known where it stands; the fields are those of :class:`Block`."""

    kind: Kind
    text: str
    element: Element
    links: Sequence[Link]
    marks: Sequence[Mark]
    level: int = 0
    language: str = ""


class SeenImage(NamedTuple):
    """An image as the walk met it: in or before block ``number``, what is around it, and what its tag says."""

    number: int
    before: bool
    around: Element
    attributes: Attributes


def laid_out(drafts: Sequence[Draft], seen: Sequence[SeenImage], base: str = "") -> Iterator[Block]:
    """Yield the blocks with their places and images, and with gaps between them. Images are relative to ``base``.

    Items of a list and rows of a table stand on consecutive lines, all else is set apart by a blank line.
    """
    images = _images(seen, drafts, base) if drafts else {}
    offset, line = 0, 1
    last = len(drafts) - 1
    for index, draft in enumerate(drafts):
        kind, text = draft.kind, draft.text
        tail = "\n\n"
        if index == last or (kind in _LISTED and _goes_on(draft, drafts[index + 1])):
            tail = "\n"
        end = offset + len(text)
        yield Block(
            kind, text, index, line, (offset, end), tail, draft.level,
            tuple(draft.links), tuple(draft.marks), draft.element, draft.language, tuple(images.get(index, ())),
        )  # fmt: skip
        offset = end + len(tail)
        line += text.count("\n") + len(tail)


def _images(seen: Sequence[SeenImage], drafts: Sequence[Draft], base: str) -> Mapping[int, list[Image]]:
    """Return the images of a page that has blocks by the number of the block that they go with.

    One between two blocks goes with that which is in more of the elements around it, or else with the latter. The
    caption of a figure does not count, for it may be left out.
    """
    images: defaultdict[int, list[Image]] = defaultdict(list)
    known: set[tuple[int, str]] = set()
    ends: dict[Element, int] = {}  # behind figures, which may have many images
    for number, before, around, attributes in seen:
        url = _source(attributes)
        if not url:
            continue
        if base:
            url = joined(base, url)
        if before:
            number, before = _neighbour(number, around, drafts, ends)
        if (number, url) not in known:
            known.add((number, url))
            images[number].append(Image(url, " ".join((attributes.get("alt") or "").split()), before))
    return images


def _neighbour(number: int, around: Element, drafts: Sequence[Draft], ends: dict[Element, int]) -> tuple[int, bool]:
    """Return with which block an image goes that stands before block ``number``, and whether it is before that.

    ``ends`` remembers the numbers of the blocks behind figures.
    """
    last = number - 1
    figure = innermost(around, ("figure",))
    if figure:
        around = figure.parent or figure
        number = max(number, ends.get(figure, 0))
        while number < len(drafts) and innermost(drafts[number].element, ("figure",)) is figure:
            number += 1
        ends[figure] = number
    if number == len(drafts):
        return last, False
    # How many elements each shares with the image; an element that is further inside has a greater index.
    nearer = (
        1 if last < 0 else common(drafts[number].element, around).index - common(drafts[last].element, around).index
    )
    is_last = nearer < 0 or (nearer == 0 and figure is not None)  # which keeps a figure above its caption
    return (last, False) if is_last else (number, True)


def joined(base: str, target: str) -> str:
    """Return where a target leads that is relative to ``base``. A place on the same page stays one."""
    if target.startswith("#"):
        return target
    try:
        return urljoin(base, target)
    except ValueError:  # no address, whatever it is relative to
        return target


def _goes_on(draft: Draft, following: Draft) -> bool:
    """Return whether two items are of one list, or of a list and one inside it, or two rows of one table."""
    if draft.kind != following.kind:
        return False
    tags = _LISTED[draft.kind]
    around, next_around = innermost(draft.element, tags), innermost(following.element, tags)
    if around is None or next_around is None:
        return True
    return common(around, next_around) in (around, next_around)


def innermost(element: Element, tags: Sequence[str]) -> Element | None:
    """Return the innermost of an element and those around it that has one of these names."""
    around: Element | None = element
    while around is not None and around.start.name not in tags:
        around = around.parent
    return around


def common(one: Element, other: Element) -> Element:
    """Return the innermost element around both, which may be one of them."""
    while one is not other:
        if one.index > other.index:
            one = one.parent or one
        else:
            other = other.parent or other
    return one


def _source(attributes: Attributes) -> str:
    """Return where an image is, also of one that a script loads when it comes into view; not of one that is no image.

    Those of one pixel count visits or hold a place.
    """
    if attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1"):
        return ""
    sources = (attributes.get(name) or "" for name in _IMAGE_SOURCES)
    return next((source.strip() for source in sources if source and not source.startswith("data:")), "")
