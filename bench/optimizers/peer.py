"""SciPy's and pyswarms' side of `bench:optimizers`: answers every line {method, hidden, iterations, start} on stdin with
a run (cases.ts). Their objectives are NumPy written for speed: rows contiguous over points, buffers kept, no matrix of
deltas where one hidden layer needs none."""
import json, logging, os, sys, tempfile, time, warnings

os.chdir(tempfile.mkdtemp())  # pyswarms writes report.log where it is imported
import numpy as np
import scipy
from scipy.optimize import minimize
import pyswarms

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore", category=RuntimeWarning)
POINTS, PARTICLES = 128, 60
x = -np.pi + 2 * np.pi * np.arange(POINTS) / POINTS
y = np.sin(x) + np.sin(3 * x) + np.sin(5 * x)
NAMES = {"cg": "CG", "bfgs": "BFGS", "lbfgs": "L-BFGS-B", "powell": "Powell"}


def shallow(units):
    """Value with gradient, and value alone, of 1-units-1."""
    a, slope = np.empty((units, POINTS)), np.empty((units, POINTS))

    def residual(theta):
        np.multiply(theta[:units, None], x, out=a)
        np.add(a, theta[units:2 * units, None], out=a)
        np.tanh(a, out=a)
        return theta[2 * units:3 * units] @ a + (theta[3 * units] - y)

    def value(theta):
        r = residual(theta)
        return r @ r / POINTS

    def gradient(theta):
        r = residual(theta)
        d = r * (2 / POINTS)
        g = np.empty(3 * units + 1)
        w = theta[2 * units:3 * units]
        np.multiply(a, a, out=slope)
        np.subtract(1, slope, out=slope)
        g[:units] = w * (slope @ (d * x))
        g[units:2 * units] = w * (slope @ d)
        g[2 * units:3 * units] = a @ d
        g[3 * units] = d.sum()
        return r @ r / POINTS, g
    return value, gradient


def deep(hidden):
    """The same of any number of hidden layers."""
    sizes = [1, *hidden, 1]
    places, at = [], 0
    for inputs, units in zip(sizes, sizes[1:]):
        places.append((at, at + inputs * units, at + (inputs + 1) * units, inputs, units))
        at += (inputs + 1) * units
    layers = [x[None, :]] + [np.empty((units, POINTS)) for units in hidden]

    def residual(theta):
        for l, (at, bias, end, inputs, units) in enumerate(places):
            w = theta[at:bias].reshape(inputs, units)
            if l == len(hidden):
                return w[:, 0] @ layers[l] + (theta[bias] - y)
            np.matmul(w.T, layers[l], out=layers[l + 1])
            layers[l + 1] += theta[bias:end, None]
            np.tanh(layers[l + 1], out=layers[l + 1])

    def value(theta):
        r = residual(theta)
        return r @ r / POINTS

    def gradient(theta):
        r = residual(theta)
        g = np.empty(at)
        delta = (r * (2 / POINTS))[None, :]
        for l in range(len(hidden), -1, -1):
            start, bias, end, inputs, units = places[l]
            np.matmul(layers[l], delta.T, out=g[start:bias].reshape(inputs, units))
            g[bias:end] = delta.sum(axis=1)
            if l > 0:
                delta = theta[start:bias].reshape(inputs, units) @ delta
                delta *= 1 - layers[l] * layers[l]
        return r @ r / POINTS, g
    return value, gradient


def swarm(units):
    """Values of PARTICLES vectors at once, of 1-units-1."""
    a = np.empty((PARTICLES, units, POINTS))

    def values(theta):
        np.multiply(theta[:, :units, None], x, out=a)
        np.add(a, theta[:, units:2 * units, None], out=a)
        np.tanh(a, out=a)
        r = np.matmul(theta[:, None, 2 * units:3 * units], a)[:, 0, :]
        r += theta[:, 3 * units:]
        r -= y
        return np.einsum("ij,ij->i", r, r) / POINTS
    return values


def run(method, hidden, iterations, start):
    theta = np.array(start)
    if method == "pso":
        values = swarm(hidden[0])
        first = theta + 2 * np.random.default_rng(0).standard_normal((PARTICLES, len(theta)))
        started = time.perf_counter()
        optimizer = pyswarms.single.GlobalBestPSO(
            PARTICLES, len(theta), options={"c1": 1.49618, "c2": 1.49618, "w": 0.7298}, init_pos=first)
        best, _ = optimizer.optimize(values, iters=iterations, verbose=False)
        seconds = time.perf_counter() - started
        done = len(optimizer.cost_history)
        return {"ms": seconds * 1000, "iterations": done, "functionEvaluations": PARTICLES * done, "gradientEvaluations": 0, "value": best}
    value, gradient = shallow(hidden[0]) if len(hidden) == 1 else deep(hidden)
    # Nothing but the number of iterations ends a run.
    options = {
        "cg": {"gtol": 0}, "bfgs": {"gtol": 0}, "lbfgs": {"gtol": 0, "ftol": 0, "maxcor": 10, "maxfun": 10**9},
        "powell": {"xtol": 1e-4, "ftol": 0, "maxfev": 10**9}
    }[method]
    started = time.perf_counter()
    found = minimize(value if method == "powell" else gradient, theta, method=NAMES[method], jac=method != "powell",
                     options={"maxiter": iterations, **options})
    seconds = time.perf_counter() - started
    return {"ms": seconds * 1000, "iterations": int(found.nit), "functionEvaluations": int(found.nfev),
            "gradientEvaluations": int(found.get("njev", 0)), "value": float(found.fun)}


print(json.dumps({"scipy": scipy.__version__, "numpy": np.__version__, "pyswarms": pyswarms.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(run(request["method"], request["hidden"], request["iterations"], request["start"])), flush=True)
