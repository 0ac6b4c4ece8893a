"""What can be seen of a name, which may hold anything."""

import unicodedata

NOBODY = "A member"
"""Stands for a member whose name is not known, or cannot be seen."""
JOINER = "\u200d"
"""Holds composed emoji together; other signs that cannot be seen are left out."""
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
"""Letters and signs that look like a space, with which people make names that nobody can see."""


def visible(name: str) -> str:
    """A name on one line without what cannot be seen; empty where nothing is left."""
    signs = (
        sign
        for sign in name.translate(_BLANK)
        if sign == JOINER or sign.isspace() or unicodedata.category(sign) not in _UNSEEN
    )
    return " ".join("".join(signs).split()).strip(f"{JOINER} ")
