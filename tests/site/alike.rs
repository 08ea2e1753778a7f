//! Files that agree in size and in the samples their version is made of, and are others all the same: none of their bytes is lost,
//! and no address leads to other bytes than before.

use std::io::Cursor;

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::library;

use crate::support::desk::Desk;
use crate::support::{Site, clips};

/// Some megabytes of a recording whose last `mdat` differs in one byte, which no sample covers.
fn film(mark: u8) -> Vec<u8> {
    let mut bytes = clips::bytes("a.mp4", 1);
    let begin = bytes.len();
    bytes.extend(4_000_000_u32.to_be_bytes());
    bytes.extend(b"mdat");
    bytes.resize(begin + 4_000_000, 7);
    // Just behind the eighth of sixteen samples of 64 KiB.
    let eighth = (bytes.len() - 65_536) / 15 * 7;
    bytes[eighth + 65_536 + 100] = mark;
    bytes
}

fn version(bytes: &[u8]) -> String {
    library::version(&mut Cursor::new(bytes), bytes.len() as u64).unwrap()
}

/// Two films; the premise is that nothing but the whole tells them apart.
fn alike() -> (Vec<u8>, Vec<u8>) {
    let (one, other) = (film(1), film(2));
    assert!(one != other && one.len() == other.len() && one.len() > 1024 * 1024);
    assert_eq!(version(&one), version(&other));
    (one, other)
}

async fn media(site: &Site, id: &str) -> String {
    let recording = site.json(&format!("/api/recordings/{id}")).await;
    site.address(&recording["sources"][0]["url"])
}

/// The bytes that are kept aside, in order of their names.
fn kept(site: &Site) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(site.path("reeks/.versions")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

async fn replace(mira: &Desk, id: &str, bytes: &[u8]) -> String {
    let names = [("filename", "nieuw.mp4"), ("replaces", id)];
    let upload = mira.upload(bytes.to_vec(), &names).await;
    mira.report(&upload).await["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn two_files_that_only_the_whole_tells_apart_are_two_recordings() {
    let (one, other) = alike();
    for is_hashed in [false, true] {
        let site = Site::open().await;
        let mira = site.colleague("mira", Role::Editor).await;
        // Put there by hand: nobody has read it whole yet.
        site.put("reeks/01-een.mp4", &one);
        site.scan().await;
        if is_hashed {
            site.work_until_idle().await;
        }
        let sent = mira
            .upload(other.clone(), &[("filename", "02 twee.mp4")])
            .await;
        assert_eq!(mira.report(&sent).await["state"], "done");
        assert!(std::fs::read(site.path("inbox/02-twee.mp4")).unwrap() == other);
        for (bytes, sidecar) in [(&one, "reeks/01-een.toml"), (&other, "inbox/02-twee.toml")] {
            let again = mira
                .upload(bytes.clone(), &[("filename", "weer.mp4")])
                .await;
            let report = mira.report(&again).await;
            let known = format!("/desk/recordings/{}", site.id_in(sidecar));
            assert_eq!(
                (&report["state"], &report["desk_url"]),
                (&"refused".into(), &known.into())
            );
        }
        assert!(site.scan().await.findings.is_empty());
    }
}

#[tokio::test]
async fn a_version_that_only_the_whole_tells_from_the_next_keeps_its_bytes_and_its_address() {
    let (one, other) = alike();
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put("reeks/01-een.mp4", &one);
    site.scan().await;
    let id = site.id_in("reeks/01-een.toml");
    let mira = site.colleague("mira", Role::Editor).await;
    let of_one = media(&site, &id).await;
    // A mended copy of the same film, say.
    assert_eq!(replace(&mira, &id, &other).await, "done");
    let of_other = media(&site, &id).await;
    assert_ne!(of_one, of_other);
    assert!(site.get(&of_other).await.is(200).body == other);
    assert!(kept(&site) == [one.clone()]);
    // Nobody who has the beginning of the one gets the rest of the other.
    site.get(&of_one).await.is(308).says("location", &of_other);
    let rest = site.ask(Method::GET, &of_one).header("range", "bytes=100-");
    site.send(rest).await.is(410);
    assert!(
        mira.get(&of_one).await.is(200).body == one,
        "for its coordinators"
    );
    // That it has an address of its own outlasts whatever touches or moves it.
    std::fs::write(site.path("reeks/kopie"), &other).unwrap();
    site.rename("reeks/kopie", "reeks/01-een.mp4");
    site.scan().await;
    assert_eq!(media(&site, &id).await, of_other);
    site.rename("reeks/01-een.mp4", "reeks/01-anders.mp4");
    site.scan().await;
    let same_version = |address: &str| address.split('/').nth(3).unwrap().to_owned();
    assert_eq!(
        same_version(&media(&site, &id).await),
        same_version(&of_other)
    );
    site.rename("reeks/01-anders.mp4", "reeks/01-een.mp4");
    site.scan().await;
    // There and back again.
    let versions = format!("/desk/recordings/{id}/versions");
    for (bytes, address, other_bytes) in [
        (&one, &of_one, &other),
        (&other, &of_other, &one),
        (&one, &of_one, &other),
    ] {
        mira.post(&format!("{versions}/{}", same_version(address)), &[])
            .await
            .is(303);
        assert_eq!(media(&site, &id).await, *address);
        assert!(site.get(address).await.is(200).body == **bytes);
        assert!(kept(&site) == [other_bytes.clone()]);
        site.scan().await;
        assert_eq!(media(&site, &id).await, *address);
    }
}

#[tokio::test]
async fn what_is_kept_aside_is_dropped_only_when_all_of_it_is_kept_already() {
    let (one, other) = alike();
    let site = Site::open().await;
    site.put("reeks/01-een.mp4", &one);
    site.scan().await;
    let id = site.id_in("reeks/01-een.toml");
    let mira = site.colleague("mira", Role::Editor).await;
    replace(&mira, &id, &other).await;
    // A catalogue made again knows nothing of what is kept; the address of both is that of their samples.
    let site = site.without_its_catalogue().await;
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    replace(&mira, &id, &clips::bytes("a.mp4", 5)).await;
    let mut all = kept(&site);
    all.sort();
    assert!(all == [one.clone(), other.clone()], "both");
    // The same once more is kept once.
    replace(&mira, &id, &one).await;
    assert_eq!(kept(&site).len(), 3);
    replace(&mira, &id, &clips::bytes("a.mp4", 6)).await;
    assert_eq!(kept(&site).len(), 3);

    // Put back while other bytes have its address.
    let site = site.without_its_catalogue().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put("reeks/01-een.mp4", &other);
    site.scan().await;
    let before = media(&site, &id).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let back = format!("/desk/recordings/{id}/versions/{}", version(&one));
    mira.post(&back, &[]).await.is(303);
    let now = media(&site, &id).await;
    assert_ne!(now, before, "other bytes, another address");
    assert!(site.get(&now).await.is(200).body == one);
    assert!(site.get(&before).await.status != 200);
}
