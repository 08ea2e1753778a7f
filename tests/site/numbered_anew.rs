//! A drive that numbers its files anew and keeps coarser times (FAT, exFAT, network drives) holds the same files as before; another
//! file of the same size is another one.

use std::fs::{File, FileTimes};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::picture;
use crate::support::{Site, clips, lines};

/// A moment with a fraction that every drive rounds: 1.987654321 seconds after an even one.
const SECONDS: u64 = 1_700_000_001;
const NANOSECONDS: u32 = 987_654_321;

fn moment(seconds: u64, nanoseconds: u32) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds)
}

fn set_time(path: &Path, time: SystemTime) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
}

/// Copies a file over itself, so that it has another inode, and this time.
fn number_anew(path: &Path, time: SystemTime) {
    let copy = path.with_extension("kopie");
    std::fs::copy(path, &copy).unwrap();
    set_time(&copy, time);
    let before = path.metadata().unwrap().ino();
    std::fs::rename(&copy, path).unwrap();
    assert_ne!(path.metadata().unwrap().ino(), before, "the premise");
}

/// A recording with a picture and a hand-out, all of one moment, and the addresses of its film and hand-out.
async fn whole() -> (Site, [String; 2]) {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.png", picture(640));
    site.put("reeks/01-begin.blad.pdf", "%PDF-1.4");
    for name in NAMES {
        set_time(&site.path(name), moment(SECONDS, NANOSECONDS));
    }
    site.scan().await;
    site.work_until_idle().await;
    let one = site.recording("Begin").await;
    let urls = [&one["sources"][0]["url"], &one["attachments"][0]["url"]];
    let addresses = urls.map(|url| site.address(url));
    (site, addresses)
}

const NAMES: [&str; 3] = [
    "reeks/01-begin.mp4",
    "reeks/01-begin.png",
    "reeks/01-begin.blad.pdf",
];

#[tokio::test]
async fn a_film_goes_on_from_a_drive_that_numbers_its_files_anew() {
    for (step, seconds, nanoseconds) in [
        ("ext4", SECONDS, NANOSECONDS),
        ("NTFS", SECONDS, 987_654_300),
        ("microseconds", SECONDS, 987_654_000),
        ("exFAT", SECONDS, 980_000_000),
        ("HFS+", SECONDS, 0),
        ("FAT", SECONDS - 1, 0),
    ] {
        let (site, addresses) = whole().await;
        let before = site.everything().await;
        for name in NAMES {
            number_anew(&site.path(name), moment(seconds, nanoseconds));
        }
        for scanned in [false, true] {
            for address in &addresses {
                site.get(address).await.is(200);
                let part = site.ask(Method::GET, address).header("range", "bytes=2-5");
                site.send(part).await.is(206);
            }
            assert!(
                site.app.notifier.notify_scan(),
                "{step}: no scan was asked for"
            );
            site.app.notifier.scan_requested().await;
            if !scanned {
                let report = site.scan().await;
                assert_eq!((report.opened, lines(&report)), (0, Vec::new()), "{step}");
                site.work_until_idle().await;
            }
        }
        assert_eq!(site.everything().await, before, "{step}");
    }
}

#[tokio::test]
async fn another_file_of_the_same_size_and_another_time_is_seen() {
    let original = clips::bytes("a.mp4", 1);
    for (seconds, nanoseconds) in [
        (SECONDS, NANOSECONDS + 1),
        (SECONDS, 970_000_000),
        (SECONDS + 1, 0),
        (SECONDS - 2, 0),
        (SECONDS - 86_400, NANOSECONDS),
    ] {
        let (site, [address, _]) = whole().await;
        let mut other = original.clone();
        *other.last_mut().unwrap() ^= 1;
        let path = site.path("reeks/01-begin.mp4");
        std::fs::write(&path, &other).unwrap();
        set_time(&path, moment(seconds, nanoseconds));
        let at = format!("{seconds}.{nanoseconds}");
        assert_eq!(site.get(&address).await.status, 503, "{at}");
        site.scan().await;
        let now = site.address(&site.recording("Begin").await["sources"][0]["url"]);
        assert_ne!(now, address, "{at}");
        assert!(site.get(&now).await.is(200).body == other, "{at}");
    }
}

#[tokio::test]
async fn a_file_that_is_uploaded_in_the_place_of_one_of_its_size_and_time_is_seen() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    let original = clips::bytes("a.mp4", 1);
    site.put("reeks/01-begin.mp4", &original);
    set_time(&site.path("reeks/01-begin.mp4"), moment(SECONDS, 0));
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    let mira = site.colleague("mira", Role::Administrator).await;
    let mut other = original.clone();
    *other.last_mut().unwrap() ^= 1;
    let said = format!("{SECONDS}000");
    let pairs = [
        ("filename", "b.mp4"),
        ("replaces", &*id),
        ("lastmodified", &*said),
    ];
    let old = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    mira.upload(other.clone(), &pairs).await;
    let address = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    assert_ne!(address, old);
    assert!(site.get(&address).await.is(200).body == other);
    // The one that was replaced can be put back, and has the same size and time again.
    let version = old.split('/').nth(3).unwrap();
    mira.does(&format!("/desk/recordings/{id}/versions/{version}"), &[])
        .await;
    let address = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    assert!(site.get(&address).await.is(200).body == original);
    site.scan().await;
    assert!(site.get(&address).await.is(200).body == original);
}
