#!/usr/bin/env -S python3 -E
"""Teaches a Whisper decoder to write down fillers, repeats and cut-off words: the experiment of docs/experiments.md. What it
makes is not part of Aloud yet.

    scripts/train_verbatim.py speak KOKORO PEOPLE FOLDER          makes the speech: a quarter of an hour on two cores
    scripts/train_verbatim.py train MODEL FOLDER PEOPLE OUT.bin   hears it, and learns: as long again
    scripts/train_verbatim.py hear MODEL ADAPTER|- PEOPLE OUT     what the decoder alone writes, a line a clip

KOKORO is a folder with the voices (`kokoro.onnx`, `voices.npz`). PEOPLE is a manifest, a JSON object a line, with `wav` (from its
own folder, 16 kHz, mono), `text` (verbatim), `speaker`, `subset`, and for some `words` (a file of [from, to, speaker, word, mark]).
MODEL is a ggml file as published. FOLDER is for the sound, which stays out of the repository; what was said in it stands in
scripts/training/said/, a passage a line.

Everything of the model stays as it is but the decoder's matrices, to each of which a product of two narrow ones is added (LoRA, Hu
et al. 2021). Cross entropy on what is disfluent; elsewhere closeness to what the decoder wrote before (KL divergence), so that
it forgets nothing. The speakers in HELD_BACK are never learned from; they choose the step.
Needs numpy, torch, scipy, soundfile; `speak` needs kokoro-onnx, and the programs flite and espeak-ng.
"""
import glob
import hashlib
import json
import os
import random
import re
import struct
import subprocess
import sys
import time

import numpy as np

RATE = 16000
RANK = 8
FILLERS = {"um", "uh", "er", "erm", "ah", "hmm", "mm", "mhm", "uhm"}
# Meetings and people that choose, and are never learned from.
HELD_BACK = ("EN2001a", "EN2005a", "ES2003a", "mfa", "batchalign", "held_")
FILLER_PROMPT = "Um, uh, hmm, er, ah."
STEPS, BATCH, LEARNING_RATE, EVERY = 400, 12, 5e-4, 50
# How much each part of the loss weighs: what is disfluent, all that was said, closeness to the decoder as it was.
DISFLUENT, SAID, CLOSE = 1.0, 0.1, 1.0


# ---- What was said ----------------------------------------------------------------------------------------------------


def passages():
    """The texts, each with the name of its file."""
    for path in sorted(glob.glob("scripts/training/said/*.txt")):
        for line in open(path):
            if line.strip():
                yield os.path.basename(path)[:-4], line.strip()


def bare(word):
    return re.sub(r"[^a-z0-9'-]", "", word.lower())


def disfluent(words):
    """For each word whether it is a filler, cut off, or said again. Of what is said twice both are: the second is what the
    decoder leaves out, and the first is where it must not run on."""
    plain = [bare(word) for word in words]
    marks = [word in FILLERS or (word.endswith("-") and len(word) > 1) for word in plain]
    spoken = [i for i, mark in enumerate(marks) if not plain[i] in FILLERS]
    for length in (1, 2, 3):
        for at in range(len(spoken) - 2 * length + 1):
            first, second = spoken[at : at + length], spoken[at + length : at + 2 * length]
            if [plain[i] for i in first] == [plain[i] for i in second]:
                for i in second:
                    marks[i] = True
    return marks


# ---- Speech -----------------------------------------------------------------------------------------------------------


