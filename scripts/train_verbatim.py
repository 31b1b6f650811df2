#!/usr/bin/env -S python3 -E
"""Teaches a Whisper decoder to write down fillers, repeats and cut-off words, and makes assets/verbatim/.

    scripts/train_verbatim.py train MODEL FOLDER PEOPLE OUT.bin [SEED]   on two cores nine minutes for tiny.en
    scripts/train_verbatim.py mean MODEL SHARE OUT.bin IN.bin…    of several runs, weakened to a share of what they learned
    scripts/train_verbatim.py hear MODEL ADAPTER|- PEOPLE OUT     what the decoder alone writes, a line a clip

MODEL is a ggml file as published. FOLDER holds `made.jsonl` and `spliced.jsonl` of scripts/verbatim_speech.py, PEOPLE is its `people.jsonl`,
and other manifests like it after commas.

Everything of the model stays as it is but the decoder's matrices, to each of which a product of two narrow ones is added (LoRA, Hu
et al. 2021). Cross entropy on what is disfluent and on the way out of it; elsewhere closeness to what the decoder wrote before (KL
divergence), so that it forgets nothing. What is written is the mean over the last steps. The speakers that are held back are never learned
from; they choose the step. Needs numpy, torch, scipy, soundfile.
"""
import hashlib
import json
import os
import random
import re
import struct
import sys
import time

import numpy as np

from verbatim_speech import FILLERS, RATE, bare, clips, disfluent, distance, is_held_back, passages, read_wav, varied

# Of the narrow matrices, by the width of the model: an adapter has at most a megabyte.
RANKS = {384: 8, 512: 7}
# How many of the variants of a clip are learned from: the encoder of base takes five times as long.
VARIANTS = {384: 1.0, 512: 0.6}
FILLER_PROMPT = "Um, uh, hmm, er, ah."
STEPS, STOP, BATCH, LEARNING_RATE, EVERY = 240, 160, 12, 5e-4, 40
# How much of the mean is kept at each step.
KEPT = 0.975
# How much each part of the loss weighs: what is disfluent, all that was said, closeness to the decoder as it was.
DISFLUENT, SAID, CLOSE = 1.0, 0.05, 1.5
# What a batch is made of: people's fluent sentences with hesitations set in, people who hesitate and who do not, made speech of the best
# engine and of the others.
SHARES = {"spliced": 0.35, "hesitant": 0.2, "fluent": 0.2, "kokoro": 0.2, "robots": 0.05}
# Read by people, and kept for measuring.
NEVER_LEARNED = ("synth", "nonnative_read", "longform_read", "clean", "libri")


# ---- The model --------------------------------------------------------------------------------------------------------


def read_ggml(path):
    """Sizes, mel filters, token texts and tensors of a ggml file."""
    data = open(path, "rb").read()
    at = 4

    def ints(count):
        nonlocal at
        at += 4 * count
        return struct.unpack_from(f"<{count}i", data, at - 4 * count)

    assert data[:4] == b"lmgg"
    names = "vocabulary audio_positions width heads layers text_positions text_width text_heads text_layers mels kind".split()
    sizes = dict(zip(names, ints(11)))
    rows, columns = ints(2)
    filters = np.frombuffer(data, "<f4", rows * columns, at).reshape(rows, columns)
    at += filters.nbytes
    tokens = []
    for _ in range(ints(1)[0]):
        length = ints(1)[0]
        tokens.append(data[at : at + length])
        at += length
    tensors = {}
    while at < len(data):
        rank, length, kind = ints(3)
        shape = ints(rank)[::-1]
        name = data[at : at + length].decode()
        at += length
        count = int(np.prod(shape))
        tensors[name] = np.frombuffer(data, "<f2" if kind == 1 else "<f4", count, at).astype("f4").reshape(shape)
        at += count * (2 if kind == 1 else 4)
    return sizes, filters, tokens, tensors


