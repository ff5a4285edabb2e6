"""Marian as transformers defines it, written for training on a CPU: one thread, bf16 products, nothing computed twice.

All weights lie in one flat float32 tensor, so that the optimiser, the average and the exchange of gradients between
processes are single calls. `to_hugging_face` gives them the names that transformers knows.
"""

import math

import torch
from torch.nn import functional

SMOOTHING = 0.1


def layout(config):
    """Name and shape of every weight: the embeddings first, then each layer's."""
    d, f = config["d_model"], config["encoder_ffn_dim"]
    shapes = {"shared": (config["vocab_size"], d)}
    for side, layers in (("encoder", config["encoder_layers"]), ("decoder", config["decoder_layers"])):
        for layer in range(layers):
            at = f"{side}.{layer}"
            shapes |= {f"{at}.self.qkv": (3 * d, d), f"{at}.self.out": (d, d)}
            shapes |= {f"{at}.self.qkv_bias": (3 * d,), f"{at}.self.out_bias": (d,)}
            norms = ["self_norm", "final_norm"]
            if side == "decoder":
                shapes |= {f"{at}.cross.q": (d, d), f"{at}.cross.kv": (2 * d, d), f"{at}.cross.out": (d, d)}
                shapes |= {f"{at}.cross.q_bias": (d,), f"{at}.cross.kv_bias": (2 * d,), f"{at}.cross.out_bias": (d,)}
                norms.append("cross_norm")
            shapes |= {f"{at}.fc1": (f, d), f"{at}.fc1_bias": (f,), f"{at}.fc2": (d, f), f"{at}.fc2_bias": (d,)}
            for norm in norms:
                shapes |= {f"{at}.{norm}": (d,), f"{at}.{norm}_bias": (d,)}
    return shapes


def pieces(flat, shapes):
    """The weights by name, as views of the flat tensor."""
    sizes = [math.prod(shape) for shape in shapes.values()]
    return {name: part.view(shape) for (name, shape), part in zip(shapes.items(), flat.split(sizes))}


def hugging_face_names(name):
    """Where transformers keeps what `name` holds: one name, or one for each equal part."""
    if name == "shared":
        return ["model.shared.weight"]
    side, layer, *rest = name.split(".")
    at = f"model.{side}.layers.{layer}."
    what, kind = (rest[-1].removesuffix("_bias"), "bias") if rest[-1].endswith("_bias") else (rest[-1], "weight")
    if len(rest) == 2:
        attention = {"self": "self_attn.", "cross": "encoder_attn."}[rest[0]]
        parts = {"qkv": "qkv", "kv": "kv", "q": "q"}.get(what)
        return [f"{at}{attention}{part}_proj.{kind}" for part in parts or ["out"]]
    norm = {"self_norm": "self_attn_layer_norm", "cross_norm": "encoder_attn_layer_norm",
            "final_norm": "final_layer_norm"}
    if what.endswith("norm"):
        return [f"{at}{norm[what]}.{kind}"]
    return [f"{at}{what}.{kind}"]


def from_hugging_face(tensors, config):
    """The flat tensor of a checkpoint's tensors."""
    parts = [torch.cat([tensors[n] for n in hugging_face_names(name)]).flatten() for name in layout(config)]
    return torch.cat(parts).float()


def to_hugging_face(flat, config):
    """The tensors that transformers saves, in float32."""
    tensors = {"final_logits_bias": torch.zeros(1, config["vocab_size"])}
    for name, value in pieces(flat, layout(config)).items():
        names = hugging_face_names(name)
        tensors |= {n: part.contiguous() for n, part in zip(names, value.chunk(len(names)))}
    return tensors


