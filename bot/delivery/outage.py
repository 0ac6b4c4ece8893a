"""Whether Discord is away: what is put off meanwhile need not wait once it is back."""

ENOUGH = 3
"""So many requests in a row fail where Discord is away; a single place that fails lets others through."""


class Outage:
    """What every request of the bot says about Discord."""

    def __init__(self) -> None:
        self._failed = 0
        self._returned = False

    def failed(self) -> None:
        """A request found no Discord, or one that fails."""
        self._failed += 1

    def answered(self) -> None:
        """Discord answered, if only by refusing."""
        self._returned = self._returned or self._failed >= ENOUGH
        self._failed = 0

    @property
    def suspected(self) -> bool:
        """Whether the newest request failed: Discord may be away, and nobody else may ask for minutes."""
        return self._failed > 0

    def is_over(self) -> bool:
        """Whether Discord has come back since this was last asked."""
        returned, self._returned = self._returned, False
        return returned
