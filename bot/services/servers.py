"""Use cases of servers: the bot comes, greets once, and goes."""

from bot.services.use_cases import Service, writes
from bot.storage import servers


class ServerService(Service):
    """Follows the bot's own coming and going."""

    joined = writes(servers.mark_present)
    greet = writes(servers.mark_greeted)
    left = writes(servers.mark_removed)
