"""What a person can mend, said to that person."""


class BadInput(ValueError):
    """Something a person can mend; the message is a sentence for them that says what to do next."""
