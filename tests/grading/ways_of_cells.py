"""Ways to hand in: metadata, order and division of cells, what stands outside of the answer."""

from tests.grading.sheet import noted, written

RIGHT = {}

# --- metadata, files, cells that were moved -------------------------------------------------------


@noted(RIGHT)
def as_it_should_be(sheet): ...


@noted(RIGHT)
def all_metadata_lost(sheet):
    sheet.ids = False


@noted(RIGHT)
def some_metadata_lost(sheet):
    for name in ("sigmoid", "derive_tanh", "q_relu_zero"):
        sheet.cells[sheet.at(name)][0] = ""


@noted(RIGHT)
def metadata_lost_and_checks_deleted(sheet):
    sheet.ids = False
    sheet.cells = [cell for cell in sheet.cells if not cell[0].startswith("test_")]


@noted(RIGHT)
def all_merged_into_one_cell(sheet):
    sheet.cells = [["", "\n".join(source for _, source in sheet.cells)]]


@noted(RIGHT)
def answer_merged_with_its_check(sheet):
    source = sheet.drop("tanh_prime")
    sheet["test_tanh_prime"] = f"{source}\n{sheet['test_tanh_prime']}"


@noted(RIGHT)
def check_merged_into_the_answer(sheet):
    for name in ("sigmoid", "derive_sigmoid", "q_relu_zero"):
        sheet[name] += "\n" + sheet.drop(f"test_{name}")


@noted(RIGHT)
def two_answers_merged(sheet):
    sheet["sigmoid"] += "\n\n" + sheet.drop("sigmoid_prime")


@noted(RIGHT)
def answer_in_a_new_cell_below_the_stub(sheet):
    for name in ("sigmoid", "derive_prelu_a", "q_tanh_max_slope"):
        source = sheet[name]
        sheet[name] = f"def {name}(z):\n    ..." if name == "sigmoid" else f'{name} = """\n...\n"""'
        sheet.after(name, source)


@noted(RIGHT)
def answer_below_its_check(sheet):
    sheet.after("test_relu_prime", sheet["relu_prime"])
    sheet["relu_prime"] = "def relu_prime(z):\n    raise NotImplementedError()"


@noted(RIGHT)
def all_answers_at_the_end(sheet):
    moved = [cell for cell in sheet.cells if not cell[0].startswith("test_")][1:]
    sheet.cells = [c for c in sheet.cells if c not in moved] + [["", s] for _, s in moved]


@noted(RIGHT)
def deleted_and_rewritten(sheet):
    for name in ("leaky_relu", "derive_tanh"):
        source = sheet.drop(name)
        sheet.before(f"test_{name}", source)


@noted(RIGHT)
def in_another_order(sheet):
    sheet.cells[1:] = sheet.cells[:0:-1]


@noted(RIGHT)
def an_empty_copy_below(sheet):
    for name in ("sigmoid", "derive_sigmoid", "q_relu_zero"):
        stub = "def sigmoid(z):\n    ..." if name == "sigmoid" else f'{name} = """\n...\n"""'
        sheet.after(name, stub, name)


@noted(RIGHT)
def a_copy_with_a_comment_alone(sheet):
    for name in ("sigmoid", "derive_sigmoid", "q_relu_zero"):
        sheet.after(name, "# see above", name)


@noted(RIGHT)
def a_text_with_a_comment_alone_below(sheet):
    sheet.after("derive_tanh", 'derive_tanh = """\n# as above\n"""', "derive_tanh")


@noted(RIGHT)
def a_copy_that_is_empty(sheet):
    for name in list(sheet.right):
        sheet.after(name, "", name)


@noted(RIGHT)
def a_split_cell(sheet):
    sheet["sigmoid"] = "half = 0.5"
    source = "def sigmoid(z):\n    return half + half * np.tanh(half * z)"
    sheet.after("sigmoid", source, "sigmoid")


