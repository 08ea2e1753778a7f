//! Codec names for browsers (RFC 6381), for the `codecs` parameter of a media type, and other properties of a picture that decide
//! where it plays: read from the small records in containers.
//!
//! The same record describes H.264 in MP4 (`avcC`), Matroska (`CodecPrivate`) and Flash, so all their readers use these functions.
//! A missing or short record loses its details, never the whole file.

use super::bytes::Fields;
use super::codecs::{Audio, Video, VideoCodec};
use super::h264;

/// The list of the names of picture and sound; `None` when one of them has no name, because a browser would promise too much with
/// half a list.
pub(super) fn list(video: Option<&Video>, audio: Option<&Audio>) -> Option<String> {
    let names = [
        video.map(|video| video.codec_string.as_deref()),
        audio.map(|audio| audio.codec_string.as_deref()),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect::<Option<_>>()?;
    (!names.is_empty()).then(|| names.join(", "))
}

/// Picture of an `avcC` record (ISO/IEC 14496-15 §5.3.3); profile, constraints and level are its bytes 1 to 3.
pub(super) fn from_avc_record(name: &str, record: &[u8]) -> Video {
    let plain = Video::named(VideoCodec::H264, name);
    let mut fields = Fields(record);
    let Some([_, profile, constraints, level, _, _]) = fields.array() else {
        return plain;
    };
    // The first parameter set contains depth and colour; the record itself often omits them.
    let parameters = fields
        .be16()
        .and_then(|length| fields.take(usize::from(length)))
        .and_then(h264::parameters);
    Video {
        codec_string: Some(format!("{name}.{profile:02x}{constraints:02x}{level:02x}")),
        bit_depth: parameters.as_ref().map(|parameters| parameters.bit_depth),
        chroma: parameters.map(|parameters| parameters.chroma),
        ..plain
    }
}

/// Picture of an `hvcC` record (ISO/IEC 14496-15 §8.3.3; annex E for the name).
pub(super) fn from_hevc_record(codec: VideoCodec, name: &str, record: &[u8]) -> Video {
    match of_hevc(name, record) {
        Some(full_name) => Video::named(codec, &full_name),
        None => Video::named(codec, name),
    }
}

/// Name of an HEVC codec (ISO/IEC 14496-15 §E.3): profile, reversed compatibility bits, tier and level, then constraints without
/// trailing zeros.
fn of_hevc(name: &str, record: &[u8]) -> Option<String> {
    let mut fields = Fields(record);
    let [_, profile] = fields.array()?;
    let compatibility = fields.be32()?.reverse_bits();
    let constraints = fields.array::<6>()?;
    let level = fields.u8()?;
    let space = ["", "A", "B", "C"][usize::from(profile >> 6)];
    let tier = if profile & 0x20 != 0 { 'H' } else { 'L' };
    let mut text = format!(
        "{name}.{space}{}.{compatibility:X}.{tier}{level}",
        profile & 0x1f
    );
    let meaningful = constraints
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    for byte in &constraints[..meaningful] {
        text.push_str(&format!(".{byte:X}"));
    }
    Some(text)
}

/// Picture of an `av1C` record (AV1 in ISOBMFF §2.3.3; §5 for the name).
pub(super) fn from_av1_record(record: &[u8]) -> Video {
    let Some([_, profile_level, flags, _]) = record.first_chunk().copied() else {
        return Video::named(VideoCodec::Av1, "av01");
    };
    let bit_depth = match (flags & 0x40 != 0, flags & 0x20 != 0) {
        (false, _) => 8,
        (true, false) => 10,
        (true, true) => 12,
    };
    let (profile, level) = (profile_level >> 5, profile_level & 0x1f);
    let tier = if flags & 0x80 != 0 { 'H' } else { 'M' };
    let name = format!("av01.{profile}.{level:02}{tier}.{bit_depth:02}");
    Video::named(VideoCodec::Av1, &name)
}

/// Picture of a `vpcC` record without version and flags (VP Codec ISO Media File Format Binding).
pub(super) fn from_vp_record(name: &str, record: &[u8]) -> Video {
    let codec = match name {
        "vp08" => VideoCodec::Vp8,
        _ => VideoCodec::Vp9,
    };
    let Some([profile, level, depth_chroma]) = record.first_chunk().copied() else {
        return Video::named(codec, name);
    };
    let bit_depth = depth_chroma >> 4;
    let name = format!("{name}.{profile:02}.{level:02}.{bit_depth:02}");
    Video {
        bit_depth: Some(bit_depth),
        ..Video::named(codec, &name)
    }
}

/// The audio object type in an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1).
pub(super) fn aac_object_type(config: &[u8]) -> Option<u8> {
    let [first, second] = config.first_chunk().copied()?;
    match first >> 3 {
        0 => None,
        31 => Some(32 + ((first & 0b111) << 3 | second >> 5)),
        object_type => Some(object_type),
    }
}

#[cfg(test)]
mod tests {
    use super::super::codecs::AudioCodec;
    use super::*;

    #[test]
    fn records_become_the_names_of_rfc_6381() {
        assert_eq!(
            from_avc_record("avc1", &[1, 0x64, 0, 0x1f, 0xff, 0xe0])
                .codec_string
                .unwrap(),
            "avc1.64001f"
        );
        assert_eq!(
            from_av1_record(&[0x81, 0x04, 0x0c, 0])
                .codec_string
                .unwrap(),
            "av01.0.04M.08"
        );
        assert_eq!(
            from_vp_record("vp09", &[0, 10, 0x82]).codec_string.unwrap(),
            "vp09.00.10.08"
        );
        let hevc = [1, 1, 0x60, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 93];
        assert_eq!(of_hevc("hvc1", &hevc).unwrap(), "hvc1.1.6.L93.B0");
    }

    #[test]
    fn a_short_record_costs_only_its_details() {
        assert_eq!(from_avc_record("avc1", &[1]).codec_string.unwrap(), "avc1");
        assert_eq!(of_hevc("hvc1", &[1, 1]), None);
    }

    #[test]
    fn aac_tells_its_object_type() {
        assert_eq!(aac_object_type(&[0x12, 0x10]), Some(2));
        assert_eq!(aac_object_type(&[0xf9, 0x40]), Some(42));
        assert_eq!(aac_object_type(&[]), None);
    }

    #[test]
    fn half_a_list_is_no_list() {
        let picture = Video::plain(VideoCodec::Wmv, 1, 1);
        let sound = Audio::new(AudioCodec::Opus);
        assert_eq!(list(Some(&picture), Some(&sound)), None);
        assert_eq!(list(None, Some(&sound)).unwrap(), "opus");
    }
}
