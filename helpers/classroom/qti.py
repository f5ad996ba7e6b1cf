"""Questions as a package of QTI 2.1: choices and numbers are marked, derivations by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.etree import ElementTree

from helpers.classroom.moodle import DECIMALS, NOTATION, RTOL, known_numbers
from helpers.exercises import ChoiceExercise, Exercise, NumberExercise

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
SCHEMAS = "http://www.w3.org/2001/XMLSchema-instance"
LONG_AGO = (2026, 1, 1, 0, 0, 0)  # the same questions give the same bytes
Element = ElementTree.Element


def qti_package(exercises: Iterable[Exercise]) -> bytes:
    """Return the .zip that an LMS imports: a manifest, and an item for each question."""
    exercises = [*exercises]
    files = {f"items/{e.name}.xml": qti_item(e) for e in exercises}
    files = {"imsmanifest.xml": _manifest(exercises), **files}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), data)
    return out.getvalue()


def _manifest(exercises: list[Exercise]) -> bytes:
    root = Element("manifest", {"xmlns": PACKAGE, "identifier": "activation_derivatives"})
    about = ElementTree.SubElement(root, "metadata")
    ElementTree.SubElement(about, "schema").text = "IMS Content"
    ElementTree.SubElement(about, "schemaversion").text = "1.1"
    ElementTree.SubElement(root, "organizations")
    resources = ElementTree.SubElement(root, "resources")
    for exercise in exercises:
        href = f"items/{exercise.name}.xml"
        info = {"identifier": exercise.name, "type": "imsqti_item_xmlv2p1", "href": href}
        resource = ElementTree.SubElement(resources, "resource", info)
        ElementTree.SubElement(resource, "file", {"href": href})
    return _bytes(root)


def _bytes(root: Element) -> bytes:
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def qti_item(exercise: Exercise) -> bytes:
    """Return one question as an assessmentItem."""
    attributes = {
        "xmlns": QTI,
        "xmlns:xsi": SCHEMAS,
        "xsi:schemaLocation": f"{QTI} {QTI}.xsd",
        "identifier": exercise.name,
        "title": exercise.name,
        "adaptive": "false",
        "timeDependent": "false",
    }
    root = Element("assessmentItem", attributes)
    if isinstance(exercise, ChoiceExercise):
        _choice(root, exercise)
    elif isinstance(exercise, NumberExercise):
        _number(root, exercise)
    else:
        _text(root, exercise)
    return _bytes(root)


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    made = ElementTree.SubElement(parent, name, attributes)
    made.text = text or None
    return made


def _declare(root: Element, base: str, right: str, most: float, feedback: bool) -> None:
    response = {"identifier": "RESPONSE", "cardinality": "single", "baseType": base}
    declared = _add(root, "responseDeclaration", **response)
    if right:
        _add(_add(declared, "correctResponse"), "value", right)
    for name, value in {"SCORE": "0", "MAXSCORE": f"{most:g}"}.items():
        outcome = {"identifier": name, "cardinality": "single", "baseType": "float"}
        _add(_add(_add(root, "outcomeDeclaration", **outcome), "defaultValue"), "value", value)
    if feedback:
        outcome = {"identifier": "FEEDBACK", "cardinality": "single", "baseType": "identifier"}
        _add(root, "outcomeDeclaration", **outcome)


def _body(root: Element, exercise: Exercise, more: str = "") -> Element:
    body = _add(root, "itemBody")
    for line in f"{exercise.prompt}\n{more}".strip().split("\n"):
        _add(body, "p", line or "\u00a0")
    return body


def _choice(root: Element, exercise: ChoiceExercise) -> None:
    letters = {chr(65 + n): option for n, option in enumerate(exercise.options)}
    right = next(letter for letter, o in letters.items() if o.text == exercise.answer)
    _declare(root, "identifier", right, exercise.points, feedback=True)
    asked = {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "1"}
    interaction = _add(_body(root, exercise), "choiceInteraction", **asked)
    for letter, option in letters.items():
        _add(interaction, "simpleChoice", option.text, identifier=letter)
    processing = _add(root, "responseProcessing")
    case = _add(_add(processing, "responseCondition"), "responseIf")
    match = _add(case, "match")
    _add(match, "variable", identifier="RESPONSE")
    _add(match, "correct", identifier="RESPONSE")
    _score(case, exercise.points)
    chosen = _add(processing, "setOutcomeValue", identifier="FEEDBACK")
    _add(chosen, "variable", identifier="RESPONSE")
    for letter, option in letters.items():
        _feedback(root, letter, option.question or exercise.solution)


def _score(case: Element, points: float) -> None:
    score = _add(case, "setOutcomeValue", identifier="SCORE")
    _add(score, "baseValue", f"{points:g}", baseType="float")


def _number(root: Element, exercise: NumberExercise) -> None:
    """A number within the tolerance, which QTI counts in percent; wrong ones with a story."""
    known = known_numbers(exercise)
    _declare(root, "float", repr(next(iter(known))), exercise.points, feedback=True)
    body = _body(root, exercise, DECIMALS)
    entry = {"responseIdentifier": "RESPONSE", "expectedLength": "20"}
    _add(_add(body, "p"), "textEntryInteraction", **entry)
    processing = _add(root, "responseProcessing")
    chain = _add(processing, "responseCondition")
    for n, value in enumerate(known):
        case = _add(chain, "responseElseIf" if n else "responseIf")
        _close(case, value)
        if n == 0:
            _score(case, exercise.points)
        said = _add(case, "setOutcomeValue", identifier="FEEDBACK")
        _add(said, "baseValue", f"ANSWER{n}", baseType="identifier")
    for n, words in enumerate(known.values()):
        _feedback(root, f"ANSWER{n}", words)


def _close(parent: Element, value: float) -> None:
    mode, by = ("relative", 100 * RTOL) if value else ("absolute", 1e-9)
    equal = _add(parent, "equal", toleranceMode=mode, tolerance=f"{by:g} {by:g}")
    _add(equal, "variable", identifier="RESPONSE")
    _add(equal, "baseValue", repr(value), baseType="float")


def _text(root: Element, exercise: Exercise) -> None:
    _declare(root, "string", "", exercise.points, feedback=False)
    body = _body(root, exercise, NOTATION)
    scorer = _add(body, "rubricBlock", view="scorer")
    for line in exercise.shown_solution().split("\n"):
        _add(scorer, "p", line or "\u00a0")
    entry = {"responseIdentifier": "RESPONSE", "expectedLines": "15", "format": "preFormatted"}
    _add(body, "extendedTextInteraction", **entry)


def _feedback(root: Element, identifier: str, words: str) -> None:
    about = {"outcomeIdentifier": "FEEDBACK", "identifier": identifier, "showHide": "show"}
    _add(root, "modalFeedback", words or "\u00a0", **about)
