"""The hand-out: a recording comes in, one page A4 as PDF goes out, to be filled in together.

Chromium prints it, with title, language, headings and lists marked as such, so that a reading program can read it out.
"""

import html
import re
import subprocess

STYLE = """
@page { size: A4; margin: 16mm 22mm 14mm; }
body { font: 11pt/1.45 Inter, sans-serif; color: #17242a; margin: 0; }
.top { display: flex; align-items: flex-end; gap: 9mm; border-bottom: 1.2pt solid #0f5e63; padding-bottom: 4mm; }
.number { font: 700 46pt/0.9 Vollkorn, serif; color: #0f5e63; margin: 0; font-variant-numeric: lining-nums; white-space: nowrap; }
.number small { font-size: 17pt; font-weight: 400; color: #4f7f82; margin-left: 2mm; }
h1 { font: 600 23pt/1.15 Vollkorn, serif; margin: 0; }
.label { margin: 0 0 1mm; color: #56666a; }
h2 { font: 600 14.5pt/1.2 Vollkorn, serif; margin: 6mm 0 1mm; color: #0f5e63; }
.hint { color: #56666a; margin: 0; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: 0.9mm 0 0.9mm 8mm; position: relative; }
li::before { content: ""; position: absolute; left: 0; top: 3.3mm; width: 4mm; height: 0.7mm; background: #0f5e63; }
.ticks li::before { top: 1.7mm; width: 3.6mm; height: 3.6mm; background: none; border: 0.9pt solid #0f5e63; border-radius: 0.8mm; }
.line { border-bottom: 0.6pt solid #8f989a; height: 8.4mm; }
.remember { background: #efe5d2; border-radius: 2mm; padding: 3.5mm 6mm; font: 600 14pt/1.3 Vollkorn, serif; margin: 6mm 0 0; text-wrap: balance; }
footer { position: fixed; bottom: 0; font-size: 8.5pt; color: #56666a; }
"""
# A document holds the second in which it was printed. The same texts shall give the same bytes, so it gets the first day of the series;
# the replacement is as long as what it replaces, or the table of offsets in the file would be wrong.
PRINTED = rb"D:\d{14}"
FIRST_DAY = b"D:20210119000000"


def make(item, series, target, work):
    source = work / "handout.html"
    source.write_text(page(item, series), "utf-8")
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline",
                    f"--user-data-dir={work / 'chromium'}", f"--print-to-pdf={target}", source.as_uri()], check=True, capture_output=True)
    target.write_bytes(re.sub(PRINTED, FIRST_DAY, target.read_bytes()))


def page(item, series):
    parts = "".join(part(**fields) for fields in item.worksheet)
    return f"""<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{text(item.handout)}</title><style>{STYLE}</style></head><body>
<header class="top"><p class="number">{item.number}<small>/ {series.total}</small></p><div><p class="label">{text(item.handout)}</p><h1>{text(item.title)}</h1></div></header>
<main><p class="remember">{text(item.remember)}</p>{parts}</main>
<footer>{text(series.title)} · {text(series.organiser)} · Een voorbeeld om de website te laten zien</footer></body></html>"""


def text(value):
    return html.escape(value.replace("'", "’"))


def part(title, hint="", ticks=(), items=(), lines=0):
    """One part of the sheet: sentences to agree on, questions to read, or room to write."""
    below = f'<p class="hint">{text(hint)}</p>' if hint else ""
    return f'<section><h2>{text(title)}</h2>{below}{listed("ticks", ticks)}{listed("items", items)}{room(lines)}</section>'


def listed(kind, sentences):
    entries = "".join(f"<li>{text(sentence)}</li>" for sentence in sentences)
    return f'<ul class="{kind}">{entries}</ul>' if entries else ""


def room(lines):
    return '<div class="line"></div>' * lines
