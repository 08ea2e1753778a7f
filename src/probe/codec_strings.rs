//! Codec names for browsers (RFC 6381), for the `codecs` parameter of a media type, and other properties of a picture that decide
//! where it plays: read from the small records in containers.
//!
//! The same record describes H.264 in MP4 (`avcC`), Matroska (`CodecPrivate`) and Flash, so all their readers use these functions.
//! A missing or short record loses its details, never the whole file.

use super::bytes::Fields;
use super::codecs::{Audio, Video, VideoCodec};
use super::container::Container;
use super::h264;

/// The list of the names of picture and sound for a file in this container; `None` when a browser that plays the file may not know
/// one of them. Without the list a browser looks into the file itself (RFC 6381 §3.1: the parameter is optional), and half a list
/// would promise too much.
pub(super) fn list(
    container: Container,
    video: Option<&Video>,
    audio: Option<&Audio>,
) -> Option<String> {
    let names = [
        video.map(|video| video.codec_string.as_deref()),
        audio.map(|audio| audio.codec_string.as_deref()),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect::<Option<_>>()?;
    let are_listed = names.iter().all(|name| is_listed(container, name));
    (!names.is_empty() && are_listed).then(|| names.join(", "))
}

/// Whether browsers list this name for files in this container. They refuse what they do not list, also when they play it.
fn is_listed(container: Container, name: &str) -> bool {
    let kind = name.split('.').next().unwrap_or_default();
    match container {
        Container::Mp4 | Container::Mov | Container::M4a | Container::ThreeGp => {
            matches!(
                kind,
                "avc1" | "avc3" | "hvc1" | "hev1" | "av01" | "vp09" | "opus" | "flac"
            ) || is_usual_aac(name)
        }
        Container::WebM => {
            matches!(kind, "vp8" | "vp9" | "vp09" | "av01" | "opus" | "vorbis")
        }
        // Only what was recorded as WebM before; `vp9` without its profile is refused here.
        Container::Matroska => {
            matches!(kind, "avc1" | "vp8" | "opus" | "vorbis") || is_usual_aac(name)
        }
        Container::Ogg => matches!(name, "opus" | "vorbis" | "flac"),
        Container::Mp3 => name == "mp3",
        Container::Wav => name == "1",
        // These types name the codec themselves, and browsers refuse them with a list.
        Container::Adts | Container::Flac => false,
        Container::Avi
        | Container::Asf
        | Container::MpegPs
        | Container::MpegTs
        | Container::Flv => false,
    }
}

/// AAC that all browsers list: Low Complexity, and with the extensions SBR and PS (ISO/IEC 14496-3 §1.5.1.1).
fn is_usual_aac(name: &str) -> bool {
    matches!(name, "mp4a.40.2" | "mp4a.40.5" | "mp4a.40.29")
}

/// Picture of an `avcC` record (ISO/IEC 14496-15 §5.3.3); profile, constraints and level are its bytes 1 to 3.
pub(super) fn from_avc_record(name: &str, record: &[u8]) -> Video {
    let plain = Video::plain(VideoCodec::H264, 0, 0);
    let mut fields = Fields(record);
    let Some([_, profile, constraints, level, _, _]) = fields.array() else {
        return plain;
    };
    // ITU-T H.264 annex A: the profiles of recorders (Baseline, Main, Extended, High) and the levels. Not every browser that plays
    // others, with more bits or colours, lists them.
    let is_known = matches!(profile, 66 | 77 | 88 | 100)
        && matches!(
            level,
            9..=13 | 20..=22 | 30..=32 | 40..=42 | 50..=52 | 60..=62
        );
    // The first parameter set contains depth and colour; the record itself often omits them.
    let parameters = fields
        .be16()
        .and_then(|length| fields.take(usize::from(length)))
        .and_then(h264::parameters);
    Video {
        codec_string: is_known.then(|| format!("{name}.{profile:02x}{constraints:02x}{level:02x}")),
        bit_depth: parameters.as_ref().map(|parameters| parameters.bit_depth),
        chroma: parameters.map(|parameters| parameters.chroma),
        ..plain
    }
}

/// Picture of an `hvcC` record (ISO/IEC 14496-15 §8.3.3; annex E for the name).
pub(super) fn from_hevc_record(codec: VideoCodec, name: &str, record: &[u8]) -> Video {
    Video {
        codec_string: of_hevc(name, record),
        ..Video::plain(codec, 0, 0)
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
    // A profile or level of 0 states none.
    if profile & 0x1f == 0 || level == 0 {
        return None;
    }
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
    let plain = Video::plain(VideoCodec::Av1, 0, 0);
    let Some([_, profile_level, flags, _]) = record.first_chunk().copied() else {
        return plain;
    };
    let bit_depth = match (flags & 0x40 != 0, flags & 0x20 != 0) {
        (false, _) => 8,
        (true, false) => 10,
        (true, true) => 12,
    };
    let (profile, level) = (profile_level >> 5, profile_level & 0x1f);
    let is_high = flags & 0x80 != 0;
    let tier = if is_high { 'H' } else { 'M' };
    // AV1 §A.3: three profiles; levels 24 to 30 are reserved, and below 4.0 (index 8) there is one tier.
    let is_known = profile <= 2 && !(24..=30).contains(&level) && (level >= 8 || !is_high);
    Video {
        codec_string: is_known.then(|| format!("av01.{profile}.{level:02}{tier}.{bit_depth:02}")),
        bit_depth: Some(bit_depth),
        ..plain
    }
}

/// Picture of a `vpcC` record without version and flags (VP Codec ISO Media File Format Binding).
pub(super) fn from_vp_record(name: &str, record: &[u8]) -> Video {
    let codec = match name {
        "vp08" => VideoCodec::Vp8,
        _ => VideoCodec::Vp9,
    };
    let plain = Video::plain(codec, 0, 0);
    let Some([profile, level, depth_chroma]) = record.first_chunk().copied() else {
        return plain;
    };
    let bit_depth = depth_chroma >> 4;
    // Recorders of browsers leave the level at 0, which is none.
    let is_level = matches!(level, 10 | 11 | 20 | 21 | 30 | 31 | 40 | 41 | 50..=52 | 60..=62);
    let is_depth = match profile {
        0 | 1 => bit_depth == 8,
        _ => matches!(bit_depth, 10 | 12),
    };
    let is_known = profile <= 3 && is_level && is_depth;
    Video {
        codec_string: is_known.then(|| format!("{name}.{profile:02}.{level:02}.{bit_depth:02}")),
        bit_depth: Some(bit_depth).filter(|bits| matches!(bits, 8 | 10 | 12)),
        ..plain
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
        assert_eq!(from_avc_record("avc1", &[1]).codec_string, None);
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
        assert_eq!(list(Container::WebM, Some(&picture), Some(&sound)), None);
        assert_eq!(list(Container::WebM, None, Some(&sound)).unwrap(), "opus");
    }

    #[test]
    fn what_is_not_stated_is_no_part_of_a_name() {
        for (profile, level) in [(0, 30), (0x64, 0), (0x63, 0x1f), (0x64, 0x1e + 5)] {
            let record = [1, profile, 0, level, 0xff, 0xe0];
            assert_eq!(from_avc_record("avc1", &record).codec_string, None);
        }
        for level in [0, 1, 99] {
            assert_eq!(from_vp_record("vp09", &[0, level, 0x82]).codec_string, None);
        }
        assert_eq!(from_vp_record("vp09", &[0, 10, 0xa2]).codec_string, None);
        assert_eq!(from_av1_record(&[0x81, 0x18, 0x0c, 0]).codec_string, None);
        assert_eq!(from_av1_record(&[0x81, 0x04, 0x8c, 0]).codec_string, None);
        let hevc = |profile, level| [1, profile, 0x60, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, level];
        assert_eq!(of_hevc("hvc1", &hevc(1, 0)), None);
        assert_eq!(of_hevc("hvc1", &hevc(0, 93)), None);
    }
}
