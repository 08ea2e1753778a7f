//! Parses the first fields of an H.264 sequence parameter set (ITU-T H.264 §7.3.2.1.1): depth, colour, size.

use super::codecs::Chroma;

/// Most bytes of a parameter set that are parsed; the fields after them are not needed.
const LONGEST: usize = 256;

/// The properties of every picture in the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    /// The larger of the luma and chroma depths, in bits per sample.
    pub(super) bit_depth: u8,
    /// Chroma sampling.
    pub(super) chroma: Chroma,
    /// Width and height in pixels after cropping; `None` when the set ends before them.
    pub(super) size: Option<(u32, u32)>,
}

/// Parses a parameter set that begins with its NAL header.
pub(super) fn parameters(unit: &[u8]) -> Option<Parameters> {
    let (header, rest) = unit.split_first()?;
    if header & 0x1f != 7 {
        return None;
    }
    let payload = without_escapes(&rest[..rest.len().min(LONGEST)]);
    let mut bits = Bits {
        bytes: &payload,
        at: 0,
    };
    let profile = bits.number(8)?;
    bits.number(16)?;
    bits.exp_golomb()?;
    let mut parameters = Parameters {
        bit_depth: 8,
        chroma: Chroma::Half,
        size: None,
    };
    let mut chroma_idc = 1;
    // §7.3.2.1.1: only these profiles state depth and colour; all others have 8 bits and 4:2:0.
    if matches!(
        profile,
        44 | 83 | 86 | 100 | 110 | 118 | 122 | 128 | 134 | 135 | 138 | 139 | 244
    ) {
        chroma_idc = bits.exp_golomb()?;
        parameters.chroma = match chroma_idc {
            0 => Chroma::None,
            1 => Chroma::Half,
            2 => Chroma::Two,
            _ => Chroma::Full,
        };
        if chroma_idc == 3 {
            bits.number(1)?;
        }
        let deepest = bits.exp_golomb()?.max(bits.exp_golomb()?);
        parameters.bit_depth = u8::try_from(deepest).ok()?.checked_add(8)?;
        bits.number(1)?;
        skip_scaling(&mut bits, chroma_idc)?;
    }
    parameters.size = size(&mut bits, chroma_idc);
    Some(parameters)
}

/// Removes emulation prevention bytes (§7.3.1): a 3 after two zeros keeps the bytes from looking like the start of a unit.
fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut zeros = 0;
    for byte in bytes {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        plain.push(*byte);
    }
    plain
}

/// Skips the scaling lists (§7.3.2.1.1.1).
fn skip_scaling(bits: &mut Bits, chroma_idc: u32) -> Option<()> {
    if bits.number(1)? == 0 {
        return Some(());
    }
    for list in 0..if chroma_idc == 3 { 12 } else { 8 } {
        if bits.number(1)? == 0 {
            continue;
        }
        let (mut last, mut next) = (8_i64, 8_i64);
        for _ in 0..if list < 6 { 16 } else { 64 } {
            if next != 0 {
                next = (last + bits.signed_exp_golomb()? + 256).rem_euclid(256);
            }
            last = if next == 0 { last } else { next };
        }
    }
    Some(())
}

fn size(bits: &mut Bits, chroma_idc: u32) -> Option<(u32, u32)> {
    bits.exp_golomb()?;
    match bits.exp_golomb()? {
        0 => drop(bits.exp_golomb()?),
        1 => {
            bits.number(1)?;
            bits.exp_golomb()?;
            bits.exp_golomb()?;
            for _ in 0..bits.exp_golomb()?.min(255) {
                bits.exp_golomb()?;
            }
        }
        _ => {}
    }
    bits.exp_golomb()?;
    bits.number(1)?;
    let columns = bits.exp_golomb()?.checked_add(1)?;
    let rows = bits.exp_golomb()?.checked_add(1)?;
    let frames_only = bits.number(1)?;
    if frames_only == 0 {
        bits.number(1)?;
    }
    bits.number(1)?;
    let field_factor = 2 - frames_only;
    let (mut width, mut height) = (
        columns.checked_mul(16)?,
        rows.checked_mul(16)?.checked_mul(field_factor)?,
    );
    if bits.number(1)? == 1 {
        // §7.4.2.1.1: cropping is measured in chroma samples, and in pairs of lines for interlaced pictures.
        let (unit_x, unit_y) = (
            if matches!(chroma_idc, 1 | 2) { 2 } else { 1 },
            if chroma_idc == 1 { 2 } else { 1 } * field_factor,
        );
        width = cropped(bits, width, unit_x)?;
        height = cropped(bits, height, unit_y)?;
    }
    (width > 0 && height > 0).then_some((width, height))
}

/// The length of a side without the cropped pixels at both ends.
fn cropped(bits: &mut Bits, side: u32, unit: u32) -> Option<u32> {
    let both = bits.exp_golomb()?.checked_add(bits.exp_golomb()?)?;
    side.checked_sub(both.checked_mul(unit)?)
}

/// Reads bits from the front of bytes, most significant first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> Option<u32> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = (byte >> (7 - self.at % 8)) & 1;
        self.at += 1;
        Some(u32::from(bit))
    }

    fn number(&mut self, length: u32) -> Option<u32> {
        (0..length).try_fold(0, |number, _| Some(number << 1 | self.bit()?))
    }

    /// Reads an Exp-Golomb number (§9.1): it has as many leading zeros as bits after its first one.
    fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.bit()? == 0 {
            zeros += 1;
            if zeros > 30 {
                return None;
            }
        }
        Some((1 << zeros) - 1 + self.number(zeros)?)
    }

    /// Reads a signed Exp-Golomb number (§9.1.1): 0, 1, -1, 2, -2, …
    fn signed_exp_golomb(&mut self) -> Option<i64> {
        let number = i64::from(self.exp_golomb()?);
        Some(if number % 2 == 0 {
            -number / 2
        } else {
            (number + 1) / 2
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_set_is_eight_bits_and_half_colour() {
        // This set is High profile, 320 × 240, as x264 writes it.
        let unit = [
            0x67, 0x64, 0x00, 0x0d, 0xac, 0xd9, 0x41, 0x41, 0xfb, 0x01, 0x10, 0, 0, 3, 0, 0x10, 0,
            0, 3, 3, 0x20, 0xf1, 0x42, 0x99, 0x60,
        ];
        assert_eq!(
            parameters(&unit),
            Some(Parameters {
                bit_depth: 8,
                chroma: Chroma::Half,
                size: Some((320, 240))
            })
        );
    }

    #[test]
    fn a_set_that_breaks_off_keeps_what_it_said() {
        let unit = [0x67, 0x64, 0x00, 0x0d, 0xac];
        assert_eq!(
            parameters(&unit),
            Some(Parameters {
                bit_depth: 8,
                chroma: Chroma::Half,
                size: None
            })
        );
        assert_eq!(parameters(&[0x67]), None);
        assert_eq!(parameters(&[0x68, 1, 2, 3]), None);
    }
}
