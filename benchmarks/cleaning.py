"""Cleaning text in a way that does not flatter: with models that have seen no page of the domain.

The model of text that ships was learned from the pages of WCXB. ``python training/text.py folds`` writes a folder of
models, each made without the pages of some domains, and ``folds.json``, which tells for each page the one that has not
seen it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

import dehusk
from dehusk.document import Document
from dehusk.model.text import TextModel, from_json
from dehusk.pipeline import run
from dehusk.readers.text import parse
from dehusk.rules.main_text import MainText

Clean = Callable[[str, str], Document]
"""A function of a page's id and a text made of that page, which gives the clean document with its findings."""

models_option = click.option(
    "--models",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Models of folds, as 'training/text.py folds' writes them; the shipped one unless given.",
)


@dataclass(frozen=True)
class Unseen(MainText):
    """The rule with a model of its own."""

    given: TextModel | None = None

    def model(self) -> TextModel:
        """Return the model that was given, or the one that ships."""
        return self.given or super().model()


def cleaner(models: Path | None) -> Clean:
    """Return what cleans texts with dehusk's default rules, by the models of folds in a folder if there is one."""
    rules = dehusk.Config().active
    if not models:
        return lambda _, text: _clean(text, rules)
    fold: dict[str, int] = json.loads((models / "folds.json").read_text("utf-8"))
    rules_of = {
        number: tuple(
            Unseen(rule.favor, from_json((models / f"{number}.json").read_text("utf-8")))
            if isinstance(rule, MainText)
            else rule
            for rule in rules
        )
        for number in sorted(set(fold.values()))
    }
    return lambda page_id, text: _clean(text, rules_of[fold.get(page_id, 0)])


def _clean(text: str, rules: tuple[dehusk.Rule, ...]) -> Document:
    document, findings = run(parse(text), rules)
    return replace(document, findings=findings)
