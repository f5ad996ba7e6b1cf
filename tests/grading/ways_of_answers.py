"""Ways to write an answer: texts that are computed, forms of functions; and wrong ones."""

from tests.grading.sheet import noted, written

RIGHT, WRONG = {}, {}


@noted(RIGHT)
def two_at_once(sheet):
    sheet["q_relu_zero"] = 'q_relu_zero, q_leaky_max_valid = "interval", "alpha <= 1"'
    sheet.drop("q_leaky_max_valid")
    sheet["q_tanh_max_slope"] = "q_tanh_max_slope = one = 1"


@noted(RIGHT)
def a_raw_text_and_comments(sheet):
    sheet["derive_tanh"] = "# my answer\n" + sheet["derive_tanh"].replace('"""', 'r"""', 1)
    sheet["q_relu_zero"] = 'q_relu_zero = """\n# I am sure\ninterval\n"""'


@noted(WRONG, "q_relu_zero")
def wrong_in_the_end(sheet):
    sheet["test_q_relu_zero"] = 'q_relu_zero = "zero"\ncheck("q_relu_zero", q_relu_zero)'


@noted(WRONG, "q_relu_zero")
def options_in_cells_of_their_own(sheet):
    for option in ("zero", "interval", "one", "average"):
        sheet.after("q_relu_zero", f'q_relu_zero = "{option}"')


@noted(WRONG, "sigmoid", "sigmoid_prime")
def a_name_of_its_own(sheet):
    sheet["sigmoid"] = sheet["sigmoid"].replace("sigmoid", "Sigmoid")
    sheet.drop("sigmoid_prime")


