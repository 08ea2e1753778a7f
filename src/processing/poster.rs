//! Renders the sizes of a poster. In: the picture file of a recording, of any claimed type. Out: JPEGs in the data folder in the
//! widths that pages use, without the metadata of the picture (place, camera, comments).

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use super::work::{Rows, Work, done};
use crate::app::App;
use crate::catalogue::poster::{self, WIDTHS};
use crate::catalogue::recording;
use crate::error::{Error, Result};

/// The largest picture file that is read, in bytes.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;

/// The largest side in pixels, because a small file can unpack to a picture that fills the memory.
const LARGEST_SIDE: u32 = 12_000;

/// The memory that decoding may take, in bytes, with what the decoder needs besides: enough for 50 megapixels of a phone, or
/// 18 of a progressive JPEG. A server with 1 GB has as much to spare, and no more.
const LARGEST_MEMORY: u64 = 160 * 1024 * 1024;

/// The side in pixels to which a picture is brought before anything else is done with it: twice the largest width, from which the
/// sizes are then made with more care.
const WORKED_ON: u32 = 2560;

/// The JPEG quality at which a photograph shows no blocks and the text on a slide stays sharp.
const QUALITY: u8 = 82;

/// Renders the sizes of the recording's poster, unless the poster is gone, which the next scan notices.
pub async fn run(app: &App, work: &Work) -> Result<Rows> {
    let recording_id = work.job.recording_id;
    let found = app.db.read(move |conn| {
        let poster = poster::of_recording(conn, recording_id)?;
        Ok((poster, recording::public_id(conn, recording_id)?))
    });
    let (Some(poster), public_id) = found.await? else {
        return Ok(done());
    };
    let version = poster.version.clone();
    let made = app.library.run(move |library| {
        let Some(bytes) = library.read(&poster.place.folder, &poster.place.file, LARGEST_FILE)?
        else {
            return Ok(());
        };
        let picture = decode(&bytes)?;
        for width in WIDTHS {
            let name = poster::file_name(&public_id, &poster.version, width);
            library.write_picture(&name, &resized(&picture, width)?)?;
        }
        let current = format!("{public_id}-{}-", poster.version);
        library.keep_pictures(public_id.as_str(), &current)
    });
    made.await?;
    Ok(Box::new(move |conn, _| {
        poster::mark_rendered(conn, recording_id, &version)
    }))
}

/// The picture, upright, with sides of at most [`WORKED_ON`].
pub(super) fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    let mut decoder = decoder(bytes)?;
    // A phone stores a picture as its sensor captured it and records the orientation in Exif (Exif 2.32, tag 0x0112).
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(Error::internal)?;
    if picture.width().max(picture.height()) > WORKED_ON {
        picture = picture.thumbnail(WORKED_ON, WORKED_ON);
    }
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// The decoder of a picture of any type, which has read its head.
///
/// Errors when it is no picture, or when decoding it takes more memory than there is.
pub fn decoder(bytes: &[u8]) -> Result<impl ImageDecoder> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(LARGEST_MEMORY);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(Error::internal)?;
    // The limit above holds for what a decoder allocates by itself, and not for the picture, which is allocated for it.
    let factor = if is_progressive(bytes) { 3 } else { 1 };
    let needed = decoder.total_bytes().saturating_mul(factor);
    if needed > LARGEST_MEMORY {
        let (width, height) = decoder.dimensions();
        return Err(Error::internal(format!(
            "a picture of {width} × {height} takes {needed} bytes to decode"
        )));
    }
    Ok(decoder)
}

