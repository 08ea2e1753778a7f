//! The picture of a recording that has none: its number and its title on the accent colour, as a programme booklet prints them. What
//! may not be shown has the ground alone. In: words and a colour. Out: pixels.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use image::RgbImage;

use super::poster_play;
use crate::error::{Error, Result};
use crate::web::theme;

/// Version of the drawing; a new one keeps stored pictures of the old one from being sent.
pub const RECIPE: u32 = 1;

/// What the picture says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PosterTitle {
    pub number: Option<i64>,
    pub title: String,
    /// Whether it can be watched, so that a mail invites to play it.
    pub is_ready: bool,
}

/// The largest number that leaves room for the title.
const LARGEST_NUMBER: i64 = 9999;

/// Sizes of the title and how many lines each may take above the play badge, which begins at a third of the height. The first in which
/// the whole title fits is used.
const SIZES: [(f64, usize); 3] = [(0.105, 2), (0.085, 2), (0.068, 3)];

/// Draws the ground in the accent colour, darker downwards.
pub fn ground(accent: [u8; 3], (width, height): (u32, u32)) -> RgbImage {
    let across = usize::try_from(width).unwrap_or(0);
    // A row has one colour, so that it is computed once and not for each of its pixels.
    let row = |y: u32| {
        let light = 0.86 - 0.22 * f64::from(y) / f64::from(height);
        accent
            .map(|channel| byte(f64::from(channel) * light))
            .repeat(across)
    };
    let pixels: Vec<u8> = (0..height).flat_map(row).collect();
    RgbImage::from_raw(width, height, pixels).unwrap_or_default()
}

/// Draws number and title at the top, because a player has its buttons in the middle and at the foot. A title with letters that the
/// font does not have is left out, because boxes say nothing.
///
/// Errors when the font in the program cannot be read.
pub fn draw(words: &PosterTitle, accent: [u8; 3], size: (u32, u32)) -> Result<RgbImage> {
    let mut canvas = ground(accent, size);
    let font = FontRef::try_from_slice(dejavu::serif::regular()).map_err(Error::internal)?;
    let ink = theme::on(accent.map(|channel| byte(f64::from(channel) * 0.75)));
    // A square picture is laid out like one of 16:9 as wide.
    let unit = f64::from(poster_play::height(size.0));
    let margin = unit * 0.08;
    let mut pen = Pen {
        canvas: &mut canvas,
        font: &font,
        ink,
    };
    let mut left = margin;
    if let Some(number) = words.number.filter(|number| *number <= LARGEST_NUMBER) {
        let height = unit * 0.24;
        left = pen.write(&number.to_string(), (margin, margin), height) + unit * 0.07;
    }
    let title = words.title.trim();
    if !pen.has(title) {
        return Ok(canvas);
    }
    let across = f64::from(size.0) - left - margin;
    let (height, lines) = pen.fit(title, across, unit);
    for (row, line) in (0_u32..).zip(&lines) {
        let top = margin + unit * 0.015 + f64::from(row) * height * 1.22;
        pen.write(line, (left, top), height);
    }
    Ok(canvas)
}

struct Pen<'a> {
    canvas: &'a mut RgbImage,
    font: &'a FontRef<'static>,
    ink: [u8; 3],
}

impl Pen<'_> {
    /// Whether the font has every letter of a text.
    fn has(&self, text: &str) -> bool {
        let has = |letter| self.font.glyph_id(letter).0 != 0;
        text.chars()
            .all(|letter| letter.is_whitespace() || has(letter))
    }

    /// The largest of the sizes in which a text fits `across` pixels, and its lines; the smallest with an ellipsis when it fits in none.
    fn fit(&self, text: &str, across: f64, unit: f64) -> (f64, Vec<String>) {
        let mut last = (0.0, Vec::new());
        for (share, most) in SIZES {
            let height = unit * share;
            let mut lines = self.wrap(text, across, height);
            let fits =
                lines.len() <= most && lines.iter().all(|line| self.width(line, height) <= across);
            if fits {
                return (height, lines);
            }
            lines.truncate(most);
            last = (height, lines);
        }
        let (height, mut lines) = last;
        for line in &mut lines {
            if self.width(line, height) > across {
                *line = self.shortened(line, across, height);
            }
        }
        // The words left out are more than the line shows, so it ends in an ellipsis in any case.
        if let Some(end) = lines.last_mut().filter(|end| !end.ends_with('…')) {
            *end = self.shortened(&format!("{end} …"), across, height);
        }
        (height, lines)
    }

    /// The words of a text in lines of at most `across` pixels; a longer word has a line of its own.
    fn wrap(&self, text: &str, across: f64, height: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            if let Some(line) = lines.last_mut() {
                let longer = format!("{line} {word}");
                if self.width(&longer, height) <= across {
                    *line = longer;
                    continue;
                }
            }
            lines.push(word.to_owned());
        }
        lines
    }

    /// As much of a line as fits with an ellipsis.
    fn shortened(&self, line: &str, across: f64, height: f64) -> String {
        let mut kept = line.trim_end_matches(['…', ' ']).to_owned();
        while !kept.is_empty() && self.width(&format!("{kept}…"), height) > across {
            kept.pop();
        }
        format!("{}…", kept.trim_end())
    }

    fn width(&self, text: &str, height: f64) -> f64 {
        let font = self.font.as_scaled(scale(height));
        text.chars()
            .map(|letter| f64::from(font.h_advance(font.glyph_id(letter))))
            .sum()
    }

    /// Writes a line with its top left at a point, in pixels; gives where it ends.
    fn write(&mut self, text: &str, (left, top): (f64, f64), height: f64) -> f64 {
        let font = self.font.as_scaled(scale(height));
        // The capitals begin at the top; what the font keeps free above them is left out.
        let baseline = top + height * 0.73;
        let mut at = left;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            let glyph =
                id.with_scale_and_position(scale(height), point(narrow(at), narrow(baseline)));
            at += f64::from(font.h_advance(id));
            let Some(outline) = self.font.outline_glyph(glyph) else {
                continue;
            };
            let bounds = outline.px_bounds().min;
            outline.draw(|x, y, cover| {
                let place = (
                    inside(f64::from(bounds.x) + f64::from(x), self.canvas.width()),
                    inside(f64::from(bounds.y) + f64::from(y), self.canvas.height()),
                );
                let (Some(x), Some(y)) = place else { return };
                let under = self.canvas.get_pixel_mut(x, y);
                let cover = f64::from(cover).min(1.0);
                for (under, ink) in under.0.iter_mut().zip(self.ink) {
                    *under = byte(f64::from(*under) * (1.0 - cover) + f64::from(ink) * cover);
                }
            });
        }
        at
    }
}

