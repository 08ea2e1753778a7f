//! What the probe says of whole clips, and of clips that are still arriving.

use std::io::Cursor;

use terugkijken::probe::{
    AudioCodec, Container, Plays, Probe, Reason, Unreadable, VideoCodec, probe,
};

use super::clips::{CLIPS, Known, clips, ffprobe, probed, story};

#[test]
fn every_clip_is_described_as_ffprobe_describes_it() {
    let folder = clips();
    for (name, _) in CLIPS {
        let known = probed(name);
        let theirs = ffprobe(&folder.join(name));
        if is_closed(known.container) {
            assert_eq!(
                (&known.video, &known.audio, known.duration_ms),
                (&None, &None, None),
                "{name}: of what no browser opens only the kind is told"
            );
            continue;
        }
        // Of a live recording ffprobe does not know how long it is.
        if !name.starts_with("live") {
            let seconds: f64 = theirs.of_file("duration").unwrap().parse().unwrap();
            let apart = (known.duration_ms.unwrap_or(0) as f64 - seconds * 1000.0).abs();
            assert!(
                apart <= 60.0,
                "{name}: {:?} ms, ffprobe {seconds} s",
                known.duration_ms
            );
        }
        compare_picture(name, &known, &theirs);
        let codec = theirs.of_first("audio", "codec_name");
        let ours = known
            .audio
            .as_ref()
            .map(|audio| audio_name(&audio.codec))
            .unwrap_or_default();
        assert_eq!(
            ours,
            codec.replace("pcm_s16le", "pcm").replace("wmav2", "wma"),
            "{name}"
        );
    }
}

fn is_closed(container: Container) -> bool {
    matches!(
        container,
        Container::Avi | Container::Asf | Container::MpegPs | Container::MpegTs | Container::Flv
    )
}

fn compare_picture(name: &str, known: &Probe, theirs: &Known) {
    let codec = theirs.of_first("video", "codec_name");
    let Some(video) = &known.video else {
        return assert_eq!(codec, "", "{name}");
    };
    assert_eq!(
        video_name(&video.codec),
        codec.replace("wmv2", "wmv"),
        "{name}"
    );
    assert_eq!(
        video.height.to_string(),
        theirs.of_first("video", "height"),
        "{name}"
    );
    // ffprobe counts columns; shown, they may be wider or narrower than they are high.
    let columns: f64 = theirs.of_first("video", "width").parse().unwrap();
    let (across, down) = theirs
        .of_first("video", "sample_aspect_ratio")
        .split_once(':')
        .unwrap_or(("1", "1"));
    let ratio = across.parse::<f64>().unwrap_or(1.0) / down.parse::<f64>().unwrap_or(1.0);
    let wide = columns
        * if ratio > 0.0 && ratio.is_finite() {
            ratio
        } else {
            1.0
        };
    assert!(
        (f64::from(video.width) - wide).abs() <= 1.0,
        "{name}: {video:?}, ffprobe {wide}"
    );
}

#[test]
fn codecs_are_named_as_browsers_ask_for_them() {
    let expected = [
        ("fast.mp4", "avc1.42c00c, mp4a.40.2"),
        ("av1.mp4", "av01.0.00M.08, mp4a.40.2"),
        ("vp9.mp4", "vp09.00.11.08, opus"),
        ("h264.mkv", "avc1.42c00c, mp4a.40.2"),
        ("vp8.webm", "vp8, vorbis"),
        ("hevc.mp4", "hvc1.1.6.L60.90"),
        ("voice.opus", "opus"),
        ("voice.wav", "1"),
        ("variable.mp3", "mp3"),
    ];
    for (name, codecs) in expected {
        story(name, |known| {
            assert!(
                known
                    .codecs
                    .as_deref()
                    .unwrap_or_default()
                    .starts_with(codecs),
                "{name}: {:?}",
                known.codecs
            )
        });
    }
    for name in [
        "windows.wmv",
        "dolby.mp4",
        "mp3_in.mp4",
        "ten_bit.mp4",
        "full_colour.mp4",
        "lossless.m4a",
        "divx.mp4",
        "pcm.mov",
        "theora.ogv",
    ] {
        story(name, |known| assert_eq!(known.codecs, None, "{name}"));
    }
}

