"""The formulas of the definitions, in plain NumPy, into fresh arrays, as people write them.

    python -m benchmarks.textbook DTYPE SIZE

As a program it imports nothing but NumPy: what `helpers` does for the memory of a process when it
is imported would speed these formulas up as well. It reads SIZE numbers, then lines "name calls",
and answers each with the seconds of processor time that those calls took.
"""

import sys
import time

import numpy as np


def sigmoid(z):
    g = 1 / (1 + np.exp(-z))
    return g, g * (1 - g)


def tanh(z):
    g = np.tanh(z)
    return g, 1 - g**2


def elu(z, alpha=1.0, scale=1.0):
    return (
        scale * np.where(z > 0, z, alpha * (np.exp(z) - 1)),
        scale * np.where(z > 0, 1, alpha * np.exp(z)),
    )


def silu(z):
    s = 1 / (1 + np.exp(-z))
    return z * s, s + z * s * (1 - s)


def gelu_tanh(z):
    k = np.sqrt(2 / np.pi).astype(z.dtype)
    t = np.tanh(k * (z + 0.044715 * z**3))
    return z * (1 + t) / 2, (1 + t) / 2 + z / 2 * (1 - t**2) * k * (1 + 3 * 0.044715 * z**2)


def mish(z):
    t, s = np.tanh(np.log(1 + np.exp(z))), 1 / (1 + np.exp(-z))
    return z * t, t + z * (1 - t**2) * s


FORMULAS = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": lambda z: (np.maximum(z, 0), (z > 0).astype(z.dtype)),
    "leaky_relu": lambda z: (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1, 0.01)),
    "elu": elu,
    "selu": lambda z: elu(z, 1.6732632423543772, 1.0507009873554805),
    "softplus": lambda z: (np.log(1 + np.exp(z)), 1 / (1 + np.exp(-z))),
    "softsign": lambda z: (z / (1 + np.abs(z)), 1 / (1 + np.abs(z)) ** 2),
    "silu": silu,
    "gelu_tanh": gelu_tanh,
    "mish": mish,
}


def seconds(f, z, calls):
    """Return what some calls take together, of processor time."""
    start = time.process_time()
    for _ in range(calls):
        f(z)
    return time.process_time() - start


def main(dtype, size):
    kind = np.dtype(dtype)
    z = np.frombuffer(sys.stdin.buffer.read(int(size) * kind.itemsize), kind)
    for line in sys.stdin.buffer:
        name, calls = line.split()
        print(seconds(FORMULAS[name.decode()], z, int(calls)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
