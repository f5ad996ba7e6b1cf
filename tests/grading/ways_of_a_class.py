"""Right ways of a class of students, all graded in one run; each of them earns all points.

A change of a sheet may return `{path: bytes}`, what lies in the student's folder in place of
`derivatives/derivatives.ipynb`.
"""

import json

from tests.grading.sheet import noted, written

RIGHT = {}
FILES = {
    "a_copy_from_a_drive": "Copy of derivatives.ipynb",
    "a_copy_from_a_german_drive": "Kopie von derivatives.ipynb",
    "a_folder_in_the_folder": "derivatives/derivatives/derivatives.ipynb",
    "saved_by_a_browser_as_a_text": "derivatives/derivatives.ipynb.txt",
    "saved_by_a_browser_as_json": "derivatives/derivatives.json",
}
RIGHT |= {way: (lambda sheet, p=path: {p: sheet.data()}, ()) for way, path in FILES.items()}


def rebuilt(sheet, change):
    """Return the file after a change of the whole notebook."""
    notebook = json.loads(sheet.data())
    change(notebook)
    return {"derivatives/derivatives.ipynb": json.dumps(notebook).encode()}


# --- files ----------------------------------------------------------------------------------------


@noted(RIGHT)
def pictures_of_50_MB(sheet):
    def change(notebook):
        picture = {
            "output_type": "display_data",
            "metadata": {},
            "data": {"image/png": "A" * 10**7},
        }
        for cell in notebook["cells"][1:6]:
            cell["outputs"] = [picture]

    return rebuilt(sheet, change)


@noted(RIGHT)
def widgets_with_their_state(sheet):
    def change(notebook):
        state = {f"{n:032x}": {"model_name": "LayoutModel", "state": {"k": n}} for n in range(3000)}
        kept = {"version_major": 2, "version_minor": 0, "state": state}
        notebook["metadata"] = {"widgets": {"application/vnd.jupyter.widget-state+json": kept}}
        for cell in notebook["cells"]:
            cell["outputs"] = [{"output_type": "display_data", "data": {"text/plain": "x"}}]

    return rebuilt(sheet, change)


@noted(RIGHT)
def a_mark_and_windows_line_ends_in_the_file(sheet):
    text = json.dumps(json.loads(sheet.data()), indent=1).replace("\n", "\r\n")
    return {"derivatives/derivatives.ipynb": b"\xef\xbb\xbf" + text.encode()}


@noted(RIGHT)
def from_colab(sheet):
    sheet.ids = False
    sheet.cells[0][1] = (
        "#@title Set-up { display-mode: 'form' }\n!pip install -q anywidget\n"
        "from google.colab import drive, files\ndrive.mount('/content/drive')\n"
        "%cd /content/drive/MyDrive\n" + sheet.cells[0][1]
    )

    def change(notebook):
        notebook["nbformat_minor"] = 0
        notebook["metadata"] = {"colab": {"provenance": []}, "accelerator": "GPU"}
        for n, cell in enumerate(notebook["cells"]):
            cell["metadata"] = {"id": f"x{n}", "colab": {"base_uri": "https://localhost/"}}
            cell["source"] = cell["source"].splitlines(keepends=True)

    return rebuilt(sheet, change)


@noted(RIGHT)
def from_vs_code_in_format_4_4(sheet):
    sheet.ids = False

    def change(notebook):
        notebook["nbformat_minor"] = 4
        for n, cell in enumerate(notebook["cells"]):
            cell["metadata"] = {"vscode": {"languageId": "python"}}
            cell["execution_count"] = 40 - 3 * n

    return rebuilt(sheet, change)


