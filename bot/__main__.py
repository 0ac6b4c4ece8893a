"""The entry point: `python -m bot`, installed as `mockingbird`."""

import sys


def main() -> None:
    """Does what the command line says."""
    if sys.argv[1:] == ["run"]:
        # Without what reads the other commands: it would take 2 MB for as long as the bot runs.
        from bot.start import run

        run()
    else:
        from bot.command_line import app

        app()


if __name__ == "__main__":
    main()
