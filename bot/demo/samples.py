"""What the members of the demo said in the four weeks before today: sample history, and marked as such."""

from bot.domain.bank import Question

STARTS = "📼 **Sample history starts here.** The demo wrote these answers, not people."
ENDS = "📼 **Sample history ends here.** Today's question is open: answer it."
LOBBY = "Nobody practices in this channel yet. View as Maya and try `/setup` here."

REPAIR = (
    "I missed this one yesterday. In short: start with the definition, give an example from a project, and "
    "say where it stops working."
)
INTERVIEW = (
    "I'd start with what goes in and what comes out, then name the loss that it's trained with, and close with an "
    "example where it fails and what I'd measure."
)

WEEKS, PRACTICE_DAYS = 4, 5
DAYS = WEEKS * PRACTICE_DAYS
WAYS = ("thread", "reply", "form")
TEAM = ("Anna", "Ben", "Chen", "Dara", "Emil", "Farah")
VOTERS = ("Anna", "Ben")
TEAMS = {"Owls": ("Anna", "Dara", "Emil"), "Larks": ("Ben", "Chen", "Farah")}
# The days, counted from 0, on which each of them had no time; nobody else ever missed one.
MISSED = {
    "Ben": {3, 8, 13, 18},
    "Chen": {1, 9, 10},
    "Dara": {0, 2, 4, 6, 8, 11, 14, 17},
    "Emil": {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16},
    "Farah": {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
}


def answers_of(day: int, question: Question) -> list[tuple[str, str, str]]:
    """Who said what in which way (thread, reply or form) on a day, in the order in which they wrote.

    The words are the bank's own: what a candidate would say for one or two key points.
    """
    said: list[tuple[str, str, str]] = []
    for number, name in enumerate(TEAM):
        if day in MISSED.get(name, ()):
            continue
        points = [question.key_points[(day + number + step) % len(question.key_points)] for step in (0, 2)]
        words = [point.aliases[(day + number) % len(point.aliases)] for point in points]
        said.append((name, WAYS[(day + number) % len(WAYS)], _sentences(words)))
    return said


def _sentences(words: list[str]) -> str:
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in words)
