//! What a coordinator brings becomes watchable by itself: what is made of a recording, and where it is offered.

use std::path::Path;
use std::process::Command;

use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::{PublicId, Viewer, job, recording};
use terugkijken::config::Config;

use crate::support::{Client, Site};

/// A portal with ffmpeg, and a series to which everybody may look.
pub async fn site() -> Site {
    site_with(|_| ()).await
}

/// The same with other settings.
pub async fn site_with(settings: impl FnOnce(&mut Config)) -> Site {
    let site = Site::open_with(|config| {
        config.ffmpeg = "ffmpeg".to_owned();
        config.free_mb = 0;
        config.niceness = 0;
        settings(config);
    })
    .await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site
}

/// Makes a file with the real ffmpeg, by these arguments.
pub fn make(path: &Path, arguments: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let done = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-nostdin"])
        .args(arguments.split_whitespace())
        .arg(path)
        .status()
        .unwrap();
    assert!(done.success(), "{arguments}");
    // Some containers do not tell where they end, and a file that changed a moment ago may still be arriving.
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    std::fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(earlier)
        .unwrap();
}

/// What ffprobe says of bytes, of these entries (its `-show_entries`).
pub fn ffprobe(bytes: &[u8], entries: &str) -> serde_json::Value {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let answer = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", entries, "-of", "json"])
        .arg(file.path())
        .output()
        .unwrap();
    serde_json::from_slice(&answer.stdout).unwrap()
}