def positions(count, d):
    """Sinusoids, the sines in the first half and the cosines in the second."""
    angles = torch.arange(count)[:, None] / 10000 ** (2 * torch.arange(d // 2) / d)
    return torch.cat([angles.sin(), angles.cos()], 1)


class Dropout:
    """Masks are slices, at random places, of one pool: drawing them anew costs more than the products they go with."""

    def __init__(self, rate, generator, size=1 << 24):
        self.rate, self.generator = rate, generator
        if rate > 0:
            kept = torch.rand(size, generator=generator) >= rate
            self.pool = kept.to(torch.bfloat16) / (1 - rate)

    def __call__(self, x):
        if self.rate == 0:
            return x
        start = torch.randint(len(self.pool) - x.numel(), (1,), generator=self.generator).item()
        return x * self.pool[start:start + x.numel()].view(x.shape)


class SmoothedLoss(torch.autograd.Function):
    """Summed cross-entropy with label smoothing; its gradient is made with it, some rows at a time.

    `hidden` [n, d] in bf16, `embeddings` [pieces, d], `target` [n]; `classes`, sorted, are the pieces that take part.
    Scores stay small enough to do without the usual shift by their maximum, and what is the same for all classes or
    only one class is left out of the products: little but two passes over [n, classes] remains.
    """

    @staticmethod
    def forward(context, hidden, embeddings, target, classes, chunk=512):
        rest = 1 - SMOOTHING
        weights = embeddings[classes].bfloat16()
        mean = weights.float().mean(0)
        ones = torch.ones(len(classes), 16, dtype=torch.bfloat16)  # a product sums faster than sum does
        total = 0.0
        hidden_grad = torch.empty(hidden.shape)
        weights_grad = torch.zeros(weights.shape)
        for at in range(0, len(hidden), chunk):
            rows = hidden[at:at + chunk]
            wide = rows.float()
            own = embeddings[target[at:at + chunk]]
            odds = (rows @ weights.t()).exp_()
            scale = (odds @ ones)[:, :1].float()
            total += (scale[:, 0].log() - rest * (wide * own).sum(1) - SMOOTHING * (wide @ mean)).sum().item()
            hidden_grad[at:at + chunk] = (odds @ weights).float() / scale - rest * own - SMOOTHING * mean
            weights_grad += odds.t() @ (wide / scale).bfloat16()
        weights_grad -= hidden.float().sum(0) * (SMOOTHING / len(classes))
        embeddings_grad = torch.zeros_like(embeddings)
        embeddings_grad[classes] = weights_grad
        embeddings_grad.index_add_(0, target, hidden.float(), alpha=-rest)
        context.save_for_backward(hidden_grad, embeddings_grad)
        return hidden.new_tensor(total, dtype=torch.float32)

    @staticmethod
    def backward(context, slope):
        hidden_grad, embeddings_grad = context.saved_tensors
        return (hidden_grad * slope).bfloat16(), embeddings_grad.mul_(slope), None, None, None


class Marian:
    """The forward pass over batches of padded ids."""

    def __init__(self, config, dropout):
        self.config, self.dropout = config, dropout
        self.heads, self.d = config["encoder_attention_heads"], config["d_model"]
        self.positions = positions(config["max_position_embeddings"], self.d)

    def loss(self, embeddings, layers, source, target, links, classes):
        """Summed cross-entropy, summed negative log of the attention on the links, and the number of target tokens.

        `embeddings` and `layers` are the parts of the flat tensor, the latter in bf16; `source` [n, s] is padded with
        the pad id, `target` [n, t] and `links` [n, t] with -1; `classes`, sorted, are the pieces that the cross-entropy
        looks at.
        """
        start = self.config["decoder_start_token_id"]
        embeddings = embeddings.view(-1, self.d)
        shapes = {name: shape for name, shape in layout(self.config).items() if name != "shared"}
        self.weights = pieces(layers, shapes)
        hidden = source == self.config["pad_token_id"]
        mask = torch.zeros(hidden.shape, dtype=torch.bfloat16).masked_fill_(hidden, -1e4)[:, None, None, :]
        memory = self.embed(embeddings, source)
        for layer in range(self.config["encoder_layers"]):
            at = f"encoder.{layer}"
            memory = self.add(memory, self.self_attention(memory, mask, at), f"{at}.self_norm")
            memory = self.add(memory, self.feed_forward(memory, at), f"{at}.final_norm")
        previous = functional.pad(target[:, :-1], (1, 0), value=start).clamp(min=0)
        length = target.shape[1]
        causal = torch.full((length, length), -1e4, dtype=torch.bfloat16).triu_(1)
        state = self.embed(embeddings, previous)
        for layer in range(self.config["decoder_layers"]):
            at = f"decoder.{layer}"
            state = self.add(state, self.self_attention(state, causal, at), f"{at}.self_norm")
            found, attention = self.cross_attention(state, memory, mask, at)
            state = self.add(state, found, f"{at}.cross_norm")
            state = self.add(state, self.feed_forward(state, at), f"{at}.final_norm")
        real = target >= 0
        nll = SmoothedLoss.apply(state[real], embeddings, target[real], classes)
        return nll, -self.on_links(attention[:, 0], links), int(real.sum())

    def on_links(self, attention, links):
        """The summed log of what the head gives to the linked source tokens."""
        linked = links >= 0
        row, column = linked.nonzero(as_tuple=True)
        return attention[row, column, links[row, column]].float().clamp(min=1e-6).log().sum()

    def embed(self, embeddings, ids):
        x = functional.embedding(ids, embeddings) * math.sqrt(self.d) + self.positions[:ids.shape[1]]
        return self.dropout(x.bfloat16())

    def linear(self, x, name):
        return functional.linear(x, self.weights[name], self.weights[name + "_bias"])

    def add(self, x, y, norm):
        return functional.layer_norm(x + self.dropout(y), (self.d,), self.weights[norm], self.weights[norm + "_bias"])

    def feed_forward(self, x, at):
        return self.linear(functional.relu(self.linear(x, f"{at}.fc1")), f"{at}.fc2")

    def self_attention(self, x, mask, at):
        n, t, _ = x.shape
        q, k, v = self.linear(x, f"{at}.self.qkv").view(n, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        return self.linear(self.attend(q, k, v, mask)[0], f"{at}.self.out")

    def cross_attention(self, x, memory, mask, at):
        n, t, _ = x.shape
        q = self.linear(x, f"{at}.cross.q").view(n, t, self.heads, -1).transpose(1, 2)
        k, v = self.linear(memory, f"{at}.cross.kv").view(n, memory.shape[1], 2, self.heads, -1).permute(2, 0, 3, 1, 4)
        found, attention = self.attend(q, k, v, mask)
        return self.linear(found, f"{at}.cross.out"), attention

    def attend(self, q, k, v, mask):
        scores = (q * q.shape[-1] ** -0.5) @ k.transpose(2, 3) + mask
        attention = scores.softmax(-1)
        return (attention @ v).transpose(1, 2).reshape(q.shape[0], q.shape[2], -1), attention
