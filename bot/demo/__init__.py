"""The offline world of `make demo`: the real bot, its scheduler and a real database, with Discord simulated."""
