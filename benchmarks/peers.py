"""The same functions from elsewhere, all called alike.

A peer is a class: `Peer(z)` prepares arrays outside the clock, `.run(name)` returns g and g′, and
`.names` lists the activations it has. Where its library is not installed, it stands in MISSING
instead of PEERS.
"""

import numpy as np

from helpers.activations import ACTIVATIONS, value_and_prime

NAMES = tuple(name for name in ACTIVATIONS if name != "swish")  # which is silu for beta = 1
PEERS, MISSING = {}, {}


def peer(title, library=None):
    """Offer a class to the benchmark under this title, if its library can be imported."""

    def offer(make):
        try:
            PEERS[title] = make()
        except ImportError:
            MISSING[title] = library
        return make

    return offer


@peer("helpers")
def ours():
    class Helpers:
        names = NAMES

        def __init__(self, z):
            self.z, self.out = z, (np.empty_like(z), np.empty_like(z))

        def run(self, name):
            return value_and_prime(name, self.z, out=self.out)

    return Helpers


@peer("copy")
def copy():
    class Copy:
        """No activation: what writing two arrays costs at least."""

        names = NAMES

        def __init__(self, z):
            self.z, self.out = z, (np.empty_like(z), np.empty_like(z))

        def run(self, name):
            for array in self.out:
                np.copyto(array, self.z)
            return self.out

    return Copy


def _textbook_sigmoid(z):
    g = 1 / (1 + np.exp(-z))
    return g, g * (1 - g)


def _textbook_tanh(z):
    g = np.tanh(z)
    return g, 1 - g**2


def _textbook_elu(z, alpha=1.0, scale=1.0):
    return (
        scale * np.where(z > 0, z, alpha * (np.exp(z) - 1)),
        scale * np.where(z > 0, 1, alpha * np.exp(z)),
    )


def _textbook_silu(z):
    s = 1 / (1 + np.exp(-z))
    return z * s, s + z * s * (1 - s)


def _textbook_gelu_tanh(z):
    k = np.sqrt(2 / np.pi).astype(z.dtype)
    t = np.tanh(k * (z + 0.044715 * z**3))
    return z * (1 + t) / 2, (1 + t) / 2 + z / 2 * (1 - t**2) * k * (1 + 3 * 0.044715 * z**2)


def _textbook_mish(z):
    t, s = np.tanh(np.log(1 + np.exp(z))), 1 / (1 + np.exp(-z))
    return z * t, t + z * (1 - t**2) * s


@peer("textbook")
def textbook():
    formulas = {
        "sigmoid": _textbook_sigmoid,
        "tanh": _textbook_tanh,
        "relu": lambda z: (np.maximum(z, 0), (z > 0).astype(z.dtype)),
        "leaky_relu": lambda z: (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1, 0.01)),
        "elu": _textbook_elu,
        "selu": lambda z: _textbook_elu(z, 1.6732632423543772, 1.0507009873554805),
        "softplus": lambda z: (np.log(1 + np.exp(z)), 1 / (1 + np.exp(-z))),
        "softsign": lambda z: (z / (1 + np.abs(z)), 1 / (1 + np.abs(z)) ** 2),
        "silu": _textbook_silu,
        "gelu_tanh": _textbook_gelu_tanh,
        "mish": _textbook_mish,
    }

    class Textbook:
        """The formula of the definition, in plain NumPy, into fresh arrays."""

        names = tuple(formulas)

        def __init__(self, z):
            self.z = z

        def run(self, name):
            with np.errstate(all="ignore"):
                return formulas[name](self.z)

    return Textbook


@peer("SciPy", "scipy")
def scipy():
    from scipy import special

    def gelu(z):
        p = special.ndtr(z)
        return z * p, p + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi).astype(z.dtype)

    formulas = {
        "sigmoid": lambda z: (special.expit(z), special.expit(z) * special.expit(-z)),
        "softplus": lambda z: (-special.log_expit(-z), special.expit(z)),
        "silu": lambda z: (z * special.expit(z), special.expit(z) * (1 + z * special.expit(-z))),
        "gelu": gelu,
    }

    class SciPy:
        """The formula that a careful user of scipy.special writes."""

        names = tuple(formulas)

        def __init__(self, z):
            self.z = z

        def run(self, name):
            with np.errstate(all="ignore"):
                return formulas[name](self.z)

    return SciPy