#[test]
fn the_verdict_follows_from_the_content() {
    let expected = [
        ("fast.mp4", Plays::Yes, Reason::PlaysEverywhere),
        ("fragmented.mp4", Plays::Yes, Reason::PlaysEverywhere),
        ("apple.mov", Plays::Yes, Reason::PlaysEverywhere),
        ("phone.3gp", Plays::Yes, Reason::PlaysEverywhere),
        ("vp9.webm", Plays::Yes, Reason::PlaysEverywhere),
        ("vp8.webm", Plays::Yes, Reason::PlaysEverywhere),
        ("only.m4a", Plays::Yes, Reason::PlaysEverywhere),
        ("variable.mp3", Plays::Yes, Reason::PlaysEverywhere),
        ("voice.wav", Plays::Yes, Reason::PlaysEverywhere),
        ("hevc.mp4", Plays::Some, Reason::Hevc),
        ("hev1.mp4", Plays::Some, Reason::HevcInBand),
        ("av1.mp4", Plays::Some, Reason::Av1),
        ("vp9.mp4", Plays::Some, Reason::UnusualMix),
        ("dolby.mp4", Plays::Some, Reason::Dolby),
        ("pcm.mov", Plays::Some, Reason::UnknownSound),
        ("lossless.m4a", Plays::Some, Reason::Alac),
        ("h264.mkv", Plays::Some, Reason::Matroska),
        ("deep_vp9.mp4", Plays::Some, Reason::Vp9HighDepth),
        ("voice.ogg", Plays::Some, Reason::Ogg),
        ("ten_bit.mp4", Plays::No, Reason::H264HighDepth),
        ("full_colour.mp4", Plays::No, Reason::H264Chroma),
        ("divx.mp4", Plays::No, Reason::Mpeg4),
        ("prores.mov", Plays::No, Reason::ProRes),
        ("theora.ogv", Plays::No, Reason::Theora),
        ("early.3gp", Plays::No, Reason::H263),
        ("old.avi", Plays::No, Reason::Avi),
        ("windows.wmv", Plays::No, Reason::WindowsMedia),
        ("flash.flv", Plays::No, Reason::Flash),
        ("dvd.mpg", Plays::No, Reason::MpegStream),
        ("camera.ts", Plays::No, Reason::MpegStream),
    ];
    for (name, plays, reason) in expected {
        story(name, |known| {
            assert_eq!(
                (known.verdict.plays, known.verdict.reason),
                (plays, reason),
                "{name}: {known:?}"
            );
            assert_eq!(known.verdict.playable, plays != Plays::No);
        });
    }
}

#[test]
fn the_index_is_first_only_where_it_is() {
    story("fast.mp4", |known| {
        assert_eq!(known.index_first, Some(true))
    });
    story("tail.mp4", |known| {
        assert_eq!(known.index_first, Some(false))
    });
    story("fragmented.mp4", |known| {
        assert_eq!(known.index_first, Some(true))
    });
    story("vp9.webm", |known| assert_eq!(known.index_first, None));
}

#[test]
fn a_turned_picture_is_as_high_as_it_is_shown() {
    story("turned.mp4", |known| {
        let video = known.video.unwrap();
        assert_eq!((video.width, video.height), (180, 320));
    });
    story("anamorphic.mp4", |known| {
        assert_eq!(known.video.unwrap().width, 427)
    });
}

#[test]
fn the_type_is_decided_from_the_content() {
    story("apple.mov", |known| {
        assert_eq!(
            (known.container, known.media_type()),
            (Container::Mov, "video/mp4")
        )
    });
    story("only.m4a", |known| {
        assert_eq!(known.media_type(), "audio/mp4")
    });
    story("vp9.webm", |known| {
        assert_eq!(known.media_type(), "video/webm")
    });
    story("voice.opus", |known| {
        assert_eq!(known.media_type(), "audio/ogg")
    });
    story("variable.mp3", |known| {
        assert_eq!(known.media_type(), "audio/mpeg")
    });
}

#[test]
fn chapters_are_found_in_every_container() {
    let expected = [(0, "Welkom"), (700, "Privé & grenzen"), (1400, "Vragen")];
    for name in [
        "chapters.mp4",
        "chapters.mov",
        "chapters.mkv",
        "chapters.m4a",
    ] {
        story(name, |known| {
            let chapters: Vec<(u64, &str)> = known
                .chapters
                .iter()
                .map(|(start, title)| (*start, title.as_str()))
                .collect();
            assert_eq!(chapters, expected, "{name}");
        });
    }
}

#[test]
fn the_moment_of_recording_is_utc_or_nothing() {
    story("fast.mp4", |known| {
        assert_eq!(known.recorded_at, Some(1_709_633_472))
    });
    story("tail.mp4", |known| assert_eq!(known.recorded_at, None));
}

#[test]
fn a_live_recording_is_as_long_as_its_last_block_says() {
    story("live.webm", |known| {
        assert!(!known.self_delimiting);
        assert!(known.duration_ms.unwrap().abs_diff(2000) <= 60, "{known:?}");
        assert_eq!(known.verdict.plays, Plays::Yes);
    });
    story("fast.mp4", |known| {
        assert!(known.self_delimiting && known.duration_ms.unwrap() > 0)
    });
}

