"""The peer of `bench:graphcut`: PyMaxflow on the pictures of cases.ts. Asked line by line; capacities are made beforehand."""
import json
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


def structure(neighbours, weight):
    slant = weight / numpy.sqrt(2) if neighbours == 8 else 0
    return numpy.array([[0, 0, 0], [0, 0, weight], [slant, weight, slant]])


def cut(unary, neighbours, weight):
    start = time.perf_counter()
    height, width = unary[0].shape
    graph = maxflow.Graph[float](height * width, neighbours // 2 * height * width)
    nodes = graph.add_grid_nodes((height, width))
    graph.add_grid_edges(nodes, 1.0, structure=structure(neighbours, weight), symmetric=True)
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


print(json.dumps({'PyMaxflow': version('PyMaxflow'), 'numpy': numpy.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    values = disc(request['side'])
    unary = [costs(values, label, request['labels']) for label in range(request['labels'])]
    if request['labels'] == 2:
        ms, value = cut(unary, request['neighbours'], request['weight'])
    else:
        ms, value = expand(unary, request['weight'], request['rounds'])
    print(json.dumps({'ms': ms, 'value': value}), flush=True)
