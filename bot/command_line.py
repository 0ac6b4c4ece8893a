"""The commands of `python -m bot`."""

import asyncio
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import start
from bot.domain.errors import OperatorError, Refusal
from bot.settings import load_settings
from bot.start import operators_words

if TYPE_CHECKING:
    from bot.domain.surface import Guess, ItemShares

app = typer.Typer(no_args_is_help=True, add_completion=False)
bank = typer.Typer(no_args_is_help=True, help="Check, import and export question packs.")
app.add_typer(bank, name="bank")
feedback = typer.Typer(no_args_is_help=True, help="Find key points in answers.")
app.add_typer(feedback, name="feedback")


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mockingbird {version('mockingbird')}")
        raise typer.Exit


@app.callback()
def options(
    tell: Annotated[
        bool, typer.Option("--version", help="Tell the version.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Mockingbird practices for interviews with your team."""


@app.command()
def run() -> None:
    """Runs the bot until it is stopped."""
    start.run()


@app.command()
def demo(
    check: Annotated[bool, typer.Option("--check", help="Play a scripted day without a browser.")] = False,
    port: Annotated[int, typer.Option(help="Where the demo's page is served, on this machine only.")] = 8710,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Opens the bot in a simulated server in your browser."""
    if find_spec("simcord") is None:
        typer.echo("The demo needs its extra: pip install 'mockingbird[demo]'.", err=True)
        raise typer.Exit(1)
    from bot.demo import play

    if check:
        raise typer.Exit(0 if asyncio.run(play.check(typer.echo)) else 1)
    asyncio.run(play.open_in_browser(port, browser=browser, say=typer.echo))


@app.command()
def verify(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Write the standings anew (stop the bot first).")
    ] = False,
) -> None:
    """Recomputes streaks and standings from answers and ledger, and says whether they agree."""
    from bot.services.audit import verify_database
    from bot.ui import audit

    with operators_words():
        settings = load_settings(dict(os.environ))
        report = asyncio.run(verify_database(settings.database_url, rebuild=rebuild))
    for line in report.disagreements:
        typer.echo(audit.disagreement(line), err=True)
    typer.echo(audit.summary(report))
    if report.disagreements:
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Looks at everything that the bot needs, also while it runs, and says what to do next."""
    from bot.clock import system_clock
    from bot.doctor import BAD, CheckedThing, examine

    async def tell() -> bool:
        bad = False
        async for finding in examine(load_settings(dict(os.environ)), system_clock()):
            bad = bad or finding.mark == BAD
            typer.echo(finding)
        return bad

    try:
        bad = asyncio.run(tell())
    except OperatorError as error:
        typer.echo(CheckedThing(BAD, "settings", str(error)))
        bad = True
    raise typer.Exit(1 if bad else 0)


@app.command()
def backup(
    folder: Annotated[
        Path | None, typer.Argument(help="Where backups lie; the folder backups beside the database if left out.")
    ] = None,
    keep: Annotated[int, typer.Option(min=1, help="How many backups stay.")] = 14,
    days: Annotated[int, typer.Option(min=1, help="Delete backups older than this, but never the newest.")] = 90,
) -> None:
    """Copies the database, also while the bot runs, and checks the copy."""
    from bot.clock import system_clock
    from bot.services.backups import back_up
    from bot.ui import audit

    with operators_words():
        settings = load_settings(dict(os.environ))
        age = timedelta(days=days)
        made = asyncio.run(back_up(settings.database_url, system_clock(), folder, keep=keep, age=age))
    for line in made.report.disagreements:
        typer.echo(audit.disagreement(line), err=True)
    typer.echo(f"{made.file}: {audit.summary(made.report)}")
    if made.deleted:
        typer.echo(f"Older backups deleted: {made.deleted}.")
    if made.report.disagreements:
        raise typer.Exit(1)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A backup.")]) -> None:
    """Puts a backup in the place of the database, which is kept beside it; stop the bot first."""
    from bot.clock import system_clock
    from bot.services import backups

    with operators_words():
        settings = load_settings(dict(os.environ))
        former = backups.restore(settings.database_url, system_clock(), file)
    typer.echo(f"{file} is in place.")
    if former is not None:
        typer.echo(f"The database that was there is {former} now; delete it once you no longer need it.")
    typer.echo(
        "Start the bot now: it brings the database up to date. What was stored since this backup isn't in it."
    )


@app.command()
def migrate(
    from_: Annotated[str, typer.Option("--from", help="The address of the old database.")] = "",
    to: Annotated[str, typer.Option("--to", help="The address of an empty one.")] = "",
) -> None:
    """Copies everything into another database, for example from SQLite to PostgreSQL; stop the bot first.

    The address that is left out is that of MOCKINGBIRD_DATABASE_URL: what is typed, others on the machine can read.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from bot.services.moves import move
    from bot.settings import BadValue, usable_url
    from bot.storage.sqlite_files import database_file
    from bot.ui import audit

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True)
    )
    task = bar.add_task("rows", total=None)

    def show(done: int, every: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=every)

    with operators_words():
        own = "" if from_ and to else load_settings(dict(os.environ)).database_url
        try:
            source, target = usable_url(from_ or own), usable_url(to or own)
        except BadValue as error:
            raise OperatorError(f"One of the addresses can't be used: {error}.") from None
        try:
            moved = asyncio.run(move(source, target, show))
        finally:
            if bar.live.is_started:
                bar.stop()
    for line in moved.report.disagreements:
        typer.echo(audit.disagreement(line), err=True)
    typer.echo(f"{moved.rows:,} rows are in the new database. {audit.summary(moved.report)}")
    begin = "Now put the new address into MOCKINGBIRD_DATABASE_URL and start" if to else "Start"
    aside = f"Put {database_file(source)} aside" if database_file(source) else "Leave the old database alone"
    typer.echo(
        f"{begin} the bot. {aside}, so that nothing takes it for the one in use, and delete it once you no longer "
        "need it."
    )


@bank.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of packs; the shipped ones if left out.")] = None,
    form: Annotated[bool, typer.Option("--form", help="Tell what the form of items gives away, by topic.")] = False,
    cross: Annotated[bool, typer.Option("--cross", help="Tell how often an answer fits another question.")] = False,
) -> None:
    """Holds packs to the format and the standard, and names file, line and what to mend."""
    from bot.domain.standard import crossing, item_guesses
    from bot.storage.bank_files import BadPack, check_pack, packs_folder, shipped_hints
    from bot.ui.charts.questions import DRAWINGS

    found = sorted((folder or packs_folder()).glob("*/pack.yaml"))
    if not found:
        typer.echo("There is no pack here: a pack is a folder with a pack.yaml.", err=True)
        raise typer.Exit(1)
    failed = False
    undrawn = set(DRAWINGS) if folder is None else set[str]()
    for file in found:
        try:
            pack, problems = check_pack(file.parent, DRAWINGS)
        except BadPack as error:
            failed = True
            typer.echo(str(error), err=True)
            continue
        for problem in problems:
            failed = True
            typer.echo(str(problem), err=True)
        undrawn -= {question.picture.name for question in pack.questions if question.picture}
        authored = sum(question.model_answer is not None for question in pack.questions)
        items = sum(len(question.items) for question in pack.questions)
        verdict = f"{len(problems)} to mend" if problems else "nothing to mend"
        typer.echo(
            f"{pack.id}: {len(pack.questions)} questions, {authored} with content, {items} quiz items; {verdict}"
        )
        for line in _form_lines(item_guesses(pack), each=form):
            typer.echo(line)
        if cross:
            share = crossing(pack, shipped_hints())
            typer.echo(f"  two or more key points of another question are in {share:.0%} of the spoken answers")
    for name in sorted(undrawn):
        failed = True
        typer.echo(f"{name}: no question uses this drawing; give it to one or delete it", err=True)
    if failed:
        raise typer.Exit(1)


@bank.command()
def pictures(folder: Annotated[Path, typer.Argument(help="Where to; it is made if it isn't there.")]) -> None:
    """Draws every picture that a question can have, each as a PNG under its name."""
    from bot.ui.charts.questions import DRAWINGS
    from bot.ui.charts.rendering import render

    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWINGS.items():
        (folder / f"{name}.png").write_bytes(render(draw()))
    typer.echo(f"{folder} has them: {', '.join(DRAWINGS)}.")


def _form_lines(by_topic: Mapping[str, Sequence["Guess"]], *, each: bool) -> Iterator[str]:
    """What the items of a pack have in common; `each` topic too, with the items whose form gives them away."""
    from bot.domain.standard import cue_of
    from bot.domain.surface import shares

    if found := [guess for topic in by_topic.values() for guess in topic]:
        yield f"  {_form_line('all topics', shares(found))}"
    for topic, own in by_topic.items() if each else ():
        yield f"  {_form_line(topic, shares(own))}"
        yield from (f"    {cue_of(guess)}" for guess in own if guess.right == 1)


def _form_line(name: str, found: "ItemShares") -> str:
    from bot.domain.surface import RANKS

    ranks = ", ".join(f"{rank} {share:.0%}" for rank, share in zip(RANKS, found.ranks, strict=True))
    return (
        f"{name}: {found.items} items; right option {ranks}; mostly true distractors {found.holding:.0%}; "
        f"applied {found.applying:.0%}; guessed by form {found.guessed:.0%}"
    )


@bank.command()
def export(
    pack: Annotated[str, typer.Argument(help="The pack's id, such as genai.")],
    format: Annotated[str, typer.Option(help="yaml, json, csv or md")] = "json",
) -> None:
    """Prints a pack in another format. `bank import` reads all of them; YAML and JSON have everything."""
    from bot.services.bank_export import FORMATS, export_pack
    from bot.storage.bank_files import packs_folder, shipped_pack

    folder = packs_folder() / pack
    if format not in FORMATS or not (folder / "pack.yaml").is_file():
        known = ", ".join(sorted(file.parent.name for file in packs_folder().glob("*/pack.yaml")))
        typer.echo(f"I can export these packs as {', '.join(FORMATS)}: {known}.", err=True)
        raise typer.Exit(1)
    typer.echo(export_pack(shipped_pack(pack), format), nl=format == "json")


@feedback.command()
def score(
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="JSON lines; - reads what is piped in.")],
) -> None:
    """Prints which key points each answer mentions, one line of JSON for each line of FILE.

    A line has "question", "answer", "key_points" (texts, or objects with "text" and "aliases"), and "model_answer"
    where copies of it are to be told. A line that cannot be read gets an "error" in its place.
    """
    from bot.services.hint_scores import BadLine, score_lines
    from bot.storage.bank_files import shipped_hints
    from bot.ui.hint_terminal import bad_line

    reader = shipped_hints()
    failed = False
    for scored in score_lines(reader, file):
        if isinstance(scored, BadLine):
            failed = True
            sentence = bad_line(scored)
            typer.echo(sentence, err=True)
            scored = json.dumps({"error": sentence, "line": scored.number}, ensure_ascii=False)
        typer.echo(scored)
    if failed:
        raise typer.Exit(1)


@bank.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="A list of questions: .csv, .json, .yaml or .md, 5 MB at most.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what is in the file.")] = False,
    format: Annotated[str, typer.Option(help="text or json")] = "text",
    to: Annotated[Path | None, typer.Option(help="Write what was found as a pack into this new folder.")] = None,
) -> None:
    """Reads a list of questions and tells what it finds; with --to it becomes a pack of files."""
    from bot.services.bank_imports import find_questions
    from bot.ui import bank_terminal
    from bot.ui.refusals import explain_in_terminal

    try:
        found = find_questions(file.read_bytes(), file.name)
    except Refusal as refusal:
        typer.echo(explain_in_terminal(refusal), err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"I can't read {file}: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    if format == "json":
        typer.echo(json.dumps(bank_terminal.found_json(found), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(bank_terminal.found_lines(found)))
    if to is not None and not dry_run:
        from bot.services.bank_export import save_pack

        try:
            left = save_pack(to, found)
        except OSError as error:
            typer.echo(f"I can't write {to}: {error.strerror}.", err=True)
            raise typer.Exit(1) from None
        typer.echo(bank_terminal.pack_written(to, left), err=True)
    elif not dry_run:
        typer.echo(bank_terminal.nothing_stored(), err=True)
