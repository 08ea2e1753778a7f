//! Kinds of files that are easily taken for something else: for each what is right, and its siblings.

use std::io::Cursor;
use std::path::Path;

use terugkijken::probe::{
    AudioCodec, Container, Plays, Probe, Reason, Unreadable, VideoCodec, probe,
};

use super::boxes::{Change, boxes, ebml, fragment, id3, id3_chapter, mp4, with_moov};
use super::clips::{clips, ffmpeg};

/// What ffmpeg makes of clips with these options.
pub fn made(inputs: &[&str], options: &str, name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(folder.path().join("titles.txt"), CHAPTERS).unwrap();
    let mut arguments = Vec::new();
    let paths: Vec<String> = inputs.iter().map(|input| path(input)).collect();
    for (input, path) in inputs.iter().zip(&paths) {
        if input.contains('=') {
            arguments.extend(["-f", "lavfi"]);
        }
        arguments.extend(["-i", path.as_str()]);
    }
    assert!(ffmpeg(folder.path(), &arguments, options, name), "{name}");
    std::fs::read(folder.path().join(name)).unwrap()
}

fn path(input: &str) -> String {
    let clip = clips().join(input);
    match Path::new(&clip).exists() {
        true => clip.display().to_string(),
        false => input.to_owned(),
    }
}

const CHAPTERS: &str = ";FFMETADATA1\n\
    [CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Welkom\n\
    [CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Vragen & één\n";

pub fn answer(bytes: &[u8]) -> Result<Probe, Unreadable> {
    probe(Cursor::new(bytes), bytes.len() as u64)
}

fn known(bytes: &[u8]) -> Probe {
    answer(bytes).unwrap_or_else(|error| panic!("{error:?}"))
}

#[track_caller]
pub fn lasts(bytes: &[u8], ms: u64) {
    let known = known(bytes);
    let found = known.duration_ms.unwrap_or(0);
    assert!(
        found.abs_diff(ms) <= 60,
        "{found} ms instead of {ms}: {known:?}"
    );
}

#[test]
fn a_sound_without_a_name_that_browsers_list_leaves_the_list_away() {
    let film = |options: &str, name| made(&["fast.mp4"], &format!("-c:v copy {options}"), name);
    for (options, name) in [
        ("-c:a pcm_s16le", "a.mov"),
        ("-c:a pcm_s24le", "a.mov"),
        ("-c:a pcm_mulaw", "a.mov"),
        ("-c:a pcm_alaw", "a.mov"),
        ("-c:a pcm_f32le", "a.mov"),
        ("-c:a ac3", "a.mp4"),
        ("-c:a eac3", "a.mp4"),
        ("-c:a ac3", "a.mkv"),
        ("-c:a mp2", "a.mkv"),
        ("-c:a pcm_s16le", "a.mkv"),
        ("-c:a flac", "a.mkv"),
        ("-c:a alac", "a.mov"),
    ] {
        let known = known(&film(options, name));
        assert_eq!(known.codecs, None, "{options} {name}");
        assert_eq!(known.video.unwrap().codec, VideoCodec::H264);
        assert!(known.verdict.playable, "{options} {name}");
    }
    for (options, name) in [
        ("-vn -c:a libmp3lame", "a.wav"),
        ("-vn -c:a pcm_f32le", "a.wav"),
        ("-vn -c:a pcm_mulaw", "a.wav"),
        ("-vn -c:a mp2", "a.mp2"),
        ("-vn -c:a flac", "a.flac"),
        ("-vn -c:a aac", "a.aac"),
        ("-vn -c:a libspeex -ar 16000", "a.ogg"),
    ] {
        if name == "a.ogg" && !encodes("libspeex") {
            continue;
        }
        let bytes = made(&["fast.mp4"], options, name);
        assert_eq!(known(&bytes).codecs, None, "{options}");
        lasts(&bytes, 2021);
    }
    // WebM that is none to a browser: Chromium's recorder can write H.264 into it.
    let mut h264 = made(&["fast.mp4"], "-c:v copy -c:a libopus", "a.mkv");
    let at = h264
        .windows(8)
        .position(|word| word == b"matroska")
        .unwrap();
    h264[at..at + 8].copy_from_slice(b"webm\0\0\0\0");
    let h264 = known(&h264);
    assert_eq!((h264.media_type(), h264.codecs), ("video/webm", None));
}

