"""What Hypothesis may feed to a kernel: every float, array shapes, dtypes and memory layouts."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

DTYPES = (np.float64, np.float32, np.float16, np.int8, np.int64, np.uint32, np.bool_)

shapes = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
floats = st.floats()  # with ±0, subnormals, ±inf and nan
finite = st.floats(allow_nan=False, allow_infinity=False)
moderate = st.floats(-1e300, 1e300)  # room for a factor
slopes = st.floats(-3, 3)
betas = st.floats(0.1, 10) | st.floats(-10, -0.1)


def tries(most):
    """Have a property tried on at most so many inputs, in the short run on a quarter of them."""
    return settings(max_examples=most * settings.default.max_examples // 100)


@st.composite
def arrays(draw, dtypes=DTYPES):
    """Draw an array of any shape, dtype and layout: turned round, strided, Fortran, broadcast."""
    z = draw(npst.arrays(draw(st.sampled_from(dtypes)), draw(shapes)))
    layout = draw(st.sampled_from(["plain", "transposed", "strided", "reversed", "broadcast"]))
    if layout == "transposed":
        return z.T
    if layout == "strided":
        return np.repeat(z, 2, axis=-1)[..., ::2] if z.ndim else z
    if layout == "reversed":
        return np.asarray(np.flip(z))
    if layout == "broadcast":
        return np.broadcast_to(z, (2, *z.shape))
    return z
