"""The peer of `bench:lattice`: pydensecrf (as pydensecrf2) on the pictures of cases.ts. Asked line by line."""
import json
import resource
import sys
import time
from importlib.metadata import version

import numpy
import pydensecrf.densecrf as densecrf

ITERATIONS = 10


def noise(i):
    return (i * 7919 % 10007 * (i % 10009) + i) % 10037 / 10037


def inside(side):
    i = numpy.arange(side * side, dtype=numpy.int64)
    return numpy.hypot(i % side - side / 2, i // side - side / 2) < side / 3


def pixels(side):
    i = numpy.arange(3 * side * side, dtype=numpy.int64)
    channel = i % 3
    base = numpy.where(numpy.repeat(inside(side), 3), 160 - 40 * channel, 80 + 40 * channel)
    return numpy.floor(base + 30 * noise(i) - 15).astype(numpy.uint8).reshape(side, side, 3)


def costs(side, labels):
    p = numpy.arange(side * side, dtype=numpy.int64)
    likely = 0.7 if labels == 2 else 0.5
    right = inside(side).astype(numpy.int64)
    other = (right + 1 + numpy.floor(noise(p + 29) * (labels - 1)).astype(numpy.int64)) % labels
    label = numpy.where(noise(p + 17) < 0.7, right, other)
    unary = numpy.full((labels, side * side), -numpy.log((1 - likely) / (labels - 1)), dtype=numpy.float32)
    unary[label, p] = -numpy.log(likely)
    return unary


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(side, labels):
    picture = pixels(side)
    unary = costs(side, labels)
    before = memory()
    start = time.perf_counter()
    crf = densecrf.DenseCRF2D(side, side, labels)
    crf.setUnaryEnergy(unary)
    crf.addPairwiseBilateral(sxy=80, srgb=13, rgbim=picture, compat=10)
    crf.addPairwiseGaussian(sxy=3, compat=3)
    created = time.perf_counter()
    found = numpy.argmax(crf.inference(ITERATIONS), axis=0)
    infer = time.perf_counter() - created
    counts = numpy.bincount(found, minlength=labels).tolist()
    return {'create': 1000 * (created - start), 'infer': 1000 * infer, 'memory': memory() - before, 'counts': counts}


print(json.dumps({'pydensecrf2': version('pydensecrf2'), 'numpy': numpy.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(measure(request['side'], request['labels'])), flush=True)