@noted(RIGHT)
def from_deepnote(sheet):
    sheet.ids = False

    def change(notebook):
        notebook["metadata"] = {"deepnote": {"is_reactive": False}, "orig_nbformat": 2}
        for n, cell in enumerate(notebook["cells"]):
            cell["metadata"] = {"deepnote_cell_type": "code", "cell_id": f"{n}"}
        notebook["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "# x"})
        text = {"cell_type": "raw", "metadata": {}, "source": "derive_tanh = 3"}
        notebook["cells"].append(text)

    return rebuilt(sheet, change)


@noted(RIGHT)
def only_the_cells_that_answer(sheet):
    sheet.cells = [c for c in sheet.cells if c[0] and not c[0].startswith("test_")]
    sheet.cells.insert(0, ["", "import numpy as np"])


@noted(RIGHT)
def other_cells_for_the_tests(sheet):
    sheet.cells = [cell for cell in sheet.cells if not cell[0].startswith("test_")]
    sheet.last(
        "for name in ['sigmoid', 'tanh_prime', 'q_relu_zero']:\n"
        "    verdict = check(name, globals()[name])\n    assert verdict.correct, verdict.message\n"
        "    print(verdict.message.splitlines()[0], len(verdict.diagnoses))\n"
        "assert not check('q_relu_zero', 'zero')"
    )


# --- answers --------------------------------------------------------------------------------------


@noted(RIGHT)
def answers_in_a_table(sheet):
    for name in ("q_relu_zero", "q_tanh_max_slope", "derive_prelu_a"):
        sheet[name] = f'{name} = """\n...\n"""'
        sheet.drop(f"test_{name}")
    sheet.last(
        "answers = {'q_relu_zero': 'interval', 'q_tanh_max_slope': 1,\n"
        "           'derive_prelu_a': 'D(a*z) = z*D(a) = z'}\n"
        "for name, answer in answers.items():\n    check(name, answer)"
    )


@noted(RIGHT)
def lines_that_are_made(sheet):
    sheet.first("import textwrap, string")
    lines = sheet["derive_tanh"].split('"""')[1]
    sheet["derive_tanh"] = f'derive_tanh = textwrap.dedent("""{lines}    """)\nprint(derive_tanh)'
    sheet["derive_prelu_a"] = (
        'mine = string.Template("D(a*$x)\\n\\t= $x*D(a)\\n\\t= $x")\n'
        'also = derive_prelu_a = mine.substitute(x="z")'
    )


RIGHT_CELLS = {
    # modules that a notebook has
    "pylab_in_place_of_numpy": {
        "first": "%pylab inline",
        "sigmoid": "from pylab import *\ndef sigmoid(z):\n    return 1 / (1 + exp(-z))",
        "tanh_prime": "def tanh_prime(z):\n    return 1 - tanh(z) ** 2",
        "relu_prime": "from matplotlib.pylab import *\nrelu_prime = lambda z: where(z > 0, 1., 0)",
    },
    "everything_from_a_module_first": {
        "sigmoid": (
            "from sympy import *\ninit_printing()\nx, y = symbols('x y')\nexpr = exp(x) + 1\n"
            "diff(expr, x)\n…"
        ),
        "q_relu_zero": "from ipywidgets import *\ninteract(lambda k: k, k=IntSlider(3))\n…",
    },
    "everything_from_the_course_first": {
        "sigmoid": (
            "from helpers.exercises import *\nprogress()\nhint('sigmoid')\nprint(len(EXERCISES))\n…"
        ),
    },
    "a_progress_bar": {
        "first": "from tqdm.notebook import tqdm, trange\nimport tqdm as bars",
        "relu_prime": (
            "def relu_prime(z):\n    out = np.zeros(np.shape(z))\n"
            "    for i, x in tqdm(np.ndenumerate(z), desc='entries', leave=False):\n"
            "        if x > 0:\n            out[i] = 1\n    return out"
        ),
        "sigmoid": (
            "parts = []\nfor k in trange(2):\n    parts.append(k)\n"
            "with bars.tqdm(total=3) as bar:\n    bar.update(3)\n    bar.set_postfix(loss=1)\n"
            "def sigmoid(z):\n    return parts[1] / (len(parts) - 1 + np.exp(-z))"
        ),
    },
    "a_module_of_their_own": {
        "before sigmoid": (
            "%%writefile mine.py\nimport numpy as np\n\ndef s(z):\n    return 1 / (1 + np.exp(-z))"
        ),
        "sigmoid": "from mine import s\n\ndef sigmoid(z):\n    return s(z)",
        "sigmoid_prime": "import mine\nsigmoid_prime = lambda z: mine.s(z) * (1 - mine.s(z))",
    },
    "the_course_under_another_name": {
        "q_relu_zero": 'import helpers.exercises as ex\nex.check("q_relu_zero", "interval")',
        "q_tanh_max_slope": 'from helpers import exercises\nexercises.check("q_tanh_max_slope", 1)',
        "test_q_relu_zero": "",
        "test_q_tanh_max_slope": "",
    },
    "what_the_main_module_holds": {
        "sigmoid": (
            "import copy, dataclasses, pickle, cProfile, __main__\n@dataclasses.dataclass\n"
            "class Gate:\n    steepness: float = 1.0\n    def __call__(self, z):\n"
            "        return 1 / (1 + np.exp(-self.steepness * z))\n"
            "sigmoid = copy.deepcopy(pickle.loads(pickle.dumps(Gate())))\n"
            "assert __main__.sigmoid is sigmoid"
        ),
        "q_relu_zero": 'import __main__\nsetattr(__main__, "q_relu_zero", "interval")',
    },
    "tests_of_their_own": {
        "sigmoid": (
            'def sigmoid(z):\n    """The gate.\n\n    >>> float(sigmoid(np.array([0.0]))[0])\n'
            '    0.5\n    """\n    return 1 / (1 + np.exp(-z))\nimport doctest, unittest\n'
            "doctest.testmod()\nclass Tests(unittest.TestCase):\n    def test_half(self):\n"
            "        self.assertEqual(sigmoid(np.zeros(1))[0], 0.5)\n"
            "unittest.main(argv=[''], exit=False)\n"
            "np.testing.assert_allclose(sigmoid(np.zeros(2)), 0.5)\nhalf = sigmoid(np.zeros(1))[0]"
        ),
        "sigmoid_prime": "np.testing.assert_almost_equal(half, 0.5)\nassert half == 0.5\n…",
    },
    "clocks_and_systems": {
        "sigmoid": (
            "import time, timeit, platform, datetime, sys, os, inspect\n"
            "start = time.perf_counter()\n…\n"
            "print(timeit.timeit('sigmoid(z)', globals=globals() | {'z': np.ones(3)}, number=9))\n"
            "print(platform.platform(), sys.version, datetime.datetime.now(), os.getcwd())\n"
            "print(inspect.getsource(sigmoid))\nhelp(sigmoid)\n"
            "print(sorted(dir())[:3], os.listdir())"
        ),
        "tanh_prime": "import random, locale, getpass, pathlib\n…",
        "relu_prime": (
            "import os, subprocess\nos.system('ls')\nprint(subprocess.run(['ls']))\n"
            "print(os.popen('date').read())\n…"
        ),
    },
    "files_beside_the_notebook": {
        "sigmoid": (
            "with open('notes.txt', 'w') as f:\n    f.write('a')\nnp.save('z.npy', np.ones(3))\n"
            "data = np.loadtxt('data.csv')\nimport logging\nlogging.basicConfig(filename='x.log')\n"
            "logging.info('x')\n…"
        ),
        "q_relu_zero": (
            "import matplotlib.pyplot as plt\nplt.savefig('x.png')\nimg = plt.imread('x.png')\n"
            "h, w = img.shape[:2]\n…"
        ),
    },
    "several_processes": {
        "sigmoid": (
            "import threading, multiprocessing, concurrent.futures as cf\n"
            "t = threading.Thread(target=print)\nt.start(); t.join()\n"
            "with cf.ThreadPoolExecutor() as pool:\n    found = list(pool.map(abs, [1]))\n"
            "with multiprocessing.Pool(2) as pool:\n    pool.map(abs, [1])\n…"
        ),
    },
    "asked_for_a_number": {
        "q_tanh_max_slope": (
            "name = input('Your name? ')\nage = int(input())\nprint(f'{name:>10}, {age + 1}')\n…"
        ),
    },
    # order and time
    "run_from_the_bottom_to_the_top": {
        "sigmoid": "sigmoid = made(0.0, 1.0)",
        "q_tanh_max_slope": "q_tanh_max_slope = top",
        "last": (
            "top = 1.0\ndef made(low, high):\n    return lambda z: low + high / (1 + np.exp(-z))"
        ),
    },
    "constants_that_are_set_later": {
        "relu_prime": "def relu_prime(z):\n    return np.where(z > KINK, ONE, 0.0)",
        "last": "KINK: float = 0\nONE = 1.0",
    },
    "a_loop_without_an_end_elsewhere": {
        "before derive_sigmoid": "n = 0\nwhile n >= 0:\n    n += 1",
        "last": "def forever():\n    return forever()\nforever()",
    },
    "magics_of_all_kinds": {
        "sigmoid": "%%time\n%%capture out\n…",
        "sigmoid_prime": (
            "%load_ext autoreload\n%autoreload 2\n%env X=1\n%who\n%run other.py\n%store -r\n"
            "get_ipython().run_line_magic('matplotlib', 'inline')\n…"
        ),
        "before tanh_prime": "%%timeit\nsigmoid(np.zeros(3))",
        "last": "%reset -f\n%history\n%debug",
    },
    # answers
    "options_as_they_are_listed": {
        "q_relu_zero": (
            'q_relu_zero = "- **interval**: no derivative exists; programs choose from [0, 1]"'
        ),
        "q_leaky_max_valid": 'q_leaky_max_valid = "Alpha <= 1."',
    },
    "a_decimal_comma": {
        "q_tanh_max_slope": 'q_tanh_max_slope = "1,0"',
        "q_sigmoid_max_where": 'q_sigmoid_max_where = "z = 0,0"',
    },
    "exact_numbers": {
        "first": "from decimal import Decimal\nfrom fractions import Fraction",
        "q_tanh_max_slope": 'q_tanh_max_slope = Decimal("1.0")',
        "q_sigmoid_max_where": "q_sigmoid_max_where = np.int8(0) * Fraction(1, 3)",
    },
    # functions
    "decorators_that_compile": {
        "first": "import numba as nb, torch, tensorflow as tf\nfrom numba import jit",
        "sigmoid": "@nb.njit(cache=True, fastmath=True)\n…",
        "tanh_prime": "@jit(nopython=True)\n@torch.no_grad()\n…",
        "leaky_relu": "@tf.function\n…",
    },
    "decorators_of_numpy": {
        "relu_prime": "@np.vectorize\ndef relu_prime(x):\n    return 1.0 if x > 0 else 0.0",
        "sigmoid": "@np.errstate(over='ignore')\n…",
        "tanh_prime": (
            "import functools\ndef logged(f):\n    @functools.wraps(f)\n"
            "    def inner(*args, **named):\n        print(f.__name__)\n"
            "        return f(*args, **named)\n    return inner\n@logged\n…"
        ),
    },
    "new_syntax": {
        "sigmoid": (
            "def sigmoid(z, /, *, scale: float = 1.0) -> 'np.ndarray':\n"
            "    return scale / (1 + (e := np.exp(-z)))"
        ),
        "leaky_relu_prime": (
            "def leaky_relu_prime(*args):\n    match args:\n        case [z, a]:\n"
            "            return np.where(z > 0, 1.0, a)"
        ),
    },
    "sums_and_recursion": {
        "tanh_prime": (
            "def power(x, n):\n    return 1 if n == 0 else x * power(x, n - 1)\n"
            "def tanh_prime(z):\n    return 1 - power(np.tanh(z), 2)"
        ),
        "sigmoid": (
            "from functools import reduce, partial\nfrom operator import neg\ndef composed(*fs):\n"
            "    return reduce(lambda f, g: lambda x: g(f(x)), fs)\n"
            "sigmoid = composed(neg, np.exp, partial(np.add, 1), np.reciprocal)"
        ),
    },
    "other_programs_of_numpy": {
        "sigmoid": (
            "def sigmoid(z):\n    out = np.empty(np.shape(z))\n    np.negative(z, out=out)\n"
            "    np.exp(out, out=out)\n    out += 1\n    np.reciprocal(out, out=out)\n"
            "    return out"
        ),
        "relu_prime": "relu_prime = lambda z: np.heaviside(z, 0)",
        "leaky_relu": (
            "def leaky_relu(z, a):\n    z = np.array(z, float)\n    z[z < 0] *= a\n    return z"
        ),
        "leaky_relu_prime": (
            "def leaky_relu_prime(z, a):\n    return np.select([z > 0, z <= 0], [1.0, a])"
        ),
        "tanh_prime": (
            "import math\ndef tanh_prime(z):\n"
            "    flat = (1 - math.tanh(x) ** 2 for x in np.ravel(z))\n"
            "    return np.fromiter(flat, float).reshape(np.shape(z))"
        ),
    },
    "letters_of_other_alphabets": {
        "sigmoid": "# Lösung 🙂\nσ = lambda ζ: 1 / (1 + np.exp(-ζ))\nsigmoid = σ",
        "sigmoid_prime": "def sigmoid_prime(größe):\n    return σ(größe) * (1 - σ(größe))",
    },
    "built_from_a_text": {
        "sigmoid": 'exec("def sigmoid(z):\\n    return 1 / (1 + np.exp(-z))")',
        "tanh_prime": 'tanh_prime = eval("lambda z: 1 - np.tanh(z) ** 2")',
        "q_relu_zero": 'vars()["q_relu_zero"] = "interval"',
    },
    "functions_for_two_libraries": {
        "first": "import torch\nfrom torch import nn",
        "sigmoid": (
            "class Sigmoid(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            "    def forward(self, z):\n        if isinstance(z, (torch.Tensor, nn.Parameter)):\n"
            "            return torch.sigmoid(z)\n        return 1 / (1 + np.exp(-z))\n"
            "sigmoid = Sigmoid().forward"
        ),
        "tanh_prime": (
            "def tanh_prime(z: torch.Tensor | np.ndarray):\n"
            "    z = z.numpy() if torch.is_tensor is None else z\n    return 1 - np.tanh(z) ** 2"
        ),
    },
    "who_and_where": {
        "sigmoid": (
            "import os, getpass, zoneinfo, webbrowser, importlib.util\nprint(os.environ['USER'])\n"
            "print(getpass.getuser(), zoneinfo.ZoneInfo('Europe/Berlin'))\n"
            "if importlib.util.find_spec('torch'):\n    import torch\n…"
        ),
    },
}
RIGHT |= written(RIGHT_CELLS)
