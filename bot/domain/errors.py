"""What goes wrong, by who can change it: the person who asked, or the operator."""


class Refusal(Exception):
    """A person asked for something that they can change: bad input, not theirs, gone, closed.

    It says so in codes, for tests and for `bot.ui.refusals`, which has the one sentence for each.

    Args:
        code: feature and reason, such as `teams.name_taken`.
        values: what the sentence names.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class OperatorError(Exception):
    """Something that the operator can change stops the start: the text is the whole sentence."""


class BadInput(ValueError):
    """Something that a person can mend; the text is shown to them as it is."""
