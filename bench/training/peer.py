"""PyTorch's side of `bench:training`: answers every line {net, optimizer, mode, steps} on stdin with {ms} per step.
Arguments: threads, and the device, cpu or cuda.

Its batches lie ready as float32 tensors; ours are gathered from uint8 inside the step."""
import gzip, json, sys, time
import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
DEVICE = torch.device(sys.argv[2])
torch.set_num_interop_threads(1)
torch.manual_seed(0)
BATCH, RATE = 64, 0.01
loss_of = nn.CrossEntropyLoss(ignore_index=255)


def normalized(channels, filters, stride=1, kernel=3):
    return nn.Sequential(nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(filters))


class Block(nn.Module):
    """Two convolutions beside a short cut, as training/cases.ts has them."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first, self.second = normalized(channels, filters, stride), normalized(filters, filters)
        self.short = nn.Identity() if stride == 1 else normalized(channels, filters, stride, 1)

    def forward(self, x):
        return torch.relu(self.second(torch.relu(self.first(x))) + self.short(x))


def build(net):
    if net == "mlp 784-256-10":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    if net == "mlp 784-784-512-10":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 784), nn.ReLU(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))
    if net == "cnn 32-64-128":
        return nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10))
    if net == "lenet":
        return nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    if net == "resnet-8 batch-norm":
        return nn.Sequential(
            normalized(3, 16), nn.ReLU(), Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    if net == "dilated 64x64":
        layers = [(nn.Conv2d(3 if i == 0 else 32, 32, 3, padding=d, dilation=d), nn.ReLU()) for i, d in enumerate([1, 1, 2, 4, 8])]
        return nn.Sequential(*(part for layer in layers for part in layer), nn.Conv2d(32, 4, 1))
    raise ValueError(net)


SHAPES = {"resnet-8 batch-norm": (3, 32, 32), "dilated 64x64": (3, 64, 64)}


def batches_of(net, batch):
    """Eight batches of noise; of the pixels of a map every fifth has no label, as in training/ours.ts."""
    shape = SHAPES.get(net, (1, 28, 28))
    inputs = [torch.rand(batch, *shape).to(DEVICE) for _ in range(8)]
    if net != "dilated 64x64":
        return inputs, [torch.randint(0, 10, (batch,)).to(DEVICE) for _ in range(8)]
    maps = [torch.randint(0, 4, (batch, *shape[1:])) for _ in range(8)]
    return inputs, [torch.where(torch.rand(m.shape) < 0.2, 255, m).to(DEVICE) for m in maps]


def attacked(model, x, y, radius=0.3, size=0.075):
    """Ten projected gradient steps, as training/cases.ts has them; only the inputs' gradients are asked for."""
    d = torch.zeros_like(x)
    for _ in range(10):
        d.requires_grad_(True)
        (g,) = torch.autograd.grad(nn.functional.cross_entropy(model(x + d), y, reduction="sum"), d)
        with torch.no_grad():
            d = (d + size * g.sign()).clamp_(-radius, radius)
            d = torch.minimum(torch.maximum(d, -x), 1 - x)
    return x + d.detach()


held = {}


def settle():
    """A GPU computes on while Python goes ahead."""
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def prepare(net, optimizer, mode, batch):
    key = (net, optimizer, mode, batch)
    if key not in held:
        model, (inputs, labels) = build(net).to(DEVICE), batches_of(net, batch)
        if mode == "channels_last":
            model, inputs = model.to(memory_format=torch.channels_last), [x.to(memory_format=torch.channels_last) for x in inputs]
        make = torch.optim.Adam if optimizer == "adam" else torch.optim.SGD
        update = make(model.parameters(), lr=RATE)
        run = torch.compile(model) if mode == "compile" else model

        def step(i):
            x, y = inputs[i % 8], labels[i % 8]
            if optimizer == "pgd-10":
                x = attacked(model, x, y)
            update.zero_grad(set_to_none=True)
            loss = loss_of(run(x), y)
            loss.backward()
            update.step()
            return loss
        held[key] = step
    return held[key]


def measure(net, optimizer, mode, steps, batch=BATCH):
    step = prepare(net, optimizer, mode, batch)
    for i in range(8):
        step(i)
    settle()
    started = time.perf_counter()
    for i in range(steps):
        step(i)
    settle()
    return (time.perf_counter() - started) / steps * 1000


def read(folder, split):
    with gzip.open(f"{folder}/{split}-images-idx3-ubyte.gz") as file:
        x = torch.frombuffer(bytearray(file.read()[16:]), dtype=torch.uint8).reshape(-1, 1, 28, 28).float() / 255
    with gzip.open(f"{folder}/{split}-labels-idx1-ubyte.gz") as file:
        y = torch.frombuffer(bytearray(file.read()[8:]), dtype=torch.uint8).long()
    return x, y


def mnist(folder):
    (x, y), (test_x, test_y) = read(folder, "train"), read(folder, "t10k")
    started = time.perf_counter()
    x, y, test_x, test_y = x.to(DEVICE), y.to(DEVICE), test_x.to(DEVICE), test_y.to(DEVICE)
    model = build("cnn 32-64-128").to(DEVICE)
    update = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(3):
        order = torch.randperm(len(x), device=DEVICE)
        for at in range(0, len(x), BATCH):
            batch = order[at:at + BATCH]
            update.zero_grad(set_to_none=True)
            loss_of(model(x[batch]), y[batch]).backward()
            update.step()
        with torch.no_grad():
            right = sum((model(test_x[at:at + 500]).argmax(1) == test_y[at:at + 500]).sum().item() for at in range(0, len(test_x), 500))
        print(f"  PyTorch: epoch {epoch + 1}, test accuracy {right / len(test_x)}", file=sys.stderr)
    return time.perf_counter() - started


name = torch.cuda.get_device_name(DEVICE) if DEVICE.type == "cuda" else "cpu"
print(json.dumps({"torch": torch.__version__, "torch device": name}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"seconds": mnist(request["mnist"])} if "mnist" in request else {"ms": measure(**request)}
    except Exception as error:  # torch.compile needs a compiler at hand
        answer = {"error": str(error).splitlines()[0][:200]}
    print(json.dumps(answer), flush=True)