@noted(RIGHT)
def a_text_split_into_two_cells(sheet):
    lines = sheet["derive_tanh"].strip().splitlines()
    sheet["derive_tanh"] = "\n".join([*lines[:3], '"""'])
    rest = "\n".join(['derive_tanh += """', *lines[3:]])
    sheet.after("derive_tanh", rest, "derive_tanh")


@noted(RIGHT)
def duplicated_identical_cells(sheet):
    for name in ("sigmoid", "q_relu_zero"):
        sheet.after(name, sheet[name], name)


@noted(RIGHT)
def a_second_version_in_the_same_cell(sheet):
    bad = "def tanh_prime(z):\n    return 1 - np.tanh(z)\n"
    sheet["tanh_prime"] = f'{bad}check("tanh_prime", tanh_prime)\n{sheet["tanh_prime"]}'
    sheet["q_relu_zero"] = (
        'q_relu_zero = "zero"\ncheck("q_relu_zero", q_relu_zero)\nq_relu_zero = "interval"'
    )


@noted(RIGHT)
def nbformat_as_a_text(sheet):
    sheet.nbformat = "4"


@noted(RIGHT)
def windows_line_ends(sheet):
    for cell in sheet.cells:
        cell[1] = cell[1].replace("\n", "\r\n")


@noted(RIGHT)
def a_byte_order_mark(sheet):
    for cell in sheet.cells:
        cell[1] = "\ufeff" + cell[1]


# --- what stands outside of the answer's cell -----------------------------------------------------


@noted(RIGHT)
def a_class_elsewhere(sheet):
    source = "class Leaky:\n    def __init__(self, kink): self.kink = kink\n"
    source += "    def __call__(self, z, a): return np.where(z > self.kink, z, a * z)"
    sheet.before("leaky_relu", source)
    sheet["leaky_relu"] = "leaky_relu = Leaky(0)"


@noted(RIGHT)
def an_import_in_the_first_cell(sheet):
    sheet.first("import math\nfrom math import exp\nfrom functools import lru_cache")
    loop = "np.array([1 / (1 + exp(-x)) for x in np.ravel(z)]).reshape(np.shape(z))"
    sheet["sigmoid"] = f"def sigmoid(z):\n    return {loop}"


@noted(RIGHT)
def what_overflows_beyond_the_declared_range(sheet):
    loop = "np.array([math.exp(-x) for x in z.ravel()]).reshape(z.shape)"
    sheet["sigmoid_prime"] = (
        f"import math\ndef sigmoid_prime(z):\n    e = {loop}\n    return e / (1 + e) ** 2"
    )


@noted(RIGHT)
def a_name_deleted_in_its_cell(sheet):
    sheet["q_relu_zero"] += "\nanswer = q_relu_zero\ndel q_relu_zero"
    sheet.after("q_relu_zero", "q_relu_zero = answer")


@noted(RIGHT)
def numpy_under_its_own_name(sheet):
    sheet.cells[0][1] = "import numpy\nfrom numpy import exp, tanh, where\nimport numpy as np"
    sheet["tanh_prime"] = "def tanh_prime(z):\n    return 1 - numpy.tanh(z) ** 2"


@noted(RIGHT)
def checked_under_another_name(sheet):
    sheet["sigmoid"] = "def my_sigmoid(z):\n    return 1 / (1 + np.exp(-z))"
    sheet["test_sigmoid"] = 'check("sigmoid", my_sigmoid)'
    sheet["derive_tanh"] = sheet["derive_tanh"].replace("derive_tanh", "mine")
    sheet["test_derive_tanh"] = 'check("derive_tanh", mine)'


# --- notebooks' own words, errors, other modules --------------------------------------------------


@noted(RIGHT)
def timed_cells(sheet):
    for name in ("sigmoid", "derive_sigmoid", "q_tanh_max_slope"):
        sheet[name] = f"%%time\n{sheet[name]}"


