"""Votes: what may be chosen, who is counted, and five phones in a room with a slide."""

import json
import threading
import urllib.error
import urllib.request
from collections import Counter
from contextlib import ExitStack, contextmanager

import pytest

from book import slides
from book.ballots import LETTERS, choices, typeset
from book.votes import MOST_DEVICES, Poll, Room
from helpers.exercises import EXERCISES, ChoiceExercise
from tests.editions.lessons import deck_of
from tests.editions.test_slides import cell, made
from tests.lessons.ours import SYLLABUS
from tools.browser import page


@pytest.fixture(scope="module")
def votes():
    """Lesson → the exercises that its lecture puts to the vote."""
    decks = {name: deck_of(name) for name in SYLLABUS}
    return {
        name: [EXERCISES[slide.vote] for slide in found if slide.vote]
        for name, found in decks.items()
    }


def lettered(exercise):
    """Return ``[(text, whether it is right)]`` of what stands behind A, B, …"""
    return [(text, not slug) for text, slug, _ in choices(exercise)]


# ------------------------------------------------------------------------------- what is asked


@pytest.mark.parametrize("name", SYLLABUS)
def test_a_lecture_has_three_votes_of_two_to_five_options(name, votes):
    assert len(votes[name]) >= 3, f"{name} has {len(votes[name])} votes"
    for exercise in votes[name]:
        assert 2 <= len(lettered(exercise)) <= 5, exercise.name
        assert [right for _, right in lettered(exercise)].count(True) == 1, exercise.name


def test_keys_are_spread_over_the_letters(votes):
    keys = Counter()
    for exercise in {each.name: each for found in votes.values() for each in found}.values():
        place = [right for _, right in lettered(exercise)].index(True)
        keys[LETTERS[place]] += 1
    for letter in LETTERS:
        assert 0.05 <= keys[letter] / keys.total() <= 0.35, keys


def test_whoever_always_takes_the_longest_option_wins_no_more_than_by_chance(votes):
    """Each lesson's votes once; of options that are equally long one is taken at random."""
    won = chance = 0.0
    for exercise in {each.name: each for found in votes.values() for each in found}.values():
        if isinstance(exercise, ChoiceExercise):
            sizes = [(len(text), right) for text, right in lettered(exercise)]
            longest = [right for size, right in sizes if size == max(sizes)[0]]
            won += sum(longest) / len(longest)
            chance += 1 / len(sizes)
            assert max(sizes)[0] <= 2.1 * min(sizes)[0], (
                f"{exercise.name}: options of unlike length"
            )
    assert won <= chance, f"the longest option wins {won:.1f} votes, by chance {chance:.1f}"


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("alpha*z <= beta", "α<i>z</i> ≤ β"),
        ("z_1..z_10", "<i>z</i><sub>1</sub>, …, <i>z</i><sub>10</sub>"),
        ("E[ReLU'(z)^2] and (1/4)^(n)", "E[ReLU′(<i>z</i>)<sup>2</sup>] and (1/4)<sup>n</sup>"),
        ("`alpha_1*z` and $z^2$ stay", "`alpha_1*z` and $z^2$ stay"),
    ],
)
def test_plain_notation_is_typeset(plain, shown):
    assert typeset(plain) == shown


# ------------------------------------------------------------------------------- who is counted


def test_a_device_is_counted_once_in_a_round_and_forgotten_after_it():
    poll = Poll()
    assert poll.vote("a", "A") == "no vote is open"
    poll.begin("q", 4, 1)
    assert poll.vote("a", "A") == ""
    assert poll.vote("a", "B") == "voted already"
    assert poll.vote("b", "E") == "no option"
    assert poll.vote("b", "") == "no option"
    poll.end()
    assert poll.voted == set()
    poll.begin("q", 4, 2)
    assert poll.vote("a", "B") == ""
    assert poll.counts == [[1, 0, 0, 0], [0, 1, 0, 0]]
    poll.begin("q", 4, 1)  # once more
    assert poll.counts == [[0, 0, 0, 0], [0, 0, 0, 0]]
    poll.begin("another", 2, 1)
    assert poll.counts == [[0, 0], [0, 0]]


def test_so_many_browsers_are_given_a_number_and_no_more(tmp_path):
    with Room(tmp_path, host="127.0.0.1") as room:
        issued = [room.issue() for _ in range(MOST_DEVICES + 1)]
    assert len({*issued}) == MOST_DEVICES + 1
    assert [n for n, token in enumerate(issued) if not token] == [MOST_DEVICES]


@pytest.mark.parametrize(
    "wrong", [("", 4, 1), ("q", 1, 1), ("q", 6, 1), ("q", 4, 3), ("q", "4", 1)]
)
def test_what_is_no_question_is_not_opened(wrong):
    with pytest.raises(ValueError, match="expected"):
        Poll().begin(*wrong)