/// Whether this is, or may be, a progressive JPEG: its decoder holds a coefficient of two bytes for each sample until the last scan
/// (ITU-T T.81 §G, marker SOF2). What cannot be followed up to the frame counts as one.
fn is_progressive(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(b"\xff\xd8") else {
        return false;
    };
    // Each segment is a marker and a length that counts itself (§B.1.1.4).
    while let [0xff, marker, high, low, ..] = *rest {
        match marker {
            // Baseline and extended sequential frames are decoded row by row.
            0xc0 | 0xc1 => return false,
            0xc2..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => return true,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        rest = rest.get(2 + length..).unwrap_or_default();
    }
    true
}

/// The picture as a JPEG of at most `width` pixels wide, never enlarged, with transparent parts on white.
fn resized(picture: &DynamicImage, width: u32) -> Result<Vec<u8>> {
    let smaller = match picture.width() > width {
        true => picture.resize(width, u32::MAX, FilterType::CatmullRom),
        false => picture.clone(),
    };
    let white = image::Rgba([255; 4]);
    let mut flat = image::RgbaImage::from_pixel(smaller.width(), smaller.height(), white);
    imageops::overlay(&mut flat, &smaller.to_rgba8(), 0, 0);
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(&DynamicImage::from(flat).to_rgb8())
        .map_err(Error::internal)?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(width, height)
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_large_picture_becomes_smaller_and_a_small_one_stays() {
        for (width, expected) in [(2000, 480), (300, 300)] {
            let made = resized(&decode(&png(width, 100)).unwrap(), 480).unwrap();
            let again = image::load_from_memory(&made).unwrap();
            assert_eq!(again.width(), expected);
            // Transparent parts become white, not black.
            assert!(
                again
                    .to_rgb8()
                    .get_pixel(1, 1)
                    .0
                    .iter()
                    .all(|channel| *channel > 250)
            );
        }
    }

    #[test]
    fn a_picture_taken_upright_stands_upright() {
        let mut jpeg = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(40, 20)
            .write_to(&mut jpeg, image::ImageFormat::Jpeg)
            .unwrap();
        let jpeg = jpeg.into_inner();
        assert_eq!(decode(&jpeg).unwrap().width(), 40);
        // An APP1 segment with one entry of IFD0: orientation 6, a quarter turn to the right.
        let tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut turned = jpeg[..2].to_vec();
        turned.extend(b"\xff\xe1");
        turned.extend(u16::try_from(2 + 6 + tiff.len()).unwrap().to_be_bytes());
        turned.extend(b"Exif\0\0");
        turned.extend(tiff);
        turned.extend(&jpeg[2..]);
        let picture = decode(&turned).unwrap();
        assert_eq!((picture.width(), picture.height()), (20, 40));
    }

    #[test]
    fn what_a_decoder_needs_besides_is_counted() {
        let segments = |marker: u8| {
            let mut jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc4\0\x02".to_vec();
            jpeg.extend([0xff, marker, 0, 2]);
            jpeg.extend(b"\xff\xda\0\x02\xff\xc2\0\x02");
            jpeg
        };
        assert!(is_progressive(&segments(0xc2)));
        assert!(!is_progressive(&segments(0xc0)));
        // What a decoder may read in another way is counted as the larger one.
        for odd in [
            &b"\xff\xd8\xff\xff\xc2\0\x02"[..],
            b"\xff\xd8\0\xff\xc2\0\x02",
            b"\xff\xd8",
            b"\xff\xd8\xff\xe0\xff\xff",
            b"\xff\xd8\xff\xe0\0\0",
        ] {
            assert!(is_progressive(odd), "{odd:?}");
        }
        assert!(!is_progressive(b"") && !is_progressive(b"\x89PNG"));
    }

    #[test]
    fn a_picture_that_is_tall_takes_no_more_than_others() {
        let picture = decode(&png(1000, LARGEST_SIDE)).unwrap();
        assert_eq!((picture.width(), picture.height()), (213, WORKED_ON));
    }

    #[test]
    fn a_picture_that_unpacks_to_more_than_a_memory_is_refused() {
        assert!(decode(&png(LARGEST_SIDE + 1, 1)).is_err());
        // Pictures that say in their head how large they are, and hold nothing: one that is over the limit, and one that is over it
        // because of the coefficients of a progressive JPEG (ITU-T T.81 §B.2.2: marker, length, precision, height, width).
        for (marker, width, height) in [(0xc0, 8192u16, 6827u16), (0xc2, 5000, 4000)] {
            let mut jpeg = Cursor::new(Vec::new());
            DynamicImage::new_rgb8(8, 8)
                .write_to(&mut jpeg, image::ImageFormat::Jpeg)
                .unwrap();
            let mut jpeg = jpeg.into_inner();
            let head = jpeg.windows(2).position(|at| at == [0xff, 0xc0]).unwrap();
            jpeg[head + 1] = marker;
            jpeg[head + 5..head + 7].copy_from_slice(&height.to_be_bytes());
            jpeg[head + 7..head + 9].copy_from_slice(&width.to_be_bytes());
            let refused = decode(&jpeg).unwrap_err().to_string();
            let sentence = format!("a picture of {width} × {height} takes");
            assert!(refused.contains(&sentence), "{refused}");
        }
        assert!(decode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").is_err());
    }
}
