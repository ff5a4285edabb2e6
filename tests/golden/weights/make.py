"""Makes the files of weights that the tests read, with PyTorch and huggingface_hub, and what is in them.

    python make.py [FOLDER]

Needs torch, safetensors and huggingface_hub. zip.bin and legacy.bin hold the same tensors in the two formats of
torch.save, protocol4.bin again with a newer pickle; sharded-*/ hold the plain ones in several files with an index.
The rest must be refused. expected.json has the elements of every tensor, read back by PyTorch.
"""

import collections
import io
import json
import sys
import zipfile
from pathlib import Path

import torch
from huggingface_hub import save_torch_state_dict

here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
torch.manual_seed(7)


def state_dict():
    """One tensor of each kind that a state dict may hold."""
    base = torch.randn(6, 4)
    shared = torch.randn(5, 3)
    tensors = collections.OrderedDict(
        f64=torch.randn(2, 3, dtype=torch.float64),
        f32=base,
        f16=torch.randn(3, 2).half(),
        bf16=torch.randn(3, 2).bfloat16(),
        i64=torch.tensor([[0, -1, 2**40]]),
        i32=torch.tensor([1, -(2**31)], dtype=torch.int32),
        i16=torch.tensor([1, -(2**15)], dtype=torch.int16),
        i8=torch.tensor([1, -128], dtype=torch.int8),
        u8=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False, True]),
        scalar=torch.tensor(0.25),
        empty=torch.zeros(0, 3),
        rows=base[2:4],
        column=base[:, 1],
        transposed=base.t(),
        permuted=torch.arange(24, dtype=torch.float32).reshape(2, 3, 4).permute(2, 0, 1),
        steps=torch.arange(20, dtype=torch.float32)[3::4],
        parameter=torch.nn.Parameter(torch.randn(2, 2)),
    )
    tensors["encoder.embed_tokens.weight"] = shared
    tensors["decoder.embed_tokens.weight"] = shared
    # What Module.state_dict() leaves on its result.
    tensors._metadata = collections.OrderedDict({"": {"version": 1}, "encoder": {"version": 2, "nested": (1.5, None)}})
    return tensors


def describe(tensors):
    return {
        name: {"element": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape),
               "values": tensor.detach().double().reshape(-1).tolist()}
        for name, tensor in tensors.items()
    }


def main():
    tensors = state_dict()
    torch.save(tensors, here / "zip.bin")
    torch.save(tensors, here / "legacy.bin", _use_new_zipfile_serialization=False)
    torch.save(tensors, here / "protocol4.bin", pickle_protocol=4)
    for name in ["zip.bin", "legacy.bin", "protocol4.bin"]:
        again = torch.load(here / name, weights_only=False)  # weights_only knows no protocol 4
        assert all(torch.equal(again[key], tensors[key]) for key in tensors)

    plain = {name: torch.randn(8, 8) for name in ["a.weight", "b.weight", "c.weight"]}
    for folder, safe in [("sharded-safetensors", True), ("sharded-bin", False)]:
        (here / folder).mkdir(exist_ok=True)
        save_torch_state_dict(plain, here / folder, max_shard_size=600, safe_serialization=safe)

    # To be refused: compressed entries, something else than a dictionary, an entry that is no tensor, a program.
    with zipfile.ZipFile(here / "zip.bin") as source, zipfile.ZipFile(
        here / "compressed.bin", "w", zipfile.ZIP_DEFLATED
    ) as target:
        for info in source.infolist():
            target.writestr(info.filename, source.read(info))
    torch.save([torch.zeros(2)], here / "list.bin")
    torch.save({"model": {"a": torch.zeros(2)}}, here / "nested.bin")
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(torch.nn.ReLU()), buffer)
    (here / "script.bin").write_bytes(buffer.getvalue())

    expected = {"tensors": describe(tensors), "sharded": describe(plain)}
    (here / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


main()
