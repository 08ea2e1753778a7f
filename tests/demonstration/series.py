"""The texts of the series: content/*.toml come in, recordings with numbered lines and `series.toml` go out."""

import dataclasses
import re
import tomllib


@dataclasses.dataclass
class Line:
    """One sentence: spoken and captioned in Dutch, captioned in English, with the point that appears as it begins."""
    nl: str
    en: str
    point: str | None = None
    column: int = 0
    start: float = 0.0
    end: float = 0.0


@dataclasses.dataclass
class Slide:
    """One chapter. `start` is a whole second, because a chapter in a sidecar is written in whole seconds."""
    title: str
    kind: str
    lines: list
    columns: list
    figure: str
    start: int = 0


@dataclasses.dataclass
class Recording:
    number: int
    stem: str
    id: str
    title: str
    date: object
    speakers: list
    summary: str
    description: str
    slides: list
    remember: str = ""
    file: str | None = None
    index: str = "start"
    handout: str | None = None
    worksheet: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Series:
    slug: str
    title: str
    organiser: str
    description: str
    note: str
    planned_note: str
    speakers: dict
    spoken: dict
    recordings: list
    folder: object

    @property
    def total(self):
        """How many recordings have a file: the 12 of "3 / 12"."""
        return sum(1 for item in self.recordings if item.file)

    def next_title(self, item):
        later = [other for other in self.recordings if other.number == item.number + 1 and other.file]
        return f"{later[0].number}  {later[0].title}" if later else None


def load(here):
    head = tomllib.loads((here / "content" / "series.toml").read_text("utf-8"))
    recordings = [load_recording(path) for path in sorted((here / "content").glob("[0-9][0-9]-*.toml"))]
    return Series(recordings=recordings, folder=here, **head)


def load_recording(path):
    fields = tomllib.loads(path.read_text("utf-8"))
    slides = [load_slide(slide) for slide in fields.pop("slides", [])]
    number = int(re.match(r"\d+", path.name).group())
    return Recording(number=number, stem=path.stem, slides=slides, **fields)


def load_slide(fields):
    lines = [Line(**line) for line in fields["lines"]]
    return Slide(fields["title"], fields.get("kind", "points"), lines, fields.get("columns", []), fields.get("figure", ""))


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(series, folder):
    """`series.toml` of the folder contract."""
    (folder / "series.toml").write_text("\n".join([
        f"title = {quoted(series.title)}",
        f"organiser = {quoted(series.organiser)}",
        'description = """',
        series.description.strip(),
        '"""',
        'language = "nl"',
        'visibility = "public"',
        "# Shown with the label of a demonstration, and kept out of search engines.",
        "demonstration = true",
        "",
    ]), "utf-8")
