"""The rules, in the order in which they run: each sees what the ones above it left.

What a user says comes first, then what is not the main content of a page, what it hides, and what it shares with the
other pages of its site. Text is repaired, and rid of what hides in words, before its wording is looked at. The rules
that go by wording stand together, for they run until none of them finds more. Of these those come last that take the
most along: by then the lines that would interrupt a section of teasers are gone. Whether all of them went too far is
asked when they are done. White space is mended at the end, when the gaps are known.
"""

from dehusk.rules.anchors import Backlink, HeadingAnchor
from dehusk.rules.base import Rule
from dehusk.rules.byline import AuthorBio, Byline, Dateline
from dehusk.rules.comments import CommentPrompt
from dehusk.rules.hidden import Hidden
from dehusk.rules.legal import CookieNotice, Footer
from dehusk.rules.line_numbers import LineNumbers
from dehusk.rules.main_content import MainContent
from dehusk.rules.main_text import MainText
from dehusk.rules.menu import Menu
from dehusk.rules.navigation import Breadcrumb, Navigation
from dehusk.rules.over_removal import OverRemoval
from dehusk.rules.photo_credit import PhotoCredit
from dehusk.rules.promotion import Advertisement, Newsletter, Share
from dehusk.rules.readability import Readability
from dehusk.rules.related import Related
from dehusk.rules.repeated import Repeated
from dehusk.rules.selectors import Selectors
from dehusk.rules.shop import Shop
from dehusk.rules.tags import Tags
from dehusk.rules.unicode import ControlCharacters, Mojibake, Normalization
from dehusk.rules.whitespace import BlankLines, FinalNewline, OddSpace, SpaceRun, TrailingSpace, ZeroWidth

RULES: tuple[Rule, ...] = (
    Selectors(),
    MainContent(),
    MainText(),
    Hidden(),
    Readability(),
    Repeated(),
    Mojibake(),
    ControlCharacters(),
    ZeroWidth(),
    Normalization(),
    HeadingAnchor(),
    Backlink(),
    LineNumbers(),
    Menu(),
    Navigation(),
    Breadcrumb(),
    Byline(),
    Dateline(),
    PhotoCredit(),
    Advertisement(),
    Share(),
    Newsletter(),
    CookieNotice(),
    Footer(),
    Shop(),
    Tags(),
    CommentPrompt(),
    AuthorBio(),
    Related(),
    OverRemoval(),
    OddSpace(),
    SpaceRun(),
    TrailingSpace(),
    BlankLines(),
    FinalNewline(),
)

__all__ = ["RULES", "Rule"]
