//! Parses the first fields of an H.264 sequence parameter set (ITU-T H.264 §7.3.2.1.1): depth and colour.

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
    };
    // §7.3.2.1.1: only these profiles state depth and colour; all others have 8 bits and 4:2:0.
    if matches!(
        profile,
        44 | 83 | 86 | 100 | 110 | 118 | 122 | 128 | 134 | 135 | 138 | 139 | 244
    ) {
        let chroma_idc = bits.exp_golomb()?;
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
    }
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
            })
        );
        assert_eq!(parameters(&[0x67]), None);
        assert_eq!(parameters(&[0x68, 1, 2, 3]), None);
    }
}
