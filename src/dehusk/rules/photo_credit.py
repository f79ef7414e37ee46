"""G001 photo-credit: whose picture it is."""

from dehusk.rules.phrase_rule import PhraseRule


class PhotoCredit(PhraseRule):
    """Removes lines that only credit a photographer or an agency.

    What it finds: "Photo: Jane Smith/Agency", "Image credit: Agency", "Photo by Jane Smith on Unsplash" as lines of
    their own. A caption that says what is in the picture stays, with the credit at its end.

    Why: the picture is gone, and the credit interrupts the text.

    Example:

          Rain is expected in the north.

        - Photo: Jane Smith/Agency

    When to keep it: ignore the rule for texts about pictures.
    """

    code = "G001"
    name = "photo-credit"
    family = "photo-credit"
    what = "photo credit"
