"""Speech over music and noise, mixed anew from the corpus: 24 mixes of each half, whose voices and music are of that
half.

Each is 30 s: utterances with pauses of 1 to 4 s between them, over a bed at one of four levels below the voice. What
is active in an utterance is what ffmpeg's silencedetect leaves of it, 20 dB below its mean: pauses of 0.25 s and more
are taken out, and silence at its ends however short it is. Needs ffmpeg.
"""
import random
import re
import subprocess

import split

LENGTH = 30.0
MIXES = 24
# Decibels of the bed below the voice's mean.
LEVELS = (18, 12, 8, 5)
PAUSE = (1.0, 4.0)
# Decibels of full scale that each voice is brought to, and bounds of what is used of it (s).
VOICE, SHORTEST, LONGEST = -23.0, 0.8, 14.0


def report(file, filters):
    """What ffmpeg says while it filters a file."""
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-i", str(file), "-vn", "-af", filters, "-f", "null", "-"]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True).stderr


def measured(file):
    """(seconds, mean in dB)"""
    told = report(file, "aresample=16000,volumedetect")
    samples, mean = re.search(r"n_samples: (\d+)", told), re.search(r"mean_volume: (-?[\d.]+)", told)
    channels = 2 if re.search(r"Stream #.*Audio.*stereo", told) else 1
    return int(samples[1]) / 16000 / channels, float(mean[1])


def active(file, length, mean):
    """Spans of an utterance without its pauses and without silence at its ends."""
    told = report(file, f"silencedetect=noise={mean - 20:.1f}dB:d=0.02")
    starts = [float(x) for x in re.findall(r"silence_start: (-?[\d.]+)", told)]
    ends = [float(x) for x in re.findall(r"silence_end: (-?[\d.]+)", told)] + [length]
    edges = [0.0] + [max(0.0, x) for pair in zip(starts, ends) for x in pair] + [length]
    spans = []
    for start, end in zip(edges[::2], edges[1::2]):
        if end - start <= 0.01:
            continue
        if spans and start - spans[-1][1] < 0.25:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [(start, end) for start, end in spans if end - start > 0.05]


def material(corpus):
    """{half: (voices with length, mean, active spans and source; beds with their mean)}"""
    files = split.listed(corpus)
    sound = (".wav", ".ogg", ".flac", ".aiff")
    voices = [f for f in files if f.startswith("speech/") and "/mixes/" not in f and f.endswith(sound)]
    beds = [f for f in files if f.startswith("music/excerpts/")]
    halves, found = split.halves(corpus, voices + beds), {"tune": ([], []), "check": ([], [])}
    for name in voices:
        source, half = halves[name]
        length, mean = measured(corpus / name)
        if SHORTEST <= length <= LONGEST:
            found[half][0].append((corpus / name, length, mean, active(corpus / name, length, mean), source))
    for name in beds:
        found[halves[name][1]][1].append((corpus / name, measured(corpus / name)[1]))
    return found


def mix(voices, bed, level, draw, target):
    """Writes one mix; gives its truth, as in speech/mixes.json, and the sources of its voices."""
    placed, spans, at, sources = [], [], draw.uniform(*PAUSE), set()
    while True:
        file, length, mean, parts, source = draw.choice(voices)
        if at + length > LENGTH - 0.5:
            break
        placed.append((file, at, VOICE - mean))
        spans += [(at + a, at + b) for a, b in parts]
        sources.add(source)
        at += length + draw.uniform(*PAUSE)
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    for file, *_ in placed:
        command += ["-i", str(file)]
    mono = "aresample=16000,aformat=channel_layouts=mono"
    chains = [f"[{k}:a]{mono},volume={gain:.2f}dB,adelay={round(start * 1000)}[v{k}]"
              for k, (_, start, gain) in enumerate(placed)]
    if bed is None:
        noise = f"anoisesrc=color=pink:sample_rate=16000:duration={LENGTH}:seed={draw.randrange(9999)}"
        command += ["-f", "lavfi", "-i", noise]
        # Pink noise of full amplitude has a mean of -23 dB.
        gain = VOICE - level + 23
    else:
        command += ["-stream_loop", "-1", "-t", str(LENGTH), "-i", str(bed[0])]
        gain = VOICE - level - bed[1]
    last = len(placed)
    chains.append(f"[{last}:a]{mono},volume={gain:.2f}dB[v{last}]")
    inputs = "".join(f"[v{k}]" for k in range(last + 1))
    chains.append(f"{inputs}amix=inputs={last + 1}:normalize=0:duration=longest,alimiter")
    command += ["-filter_complex", ";".join(chains), "-t", str(LENGTH), "-c:a", "flac", str(target)]
    subprocess.run(command, check=True)
    intervals = [(start, start + length) for (file, start, _) in placed
                 for length in [next(v[1] for v in voices if v[0] == file)]]
    return {"duration": LENGTH, "speech_intervals": intervals, "active_segments": spans}, sources


def make(corpus, folder):
    """{file: (source, half, truth)} of mixes written into a folder; the same every time."""
    made = {}
    for half, (voices, beds) in material(corpus).items():
        draw = random.Random(half)
        for number in range(MIXES if voices and beds else 0):
            bed = None if number % 6 == 5 else draw.choice(beds)
            target = folder / f"{half}_{number:02}.flac"
            truth, sources = mix(voices, bed, LEVELS[number % len(LEVELS)], draw, target)
            if truth["speech_intervals"]:
                # A mix is of the source that most of it is from; beds are drawn anew for each.
                made[target] = (min(sources) + f" over {bed[0].name if bed else 'noise'}", half, truth)
    return made
