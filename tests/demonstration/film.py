"""The film: states, narration and a length come in, one media file per recording goes out.

Small on purpose: flat slides cost little at a high quantiser, speech is mono. A key frame stands at least every four seconds and at every
chapter, so that seeking lands where it was asked to.
"""

import subprocess

import numpy

from slides import HEIGHT, WIDTH

RATE = 12               # frames a second: enough for fades that look calm, and small
KEY_FRAMES = 4 * RATE
SLIDE_FADE = 0.6        # seconds from one slide to the next
POINT_FADE = 0.5        # seconds in which a point appears
RISE = 16               # pixels that a point rises while it appears
LINE = 6                # height of the line that shows how far along we are
LINE_COLOUR = numpy.array([234, 181, 77], numpy.float32)
AUDIO = {"mp4": ["-c:a", "aac", "-b:a", "40k"], "m4a": ["-c:a", "aac", "-b:a", "64k"], "webm": ["-c:a", "libopus", "-b:a", "32k"]}
# Nothing of the encoder, the machine or the hour in the file: the same texts give the same bytes.
PLAIN = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-metadata:s:a:0", "language=nld", "-threads", "1"]
COLOURS = ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]


def audio(item, duration, narration, target):
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", narration, "-t", str(duration), *AUDIO["m4a"], *PLAIN, "-movflags", "+faststart", target]
    subprocess.run(["nice", *command], check=True)


def video(item, states, duration, narration, target):
    frames = round(duration * RATE)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-", "-i", narration,
               *COLOURS, *codec(item), *AUDIO[item.file], "-t", str(duration), *PLAIN, target]
    encoder = subprocess.Popen(["nice", *command], stdin=subprocess.PIPE)
    for number in range(frames):
        encoder.stdin.write(frame(states, number / RATE, number / frames))
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise SystemExit(f"{target.name}: the encoder failed")


def codec(item):
    chapters = ",".join(str(slide.start) for slide in item.slides)
    keys = ["-g", str(KEY_FRAMES), "-force_key_frames", chapters]
    if item.file == "webm":
        return ["-c:v", "libvpx-vp9", "-crf", "42", "-b:v", "0", "-deadline", "good", "-cpu-used", "3", "-row-mt", "0", *keys, "-cues_to_front", "1"]
    where = [] if item.index == "end" else ["-movflags", "+faststart"]
    # The filter takes out the message in which x264 writes its version and settings.
    return ["-c:v", "libx264", "-profile:v", "high", "-preset", "slower", "-tune", "animation", "-crf", "32", "-x264-params", "scenecut=0", *keys,
            "-bsf:v", "filter_units=remove_types=6", *where]


def frame(states, now, part):
    """The bytes of one frame: the state of this moment, a fade if one is under way, and the line of progress."""
    current = max(index for index, state in enumerate(states) if state.start <= now)
    state = states[current]
    length = SLIDE_FADE if state.new_slide else POINT_FADE
    done = min((now - state.start) / length, 1.0)
    picture = state.picture.copy()
    if current > 0 and done < 1.0:
        picture = fade(states[current - 1].picture, state.picture, ease(done), not state.new_slide)
    progress(picture, part)
    return picture.tobytes()


def ease(part):
    return part * part * (3 - 2 * part)


def fade(before, after, amount, rising):
    source = after
    if rising:
        source = risen(before, after, round(RISE * (1 - amount)))
    return (before * (1 - amount) + source * amount + 0.5).astype(numpy.uint8)


def risen(before, after, offset):
    """`after` with what is new in it a little lower. New is what stands where `before` shows nothing but its ground."""
    ground = before[HEIGHT - 20, WIDTH // 2 - 100]
    new = (before == ground).all(axis=2) & (after != ground).any(axis=2)
    rows = numpy.flatnonzero(new.any(axis=1))
    columns = numpy.flatnonzero(new.any(axis=0))
    if offset == 0 or not len(rows):
        return after
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    lowest = min(bottom + offset, HEIGHT)
    moved = after.copy()
    moved[top:lowest, left:right] = ground
    moved[top + offset:lowest, left:right] = after[top:lowest - offset, left:right]
    return moved


def progress(picture, part):
    """A thin line along the lower edge; its last pixel is mixed, so that it creeps instead of jumping."""
    full, rest = divmod(part * WIDTH, 1)
    full = int(full)
    edge = picture[HEIGHT - LINE:]
    edge[:, :full] = LINE_COLOUR
    if full < WIDTH:
        edge[:, full] = (edge[:, full] * (1 - rest) + LINE_COLOUR * rest).astype(numpy.uint8)
