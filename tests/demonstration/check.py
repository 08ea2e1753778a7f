"""The check: what was made is held against what was promised. Every fault is printed; the answer is the exit code."""

import json
import re
import subprocess
import tomllib

MOST_BYTES = 11_500_000
MOST_BETWEEN_KEY_FRAMES = 4.1   # seconds; a seek has to decode from the key frame before it
SHORTEST, LONGEST = 60, 90


def run(series, folder):
    faults = []
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    if sum(sizes.values()) > MOST_BYTES:
        faults.append(f"together {sum(sizes.values())} bytes, at most {MOST_BYTES}")
    for item in series.recordings:
        faults += [f"{item.stem}: {fault}" for fault in (recording(item, folder, sizes) if item.file else planned(item, folder))]
    ids = [item.id for item in series.recordings]
    if len(set(ids)) != len(ids) or not all(re.fullmatch("[0-9a-hjkmnp-tv-z]{10}", id) for id in ids):
        faults.append("an id stands twice or has another form")
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(series.recordings)} recordings, {sum(sizes.values())} bytes, {len(faults)} faults")
    return 1 if faults else 0


def planned(item, folder):
    if not (folder / f"{item.stem}.toml").exists():
        yield "has no sidecar"


def recording(item, folder, sizes):
    media = folder / f"{item.stem}.{item.file}"
    for name in [media.name, f"{item.stem}.toml", f"{item.stem}.jpg", f"{item.stem}.nl.vtt", f"{item.stem}.en.vtt"]:
        if name not in sizes:
            yield f"{name} is missing"
            return
    found = probe(media)
    duration = float(found["format"]["duration"])
    if not SHORTEST <= duration <= LONGEST:
        yield f"lasts {duration} s"
    codecs = {stream["codec_name"] for stream in found["streams"]}
    wanted = {"mp4": {"h264", "aac"}, "m4a": {"aac"}, "webm": {"vp9", "opus"}}[item.file]
    if codecs != wanted:
        yield f"holds {codecs}, not {wanted}"
    if sizes[media.name] > 2_000_000 or sizes[f"{item.stem}.jpg"] > 120_000:
        yield "is too large"
    if item.file == "mp4" and index_first(media) != (item.index == "start"):
        yield "has its index at the wrong end"
    for language in ["nl", "en"]:
        ends = re.findall(r"--> (\d+):(\d+):([\d.]+)", (folder / f"{item.stem}.{language}.vtt").read_text("utf-8"))
        if not ends or max(int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in ends) > duration:
            yield f"captions in {language} end after it"
    yield from chapters(item, folder, duration)
    if item.file != "m4a" and longest_between_key_frames(media) > MOST_BETWEEN_KEY_FRAMES:
        yield f"has {longest_between_key_frames(media)} s between two key frames"
    if item.handout:
        yield from handout(folder / f"{item.stem}.handout.pdf")


def chapters(item, folder, duration):
    """What the sidecar says, not what the content says: it is the sidecar that visitors get to see."""
    found = tomllib.loads((folder / f"{item.stem}.toml").read_text("utf-8"))
    starts = [sum(int(part) * unit for part, unit in zip(chapter["start"].split(":"), (3600, 60, 1))) for chapter in found["chapters"]]
    if not 3 <= len(starts) <= 5 or starts != sorted(set(starts)) or starts[0] != 0 or starts[-1] >= duration:
        yield f"has chapters at {starts}"
    if found["id"] != item.id:
        yield "has another id than its content says"


def handout(path):
    if not path.exists():
        yield "has no hand-out"
    elif len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) != 1:
        yield "has a hand-out of more than one page"


def longest_between_key_frames(path):
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0", path]
    packets = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    keys = [float(packet.split(",")[0]) for packet in packets if "K" in packet.split(",")[1]]
    return max(later - earlier for earlier, later in zip(keys, keys[1:]))


def probe(path):
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration:stream=codec_name", "-of", "json", path]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def index_first(path):
    content = path.read_bytes()
    return content.index(b"moov") < content.index(b"mdat")