#[test]
fn a_file_that_is_still_arriving_is_incomplete() {
    let folder = clips();
    for name in [
        "fast.mp4",
        "tail.mp4",
        "h264.mkv",
        "vp9.webm",
        "apple.mov",
        "voice.wav",
        "old.avi",
    ] {
        let Ok(whole) = std::fs::read(folder.join(name)) else {
            continue;
        };
        for tenth in 1..10 {
            let part = &whole[..whole.len() * tenth / 10];
            let answer = probe(Cursor::new(part), part.len() as u64);
            assert!(
                matches!(answer, Err(Unreadable::Incomplete)),
                "{name} at {tenth}/10: {answer:?}"
            );
        }
    }
}

/// `fast.mp4` with the header of its media data written anew; ffmpeg leaves an empty box of eight bytes before it.
fn with_media_header(header: impl FnOnce(u64) -> [u8; 16]) -> Option<Vec<u8>> {
    let mut bytes = std::fs::read(clips().join("fast.mp4")).ok()?;
    let at = bytes
        .windows(8)
        .position(|free| free == b"\0\0\0\x08free")?;
    let length = (bytes.len() - at) as u64;
    bytes[at..at + 16].copy_from_slice(&header(length));
    Some(bytes)
}

fn described(bytes: &[u8]) -> Result<Probe, Unreadable> {
    probe(Cursor::new(bytes), bytes.len() as u64)
}

#[test]
fn media_over_four_gigabytes_states_its_size_in_eight_bytes() {
    let large = |length: u64| {
        (u128::from(0x0000_0001_6d64_6174_u64) << 64 | u128::from(length)).to_be_bytes()
    };
    let Some(bytes) = with_media_header(large) else {
        return;
    };
    let known = described(&bytes).unwrap();
    assert!(known.self_delimiting && known.duration_ms.is_some());
    assert!(matches!(
        described(&bytes[..bytes.len() - 1]),
        Err(Unreadable::Incomplete)
    ));
}

#[test]
fn media_up_to_the_end_of_the_file_leaves_open_whether_it_is_whole() {
    let open = |_| *b"\0\0\0\x08wide\0\0\0\0mdat";
    let Some(bytes) = with_media_header(open) else {
        return;
    };
    assert!(!described(&bytes).unwrap().self_delimiting);
}

#[test]
fn rubbish_behind_the_last_box_does_no_harm() {
    let folder = clips();
    let mut bytes = std::fs::read(folder.join("tail.mp4")).unwrap();
    bytes.extend([0; 100]);
    assert!(described(&bytes).is_ok());
    bytes.extend(*b"\xff\xfe\x01\x02rubbish");
    assert!(described(&bytes).is_ok());
}

/// The short name that ffprobe prints.
fn video_name(codec: &VideoCodec) -> &str {
    match codec {
        VideoCodec::H264 => "h264",
        VideoCodec::Hevc | VideoCodec::HevcInBand => "hevc",
        VideoCodec::Av1 => "av1",
        VideoCodec::Vp8 => "vp8",
        VideoCodec::Vp9 => "vp9",
        VideoCodec::Mpeg1 => "mpeg1video",
        VideoCodec::Mpeg2 => "mpeg2video",
        VideoCodec::Mpeg4 => "mpeg4",
        VideoCodec::H263 => "h263",
        VideoCodec::Wmv => "wmv",
        VideoCodec::ProRes => "prores",
        VideoCodec::Theora => "theora",
        VideoCodec::Mjpeg => "mjpeg",
        VideoCodec::Encrypted => "encrypted",
        VideoCodec::Still(name) | VideoCodec::Other(name) => name,
    }
}

/// The short name that ffprobe prints.
fn audio_name(codec: &AudioCodec) -> &str {
    match codec {
        AudioCodec::Aac(_) => "aac",
        AudioCodec::Mp3 => "mp3",
        AudioCodec::Mp2 => "mp2",
        AudioCodec::Opus => "opus",
        AudioCodec::Vorbis => "vorbis",
        AudioCodec::Flac => "flac",
        AudioCodec::Alac => "alac",
        AudioCodec::Ac3 => "ac3",
        AudioCodec::Eac3 => "eac3",
        AudioCodec::Dts => "dts",
        AudioCodec::Pcm => "pcm",
        AudioCodec::Amr => "amr",
        AudioCodec::Wma => "wma",
        AudioCodec::Encrypted => "encrypted",
        AudioCodec::Other(name) => name,
    }
}
