//! The accent colour of an association. In: the accent from the settings. Out: the beginning of the style sheet, with the roles that
//! depend on it, for light and dark mode, readable with any accent (WCAG 2.2 §1.4.3: 4.5 to 1).
//!
//! A colour that is too light or too dark keeps its hue: its lightness in OKLab is changed in steps until it is readable.

use std::fmt::Write as _;

/// An sRGB colour, eight bits per channel.
type Rgb = [u8; 3];

/// The grounds in `assets/style.css` below text in the accent colour; a test compares the two files.
const LIGHT: Scheme = Scheme {
    ground: [0xfc, 0xfb, 0xf8],
    surface: [0xf3, 0xf0, 0xea],
    readable_end: 0.0,
};
const DARK: Scheme = Scheme {
    ground: [0x15, 0x15, 0x17],
    surface: [0x20, 0x20, 0x23],
    readable_end: 1.0,
};

/// Contrast ratios of WCAG 2.2 §1.4.3 and §1.4.6.
const READABLE: f64 = 4.5;
const VERY_READABLE: f64 = 7.0;

/// A higher contrast for dark grounds, where a colour that barely passes looks dull.
const CLEAR: f64 = 6.5;

/// Share of the accent in a tinted ground.
const TINT: f64 = 0.09;

/// Steps of lightness that are tried; finer ones are not visible.
const STEPS: u16 = 200;

struct Scheme {
    ground: Rgb,
    surface: Rgb,
    /// The most readable lightness on these grounds: that of black or white.
    readable_end: f64,
}

/// The rules with the roles of an accent colour as custom properties.
pub fn theme_css(accent: Rgb) -> String {
    // The rules are in a layer of their own, before those of style.css, so that each of those overrides them.
    let mut css = "@layer theme {\n".to_owned();
    let blocks = [
        (None, &LIGHT, READABLE),
        (Some("(prefers-contrast: more)"), &LIGHT, VERY_READABLE),
        (Some("(prefers-color-scheme: dark)"), &DARK, CLEAR),
        (
            Some("(prefers-color-scheme: dark) and (prefers-contrast: more)"),
            &DARK,
            VERY_READABLE,
        ),
    ];
    for (condition, scheme, contrast) in blocks {
        let roles = roles(accent, scheme, contrast);
        // Writing to a string cannot fail.
        let _ = match condition {
            Some(condition) => writeln!(css, "@media {condition} {{\n  :root {{ {roles} }}\n}}"),
            None => writeln!(css, ":root {{ {roles} }}"),
        };
    }
    css.push_str("}\n");
    css
}

/// The colour that replaces an accent that is unreadable on a light page; `None` when the accent is used unchanged.
pub fn adjusted(accent: Rgb) -> Option<String> {
    let readable = readable(accent, &LIGHT, READABLE);
    (readable != accent).then(|| hex(readable))
}

/// The colours for a mail, which has a white ground: the ground of a button and its label, as `#rrggbb`.
pub fn mail(accent: Rgb) -> [String; 2] {
    let accent = readable(accent, &LIGHT, READABLE);
    [hex(accent), hex(on(accent))]
}

/// The grounds of a page in light and dark mode, for the browser bars of a phone.
pub fn grounds() -> [String; 2] {
    [hex(LIGHT.ground), hex(DARK.ground)]
}

/// A colour as `#rrggbb`.
pub fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn roles(accent: Rgb, scheme: &Scheme, contrast: f64) -> String {
    let accent = readable(accent, scheme, contrast);
    format!(
        "--accent: {}; --on-accent: {}; --tint: {};",
        hex(accent),
        hex(on(accent)),
        hex(tint(accent, scheme)),
    )
}

/// Black or white, whichever is more readable on a colour.
pub fn on(colour: Rgb) -> Rgb {
    let (black, white) = ([0; 3], [255; 3]);
    match contrast(colour, white) >= contrast(colour, black) {
        true => white,
        false => black,
    }
}

fn tint(accent: Rgb, scheme: &Scheme) -> Rgb {
    std::array::from_fn(|channel| {
        let (ground, accent) = (
            f64::from(scheme.ground[channel]),
            f64::from(accent[channel]),
        );
        byte((ground + (accent - ground) * TINT) / 255.0)
    })
}

