"""Small packs for tests: a finished question, and folders that `bank check` reads."""

from dataclasses import replace
from pathlib import Path

from bot.storage.bank_files import load_pack

HEAD = (
    "id: p\ntitle: P\nmodules: [{number: 1, title: O}]\ntopics: [{number: 1, title: T, module: 1, file: t.yaml}]\n"
)
FINISHED_FOLDER = Path(__file__).parent / "data" / "finished"
PACK = load_pack(FINISHED_FOLDER)
LAYERED = PACK.questions[0]
"""A finished question whose answer comes in layers."""
PLAIN = replace(
    LAYERED,
    shown=None,
    say=None,
    show=None,
    stands_out=None,
    as_of=None,
    gist="Dropout switches off random units in training.",
    answer="word " * 100,
)
"""The same with an answer in short and in full."""


def pack_folder(folder: Path, topic: str, name: str = "p") -> Path:
    """Writes a pack of one topic below a folder, and returns that folder."""
    (folder / name).mkdir()
    (folder / name / "pack.yaml").write_text(HEAD)
    (folder / name / "t.yaml").write_text(topic)
    return folder
