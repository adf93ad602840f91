"""
NumPy's side of the training half of `bench:adversarial`: answers every line {file, dimensions, radius, steps, learningRate} on
stdin with the milliseconds of so many steps of gradient descent adversarial training (l2, exponential loss, all points) from 0,
and the weights. The file has the points by rows in Float64.
"""
import json
import sys
import time
from math import sqrt

import numpy as np

kept = {}


def load(file, dimensions):
    values = np.fromfile(file)
    if kept.get("size") != values.size:
        kept.update(size=values.size, points=values.reshape(-1, dimensions))
    return kept["points"]


def train(z, radius, steps, rate):
    w = np.zeros(z.shape[1])
    m, weight = np.empty(len(z)), np.empty(len(z))
    started = time.perf_counter()
    for _ in range(steps):
        norm = sqrt(w @ w)
        np.matmul(z, w, out=m)
        np.subtract(radius * norm, m, out=m)
        np.exp(m, out=weight)
        pull = weight @ z
        if radius > 0 and norm > 0:
            pull -= radius * weight.sum() / norm * w
        w += rate / len(z) * pull
    return {"ms": (time.perf_counter() - started) * 1000, "w": w.tolist()}


print(json.dumps({"numpy": np.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    points = load(request["file"], request["dimensions"])
    print(json.dumps(train(points, request["radius"], request["steps"], request["learningRate"])), flush=True)
