//! The poster of a recording for mails: cropped to 16:9 at exactly the requested width, with a play badge drawn in, because mail
//! programs cannot lay one picture over another. In: a JPEG. Out: a baseline JPEG of at most 200 kB.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, RgbImage};
use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Transform};

use crate::error::{Error, Result};

/// Widths in pixels: a column, a mail, and a mail on a high-resolution screen.
pub const WIDTHS: [u32; 3] = [300, 600, 1200];

/// Version of the drawing; a new one keeps stored pictures of the old one from being sent.
pub const RECIPE: u32 = 1;

/// The largest picture in bytes; mail programs and their proxies become slow with larger ones.
const LARGEST: usize = 200 * 1000;

/// Qualities that are tried until the picture is small enough; the last one suffices even for noise.
const QUALITIES: [u8; 7] = [84, 76, 66, 54, 40, 20, 8];

/// Height of a 16:9 picture of this width.
pub fn height(width: u32) -> u32 {
    (width * 9).div_ceil(16)
}

/// Draws the picture for mails. `poster`: a rendered JPEG.
///
/// Errors when it cannot be decoded.
pub fn draw(poster: &[u8], width: u32) -> Result<Vec<u8>> {
    let picture = decode(poster)?;
    // The middle of the poster is cropped to exactly this size, which a mail states before the picture has loaded.
    let cut = picture.resize_to_fill(width, height(width), FilterType::CatmullRom);
    let mut canvas = cut.to_rgb8();
    lay_badge(&mut canvas)?;
    encode(&canvas)
}

/// Side of a cover in pixels: the minimum that Apple accepts.
pub const COVER: u32 = 1400;

/// Draws the whole poster in the middle of a square `ground`, as large as fits.
///
/// Errors when it cannot be decoded.
pub fn cover(poster: &[u8], mut ground: RgbImage) -> Result<Vec<u8>> {
    let picture = decode(poster)?;
    let fitted = picture.resize(ground.width(), ground.height(), FilterType::CatmullRom);
    let left = i64::from((ground.width() - fitted.width()) / 2);
    let top = i64::from((ground.height() - fitted.height()) / 2);
    image::imageops::overlay(&mut ground, &fitted.to_rgb8(), left, top);
    encode(&ground)
}

fn decode(poster: &[u8]) -> Result<DynamicImage> {
    image::load_from_memory_with_format(poster, ImageFormat::Jpeg).map_err(Error::internal)
}

/// The canvas as a baseline JPEG of at most 200 kB.
pub fn encode(canvas: &RgbImage) -> Result<Vec<u8>> {
    let mut made = Vec::new();
    for quality in QUALITIES {
        let mut bytes = Cursor::new(Vec::new());
        JpegEncoder::new_with_quality(&mut bytes, quality)
            .encode_image(canvas)
            .map_err(Error::internal)?;
        made = bytes.into_inner();
        if made.len() <= LARGEST {
            break;
        }
    }
    Ok(made)
}

/// Draws a dark disc with a light triangle in the middle, visible on light and dark pictures.
pub fn lay_badge(canvas: &mut RgbImage) -> Result<()> {
    let side = canvas.height() / 3;
    let badge = badge(side).ok_or_else(|| Error::internal("a badge of no size"))?;
    let (left, top) = ((canvas.width() - side) / 2, (canvas.height() - side) / 2);
    for (index, pixel) in (0_u32..).zip(badge.pixels()) {
        let (x, y) = (left + index % side, top + index / side);
        let alpha = u32::from(pixel.alpha());
        let under = canvas.get_pixel_mut(x, y);
        // The channels of the badge are premultiplied by its alpha.
        let over = [pixel.red(), pixel.green(), pixel.blue()];
        for (under, over) in under.0.iter_mut().zip(over) {
            let mixed = u32::from(over) + u32::from(*under) * (255 - alpha) / 255;
            *under = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    Ok(())
}

fn badge(side: u32) -> Option<Pixmap> {
    let mut map = Pixmap::new(side, side)?;
    #[expect(clippy::cast_precision_loss, reason = "some hundreds of pixels")]
    let size = side as f32;
    let middle = size / 2.0;
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    let mut fill = |path: Option<tiny_skia::Path>, colour: Color| {
        paint.set_color(colour);
        if let Some(path) = path {
            let as_it_is = Transform::identity();
            map.fill_path(&path, &paint, FillRule::Winding, as_it_is, None);
        }
    };
    // A thin light edge makes the disc visible on a dark picture.
    let edge = PathBuilder::from_circle(middle, middle, middle - 1.0);
    fill(edge, Color::from_rgba(1.0, 1.0, 1.0, 0.85)?);
    let disc = PathBuilder::from_circle(middle, middle, middle - 1.0 - size * 0.025);
    fill(disc, Color::from_rgba(0.08, 0.08, 0.09, 0.9)?);
    // The centre of gravity of the triangle, a third from its left edge, is in the middle.
    let (reach, half) = (size * 0.34, size * 0.2);
    let left = middle - reach / 3.0;
    let mut triangle = PathBuilder::new();
    triangle.move_to(left, middle - half);
    triangle.line_to(left + reach, middle);
    triangle.line_to(left, middle + half);
    triangle.close();
    fill(triangle.finish(), Color::WHITE);
    Some(map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn jpeg(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let canvas = RgbImage::from_fn(width, height, |x, y| Rgb(colour(x, y)));
        let mut bytes = Cursor::new(Vec::new());
        JpegEncoder::new_with_quality(&mut bytes, 95)
            .encode_image(&canvas)
            .unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_badge_is_seen_on_a_light_and_on_a_dark_picture() {
        for ground in [[250; 3], [5; 3]] {
            for width in WIDTHS {
                let made = draw(&jpeg(480, 270, |_, _| ground), width).unwrap();
                let picture = image::load_from_memory(&made).unwrap().to_rgb8();
                assert_eq!(picture.dimensions(), (width, height(width)));
                let at = |x: u32, y: u32| i32::from(picture.get_pixel(x, y).0[0]);
                let (middle, half) = (width / 2, height(width) / 2);
                // The triangle is white, the disc is dark, and the corner shows the poster.
                assert!(at(middle, half) > 230, "{}", at(middle, half));
                assert!(at(middle - width / 14, half) < 60);
                assert!((at(2, 2) - i32::from(ground[0])).abs() < 8);
            }
        }
    }

    #[test]
    fn it_is_a_baseline_jpeg_that_is_small_whatever_it_shows() {
        let noise = |x: u32, y: u32| {
            let hash = blake3::hash(&[x.to_le_bytes(), y.to_le_bytes()].concat());
            [hash.as_bytes()[0], hash.as_bytes()[1], hash.as_bytes()[2]]
        };
        // This picture is taller than wide, and consists of noise.
        let made = draw(&jpeg(1280, 1500, noise), 1200).unwrap();
        assert!(made.len() <= LARGEST, "{}", made.len());
        // The JPEG has SOF0 (ITU-T T.81 §B.2.2) and no SOF2, because Outlook draws progressive ones badly.
        assert!(made.windows(2).any(|marker| marker == [0xff, 0xc0]));
        assert!(!made.windows(2).any(|marker| marker == [0xff, 0xc2]));
        assert!(draw(b"no picture", 600).is_err());
    }
}
