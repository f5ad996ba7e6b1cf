"""The table of all activations: g, g′, and what is known about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, pi
from types import MappingProxyType
from typing import Any, NamedTuple

from helpers.activations import gates, hard, kernels, relatives, soft
from helpers.activations.contract import Pair

__all__ = ["ACTIVATIONS", "Activation", "MaxPrime", "Parameter"]


@dataclass(frozen=True)
class Parameter:
    """A number that shapes an activation, such as the slope of Leaky ReLU.

    Attributes
    ----------
    name
        The keyword of the kernels.
    symbol
        What formulas and sliders show.
    default, low, high, step
        The usual value, and what a slider spans.

    Examples
    --------
    >>> Parameter("beta", "β", default=1.0, low=0.5, high=4.0, step=0.5).symbol
    'β'
    """

    name: str
    symbol: str
    default: float = 1.0
    low: float = 0.0
    high: float = 2.0
    step: float = 0.1


class MaxPrime(NamedTuple):
    """The largest slope of an activation and the places where it is reached.

    Attributes
    ----------
    value
        The largest slope.
    at
        The places, of each period one. None where they fill a half-line or an interval, as for
        ReLU (all z > 0); empty where `value` is a limit that no slope reaches, as for softplus.
    """

    value: float
    at: tuple[float, ...] | None


@dataclass(frozen=True)
class Activation:
    """An activation g, its derivative g′, and what is known about them.

    A lesson builds its own variants, and only the first two fields are needed.

    Attributes
    ----------
    value, prime
        g and g′, functions of z and of the parameter, if there is one, that work on arrays.
    expression, latex
        g in the notation of `helpers.derivation.parse`, and the same for print.
    slope
        g′ in that notation, as one would write it; tests prove it equal to the derivative.
    used, seen_in
        Where it is met, in a sentence, and the publication that says so.
    parameter
        The parameter, if there is one.
    kinks
        The places without a derivative (for ELU at any α but 1).
    jumps
        Those of them where g itself jumps.
    period
        Where g′ repeats itself: after how much z, for the default parameter. Such a g′ has no
        limits at ±inf.
    value_range, max_prime
        Infimum and supremum of g, the largest g′ and its places, for the default parameter.
    prime_from_value
        g′ from g (and the parameter), where g alone determines it.
    pair
        For `value_and_prime`, where g and g′ share work: pair(z, parameter, out) returns both, all
        of float64, and may write them to out[0] and out[1], where these are not None.

    Examples
    --------
    >>> from helpers.activations import sigmoid, sigmoid_prime
    >>> steep = Activation(
    ...     value=lambda z, beta=2.0: sigmoid(beta * z),
    ...     prime=lambda z, beta=2.0: beta * sigmoid_prime(beta * z),
    ...     parameter=Parameter("beta", "β", default=2.0, low=0.5, high=4.0, step=0.5),
    ... )
    >>> steep.prime(0.0, 4.0)
    np.float64(1.0)
    """

    value: Callable[..., Any]
    prime: Callable[..., Any]
    expression: str = ""
    latex: str = ""
    slope: str = ""
    used: str = ""
    seen_in: str = ""
    parameter: Parameter | None = None
    kinks: tuple[float, ...] = ()
    jumps: tuple[float, ...] = ()
    period: float | None = None
    value_range: tuple[float, float] = (-inf, inf)
    max_prime: MaxPrime | None = None
    prime_from_value: Callable[..., Any] | None = None
    pair: Pair | None = None


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        "sigmoid": Activation(
            value=kernels.sigmoid,
            prime=kernels.sigmoid_prime,
            expression="1/(1 + exp(-z))",
            latex=r"\frac{1}{1 + e^{-z}}",
            slope="sigmoid(z)*(1 - sigmoid(z))",
            used="The gates of LSTM; the probability of one of two classes.",
            seen_in="Hochreiter, Schmidhuber, Long short-term memory (1997).",
            value_range=(0.0, 1.0),
            max_prime=MaxPrime(0.25, at=(0.0,)),
            prime_from_value=kernels.sigmoid_prime_from_value,
            pair=kernels.sigmoid_pair,
        ),
        "tanh": Activation(
            value=kernels.tanh,
            prime=kernels.tanh_prime,
            expression="tanh(z)",
            latex=r"\tanh z",
            slope="1 - tanh(z)^2",
            used="Inside LSTM; actions between two bounds, as in DDPG.",
            seen_in=(
                "Lillicrap et al., Continuous control with deep reinforcement learning (2015), "
                "arXiv:1509.02971."
            ),
            value_range=(-1.0, 1.0),
            max_prime=MaxPrime(1.0, at=(0.0,)),
            prime_from_value=kernels.tanh_prime_from_value,
            pair=kernels.tanh_pair,
        ),
        "relu": Activation(
            value=kernels.relu,
            prime=kernels.relu_prime,
            expression="max(z, 0)",
            latex=r"\max(z, 0)",
            slope="step(z)",
            used="ResNet, and many convolutional networks before and after it.",
            seen_in=(
                "He, Zhang, Ren, Sun, Deep residual learning for image recognition (2015), "
                "arXiv:1512.03385."
            ),
            kinks=(0.0,),
            value_range=(0.0, inf),
            max_prime=MaxPrime(1.0, at=None),
            prime_from_value=kernels.relu_prime_from_value,
            pair=kernels.relu_pair,
        ),
        "leaky_relu": Activation(
            value=kernels.leaky_relu,
            prime=kernels.leaky_relu_prime,
            expression="max(z, 0) + α*min(z, 0)",
            latex=r"\begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}",
            slope="step(z) + α*step(-z)",
            used="The discriminator of DCGAN, with the slope 0.2.",
            seen_in=(
                "Radford, Metz, Chintala, Unsupervised representation learning with deep "
                "convolutional generative adversarial networks (2015), arXiv:1511.06434."
            ),
            parameter=Parameter("negative_slope", "α", default=0.01, low=-1.0, high=2.0, step=0.01),
            kinks=(0.0,),
            max_prime=MaxPrime(1.0, at=None),
            prime_from_value=kernels.leaky_relu_prime_from_value,
            pair=kernels.leaky_relu_pair,
        ),
        "elu": Activation(
            value=relatives.elu,
            prime=relatives.elu_prime,
            expression="max(z, 0) + α*(exp(min(z, 0)) - 1)",
            latex=r"\begin{cases} z & z > 0 \\ \alpha (e^z - 1) & z \le 0 \end{cases}",
            slope="step(z) + α*exp(z)*step(-z)",
            used="The networks that walk robots in legged_gym.",
            seen_in=(
                "Rudin, Hoeller, Reist, Hutter, Learning to walk in minutes using massively "
                "parallel deep reinforcement learning (2021), arXiv:2109.11978."
            ),
            parameter=Parameter("alpha", "α", default=1.0, low=0.0, high=2.0, step=0.05),
            kinks=(0.0,),
            value_range=(-1.0, inf),
            max_prime=MaxPrime(1.0, at=None),
            prime_from_value=relatives.elu_prime_from_value,
            pair=relatives.elu_pair,
        ),
        "selu": Activation(
            value=relatives.selu,
            prime=relatives.selu_prime,
            expression="1.0507009873554805*(max(z, 0) + 1.6732632423543772*(exp(min(z, 0)) - 1))",
            latex=r"\lambda \begin{cases} z & z > 0 \\ \alpha (e^z - 1) & z \le 0 \end{cases}",
            slope="1.0507009873554805*(step(z) + 1.6732632423543772*exp(z)*step(-z))",
            used="Deep dense networks on tables, with LeCun's initial weights and alpha dropout.",
            seen_in="Klambauer et al., Self-normalizing neural networks (2017), arXiv:1706.02515.",
            kinks=(0.0,),
            value_range=(-1.7580993408473766, inf),
            max_prime=MaxPrime(1.7580993408473766, at=(0.0,)),
            prime_from_value=relatives.selu_prime_from_value,
            pair=relatives.selu_pair,
        ),
        "softplus": Activation(
            value=relatives.softplus,
            prime=relatives.softplus_prime,
            expression="log(1 + exp(β*z))/β",
            latex=r"\frac{1}{\beta} \ln(1 + e^{\beta z})",
            slope="sigmoid(β*z)",
            used="Outputs that must be positive: the variances of deep ensembles.",
            seen_in=(
                "Lakshminarayanan, Pritzel, Blundell, Simple and scalable predictive "
                "uncertainty estimation using deep ensembles (2016), arXiv:1612.01474."
            ),
            parameter=Parameter("beta", "β", default=1.0, low=0.25, high=10.0, step=0.25),
            value_range=(0.0, inf),
            max_prime=MaxPrime(1.0, at=()),
            prime_from_value=relatives.softplus_prime_from_value,
            pair=relatives.softplus_pair,
        ),
        "softsign": Activation(
            value=relatives.softsign,
            prime=relatives.softsign_prime,
            expression="z/(1 + abs(z))",
            latex=r"\frac{z}{1 + \lvert z \rvert}",
            slope="1/(1 + abs(z))^2",
            used="The speakers' vectors of Deep Voice 3.",
            seen_in=(
                "Ping et al., Deep Voice 3: scaling text-to-speech with convolutional sequence "
                "learning (2017), arXiv:1710.07654."
            ),
            value_range=(-1.0, 1.0),
            max_prime=MaxPrime(1.0, at=(0.0,)),
            prime_from_value=relatives.softsign_prime_from_value,
        ),
        "silu": Activation(
            value=gates.silu,
            prime=gates.silu_prime,
            expression="z*sigmoid(z)",
            latex=r"z \sigma(z)",
            slope="sigmoid(z)*(1 + z*(1 - sigmoid(z)))",
            used="EfficientNet; as the gate of SwiGLU, LLaMA.",
            seen_in=(
                "Tan, Le, EfficientNet: rethinking model scaling for convolutional neural "
                "networks (2019), arXiv:1905.11946."
            ),
            value_range=(-0.2784645427610738, inf),
            max_prime=MaxPrime(1.099839320128867, at=(2.3993572805154675,)),
            pair=gates.swish_pair,
        ),
        "swish": Activation(
            value=gates.swish,
            prime=gates.swish_prime,
            expression="z*sigmoid(β*z)",
            latex=r"z \sigma(\beta z)",
            slope="sigmoid(β*z)*(1 + β*z*(1 - sigmoid(β*z)))",
            used="SiLU with a steepness that may be learned.",
            seen_in=(
                "Ramachandran, Zoph, Le, Searching for activation functions (2017), "
                "arXiv:1710.05941."
            ),
            parameter=Parameter("beta", "β", default=1.0, low=0.0, high=10.0, step=0.25),
            value_range=(-0.2784645427610738, inf),
            max_prime=MaxPrime(1.099839320128867, at=(2.3993572805154675,)),
            pair=gates.swish_pair,
        ),
        "gelu": Activation(
            value=gates.gelu,
            prime=gates.gelu_prime,
            expression="z*(1 + erf(z/sqrt(2)))/2",
            latex=r"\frac{z}{2} \left(1 + \operatorname{erf}\left(\frac{z}{\sqrt{2}}\right)\right)",
            slope="Phi(z) + z*phi(z)",
            used="BERT and the vision transformer.",
            seen_in=(
                "Devlin, Chang, Lee, Toutanova, BERT (2018), arXiv:1810.04805; Dosovitskiy et "
                "al., An image is worth 16x16 words (2020), arXiv:2010.11929."
            ),
            value_range=(-0.16997120747990366, inf),
            max_prime=MaxPrime(1.1289041451851547, at=(1.4142135623730951,)),
            pair=gates.gelu_pair,
        ),
        "gelu_tanh": Activation(
            value=gates.gelu_tanh,
            prime=gates.gelu_tanh_prime,
            expression="z*(1 + tanh(sqrt(2/pi)*(z + 0.044715*z**3)))/2",
            latex=(
                r"\frac{z}{2} \left(1 + \tanh\left("
                r"\sqrt{\frac{2}{\pi}} (z + 0.044715 z^3)\right)\right)"
            ),
            slope="(1 + tanh(sqrt(2/pi)*(z + 0.044715*z^3)))/2"
            " + z*(1 - tanh(sqrt(2/pi)*(z + 0.044715*z^3))^2)*sqrt(2/pi)*(1 + 0.134145*z^2)/2",
            used="GPT-2, as its code was published.",
            seen_in=(
                "Radford et al., Language models are unsupervised multitask learners (2019), "
                "with openai/gpt-2, src/model.py."
            ),
            value_range=(-0.17004075057125406, inf),
            max_prime=MaxPrime(1.1289930686587717, at=(1.4185040087908283,)),
            pair=gates.gelu_tanh_pair,
        ),
        "mish": Activation(
            value=soft.mish,
            prime=soft.mish_prime,
            expression="z*tanh(log(1 + exp(z)))",
            latex=r"z \tanh(\ln(1 + e^z))",
            slope="tanh(softplus(z)) + z*(1 - tanh(softplus(z))^2)*sigmoid(z)",
            used="YOLOv4.",
            seen_in="Bochkovskiy, Wang, Liao, YOLOv4 (2020), arXiv:2004.10934.",
            value_range=(-0.30884341301725043, inf),
            max_prime=MaxPrime(1.088498161251728, at=(1.4905711794854284,)),
            pair=soft.mish_pair,
        ),
        "celu": Activation(
            value=soft.celu,
            prime=soft.celu_prime,
            expression="max(z, 0) + α*(exp(min(z, 0)/α) - 1)",
            latex=r"\begin{cases} z & z > 0 \\ \alpha (e^{z/\alpha} - 1) & z \le 0 \end{cases}",
            slope="step(z) + exp(z/α)*step(-z)",
            used="The energies of molecules in TorchANI, with α = 0.1.",
            seen_in=(
                "Gao et al., TorchANI: a free and open source PyTorch-based deep learning "
                "implementation of the ANI neural network potentials (2020), with its examples."
            ),
            parameter=Parameter("alpha", "α", default=1.0, low=0.25, high=2.0, step=0.05),
            value_range=(-1.0, inf),
            max_prime=MaxPrime(1.0, at=None),
            pair=soft.celu_pair,
        ),
        "squareplus": Activation(
            value=soft.squareplus,
            prime=soft.squareplus_prime,
            expression="(z + sqrt(z^2 + b))/2",
            latex=r"\frac{z + \sqrt{z^2 + b}}{2}",
            slope="(1 + z/sqrt(z^2 + b))/2",
            used="Made as a softplus without an exponential; no network we know made it known.",
            parameter=Parameter("b", "b", default=4.0, low=0.25, high=8.0, step=0.25),
            value_range=(0.0, inf),
            max_prime=MaxPrime(1.0, at=()),
            pair=soft.squareplus_pair,
        ),
        "logsigmoid": Activation(
            value=soft.logsigmoid,
            prime=soft.logsigmoid_prime,
            expression="-log(1 + exp(-z))",
            latex=r"-\ln(1 + e^{-z})",
            slope="1 - sigmoid(z)",
            used="Inside losses: of word2vec, and of preferences between two answers.",
            seen_in=(
                "Mikolov et al., Distributed representations of words and phrases and their "
                "compositionality (2013), arXiv:1310.4546; Rafailov et al., Direct preference "
                "optimization (2023), arXiv:2305.18290."
            ),
            value_range=(-inf, 0.0),
            max_prime=MaxPrime(1.0, at=()),
        ),
        "tanhshrink": Activation(
            value=soft.tanhshrink,
            prime=soft.tanhshrink_prime,
            expression="z - tanh(z)",
            latex=r"z - \tanh z",
            slope="tanh(z)^2",
            used="In libraries since Torch; no network we know made it known.",
            max_prime=MaxPrime(1.0, at=()),
        ),
        "snake": Activation(
            value=soft.snake,
            prime=soft.snake_prime,
            pair=soft.snake_pair,
            expression="z + sin(a*z)^2/a",
            latex=r"z + \frac{1}{a} \sin^2(a z)",
            slope="1 + sin(2*a*z)",
            used="BigVGAN, which makes sound, with an a that is learned.",
            seen_in="Lee et al., BigVGAN (2022), arXiv:2206.04658.",
            parameter=Parameter("a", "a", default=1.0, low=0.25, high=4.0, step=0.25),
            period=pi,
            max_prime=MaxPrime(2.0, at=(pi / 4,)),
        ),
        "relu6": Activation(
            value=hard.relu6,
            prime=hard.relu6_prime,
            expression="min(max(z, 0), 6)",
            latex=r"\min(\max(z, 0), 6)",
            slope="step(z)*step(6 - z)",
            used="MobileNetV2, made for arithmetic in few bits.",
            seen_in=(
                "Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks (2018), "
                "arXiv:1801.04381."
            ),
            kinks=(0.0, 6.0),
            value_range=(0.0, 6.0),
            max_prime=MaxPrime(1.0, at=None),
        ),
        "hardtanh": Activation(
            value=hard.hardtanh,
            prime=hard.hardtanh_prime,
            expression="min(max(z, -1), 1)",
            latex=r"\min(\max(z, -1), 1)",
            slope="step(z + 1)*step(1 - z)",
            used="Networks of ±1, trained with the straight-through estimator.",
            seen_in=(
                "Courbariaux, Hubara, Soudry, El-Yaniv, Bengio, Binarized neural networks "
                "(2016), arXiv:1602.02830."
            ),
            kinks=(-1.0, 1.0),
            value_range=(-1.0, 1.0),
            max_prime=MaxPrime(1.0, at=None),
        ),
        "hardsigmoid": Activation(
            value=hard.hardsigmoid,
            prime=hard.hardsigmoid_prime,
            expression="min(max((z + 3)/6, 0), 1)",
            latex=r"\min(\max(\frac{z + 3}{6}, 0), 1)",
            slope="step(z + 3)*step(3 - z)/6",
            used="The gates of MobileNetV3.",
            seen_in="Howard et al., Searching for MobileNetV3 (2019), arXiv:1905.02244.",
            kinks=(-3.0, 3.0),
            value_range=(0.0, 1.0),
            max_prime=MaxPrime(1 / 6, at=None),
        ),
        "hardswish": Activation(
            value=hard.hardswish,
            prime=hard.hardswish_prime,
            expression="z*min(max((z + 3)/6, 0), 1)",
            latex=r"z \min(\max(\frac{z + 3}{6}, 0), 1)",
            slope="step(z - 3) + (2*z + 3)/6*step(3 - abs(z))",
            used="The deeper half of MobileNetV3.",
            seen_in="Howard et al., Searching for MobileNetV3 (2019), arXiv:1905.02244.",
            kinks=(-3.0, 3.0),
            value_range=(-0.375, inf),
            max_prime=MaxPrime(1.5, at=(3.0,)),
        ),
        "softshrink": Activation(
            value=hard.softshrink,
            prime=hard.softshrink_prime,
            expression="max(z - 1/2, 0) + min(z + 1/2, 0)",
            latex=r"\max(z - \frac{1}{2}, 0) + \min(z + \frac{1}{2}, 0)",
            slope="step(z - 1/2) + step(-z - 1/2)",
            used="Sparse coding: a step with an L1 penalty, and LISTA, which learns such steps.",
            seen_in="Gregor, LeCun, Learning fast approximations of sparse coding (2010).",
            kinks=(-0.5, 0.5),
            max_prime=MaxPrime(1.0, at=None),
        ),
        "hardshrink": Activation(
            value=hard.hardshrink,
            prime=hard.hardshrink_prime,
            expression="z*(step(z - 1/2) + step(-z - 1/2))",
            latex=(
                r"\begin{cases} z & \lvert z \rvert > \frac{1}{2} \\"
                r" 0 & \lvert z \rvert \le \frac{1}{2} \end{cases}"
            ),
            slope="step(z - 1/2) + step(-z - 1/2)",
            used="Sparse coding: a step with a penalty on how many entries are not 0.",
            seen_in="Blumensath, Davies, Iterative thresholding for sparse approximations (2008).",
            kinks=(-0.5, 0.5),
            jumps=(-0.5, 0.5),
            max_prime=MaxPrime(1.0, at=None),
        ),
        "thresholded_relu": Activation(
            value=hard.thresholded_relu,
            prime=hard.thresholded_relu_prime,
            expression="z*step(z - 1)",
            latex=r"\begin{cases} z & z > 1 \\ 0 & z \le 1 \end{cases}",
            slope="step(z - 1)",
            used="Sparse autoencoders without biases.",
            seen_in=(
                "Konda, Memisevic, Krueger, Zero-bias autoencoders and the benefits of "
                "co-adapting features (2014), arXiv:1402.3337."
            ),
            kinks=(1.0,),
            jumps=(1.0,),
            value_range=(0.0, inf),
            max_prime=MaxPrime(1.0, at=None),
        ),
        "relu_squared": Activation(
            value=hard.relu_squared,
            prime=hard.relu_squared_prime,
            expression="max(z, 0)^2",
            latex=r"\max(z, 0)^2",
            slope="2*max(z, 0)",
            used="Primer, and Nemotron-4, a language model.",
            seen_in="Parmar et al., Nemotron-4 15B technical report (2024), arXiv:2402.16819.",
            value_range=(0.0, inf),
            max_prime=MaxPrime(inf, at=()),
        ),
    }
)
