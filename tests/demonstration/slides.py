"""Slides and poster: a recording comes in, one picture per state of each slide goes out.

A state is a slide as it looks after one more point has appeared. All states of a recording stand below each other on one page, which
Chromium draws once; the film then fades from one to the next.
"""

import dataclasses
import html
import subprocess

import numpy
import PIL.Image

WIDTH, HEIGHT = 1280, 720
GROUNDS = ["dark", "light", "sand"]     # of the posters, in turn, so that a grid of them is lively
LONG_TITLE = 36                         # characters; a longer title is set smaller on the poster
POSTER_QUALITY = 86


@dataclasses.dataclass
class State:
    """What the film shows from `start` on; `ground` is the flat colour behind what appears."""
    start: float
    picture: object
    new_slide: bool


def draw(item, series, work):
    """Returns the states of the film, and the poster as a picture."""
    svg = (series.folder / "pictures" / f"{item.number:02}.svg").read_text("utf-8")
    boxes = [poster(item, series, svg)]
    times = []
    if item.file != "m4a":
        for slide in item.slides:
            for start, markup, first in states(slide, item, series, svg):
                boxes.append(markup)
                times.append((start, first))
    page = f'<!doctype html><html lang="nl"><meta charset="utf-8"><style>{(series.folder / "slides.css").read_text("utf-8")}</style><body>{"".join(boxes)}</body></html>'
    sheet = shoot(page, len(boxes), work)
    pictures = [sheet[n * HEIGHT:(n + 1) * HEIGHT] for n in range(len(boxes))]
    return [State(start, picture, first) for (start, first), picture in zip(times, pictures[1:])], pictures[0]


def shoot(page, count, work):
    source, target = work / "slides.html", work / "slides.png"
    source.write_text(page, "utf-8")
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1", "--font-render-hinting=none",
                    "--disable-lcd-text", "--force-color-profile=srgb", f"--user-data-dir={work / 'chromium'}",
                    f"--window-size={WIDTH},{count * HEIGHT}", f"--screenshot={target}", source.as_uri()], check=True, capture_output=True)
    sheet = numpy.asarray(PIL.Image.open(target).convert("RGB"))
    if sheet.shape[:2] != (count * HEIGHT, WIDTH):
        raise SystemExit(f"the slides were drawn as {sheet.shape[1]}x{sheet.shape[0]}, not as {WIDTH}x{count * HEIGHT}")
    return sheet


def write_poster(picture, path):
    PIL.Image.fromarray(picture).save(path, "JPEG", quality=POSTER_QUALITY, optimize=True, progressive=True, subsampling=0)


def text(value):
    """A picture shows the typographer's apostrophe; names and captions keep the one on every keyboard."""
    return html.escape(value.replace("'", "’"))


def number(item, series, tag="p"):
    return f'<{tag} class="number">{item.number}<small>/ {series.total}</small></{tag}>'


def poster(item, series, svg):
    ground = GROUNDS[(item.number - 1) % len(GROUNDS)]
    long = " long" if len(item.title) > LONG_TITLE else ""
    return f'<section class="state poster {ground}{long}">{number(item, series)}{svg}<h1>{text(item.title)}</h1></section>'


def states(slide, item, series, svg):
    """Yields (seconds, markup, whether a new slide begins) for each state of one slide."""
    if slide.kind == "title":
        yield 0.0, title_card(item, series, svg, False), True
        yield 0.5, title_card(item, series, svg, True), False
        return
    if slide.kind == "closing":
        yield slide.start, closing(item, slide, series, False), True
        yield slide.lines[-1].start - 0.2, closing(item, slide, series, True), False
        return
    points = [line for line in slide.lines if line.point]
    yield slide.start, content(slide, points, 0, item, series, svg), True
    for shown, line in enumerate(points, 1):
        yield line.start - 0.2, content(slide, points, shown, item, series, svg), False


EXAMPLE = '<p class="example">Voorbeeldopname met een computerstem</p>'


def title_card(item, series, svg, whole):
    speaker = text(series.speakers[item.speakers[0]]["name"])
    hidden = "" if whole else " hidden"
    return (f'<section class="state title light"><div class="card">{svg}</div><p class="series">{text(series.title)}</p>{number(item, series)}'
            f'<h1 class="{hidden}">{text(item.title)}</h1><p class="speaker{hidden}">{speaker}</p>{EXAMPLE}</section>')


def closing(item, slide, series, whole):
    hidden = "" if whole else " hidden"
    return (f'<section class="state closing dark"><p class="label">{text(slide.title)}</p><h2>{text(item.remember)}</h2>'
            f'<p class="question{hidden}"><em>Bespreek in je team</em>{text(slide.lines[-1].point)}</p>{EXAMPLE}</section>')


def content(slide, points, shown, item, series, svg):
    head = f'<header class="head">{number(item, series, "span")}<span>{text(item.title)}</span></header>'
    body = {"points": listed, "figure": with_figure, "columns": in_columns, "share": as_share}[slide.kind](slide, points, shown, svg)
    return f'<section class="state slide light">{head}<h2>{text(slide.title)}</h2>{body}{EXAMPLE}</section>'


def entry(index, line, shown):
    appearance = "hidden" if index >= shown else "said" if index < shown - 1 else "now"
    return f'<li class="{appearance}">{text(line.point)}</li>'


def listed(slide, points, shown, svg):
    many = " many" if len(points) > 3 else ""
    entries = "".join(entry(index, line, shown) for index, line in enumerate(points))
    return f'<ul class="points{many}">{entries}</ul><div class="side">{svg}</div>'


def with_figure(slide, points, shown, svg):
    entries = "".join(entry(index, line, shown) for index, line in enumerate(points))
    hidden = "" if shown == len(points) else " hidden"
    return f'<div class="with-figure"><p class="figure{hidden}">{text(slide.figure)}</p><ul class="points">{entries}</ul></div>'


def in_columns(slide, points, shown, svg):
    columns = []
    for column, heading in enumerate(slide.columns):
        entries = "".join(entry(index, line, shown) for index, line in enumerate(points) if line.column == column)
        columns.append(f'<div class="column"><h3>{text(heading)}</h3><ul class="points">{entries}</ul></div>')
    return "".join(columns)


def as_share(slide, points, shown, svg):
    """A quarter and three quarters as two bars, then the source below them."""
    parts = "".join(f'<li class="part{"" if index < shown else " hidden"}"><b>{share}</b><span>{text(points[index].point)}</span></li>'
                    for index, share in enumerate(["25 %", "75 %"]))
    return f'<ul class="share">{parts}<li class="note{"" if shown > 2 else " hidden"}">{text(points[2].point)}</li></ul>'
