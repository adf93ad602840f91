"""PyTorch's side of `bench:leader`: DistributedDataParallel on gloo, two processes with a thread each. Answers every line
{net, steps, batch} on stdin with {samplesPerSecond} of both together.

Its batches lie ready as float32 tensors; ours are gathered from uint8 inside the step."""
import json, os, sys, tempfile, time
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import nn
from torch.nn.parallel import DistributedDataParallel

PROCESSES, RATE = 2, 0.01


def build(net):
    if net == "mlp 784-256-10":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    if net == "cnn 32-64-128":
        return nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10))
    raise ValueError(net)


def train(net, steps, batch):
    """Samples per second of all processes: the second half of the steps is timed."""
    torch.manual_seed(0)
    model = DistributedDataParallel(build(net))
    update = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs = [torch.rand(batch, 1, 28, 28) for _ in range(8)]
    labels = [torch.randint(0, 10, (batch,)) for _ in range(8)]
    loss_of = nn.CrossEntropyLoss()
    for i in range(steps):
        if i == steps // 2:
            dist.barrier()
            started = time.perf_counter()
        update.zero_grad(set_to_none=True)
        loss_of(model(inputs[i % 8]), labels[i % 8]).backward()
        update.step()
    dist.barrier()
    return PROCESSES * (steps - steps // 2) * batch / (time.perf_counter() - started)


def open_process(rank, meeting):
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=PROCESSES)


def other(meeting, pipe):
    open_process(1, meeting)
    while (request := pipe.recv()) is not None:
        train(**request)


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    folder = tempfile.TemporaryDirectory()
    meeting = os.path.join(folder.name, "meeting")
    here, there = mp.get_context("spawn").Pipe()
    process = mp.get_context("spawn").Process(target=other, args=(meeting, there), daemon=True)
    process.start()
    open_process(0, meeting)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        here.send(request)
        print(json.dumps({"samplesPerSecond": train(**request)}), flush=True)
    here.send(None)
    process.join()
