"""Privacy as people read it: what is stored, the file with all of it, and what a deletion does."""

import io

import discord

from bot.services.privacy import Deleted, MemberExport
from bot.ui.kit.catalog import _, ngettext
from bot.ui.kit.layouts import Button, Page
from bot.ui.kit.words import quoted

ARCHIVE = "mockingbird-export.zip"


def policy_page(keep_days: int, model_host: str | None) -> Page:
    """What `/privacy policy` says; `docs/privacy.md` says the same, longer.

    Args:
        keep_days: how long what people write stays stored.
        model_host: where a model reads answers of those who agree; None where there is none.
    """
    first = [
        _(
            "### Your data\nI store what practicing together needs, and nothing else. There are "
            "no ads and no profiles, I don't train a model on what you write, and I send it to "
            "nobody but Discord."
        )
    ]
    if model_host is not None:
        host = quoted(model_host)
        first.append(
            _(
                "One exception: if you agree, your answers, in interviews too, go to a model at **{host}**.",
                host=host,
            )
        )
    return Page(
        " ".join(first),
        _(
            "**What I store**\n"
            "- your Discord id, the name you have here, and when I last saw you\n"
            "- your answers, interview answers, reports of mistakes, and questions you suggest: the text and when "
            "you sent it\n"
            "- your votes, points, teams, streak care (away days, repairs, milestones) and reminders\n"
            "- your quiz choices, review cards, ticked key points and scorecards\n"
            "- which messages of mine are about you, so that I can edit and delete them"
        ),
        ngettext(
            "**Why and how long**\nI erase the text of answers, interviews and reports after "
            "**{number} day**, and the text of a message once you delete it in Discord. The rest "
            "makes up your streak, points, reviews and suggestions, so it stays until you delete "
            "it.",
            "**Why and how long**\nI erase the text of answers, interviews and reports after "
            "**{number} days**, and the text of a message once you delete it in Discord. The "
            "rest makes up your streak, points, reviews and suggestions, so it stays until you "
            "delete it.",
            keep_days,
        ),
        _(
            "**Who sees it**\nAnswers are for the channel you practice in; points, ranks, streaks "
            "and how much you've practiced are for the server. Solo quizzes, reviews and "
            "interviews are yours alone, but people who manage threads can open an interview's "
            "thread. Managers read reports of mistakes and suggested questions, see who's been "
            "quiet, and see without names how questions went. Whoever runs me can read the "
            "database."
        ),
        _(
            "**What you can do**\nUse `/privacy export` to get all of it as a file, and `/privacy "
            "delete` to erase it. In a server, they cover that server; in a direct message with "
            "me, everything. `/leaderboard` has a button to stay off boards."
        ),
        _("-# Mockingbird is for practice. It must not be used to select people for jobs."),
    )


def export_page(export: MemberExport, *, everywhere: bool) -> Page:
    """What `/privacy export` answers, above the file."""
    if not export.rows:
        if everywhere:
            return Page(_("### Nothing stored\nI don't have anything about you anywhere."))
        return Page(_("### Nothing stored\nI don't have anything about you in this server."))
    head = _("### Your data everywhere") if everywhere else _("### Your data in this server")
    text = ngettext(
        "Here's everything I have about you: {number} entry. `export.json` has all of it; "
        "the folder `csv` has the same as tables for a spreadsheet. Times are UTC.",
        "Here's everything I have about you: {number} entries. `export.json` has all of it; "
        "the folder `csv` has the same as tables for a spreadsheet. Times are UTC.",
        sum(export.rows.values()),
    )
    foot = [
        _("-# Only you see this. Use `/privacy policy` to read what it's for, and `/privacy delete` to erase it.")
    ]
    if not everywhere:
        foot.append(_("Run it in a direct message with me to get every server at once."))
    return Page(f"{head}\n{text}", " ".join(foot), file=ARCHIVE)


def export_file(export: MemberExport) -> list[discord.File]:
    """The file that stands below the page; none where nothing is stored."""
    return [discord.File(io.BytesIO(export.archive), ARCHIVE)] if export.rows else []


def confirm_page(guild_id: int | None) -> Page:
    """What `/privacy delete` asks before anything goes.

    Args:
        guild_id: the server that is meant; None for everywhere.
    """
    head = _("### Delete your data everywhere?") if guild_id is None else _("### Delete your data in this server?")
    blocks = [
        "\n".join((head, _("This can't be undone. If you want a copy, use `/privacy export` first."))),
        _(
            "**What goes**\n"
            "- the text of your answers, interviews, reports of mistakes, and questions you wrote or suggested\n"
            "- your name, your Discord id, your streak, milestones, quizzes, reviews, reminders and scorecards\n"
            "- my messages about you: answers I brought into threads, milestones, reminders, your interviews\n"
            "- a quiz or interview that's running ends now"
        ),
        _(
            "**What stays**\n- that somebody answered, voted or scored: other people's points, "
            "ranks and teams depend on it. It's kept under “A member”, with a random number that "
            "leads nowhere\n- what you wrote yourself in Discord, also in the thread of the open "
            "question: those messages are yours, so delete them there\n- your name in messages of "
            "mine about several people, such as digests and podiums, and what you shared "
            "yourself\n- questions of yours that managers accepted, without your name\n- roles you "
            "have in this server"
        ),
    ]
    if guild_id is not None:
        blocks.append(
            _(
                "-# Your reminders are for all servers, so they stay on. To delete everything "
                "everywhere, use `/privacy delete` in a direct message with me."
            )
        )
    place = guild_id or 0
    buttons = [
        Button(_("Delete my data"), f"mb:privacy:delete:{place}", danger=True),
        Button(_("Keep it"), f"mb:privacy:keep:{place}"),
    ]
    return Page(*blocks, buttons=buttons)


def kept_text() -> str:
    """What is said where nothing goes."""
    return _("Nothing was deleted.")


def deleted_page(deleted: Deleted, *, everywhere: bool) -> Page:
    """What is said once everything is gone."""
    lines = [
        _("### Your data is deleted everywhere") if everywhere else _("### Your data is deleted in this server")
    ]
    if deleted.posts:
        lines.append(
            ngettext(
                "I'm removing {number} message of mine about you from Discord now.",
                "I'm removing {number} messages of mine about you from Discord now.",
                deleted.posts,
            )
        )
    lines.append(_("If you answer or play again, you start fresh."))
    return Page("\n".join(lines))
