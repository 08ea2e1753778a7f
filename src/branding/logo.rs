//! The logo of the association. In: the name of a file and its bytes, from anybody. Out: a [`Logo`] that a page can show, or what is
//! wrong with it.

use std::fs::File;
use std::io::{Cursor, Read as _};
use std::path::Path;
use std::sync::Arc;

use image::{ImageDecoder, ImageFormat, ImageReader, Limits};

/// Largest logo in bytes; a reasonable one has some dozens of kB.
pub const LARGEST: u64 = 2 * 1024 * 1024;

/// The largest side in pixels: the page shows it 40 pixels high, and a small file can unpack to a picture that fills the memory.
pub const LARGEST_SIDE: u32 = 3000;

/// The memory that decoding may take, in bytes: a picture of that side in four channels, as a progressive JPEG holds it.
const LARGEST_MEMORY: u64 = 112 * 1024 * 1024;

/// The endings of pictures that browsers show.
const ENDINGS: [&str; 5] = ["svg", "png", "jpg", "jpeg", "webp"];

/// What draws no picture in an SVG, in small letters: what runs script, holds other documents, or unpacks to what it likes.
const ACTIVE: [&str; 8] = [
    "<script",
    ":script",
    "foreignobject",
    "<iframe",
    "<!entity",
    "<embed",
    "javascript:",
    "<object",
];

/// A picture that a page can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// The ending of its name, in small letters.
    pub ending: &'static str,
    pub bytes: Arc<[u8]>,
    /// The hash of the bytes.
    pub hash: blake3::Hash,
}

/// Why a file is no logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoFault {
    /// No picture, or one of another format.
    Odd,
    /// Too many bytes or pixels.
    Large,
    /// An SVG that does more than draw.
    Active,
}

impl LogoFault {
    /// The fault in words, for whoever edits the file.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Odd => "is not an SVG, PNG, JPEG or WebP picture",
            Self::Large => "is larger than 2 MB or 3000 pixels",
            Self::Active => "does more than draw: it holds script, another document or entities",
        }
    }
}

impl Logo {
    /// A picture of this format.
    pub fn of(ending: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            ending,
            hash: blake3::hash(&bytes),
            bytes: bytes.into(),
        }
    }

    /// The picture in a file that the settings name, taken as it is; `None`, and a line in the log, when it cannot be shown.
    pub fn read(path: &Path) -> Option<Self> {
        let refuse = |why: &str| {
            tracing::warn!(path = %path.display(), "the logo {why}; the name is shown");
            None
        };
        let Some(ending) = path.to_str().and_then(ending_of) else {
            return refuse("is not an SVG, PNG, JPEG or WebP file");
        };
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) if is_large(&bytes) => refuse("is larger than 2 MB"),
            Ok(_) => Some(Self::of(ending, bytes)),
            Err(problem) => refuse(&format!("cannot be read ({problem})")),
        }
    }

    /// A picture, whose format is determined from its bytes: the name of a file that somebody sends says nothing.
    ///
    /// # Errors
    /// [`LogoFault`] when it cannot be decoded, is too large, or is more than a picture.
    pub fn check(bytes: Vec<u8>) -> Result<Self, LogoFault> {
        if is_large(&bytes) {
            return Err(LogoFault::Large);
        }
        let ending = match image::guess_format(&bytes) {
            Ok(ImageFormat::Png) => "png",
            Ok(ImageFormat::Jpeg) => "jpg",
            Ok(ImageFormat::WebP) => "webp",
            Ok(_) => return Err(LogoFault::Odd),
            Err(_) => return svg(&bytes).map(|()| Self::of("svg", bytes)),
        };
        decode(&bytes)?;
        Ok(Self::of(ending, bytes))
    }
}

fn is_large(bytes: &[u8]) -> bool {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST
}

/// Whether this names a picture file: one plain component with an ending that browsers show.
pub fn is_name(name: &str) -> bool {
    !name.starts_with('.') && !name.contains(['/', '\\', '\0']) && ending_of(name).is_some()
}

/// The ending of the name of a picture file, in small letters.
pub fn ending_of(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    let known = |it: &&str| it.eq_ignore_ascii_case(ending);
    ENDINGS.into_iter().find(known)
}

/// Decodes the whole picture, because one that breaks off is no logo.
fn decode(bytes: &[u8]) -> Result<(), LogoFault> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| LogoFault::Odd)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(LARGEST_MEMORY);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(fault)?;
    // A progressive JPEG holds as much again, twice, beside the picture.
    let needed = decoder.total_bytes().saturating_mul(3);
    let (width, height) = decoder.dimensions();
    if width.min(height) == 0 {
        return Err(LogoFault::Odd);
    }
    if width.max(height) > LARGEST_SIDE || needed > LARGEST_MEMORY {
        return Err(LogoFault::Large);
    }
    image::DynamicImage::from_decoder(decoder)
        .map(drop)
        .map_err(fault)
}

