"""The colors of all pictures: a dark card with one accent, and a flame that keeps its own.

Whatever colors tell apart, a sign, a shape, a place or a word tells too. The accent and the flame are of Okabe and
Ito's palette, which color-blind people can tell apart too; shades of one color differ in lightness.
"""

CARD, PANEL, TRACK, EDGE = "#1B1D23", "#2C303A", "#353A46", "#7C8694"
"""The card, boxes on it, tracks of bars and empty cells, and edges."""
INK, FAINT, DARK = "#F2F3F5", "#B4BBC5", "#10131A"
"""Words, lesser words, and words on the accent."""
ACCENT, DEEP = "#56B4E9", "#2C6E9B"
"""What a picture is about, and what comes second to it."""
SHADES = ("#214B66", "#2F7FB0", "#56B4E9", "#B5E2FC")
"""From little to much."""
FLAME, GLOW = "#F28A1E", "#FFD166"
"""The flame of a streak and its heart."""
