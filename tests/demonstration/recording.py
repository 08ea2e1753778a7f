"""One recording: its texts come in; media file, captions, poster, hand-out and sidecar go out under one stem."""

import datetime
import zoneinfo

import film
import handout
import slides
import voice
from series import quoted

ZONE = zoneinfo.ZoneInfo("Europe/Amsterdam")
CAPTION_LINE = 42       # characters: what reads comfortably in one glance


def make(item, series, folder, work):
    work.mkdir(parents=True, exist_ok=True)
    if not item.file:
        write(folder / f"{item.stem}.toml", sidecar(item, series))
        return
    duration = voice.narrate(item, series, work)
    target = folder / f"{item.stem}.{item.file}"
    states, poster = slides.draw(item, series, work)
    slides.write_poster(poster, folder / f"{item.stem}.jpg")
    if item.file == "m4a":
        film.audio(item, duration, work / "narration.wav", target)
    else:
        film.video(item, states, duration, work / "narration.wav", target)
    for language in ["nl", "en"]:
        write(folder / f"{item.stem}.{language}.vtt", captions(item, language))
    if item.handout:
        handout.make(item, series, folder / f"{item.stem}.handout.pdf", work)
    write(folder / f"{item.stem}.toml", sidecar(item, series))
    print(f"{target.name}: {duration:.1f} s, {target.stat().st_size // 1000} kB", flush=True)


def write(path, content):
    path.write_text(content, "utf-8")


def clock(seconds):
    milliseconds = round(seconds * 1000)
    return f"{milliseconds // 3600000:02}:{milliseconds // 60000 % 60:02}:{milliseconds // 1000 % 60:02}.{milliseconds % 1000:03}"


def captions(item, language):
    """WebVTT, one cue per sentence, at most two lines each."""
    cues = ["WEBVTT\n"]
    for line in (line for slide in item.slides for line in slide.lines):
        cues.append(f"{clock(line.start)} --> {clock(line.end)}\n{balanced(getattr(line, language))}\n")
    return "\n".join(cues)


def balanced(sentence):
    """Breaks a long sentence at the space nearest to its middle, rather after a comma."""
    sentence = sentence.replace("&", "&amp;").replace("<", "&lt;")
    if len(sentence) <= CAPTION_LINE:
        return sentence
    middle = len(sentence) / 2
    spaces = [at for at, letter in enumerate(sentence) if letter == " "]
    best = min(spaces, key=lambda at: abs(at - middle) - (8 if sentence[at - 1] in ",:;." else 0))
    return sentence[:best] + "\n" + sentence[best + 1:]


def published(date):
    """Noon of the day of the session."""
    return datetime.datetime.combine(date, datetime.time(12), ZONE)


def sidecar(item, series):
    """What the recording says about itself, in the keys of the folder contract."""
    note = series.note if item.file else series.planned_note
    lines = [
        f"id = {quoted(item.id)}",
        f"title = {quoted(item.title)}",
        f"date = {item.date}",
        'language = "nl"',
        f"summary = {quoted(item.summary)}",
        f'description = """\n{item.description}\n\n{note}\n"""',
    ]
    if item.file:
        # Without it a recording would count as new on the day a checkout is served for the first time.
        lines.append(f"published = {published(item.date).isoformat()}")
        lines.append(f"file = {quoted(f'{item.stem}.{item.file}')}")
    for key in item.speakers:
        speaker = series.speakers[key]
        lines += ["", "[[speakers]]", f"name = {quoted(speaker['name'])}", f"role = {quoted(speaker['role'])}"]
    for slide in item.slides:
        lines += ["", "[[chapters]]", f'start = "{clock(slide.start)[:8]}"', f"title = {quoted(slide.title)}"]
    if item.handout:
        lines += ["", "[[attachments]]", f"file = {quoted(item.stem + '.handout.pdf')}", f"title = {quoted(item.handout)}"]
    return "\n".join(lines) + "\n"
