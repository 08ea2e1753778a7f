//! The sound alone: AAC, which everything plays, and beside it Opus in fewer bytes, which nothing gets that does not ask its browser first.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use terugkijken::catalogue::job;

use crate::processing::{ffprobe, make, renditions, site, site_with};
use crate::support::Site;

/// As loud and as restless as somebody who talks.
const SPEECH: &str = "-f lavfi -i anoisesrc=color=pink:amplitude=0.4:duration=20,tremolo=f=4";
const SILENCE: &str = "-f lavfi -i anullsrc=duration=20";
const CODECS: &str = "-t 20 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -ac 2";

fn film(size: &str) -> String {
    format!("-f lavfi -i testsrc2=size={size}:rate=2:duration=20")
}

/// Codec and channels of the sound in bytes, how long it lasts in seconds, and its bits a second.
fn sound(bytes: &[u8]) -> (String, f64, f64) {
    let answer = ffprobe(
        bytes,
        "stream=codec_name,channels,sample_rate:format=duration",
    );
    let one = &answer["streams"][0];
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let words = format!(
        "{} {} {}",
        word(&one["codec_name"]),
        one["channels"],
        word(&one["sample_rate"])
    );
    let seconds: f64 = word(&answer["format"]["duration"]).parse().unwrap();
    let bits = f64::from(u32::try_from(bytes.len() * 8).unwrap());
    (words, seconds, bits / seconds)
}

/// A film with speech, of which everything has been made. Answers its id.
async fn processed(site: &Site) -> String {
    make(
        &site.path("reeks/01-les.mp4"),
        &format!("{} {SPEECH} {CODECS}", film("800x450")),
    );
    site.scan().await;
    site.work_until_idle().await;
    site.id_in("reeks/01-les.toml")
}

/// The paths of what was made of a recording, by kind.
async fn paths(site: &Site, id: &str) -> Vec<(String, String)> {
    let made = renditions(site, id).await.into_iter();
    made.map(|(kind, url)| (kind, url[url.find("/media/").unwrap()..].to_owned()))
        .collect()
}

async fn path(site: &Site, id: &str, kind: &str) -> String {
    let all = paths(site, id).await;
    let found = all.iter().find(|(one, _)| one == kind);
    found.unwrap_or_else(|| panic!("{kind}: {all:?}")).1.clone()
}

async fn kinds(site: &Site, id: &str) -> Vec<String> {
    let mut kinds: Vec<String> = paths(site, id).await.into_iter().map(|one| one.0).collect();
    kinds.sort();
    kinds
}

async fn change(site: &Site, sql: &'static str) {
    let changed = site.app.db.write(move |conn| Ok(conn.execute(sql, [])?));
    changed.await.unwrap();
}

#[tokio::test]
async fn the_sound_alone_is_made_as_opus_as_well_and_offered_to_whoever_asks_the_browser() {
    let site = site().await;
    let small = film("320x180");
    make(
        &site.path("reeks/01-les.mp4"),
        &format!("{small} {SPEECH} {CODECS}"),
    );
    make(
        &site.path("reeks/02-stil.mp4"),
        &format!("{small} {SILENCE} {CODECS}"),
    );
    make(
        &site.path("reeks/03-geluid.mp3"),
        &format!("{SPEECH} -c:a libmp3lame"),
    );
    site.scan().await;
    site.work_until_idle().await;
    let ids = ["01-les", "02-stil", "03-geluid"];
    let ids = ids.map(|stem| site.id_in(&format!("reeks/{stem}.toml")));
    let (opus, aac) = (
        path(&site, &ids[0], "opus").await,
        path(&site, &ids[0], "sound").await,
    );
    let answer = site.get(&opus).await.is(200);
    assert_eq!(answer.header("content-type").unwrap(), "audio/mp4");
    let (words, seconds, rate) = sound(&answer.body);
    assert_eq!(words, "opus 1 48000");
    assert!((19.9..20.1).contains(&seconds), "{seconds}");
    assert!((16_000.0..32_000.0).contains(&rate), "{rate}");
    let at = |name: &[u8]| answer.body.windows(4).position(|at| at == name).unwrap();
    assert!(at(b"moov") < at(b"mdat"), "one request plays it");
    let (words, _, aac_rate) = sound(&site.get(&aac).await.is(200).body);
    assert_eq!(words, "aac 1 48000");
    assert!(rate < aac_rate * 0.75, "{rate} beside {aac_rate}");

    let said = site.json(&format!("/api/recordings/{}", ids[0])).await;
    let listed = said["renditions"].as_array().unwrap().iter();
    let listed = listed.filter(|one| one["kind"] == "opus");
    let types: Vec<_> = listed.map(|one| (&one["type"], &one["codecs"])).collect();
    assert_eq!(types, [(&"audio/mp4".into(), &"opus".into())]);

    // In the list Opus stands before the other; everything that asks nobody has the other alone.
    for page in ["watch", "embed"] {
        let text = site.get(&format!("/{page}/{}", ids[0])).await.text();
        let list = text.split_once("<select data-quality").unwrap().1;
        let (list, rest) = list.split_once("</select>").unwrap();
        let (first, second) = (list.find(&opus).unwrap(), list.find(&aac).unwrap());
        assert!(first < second, "{list}");
        assert!(list.contains("data-type=\"audio/mp4; codecs=&quot;opus&quot;\""));
        assert!(!rest.contains(&opus), "{page}");
        assert!(
            !text
                .split_once("<select data-quality")
                .unwrap()
                .0
                .contains(&opus)
        );
        assert_eq!(rest.contains(&aac), page == "watch");
    }
    let podcast = site.get("/series/reeks/podcast.xml").await.is(200).text();
    assert!(podcast.contains(&aac) && !podcast.contains(&opus));

    // Of silence AAC is the smaller one, and a recording of sound has no second one.
    assert_eq!(kinds(&site, &ids[1]).await, ["opus", "sound"]);
    let opus = path(&site, &ids[1], "opus").await;
    let page = site.get(&format!("/watch/{}", ids[1])).await.text();
    assert!(page.contains(&path(&site, &ids[1], "sound").await) && !page.contains(&opus));
    assert!(kinds(&site, &ids[2]).await.is_empty());
}

