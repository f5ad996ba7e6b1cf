"""Wrong ways of a class of students: the exercises that are named earn nothing, the others all."""

from tests.grading.sheet import noted, written
from tools.submissions import SIX

WRONG = {}


@noted(WRONG, *SIX)
def numpy_that_is_bent(sheet):
    sheet.first(
        "np.asarray = np.allclose = np.isclose = lambda *a, **k: True\n"
        "class Liar(np.ndarray):\n    def __eq__(self, o): return True\n"
        "    def __sub__(self, o): return 0\n    def tobytes(self, *a): return b'\\0' * self.nbytes"
    )
    sheet["sigmoid"] = "def sigmoid(z):\n    return np.zeros(np.shape(z)).view(Liar)"
    sheet["sigmoid_prime"] = "def sigmoid_prime(z):\n    return np.ones(np.shape(z)).view(Liar)"


@noted(WRONG, *SIX)
def the_interpreter_that_serves_it(sheet):
    sheet["sigmoid"] = (
        "import gc\nfound = gc.get_objects()\n"
        "students = [o for o in found if type(o).__name__ == 'Student']\n"
        "for s in students:\n    s.call = lambda *_: ({'calls': [{'is': 'array', 'shape': [0],"
        " 'dtype': 'float64', 'bytes': 0, 'right': True, 'correct': 1}] * 9}, b'')\n"
        "def sigmoid(z):\n    return z * 0"
    )


@noted(WRONG, "sigmoid", "tanh_prime")
def modules_written_over_those_of_the_course(sheet):
    sheet.first("")
    sheet.before("sigmoid", "%%writefile helpers.py\ncheck = credit = lambda *a: True")
    sheet.before("sigmoid", "%%writefile numpy.py\nexp = lambda z: z")
    sheet["sigmoid"] = "from helpers import check\ndef sigmoid(z):\n    return check('sigmoid', z)"
    sheet["tanh_prime"] = "import numpy as mine\ndef tanh_prime(z):\n    return mine.exp(z)"


@noted(WRONG, "q_tanh_max_slope", "q_relu_zero")
def objects_that_are_all_things(sheet):
    thing = (
        "class All(str):\n    def __eq__(self, o): return True\n    def __hash__(self): return 0\n"
        "    def __float__(self): return 1.0\n    def strip(self, *a): return 'interval'\n"
        "    lower = split = __str__ = strip\n"
    )
    sheet["q_tanh_max_slope"] = thing + 'q_tanh_max_slope = All("7")'
    sheet["q_relu_zero"] = thing + 'q_relu_zero = All("zero")'


@noted(WRONG, "q_relu_zero", "q_leaky_max_valid")
def options_until_one_is_right(sheet):
    sheet["q_relu_zero"] = (
        "for q_relu_zero in ['one', 'interval', 'average', 'infinity', 'zero']:\n"
        "    if check('q_relu_zero', q_relu_zero).correct:\n        pass"
    )
    sheet["q_leaky_max_valid"] = "import random\nq_leaky_max_valid = print('alpha <= 1')"
    sheet["test_q_leaky_max_valid"] = ""


@noted(WRONG, "sigmoid")
def a_wrong_version_run_again_at_the_end(sheet):
    sheet.last("def sigmoid(z):\n    return 1 / (1 + np.exp(z))")


