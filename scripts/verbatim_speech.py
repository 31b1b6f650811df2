#!/usr/bin/env -S python3 -E
"""Speech from which a decoder learns to write down fillers, repeats and cut-off words (scripts/train_verbatim.py).

    scripts/verbatim_speech.py people REPOSITORY FOLDER         telephone sentences of wuw-corpus-ii, with what was said in them
    scripts/verbatim_speech.py speak KOKORO FOLDER              made speech: a quarter of an hour on two cores
    scripts/verbatim_speech.py splice ALOUD PEOPLE FOLDER       fillers and repeats of people, set into their fluent sentences

REPOSITORY is a clone of wake-up-word/wuw-corpus-ii (CC BY-SA 4.0; the clips that were taken are named in
scripts/training/clips.tsv). KOKORO is a folder with the voices (`kokoro.onnx`, `voices.npz`). ALOUD is the program, whose times of words
say where to cut. PEOPLE is the manifest that `people` writes. FOLDER is for the sound, which stays out of the repository; what was said in
made speech stands in scripts/training/said/, a passage a line.

A manifest has a JSON object a line, with `wav` (from its own folder, 16 kHz, mono), `text` (verbatim), `speaker`, `subset`, `licence`, and
for some `words` (a file of [from, to, speaker, word, mark]).
Needs numpy, scipy, soundfile; `speak` needs kokoro-onnx, and the programs flite and espeak-ng.
"""
import glob
import json
import os
import random
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

RATE = 16000
FILLERS = {"um", "uh", "er", "erm", "ah", "hmm", "mm", "mhm", "uhm"}
# Meetings and people that choose, and are never learned from: these, and every fifth session of the telephone sentences.
HELD_BACK = ("EN2001a", "EN2005a", "ES2003a", "mfa", "batchalign", "held_")
# Words that are said again while the next one is looked for.
SMALL = set("the a an i to of and in it is was we that for on so but my with at this you they have are be i'm it's".split())


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
    """For each word whether it is a filler, cut off, or said again: the second time, which the decoder leaves out."""
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


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


# ---- People -----------------------------------------------------------------------------------------------------------


