"""What was received and what became of it, and whether all is well."""

from __future__ import annotations

from plain import finish, home_folder, run_program, say


def main() -> int:
    """The program's own two answers."""
    home = home_folder()
    say("What came, and what became of it:", "")
    code = run_program(home, "status", "-w", home / "workspace", asks=False)
    say("", "Whether all is well:", "")
    return max(code, run_program(home, "doctor", "-w", home / "workspace", asks=False))


if __name__ == "__main__":
    finish(main)