fn encodes(encoder: &str) -> bool {
    let list = std::process::Command::new("ffmpeg")
        .args(["-v", "error", "-encoders"])
        .output();
    list.is_ok_and(|list| String::from_utf8_lossy(&list.stdout).contains(encoder))
}

#[test]
fn of_several_sounds_and_pictures_the_one_that_plays_decides() {
    let two = "-map 0:v -map 0:a -map 0:a -c:v copy -c:a:1 aac -b:a 48k";
    for (first, name) in [("pcm_s16le", "a.mov"), ("ac3", "a.mp4"), ("ac3", "a.mkv")] {
        let known = known(&made(&["fast.mp4"], &format!("{two} -c:a:0 {first}"), name));
        assert_eq!(
            known.audio.unwrap().codec,
            AudioCodec::Aac(Some(2)),
            "{name}"
        );
        assert_eq!(known.codecs.as_deref(), Some("avc1.42c00c, mp4a.40.2"));
    }
    let pictures = "-map 0:v -map 0:v -map 0:a -c:v:0 mpeg4 -c:v:1 copy -c:a copy";
    let known = known(&made(&["fast.mp4"], pictures, "a.mp4"));
    assert_eq!(known.verdict.reason, Reason::PlaysEverywhere);
}

#[test]
fn a_level_or_profile_of_0_is_no_part_of_a_name() {
    let changed = |clip: &str, kind: &[u8; 4], at: usize, byte: u8| {
        let mut bytes = std::fs::read(clips().join(clip)).unwrap();
        let record = bytes.windows(4).position(|it| it == kind).unwrap() + 4;
        bytes[record + at] = byte;
        known(&bytes).codecs
    };
    // Version and flags of `vpcC` take four bytes; then profile and level.
    assert_eq!(changed("vp9.mp4", b"vpcC", 5, 0), None);
    assert_eq!(changed("vp9.mp4", b"vpcC", 5, 9), None);
    assert_eq!(changed("vp9.mp4", b"vpcC", 4, 7), None);
    assert_eq!(changed("fast.mp4", b"avcC", 1, 0), None);
    assert_eq!(changed("fast.mp4", b"avcC", 3, 0), None);
    assert_eq!(changed("hevc.mp4", b"hvcC", 12, 0), None);
    assert_eq!(changed("hevc.mp4", b"hvcC", 1, 0), None);
    assert_eq!(changed("av1.mp4", b"av1C", 1, 24), None);
    assert_eq!(
        changed("av1.mp4", b"av1C", 1, 31).as_deref(),
        Some("av01.0.31M.08, mp4a.40.2")
    );
}

#[test]
fn pictures_that_belong_to_sound_are_no_film() {
    let slow = "testsrc=s=320x320:r=0.5:d=2";
    let single = "testsrc=s=200x200:r=25:d=0.04";
    let jpeg = "-map 1:v -map 0:a -c:a copy -c:v mjpeg -pix_fmt yuvj420p -f mov";
    let png = "-map 1:v -map 0:a -c:a copy -c:v png -f mov";
    let one = "-map 2:v -map 0:a -c:a copy -c:v png -f mov";
    let still = "-map 2:v -map 0:a -c:a copy -c:v libx264 -f mp4";
    for options in [jpeg, png, one, still] {
        let bytes = made(&["only.m4a", slow, single], options, "a.m4a");
        let sound = known(&bytes);
        assert_eq!(sound.video, None, "{options}");
        assert_eq!(sound.media_type(), "audio/mp4", "{options}");
        assert_eq!(sound.verdict.reason, Reason::PlaysEverywhere, "{options}");
        lasts(&bytes, 2000);
    }
    let slides = "-map 1:v -map 0:a -c:a copy -c:v mjpeg -pix_fmt yuvj420p";
    let slides = known(&made(&["only.m4a", slow], slides, "a.mkv"));
    assert_eq!((slides.video, slides.verdict.playable), (None, true));
    // A cover before the film, and a film that is really stored as pictures.
    let before = "-map 1:v -map 0:v -map 0:a -c:a copy -c:v:0 png -c:v:1 copy -f mov";
    let before = known(&made(&["fast.mp4", single], before, "a.mov"));
    assert_eq!(
        before.video.map(|it| (it.width, it.height)),
        Some((320, 180))
    );
    let film = known(&made(&["fast.mp4"], "-c:v mjpeg -c:a copy", "a.mov"));
    assert_eq!(film.verdict.reason, Reason::UnknownPicture);
}

