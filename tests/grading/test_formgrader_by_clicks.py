"""nbgrader's formgrader in a browser, as a teacher uses it: scores, and the button Autograde."""

import pytest
from playwright.sync_api import expect

from tests.grading.course import RIGHT, course_py
from tools.browser import lab_server, page
from tools.submissions import answered, grades, hand_in

pytestmark = [pytest.mark.browser, pytest.mark.complete]
EXTENSION = "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True"


def test_scores_are_seen_and_autograde_asks_our_judge(course, release, chromium):
    marker = course / "ran"
    hand_in(course, "ada", answered(release, RIGHT))
    hand_in(course, "bob", answered(release, RIGHT | {"sigmoid": "def sigmoid(z):\n    return z"}))
    assert course_py("grade", "derivatives", "--course", course) == 0
    evil = f"open({str(marker)!r}, 'w')\n{RIGHT['sigmoid']}"
    hand_in(course, "bob", answered(release, RIGHT | {"sigmoid": evil}))  # again, and right
    with lab_server(course, EXTENSION, cwd=course) as server, page(chromium) as visit:
        visit.page.goto(f"{server.address}/login?token={server.token}&next=/api/status")
        visit.page.goto(f"{server.address}/formgrader/manage_submissions/derivatives")
        row = {name: visit.page.locator("tr", has_text=name) for name in ("ada", "bob")}
        expect(row["ada"].locator(".score")).to_have_text("18 / 18", timeout=60_000)
        expect(row["bob"].locator(".score")).to_have_text("17 / 18")
        expect(row["ada"].locator(".status")).to_have_text("graded")
        row["bob"].locator(".autograde a").click()
        said = visit.page.locator("#success-modal")
        expect(said).to_contain_text("Successfully autograded", timeout=60_000)
        expect(row["bob"].locator(".score")).to_have_text("18 / 18", timeout=60_000)
        assert visit.errors == []
    assert not marker.exists()
    assert grades(course)["bob"]["sigmoid"]["score"] == 1
