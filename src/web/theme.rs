//! The accent colour of an association → shades of it that can be read. In: red, green and blue from the settings. Out: the
//! few custom properties that the style sheet builds on, for light and dark.

/// The ground of the page, light and dark; the same as in `style.css`.
const GROUND: [u8; 3] = [0xfb, 0xfa, 0xf7];
const DARK_GROUND: [u8; 3] = [0x13, 0x18, 0x1a];

/// The surface that stands out from the ground; the same as in `style.css`.
const SURFACE: [u8; 3] = [0xf1, 0xef, 0xe8];
const DARK_SURFACE: [u8; 3] = [0x1f, 0x26, 0x29];

/// WCAG 2.2 §1.4.3 asks 4.5 for text; a little more leaves room for tints behind it.
const READABLE: f64 = 4.8;

/// The style sheet with the accent colour.
pub fn css(accent: [u8; 3]) -> String {
    let (light, dark) = (
        on(accent, [GROUND, SURFACE]),
        on(accent, [DARK_GROUND, DARK_SURFACE]),
    );
    format!(
        ":root{{--accent-light:{};--accent-dark:{};--brand:{}}}\n",
        hex(light),
        hex(dark),
        hex(accent)
    )
}

/// The shade that is used for text on a light page, when the colour itself would be hard to read there.
pub fn adjusted(accent: [u8; 3]) -> Option<String> {
    let shade = on(accent, [GROUND, SURFACE]);
    (shade != accent).then(|| hex(shade))
}

/// The nearest shade of `colour` that can be read on all of these grounds: darker on light ones, lighter on dark ones.
fn on(colour: [u8; 3], grounds: [[u8; 3]; 2]) -> [u8; 3] {
    let goal = if luminance(grounds[0]) > 0.5 {
        0.0
    } else {
        255.0
    };
    let steps = (0..=50u8).map(|step| {
        let share = f64::from(step) / 50.0;
        colour.map(|channel| channel_of(f64::from(channel) + (goal - f64::from(channel)) * share))
    });
    let mut last = colour;
    for shade in steps {
        last = shade;
        if grounds
            .iter()
            .all(|ground| contrast(shade, *ground) >= READABLE)
        {
            break;
        }
    }
    last
}

/// WCAG 2.2, "contrast ratio".
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// WCAG 2.2, "relative luminance".
fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a byte on the line itself"
)]
fn channel_of(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_can_be_read_in_light_and_in_dark() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    let colour = [red, green, blue];
                    for grounds in [[GROUND, SURFACE], [DARK_GROUND, DARK_SURFACE]] {
                        let shade = on(colour, grounds);
                        for ground in grounds {
                            assert!(
                                contrast(shade, ground) >= 4.5,
                                "{colour:?} → {shade:?} on {ground:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_readable_colour_stays_as_it_is() {
        assert_eq!(adjusted([0x0f, 0x5e, 0x63]), None);
        assert!(adjusted([0xff, 0xdd, 0x00]).is_some());
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let sheet = include_str!("assets/style.css");
        for colour in [GROUND, SURFACE, DARK_GROUND, DARK_SURFACE] {
            assert!(sheet.contains(&hex(colour)), "{}", hex(colour));
        }
    }
}
