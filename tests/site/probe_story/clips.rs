//! The clips, and asking ffprobe and the probe about them.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use terugkijken::probe::{Probe, probe};

/// Where the picture comes from, its size not square so that a turn shows.
const PICTURE: [&str; 4] = [
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=320x180:rate=25:duration=2",
];
const SOUND: [&str; 4] = [
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=440:sample_rate=48000:duration=2",
];
const H264: &str = "-c:v libx264 -preset ultrafast -profile:v main -pix_fmt yuv420p -g 25";
const AAC: &str = "-c:a aac -b:a 64k";

/// A clip: its file name, and the options that make it. `{v}` is the usual H.264, `{a}` the usual AAC.
pub const CLIPS: &[(&str, &str)] = &[
    (
        "fast.mp4",
        "{v} {a} -movflags +faststart -metadata creation_time=2024-03-05T10:11:12Z",
    ),
    ("tail.mp4", "{v} {a}"),
    (
        "fragmented.mp4",
        "{v} {a} -movflags frag_keyframe+empty_moov+default_base_moof",
    ),
    (
        "dash.mp4",
        "{v} {a} -movflags dash+global_sidx+frag_keyframe",
    ),
    (
        "ten_bit.mp4",
        "-c:v libx264 -preset ultrafast -pix_fmt yuv420p10le {a}",
    ),
    (
        "full_colour.mp4",
        "-c:v libx264 -preset ultrafast -pix_fmt yuv444p {a}",
    ),
    ("anamorphic.mp4", "{v} {a} -vf setsar=4/3"),
    ("dolby.mp4", "{v} -c:a ac3"),
    ("divx.mp4", "-c:v mpeg4 {a}"),
    ("mp3_in.mp4", "{v} -c:a libmp3lame"),
    ("opus_in.mp4", "{v} -c:a libopus -strict -2"),
    (
        "hevc.mp4",
        "-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params log-level=none {a}",
    ),
    (
        "hev1.mp4",
        "-c:v libx265 -preset ultrafast -tag:v hev1 -x265-params log-level=none {a}",
    ),
    ("av1.mp4", "-c:v libsvtav1 -preset 12 {a}"),
    (
        "vp9.mp4",
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus -strict -2",
    ),
    ("apple.mov", "{v} {a}"),
    ("pcm.mov", "{v} -c:a pcm_s16le"),
    ("prores.mov", "-c:v prores -c:a pcm_s16le"),
    ("h264.mkv", "{v} {a}"),
    (
        "hevc.mkv",
        "-c:v libx265 -preset ultrafast -x265-params log-level=none -c:a ac3",
    ),
    ("divx.mkv", "-c:v mpeg4 -c:a libmp3lame"),
    (
        "vp9.webm",
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
    ),
    (
        "vp8.webm",
        "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis",
    ),
    (
        "deep_vp9.mp4",
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p10le {a}",
    ),
    (
        "live.webm",
        "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus -live 1",
    ),
    ("old.avi", "-c:v mpeg4 -vtag XVID -c:a libmp3lame"),
    ("windows.wmv", "-c:v wmv2 -c:a wmav2"),
    ("dvd.mpg", "-c:v mpeg2video -c:a mp2 -f vob"),
    ("cd.mpg", "-c:v mpeg1video -c:a mp2 -f mpeg"),
    ("camera.ts", "{v} {a}"),
    ("camera.m2ts", "{v} -c:a ac3 -mpegts_m2ts_mode 1"),
    ("dvb.ts", "-c:v mpeg2video -c:a mp2"),
    ("flash.flv", "{v} {a} -ar 44100"),
    ("phone.3gp", "{v} {a}"),
    ("early.3gp", "-c:v h263 -s 176x144 -c:a aac"),
    ("only.m4a", "-vn {a}"),
    ("lossless.m4a", "-vn -c:a alac"),
    ("variable.mp3", "-vn -c:a libmp3lame -q:a 4"),
    (
        "constant.mp3",
        "-vn -c:a libmp3lame -b:a 96k -write_xing 0 -id3v2_version 0",
    ),
    ("voice.ogg", "-vn -c:a libvorbis"),
    ("voice.opus", "-vn -c:a libopus"),
    ("lossless.ogg", "-vn -c:a flac -f ogg"),
    ("theora.ogv", "-c:v libtheora -c:a libvorbis"),
    ("voice.wav", "-vn -c:a pcm_s16le"),
    ("voice.flac", "-vn -c:a flac"),
    ("voice.aac", "-vn {a} -f adts"),
];

