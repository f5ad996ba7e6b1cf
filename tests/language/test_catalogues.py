"""The catalogues: in step with what is said, whole, and true to fields, numbers and code."""

from gettext import GNUTranslations

import pytest

from helpers.language import LANGUAGES, active, gettext, language, ngettext, speak
from tools.faults import Fault
from tools.messages import FOLDER, Pseudo, catalogue, kept, messages, missing, pseudo

TRANSLATED = LANGUAGES[1:]


@pytest.fixture(scope="module")
def single():
    return [message for message in messages() if isinstance(message, str)]


@pytest.fixture
def english():
    yield
    language("en")


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_fields_numbers_and_code(code):
    for entry in catalogue(code):
        said = (entry.id, entry.string) if isinstance(entry.id, str) else None
        pairs = [said] if said else zip(entry.id, entry.string, strict=True)
        for english, other in pairs:
            if english:
                assert kept(english) == kept(other), english


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_holds_what_is_said_and_is_compiled(code):
    written = catalogue(code)
    keys = {message if isinstance(message, str) else message[0] for message in messages()}
    stale = [
        m.id for m in written if m.id and (m.id if isinstance(m.id, str) else m.id[0]) not in keys
    ]
    assert not stale, f"no longer said: {stale}; run python -m tools.messages {code}"
    with (FOLDER / f"{code}.mo").open("rb") as compiled:
        found = GNUTranslations(compiled)
    for entry in (entry for entry in written if entry.id):
        one, *many = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        told = [found.ngettext(one, *many, n) for n in (1, 2)] if many else [found.gettext(one)]
        assert told == [*(entry.string if many else [entry.string])], f"compile {code} anew"


def test_accents_keep_fields_numbers_and_code_and_make_words_longer(single):
    for message in single:
        other = pseudo(message)
        assert kept(other) == kept(message), message
        assert pseudo(other) == other, message
    long = [message for message in single if len(message) > 40 and " " in message]
    assert sum(len(pseudo(m)) for m in long) > 1.3 * sum(len(m) for m in long)


def test_a_language_that_there_is_not_is_refused_with_those_there_are(english):
    with pytest.raises(ValueError, match=r"language: expected one of en, .*; got 'xx'"):
        language("xx")
    assert active() == "en"


def test_a_new_language_lacks_every_message():
    assert missing("fr").keys() == messages().keys()


def test_many_and_one_are_told_apart(english):
    assert [ngettext("{n} call", "{n} calls", n) for n in (1, 2)] == ["1 call", "2 calls"]
    speak("pseudo", Pseudo())
    assert [ngettext("{n} call", "{n} calls", n) for n in (1, 2)] == ["1 çááll", "2 çáállšš"]
    assert gettext("Line {number} holds.", number=3) == "Lííññéé 3 hóóldšš."


@pytest.mark.parametrize("code", ["xx", "pt-BR", "../de", ""])
def test_a_code_of_no_language_is_refused_in_a_sentence(code):
    with pytest.raises(Fault, match=rf"code of a language.*got '{code}'"):
        catalogue(code)