def read_wav(path):
    import soundfile

    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    sound = sound.mean(1)
    if rate != RATE:
        from scipy.signal import resample_poly

        divisor = np.gcd(rate, RATE)
        sound = resample_poly(sound, RATE // divisor, rate // divisor)
    return sound.astype("f4")


def without_edges(sound):
    """Without the silence at its ends."""
    loud = np.flatnonzero(np.abs(sound) > 0.02 * max(np.abs(sound).max(initial=0.0), 1e-4))
    return sound[max(0, loud[0] - 400) : loud[-1] + 400] if len(loud) else sound


class Voices:
    """Several engines, so that no engine's ways are learned."""

    def __init__(self, kokoro):
        from kokoro_onnx import Kokoro

        self.kokoro = Kokoro(f"{kokoro}/kokoro.onnx", f"{kokoro}/voices.npz")
        names = sorted(self.kokoro.get_voices())
        self.names = [name for name in names if name[:2] in ("af", "am", "bf", "bm")]

    def say(self, engine, text, rng):
        if engine == "kokoro":
            voice = rng.choice(self.names)
            sound, rate = self.kokoro.create(text, voice=voice, speed=rng.uniform(0.9, 1.25), lang="en-gb" if voice[0] == "b" else "en-us")
            from scipy.signal import resample_poly

            return voice, resample_poly(np.asarray(sound, "f8"), 2, 3).astype("f4")
        path = "/dev/shm/said.wav"
        if engine == "flite":
            voice = rng.choice(["kal16", "slt", "rms", "awb"])
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True)
        else:
            voice = rng.choice(["en-us", "en-gb", "en-gb-scotland"]) + rng.choice(["", "+f2", "+f3", "+m3", "+m5"])
            subprocess.run(["espeak-ng", "-v", voice, "-s", str(rng.randrange(140, 190)), "-w", path, text], check=True)
        return voice, read_wav(path)


def real_fillers(manifest):
    """Fillers of people, from clips with word times, where nobody else speaks."""
    cuts, folder = [], os.path.dirname(manifest)
    for clip in map(json.loads, open(manifest)):
        if not clip.get("words") or any(name in clip["wav"] for name in HELD_BACK):
            continue
        words = [word for word in json.load(open(os.path.join(folder, clip["words"]))) if not word[4]]
        sound = read_wav(os.path.join(folder, clip["wav"]))
        for start, end, speaker, word, _ in words:
            alone = all(other[1] <= start + 0.02 or other[0] >= end - 0.02 or other[2] == speaker for other in words)
            if bare(word) in FILLERS and alone and 0.12 < end - start < 1.2:
                cuts.append((bare(word), sound[int(start * RATE) : int(end * RATE)]))
    return cuts


def spoken_in_parts(voices, engine, text, cuts, rng):
    """The text, with fillers of people in place of its own."""
    parts, sound, said = re.split(r"(?<![\w-])((?:um|uh|er|hmm|ah|mm),?)(?![\w-])", text, flags=re.I), [], []
    for part in parts:
        filler = bare(part)
        if filler in FILLERS:
            kind, cut = rng.choice(cuts)
            sound += [np.zeros(rng.randrange(400, 4000), "f4"), cut * rng.uniform(0.5, 1.2) * 0.1 / max(np.abs(cut).std() * 1.5, 1e-3)]
            sound.append(np.zeros(rng.randrange(400, 5000), "f4"))
            said.append((kind.capitalize() if part[0].isupper() else kind) + ("," if part.endswith(",") else ""))
        elif part.strip(" ,"):
            # The same voice for every part.
            _, spoken = voices.say(engine, part.strip(" ,"), random.Random(text))
            sound.append(without_edges(spoken))
            said.append(part.strip())
        elif part.strip() and said:
            said[-1] += part.strip()
    return "parts", np.concatenate(sound), " ".join(said)


def speak(kokoro, people, folder):
    os.makedirs(folder, exist_ok=True)
    rng, voices, cuts = random.Random(0), Voices(kokoro), real_fillers(people)
    print(len(cuts), "fillers of people", flush=True)
    import soundfile

    texts, began, seconds = list(passages()), time.time(), 0.0
    rng.shuffle(texts)
    with open(f"{folder}/made.jsonl", "w") as out:
        for i, (name, text) in enumerate(texts):
            engine = "kokoro" if i % 4 == 0 else "flite" if i % 4 < 3 else "espeak"
            has_filler = any(bare(word) in FILLERS for word in text.split())
            if cuts and has_filler and rng.random() < 0.5:
                voice, sound, text = spoken_in_parts(voices, engine, text, cuts, rng)
            else:
                voice, sound = voices.say(engine, text, rng)
            if not RATE < len(sound) < 28 * RATE:
                continue
            soundfile.write(f"{folder}/{i}.wav", np.clip(sound * 0.7, -1, 1), RATE, subtype="PCM_16")
            out.write(json.dumps({"wav": f"{i}.wav", "text": text, "speaker": f"{engine} {voice}", "subset": name}) + "\n")
            out.flush()
            seconds += len(sound) / RATE
            if i % 50 == 49:
                print(f"{i + 1} of {len(texts)}: {seconds / 60:.1f} minutes of speech, {time.time() - began:.0f} s", flush=True)