#[test]
fn what_another_track_calls_its_chapters_is_no_film() {
    // Track 1 is the sound; its reference calls the moving picture of track 2 its chapters.
    let film = made(&["fast.mp4"], "-map 0:a -map 0:v -c copy", "a.mp4");
    let called = with_moov(&film, &|kind, body| {
        let mut body = body.to_vec();
        if kind == b"trak" && body.windows(4).any(|it| it == b"soun") {
            body.extend(mp4(b"tref", &mp4(b"chap", &2_u32.to_be_bytes())));
        }
        body
    });
    assert_eq!(known(&called).video, None);
    assert!(known(&film).video.is_some());
}

/// A recording in fragments of both tracks of a clip: the picture counts 12,800 ticks a second, the sound 48,000.
fn fragmented(fragments: &[Vec<u8>], change: &Change) -> Vec<u8> {
    let whole = std::fs::read(clips().join("fragmented.mp4")).unwrap();
    let front = boxes(&whole)
        .into_iter()
        .filter(|(kind, ..)| matches!(kind, b"ftyp" | b"moov"));
    let mut bytes: Vec<u8> = front
        .flat_map(|(_, from, to)| whole[from..to].to_vec())
        .collect();
    bytes = with_moov(&bytes, change);
    bytes.extend(fragments.concat());
    bytes
}

fn as_it_is(_: &[u8; 4], body: &[u8]) -> Vec<u8> {
    body.to_vec()
}

/// An extension with a stated duration in milliseconds.
fn states(ms: u32) -> impl Fn(&[u8; 4], &[u8]) -> Vec<u8> {
    move |kind, body| {
        let mut body = body.to_vec();
        if kind == b"mvex" {
            let mehd = [[0; 4], ms.to_be_bytes()].concat();
            body.splice(0..0, mp4(b"mehd", &mehd));
        }
        body
    }
}

#[test]
fn a_recording_in_fragments_ends_where_the_last_of_its_tracks_ends() {
    for options in [
        "-movflags dash+frag_keyframe+empty_moov",
        "-movflags frag_keyframe+empty_moov",
        "-movflags frag_keyframe",
        "-movflags dash+global_sidx+frag_keyframe",
        "-movflags cmaf",
        "-movflags frag_every_frame+empty_moov+default_base_moof",
        "-movflags frag_keyframe+separate_moof+empty_moov",
        "-an -movflags dash+frag_keyframe+empty_moov",
        "-vn -movflags dash+empty_moov -frag_duration 300000",
        "-f ismv",
    ] {
        let bytes = made(&["fast.mp4"], &format!("-c copy {options}"), "a.mp4");
        println!("{options}");
        lasts(&bytes, 2010);
    }
    let picture = |begin| fragment(1, Some(begin), 25, 512);
    let sound = |begin| fragment(2, Some(begin), 50, 1024);
    // The sound goes on when the picture has ended, and the other way round.
    let long_sound = [picture(0), sound(0), sound(51_200), sound(102_400)];
    lasts(&fragmented(&long_sound, &as_it_is), 3200);
    let long_picture = [
        sound(0),
        picture(0),
        picture(12_800),
        picture(25_600),
        picture(38_400),
    ];
    lasts(&fragmented(&long_picture, &as_it_is), 4000);
    // What the header says counts less than what is there.
    lasts(&fragmented(&long_sound, &states(1000)), 3200);
    // Part of a broadcast counts from its own beginning.
    let hour = 3600 * 12_800;
    lasts(
        &fragmented(&[picture(hour), picture(hour + 12_800)], &as_it_is),
        2000,
    );
}

