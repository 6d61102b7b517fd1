"""A mail server on this machine alone, which keeps what it is sent."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """Where the server listens, what it was sent, and which addresses it refuses."""

    port: int = 0
    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: str = "nobody"


@contextmanager
def mail_server(refuses: str = "nobody") -> Iterator[Mailbox]:
    """Run a server that knows just what smtplib says without encryption."""
    box = Mailbox(refuses=refuses)

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 stand-in")
            while line := self.rfile.readline().decode().strip():
                verb = line.split(":")[0].split(" ")[0].upper()
                if verb == "DATA":
                    self.say("354 go on")
                    self.keep()
                elif verb == "RCPT":
                    wanted = line.partition("<")[2].partition(">")[0]
                    box.recipients.append(wanted)
                    self.say("550 not here" if box.refuses in wanted else "250 ok")
                else:
                    self.say("221 bye" if verb == "QUIT" else "250 ok")
                if verb == "QUIT":
                    return

        def keep(self) -> None:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            box.messages.append(b"".join(lines))
            self.say("250 kept")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        try:
            yield box
        finally:
            server.shutdown()