RIGHT_CELLS = {
    "numbers_that_are_computed": {
        "q_tanh_max_slope": "q_tanh_max_slope = 1 - np.tanh(0) ** 2",
        "q_sigmoid_max_where": "q_sigmoid_max_where = np.float64(0)",
    },
    "numbers_of_other_kinds": {
        "first": "from fractions import Fraction",
        "q_tanh_max_slope": "q_tanh_max_slope = Fraction(2, 2)",
        "q_sigmoid_max_where": "q_sigmoid_max_where = np.array(0, dtype='int32')",
    },
    "a_number_from_a_function": {
        "q_tanh_max_slope": "z = np.array([0.0])\nq_tanh_max_slope = tanh_prime(z)[0]",
        "q_sigmoid_max_where": (
            "z = np.linspace(-1, 1, 201)\n"
            "q_sigmoid_max_where = round(z[sigmoid_prime(z).argmax()], 9)"
        ),
    },
    "letters_that_are_computed": {
        "q_relu_zero": 'q_relu_zero = "INTERVAL".lower()',
        "q_leaky_max_valid": 'options = ["small", "alpha <= 1"]\nq_leaky_max_valid = options[1]',
    },
    "f_strings_and_joins": {
        "q_tanh_max_slope": 'one = 1\nq_tanh_max_slope = f"{one}"',
        "derive_prelu_a": 'derive_prelu_a = "\\n".join(["D(a*z)", "= z*D(a)", "= z"])',
        "q_relu_zero": 'q_relu_zero = "  interval ".strip()',
    },
    "pieces_put_together": {
        "derive_prelu_a": (
            'derive_prelu_a = "D(a*z)"\nderive_prelu_a += "\\n= z*D(a)"\nderive_prelu_a += "\\n= z"'
        ),
        "q_relu_zero": 'q_relu_zero = "inter" + "val"',
    },
    "another_variables_name": {
        "q_relu_zero": 'mine = "interval"\nq_relu_zero = mine',
        "first": 'text = """D(a*z)\n= z*D(a)\n= z"""',
        "derive_prelu_a": "derive_prelu_a = text",
    },
    "in_a_condition": {
        "q_relu_zero": 'if True:\n    q_relu_zero = "interval"\nelse:\n    q_relu_zero = "zero"',
        "q_tanh_max_slope": "try:\n    q_tanh_max_slope = 1\nfinally:\n    pass",
    },
    "by_a_walrus_or_globals": {
        "q_relu_zero": '(q_relu_zero := "interval")',
        "q_tanh_max_slope": 'globals()["q_tanh_max_slope"] = 1',
    },
    "an_expression_alone": {
        "q_relu_zero": '"interval"',
        "test_q_relu_zero": "",
    },
    "single_quotes_and_one_line": {
        "derive_prelu_a": "derive_prelu_a = 'D(a*z) = z*D(a) = z'",
    },
    "an_annotated_assignment": {
        "q_relu_zero": 'q_relu_zero: str = "interval"',
    },
    "a_text_of_a_subclass": {
        "q_relu_zero": 'class T(str): pass\nq_relu_zero = T("interval")',
        "q_leaky_max_valid": 'q_leaky_max_valid = np.array(["alpha <= 1"])[0]',
    },
    "a_text_from_a_function": {
        "derive_prelu_a": (
            "def lines():\n    yield 'D(a*z)'\n    yield '= z*D(a)'\n    yield '= z'\n"
            "derive_prelu_a = '\\n'.join(lines())"
        ),
    },
    "words_in_place_of_a_letter": {
        "q_leaky_max_valid": 'q_leaky_max_valid = "alpha <= 1"',
    },
    # forms of functions
    "lambdas": {
        "sigmoid": "sigmoid = lambda z: 1 / (1 + np.exp(-z))",
        "leaky_relu": "leaky_relu = lambda z, a: np.where(z > 0, z, a * z)",
    },
    "loops_over_entries": {
        "relu_prime": (
            "def relu_prime(z):\n    out = np.zeros(np.shape(z))\n"
            "    for i, x in np.ndenumerate(z):\n        if x > 0:\n            out[i] = 1\n"
            "    return out"
        ),
    },
    "vectorized": {
        "relu_prime": "relu_prime = np.vectorize(lambda x: 1.0 if x > 0 else 0.0)",
    },
    "a_global_counter": {
        "sigmoid": (
            "calls = 0\ndef sigmoid(z):\n    global calls\n    calls += 1\n"
            "    return 1 / (1 + np.exp(-z))"
        ),
    },
    "a_cache": {
        "sigmoid": (
            "seen = {}\ndef sigmoid(z):\n    key = z.tobytes(), z.shape, z.dtype\n"
            "    if key not in seen:\n        seen[key] = 1 / (1 + np.exp(-z))\n"
            "    return seen[key].copy()"
        ),
    },
    "a_method": {
        "sigmoid": (
            "class Net:\n    def forward(self, z):\n        return 1 / (1 + np.exp(-z))\n"
            "sigmoid = Net().forward"
        ),
    },
    "a_closure": {
        "leaky_relu_prime": (
            "def made(kink):\n    def f(z, a):\n        return np.where(z > kink, 1.0, a)\n"
            "    return f\nleaky_relu_prime = made(0)"
        ),
    },
    "float32": {
        "sigmoid": "def sigmoid(z):\n    return np.float32(1 / (1 + np.exp(-z)))",
    },
    "a_slow_cell_beside": {
        "before sigmoid": "while True:\n    pass",
        "last": "import time\ntime.sleep(60)",
    },
}
RIGHT |= written(RIGHT_CELLS)

WRONG_CELLS = {
    "options_one_after_the_other": {
        "q_relu_zero": (
            'for q_relu_zero in ["interval", "average", "zero"]:\n'
            '    check("q_relu_zero", q_relu_zero)'
        ),
    },
    "left_as_released": {
        "sigmoid": "def sigmoid(z):\n    ...",
        "q_relu_zero": 'q_relu_zero = """\n...\n"""',
    },
    "the_courses_own": {
        "sigmoid": "from helpers.activations import sigmoid",
        "tanh_prime": (
            "from helpers.activations import tanh\ndef tanh_prime(z):\n    return 1 - tanh(z) ** 2"
        ),
    },
    "a_library_that_differentiates": {
        "tanh_prime": "import jax\ntanh_prime = jax.grad(np.tanh)",
    },
    "a_cell_without_an_end": {
        "tanh_prime": "def tanh_prime(z:\n    return 1",
    },
}
WRONG |= written(WRONG_CELLS)
