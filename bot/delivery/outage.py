"""Whether Discord is away."""


class Outage:
    """Whether Discord fails just now, as every request of the bot sees it."""

    def __init__(self) -> None:
        self._failing = False
        self._returned = False

    def failed(self) -> None:
        """A request found no Discord, or one that fails."""
        self._failing = True

    def answered(self) -> None:
        """Discord did what it was asked for."""
        self._returned = self._returned or self._failing
        self._failing = False

    def is_over(self) -> bool:
        """Whether Discord has come back since this was last asked: what was put off need not wait any longer."""
        returned, self._returned = self._returned, False
        return returned
