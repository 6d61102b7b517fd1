"""Python as on Windows: what only POSIX systems have is hidden from this process and its children.

Put this folder first on PYTHONPATH: this module is imported at the start of every Python process.
"""

import importlib
import os
import signal
import sys

MODULES = ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "readline")
OF_OS = (
    "chown", "fchown", "lchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getgroups",
    "getpgid", "getuid", "killpg", "mkfifo", "nice", "setegid", "seteuid", "setgid", "setsid",
    "setuid", "statvfs",
)  # fmt: skip
WINDOWS_SIGNALS = ("SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM")

# Has a part of its own for each system, and is loaded with that for this one; so is subprocess.
for name in ("psutil", "subprocess"):
    importlib.import_module(name)
for name in MODULES:
    sys.modules[name] = None  # type: ignore[assignment]
for name in OF_OS:
    if hasattr(os, name):
        delattr(os, name)
for name in dir(signal):
    if name.startswith("SIG") and "_" not in name and name not in WINDOWS_SIGNALS:
        delattr(signal, name)