def people(repository, folder):
    """The sentences of the callers, and what each said, without the marks for breath and noise."""
    from scipy.signal import resample_poly
    import soundfile

    show = ["git", "-C", repository, "show"]
    entries = json.loads(subprocess.run([*show, "HEAD:data.json"], check=True, stdout=subprocess.PIPE).stdout)["entries"]
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/people.jsonl", "w") as out:
        for entry in entries:
            raw = entry["transcription"]
            # Before the sixth utterance callers say their name and single words; double brackets hold what nobody understood.
            if entry["utteranceNumber"] < "006" or "skip" in raw.lower() or re.search(r"\(\(\s*\)\)", raw):
                continue
            text = re.sub(r"\{[^}]*\}|\[+[^\]]*\]+|</?as>", " ", raw)
            text = " ".join(re.sub(r"[\^_%~*+{}\[\]\\()@]", "", text).split())
            found = subprocess.run([*show, f"HEAD:{entry['filePath']}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if len(re.findall(r"[A-Za-z']+", text)) < 4 or found.returncode or not 8000 < len(found.stdout) < 28 * 8000:
                continue
            name = entry["fileName"].removesuffix(".ulaw") + ".wav"
            sound = resample_poly(mu_law(found.stdout), RATE // 8000, 1)
            soundfile.write(f"{folder}/{name}", np.clip(sound, -1, 1), RATE, subtype="PCM_16")
            held = "held_" if int(entry["sessionNumber"]) % 5 == 0 else ""
            clip = {"wav": name, "text": as_whisper_writes(text), "speaker": f"{held}{entry['sessionNumber']}", "subset": "wuw", "style": "telephone"}
            clip |= {"licence": "CC BY-SA 4.0", "source": f"wuw-corpus-ii {entry['filePath']}", "gender": entry["gender"]}
            out.write(json.dumps(clip) + "\n")


def mu_law(data):
    """G.711: a sign, three bits of exponent, four of mantissa, all inverted."""
    code = ~np.frombuffer(data, np.uint8)
    size = (((code & 15).astype("i4") << 3) + 132 << ((code >> 4) & 7).astype("i4")) - 132
    return np.where(code & 128, -size, size).astype("f4") / 32768


def as_whisper_writes(text):
    """A text without signs, with a capital letter and a comma after each filler."""
    words = text.split()
    said = [word + "," if bare(word) in FILLERS and word[-1].isalpha() and word is not words[-1] else word for word in words]
    return " ".join([said[0][:1].upper() + said[0][1:], *said[1:]])


def clips(manifest):
    for clip in map(json.loads, open(manifest)):
        yield {**clip, "wav": os.path.join(os.path.dirname(manifest), clip["wav"])}


def is_held_back(clip):
    return any(name in clip["wav"] or name in clip.get("speaker", "") for name in HELD_BACK)


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


def speak(kokoro, folder):
    os.makedirs(folder, exist_ok=True)
    rng, voices = random.Random(0), Voices(kokoro)
    import soundfile

    texts, began, seconds = list(passages()), time.time(), 0.0
    rng.shuffle(texts)
    with open(f"{folder}/made.jsonl", "w") as out:
        for i, (name, text) in enumerate(texts):
            engine = "kokoro" if i % 4 == 0 else "flite" if i % 4 < 3 else "espeak"
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


# ---- What people do, set into what they say ---------------------------------------------------------------------------


def heard_words(aloud, clip):
    """What the program hears in a clip: word, start, end, confidence."""
    told = subprocess.run([aloud, "analyze", "--json", clip["wav"]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    words = json.loads(told)["transcript"]["words"] if told else []
    return clip, [(word["text"], word["start"], word["end"], word["confidence"]) for word in words]


def filler_cuts(clip, heard, sound):
    """Fillers that were heard where they were said."""
    said = [bare(word) for word in clip["text"].split()]
    fillers = [word for word in said if word in FILLERS]
    found = [word for word in heard if bare(word[0]) in FILLERS]
    if len(fillers) != len(found):
        return
    for kind, (_, start, end, confidence) in zip(fillers, found):
        cut = sound[max(0, int((start - 0.01) * RATE)) : int((end + 0.02) * RATE)]
        if 0.14 < end - start < 0.9 and confidence > 0.4 and np.abs(cut).max(initial=0) > 0.01:
            yield kind, cut, clip["speaker"], clip["gender"]


def stretched(sound, factor):
    """Longer, at the same pitch: pieces that overlap where they fit best."""
    size, hop = 480, 240
    if len(sound) < 2 * size:
        return sound
    window, out = np.hanning(size).astype("f4"), np.zeros(int(len(sound) * factor) + size, "f4")
    weight, last = np.full_like(out, 1e-6), None
    for at in range(0, len(out) - size, hop):
        start = int(at / factor)
        if start + size > len(sound):
            break
        near = range(max(0, start - 120), min(len(sound) - size, start + 120), 6)
        if last is not None and len(last) >= hop and len(near):
            start = max(near, key=lambda place: float(np.dot(sound[place : place + hop], last[:hop])))
        out[at : at + size] += sound[start : start + size] * window
        weight[at : at + size] += window
        last = sound[start + hop : start + hop + size]
    return (out / np.maximum(weight, 0.05))[: int(len(sound) * factor)]


def faded(sound, length=80):
    sound, length = sound.copy(), min(length, len(sound) // 2)
    if length:
        sound[:length] *= np.linspace(0, 1, length)
        sound[-length:] *= np.linspace(1, 0, length)
    return sound


def inside(word):
    """As a word is written where no sentence begins."""
    return word.lower() if bare(word) in SMALL and bare(word)[0:2] not in ("i", "i'") else word


def disturbed(sound, words, clip, cuts, rng, noise):
    """A fluent sentence with one to three hesitations: fillers, words said twice, words broken off, words drawn out."""
    level = np.sqrt(np.convolve(sound**2, np.ones(800) / 800, "same") + 1e-12)
    quiet, loud = max(1e-5, np.percentile(level, 3)), np.percentile(level, 80)
    pause = lambda most, least=0.0: noise.normal(size=int(rng.uniform(least, most) * RATE)).astype("f4") * quiet
    places = rng.sample(range(1, len(words) - 1), min(rng.choice([1, 1, 2, 2, 3]), len(words) - 2))
    parts, text, done, index = [], [], 0, 0
    while index < len(words):
        word, start, end = words[index][0], int(words[index][1] * RATE), int(words[index][2] * RATE)
        chance, last = rng.random(), index
        if index not in places or end - start < RATE // 20:
            text.append(word)
        elif chance < 0.38:
            alike = [cut for cut in cuts if cut[2] == clip["speaker"]] or [cut for cut in cuts if cut[3] == clip["gender"]]
            kind, cut, *_ = rng.choice(alike if alike and rng.random() < 0.7 else cuts)
            cut = cut * (loud * rng.uniform(0.6, 1.1) / max(float(np.sqrt((cut**2).mean())), 1e-4))
            if rng.random() < 0.35:
                cut = stretched(cut, rng.uniform(1.1, 1.8))
            parts += [sound[done:start], pause(0.3), faded(cut), pause(0.35)]
            done = start
            begins = text[-1][-1] in ".?!"
            if text[-1][-1].isalnum() and rng.random() < 0.6:
                text[-1] += ","
            text += [(kind.capitalize() if begins else kind) + ",", inside(word) if begins else word]
        elif chance < 0.78 and (chance > 0.72 or bare(word) in SMALL or rng.random() < 0.25):
            last = index + 1 if chance > 0.72 and index + 2 < len(words) else index
            once = [words[at][0] for at in range(index, last + 1)]
            end = int(words[last][2] * RATE)
            cut = sound[start:end]
            if rng.random() < 0.4:
                cut = stretched(cut, rng.uniform(1.0, 1.5))
            parts += [sound[done:start], faded(cut * rng.uniform(0.7, 1.1), 40), pause(0.25)]
            done = start
            stem = once[-1].rstrip(".,?!")
            text += [*once[:-1], stem + ("," if stem != once[-1] or rng.random() < 0.6 else ""), inside(once[0]), *once[1:]]
        elif chance < 0.88 and len(bare(word)) >= 4:
            parts += [sound[done:start], faded(sound[start : start + int((end - start) * rng.uniform(0.35, 0.6))], 60), pause(0.25, 0.02)]
            done = start
            text += [word[: round(len(bare(word)) * 0.45)] + "-", inside(word)]
        else:
            parts += [sound[done:start], stretched(sound[start:end], rng.uniform(1.3, 2.2))]
            done = end
            text.append(word)
        index = last + 1
    return np.concatenate([*parts, sound[done:]]).astype("f4"), " ".join(text)


def splice(aloud, manifest, folder, seed=3):
    import soundfile

    rng, noise, began = random.Random(seed), np.random.default_rng(seed), time.time()
    learned = [clip for clip in clips(manifest) if not is_held_back(clip) and 5 <= len(clip["text"].split())]
    hesitant = [clip for clip in learned if any(bare(word) in FILLERS for word in clip["text"].split())]
    fluent = [clip for clip in learned if not any(disfluent(clip["text"].split()))]
    fluent = rng.sample(fluent, min(620, len(fluent)))
    with ThreadPoolExecutor(2) as pool:
        heard = list(pool.map(lambda clip: heard_words(aloud, clip), hesitant + fluent))
    cuts = [cut for clip, words in heard[: len(hesitant)] for cut in filler_cuts(clip, words, read_wav(clip["wav"]))]
    os.makedirs(folder, exist_ok=True)
    made = 0
    with open(f"{folder}/spliced.jsonl", "w") as out:
        for clip, words in heard[len(hesitant) :]:
            said = [bare(word) for word in clip["text"].split()]
            if len(words) < 4 or distance(said, [bare(word) for word, *_ in words]) > 0.15 * len(said):
                continue
            for _ in range(3):
                sound, text = disturbed(read_wav(clip["wav"]), words, clip, cuts, rng, noise)
                soundfile.write(f"{folder}/spliced-{made}.wav", np.clip(sound, -1, 1), RATE, subtype="PCM_16")
                out.write(json.dumps({"wav": f"spliced-{made}.wav", "text": text, "speaker": clip["speaker"], "subset": "spliced"}) + "\n")
                made += 1
    print(f"{len(cuts)} fillers of people; {made} sentences; {time.time() - began:.0f} s")


if __name__ == "__main__":
    commands = {"people": (people, 2), "speak": (speak, 2), "splice": (splice, 3)}
    command, count = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if command is None or len(sys.argv) != 2 + count:
        sys.exit(__doc__)
    command(*sys.argv[2:])
