"""E001 shop: the buttons of a shop."""

from dehusk.rules.phrase_rule import PhraseRule


class Shop(PhraseRule):
    """Removes the buttons and notices of shops.

    What it finds: "Add to cart", "Buy now", "Out of stock", "Quick view", "Free shipping" and the like as lines of
    their own. Names, prices and descriptions of goods stay.

    Why: the buttons behind these words are gone.

    Example:

          A tent for two, with a porch for wet boots and a pole that does not break in the wind.

        - Add to cart

    When to keep it: ignore the rule for texts about user interfaces that list such labels.
    """

    code = "E001"
    name = "shop"
    family = "shop"
    what = "button or notice of a shop"
