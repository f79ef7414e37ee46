"""C001 comment-prompt: the form below an article."""

from dehusk.rules.phrase_rule import PhraseRule


class CommentPrompt(PhraseRule):
    """Removes prompts to comment and the labels of comment forms.

    What it finds: "Leave a Reply", "3 Comments", "Your email address will not be published", "Log in to comment" and
    the like. What people wrote in their comments stays.

    Why: the form behind these words is gone.

    Example:

          Rain is expected in the north.

        - Leave a Reply

    When to keep it: ignore the rule for texts about user interfaces that list such labels.
    """

    code = "C001"
    name = "comment-prompt"
    family = "comment-prompt"
    what = "comment form or count"
