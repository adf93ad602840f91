"""The peers of the benchmark of uploads: a CSV file becomes an array of float32 in memory. Asked line by line."""
import json
import sys
import time

import numpy
import pandas
import polars

readers = {
    'pandas': lambda file: pandas.read_csv(file).to_numpy(dtype=numpy.float32),
    'polars': lambda file: polars.read_csv(file).cast(polars.Float32).to_numpy(),
}

print(json.dumps({'pandas': pandas.__version__, 'polars': polars.__version__, 'numpy': numpy.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    array = readers[request['library']](request['file'])
    ms = 1000 * (time.perf_counter() - start)
    assert array.dtype == numpy.float32
    print(json.dumps({'ms': ms, 'examples': array.shape[0]}), flush=True)
