"""Pillow's side of pictures in `bench:ingest`: answers every line {path} on stdin with {ms, sum} for a zip of class folders."""
import io, json, sys, time, zipfile
import numpy as np
import PIL
from PIL import Image

print(json.dumps({"pillow": PIL.__version__, "numpy": np.__version__}), flush=True)
for line in sys.stdin:
    begin = time.perf_counter()
    with zipfile.ZipFile(json.loads(line)["path"]) as archive:
        names = sorted(name for name in archive.namelist() if not name.endswith("/"))
        classes = {name: code for code, name in enumerate(sorted({name.split("/")[0] for name in names}))}
        labels = np.array([classes[name.split("/")[0]] for name in names], np.int32)
        pixels = np.stack([np.asarray(Image.open(io.BytesIO(archive.read(name)))) for name in names])
    print(json.dumps({"ms": (time.perf_counter() - begin) * 1000, "sum": int(pixels.sum(dtype=np.int64)), "count": len(labels)}), flush=True)
