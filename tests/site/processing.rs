//! What a coordinator brings becomes watchable by itself: what is made of a recording, and where it is offered.

use std::path::Path;
use std::process::Command;

use crate::support::{Client, Site};

/// A portal with ffmpeg, and a series to which everybody may look.
pub async fn site() -> Site {
    let site = Site::open_with(|config| {
        config.ffmpeg = "ffmpeg".to_owned();
        config.free_mb = 0;
        config.niceness = 0;
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

/// What ffprobe says of bytes: codecs, pixel format, size and channels of each stream, and the length in seconds.
pub fn probed(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let shown = "stream=codec_name,profile,pix_fmt,width,height,channels,field_order,color_transfer:stream_side_data=rotation:format=duration";
    let answer = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", shown, "-of", "json"])
        .arg(file.path())
        .output()
        .unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
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
                "-f lavfi -i testsrc2=size=720x576:rate=25:duration=4 {SOUND} -c:v mpeg2video -flags +ilme+ildct -top 1 -vf setfield=tff -aspect 16:9 -c:a mp2"
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
