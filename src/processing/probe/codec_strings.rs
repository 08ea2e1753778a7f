//! Codec names as browsers ask for them (RFC 6381), for the `codecs` parameter of a media type.

use super::bytes::Fields;
use super::codecs::{Audio, AudioCodec, Video};

/// The names of picture and sound together, or `None` when one of them has none: half a list would make a browser
/// promise what it cannot play.
pub(super) fn list(video: Option<&Video>, audio: Option<&Audio>) -> Option<String> {
    let names = [
        video.map(|video| video.codec_string.as_deref()),
        audio.map(|audio| audio.codec_string.as_deref()),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect::<Option<_>>()?;
    (!names.is_empty()).then(|| names.join(", "))
}

/// RFC 6381 §3.3: `mp4a` with the MPEG-4 object type of the codec, or the name of its sample entry.
pub(super) fn of_audio(codec: &AudioCodec) -> Option<String> {
    let name = match codec {
        AudioCodec::Aac(object_type) => {
            return Some(format!("mp4a.40.{}", object_type.unwrap_or(2)));
        }
        AudioCodec::Mp3 => "mp3",
        AudioCodec::Mp2 => "mp4a.69",
        AudioCodec::Opus => "opus",
        AudioCodec::Vorbis => "vorbis",
        AudioCodec::Flac => "flac",
        AudioCodec::Alac => "alac",
        AudioCodec::Ac3 => "ac-3",
        AudioCodec::Eac3 => "ec-3",
        AudioCodec::Amr => "samr",
        AudioCodec::Dts
        | AudioCodec::Pcm
        | AudioCodec::Wma
        | AudioCodec::Encrypted
        | AudioCodec::Other(_) => return None,
    };
    Some(name.to_owned())
}

/// ISO/IEC 14496-15 §E.3: profile, compatibility bits in reverse, tier and level, then constraints without trailing zeros.
pub(super) fn of_hevc(name: &str, record: &[u8]) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::super::codecs::{
        VideoCodec, aac_object_type, from_av1_record, from_avc_record, from_vp_record,
    };
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
