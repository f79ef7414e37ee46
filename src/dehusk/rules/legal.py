"""L001 cookie-notice: what the law makes sites say."""

from dehusk.rules.phrase_rule import PhraseRule


class CookieNotice(PhraseRule):
    """Removes cookie and privacy notices with their buttons.

    What it finds: blocks that begin like a notice ("We use cookies to …", "By continuing to browse this site …"), the
    labels of its buttons ("Accept all cookies"), and bare links to a privacy policy. Texts about cookies stay.

    Why: the notice is about the site, not the page, and often the first text of it.

    Example:

        - We use cookies to improve your experience on our site.

          Rain is expected in the north.

    When to keep it: ignore the rule for collections of privacy policies.
    """

    code = "L001"
    name = "cookie-notice"
    family = "cookie-notice"
    what = "cookie or privacy notice"