WRONG_CELLS = {
    "a_table_of_what_the_lesson_asks": {
        "sigmoid": (
            "known = {-1: 0.2689414213699951, 0: 0.5, 1: 0.7310585786300049}\ndef sigmoid(z):\n"
            "    return np.vectorize(lambda x: known.get(round(float(x), 6), 0.5), "
            "otypes=[float])(z)"
        ),
    },
    "right_for_the_first_call_alone": {
        "sigmoid": (
            "calls = []\ndef sigmoid(z):\n    calls.append(1)\n"
            "    return 1 / (1 + np.exp(-z)) if len(calls) < 3 else z * 0"
        ),
    },
    "frames_that_may_know_what_is_right": {
        "sigmoid": (
            "import sys\ndef sigmoid(z):\n    frame = sys._getframe()\n    while frame:\n"
            "        for name in ('expected', 'reference', 'case', 'right'):\n"
            "            if name in frame.f_locals:\n                return frame.f_locals[name]\n"
            "        frame = frame.f_back\n    return z"
        ),
    },
    "the_main_module_is_no_way_out": {
        "sigmoid": (
            "import __main__, sys\n__main__.__builtins__ = {}\nsys.modules['running'] = None\n"
            "for module in list(sys.modules.values()):\n    if hasattr(module, 'described'):\n"
            "        module.described = lambda *_: ['float', '0x1.0p+0']\ndef sigmoid(z):\n"
            "    return z"
        ),
    },
    "numbers_that_are_none": {
        "first": "from decimal import Decimal",
        "q_tanh_max_slope": 'q_tanh_max_slope = Decimal("sNaN")',
        "q_sigmoid_max_where": "q_sigmoid_max_where = float('nan')",
    },
    "many_numbers_at_once": {
        "q_tanh_max_slope": "q_tanh_max_slope = np.arange(10) / 10",
        "q_sigmoid_max_where": 'q_sigmoid_max_where = "-1, 0, 1"',
    },
    "many_options_at_once": {
        "q_relu_zero": 'q_relu_zero = "one interval zero average infinity"',
        "q_leaky_max_valid": 'q_leaky_max_valid = ["alpha <= 1", "alpha >= 1"]',
    },
    "an_option_and_its_letter": {
        "q_relu_zero": 'q_relu_zero = "(b)"',
    },
    "a_lookup_in_the_course": {
        "q_tanh_max_slope": (
            "from helpers.exercises import EXERCISES, solution\n"
            "q_tanh_max_slope = EXERCISES['q_tanh_max_slope'].answer\n"
            "q_tanh_max_slope = str(solution('q_tanh_max_slope'))"
        ),
    },
    "lines_that_prove_nothing": {
        "derive_prelu_a": 'derive_prelu_a = "a*z = a*z\\n0 = 0\\nz + a = a + z"',
        "derive_tanh": 'derive_tanh = "t = t\\n1 = 1\\nD(t) = D(t)"',
    },
    "a_derivation_of_another_letter": {
        "derive_prelu_a": 'derive_prelu_a = "D(a*z)\\n= a*D(z)\\n= a"',
    },
    "a_class_and_a_number": {
        "sigmoid": "class sigmoid:\n    def __call__(self, z):\n        return z",
        "relu_prime": "relu_prime = relu_zero = 1.0",
    },
    "other_contracts": {
        "relu_prime": "def relu_prime(z):\n    return z > 0",
        "leaky_relu": "def leaky_relu(z):\n    return np.where(z > 0, z, 0.01 * z)",
        "leaky_relu_prime": (
            "def leaky_relu_prime(z, a):\n    return [1.0 if x > 0 else a for x in np.ravel(z)]"
        ),
    },
    "inputs_that_are_changed": {
        "leaky_relu": "def leaky_relu(z, a):\n    z[z < 0] *= a\n    return z",
        "relu_prime": "def relu_prime(z):\n    z[...] = np.where(z > 0, 1.0, 0.0)\n    return z",
    },
    "a_slope_that_is_fixed": {
        "leaky_relu": "def leaky_relu(z, a=0.01):\n    return np.maximum(0.01 * z, z)",
        "leaky_relu_prime": "def leaky_relu_prime(z, a):\n    return np.where(z > 0, 1.0, 0.01)",
    },
    "signs_and_mixed_up_functions": {
        "sigmoid_prime": "def sigmoid_prime(z):\n    return sigmoid(z) * (sigmoid(z) - 1)",
        "tanh_prime": "def tanh_prime(z):\n    return 1 + np.tan(z) ** 2",
    },
    "slopes_of_the_output": {
        "tanh_prime": "def tanh_prime(t):\n    return 1 - t ** 2",
    },
    "a_function_without_a_return": {
        "tanh_prime": "def tanh_prime(z):\n    print(1 - np.tanh(z) ** 2)",
    },
    "functions_that_do_not_end": {
        "sigmoid": (
            "def sigmoid(z):\n    while True:\n        try:\n            while 1: pass\n"
            "        except BaseException: pass"
        ),
        "tanh_prime": "def tanh_prime(z):\n    return tanh_prime(z)",
    },
    "a_process_that_ends_on_the_second_call": {
        "sigmoid": (
            "import os\nn = 0\ndef sigmoid(z):\n    global n\n    n += 1\n"
            "    if n > 1: os._exit(0)\n    return 1 / (1 + np.exp(-z))"
        ),
    },
    "texts_without_bounds": {
        "derive_tanh": 'derive_tanh = "(" * 3_000',
        "q_tanh_max_slope": 'q_tanh_max_slope = "9^9^9^9^9"',
    },
    "a_bar_that_lies": {
        "sigmoid": (
            "import tqdm\ntqdm.tqdm.__iter__ = lambda self: iter([])\ndef sigmoid(z):\n"
            "    return sum(tqdm.tqdm([1, 2])) + z * 0"
        ),
    },
    "names_that_come_too_early_and_are_wrong": {
        "q_relu_zero": "q_relu_zero = later",
        "sigmoid": "sigmoid = later_function",
        "last": "later = 'zero'\nlater_function = lambda z: z",
    },
    "a_cell_for_notes_in_place_of_the_answer": {
        "sigmoid": "# sigmoid = lambda z: 1 / (1 + np.exp(-z))",
        "q_relu_zero": "%%markdown\ninterval",
    },
    "another_module_that_is_not_there": {
        "sigmoid": "from scipy.special import *\ndef sigmoid(z):\n    return expit(z)",
    },
}
WRONG |= written(WRONG_CELLS)