@contextmanager
def served(folder):
    with Room(folder, host="127.0.0.1") as room:
        threading.Thread(target=room.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield room, f"http://127.0.0.1:{room.server_port}"
        finally:
            room.shutdown()


def ask(address, body=None, method=None, **headers):
    """Return status and answer of a request."""
    data = None if body is None else body.encode()
    request = urllib.request.Request(address, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_room_sees_one_page_and_only_the_deck_opens_a_round(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("notes with answers")
    begin = json.dumps({"question": "q", "options": 2, "round": 1})
    with served(tmp_path) as (room, address):
        assert ask(f"{address}/index.html") == (200, b"notes with answers")
        assert ask(f"{address}/poll", begin)[0] == 404  # a page of somebody else
        assert ask(f"{address}/poll", begin, Origin=address)[0] == 200
        for body in ("[]", "no JSON", "9" * 1000, '{"question": 1, "options": [], "round": 1}'):
            assert ask(f"{address}/poll", body, Origin=address)[0] == 400
        stranger = f"evil.example:{room.server_port}"  # a name that leads here from another page
        assert ask(f"{address}/poll", begin, Host=stranger, Origin=f"http://{stranger}")[0] == 404
        assert ask(f"{address}/index.html", Host=stranger)[0] == 404
        token = f"_xsrf=2|ab; device={room.issue()}"
        for unknown in ({}, {"Cookie": "device=" + 32 * "a"}):
            assert b"cookies" in ask(f"{address}/vote", '{"letter": "A"}', **unknown)[1]
        assert b'""' in ask(f"{address}/vote", '{"letter": "A"}', Cookie=token)[1]
        assert b"already" in ask(f"{address}/vote", '{"letter": "B"}', Cookie=token)[1]
        assert room.poll.counts[0] == [1, 0]
        monkeypatch.setattr("book.votes.PRESENTER", ())  # now from another machine
        for place in ("index.html", "poll", "../pyproject.toml"):
            assert ask(f"{address}/{place}")[0] == 404
            assert ask(f"{address}/{place}", method="HEAD")[0] == 404
        assert ask(f"{address}/poll", begin, Origin=address)[0] == 404
        assert ask(f"{address}/vote")[0] == 200
        assert ask(f"{address}/vote", method="HEAD")[0] == 404


# ------------------------------------------------------------------------------ five phones


def lecture(folder):
    """Build the deck of one vote."""
    found = made(cell("## The corner", vote="q_relu_zero", beat="vote", minutes=6))
    slides.copy_assets(folder / "assets")
    (folder / "one.html").write_text(slides.deck(found), encoding="utf-8")


@pytest.mark.complete
@pytest.mark.browser
def test_five_phones_vote_twice_and_the_slide_shows_both_rounds(tmp_path, chromium):
    lecture(tmp_path)
    with served(tmp_path) as (room, address), ExitStack() as stack:
        deck = stack.enter_context(page(chromium)).page
        deck.goto(f"{address}/one.html#/1")
        deck.wait_for_function("window.Reveal?.isReady() && served")
        phones = [stack.enter_context(page(chromium, width=390)).page for _ in range(5)]
        for phone in phones:
            phone.goto(f"{address}/vote")
        for number, letters in enumerate(("AABCD", "DDDDA"), 1):
            deck.keyboard.press("v")
            for phone, letter in zip(phones, letters, strict=True):
                phone.get_by_role("heading", name=f"Round {number}").wait_for()
                phone.get_by_role("button", name=letter, exact=True).click()
                phone.get_by_role("heading", name=f"{letter} is counted.").wait_for()
                assert phone.get_by_role("button", disabled=True).count() == 5
            deck.get_by_text("5 votes").wait_for()
            deck.keyboard.press("v")
            ahead = ("Vote again (V)", "Once more (V)")[number - 1]  # a second press too early
            deck.get_by_role("button", name=ahead).wait_for()  # is a slip of a clicker
        assert room.poll.counts == [[2, 1, 1, 1, 0], [1, 0, 0, 4, 0]]
        deck.wait_for_function(
            "[...document.querySelectorAll('.bar:not([hidden])')].map((bar) => bar.textContent)"
            ".join() === '40 %,20 %,20 %,0 %,20 %,0 %,20 %,80 %,0 %,0 %'"
        )


@pytest.mark.browser
@pytest.mark.complete
def test_counts_are_entered_by_hand_where_a_deck_is_opened_from_its_file(tmp_path, chromium):
    lecture(tmp_path)
    with page(chromium) as visit:
        visit.page.goto(f"{(tmp_path / 'one.html').as_uri()}#/1")
        visit.page.wait_for_function("window.Reveal?.isReady()")
        visit.page.keyboard.press("v")
        visit.page.get_by_text("Vote 1:00").or_(visit.page.get_by_text("Vote 0:5")).wait_for()
        visit.page.keyboard.press("e")
        visit.page.get_by_label("A, round 1").fill("30")
        visit.page.get_by_label("B, round 1").fill("10")
        visit.page.evaluate("document.activeElement.blur()")
        visit.page.keyboard.press("e")
        visit.page.keyboard.press("r")
        visit.page.get_by_text("75 %").wait_for()
        assert visit.errors == []