#[test]
fn fragments_that_do_not_tell_their_time_are_added_up_or_leave_it_open() {
    let untimed = |samples, each| fragment(1, None, samples, each);
    let three = vec![untimed(25, 512); 3];
    lasts(&fragmented(&three, &as_it_is), 3000);
    lasts(&fragmented(&three, &states(9000)), 3000);
    // Neither a time nor the length of a sample: only the header knows, if it does.
    let open = vec![untimed(25, 0); 3];
    let without = |kind: &[u8; 4], body: &[u8]| match kind {
        b"mvex" => Vec::new(),
        _ => body.to_vec(),
    };
    assert_eq!(known(&fragmented(&open, &without)).duration_ms, None);
    let only_stated = |kind: &[u8; 4], body: &[u8]| match kind {
        b"mvex" => states(9000)(kind, &[]),
        _ => body.to_vec(),
    };
    lasts(&fragmented(&open, &only_stated), 9000);
}

#[test]
fn a_movie_header_that_counts_something_else_gives_way_to_the_tracks() {
    let film = std::fs::read(clips().join("fast.mp4")).unwrap();
    for wrong in [1_u32, 600_000] {
        let changed = with_moov(&film, &|kind, body| {
            let mut body = body.to_vec();
            if kind == b"mvhd" {
                body[16..20].copy_from_slice(&wrong.to_be_bytes());
            }
            body
        });
        lasts(&changed, 2000);
    }
    let cut = made(&["fast.mp4"], "-ss 1 -c copy", "a.mp4");
    assert!(known(&cut).duration_ms.unwrap().abs_diff(1000) <= 1100);
}

/// A Matroska file without a size and without a length, as a recorder writes it into a pipe.
fn recorded(tracks: &[u8], clusters: &[Vec<u8>], info: &[u8]) -> Vec<u8> {
    let mut bytes = ebml(&[0x1a, 0x45, 0xdf, 0xa3], &ebml(&[0x42, 0x82], b"webm"));
    bytes.extend([0x18, 0x53, 0x80, 0x67, 0xff]);
    bytes.extend(ebml(&[0x15, 0x49, 0xa9, 0x66], info));
    bytes.extend(ebml(&[0x16, 0x54, 0xae, 0x6b], tracks));
    bytes.extend(clusters.concat());
    bytes
}

fn track(number: u8, kind: u8, codec: &str, rest: &[u8]) -> Vec<u8> {
    let mut body = ebml(&[0xd7], &[number]);
    body.extend(ebml(&[0x83], &[kind]));
    body.extend(ebml(&[0x86], codec.as_bytes()));
    body.extend(rest);
    ebml(&[0xae], &body)
}

fn picture(rest: &[u8]) -> Vec<u8> {
    let mut shape = ebml(&[0xb0], &320_u16.to_be_bytes());
    shape.extend(ebml(&[0xba], &180_u16.to_be_bytes()));
    shape.extend(rest);
    track(1, 1, "V_VP8", &ebml(&[0xe0], &shape))
}

/// A cluster at `ms` with blocks at these times of track 1; `open`: without a size.
fn cluster(ms: u32, blocks: &[i16], open: bool) -> Vec<u8> {
    let mut body = ebml(&[0xe7], &ms.to_be_bytes());
    for at in blocks {
        let mut block = vec![0x81];
        block.extend(at.to_be_bytes());
        block.extend([0x80; 900]);
        body.extend(ebml(&[0xa3], &block));
    }
    let id = [0x1f, 0x43, 0xb6, 0x75];
    match open {
        true => [id.as_slice(), &[0xff], &body].concat(),
        false => ebml(&id, &body),
    }
}

#[test]
fn a_recording_that_does_not_say_how_long_it_is_is_asked_at_its_end() {
    for (options, name) in [
        (
            "-c:v libvpx -deadline realtime -c:a libopus -live 1",
            "a.webm",
        ),
        ("-c copy -live 1", "a.mkv"),
        ("-vn -c:a libopus -live 1", "a.webm"),
        ("-an -c copy -live 1", "a.mkv"),
    ] {
        let bytes = made(&["fast.mp4"], options, name);
        lasts(&bytes, 2010);
        // A recorder that was cut off: what was written counts.
        let part = known(&bytes[..bytes.len() * 2 / 3]).duration_ms.unwrap();
        assert!((500..1900).contains(&part), "{options}: {part}");
    }
    for open in [true, false] {
        let clusters = [
            cluster(0, &[0, 40, 80], open),
            cluster(5000, &[0, 80, 40, 120], open),
        ];
        lasts(&recorded(&picture(b""), &clusters, b""), 5160);
        let later = [
            cluster(3_600_000, &[0, 40], open),
            cluster(3_605_000, &[0, 40], open),
        ];
        lasts(&recorded(&picture(b""), &later, b""), 5080);
        // Ticks of another length.
        let tenths = ebml(&[0x2a, 0xd7, 0xb1], &100_000_u32.to_be_bytes());
        lasts(&recorded(&picture(b""), &clusters, &tenths), 516);
    }
    // No cluster where one could be found.
    let only_one = [ebml(&[0x1f, 0x43, 0xb6, 0x75], b"")];
    assert_eq!(
        known(&recorded(&picture(b""), &only_one, b"")).duration_ms,
        None
    );
}