@noted(RIGHT)
def without_quotes(sheet):
    lines = sheet["derive_sigmoid"].split('"""')[1]
    sheet["derive_sigmoid"] = f"%%check derive_sigmoid{lines}"


@noted(RIGHT)
def an_error_below_the_answer(sheet):
    for name in ("sigmoid", "q_relu_zero", "derive_tanh"):
        sheet[name] += "\nraise ValueError('later')"


@noted(RIGHT)
def unused_imports(sheet):
    names = "typing functools warnings os sys time random itertools fractions matplotlib scipy"
    sheet["sigmoid"] = "".join(f"import {n}\n" for n in names.split()) + sheet["sigmoid"]
    sheet["tanh_prime"] = (
        "from helpers.exercises import check, hint, solution\nfrom helpers.activations import *\n"
        "from typing import Any\nimport matplotlib.pyplot as plt\n" + sheet["tanh_prime"]
    )


@noted(RIGHT)
def plots_first(sheet):
    plot = (
        "import matplotlib.pyplot as plt\nplt.style.use('ggplot')\nz = np.linspace(-5, 5)\n"
        "fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3))\nleft.plot(z, z**2, label='x')\n"
        "with plt.rc_context({'font.size': 9}):\n    right.set(title='y', xlim=(-1, 1))\n"
        "for ax in fig.axes:\n    ax.grid(True)\nfig.tight_layout(); plt.show()\n"
        "print(f'{fig.dpi:.1f}')\n"
    )
    for name in ("sigmoid", "q_relu_zero", "derive_tanh"):
        sheet[name] = plot + sheet[name]


@noted(RIGHT)
def annotations_and_defaults(sheet):
    sheet["sigmoid"] = (
        "from __future__ import annotations\nimport numpy.typing as npt\n"
        "def sigmoid(z: npt.ArrayLike) -> np.ndarray:\n    return 1 / (1 + np.exp(-z))"
    )
    sheet["leaky_relu"] = sheet["leaky_relu"].replace("negative_slope)", "negative_slope=0.01)", 1)


@noted(RIGHT)
def a_long_text_beside(sheet):
    sheet.before("sigmoid", "notes = '''" + "words " * 20_000 + "'''")