/// The colour itself, or its nearest lightness that is readable on every ground of the scheme.
fn readable(colour: Rgb, scheme: &Scheme, wanted: f64) -> Rgb {
    let is_readable = |candidate: Rgb| {
        [scheme.ground, scheme.surface, tint(candidate, scheme)]
            .into_iter()
            .all(|ground| contrast(candidate, ground) >= wanted)
            && contrast(candidate, on(candidate)) >= READABLE
    };
    if is_readable(colour) {
        return colour;
    }
    let [lightness, a, b] = to_oklab(colour);
    // Chroma is reduced towards black and white, where less of it can be shown, and hardly at all near the original lightness.
    let room = |way: f64| 1.0 - way * way;
    let end = scheme.readable_end;
    (1..=STEPS)
        .map(|step| f64::from(step) / f64::from(STEPS))
        .map(|way| {
            from_oklab([
                lightness + (end - lightness) * way,
                a * room(way),
                b * room(way),
            ])
        })
        .find(|candidate| is_readable(*candidate))
        .unwrap_or([byte(end); 3])
}

/// The contrast ratio of WCAG 2.2.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The relative luminance of WCAG 2.2.
fn luminance(colour: Rgb) -> f64 {
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The linear value, 0 to 1, of an encoded channel (IEC 61966-2-1).
fn linear(encoded: u8) -> f64 {
    let value = f64::from(encoded) / 255.0;
    match value <= 0.040_45 {
        true => value / 12.92,
        false => ((value + 0.055) / 1.055).powf(2.4),
    }
}

fn encoded(linear: f64) -> u8 {
    byte(match linear <= 0.003_130_8 {
        true => linear * 12.92,
        false => 1.055 * linear.powf(1.0 / 2.4) - 0.055,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=255 just before; a float has no other way to a byte"
)]
fn byte(value: f64) -> u8 {
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

/// A colour in Ottosson's OKLab (lightness, green to red, blue to yellow), as CSS Color 4 §9.2 defines it.
fn to_oklab(colour: Rgb) -> [f64; 3] {
    let [r, g, b] = colour.map(linear);
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

/// The sRGB colour of an OKLab colour; values out of range are clipped.
fn from_oklab([lightness, a, b]: [f64; 3]) -> Rgb {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        encoded(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
        encoded(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
        encoded(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test colours: every 32nd value of each channel and both ends, 729 in all.
    fn colours() -> impl Iterator<Item = Rgb> {
        let steps = [0u8, 32, 64, 96, 128, 160, 192, 224, 255];
        steps.into_iter().flat_map(move |red| {
            steps
                .into_iter()
                .flat_map(move |green| steps.into_iter().map(move |blue| [red, green, blue]))
        })
    }

    #[test]
    fn every_accent_is_readable_on_every_ground() {
        for (scheme, muted) in [(&LIGHT, [0x5d, 0x58, 0x50]), (&DARK, [0xab, 0xa6, 0x9d])] {
            for colour in colours() {
                for wanted in [READABLE, CLEAR, VERY_READABLE] {
                    let accent = readable(colour, scheme, wanted);
                    let tint = tint(accent, scheme);
                    for ground in [scheme.ground, scheme.surface, tint] {
                        assert!(
                            contrast(accent, ground) >= wanted,
                            "{colour:?} became {accent:?}"
                        );
                    }
                    assert!(contrast(accent, on(accent)) >= READABLE, "{colour:?}");
                    assert!(
                        contrast(muted, tint) >= READABLE,
                        "{colour:?}: tint {tint:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_accent_that_can_be_read_stays_as_it_was_chosen() {
        assert_eq!(
            readable([0x0f, 0x5e, 0x63], &LIGHT, READABLE),
            [0x0f, 0x5e, 0x63]
        );
        assert_eq!(adjusted([0x0f, 0x5e, 0x63]), None);
        assert!(adjusted([0xff, 0xe6, 0x00]).is_some());
    }

    #[test]
    fn an_accent_that_cannot_be_read_keeps_its_hue() {
        let [red, green, blue] = readable([0xff, 0x30, 0x30], &LIGHT, VERY_READABLE);
        assert!(red > 2 * green.max(blue), "{red} {green} {blue}");
        for colour in colours() {
            let [one, two, three] = from_oklab(to_oklab(colour));
            let distance = one
                .abs_diff(colour[0])
                .max(two.abs_diff(colour[1]))
                .max(three.abs_diff(colour[2]));
            assert!(
                distance <= 1,
                "{colour:?} came back as {:?}",
                [one, two, three]
            );
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let css = include_str!("assets/style.css");
        for (scheme, muted) in [(&LIGHT, "#5d5850"), (&DARK, "#aba69d")] {
            for role in [
                format!("--ground: {};", hex(scheme.ground)),
                format!("--surface: {};", hex(scheme.surface)),
                format!("--muted: {muted};"),
            ] {
                assert!(css.contains(&role), "{role}");
            }
        }
    }

    #[test]
    fn the_style_sheet_holds_light_dark_and_more_contrast() {
        let css = theme_css([0xff, 0xe6, 0x00]);
        assert_eq!(css.matches("--accent: #").count(), 4, "{css}");
        assert!(!css.contains('<'));
    }
}