#[test]
fn a_flat_picture_that_is_rolled_by_a_quarter_stands() {
    let roll = |degrees: f32, kind: u8| {
        let mut projection = ebml(&[0x76, 0x71], &[kind]);
        projection.extend(ebml(&[0x76, 0x75], &degrees.to_be_bytes()));
        picture(&ebml(&[0x76, 0x70], &projection))
    };
    let shape = |track: &[u8]| {
        let bytes = recorded(track, &[cluster(0, &[0, 40], false)], b"");
        known(&bytes).video.map(|it| (it.width, it.height)).unwrap()
    };
    for degrees in [90.0, -90.0, 270.0] {
        assert_eq!(shape(&roll(degrees, 0)), (180, 320));
    }
    for degrees in [0.0, 180.0, 45.0, f32::NAN] {
        assert_eq!(shape(&roll(degrees, 0)), (320, 180));
    }
    assert_eq!(shape(&roll(90.0, 1)), (320, 180), "a sphere is no frame");
    let cropped = [ebml(&[0x54, 0xcc], &[20]), ebml(&[0x54, 0xaa], &[30])].concat();
    assert_eq!(shape(&picture(&cropped)), (300, 150));
}

fn mp3(options: &str) -> Vec<u8> {
    made(
        &["fast.mp4"],
        &format!("-vn -c:a libmp3lame {options}"),
        "a.mp3",
    )
}

/// MPEG sound without a tag in front.
fn bare() -> Vec<u8> {
    mp3("-b:a 64k -id3v2_version 0 -write_xing 0")
}

#[test]
fn mpeg_sound_is_as_long_as_its_frames() {
    let noted = mp3("-b:a 64k");
    lasts(&noted, 2040);
    lasts(&noted.repeat(3), 3 * 2040);
    let silence = "anullsrc=r=44100:cl=mono:d=4";
    let noise = "anoisesrc=d=2:r=44100:a=0.5";
    let filter = "-filter_complex [0][1]concat=n=2:v=0:a=1 -c:a libmp3lame -q:a 2 -write_xing 0";
    lasts(&made(&[silence, noise], filter, "a.mp3"), 6030);
    // Tags between and behind the pieces, and a note that promises more than is there.
    let tags = [&id3(4, 0, &[0; 30_000])[..], &noted, b"TAG", &[0; 125]].concat();
    lasts(&tags.repeat(2), 2 * 2040);
    let half = known(&noted[..noted.len() / 2]).duration_ms.unwrap();
    assert!((900..1150).contains(&half), "{half}");
    let aac = made(&["fast.mp4"], "-vn -c:a aac -f adts", "a.aac");
    lasts(&aac.repeat(2), 2 * 2021);
}

#[test]
fn mpeg_sound_may_begin_behind_something_else() {
    let sound = bare();
    let art = [0xff_u8; 300_000];
    let zeros = |count: usize| vec![0; count];
    let ape = {
        let mut ape = b"APETAGEX\xd0\x07\0\0".to_vec();
        ape.extend(1000_u32.to_le_bytes());
        ape.extend([0; 1016]);
        ape
    };
    for (what, front) in [
        (
            "a second tag",
            [id3(3, 0, &[0; 2000]), id3(3, 0, &art)].concat(),
        ),
        (
            "zeros behind the tag",
            [id3(3, 0, &[0; 2000]), zeros(100_000)].concat(),
        ),
        ("zeros", zeros(6000)),
        ("many zeros", zeros(1_000_000)),
        ("an APE tag", ape),
        ("a footer", id3(4, 0x10, &[0; 110])),
    ] {
        let front = match what {
            "a footer" => [&front[..], b"3DI\x04\0\x10\0\0\0\x6e"].concat(),
            _ => front,
        };
        let found = known(&[front, sound.clone()].concat());
        assert_eq!(found.container, Container::Mp3, "{what}");
        assert!(found.duration_ms.unwrap().abs_diff(2040) <= 60, "{what}");
        assert_eq!(found.verdict.plays, Plays::Yes, "{what}");
    }
    lasts(&sound[77..], 2010);
    lasts(
        &[
            id3(4, 0, &[0; 50]),
            made(&["fast.mp4"], "-vn -c:a aac -f adts", "a.aac"),
        ]
        .concat(),
        2021,
    );
    lasts(
        &[id3(4, 0, &[0; 50]), made(&["fast.mp4"], "-vn", "a.flac")].concat(),
        2021,
    );
}

