"""Narration: sentences come in, a loudness-normalised WAV and the exact start and end of every sentence go out.

Each sentence is synthesised by itself, so that its caption begins and ends with it to the millisecond.
"""

import json
import re
import subprocess
import wave

import numpy

RATE = 22050            # what espeak-ng produces
SPEED = 146             # words a minute: slower than its default of 175, which is hard to follow for an unused ear
BEFORE_FIRST = 1.0      # seconds of title card before the first word
BETWEEN = 0.5           # between two sentences
AFTER_SLIDE = 1.0       # at least this long before the next slide, which then begins on a whole second
AFTER_LAST = 2.5
SHORTEST = 60.5         # the last card of a short recording stays a little longer, for the question on it
CAPTION_STAYS = 0.3     # a caption stays a moment after its sentence, never into the next
SILENCE = 0.004         # of full scale; what is quieter at the ends of a sentence is cut off
# Spoken music has no place below 75 Hz; a little presence makes the consonants of a synthesiser easier to tell apart.
FILTERS = "highpass=f=75,equalizer=f=3200:t=q:w=1:g=2.5,acompressor=threshold=-20dB:ratio=2.5:attack=8:release=120:makeup=2"
LOUDNESS = "loudnorm=I=-17:TP=-1.5:LRA=7"
# The encoders at these few bits a second overshoot by up to 4 dB: peaks stay 5 dB below full scale so that nothing is clipped.
ROOM = "alimiter=limit=0.56:level=disabled"


def spoken(text, table):
    """The sentence as the synthesiser must read it; a capital at the start of a word makes no difference."""
    for word, sound in table.items():
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", sound, text, flags=re.IGNORECASE)
    return text


def sentence(text, speaker, path):
    command = ["espeak-ng", "-v", speaker["voice"], "-p", str(speaker["pitch"]), "-s", str(SPEED), "-w", str(path), text]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    with wave.open(str(path)) as file:
        samples = numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype(numpy.float32) / 32768
    loud = numpy.flatnonzero(numpy.abs(samples) > SILENCE)
    return samples[max(loud[0] - 200, 0):loud[-1] + 800]


def narrate(item, series, work):
    """Fills in the times of all slides and lines, writes `narration.wav` and returns its length in seconds."""
    speaker = series.speakers[item.speakers[0]]
    pieces, now = [], 0.0
    for index, slide in enumerate(item.slides):
        slide.start = round(now)
        at = BEFORE_FIRST if index == 0 else now + 0.6
        for line in slide.lines:
            samples = sentence(spoken(line.nl, series.spoken), speaker, work / "sentence.wav")
            line.start, line.end = at, at + len(samples) / RATE
            pieces.append((at, samples))
            at = line.end + BETWEEN
        now = float(numpy.ceil(at - BETWEEN + AFTER_SLIDE))
    duration = pieces[-1][0] + len(pieces[-1][1]) / RATE + AFTER_LAST
    duration = max(float(numpy.ceil(duration * 2) / 2), SHORTEST)
    stay(item)
    write(pieces, duration, work / "raw.wav")
    normalise(work / "raw.wav", work / "narration.wav")
    return duration


def stay(item):
    lines = [line for slide in item.slides for line in slide.lines]
    for line, following in zip(lines, lines[1:] + [None]):
        line.end = min(line.end + CAPTION_STAYS, following.start if following else line.end + CAPTION_STAYS)


def write(pieces, duration, path):
    track = numpy.zeros(round(duration * RATE), numpy.float32)
    for start, samples in pieces:
        at = round(start * RATE)
        track[at:at + len(samples)] += samples
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((track * 32767).astype("<i2").tobytes())


def normalise(source, target):
    """EBU R 128 in two passes: the second one is linear, so that the voice does not breathe."""
    first = subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", "-i", source, "-af", f"{FILTERS},{LOUDNESS}:print_format=json", "-f", "null", "-"],
                           capture_output=True, text=True, check=True)
    found = json.loads(first.stderr[first.stderr.rindex("{"):first.stderr.rindex("}") + 1])
    measured = ":".join(f"measured_{name}={found['input_' + key]}" for name, key in [("I", "i"), ("TP", "tp"), ("LRA", "lra"), ("thresh", "thresh")])
    second = f"{FILTERS},{LOUDNESS}:{measured}:offset={found['target_offset']}:linear=true,{ROOM}"
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", source, "-af", second, "-ar", "48000", "-bitexact", target], check=True)
