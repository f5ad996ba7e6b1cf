"""Types: a test, so that one process looks at them while the others go on."""

import subprocess
import sys

from tools.files import ROOT


def test_types_fit():
    found = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert found.returncode == 0, found.stdout + found.stderr
