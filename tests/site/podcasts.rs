//! What podcast apps keep of a series: its id, whatever becomes of its address, and its pictures, which are drawn once.

use crate::support::Site;
use crate::support::desk::picture;
use crate::support::markup::between;

const BASE: &str = "https://training.example.org";

/// UUIDv5 of "training.example.org/series/reeks/podcast.xml" in the namespace of podcasts.
const GUID: &str = "d9780507-0d8b-5d84-9104-f64c030b14a4";

async fn site() -> Site {
    let site = Site::open_with(|config| config.base_url = Some(BASE.into())).await;
    site.put(
        "reeks/series.toml",
        "# Van Mira.\ntitle = \"De reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-deel.mp4", 1);
    site.put_clip("reeks/02-deel.mp4", 2);
    site
}

async fn guid(site: &Site, slug: &str) -> String {
    let text = site
        .get(&format!("/series/{slug}/podcast.xml"))
        .await
        .is(200)
        .text();
    between(&text, "<podcast:guid>", "</podcast:guid>")
}

#[tokio::test]
async fn a_podcast_keeps_its_id_at_another_address_and_after_a_merge() {
    let site = site().await;
    site.scan().await;
    assert_eq!(guid(&site, "reeks").await, GUID);
    let text = site.read("reeks/series.toml");
    assert!(
        text.starts_with("# Van Mira.\n") && text.contains(&format!("podcast_guid = \"{GUID}\"")),
        "{text}"
    );
    // A second series has an id of its own, also when its file was copied from the first.
    site.put("ander/series.toml", text.replace("De reeks", "De andere"));
    site.put_clip("ander/01-begin.mp4", 3);
    site.scan().await;
    let other = guid(&site, "ander").await;
    assert_ne!(other, GUID);
    assert!(site.read("ander/series.toml").contains(&other));
    // All of the first series moves into the second: both addresses lead to one podcast, which is the one that stays.
    for number in ["01", "02"] {
        for ending in ["mp4", "toml"] {
            site.rename(
                &format!("reeks/{number}-deel.{ending}"),
                &format!("ander/1{number}-deel.{ending}"),
            );
        }
    }
    site.remove("reeks/series.toml");
    std::fs::remove_dir_all(site.path("reeks")).unwrap();
    site.scan().await;
    let moved = site.get("/series/reeks/podcast.xml").await.is(308);
    assert_eq!(moved.header("location"), Some("/series/ander/podcast.xml"));
    assert_eq!(guid(&site, "ander").await, other);
    // The portal gets another address, and its catalogue is made again from the folder.
    let media = site.media().to_path_buf();
    let site = Site::open_with(|config| {
        config.base_url = Some("https://terugkijken.example.net".into());
        config.media = media;
    })
    .await;
    site.scan().await;
    assert_eq!(guid(&site, "ander").await, other);
}

#[tokio::test]
async fn a_portal_that_has_no_address_yet_keeps_no_id() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-deel.mp4", 1);
    site.scan().await;
    assert!(!guid(&site, "reeks").await.is_empty());
    assert_eq!(site.read("reeks/series.toml"), "visibility = \"public\"\n");
}

#[tokio::test]
async fn a_cover_is_drawn_once() {
    let site = site().await;
    site.put("reeks/01-deel.png", picture(1280));
    site.scan().await;
    site.work_until_idle().await;
    let with = site.id_in("reeks/01-deel.toml");
    let cover = format!("/posters/{with}-cover.jpg");
    let drawn = site.get(&cover).await.is(200);
    let folder = site.app.config.data.join("posters");
    let kept = || {
        let all = std::fs::read_dir(&folder).unwrap();
        let all = all.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut covers: Vec<String> = all
            .filter(|name| name.contains("-cover-") || name.starts_with("neutral-1400"))
            .collect();
        covers.sort();
        covers
    };
    let [name] = &kept()[..] else {
        panic!("{:?}", kept())
    };
    assert_eq!(std::fs::read(folder.join(name)).unwrap(), drawn.body);
    // The next request reads what was kept: it has the mark that was put into it.
    std::fs::write(folder.join(name), b"kept").unwrap();
    assert_eq!(site.get(&cover).await.is(200).body, b"kept");
    let etag = drawn.header("etag").unwrap();
    let again = site
        .ask(reqwest::Method::GET, &cover)
        .header("if-none-match", etag);
    site.send(again).await.is(304);
    // Another poster has another cover, and the old one is gone.
    site.put("reeks/01-deel.png", picture(1600));
    site.scan().await;
    site.work_until_idle().await;
    let replaced = site.get(&cover).await.is(200);
    assert_ne!(replaced.header("etag"), Some(etag));
    let [other] = &kept()[..] else {
        panic!("{:?}", kept())
    };
    assert_ne!(other, name);
}

#[tokio::test]
async fn a_recording_without_a_picture_has_one_of_its_number_and_title() {
    let site = site().await;
    site.put_clip("reeks/03-geluid.m4a", 3);
    site.put(
        "reeks/04-straks.toml",
        "title = \"Straks\"\ndate = 2099-01-01\n",
    );
    site.scan().await;
    site.work_until_idle().await;
    let [sound, planned] =
        ["03-geluid", "04-straks"].map(|stem| site.id_in(&format!("reeks/{stem}.toml")));
    let folder = site.app.config.data.join("posters");
    let kept = |id: &str| {
        let all = std::fs::read_dir(&folder).unwrap();
        let names = all.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(id)).count()
    };
    let middle = |bytes: &[u8]| {
        let picture = image::load_from_memory(bytes).unwrap().to_rgb8();
        picture
            .get_pixel(picture.width() / 2, picture.height() / 2)
            .0
    };
    // A mail invites to play what can be played; the players on pages have their own button.
    for (id, file, is_white) in [
        (&sound, "-play.jpg", true),
        (&sound, ".jpg", false),
        (&planned, "-play.jpg", false),
    ] {
        let drawn = site.get(&format!("/posters/{id}{file}")).await.is(200);
        assert_eq!(middle(&drawn.body) == [255; 3], is_white, "{file}");
    }
    // The words are in it, so that other words are another picture; the next request reads what was kept.
    let cover = format!("/posters/{sound}-cover.jpg");
    let first = site.get(&cover).await.is(200);
    let files = kept(&sound);
    assert_eq!(files, 3);
    let retitled = format!("id = \"{sound}\"\ntitle = \"Anders\"\nvisibility = \"public\"\n");
    site.put("reeks/03-geluid.toml", retitled);
    site.scan().await;
    let second = site.get(&cover).await.is(200);
    assert_ne!(first.body, second.body);
    assert_ne!(first.header("etag"), second.header("etag"));
    assert_eq!(kept(&sound), files);
    let again = site.ask(reqwest::Method::GET, &cover);
    let again = again.header("if-none-match", second.header("etag").unwrap());
    site.send(again).await.is(304);
}
