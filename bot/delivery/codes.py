"""Discord's answers that the bot tells apart, each named once.

Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

UNKNOWN_CHANNEL = 10003
UNKNOWN_MEMBER = 10007
UNKNOWN_MESSAGE = 10008
UNKNOWN_ROLE = 10011
DIRECT_MESSAGES_CLOSED = 50007
THREAD_ARCHIVED = 50083
NO_SERVER_IN_COMMON = 50278
THREAD_EXISTS = 160004
THREAD_LOCKED = 160005
FORBIDDEN, TOO_MANY_REQUESTS = 403, 429
"""HTTP statuses."""

LOCKED = (THREAD_LOCKED, THREAD_ARCHIVED)
"""A locked thread: open, or archived as well, for a message shows an archived one that is not locked."""
