"""The same functions from elsewhere, all called alike.

A peer is a class: `Peer(z)` prepares arrays outside the clock, `.run(name)` returns g and g′, and
`.names` lists the activations it has. One that works in another process has `.seconds(name, calls)`
instead, and `.close()`. Where its library is not installed, a peer stands in MISSING instead of
PEERS.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks.textbook import FORMULAS
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


@peer("textbook")
def textbook():
    class Textbook:
        """The formula of the definition, in plain NumPy, into fresh arrays."""

        names = tuple(FORMULAS)

        def __init__(self, z):
            self.z = z

        def run(self, name):
            with np.errstate(all="ignore"):
                return FORMULAS[name](self.z)

    return Textbook


@peer("textbook alone")
def textbook_alone():
    class TextbookAlone:
        """The same in a program of its own that imports NumPy and nothing else; times only."""

        names = tuple(FORMULAS)

        def __init__(self, z):
            self.child = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.textbook", z.dtype.name, str(z.size)],
                cwd=Path(__file__).parents[1],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            self.child.stdin.write(z.tobytes())

        def seconds(self, name, calls):
            self.child.stdin.write(f"{name} {calls}\n".encode())
            self.child.stdin.flush()
            return float(self.child.stdout.readline())

        def close(self):
            self.child.communicate()

    return TextbookAlone


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
        "logsigmoid": lambda z: (special.log_expit(z), special.expit(-z)),
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
        "logsigmoid": jax.nn.log_sigmoid,
        "hardtanh": jax.nn.hard_tanh,
        "hardsigmoid": jax.nn.hard_sigmoid,
        "hardswish": jax.nn.hard_swish,
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
