"""What libraries call the activations, where they differ, and what they have besides."""

# ours: what torch.nn, jax.nn, keras.activations and ONNX call it
NAMES = {
    "sigmoid": ("Sigmoid", "sigmoid", "sigmoid", "Sigmoid"),
    "tanh": ("Tanh", "tanh", "tanh", "Tanh"),
    "relu": ("ReLU", "relu", "relu", "Relu"),
    "leaky_relu": ("LeakyReLU, PReLU", "leaky_relu", "leaky_relu", "LeakyRelu, PRelu"),
    "elu": ("ELU", "elu", "elu", "Elu"),
    "selu": ("SELU", "selu", "selu", "Selu"),
    "softplus": ("Softplus", "softplus", "softplus", "Softplus"),
    "softsign": ("Softsign", "soft_sign", "softsign", "Softsign"),
    "silu": ("SiLU", "silu, swish", "silu", ""),
    "swish": ("", "", "", "Swish"),
    "gelu": ("GELU", "gelu", "gelu", "Gelu"),
    "gelu_tanh": ("GELU", "gelu", "gelu", "Gelu"),
    "mish": ("Mish", "mish", "mish", "Mish"),
    "celu": ("CELU", "celu", "celu", "Celu"),
    "squareplus": ("", "squareplus", "squareplus", ""),
    "logsigmoid": ("LogSigmoid", "log_sigmoid", "log_sigmoid", ""),
    "tanhshrink": ("Tanhshrink", "", "tanh_shrink", ""),
    "relu6": ("ReLU6", "relu6", "relu6", "Clip"),
    "hardtanh": ("Hardtanh", "hard_tanh", "hard_tanh", "Clip"),
    "hardsigmoid": ("Hardsigmoid", "hard_sigmoid", "hard_sigmoid", "HardSigmoid"),
    "hardswish": ("Hardswish", "hard_silu, hard_swish", "hard_silu", "HardSwish"),
    "softshrink": ("Softshrink", "", "soft_shrink", "Shrink"),
    "hardshrink": ("Hardshrink", "", "hard_shrink", "Shrink"),
    "thresholded_relu": ("Threshold", "", "threshold", "ThresholdedRelu"),
    "glu": ("GLU", "glu", "glu", ""),
}
LIBRARIES = ("PyTorch", "JAX", "Keras", "ONNX")
NAMES = {
    ours: {library: name for library, name in zip(LIBRARIES, theirs, strict=True) if name}
    for ours, theirs in NAMES.items()
}


def differences():
    return ""


def others():
    return ""