/// The scale in which the em of DejaVu is `height` pixels high: its line, which `PxScale` means, is 1.164 em.
fn scale(height: f64) -> PxScale {
    PxScale::from(narrow(height * 1.164))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "some thousands of pixels, and a hundredth of one does not matter"
)]
fn narrow(value: f64) -> f32 {
    value as f32
}

/// A pixel of the canvas; `None` beside it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "compared with both ends on the line before"
)]
fn inside(value: f64, end: u32) -> Option<u32> {
    (value >= 0.0 && value < f64::from(end)).then_some(value as u32)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a byte on the line itself"
)]
fn byte(value: f64) -> u8 {
    value.clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the play badge begins, as a share of the height.
    const BADGE: f64 = 1.0 / 3.0;

    const ACCENT: [u8; 3] = [0x0f, 0x5e, 0x63];

    fn words(title: &str) -> PosterTitle {
        PosterTitle {
            number: Some(12),
            title: title.to_owned(),
            is_ready: true,
        }
    }

    /// The rows, as shares of the height, and columns, as shares of the width, in which something is written.
    fn written(words: &PosterTitle, size: (u32, u32)) -> [f64; 4] {
        let (drawn, bare) = (draw(words, ACCENT, size).unwrap(), ground(ACCENT, size));
        let pixels = drawn.enumerate_pixels().zip(bare.pixels());
        let other = pixels.filter(|((_, _, one), bare)| one != bare);
        let places: Vec<(u32, u32)> = other.map(|((x, y, _), _)| (x, y)).collect();
        let rows = || {
            places
                .iter()
                .map(|(_, y)| f64::from(*y) / f64::from(size.1))
        };
        let columns = || {
            places
                .iter()
                .map(|(x, _)| f64::from(*x) / f64::from(size.0))
        };
        [
            rows().fold(1.0, f64::min),
            rows().fold(0.0, f64::max),
            columns().fold(1.0, f64::min),
            columns().fold(0.0, f64::max),
        ]
    }

    #[test]
    fn words_stay_above_the_buttons_and_within_the_picture() {
        let long = "Waarom online jongerenwerk geen vervanging is van de straat maar er iets aan toevoegt ".repeat(4);
        let unbroken = "Jongerenwerkersvergadering".repeat(9);
        for title in [
            "Risico’s",
            "Zijn waar jongeren zijn: online én op straat",
            &long,
            &unbroken,
        ] {
            for width in [300, 480, 1280] {
                let size = (width, poster_play::height(width));
                let [top, foot, left, right] = written(&words(title), size);
                assert!(
                    top > 0.05 && foot <= BADGE,
                    "{title} {width}: {top} to {foot}"
                );
                assert!(
                    left > 0.03 && right < 0.97,
                    "{title} {width}: {left} to {right}"
                );
            }
        }
    }

    #[test]
    fn it_is_read_on_a_light_and_on_a_dark_accent() {
        for (accent, ink) in [([0xff, 0xd6, 0x00], 0), (ACCENT, 255)] {
            let drawn = draw(&words("Veilig"), accent, (480, 270)).unwrap();
            assert!(
                drawn.pixels().any(|pixel| pixel.0 == [ink; 3]),
                "{accent:?}"
            );
        }
    }

    #[test]
    fn a_title_that_the_font_cannot_write_leaves_the_number() {
        let only_number = written(&words(""), (480, 270));
        assert_eq!(written(&words("オンライン"), (480, 270)), only_number);
        assert!(only_number[3] < 0.4);
        let nothing = PosterTitle {
            number: None,
            ..words("")
        };
        assert_eq!(
            draw(&nothing, ACCENT, (480, 270)).unwrap(),
            ground(ACCENT, (480, 270))
        );
    }
}