@peer("torch autograd", "torch")
def torch_autograd():
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(1)
    functions = {name: getattr(F, name) for name in NAMES if hasattr(F, name)} | {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    }

    class TorchAutograd:
        """f(x) forwards, then backward(): what a network trained with torch pays."""

        names = tuple(functions)

        def __init__(self, z):
            self.x = torch.tensor(z, requires_grad=True)
            self.one = torch.ones_like(self.x)

        def run(self, name):
            self.x.grad = None
            g = functions[name](self.x)
            g.backward(self.one)
            return g.detach().numpy(), self.x.grad.numpy()

    return TorchAutograd


@peer("torch out=", "torch")
def torch_out():
    import torch

    at = torch.ops.aten

    def elu(x, g, p, one, *shape):
        at.elu.out(x, *shape, out=g)
        at.elu_backward.grad_input(one, *shape, False, x, grad_input=p)

    def softsign(x, g, p, one):
        torch.abs(x, out=p)
        p.add_(1)
        torch.div(x, p, out=g)
        p.square_().reciprocal_()

    def gelu(x, g, p, one, form):
        at.gelu.out(x, approximate=form, out=g)
        at.gelu_backward.grad_input(one, x, approximate=form, grad_input=p)

    def pair(forward, backward, from_value=False):
        """Return write(x, g, p, one) of an operation without parameters and its backward one."""

        def write(x, g, p, one):
            forward(x, out=g)
            backward(one, g if from_value else x, grad_input=p)

        return write

    def relu(x, g, p, one):
        torch.clamp(x, min=0, out=g)
        at.threshold_backward.grad_input(one, x, 0, grad_input=p)

    def leaky_relu(x, g, p, one):
        at.leaky_relu.out(x, 0.01, out=g)
        at.leaky_relu_backward.grad_input(one, x, 0.01, False, grad_input=p)

    def softplus(x, g, p, one):
        at.softplus.out(x, 1, 20, out=g)
        at.softplus_backward.grad_input(one, x, 1, 20, grad_input=p)

    def mish(x, g, p, one):
        at.mish.out(x, out=g)
        p.copy_(at.mish_backward(one, x))

    selu = (1.6732632423543772, 1.0507009873554805, 1)
    writers = {
        "sigmoid": pair(torch.sigmoid, at.sigmoid_backward.grad_input, from_value=True),
        "tanh": pair(torch.tanh, at.tanh_backward.grad_input, from_value=True),
        "relu": relu,
        "leaky_relu": leaky_relu,
        "elu": lambda *arrays: elu(*arrays, 1, 1, 1),
        "selu": lambda *arrays: elu(*arrays, *selu),
        "softplus": softplus,
        "softsign": softsign,
        "silu": pair(at.silu.out, at.silu_backward.grad_input),
        "gelu": lambda *arrays: gelu(*arrays, "none"),
        "gelu_tanh": lambda *arrays: gelu(*arrays, "tanh"),
        "mish": mish,
    }

    class TorchOut:
        """torch's own fused operations without a graph, into arrays that are there already."""

        names = tuple(writers)

        def __init__(self, z):
            self.x = torch.tensor(z)
            self.g, self.p = torch.empty_like(self.x), torch.empty_like(self.x)
            self.one = torch.ones_like(self.x)

        def run(self, name):
            with torch.no_grad():
                writers[name](self.x, self.g, self.p, self.one)
            return self.g.numpy(), self.p.numpy()

    return TorchOut


@peer("JAX", "jax")
def jax_grad():
    import jax

    jax.config.update("jax_enable_x64", True)
    functions = {name: getattr(jax.nn, name) for name in NAMES if hasattr(jax.nn, name)} | {
        "softsign": jax.nn.soft_sign,
        "gelu": lambda z: jax.nn.gelu(z, approximate=False),
        "gelu_tanh": lambda z: jax.nn.gelu(z, approximate=True),
    }
    compiled = {name: jax.jit(jax.vmap(jax.value_and_grad(f))) for name, f in functions.items()}

    class JAX:
        """jit(vmap(value_and_grad(f))), compiled before the clock runs."""

        names = tuple(functions)

        def __init__(self, z):
            self.z = jax.numpy.asarray(z)

        def run(self, name):
            return jax.block_until_ready(compiled[name](self.z))

    return JAX