def varied(sound, rng, noise):
    """As rooms, microphones and networks change it."""
    from scipy.signal import butter, sosfilt

    sound = sound * 10 ** (rng.uniform(-14, 3) / 20)
    chance = rng.random()
    if chance < 0.12:
        sound = sosfilt(butter(4, [300, 3400], "band", fs=RATE, output="sos"), sound).astype("f4")
    elif chance < 0.3:
        # A room: a tail of decaying noise.
        tail = noise.normal(size=int(RATE * rng.uniform(0.1, 0.35))) 
        tail = tail * np.exp(-np.arange(len(tail)) / (len(tail) / 6))
        tail[0] = 8.0
        sound = np.convolve(sound, tail / np.abs(tail).sum() * 3)[: len(sound)].astype("f4")
    if rng.random() < 0.4:
        hiss = noise.normal(size=len(sound))
        if rng.random() < 0.5:
            hiss = np.cumsum(hiss)
            hiss -= np.convolve(hiss, np.ones(400) / 400, "same")
        level = np.abs(sound).std() * 10 ** (-rng.uniform(8, 30) / 20)
        sound = sound + hiss / max(hiss.std(), 1e-6) * level
    before, after = rng.randrange(0, 8000), rng.randrange(0, 8000)
    return np.pad(sound, (before, after)).astype("f4")


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


def clips(manifest):
    for clip in map(json.loads, open(manifest)):
        yield {**clip, "wav": os.path.join(os.path.dirname(manifest), clip["wav"])}


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


def is_held_back(clip):
    return any(name in clip["wav"] or name in clip.get("speaker", "") for name in HELD_BACK)


def heard(model, sound, text, times, rng, noise):
    """What the encoder makes of a clip, as it is and varied, with the pieces of the text."""
    pieces, marks = model.marked_pieces(text)
    # Of a text without its signs only what is disfluent is learned: else the decoder would leave them out too.
    written = float(text[-1] in ".?!,")
    if not 0.4 * RATE < len(sound) < 29 * RATE or len(pieces) > 190:
        return
    for time_ in range(times):
        changed = varied(sound, rng, noise) if time_ or rng.random() < 0.5 else sound
        yield model.encode(changed).half(), pieces, marks, written


