"""
NumPy's side of `bench:initialization`: answers every line {file, count, users, noise, steps, learningRate} on stdin with the
milliseconds of so many steps of gradient ascent on logits, all instances at once, and the sum of the rates it comes to. The file
has gains [count, users, users] and starts [count, users] in Float64.
"""
import json
import sys
import time

import numpy as np

kept = {}


def load(file, count, users):
    if kept.get("file") != file:
        numbers = np.fromfile(file)
        kept.update(file=file, gains=numbers[: count * users * users].reshape(count, users, users),
                    starts=numbers[count * users * users:].reshape(count, users))
    return kept["gains"], kept["starts"]


def solve(gains, starts, noise, steps, rate):
    started = time.perf_counter()
    t = starts.copy()
    own_gains = np.einsum("nii->ni", gains)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-t))
        total = np.einsum("nij,nj->ni", gains, p) + noise
        a = 1 / total
        b = 1 / (total - own_gains * p)
        slope = np.einsum("nij,ni->nj", gains, a) - np.einsum("nij,ni->nj", gains, b) + own_gains * b
        t += rate / np.log(2) * slope * p * (1 - p)
    p = 1 / (1 + np.exp(-t))
    own = own_gains * p
    rates = np.log2(1 + own / (np.einsum("nij,nj->ni", gains, p) - own + noise)).sum(1)
    return {"ms": (time.perf_counter() - started) * 1000, "rate": rates.sum()}


print(json.dumps({"numpy": np.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    gains, starts = load(request["file"], request["count"], request["users"])
    print(json.dumps(solve(gains, starts, request["noise"], request["steps"], request["learningRate"])), flush=True)
