"""Where SQLite and PostgreSQL differ: everything else in storage is the same for both."""

from sqlalchemy.dialects.postgresql import Insert, insert

__all__ = ["Insert", "insert"]
"""What an insert does on a conflict is said in PostgreSQL's words, which SQLite's compiler writes out, too."""
