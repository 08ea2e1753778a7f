"""The hand-out: a recording comes in, one page A4 as PDF goes out, to be filled in together.

Chromium prints it, with headings and lists marked as such, so that a reading program can read it out.
"""

import html
import subprocess

STYLE = """
@page { size: A4; margin: 20mm 22mm 16mm; }
body { font: 11.5pt/1.5 Inter, sans-serif; color: #1b1f20; margin: 0; }
.top { display: flex; align-items: flex-end; gap: 8mm; border-bottom: 1.2pt solid #0f5e63; padding-bottom: 5mm; }
.number { font: 700 46pt/0.9 Vollkorn, serif; color: #0f5e63; margin: 0; }
.number small { font-size: 16pt; font-weight: 400; color: #5d8d90; margin-left: 2mm; }
h1 { font: 600 23pt/1.15 Vollkorn, serif; margin: 0; }
.label { margin: 0 0 1mm; color: #565d5f; }
.summary { font-size: 13pt; margin: 6mm 0 2mm; }
h2 { font: 600 14pt/1.2 Vollkorn, serif; margin: 6mm 0 2mm; color: #0f5e63; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: 1.2mm 0 1.2mm 8mm; position: relative; }
li::before { content: ""; position: absolute; left: 0; top: 2.4mm; width: 3.6mm; height: 3.6mm; border: 0.9pt solid #0f5e63; border-radius: 0.8mm; }
.remember { background: #f1e7d6; border-radius: 2mm; padding: 4mm 6mm; font: 600 14pt/1.3 Vollkorn, serif; margin: 7mm 0 0; }
.line { border-bottom: 0.6pt solid #9aa0a1; height: 9.5mm; }
footer { position: fixed; bottom: 0; font-size: 8.5pt; color: #565d5f; }
"""


def make(item, series, target, work):
    source = work / "handout.html"
    source.write_text(page(item, series), "utf-8")
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline",
                    f"--user-data-dir={work / 'chromium'}", f"--print-to-pdf={target}", source.as_uri()], check=True, capture_output=True)


def page(item, series):
    text = html.escape
    question = item.slides[-1].lines[-1].point
    chapters = "".join(chapter(slide) for slide in item.slides[1:-1])
    return f"""<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{text(item.handout)}</title><style>{STYLE}</style></head><body>
<header class="top"><p class="number">{item.number}<small>/ {series.total}</small></p><div><p class="label">{text(item.handout)}</p><h1>{text(item.title)}</h1></div></header>
<main><p class="summary">{text(item.summary)}</p>{chapters}
<p class="remember">{text(item.remember)}</p>
<h2>Bespreek in je team: {text(question[0].lower() + question[1:])}</h2>{'<div class="line"></div>' * 5}</main>
<footer>{text(series.title)} · {text(series.organiser)} · Dit is een voorbeeld, gemaakt om de website te laten zien.</footer></body></html>"""


def chapter(slide):
    """The points of a chapter as boxes to tick: what we do already."""
    points = [line.point for line in slide.lines if line.point]
    entries = "".join(f"<li>{html.escape(point)}</li>" for point in points)
    return f"<h2>{html.escape(slide.title)}</h2><ul>{entries}</ul>" if points else ""
