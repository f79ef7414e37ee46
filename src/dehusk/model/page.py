"""The model of pages: which of their blocks are main content."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dehusk.document import Document
from dehusk.model.columns import Page, columns
from dehusk.model.features import matrix
from dehusk.model.network import Network, Row, from_dict

WEIGHTS = "main_content.json"


@dataclass(frozen=True)
class PageModel:
    """A network that scores the blocks of a page."""

    network: Network

    def page(self, document: Document) -> Page:
        """Return the columns of a page."""
        return columns(document, self.network.vocabulary)

    def scores(self, page: Page) -> Row:
        """Return for each block how likely it is main content, 0 to 1."""
        return self.network.judged(matrix(page, self.network.features))

    def to_json(self) -> str:
        """Return the model as :func:`from_json` reads it."""
        return json.dumps(self.network.to_dict(), ensure_ascii=False, indent=0) + "\n"


def from_json(text: str) -> PageModel:
    """Return the model in a weights file."""
    return PageModel(from_dict(json.loads(text)))


@cache
def load() -> PageModel:
    """Return the model that ships with dehusk."""
    return from_json((files("dehusk.model") / WEIGHTS).read_text("utf-8"))
