"""How a message reaches Discord exactly once; knows no feature."""