/// What ffprobe says of bytes: codecs, pixel format, size and channels of each stream, and the length in seconds.
pub fn probed(bytes: &[u8]) -> String {
    let shown = "stream=codec_name,profile,pix_fmt,width,height,channels,field_order,color_transfer:stream_side_data=rotation:format=duration";
    let answer = ffprobe(bytes, shown);
    let mut said = Vec::new();
    for stream in answer["streams"].as_array().unwrap() {
        let word = |key: &str| stream[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| stream[key].as_i64().unwrap_or_default();
        said.push(match stream["channels"].is_null() {
            true => format!(
                "{} {} {}x{}",
                word("codec_name"),
                word("pix_fmt"),
                number("width"),
                number("height")
            ),
            false => format!(
                "{} {} {}",
                word("codec_name"),
                word("profile"),
                number("channels")
            ),
        });
    }
    let seconds: f64 = answer["format"]["duration"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    said.push(format!("{seconds:.0} s"));
    said.join(", ")
}

pub const FILM: &str = "-f lavfi -i testsrc2=size=640x360:rate=10:duration=4";
pub const SOUND: &str = "-f lavfi -i sine=frequency=440:duration=4";

/// The renditions of a recording in the API.
pub async fn renditions(site: &Client, id: &str) -> Vec<(String, String)> {
    let answer = site.get(&format!("/api/recordings/{id}")).await.is(200);
    let said: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let all = said["renditions"].as_array().unwrap().iter();
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    all.map(|one| (word(&one["kind"]), word(&one["url"])))
        .collect()
}

#[tokio::test]
async fn whatever_a_coordinator_brings_becomes_watchable() {
    let site = site().await;
    let surround = "-f lavfi -i anoisesrc=duration=4:amplitude=0.1,aformat=channel_layouts=5.1";
    // Name, how it is made, and what every browser gets of it.
    let cases = [
        (
            "01-hevc.mkv",
            format!(
                "{FILM} {SOUND} -c:v libx265 -x265-params log-level=error -pix_fmt yuv420p10le -c:a aac"
            ),
            "h264 yuv420p 640x360, aac LC 1, 4 s",
        ),
        (
            "02-divx.avi",
            format!("{FILM} {surround} -c:v mpeg4 -c:a ac3"),
            "h264 yuv420p 640x360, aac LC 2, 4 s",
        ),
        (
            "03-teams.mkv",
            format!("{FILM} {SOUND} -c:v libx264 -pix_fmt yuv420p -c:a aac"),
            "h264 yuv420p 640x360, aac LC 1, 4 s",
        ),
        (
            "04-stil.avi",
            format!("{FILM} -c:v mpeg4"),
            "h264 yuv420p 640x360, 4 s",
        ),
        (
            "05-geluid.wma",
            format!("{SOUND} -c:a wmav2"),
            "aac LC 1, 4 s",
        ),
        (
            "06-oneven.mkv",
            format!(
                "-f lavfi -i testsrc2=size=321x181:rate=10:duration=4 {SOUND} -c:v libx264 -pix_fmt yuv444p -c:a flac"
            ),
            "h264 yuv420p 320x180, aac LC 1, 4 s",
        ),
        (
            "07-regels.mpg",
            format!(
                "-f lavfi -i testsrc2=size=720x576:rate=50:duration=4,interlace {SOUND} -c:v mpeg2video -flags +ilme+ildct -top 1 -aspect 16:9 -c:a mp2"
            ),
            "h264 yuv420p 1024x576, aac LC 1, 4 s",
        ),
        (
            "08-browser.mkv",
            format!("{FILM} {SOUND} -c:v libvpx -b:v 200k -c:a libopus"),
            "vp8 yuv420p 640x360, opus  1, 4 s",
        ),
    ];
    for (name, arguments, _) in &cases {
        make(&site.path(&format!("reeks/{name}")), arguments);
    }
    site.scan().await;
    site.work_until_idle().await;
    for (name, _, expected) in &cases {
        let id = site.id_in(&format!("reeks/{}.toml", name.split('.').next().unwrap()));
        let made = renditions(&site, &id).await;
        let full = made.iter().find(|(kind, _)| kind == "full");
        let (_, address) = full.unwrap_or_else(|| panic!("{name}: {made:?}"));
        let path = &address[address.find("/media/").unwrap()..];
        let answer = site.get(path).await.is(200);
        assert_eq!(probed(&answer.body), *expected, "{name}");
        // Its index stands in front, so that one request plays it.
        if let Some(data) = answer.body.windows(4).position(|at| at == b"mdat") {
            let index = answer.body.windows(4).position(|at| at == b"moov").unwrap();
            assert!(index < data, "{name}");
        }
        let page = site.get(&format!("/watch/{id}")).await.is(200).text();
        assert!(page.contains(path), "{name} is offered");
    }
}

/// The file of a kind that was made of a recording, and what its page says of its shape.
async fn made(site: &Site, stem: &str, kind: &str) -> Vec<u8> {
    let id = site.id_in(&format!("reeks/{stem}.toml"));
    let made = renditions(site, &id).await;
    let (_, address) = made
        .iter()
        .find(|(one, _)| one == kind)
        .unwrap_or_else(|| panic!("{stem}: {made:?}"));
    let path = &address[address.find("/media/").unwrap()..];
    site.get(path).await.is(200).body
}

#[tokio::test]
async fn the_two_halves_of_old_pictures_are_brought_together() {
    let site = site().await;
    let path = site.path("reeks/01-regels.mpg");
    make(
        &path,
        &format!(
            "-f lavfi -i testsrc2=size=720x576:rate=50:duration=4,interlace {SOUND} -c:v mpeg2video -q:v 2 -flags +ilme+ildct -top 1 -c:a mp2"
        ),
    );
    let (of_two, _) = halves(&std::fs::read(&path).unwrap());
    assert!(of_two > 20, "the premise: {of_two}");
    site.scan().await;
    site.work_until_idle().await;
    let (of_two, of_one) = halves(&made(&site, "01-regels", "full").await);
    assert!(
        of_two < 5 && of_one > 20,
        "{of_two} of two, {of_one} of one"
    );
}

#[tokio::test]
async fn what_phones_and_cameras_make_stands_upright_and_fits_every_screen() {
    let site = site().await;
    let film =
        |size: &str, rate: &str| format!("-f lavfi -i testsrc2=size={size}:rate={rate}:duration=2");
    let hevc =
        "-c:v libx265 -tag:v hvc1 -x265-params log-level=error -preset ultrafast -pix_fmt yuv420p";
    let hdr = "-c:v libx265 -tag:v hvc1 -preset ultrafast -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -x265-params log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc";
    let cases = [
        // A phone held upright stores a lying picture, and how it is turned.
        (
            "01-staand",
            format!("{} {hevc}", film("640x360", "30")),
            "h264 yuv420p 360x640, 2 s",
        ),
        (
            "02-4k",
            format!("{} {hevc}", film("3840x2160", "5")),
            "h264 yuv420p 1920x1080, 2 s",
        ),
        (
            "03-60",
            format!("{} {hevc}", film("640x360", "60")),
            "h264 yuv420p 640x360, 2 s",
        ),
        (
            "04-hdr",
            format!("{} {hdr}", film("640x360", "10")),
            "h264 yuv420p 640x360, 2 s",
        ),
        // Every third picture is missing, as in recordings of screens.
        (
            "05-wisselend",
            format!(
                "{} -vf select=mod(n\\,3) -fps_mode vfr {hevc}",
                film("640x360", "30")
            ),
            "h264 yuv420p 640x360, 2 s",
        ),
    ];
    for (stem, arguments, _) in &cases {
        let path = site.path(&format!("reeks/{stem}.mov"));
        make(&path, arguments);
        if *stem == "01-staand" {
            turn(&path);
        }
    }
    site.scan().await;
    site.work_until_idle().await;
    for (stem, _, expected) in &cases {
        assert_eq!(
            probed(&made(&site, stem, "full").await),
            *expected,
            "{stem}"
        );
    }
    // One that is made anew has another entity tag, so that no client puts pieces of both together.
    let id = site.id_in("reeks/01-staand.toml");
    let address = renditions(&site, &id).await[0].1.clone();
    let path = address[address.find("/media/").unwrap()..].to_owned();
    let before = site
        .get(&path)
        .await
        .is(200)
        .header("etag")
        .unwrap()
        .to_owned();
    let recording = id.clone();
    let forget = site.app.db.write(move |conn| {
        let id = PublicId::parse(&recording).unwrap();
        let viewer = Viewer::visitor(0);
        let row = recording::by_public_id(conn, &viewer, &id)?.unwrap().id;
        job::forget_done(conn, row)
    });
    forget.await.unwrap();
    site.work_until_idle().await;
    assert_ne!(
        site.get(&path).await.is(200).header("etag").unwrap(),
        before
    );
    // A 4K film has a picture for weak lines, and one that is small already has none.
    assert!(probed(&made(&site, "02-4k", "360p").await).starts_with("h264 yuv420p 640x360"));
    let small = renditions(&site, &site.id_in("reeks/03-60.toml")).await;
    assert_eq!(
        small
            .iter()
            .map(|(kind, _)| kind.as_str())
            .collect::<Vec<_>>(),
        ["full"]
    );
    // The brightness of an HDR film is brought to that of a usual screen, and not only called so.
    let (before, after) = (
        std::fs::read(site.path("reeks/04-hdr.mov")).unwrap(),
        made(&site, "04-hdr", "full").await,
    );
    let (before, after) = (light(&before), light(&after));
    assert!(before - after > 10.0, "{before} to {after}");
    assert!(!transfer(&made(&site, "04-hdr", "full").await).contains("smpte2084"));
}

/// Writes into an MP4 that its picture is to be turned a quarter to the right (ISO/IEC 14496-12 §8.3.2, the matrix of `tkhd`).
fn turn(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let head = bytes.windows(4).position(|at| at == b"tkhd").unwrap();
    // Version and flags, times, id, duration, two reserved, layer, group, volume and reserved stand before the matrix.
    let matrix = head + 4 + 4 + 20 + 8 + 8;
    let fixed = |value: i32| value.to_be_bytes();
    let turned = [0, 0x1_0000, 0, -0x1_0000, 0, 0, 360 << 16, 0, 0x4000_0000];
    for (place, value) in turned.into_iter().enumerate() {
        bytes[matrix + 4 * place..matrix + 4 * place + 4].copy_from_slice(&fixed(value));
    }
    let modified = path.metadata().unwrap().modified().unwrap();
    std::fs::write(path, bytes).unwrap();
    std::fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(modified)
        .unwrap();
}

fn transfer(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let answer = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-show_entries",
            "stream=color_transfer",
            "-of",
            "csv",
        ])
        .arg(file.path())
        .output()
        .unwrap();
    String::from_utf8(answer.stdout).unwrap()
}