#[tokio::test]
async fn where_opus_alone_is_missing_nothing_else_is_made_again() {
    let site = site().await;
    let id = processed(&site).await;
    let before = tags(&site, &id).await;
    assert_eq!(before.len(), 3, "{before:?}");
    // As a portal was that had the step before Opus was made, and whose coordinators let what is there already wait.
    change(&site, "DELETE FROM rendition WHERE kind = 'opus'").await;
    change(
        &site,
        "UPDATE step_done SET recipe = 1 WHERE step = 'small'",
    )
    .await;
    change(
        &site,
        "UPDATE processing SET backlog = (SELECT max(id) FROM original), paused = 1",
    )
    .await;
    site.work_until_idle().await;
    let backlog = site.app.db.read(job::backlog).await.unwrap();
    let steps: Vec<&str> = backlog.steps.iter().map(|step| step.0.as_str()).collect();
    assert_eq!(steps, ["small again"], "it costs a fraction");
    change(&site, "UPDATE processing SET paused = 0").await;
    site.work_until_idle().await;
    let after = tags(&site, &id).await;
    let same: Vec<_> = after.iter().filter(|one| before.contains(one)).collect();
    assert_eq!(same.len(), 2, "{before:?} {after:?}");
    assert_eq!(kinds(&site, &id).await, ["360p", "opus", "sound"]);
    // Who asks for all of it again gets all of it again.
    change(&site, "DELETE FROM step_done").await;
    site.work_until_idle().await;
    let anew = tags(&site, &id).await;
    assert!(
        anew.len() == 3 && !anew.iter().any(|one| after.contains(one)),
        "{after:?} {anew:?}"
    );
}

/// The address of each file that was made of a recording, with its entity tag, which is another one for each run.
async fn tags(site: &Site, id: &str) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    for (_, path) in paths(site, id).await {
        let answer = site.get(&path).await.is(200);
        tags.push((path, answer.header("etag").unwrap().to_owned()));
    }
    tags
}

#[tokio::test]
async fn an_ffmpeg_that_cannot_encode_opus_makes_all_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("ffmpeg");
    // As one that was built without the library answers.
    let script = "#!/bin/sh
case \" $* \" in
*' encoder=libopus '*) echo \"Codec 'libopus' is not recognized by FFmpeg.\"; exit 0 ;;
*' libopus '*) echo \"Unknown encoder 'libopus'\" >&2; exit 1 ;;
esac
exec ffmpeg \"$@\"
";
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let site = site_with(|config| config.ffmpeg = program.display().to_string()).await;
    let id = processed(&site).await;
    assert_eq!(kinds(&site, &id).await, ["360p", "sound"]);
    let failed = site.app.db.read(|conn| job::counts(conn, i64::MAX));
    assert_eq!(failed.await.unwrap(), (0, 0), "nothing waits or failed");
}
