"""The peer of `bench:graphcut`: PyMaxflow on the pictures of cases.ts. Asked line by line; capacities are made beforehand.

Weights of contrast stand beside PyMaxflow, too: the core of gco-wrapper, GCO 3.0, "can be used and distributed for research
purposes only", which a benchmark of this project is not.
"""
import json
import re
import sys
import time
from importlib.metadata import version

import maxflow
import numpy


def disc(side):
    i = numpy.arange(side * side, dtype=numpy.int64)
    inside = numpy.hypot(i % side - side / 2, i // side - side / 2) < side / 3
    noise = (i * 7919 % 10007 * (i % 10009) + i) % 10037 / 10037
    return (numpy.where(inside, 180, 80) + 120 * noise - 60).reshape(side, side)


def costs(values, label, labels):
    return numpy.abs(values - (80 + 100 * label / (labels - 1)))


def edges(values, neighbours, weight, contrast):
    """Weights and structures: one for all ways, or with contrast one for each."""
    if contrast == 0:
        slant = weight / numpy.sqrt(2) if neighbours == 8 else 0
        return [(1.0, numpy.array([[0, 0, 0], [0, 0, weight], [slant, weight, slant]]))]
    found = []
    for x, y in [(1, 0), (0, 1), (1, 1), (-1, 1)][:neighbours // 2]:
        difference = values - numpy.roll(values, (-y, -x), (0, 1))
        structure = numpy.zeros((3, 3))
        structure[1 + y, 1 + x] = 1
        found.append((weight / numpy.hypot(x, y) * numpy.exp(-(difference / contrast) ** 2 / 2), structure))
    return found


def cut(unary, edges):
    start = time.perf_counter()
    height, width = unary[0].shape
    ways = sum(numpy.count_nonzero(structure) for _, structure in edges)
    graph = maxflow.Graph[float](height * width, ways * height * width)
    nodes = graph.add_grid_nodes((height, width))
    for weights, structure in edges:
        graph.add_grid_edges(nodes, weights, structure=structure, symmetric=True)
    graph.add_grid_tedges(nodes, unary[0], unary[1])
    value = graph.maxflow()
    graph.get_grid_segments(nodes)
    return 1000 * (time.perf_counter() - start), value


def expand(unary, weight, rounds):
    stacked = numpy.ascontiguousarray(numpy.stack(unary, axis=-1))
    labels = len(unary)
    potts = weight * (1.0 - numpy.eye(labels))
    start = time.perf_counter()
    labelling = maxflow.fastmin.aexpansion_grid(stacked, potts, max_cycles=rounds, labels=numpy.argmin(stacked, axis=-1))
    ms = 1000 * (time.perf_counter() - start)
    return ms, float(maxflow.fastmin.energy_of_grid_labeling(stacked, potts, labelling))


def measure(side, neighbours, weight, contrast, labels, rounds, **_):
    values = disc(side)
    unary = [costs(values, label, labels) for label in range(labels)]
    if labels > 2:
        return peak(lambda: expand(unary, weight, rounds))
    weights = edges(values, neighbours, weight, contrast)
    return peak(lambda: cut(unary, weights))


def peak(work):
    """What comes of work, and by how many bytes this process's peak went above what it had, where Linux counts them."""
    if sys.platform != 'linux':
        return *work(), None
    with open('/proc/self/clear_refs', 'w') as peaks:
        peaks.write('5')  # the peak is what there is now
    before = bytes_of('VmRSS')
    ms, value = work()
    return ms, value, bytes_of('VmHWM') - before


def bytes_of(name):
    with open('/proc/self/status') as status:
        return 1024 * int(re.search(name + r':\s+(\d+)', status.read())[1])


print(json.dumps({'PyMaxflow': version('PyMaxflow'), 'numpy': numpy.__version__}), flush=True)
for line in sys.stdin:
    ms, value, memory = measure(**json.loads(line))
    print(json.dumps({'ms': ms, 'value': value, 'bytes': memory}), flush=True)