RIGHT_CELLS = {
    "a_first_attempt_kept_above": {
        "before sigmoid": "def sigmoid(z):\n    return 1 / (1 + np.exp(z))",
        "before q_relu_zero": 'q_relu_zero = "one"',
    },
    "display_above_a_second_version": {
        "derive_prelu_a": (
            'derive_prelu_a = "D(a*z)\\n= a"\ndisplay(check("derive_prelu_a", derive_prelu_a))\n…'
        ),
    },
    "helpers_in_the_first_cell": {
        "first": "def s(z):\n    return 1 / (1 + np.exp(-z))",
        "sigmoid": "sigmoid = s",
        "sigmoid_prime": "def sigmoid_prime(z):\n    return s(z) * (1 - s(z))",
    },
    "a_constant_elsewhere": {
        "before sigmoid": "ONE = 1.0",
        "sigmoid": "def sigmoid(z):\n    return ONE / (ONE + np.exp(-z))",
    },
    "a_definition_in_a_later_cell": {
        "tanh_prime": "def tanh_prime(z):\n    return later(z)",
        "last": "def later(z):\n    return 1 / np.cosh(z) ** 2",
    },
    "a_helper_that_is_defined_again": {
        "before sigmoid_prime": "def f(z):\n    return 1 / (1 + np.exp(-z))",
        "sigmoid_prime": "def sigmoid_prime(z):\n    return f(z) * (1 - f(z))",
        "before relu_prime": "def f(z):\n    return np.maximum(z, 0)",
    },
    "a_name_used_again_at_the_end": {
        "last": "sigmoid = 3\ntanh_prime = None\nfor relu_prime in range(3): pass",
    },
    "names_deleted_at_the_end": {
        "last": "del sigmoid, derive_sigmoid, q_relu_zero",
    },
    "another_text_loops_over_a_name": {
        "q_relu_zero": 'for q_relu_zero in ["interval"]:\n    pass',
    },
    "a_shadowed_builtin": {
        "first": 'sum = 0\nlist = [1]\nstr = "text"\nnp_abs = abs\nabs = None',
    },
    "a_partial_or_a_decorated_function": {
        "first": "import functools\nfrom numba import njit",
        "sigmoid": "@functools.wraps(np.exp)\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))",
        "tanh_prime": "@njit\n…",
        "leaky_relu": (
            "def any_leaky(kink, z, a):\n    return np.where(z > kink, z, a * z)\n"
            "leaky_relu = functools.partial(any_leaky, 0)"
        ),
    },
    "checked_where_it_is_written": {
        "q_relu_zero": "",
        "test_q_relu_zero": 'check("q_relu_zero", "interval")',
    },
    "captured_cells": {
        "relu_prime": "%%capture\n…",
    },
    "a_timed_line": {
        "sigmoid": "…\nx = %timeit -o sigmoid(np.zeros(3))\nprint(x.average * 1e6)",
        "tanh_prime": "…\n%time y = tanh_prime(np.zeros(3))\nprint(y.shape)",
    },
    "questions_and_shell_lines": {
        "sigmoid": "?np.where\nnp.exp?\n??np.tanh\n…",
        "tanh_prime": "x = !ls\n!pip install numpy\n…",
        "q_relu_zero": "!ls\n…",
    },
    "magics_above_a_text": {
        "derive_tanh": "%matplotlib inline\n%config x = 1\n…",
    },
    "a_shell_line_in_a_loop": {
        "sigmoid": "…\nfor i in range(2):\n    !echo $i",
    },
    "another_language_in_between": {
        "before tanh_prime": "%%bash\nls -la",
        "before sigmoid": "%%html\n<b>x</b>",
    },
    "the_prompts_of_a_console": {
        "tanh_prime": ">>> def tanh_prime(z):\n...     return 1 - np.tanh(z) ** 2",
    },
    "an_error_in_a_cell_before": {
        "first": "undefined_name",
        "before sigmoid": "1 / 0",
        "before derive_tanh": "def broken(:",
    },
    "the_kernel_is_asked_to_stop": {
        "before sigmoid_prime": "exit()",
        "before tanh_prime": "raise SystemExit",
        "last": "quit()\nimport sys\nsys.exit()",
    },
    "an_awaited_cell": {
        "q_relu_zero": 'async def ask():\n    return "interval"\nq_relu_zero = await ask()',
    },
    "an_import_that_may_fail": {
        "sigmoid": (
            "try:\n    from scipy.special import expit as sigmoid\nexcept ImportError:\n"
            "    def sigmoid(z):\n        return 1 / (1 + np.exp(-z))"
        ),
    },
    "sliders_and_pictures": {
        "sigmoid_prime": (
            "from ipywidgets import interact\nfrom IPython.display import HTML, display\n"
            "@interact(k=(0, 5))\ndef show(k):\n    return k\ndisplay(HTML('<b>x</b>'))\n…"
        ),
    },
    "a_verdict_that_is_used": {
        "sigmoid": "…\nv = check('sigmoid', sigmoid)\nassert v\nprint(v.message)\nif v: ok = 1",
        "q_relu_zero": 'assert check("q_relu_zero", "interval")\n…',
    },
    "prints_and_warnings": {
        "first": "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')",
        "sigmoid": "…\nprint('é' * 5000)\nprint(sigmoid(np.array([0.0])))",
    },
    "a_random_state": {
        "first": "rng = np.random.default_rng(0)\nnp.random.seed(1)\nimport random\nrandom.seed(2)",
        "before sigmoid": "x = rng.normal(size=1000)\nprint(x.mean())",
    },
}
RIGHT |= written(RIGHT_CELLS)