def score(model, held_back):
    """Disfluent words found and invented in what is held back, by counting."""
    found = invented = wanted = errors = words = 0
    written = model.write([source for source, _ in held_back], FILLER_PROMPT)
    for (_, said), text in zip(held_back, written):
        texts = said, text
        counts = []
        for said in texts:
            said = said.split()
            count = {}
            for word, mark in zip(said, disfluent(said)):
                if mark:
                    key = "filler" if bare(word) in FILLERS else bare(word)
                    count[key] = count.get(key, 0) + 1
            counts.append(count)
        right = sum(min(n, counts[1].get(key, 0)) for key, n in counts[0].items())
        found, wanted, invented = found + right, wanted + sum(counts[0].values()), invented + sum(counts[1].values()) - right
        plain = [[bare(w) for w in t.split() if bare(w) and bare(w) not in FILLERS] for t in texts]
        errors, words = errors + distance(*plain), words + len(plain[0])
    return 2 * found / max(1, found + wanted + invented), errors / max(1, words), (found, wanted, invented)


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def train(path, folder, people, out, seed=0):
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(2)
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    model = Whisper(path)
    learned, held_back, began = [], [], time.time()
    for manifest in people.split(","):
        for clip in clips(manifest):
            mixed = "overlaps" in clip.get("style", "")
            if not clip.get("text") or mixed and not clip.get("words"):
                continue
            parts = turns(clip) if mixed else [(read_wav(clip["wav"]), clip["text"])]
            for sound, text in parts:
                if is_held_back(clip):
                    held_back.append((model.encode(sound[: 29 * RATE]), text))
                elif clip.get("subset") not in ("synth", "nonnative_read", "longform_read"):
                    learned += heard(model, sound, text, 4, rng, noise)
    of_people = len(learned)
    for clip in clips(f"{folder}/made.jsonl"):
        learned += heard(model, read_wav(clip["wav"]), clip["text"], 2, rng, noise)
    print(f"{of_people} variants of people, {len(learned) - of_people} of made speech, {len(held_back)} held back; {time.time() - began:.0f} s", flush=True)
    parameters = []
    for name in adapted_names(model.sizes):
        outputs, inputs = model.weights[name + ".weight"].shape
        a = torch.randn(RANK, inputs) * inputs**-0.5
        model.adapter[name] = (a.requires_grad_(), torch.zeros(outputs, RANK).requires_grad_())
        parameters += model.adapter[name]
    print("before:", score(model, held_back), flush=True)
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, (step + 1) / 20) * (1 - 0.9 * step / STEPS))
    best = -1.0, 0
    sums = [0.0, 0.0, 0.0]
    terms = [line for name, line in passages() if "technical" in name]
    for step in range(STEPS):
        batch = [learned[rng.randrange(of_people)] if of_people and rng.random() < 0.3 else rng.choice(learned) for _ in range(BATCH)]
        leads = [model.lead(prompt_of(rng, terms)) for _ in batch]
        rows = [lead + pieces + [model.end] for lead, (_, pieces, *_) in zip(leads, batch)]
        length, positions = max(map(len, rows)) - 1, max(len(source) for source, *_ in batch)
        tokens, targets = torch.full((BATCH, length), model.end), torch.full((BATCH, length), model.end)
        weights, said, signed = torch.zeros(BATCH, length), torch.zeros(BATCH, length), torch.zeros(BATCH, 1)
        sources, seen = torch.zeros(BATCH, positions, model.sizes["width"]), torch.full((BATCH, 1, 1, positions), float("-inf"))
        for i, (row, lead, (source, pieces, marks, written)) in enumerate(zip(rows, leads, batch)):
            tokens[i, : len(row) - 1], targets[i, : len(row) - 1] = torch.tensor(row[:-1]), torch.tensor(row[1:])
            first = len(lead) - 1
            weights[i, first : first + len(marks)] = torch.tensor([float(mark) for mark in marks])
            said[i, first : first + len(pieces) + 1] = 1.0
            signed[i] = written
            sources[i, : len(source)], seen[i, :, :, : len(source)] = source.float(), 0.0
        places = said > 0
        now = model.decode(tokens, sources, seen, places)
        adapter, model.adapter = model.adapter, {}
        with torch.no_grad():
            before = model.decode(tokens, sources, seen, places)
        model.adapter = adapter
        cross = -now.gather(-1, targets[places][:, None])[:, 0]
        kl = (before.exp() * (before - now)).sum(-1)
        marked, written = weights[places], signed.expand_as(said)[places]
        parts = (cross * marked).sum() / marked.sum().clamp_min(1), (cross * written).mean(), (kl * (1 - marked)).sum() / (1 - marked).sum()
        loss = DISFLUENT * parts[0] + SAID * parts[1] + CLOSE * parts[2]
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        sums = [s + p.item() for s, p in zip(sums, parts)]
        if step % EVERY == EVERY - 1:
            f1, wer, counts = score(model, held_back)
            print(f"{step + 1}: disfluent {sums[0] / EVERY:.3f} said {sums[1] / EVERY:.3f} close {sums[2] / EVERY:.3f}; held back F1 {f1:.3f} WER {wer:.3f} {counts}, {time.time() - began:.0f} s", flush=True)
            sums = [0.0, 0.0, 0.0]
            if f1 - wer > best[0]:
                best = f1 - wer, step + 1
                write_adapter(model, model.adapter, out)
    print("chosen: step", best[1])


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
    commands = {"speak": (speak, 3), "train": (train, 4), "hear": (hear, 4)}
    command, count = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if command is None or len(sys.argv) < 2 + count:
        sys.exit(__doc__)
    command(*sys.argv[2 : 2 + count])