/// The folder with all clips, made at the first run.
pub fn clips() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(make_clips)
}

fn make_clips() -> PathBuf {
    // Named after the recipes, so that a later run finds the clips again and a changed recipe makes new ones.
    let mut recipes = DefaultHasher::new();
    (CLIPS, H264, AAC).hash(&mut recipes);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("probe-clips-{:016x}", recipes.finish()));
    if !folder.exists() {
        // Several processes may make the clips at once: each in a folder of its own, and the first that has them all gives
        // the folder its name. Half a set is never found under it.
        let making = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        make_all(making.path());
        let named = std::fs::rename(making.path(), &folder);
        assert!(named.is_ok() || folder.exists(), "{named:?}");
    }
    folder
}

fn make_all(folder: &Path) {
    std::fs::write(folder.join("chapters.txt"), CHAPTERS).unwrap();
    for (name, options) in CLIPS {
        let options = options.replace("{v}", H264).replace("{a}", AAC);
        let mut inputs: Vec<&str> = if options.starts_with("-vn") {
            vec![]
        } else {
            PICTURE.to_vec()
        };
        inputs.extend(SOUND);
        let made = ffmpeg(folder, &inputs, &options, name);
        assert!(made, "this ffmpeg cannot make {name}");
    }
    for name in [
        "chapters.mp4",
        "chapters.mov",
        "chapters.mkv",
        "chapters.m4a",
    ] {
        let source = if name.ends_with("m4a") {
            "only.m4a"
        } else {
            "tail.mp4"
        };
        assert!(ffmpeg(
            folder,
            &["-i", source, "-i", "chapters.txt"],
            "-map_chapters 1 -map_metadata 0 -c copy",
            name
        ));
    }
    assert!(ffmpeg(
        folder,
        &["-i", "tail.mp4"],
        "-c copy -metadata:s:v:0 rotate=90",
        "turned.mp4"
    ));
}

const CHAPTERS: &str = ";FFMETADATA1\n\
    [CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=700\ntitle=Welkom\n\
    [CHAPTER]\nTIMEBASE=1/1000\nSTART=700\nEND=1400\ntitle=Privé & grenzen\n\
    [CHAPTER]\nTIMEBASE=1/1000\nSTART=1400\nEND=2000\ntitle=Vragen\n";

pub fn ffmpeg(folder: &Path, inputs: &[&str], options: &str, name: &str) -> bool {
    let run = Command::new("ffmpeg")
        .current_dir(folder)
        .args(["-v", "error", "-nostdin", "-y"])
        .args(inputs)
        .args(options.split_whitespace())
        .arg(name)
        .output();
    run.is_ok_and(|output| output.status.success())
}

/// What ffprobe has on a file, as `streams.stream.0.width="320"` and the like.
pub struct Known(String);

impl Known {
    /// Of the whole file.
    pub fn of_file(&self, what: &str) -> Option<&str> {
        self.value(&format!("format.{what}="))
    }

    /// Of the first stream that is `video` or `audio`; empty when there is none.
    pub fn of_first(&self, kind: &str, what: &str) -> &str {
        let is_kind = format!(".codec_type=\"{kind}\"");
        let stream = self.0.lines().find_map(|line| line.strip_suffix(&is_kind));
        stream
            .and_then(|stream| self.value(&format!("{stream}.{what}=")))
            .unwrap_or_default()
    }

    fn value(&self, name: &str) -> Option<&str> {
        let value = self.0.lines().find_map(|line| line.strip_prefix(name))?;
        Some(value.trim_matches('"'))
    }
}

/// Asks ffprobe once for everything the stories compare.
pub fn ffprobe(path: &Path) -> Known {
    let wanted = "format=duration:stream=codec_type,codec_name,width,height,sample_aspect_ratio";
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-of", "flat", "-show_entries", wanted])
        .arg(path)
        .output()
        .unwrap();
    Known(String::from_utf8(output.stdout).unwrap())
}

pub fn probed(name: &str) -> Probe {
    let file = File::open(clips().join(name)).unwrap();
    let size = file.metadata().unwrap().len();
    probe(file, size).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// What a story says of a clip.
pub fn story(name: &str, tell: impl FnOnce(Probe)) {
    tell(probed(name));
}