class Whisper:
    """What is needed of Whisper, with its weights as they are."""

    def __init__(self, path):
        import torch

        self.torch = torch
        self.sizes, filters, self.tokens, tensors = read_ggml(path)
        self.filters = torch.from_numpy(filters.copy())
        self.weights = {name: torch.from_numpy(tensor) for name, tensor in tensors.items()}
        self.rank_of = {text: i for i, text in enumerate(self.tokens)}
        self.end = 50256 if self.sizes["vocabulary"] == 51864 else 50257
        self.multilingual = self.end == 50257
        # The tokens of 99 languages lie between, in models for English only too.
        self.start = self.end + 1
        self.transcribe, self.previous, self.without_times = self.start + 101, self.start + 103, self.start + 105
        self.adapter = {}

    def linear(self, x, name, bias=True):
        F = self.torch.nn.functional
        y = F.linear(x, self.weights[name + ".weight"], self.weights.get(name + ".bias") if bias else None)
        if name in self.adapter:
            a, b = self.adapter[name]
            y = y + F.linear(F.linear(x, a), b)
        return y

    def norm(self, x, name):
        return self.torch.nn.functional.layer_norm(x, x.shape[-1:], self.weights[name + ".weight"], self.weights[name + ".bias"])

    def attention(self, x, source, name, heads, mask=None):
        torch = self.torch
        split = lambda t: t.reshape(*t.shape[:2], heads, -1).transpose(1, 2)
        q, k, v = (split(self.linear(s, f"{name}.{part}")) for s, part in ((x, "query"), (source, "key"), (source, "value")))
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.linear(y.transpose(1, 2).reshape(*x.shape), f"{name}.out")

    def block(self, x, name, heads, source=None, mask=None, source_mask=None):
        h = self.norm(x, f"{name}.attn_ln")
        x = x + self.attention(h, h, f"{name}.attn", heads, mask)
        if source is not None:
            x = x + self.attention(self.norm(x, f"{name}.cross_attn_ln"), source, f"{name}.cross_attn", heads, source_mask)
        h = self.torch.nn.functional.gelu(self.linear(self.norm(x, f"{name}.mlp_ln"), f"{name}.mlp.0"))
        return x + self.linear(h, f"{name}.mlp.2")

    def encode(self, sound, padding=256):
        """As the program does it: no more positions than the sound needs, and a few."""
        torch, F = self.torch, self.torch.nn.functional
        positions = int(np.ceil(len(sound) / RATE * 50)) + padding
        positions = min(-(-positions // 64) * 64, 1500)
        sound = F.pad(torch.from_numpy(sound), (0, 30 * RATE))
        spectrum = torch.stft(sound, 400, 160, window=torch.hann_window(400), return_complex=True)[:, :-1].abs() ** 2
        mel = (self.filters @ spectrum).clamp_min(1e-10).log10()
        mel = (mel.clamp_min(mel.max() - 8) + 4) / 4
        with torch.no_grad():
            w = self.weights
            x = F.gelu(F.conv1d(mel[None, :, : 2 * positions], w["encoder.conv1.weight"], w["encoder.conv1.bias"].flatten(), padding=1))
            x = F.gelu(F.conv1d(x, w["encoder.conv2.weight"], w["encoder.conv2.bias"].flatten(), stride=2, padding=1))
            x = x.transpose(1, 2) + w["encoder.positional_embedding"][:positions]
            for i in range(self.sizes["layers"]):
                x = self.block(x, f"encoder.blocks.{i}", self.sizes["heads"])
            return self.norm(x, "encoder.ln_post")[0]

    def decode(self, tokens, source, source_mask, places):
        """The logarithms of how likely each token follows, at those places only."""
        torch, w = self.torch, self.weights
        length = tokens.shape[1]
        x = w["decoder.token_embedding.weight"][tokens] + w["decoder.positional_embedding"][:length]
        mask = torch.full((length, length), float("-inf")).triu(1)
        for i in range(self.sizes["text_layers"]):
            x = self.block(x, f"decoder.blocks.{i}", self.sizes["text_heads"], source, mask, source_mask)
        return (self.norm(x[places], "decoder.ln") @ w["decoder.token_embedding.weight"][: self.end + 1].T).log_softmax(-1)

    def lead(self, prompt):
        start = [self.start] + ([self.start + 1, self.transcribe] if self.multilingual else []) + [self.without_times]
        return ([self.previous, *self.pieces(" " + prompt)] if prompt else []) + start

    def pieces(self, text):
        """Byte pair encoding: of two neighbours those are joined first that make the token of the lowest number."""
        out = []
        for word in re.findall(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+", text):
            parts = [bytes([b]) for b in word.encode()]
            while len(parts) > 1:
                ranks = [self.rank_of.get(a + b, 1 << 30) for a, b in zip(parts, parts[1:])]
                best = min(range(len(ranks)), key=ranks.__getitem__)
                if ranks[best] == 1 << 30:
                    break
                parts[best : best + 2] = [parts[best] + parts[best + 1]]
            out += [self.rank_of[part] for part in parts]
        return out

    def marked_pieces(self, text):
        """The pieces of a text, and whether each belongs to what is disfluent."""
        words = text.split()
        pieces, marks = [], []
        for word, mark in zip(words, disfluent(words)):
            new = self.pieces(" " + word)
            pieces, marks = pieces + new, marks + [mark] * len(new)
        return pieces, marks

    def write(self, sources, prompt, most=160):
        """What the decoder writes by itself for each of several sounds, always the likeliest. Keys and values are kept."""
        torch, F, w = self.torch, self.torch.nn.functional, self.weights
        heads = self.sizes["text_heads"]
        split = lambda t: t.reshape(*t.shape[:2], heads, -1).transpose(1, 2)
        said, running = [[] for _ in sources], list(range(len(sources)))
        with torch.no_grad():
            lengths = torch.tensor([len(source) for source in sources])
            padded = torch.nn.utils.rnn.pad_sequence([source.float() for source in sources], batch_first=True)
            unheard = torch.arange(padded.shape[1])[None, None, None, :] >= lengths[:, None, None, None]
            mask_source = torch.zeros(unheard.shape).masked_fill(unheard, float("-inf"))
            names = [f"decoder.blocks.{i}" for i in range(self.sizes["text_layers"])]
            heard = [[split(self.linear(padded, f"{name}.cross_attn.{part}")) for part in ("key", "value")] for name in names]
            kept = [[torch.zeros(len(sources), heads, 0, padded.shape[2] // heads)] * 2 for _ in names]
            fed = torch.tensor([self.lead(prompt)] * len(sources))
            while running and max(map(len, said)) < most:
                past, length = kept[0][0].shape[2], fed.shape[1]
                x = w["decoder.token_embedding.weight"][fed] + w["decoder.positional_embedding"][past : past + length]
                mask = torch.full((length, past + length), float("-inf")).triu(past + 1)
                for i, name in enumerate(names):
                    h = self.norm(x, f"{name}.attn_ln")
                    q, k, v = (split(self.linear(h, f"{name}.attn.{part}")) for part in ("query", "key", "value"))
                    kept[i] = [torch.cat([old, new], 2) for old, new in zip(kept[i], (k, v))]
                    y = F.scaled_dot_product_attention(q, *kept[i], attn_mask=mask)
                    x = x + self.linear(y.transpose(1, 2).reshape(x.shape), f"{name}.attn.out")
                    q = split(self.linear(self.norm(x, f"{name}.cross_attn_ln"), f"{name}.cross_attn.query"))
                    y = F.scaled_dot_product_attention(q, *heard[i], attn_mask=mask_source)
                    x = x + self.linear(y.transpose(1, 2).reshape(x.shape), f"{name}.cross_attn.out")
                    h = F.gelu(self.linear(self.norm(x, f"{name}.mlp_ln"), f"{name}.mlp.0"))
                    x = x + self.linear(h, f"{name}.mlp.2")
                scores = (self.norm(x[:, -1], "decoder.ln") @ w["decoder.token_embedding.weight"].T)[:, : self.end + 1]
                fed = scores.argmax(-1, keepdim=True)
                running = [i for i in running if int(fed[i]) != self.end]
                for i in running:
                    said[i].append(int(fed[i]))
        return [b"".join(self.tokens[token] for token in text).decode("utf-8", "replace").strip() for text in said]


def adapted_names(sizes):
    for i in range(sizes["text_layers"]):
        for part in ("attn.query", "attn.key", "attn.value", "attn.out", "cross_attn.query", "cross_attn.out", "mlp.0", "mlp.2"):
            yield f"decoder.blocks.{i}.{part}"


# ---- Training ---------------------------------------------------------------------------------------------------------


def turns(clip):
    """Of a clip in which several people talk, the stretches in which one does: sound and text."""
    words = json.load(open(os.path.join(os.path.dirname(clip["wav"]), os.path.basename(clip["words"]))))
    sound, turn = read_wav(clip["wav"]), []
    spoken = [word for word in words if not word[4]]

    def whole():
        start, end = max(0.0, turn[0][0] - 0.15), turn[-1][1] + 0.15
        alone = all(other[1] <= start or other[0] >= end or other[2] == turn[0][2] for other in spoken)
        if alone and sum(not word[4] for word in turn) >= 3:
            text = "".join(word[3] if word[4] else " " + word[3] for word in turn).strip()
            yield sound[int(start * RATE) : int(end * RATE)], text

    for word in sorted(words, key=lambda word: (word[0], word[4])):
        if turn and (word[2] != turn[-1][2] or word[0] - turn[-1][1] > 0.8 or word[1] - turn[0][0] > 14):
            yield from whole()
            turn = []
        if turn or not word[4]:
            turn.append(word)
    if turn:
        yield from whole()


def heard(model, sound, text, times, rng, noise):
    """What the encoder makes of a clip, as it is and varied, with the pieces of the text, and which of them are disfluent."""
    pieces, marks = model.marked_pieces(text)
    # What follows a filler or a repeat is learned with it: else the decoder goes round in it.
    marks = [mark or at > 0 and marks[at - 1] for at, mark in enumerate(marks)]
    # Of a text without its signs only what is disfluent is learned: else the decoder would leave them out too.
    written = float(text[-1] in ".?!,")
    if not 0.4 * RATE < len(sound) < 29 * RATE or len(pieces) > 190:
        return
    for time_ in range(times):
        if rng.random() > VARIANTS[model.sizes["width"]]:
            continue
        changed = varied(sound, rng, noise) if time_ or rng.random() < 0.5 else sound
        yield model.encode(changed).half(), pieces, marks, written


def lessons(model, folder, people, rng, noise):
    """What is learned from, by kind, and what is held back: encoded sound, and what was said."""
    learned, held_back = {kind: [] for kind in SHARES}, []
    for manifest in people.split(","):
        for clip in clips(manifest):
            mixed = "overlaps" in clip.get("style", "")
            if not clip.get("text") or mixed and not clip.get("words") or clip.get("subset") in NEVER_LEARNED:
                continue
            for sound, text in turns(clip) if mixed else [(read_wav(clip["wav"]), clip["text"])]:
                hesitant = any(disfluent(text.split()))
                if is_held_back(clip):
                    if hesitant or clip["subset"] != "wuw":
                        held_back.append((model.encode(sound[: 29 * RATE]).half(), text))
                elif hesitant or rng.random() < 0.7:
                    learned["hesitant" if hesitant else "fluent"] += heard(model, sound, text, 4 if hesitant else 1, rng, noise)
    for clip in clips(f"{folder}/spliced.jsonl"):
        learned["spliced"] += heard(model, read_wav(clip["wav"]), clip["text"], 1, rng, noise)
    for clip in clips(f"{folder}/made.jsonl"):
        kind = "kokoro" if clip["speaker"].startswith("kokoro") else "robots"
        learned[kind] += heard(model, read_wav(clip["wav"]), clip["text"], 3 if kind == "kokoro" else 1, rng, noise)
    return learned, held_back


def without_loops(text):
    """Up to where a phrase comes for the third time running, or a word for the sixth: the program ends a text there."""
    words = text.split()
    plain = [bare(word) for word in words]
    for at in range(len(words) + 1):
        for length in range(1, 7):
            times = 3 if length > 1 else 6
            tail = plain[max(0, at - times * length) : at]
            if len(tail) == times * length and tail[:length] * times == tail:
                return words[: at - 2 * length]
    return words


def hesitations(words):
    """How many fillers, and how many words or phrases that are said again."""
    plain = [(bare(word), mark) for word, mark in zip(words, disfluent(words))]
    others = [(word, mark and not word.endswith("-")) for word, mark in plain if word not in FILLERS]
    begun = sum(mark and not before for (_, mark), (_, before) in zip(others, [("", False), *others]))
    return np.array([sum(word in FILLERS for word, _ in plain), begun])


def score(model, held_back):
    """F1 of fillers and of repeats, by counting in each clip, and the word error rate without fillers."""
    hit, said, heard, errors, words = 0, 0, 0, 0, 0
    texts = [text for _, text in held_back]
    written = []
    for at in range(0, len(held_back), 20):
        written += model.write([source.float() for source, _ in held_back[at : at + 20]], FILLER_PROMPT)
    for text, found in zip(texts, written):
        pair = text.split(), without_loops(found)
        counts = [hesitations(one) for one in pair]
        hit, said, heard = hit + np.minimum(*counts), said + counts[0], heard + counts[1]
        plain = [[bare(word) for word in one if bare(word) and bare(word) not in FILLERS] for one in pair]
        errors, words = errors + distance(*plain), words + len(plain[0])
    return 2 * hit / np.maximum(1, said + heard), errors / max(1, words)


def train(path, folder, people, out, seed="0"):
    import torch

    seed = int(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(2)
    rng, noise, began = random.Random(seed), np.random.default_rng(seed), time.time()
    model = Whisper(path)
    learned, held_back = lessons(model, folder, people, rng, noise)
    print({kind: len(some) for kind, some in learned.items()}, len(held_back), f"held back; {time.time() - began:.0f} s", flush=True)
    parameters, rank = [], RANKS[model.sizes["width"]]
    for name in adapted_names(model.sizes):
        outputs, inputs = model.weights[name + ".weight"].shape
        a = torch.randn(rank, inputs) * inputs**-0.5
        model.adapter[name] = (a.requires_grad_(), torch.zeros(outputs, rank).requires_grad_())
        parameters += model.adapter[name]
    print("before:", *score(model, held_back), flush=True)
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, (step + 1) / 20) * (1 - 0.9 * step / STEPS))
    terms = [line for name, line in passages() if "technical" in name]
    mean, best = None, (-1.0, 0)
    for step in range(STOP):
        kinds = rng.choices(list(SHARES), list(SHARES.values()), k=BATCH)
        loss = batch_loss(model, [rng.choice(learned[kind]) for kind in kinds], rng, terms)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        if step == 20:
            mean = [parameter.detach().clone() for parameter in parameters]
        elif step > 20:
            for kept, parameter in zip(mean, parameters):
                kept.mul_(KEPT).add_(parameter.detach(), alpha=1 - KEPT)
        if step % EVERY == EVERY - 1:
            now = [parameter.detach().clone() for parameter in parameters]
            with torch.no_grad():
                for parameter, kept in zip(parameters, mean):
                    parameter.copy_(kept)
                (fillers, repeats), errors = score(model, held_back)
                print(f"{step + 1}: fillers {fillers:.3f}, repeats {repeats:.3f}, WER {errors:.3f}, {time.time() - began:.0f} s", flush=True)
                if fillers + repeats - 2 * errors > best[0]:
                    best = fillers + repeats - 2 * errors, step + 1
                    write_adapter(model, model.adapter, out)
                for parameter, kept in zip(parameters, now):
                    parameter.copy_(kept)
    print("chosen: step", best[1])


def batch_loss(model, batch, rng, terms):
    import torch

    leads = [model.lead(prompt_of(rng, terms)) for _ in batch]
    rows = [lead + pieces + [model.end] for lead, (_, pieces, *_) in zip(leads, batch)]
    shape = len(batch), max(map(len, rows)) - 1
    positions = max(len(source) for source, *_ in batch)
    tokens, targets = torch.full(shape, model.end), torch.full(shape, model.end)
    weights, said, signed = torch.zeros(shape), torch.zeros(shape), torch.zeros(len(batch), 1)
    sources = torch.zeros(len(batch), positions, model.sizes["width"])
    unheard = torch.full((len(batch), 1, 1, positions), float("-inf"))
    for i, (row, lead, (source, pieces, marks, written)) in enumerate(zip(rows, leads, batch)):
        tokens[i, : len(row) - 1], targets[i, : len(row) - 1] = torch.tensor(row[:-1]), torch.tensor(row[1:])
        first = len(lead) - 1
        weights[i, first : first + len(marks)] = torch.tensor([float(mark) for mark in marks])
        said[i, first : first + len(pieces) + 1] = 1.0
        signed[i] = written
        sources[i, : len(source)], unheard[i, :, :, : len(source)] = source.float(), 0.0
    places = said > 0
    now = model.decode(tokens, sources, unheard, places)
    adapter, model.adapter = model.adapter, {}
    with torch.no_grad():
        before = model.decode(tokens, sources, unheard, places)
    model.adapter = adapter
    cross = -now.gather(-1, targets[places][:, None])[:, 0]
    kl = (before.exp() * (before - now)).sum(-1)
    marked, written = weights[places], signed.expand_as(said)[places]
    of_marked = (cross * marked).sum() / marked.sum().clamp_min(1)
    return DISFLUENT * of_marked + SAID * (cross * written).mean() + CLOSE * (kl * (1 - marked)).sum() / (1 - marked).sum()


def prompt_of(rng, terms):
    """What the program gives the decoder to read before it writes: mostly the fillers, with the glossary or without."""
    chance = rng.random()
    if chance < 0.2:
        return ""
    if chance < 0.6:
        return FILLER_PROMPT
    words = [re.sub(r"\W+$", "", word) for line in rng.sample(terms, 6) for word in line.split() if re.match(r"[A-Z][A-Za-z]*[A-Z]|[A-Z][a-z]{4,}", word)]
    return FILLER_PROMPT + " Glossary: " + ", ".join(words[:24]) + "."


def write_adapter(model, adapter, path):
    """The SHA-256 of the matrices as the model has them, and their number; for each the length of its name, the name, rank, inputs and
    outputs, then both narrow matrices in half precision, row by row."""
    weights = (model.weights[name + ".weight"].numpy().astype("<f2").tobytes() for name in adapter)
    out = [hashlib.sha256(b"".join(weights)).digest(), struct.pack("<I", len(adapter))]
    for name, (a, b) in adapter.items():
        full = (name + ".weight").encode()
        out += [struct.pack("<I", len(full)), full, struct.pack("<III", a.shape[0], a.shape[1], b.shape[0])]
        out += [part.detach().numpy().astype("<f2").tobytes() for part in (a, b)]
    open(path, "wb").write(b"".join(out))


def read_adapter(path):
    import torch

    data, at, adapter = open(path, "rb").read(), 36, {}
    for _ in range(struct.unpack_from("<I", data, 32)[0]):
        (length,) = struct.unpack_from("<I", data, at)
        name = data[at + 4 : at + 4 + length].decode().removesuffix(".weight")
        at += 4 + length
        rank, inputs, outputs = struct.unpack_from("<III", data, at)
        at += 12
        pair = []
        for rows, columns in ((rank, inputs), (outputs, rank)):
            pair.append(torch.from_numpy(np.frombuffer(data, "<f2", rows * columns, at).astype("f4").reshape(rows, columns)))
            at += rows * columns * 2
        adapter[name] = tuple(pair)
    return adapter


def mean(path, share, out, *runs):
    """The mean of what several runs add to each matrix, times a share: it keeps more of the decoder as it was, and no run's accidents."""
    import torch

    model, adapters, mixed = Whisper(path), [read_adapter(run) for run in runs], {}
    for name, (a, _) in adapters[0].items():
        added = sum(adapter[name][1] @ adapter[name][0] for adapter in adapters) / len(adapters) * float(share)
        left, sizes, right = torch.linalg.svd(added, full_matrices=False)
        roots = sizes[: len(a)].sqrt()
        mixed[name] = (roots[:, None] * right[: len(a)]).contiguous(), (left[:, : len(a)] * roots).contiguous()
    write_adapter(model, mixed, out)


def hear(path, adapter, people, out):
    model = Whisper(path)
    if adapter != "-":
        model.adapter = read_adapter(adapter)
    with open(out, "w") as lines:
        for clip in clips(people):
            sound = read_wav(clip["wav"])
            texts = model.write([model.encode(sound[first : first + 28 * RATE]) for first in range(0, len(sound), 28 * RATE)], FILLER_PROMPT)
            lines.write(json.dumps({"wav": os.path.basename(clip["wav"]), "text": " ".join(texts)}) + "\n")


if __name__ == "__main__":
    commands = {"train": (train, 4), "mean": (mean, 4), "hear": (hear, 4)}
    command, count = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if command is None or len(sys.argv) < 2 + count:
        sys.exit(__doc__)
    command(*sys.argv[2:])
