"""What `/help` says: where to begin, by how far somebody is, and then what there is, a line for each group."""

from collections.abc import Iterator, Mapping, Sequence

from bot.services.help import HelpState
from bot.ui.drills import answer_key
from bot.ui.kit.catalog import N_, _, pgettext
from bot.ui.kit.commands import command_name
from bot.ui.kit.layouts import Button, Page
from bot.ui.reminders import remind_button

GROUPS = (
    (N_("Every day"), ("answer", "streak", "away", "reminders")),
    (N_("Practice"), ("quiz", "interview", "question")),
    (N_("Together"), ("leaderboard", "team", "progress")),
)
"""The members' commands by what they are for; what is in none of these stands in the last line."""
REST = N_("More")
START = N_("### Start here")
HOW = N_(
    "1. Every practice day I post one question in {channel}.\n2. Write your answer in its "
    "thread, reply to it, or press **Answer**. A few honest sentences will do.\n3. When "
    "the next question comes, the model answer appears in the thread.\n-# ✅ counts, 🕒 "
    "came late, ✏️ is too short so far. Answer on time and your streak grows. A 👍 on "
    "somebody's answer is a vote for it."
)
ELSE = N_(
    "### Today\nNothing is waiting for you right now. Some ideas:\n- {quiz} asks a few "
    "quick questions, {review} brings back what you missed\n- {interview} is a mock "
    "interview, just for you\n- a 👍 on an answer that helped you makes somebody's day"
)
WAITS = N_(
    "### Today\n[Today's question]({link}) is waiting for your answer. After that:\n- "
    "{quiz} asks a few quick questions, {review} brings back what you missed\n- "
    "{interview} is a mock interview, just for you"
)
NO_TRACK = N_(
    "### Start here\nNothing is set up yet. Choose a channel and a time, and your team gets its first question: "
    "press **Set up**, or use {setup}."
)
ASK_A_MANAGER = N_(
    "### Start here\nThere's no practice channel here yet. A manager can set one up with "
    "{setup}. Until then you can practice on your own: try {quiz} or {interview}."
)
ALONE = N_(
    "### Hi, I'm Mockingbird\nOne interview question a day, everyone answers, and nobody practices alone. I live "
    "in your server's practice channel: use my commands there. Here you can use {reminders} and {privacy}."
)
FOOT = N_("-# Mockingbird is for practice. It must not be used to select people for jobs.")


class Mentions:
    """Commands as people can click them; one whose id is not known is written out.

    Args:
        ids: of the commands' roots, by name.
    """

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = ids

    def of(self, name: str) -> str:
        """A command by its whole name, such as `quiz solo`."""
        found = self._ids.get(name.split(" ")[0])
        return f"`/{command_name(name)}`" if found is None else f"</{name}:{found}>"


def help_page(
    mentions: Mentions,
    state: HelpState | None,
    members: Sequence[str],
    managers: Sequence[str],
    *,
    manages: bool,
) -> Page:
    """Where to begin, and the commands.

    Args:
        state: where the reader stands; None in a direct message.
        members, managers: the names of the commands for each.
        manages: the reader is a manager.
    """
    blocks = [_start(mentions, state, manages=manages), "\n".join(_lines(mentions, members))]
    if manages:
        blocks.append("\n".join([_("### For managers"), *_roots(mentions, managers)]))
    return Page(*blocks, _(FOOT), buttons=_buttons(state, manages=manages))


def _start(mentions: Mentions, state: HelpState | None, *, manages: bool) -> str:
    known = {
        "quiz": mentions.of("quiz solo"),
        "review": mentions.of("quiz review"),
        "interview": mentions.of("interview start"),
        "setup": mentions.of("setup"),
    }
    if state is None:
        return _(ALONE, reminders=mentions.of("reminders on"), privacy=mentions.of("privacy policy"))
    if state.track is None:
        return _(NO_TRACK, **known) if manages else _(ASK_A_MANAGER, **known)
    if not state.regular:
        return f"{_(START)}\n{_(HOW, channel=f'<#{state.track.channel_id}>')}"
    return _(ELSE, **known) if state.open is None else _(WAITS, link=state.open.link, **known)


def _buttons(state: HelpState | None, *, manages: bool) -> list[Button]:
    if state is not None and state.track is None and manages:
        return [Button(_("Set up"), "mb:setup:open", main=True)]
    if state is None or state.track is None:
        return []
    buttons = [Button(_("Start a quiz"), "mb:quiz:again:0:5:any")]
    if state.open is not None:
        buttons.insert(0, Button(pgettext("button", "Answer"), answer_key(state.open), main=True))
    return buttons if state.regular else [*buttons, remind_button()]


def _lines(mentions: Mentions, names: Sequence[str]) -> Iterator[str]:
    """The members' commands, a line for each group."""
    grouped = {root for group in GROUPS for root in group[1]}
    rest = tuple(dict.fromkeys(name.split(" ")[0] for name in names if name.split(" ")[0] not in grouped))
    for title, roots in (*((_(title), roots) for title, roots in GROUPS), (_(REST), rest)):
        found = [mentions.of(name) for root in roots for name in names if name.split(" ")[0] == root]
        if found:
            yield f"**{title}** {' · '.join(found)}"


def _roots(mentions: Mentions, names: Sequence[str]) -> Iterator[str]:
    """Commands with those of the same root in one line."""
    for root in dict.fromkeys(name.split(" ")[0] for name in names):
        yield " · ".join(mentions.of(name) for name in names if name.split(" ")[0] == root)
