//! An address as a QR code for print (ISO/IEC 18004), with the quiet zone of four modules that readers need (§9.1).

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};

use crate::error::{Error, Result};

/// Pixels of a module: enough to print a code of 10 cm.
const MODULE: u32 = 24;
const QUIET: u32 = 4;

/// The code as SVG, black on white, scalable.
///
/// Errors when the address is longer than a code can hold (2,331 bytes).
pub fn svg(address: &str) -> Result<String> {
    Ok(code(address)?
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build())
}

/// The code as PNG.
pub fn png(address: &str) -> Result<Vec<u8>> {
    let code = code(address)?;
    let modules = u32::try_from(code.width()).map_err(Error::internal)?;
    let colours = code.to_colors();
    let side = (modules + 2 * QUIET) * MODULE;
    let canvas = GrayImage::from_fn(side, side, |x, y| {
        let at = |pixel: u32| {
            (pixel / MODULE)
                .checked_sub(QUIET)
                .filter(|at| *at < modules)
        };
        let is_dark = at(x)
            .zip(at(y))
            .and_then(|(x, y)| colours.get(usize::try_from(y * modules + x).ok()?))
            == Some(&Color::Dark);
        Luma([if is_dark { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    canvas
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(Error::internal)?;
    Ok(bytes.into_inner())
}

/// A code that stays readable with about a tenth of it damaged.
fn code(address: &str) -> Result<QrCode> {
    QrCode::with_error_correction_level(address, EcLevel::M).map_err(Error::internal)
}