#[test]
fn what_only_holds_bytes_that_look_like_sound_stays_refused() {
    let sound = bare();
    let mut random = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as u8
    })
    .take(400_000)
    .collect();
    let page = b"<!doctype html><title>x</title>".repeat(500);
    let list = b"#EXTM3U\n#EXT-X-VERSION:3\nhttp://10.0.0.1/x.ts\n".repeat(50);
    let archive = [
        b"PK\x03\x04\x14\0\0\0\0\0".as_slice(),
        &[1; 20],
        b"a.mp3",
        &sound,
    ]
    .concat();
    let script = [b"#!/bin/sh\n# ".as_slice(), &sound].concat();
    for bytes in [
        &noise[..],
        &page,
        &list,
        &archive,
        &script,
        &[id3(3, 0, &[0; 20]), page.clone()].concat(),
    ] {
        let found = answer(bytes);
        assert!(matches!(found, Err(Unreadable::NotMedia)), "{found:?}");
    }
    for bytes in [vec![0; 200_000], id3(3, 0, &[0; 200])] {
        assert!(matches!(answer(&bytes), Err(Unreadable::Incomplete)));
    }
}

#[test]
fn chapters_inside_sound_are_found() {
    let expected = [(0, "Welkom"), (1000, "Vragen & één")];
    let says = |bytes: &[u8], what: &str| {
        let chapters = known(bytes).chapters;
        let chapters: Vec<(u64, &str)> = chapters
            .iter()
            .map(|(start, title)| (*start, title.as_str()))
            .collect();
        assert_eq!(chapters, expected, "{what}");
    };
    let with = "-map 0:a -map_metadata 1 -map_chapters 1";
    for (options, name) in [
        ("-c:a libmp3lame -id3v2_version 3", "a.mp3"),
        ("-c:a libmp3lame -id3v2_version 4", "a.mp3"),
        ("-c:a libopus", "a.opus"),
    ] {
        let bytes = made(
            &["fast.mp4", "titles.txt"],
            &format!("{with} {options}"),
            name,
        );
        says(&bytes, options);
    }
    let frames = |version| {
        [
            id3_chapter(version, 0, expected[0].1),
            id3_chapter(version, 1000, expected[1].1),
        ]
        .concat()
    };
    for version in [3, 4] {
        let front = [
            id3(version, 0, &[0; 100]),
            id3(version, 0, &frames(version)),
        ]
        .concat();
        says(&[front, bare()].concat(), "in the second tag");
    }
    // Escaped as a whole: a zero behind every 0xff.
    let escaped: Vec<u8> = frames(3)
        .into_iter()
        .flat_map(|byte| {
            if byte == 0xff {
                vec![0xff, 0]
            } else {
                vec![byte]
            }
        })
        .collect();
    says(&[id3(3, 0x80, &escaped), bare()].concat(), "escaped");
    for (codec, name) in [
        ("flac", "a.flac"),
        ("flac", "a.ogg"),
        ("libvorbis", "a.ogg"),
    ] {
        let comments = "-metadata CHAPTER001=00:00:00.000 -metadata CHAPTER001NAME=Welkom";
        let options = format!("-vn -c:a {codec} {comments}");
        let bytes = made(&["fast.mp4"], &options, name);
        assert_eq!(
            known(&bytes).chapters,
            [(0, "Welkom".to_owned())],
            "{codec} {name}"
        );
        lasts(&bytes, 2021);
    }
}
