//! A public recording of some size with hand-outs beside it, as files whose bytes are known.

use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

use terugkijken::config::Config;

use super::chance::Chance;
use super::requests::MODIFIED;
use super::talk::Shelved;
use super::{Site, clips};

/// How the bytes of a file leave: a name for what a story tells, and the settings.
pub type Way = (&'static str, fn(&mut Config));

/// All of them.
pub const WAYS: [Way; 2] = [
    ("by the kernel itself", |config| config.zero_copy = true),
    ("read and written", |config| config.zero_copy = false),
];

/// Sizes of hand-outs: around what programs read in one go.
const HAND_OUTS: [usize; 7] = [0, 1, 100, 16_383, 16_384, 16_385, 65_537];

/// The portal, and its files: the recording first, of this many bytes, then the hand-outs.
pub async fn shelf(
    (_, settings): (&str, impl FnOnce(&mut Config)),
    bytes: usize,
) -> (Site, Vec<Shelved>) {
    let site = Site::open_with(settings).await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    let mut names = vec!["01-begin.mp4".to_owned()];
    site.put("reeks/01-begin.mp4", clips::padded(1, bytes));
    let mut chance = Chance::new(1);
    for size in HAND_OUTS {
        let name = format!("01-begin.bijlage {size}.pdf");
        site.put(&format!("reeks/{name}"), chance.bytes(size));
        names.push(name);
    }
    for name in &names {
        let file = File::options()
            .write(true)
            .open(site.path(&format!("reeks/{name}")));
        let modified = UNIX_EPOCH + Duration::from_secs(MODIFIED);
        file.unwrap().set_modified(modified).unwrap();
    }
    site.scan().await;
    let told = site.recording("Begin").await;
    let hand_outs = told["attachments"].as_array().unwrap();
    let urls =
        std::iter::once(&told["sources"][0]["url"]).chain(hand_outs.iter().map(|one| &one["url"]));
    let addresses: Vec<String> = urls.map(|url| site.address(url)).collect();
    assert_eq!(addresses.len(), names.len());
    let shelved = addresses.into_iter().map(|address| {
        let name = address.rsplit_once('/').unwrap().1.replace("%20", " ");
        Shelved {
            bytes: std::fs::read(site.path(&format!("reeks/{name}"))).unwrap(),
            etag: format!("\"{}\"", address.split('/').nth(3).unwrap()),
            modified: MODIFIED,
            media_type: if name.ends_with(".mp4") {
                "video/mp4"
            } else {
                "application/pdf"
            },
            address,
        }
    });
    let shelved = shelved.collect();
    (site, shelved)
}