fn fault(problem: image::ImageError) -> LogoFault {
    match problem {
        image::ImageError::Limits(_) => LogoFault::Large,
        _ => LogoFault::Odd,
    }
}

/// Whether this is an SVG that only draws. It is sent with a policy that runs nothing, too: this is for whoever chose the wrong file.
fn svg(bytes: &[u8]) -> Result<(), LogoFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| LogoFault::Odd)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = root(text).ok_or(LogoFault::Odd)?;
    let after = root.strip_prefix("<svg").ok_or(LogoFault::Odd)?;
    let is_whole = after.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/')
        && (root.contains("</svg") || root.trim_end().ends_with("/>"));
    if !is_whole || !root.contains("http://www.w3.org/2000/svg") {
        return Err(LogoFault::Odd);
    }
    let small = text.to_lowercase();
    match ACTIVE.iter().any(|it| small.contains(it)) || has_handler(&small) {
        true => Err(LogoFault::Active),
        false => Ok(()),
    }
}

/// The text from the first tag that is no declaration and no comment.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!DOCTYPE") => ">",
            _ => return Some(rest),
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
}

/// Whether there is an attribute such as `onload`, in a text of small letters.
fn has_handler(text: &str) -> bool {
    let before = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/');
    text.match_indices("on").any(|(at, _)| {
        let rest = text[at..].trim_start_matches(|c: char| c.is_ascii_lowercase());
        text[..at].ends_with(before) && rest.trim_start().starts_with('=')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "http://www.w3.org/2000/svg";

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = image::DynamicImage::new_rgb8(width, height);
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn pictures_are_told_by_their_bytes() {
        assert_eq!(Logo::check(png(40, 20)).unwrap().ending, "png");
        let drawn = [
            format!("<svg xmlns=\"{SVG}\"><path d=\"M0 0h1\"/></svg>"),
            format!(
                "\u{feff}<?xml version=\"1.0\"?>\n<!-- <x> -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x.dtd\">\n<svg xmlns=\"{SVG}\" role=\"img\"><title font-family=\"only\">Zet de radio = on line</title></svg>\n"
            ),
            format!("<svg xmlns=\"{SVG}\" version=\"1\"/>"),
        ];
        for svg in drawn {
            assert_eq!(
                Logo::check(svg.clone().into_bytes()).map(|it| it.ending),
                Ok("svg"),
                "{svg}"
            );
        }
        for html in [
            "<html><script>alert(1)</script></html>",
            "<!DOCTYPE html><svg></svg>",
            "",
            "GIF89a",
            "<svg>",
            "<svgx xmlns=\"http://www.w3.org/2000/svg\"/>",
        ] {
            assert_eq!(Logo::check(html.into()), Err(LogoFault::Odd), "{html}");
        }
        let broken_off = png(40, 20)[..60].to_vec();
        assert_eq!(Logo::check(broken_off), Err(LogoFault::Odd));
        assert_eq!(Logo::check(png(LARGEST_SIDE + 1, 1)), Err(LogoFault::Large));
        assert_eq!(
            Logo::check(vec![b' '; 2 * 1024 * 1024 + 1]),
            Err(LogoFault::Large)
        );
    }

    #[test]
    fn an_svg_that_does_more_than_draw_is_refused() {
        for inside in [
            "<script>alert(1)</script>",
            "<SCRIPT href='x'/>",
            "<x:script/>",
            "<rect onload='x'/>",
            "<rect\nonclick=\"x\"/>",
            "<rect width='1'/onmouseover='x'/>",
            "<a href='JavaScript:x'/>",
            "<foreignObject/>",
        ] {
            let svg = format!("<svg xmlns=\"{SVG}\">{inside}</svg>");
            assert_eq!(Logo::check(svg.into()), Err(LogoFault::Active), "{inside}");
        }
        let bomb = format!("<!DOCTYPE svg [<!ENTITY a \"aaaa\">]><svg xmlns=\"{SVG}\">&a;</svg>");
        assert!(Logo::check(bomb.into()).is_err());
    }

    #[test]
    fn the_name_of_a_file_is_one_plain_component() {
        assert_eq!(ending_of("Logo.JPEG"), Some("jpeg"));
        assert!(is_name("portal.webp") && !is_name("a/b.png") && !is_name("logo"));
    }
}
