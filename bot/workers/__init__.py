"""What runs beside commands: posting what is owed, and collecting what people write."""
