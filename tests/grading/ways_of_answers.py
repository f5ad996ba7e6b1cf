"""Ways to write an answer: texts that are computed, forms of functions; and wrong ones."""

from tests.grading.sheet import way, wrong

# --- texts and numbers that are computed ----------------------------------------------------------


@way
def numbers_that_are_computed(sheet):
    sheet["q_tanh_max_slope"] = "q_tanh_max_slope = 1 - np.tanh(0) ** 2"
    sheet["q_sigmoid_max_where"] = "q_sigmoid_max_where = np.float64(0)"


@way
def numbers_of_other_kinds(sheet):
    sheet.first("from fractions import Fraction")
    sheet["q_tanh_max_slope"] = "q_tanh_max_slope = Fraction(2, 2)"
    sheet["q_sigmoid_max_where"] = "q_sigmoid_max_where = np.array(0, dtype='int32')"


@way
def a_number_from_a_function(sheet):
    sheet["q_tanh_max_slope"] = "z = np.array([0.0])\nq_tanh_max_slope = tanh_prime(z)[0]"
    sheet["q_sigmoid_max_where"] = (
        "z = np.linspace(-1, 1, 201)\nq_sigmoid_max_where = round(z[sigmoid_prime(z).argmax()], 9)"
    )


@way
def letters_that_are_computed(sheet):
    sheet["q_relu_zero"] = 'q_relu_zero = "INTERVAL".lower()'
    sheet["q_leaky_max_valid"] = 'options = ["small", "alpha <= 1"]\nq_leaky_max_valid = options[1]'


@way
def f_strings_and_joins(sheet):
    sheet["q_tanh_max_slope"] = 'one = 1\nq_tanh_max_slope = f"{one}"'
    sheet["derive_prelu_a"] = 'derive_prelu_a = "\\n".join(["D(a*z)", "= z*D(a)", "= z"])'
    sheet["q_relu_zero"] = 'q_relu_zero = "  interval ".strip()'


@way
def pieces_put_together(sheet):
    sheet["derive_prelu_a"] = (
        'derive_prelu_a = "D(a*z)"\nderive_prelu_a += "\\n= z*D(a)"\nderive_prelu_a += "\\n= z"'
    )
    sheet["q_relu_zero"] = 'q_relu_zero = "inter" + "val"'


@way
def another_variables_name(sheet):
    sheet["q_relu_zero"] = 'mine = "interval"\nq_relu_zero = mine'
    sheet.first('text = """D(a*z)\n= z*D(a)\n= z"""')
    sheet["derive_prelu_a"] = "derive_prelu_a = text"


@way
def in_a_condition(sheet):
    sheet["q_relu_zero"] = 'if True:\n    q_relu_zero = "interval"\nelse:\n    q_relu_zero = "zero"'
    sheet["q_tanh_max_slope"] = "try:\n    q_tanh_max_slope = 1\nfinally:\n    pass"


@way
def two_at_once(sheet):
    sheet["q_relu_zero"] = 'q_relu_zero, q_leaky_max_valid = "interval", "alpha <= 1"'
    sheet.drop("q_leaky_max_valid")
    sheet["q_tanh_max_slope"] = "q_tanh_max_slope = one = 1"


@way
def by_a_walrus_or_globals(sheet):
    sheet["q_relu_zero"] = '(q_relu_zero := "interval")'
    sheet["q_tanh_max_slope"] = 'globals()["q_tanh_max_slope"] = 1'


@way
def an_expression_alone(sheet):
    sheet["q_relu_zero"] = '"interval"'
    sheet["test_q_relu_zero"] = ""


@way
def a_raw_text_and_comments(sheet):
    sheet["derive_tanh"] = "# my answer\n" + sheet["derive_tanh"].replace('"""', 'r"""', 1)
    sheet["q_relu_zero"] = 'q_relu_zero = """\n# I am sure\ninterval\n"""'


@way
def single_quotes_and_one_line(sheet):
    sheet["derive_prelu_a"] = "derive_prelu_a = 'D(a*z) = z*D(a) = z'"


@way
def an_annotated_assignment(sheet):
    sheet["q_relu_zero"] = 'q_relu_zero: str = "interval"'


@way
def a_text_of_a_subclass(sheet):
    sheet["q_relu_zero"] = 'class T(str): pass\nq_relu_zero = T("interval")'
    sheet["q_leaky_max_valid"] = 'q_leaky_max_valid = np.array(["alpha <= 1"])[0]'


