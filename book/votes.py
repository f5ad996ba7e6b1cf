"""Gives the lectures and takes votes from phones: `python course.py vote [FOLDER] [--port N]`.

The machine that presents sees the decks; everything else in the room's network sees one page with
five letters. A browser votes once a round; who deletes its cookies votes again. Counts are kept
while the program runs, and which browsers have voted until their round ends: nothing is written
down, and nobody has a name.
"""

import json
import re
import secrets
import socket
import sys
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

import segno

from book.assets import STATIC
from book.ballots import LETTERS
from book.slides import build
from helpers.language import gettext, translate_page
from tools.faults import Fault, guarded, say

ROUNDS = 2
MOST_DEVICES = 2000  # that are given a number while the program runs
LONGEST = 300  # bytes of a message
PRESENTER = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
OWN = ("localhost", "127.0.0.1", "[::1]")  # names that no other page can give itself


@dataclass
class Poll:
    """The question that is put to the vote, and how often each letter was chosen in each round."""

    question: str = ""
    options: int = 0
    round: int = 0  # 1 or 2 while it is open, else 0
    counts: list[list[int]] = field(default_factory=list)
    voted: set[str] = field(default_factory=set)

    def begin(self, question, options, number):
        """Open a round; what was counted in it before, and in the one after it, is forgotten.

        Raises ValueError for what is no question of two to five options, or no round.
        """
        if not isinstance(question, str) or not 0 < len(question) <= 100:
            raise ValueError("question: expected a name")
        if options not in range(2, len(LETTERS) + 1) or number not in range(1, ROUNDS + 1):
            raise ValueError("expected 2 to 5 options, and round 1 or 2")
        if question != self.question or number == 1:
            self.counts = [[0] * options for _ in range(ROUNDS)]
        self.question, self.options, self.round = question, options, number
        self.counts[number - 1] = [0] * options
        self.voted.clear()

    def end(self):
        """Close the round, and forget which devices have voted."""
        self.round = 0
        self.voted.clear()

    def vote(self, device, letter):
        """Count one vote; return why it does not count, or nothing."""
        if not self.round:
            return gettext("no vote is open")
        if not isinstance(letter, str) or letter not in [*LETTERS[: self.options]]:
            return gettext("no option")
        if device in self.voted:
            return gettext("voted already")
        self.voted.add(device)
        self.counts[self.round - 1][LETTERS.index(letter)] += 1
        return ""


class Room(ThreadingHTTPServer):
    """The server: a folder of decks, one poll, and the address that phones open."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, folder, port=0, host="0.0.0.0"):
        super().__init__((host, port), partial(Handler, directory=str(folder)))
        self.poll, self.lock, self.issued = Poll(), Lock(), set()
        self.address = f"http://{own_address()}:{self.server_port}/vote"
        self.code = qr_code(self.address)

    def told(self):
        """Return the poll as the deck asks for it, with the address that phones open."""
        with self.lock:
            poll = self.poll
            told = {"question": poll.question, "round": poll.round, "counts": poll.counts}
        return told | {"address": self.address, "code": self.code}

    def hear(self, said):
        """Open or close a round, as the deck says; ValueError for what is no question."""
        with self.lock:
            if said.get("round"):
                self.poll.begin(said.get("question"), said.get("options"), said["round"])
            else:
                self.poll.end()

    def issue(self):
        """Return a number for a browser that has none, "" if there are too many."""
        with self.lock:
            if len(self.issued) >= MOST_DEVICES:
                return ""
            self.issued.add(token := secrets.token_hex(16))
        return token

    def handle_error(self, request, client_address):
        """Write nothing down; a phone may leave in the middle."""


def own_address():
    """Return this machine's address in the room's network; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nobody's: reserved for examples
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def qr_code(address):
    """Return the address as a QR code in SVG."""
    return segno.make(address, error="m").svg_inline(scale=6, border=2, light="#fff")


class Handler(SimpleHTTPRequestHandler):
    """Answers one request; only the presenting machine sees decks and counts."""

    timeout = 5
    server: Room

    def do_GET(self):
        if self.path == "/vote":
            page = translate_page((STATIC / "vote.html").read_text(encoding="utf-8")).encode()
            device = self.device() or self.server.issue()
            cookie = f"device={device}; HttpOnly; SameSite=Strict; Path=/" if device else ""
            self.answer(page, "text/html; charset=utf-8", cookie=cookie)
        elif self.path == "/vote/state":
            with self.server.lock:
                poll = self.server.poll
                told = {"question": poll.question, "round": poll.round, "options": poll.options}
                told["voted"] = self.device() in poll.voted
            self.tell(told)
        elif self.path == "/poll" and self.is_here():
            self.tell(self.server.told())
        else:
            super().do_GET()

    def do_POST(self):
        said = self.said()
        if said is None:
            self.tell({"refused": "expected a short message"}, HTTPStatus.BAD_REQUEST)
        elif self.path == "/vote":
            device, refused = (
                self.device(),
                gettext("this browser keeps no cookies; load the page again"),
            )
            if device:
                with self.server.lock:
                    refused = self.server.poll.vote(device, said.get("letter"))
            self.tell({"refused": refused})
        elif self.path == "/poll" and self.presents():
            try:
                self.server.hear(said)
                self.tell({"refused": ""})
            except (ValueError, TypeError) as error:
                self.tell({"refused": str(error)}, HTTPStatus.BAD_REQUEST)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def presents(self):
        """Tell whether a deck of ours on this machine asks, not another page in its browser."""
        return self.is_here() and self.headers.get("Origin") == f"http://{self.headers['Host']}"

    def is_here(self):
        """Tell whether this machine asks, by a name of its own."""
        host = re.sub(r":\d+$", "", self.headers.get("Host", ""))
        return self.client_address[0] in PRESENTER and host in OWN

    def send_head(self):
        """Answer GET and HEAD alike: with a file of the decks, on this machine alone."""
        return super().send_head() if self.is_here() else self.send_error(HTTPStatus.NOT_FOUND)

    def said(self):
        """Return the message of a request, if it is a short object in JSON."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST:
            return None
        try:
            found = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def device(self):
        """Return the number that a browser was given here, "" before."""
        found = re.search(r"(?:^|;\s*)device=([0-9a-f]{32})(?:;|$)", self.headers.get("Cookie", ""))
        return found[1] if found and found[1] in self.server.issued else ""

    def tell(self, found, status=HTTPStatus.OK):
        self.answer(json.dumps(found).encode(), "application/json", status)

    def answer(self, body, kind, status=HTTPStatus.OK, cookie=""):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def list_directory(self, path):
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format, *words):
        """Write nothing down."""


@guarded
def main(words):
    """Serve the decks in the folder that the first word names; build them where there are none."""
    folder, port = Path(words[0]), int(words[1])
    if not (folder / "index.html").exists():
        say(f"building the decks into {folder}")
        build(folder)
    try:
        room = Room(folder, port)
    except OSError as error:
        raise Fault(f"port {port}: {error.strerror}; another one with --port") from None
    say(f"Lecture: http://localhost:{room.server_port}/index.html, on this machine alone.")
    say(f"Phones:  {room.address}, in the same network; Ctrl-C ends it.")
    try:
        room.serve_forever()
    except KeyboardInterrupt:
        say("The counts are forgotten.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
