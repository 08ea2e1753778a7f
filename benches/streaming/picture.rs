//! The goals as an SVG: for each the figure, its bound on a scale, and what was measured. Legible at 360 px, in light and dark.

use std::fmt::Write as _;
use std::path::Path;

use crate::goals::{Judged, Verdict};

const WIDTH: f64 = 720.0;
const MARGIN: f64 = 16.0;
const ROW: f64 = 96.0;
const TOP: f64 = 72.0;

/// At half their size these are 12 px and more.
const STYLE: &str = "\
    text { font: 25px system-ui, sans-serif; fill: #1a1a1a }\
    .small { font-size: 24px; fill: #555 }\
    .strong { font-weight: 650 }\
    .back { fill: #fff }\
    .scale { fill: #e4e4e0 }\
    .good { fill: #b9ddd6 }\
    .met { fill: #0b6b5d }\
    .missed { fill: #b3261e }\
    .spread { stroke: #1a1a1a; stroke-width: 3 }\
    @media (prefers-color-scheme: dark) {\
    text { fill: #eee } .small { fill: #b8b8b8 } .back { fill: #161616 } .scale { fill: #363636 } .good { fill: #1d4f48 }\
    .met { fill: #6fd3c2 } .missed { fill: #ff9a90 } .spread { stroke: #eee } }";

/// Writes the picture, and returns the sentence that stands for it.
pub fn write(path: &Path, judged: &[Judged]) -> std::io::Result<String> {
    let shown: Vec<&Judged> = judged.iter().filter(|it| it.measured.is_some()).collect();
    let described = describe(&shown);
    let height = TOP + ROW * shown.len() as f64 + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\
         <title>Ranges beside nginx: goals and what was measured</title><desc>{}</desc><style>{STYLE}</style>\
         <rect class=\"back\" width=\"{WIDTH}\" height=\"{height}\" rx=\"12\"/>\
         <text class=\"strong\" x=\"{MARGIN}\" y=\"42\">Ranges beside nginx with sendfile</text>\n",
        escaped(&described)
    );
    for (place, it) in shown.iter().enumerate() {
        row(&mut svg, TOP + ROW * place as f64, it);
    }
    svg += "</svg>\n";
    std::fs::write(path, svg)?;
    Ok(described)
}

fn row(svg: &mut String, top: f64, it: &Judged) {
    let Some(measured) = it.measured else {
        return;
    };
    let class = match it.verdict {
        Verdict::Met | Verdict::AimMet => "met",
        Verdict::Missed | Verdict::NotMeasured => "missed",
    };
    let bound = it.must.value();
    let length = WIDTH - 2.0 * MARGIN;
    // The bound stands in the middle.
    let at = |value: f64| MARGIN + length * (value / bound / 2.0).clamp(0.0, 1.0);
    let good = if it.must.is_least() {
        (at(bound), length / 2.0)
    } else {
        (MARGIN, length / 2.0)
    };
    let (figure, goal) = (escaped(it.figure), escaped(&it.goal()));
    let (first, second, scale) = (top + 24.0, top + 52.0, top + 62.0);
    let middle = scale + 7.0;
    let mut line = |arguments: std::fmt::Arguments| {
        // Writing into a text does not fail.
        let _ = svg.write_fmt(arguments);
    };
    line(format_args!(
        "<text x=\"{MARGIN}\" y=\"{first}\">{figure}</text>"
    ));
    line(format_args!(
        "<text x=\"{MARGIN}\" y=\"{second}\" class=\"strong {class}\">{} {}</text>",
        escaped(&it.value()),
        it.verdict.word().to_lowercase()
    ));
    line(format_args!(
        "<text x=\"{}\" y=\"{second}\" class=\"small\" text-anchor=\"end\">{goal}</text>",
        WIDTH - MARGIN
    ));
    line(format_args!(
        "<rect class=\"scale\" x=\"{MARGIN}\" y=\"{scale}\" width=\"{length}\" height=\"14\" rx=\"7\"/>"
    ));
    line(format_args!(
        "<rect class=\"good\" x=\"{:.1}\" y=\"{scale}\" width=\"{:.1}\" height=\"14\"/>",
        good.0, good.1
    ));
    line(format_args!(
        "<path class=\"spread\" d=\"M{:.1} {middle}H{:.1}\"/><circle class=\"{class}\" cx=\"{:.1}\" cy=\"{middle}\" r=\"9\"/>\n",
        at(measured.least),
        at(measured.most),
        at(measured.median)
    ));
}

/// All figures in one sentence, for who does not see the picture.
fn describe(shown: &[&Judged]) -> String {
    let figures: Vec<String> = shown
        .iter()
        .map(|it| format!("{}: {} (goal {})", it.figure, it.value(), it.goal()))
        .collect();
    figures.join("; ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