#[tokio::test]
async fn captions_and_chapters_inside_a_file_are_taken_out() {
    let site = site().await;
    let folder = tempfile::tempdir().unwrap();
    let text = |name: &str, words: &str| {
        let path = folder.path().join(name);
        std::fs::write(
            &path,
            format!("1\n00:00:01,000 --> 00:00:03,000\n{words}\n"),
        )
        .unwrap();
        path.display().to_string()
    };
    let (dutch, english) = (
        text("nl.srt", "Grenzen stellen, ook online"),
        text(
            "en.srt",
            "Setting limits\n\n2\n00:00:02,000 --> 00:00:02,000\nNo time",
        ),
    );
    let chapters = folder.path().join("chapters");
    std::fs::write(&chapters, ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=Welkom\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=4000\ntitle=Vragen\n").unwrap();
    let inside = format!(
        "{FILM} {SOUND} -i {dutch} -i {english} -i {} -map 0:v -map 1:a -map 2:s -map 3:s -map_metadata 4 -map_chapters 4 -c:v mpeg4 -c:a aac -c:s srt -metadata:s:s:0 language=dut -metadata:s:s:1 language=eng",
        chapters.display()
    );
    make(&site.path("reeks/01-les.mkv"), &inside);
    make(&site.path("reeks/02-les.mkv"), &inside);
    site.put(
        "reeks/02-les.nl.vtt",
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nVan een mens\n",
    );
    site.scan().await;
    site.work_until_idle().await;
    assert!(
        site.read("reeks/01-les.nl.vtt")
            .contains("Grenzen stellen, ook online")
    );
    assert!(site.read("reeks/01-les.en.vtt").contains("Setting limits"));
    let id = site.id_in("reeks/01-les.toml");
    site.get(&format!("/transcripts/{id}/nl.txt"))
        .await
        .is(200)
        .shows("Grenzen stellen");
    // What cannot be kept of them is told at the desk, as of any other file.
    let mira = site.colleague("mira", Role::Editor).await;
    mira.get(&format!("/desk/recordings/{id}/files?lang=nl"))
        .await
        .shows("01-les.en.vtt")
        .shows("Regel 6: deze ondertitel eindigt voordat hij begint");
    site.get(&format!("/watch/{id}"))
        .await
        .shows("Welkom")
        .shows("Vragen");
    // What a person brought stays, and what a person took away does not come back.
    assert!(site.read("reeks/02-les.nl.vtt").contains("Van een mens"));
    site.remove("reeks/01-les.en.vtt");
    site.scan().await;
    site.work_until_idle().await;
    assert!(!site.path("reeks/01-les.en.vtt").exists());
    // The renditions hold the picture and the sound alone.
    assert_eq!(
        probed(&made(&site, "01-les", "full").await),
        "h264 yuv420p 640x360, aac LC 1, 4 s"
    );
}

/// What a filter of ffmpeg says of a film, on its last lines.
fn filtered(bytes: &[u8], filter: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let answer = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostdin", "-i"])
        .arg(file.path())
        .args(["-vf", filter, "-an", "-f", "null", "-"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&answer.stderr).into_owned()
}

/// The mean light of the pictures of a film, of 255.
fn light(bytes: &[u8]) -> f64 {
    let said = filtered(
        bytes,
        "format=yuv420p,signalstats,metadata=print:key=lavfi.signalstats.YAVG",
    );
    let values: Vec<f64> = said
        .lines()
        .filter_map(|line| line.split("YAVG=").nth(1)?.trim().parse().ok())
        .collect();
    assert!(!values.is_empty(), "{said}");
    values.iter().sum::<f64>() / f64::from(u32::try_from(values.len()).unwrap())
}

/// How many pictures of a film consist of two halves, and how many of one.
fn halves(bytes: &[u8]) -> (u32, u32) {
    let said = filtered(bytes, "idet");
    let line = said
        .lines()
        .rfind(|line| line.contains("Multi frame detection"))
        .unwrap();
    let number = |name: &str| {
        line.split(name)
            .nth(1)
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .parse::<u32>()
            .unwrap()
    };
    (number("TFF:") + number("BFF:"), number("Progressive:"))
}