@way
def a_text_from_a_function(sheet):
    sheet["derive_prelu_a"] = (
        "def lines():\n    yield 'D(a*z)'\n    yield '= z*D(a)'\n    yield '= z'\n"
        "derive_prelu_a = '\\n'.join(lines())"
    )


@way
def words_in_place_of_a_letter(sheet):
    sheet["q_leaky_max_valid"] = 'q_leaky_max_valid = "alpha <= 1"'


# --- forms of functions ---------------------------------------------------------------------------


@way
def lambdas(sheet):
    sheet["sigmoid"] = "sigmoid = lambda z: 1 / (1 + np.exp(-z))"
    sheet["leaky_relu"] = "leaky_relu = lambda z, a: np.where(z > 0, z, a * z)"


@way
def loops_over_entries(sheet):
    sheet["relu_prime"] = (
        "def relu_prime(z):\n    out = np.zeros(np.shape(z))\n"
        "    for i, x in np.ndenumerate(z):\n        if x > 0:\n            out[i] = 1\n"
        "    return out"
    )


@way
def vectorized(sheet):
    sheet["relu_prime"] = "relu_prime = np.vectorize(lambda x: 1.0 if x > 0 else 0.0)"


@way
def a_global_counter(sheet):
    sheet["sigmoid"] = (
        "calls = 0\ndef sigmoid(z):\n    global calls\n    calls += 1\n"
        "    return 1 / (1 + np.exp(-z))"
    )


@way
def a_cache(sheet):
    sheet["sigmoid"] = (
        "seen = {}\ndef sigmoid(z):\n    key = z.tobytes(), z.shape, z.dtype\n"
        "    if key not in seen:\n        seen[key] = 1 / (1 + np.exp(-z))\n"
        "    return seen[key].copy()"
    )


@way
def a_method(sheet):
    sheet["sigmoid"] = (
        "class Net:\n    def forward(self, z):\n        return 1 / (1 + np.exp(-z))\n"
        "sigmoid = Net().forward"
    )


@way
def a_closure(sheet):
    sheet["leaky_relu_prime"] = (
        "def made(kink):\n    def f(z, a):\n        return np.where(z > kink, 1.0, a)\n"
        "    return f\n"
        "leaky_relu_prime = made(0)"
    )


@way
def float32(sheet):
    sheet["sigmoid"] = "def sigmoid(z):\n    return np.float32(1 / (1 + np.exp(-z)))"


@way
def a_slow_cell_beside(sheet):
    sheet.before("sigmoid", "while True:\n    pass")
    sheet.last("import time\ntime.sleep(60)")


# --- wrong, or not there: the points of these exercises are lost, and no others -------------------


@wrong
def wrong_in_the_end(sheet):
    sheet["test_q_relu_zero"] = 'q_relu_zero = "zero"\ncheck("q_relu_zero", q_relu_zero)'
    return ["q_relu_zero"]


@wrong
def options_one_after_the_other(sheet):
    sheet["q_relu_zero"] = (
        'for q_relu_zero in ["interval", "average", "zero"]:\n    check("q_relu_zero", q_relu_zero)'
    )
    return ["q_relu_zero"]


@wrong
def options_in_cells_of_their_own(sheet):
    for option in ("zero", "interval", "one", "average"):
        sheet.after("q_relu_zero", f'q_relu_zero = "{option}"')
    return ["q_relu_zero"]


@wrong
def left_as_released(sheet):
    sheet["sigmoid"] = "def sigmoid(z):\n    ..."
    sheet["q_relu_zero"] = 'q_relu_zero = """\n...\n"""'
    return ["sigmoid", "q_relu_zero"]


@wrong
def the_courses_own(sheet):
    sheet["sigmoid"] = "from helpers.activations import sigmoid"
    sheet["tanh_prime"] = (
        "from helpers.activations import tanh\ndef tanh_prime(z):\n    return 1 - tanh(z) ** 2"
    )
    return ["sigmoid", "tanh_prime"]


@wrong
def a_library_that_differentiates(sheet):
    sheet["tanh_prime"] = "import jax\ntanh_prime = jax.grad(np.tanh)"
    return ["tanh_prime"]


@wrong
def a_name_of_its_own(sheet):
    sheet["sigmoid"] = sheet["sigmoid"].replace("sigmoid", "Sigmoid")
    sheet.drop("sigmoid_prime")
    return ["sigmoid", "sigmoid_prime"]


@wrong
def a_cell_without_an_end(sheet):
    sheet["tanh_prime"] = "def tanh_prime(z:\n    return 1"
    return ["tanh_prime"]
