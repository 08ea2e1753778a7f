//! Nobody sees what was not meant for them: a recording that is hidden is hidden at every address that could tell of it, and
//! cannot be told from one that never was.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::{self, picture};

/// A site with one public recording and one of this visibility; answers the id of the second and all addresses of it.
async fn site_with(sidecar: &str) -> (Site, Vec<String>) {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-open.mp4", 1);
    site.put_clip("reeks/02-geheim.mp4", 2);
    site.put(
        "reeks/02-geheim.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nzeldzaamwoord\n",
    );
    site.put("reeks/02-geheim.werkblad.pdf", "%PDF-1.4");
    // Seen once in public, to learn the addresses that could be tried.
    site.put(
        "reeks/02-geheim.toml",
        "title = \"Zeldzaamkop\"\n[[speakers]]\nname = \"Zeldzaamnaam\"\n",
    );
    site.scan().await;
    let seen = site.recording("Zeldzaamkop").await;
    let id = seen["id"].as_str().unwrap().to_owned();
    let mut addresses = vec![
        format!("/watch/{id}"),
        format!("/embed/{id}"),
        format!("/api/recordings/{id}"),
        format!("/chapters/{id}.vtt"),
        format!("/transcripts/{id}/nl.txt"),
        site.address(&seen["captions"][0]["url"]),
        site.address(&seen["sources"][0]["url"]),
        site.address(&seen["attachments"][0]["url"]),
    ];
    for address in &addresses {
        site.get(address).await.is(200);
    }
    for list in LISTS.iter().filter(|list| **list != "/") {
        assert!(
            site.get(list).await.is(200).text().contains("Zeldzaamkop"),
            "the premise: {list} tells of what may be told"
        );
    }
    addresses.push(format!("/posters/{id}.jpg"));
    // A fresh catalogue, so that it was never visible in this one.
    let written = site.read("reeks/02-geheim.toml");
    site.put("reeks/02-geheim.toml", format!("{sidecar}\n{written}"));
    let site = site.without_its_catalogue().await;
    site.app.clock.hold(1_800_000_000);
    site.scan().await;
    (site, addresses)
}

const LISTS: [&str; 7] = [
    "/",
    "/series/reeks",
    "/search?q=zeldzaamkop",
    "/search?q=zeldzaamnaam",
    "/api/series/reeks",
    "/api/search?q=zeldzaamkop",
    "/speakers/zeldzaamnaam",
];

#[tokio::test]
async fn what_is_not_public_is_in_no_list_and_answers_at_no_address() {
    for sidecar in [
        "visibility = \"draft\"",
        "visibility = \"link\"",
        "visibility = \"withdrawn\"",
        "visible_from = 2040-01-01T00:00:00Z",
    ] {
        let (site, addresses) = site_with(sidecar).await;
        for address in &addresses {
            let answer = site.get(address).await.is(404).hides("eldzaam");
            let absent = site.get(&another(address)).await.is(404);
            assert_eq!(
                answer.text().replace(id_in(address), "0000000000"),
                absent.text(),
                "{sidecar}: {address} can be told from an address that never was"
            );
        }
        for list in LISTS {
            let expected = if list.starts_with("/speakers") {
                404
            } else {
                200
            };
            site.get(list)
                .await
                .is(expected)
                .hides("Zeldzaamkop")
                .hides("Zeldzaamnaam<");
        }
    }
}

/// The same address with an id that does not exist.
fn another(address: &str) -> String {
    address.replace(id_in(address), "0000000000")
}

fn id_in(address: &str) -> &str {
    let place = if address.starts_with("/api") { 3 } else { 2 };
    address
        .split('/')
        .nth(place)
        .unwrap()
        .split('.')
        .next()
        .unwrap()
}

#[tokio::test]
async fn an_unlisted_recording_answers_whoever_knows_its_address_and_is_in_no_list() {
    let (site, addresses) = site_with("visibility = \"unlisted\"").await;
    for address in &addresses {
        let answer = site.get(address).await.is(200);
        assert!(
            !answer
                .header("cache-control")
                .unwrap_or_default()
                .contains("public"),
            "{address}: {answer:?}"
        );
    }
    site.get(&addresses[0]).await.shows("noindex");
    for list in LISTS {
        site.get(list).await.hides("Zeldzaamkop");
    }
}

#[tokio::test]
async fn a_planned_moment_is_judged_when_it_is_asked() {
    let (site, addresses) =
        site_with("visible_from = 2040-01-01T00:00:00Z\nvisible_until = 2040-02-01T00:00:00Z")
            .await;
    site.get(&addresses[0]).await.is(404);
    site.app.clock.hold(2_208_988_800); // 2040-01-01T00:00:00Z
    site.get(&addresses[0]).await.is(200).shows("Zeldzaamkop");
    site.get("/series/reeks").await.shows("Zeldzaamkop");
    site.app.clock.hold(2_211_667_200); // 2040-02-01T00:00:00Z
    // It was there, and its address says so from now on.
    site.get(&addresses[0]).await.is(410).hides("Zeldzaamkop");
    site.get("/series/reeks").await.hides("Zeldzaamkop");
}

#[tokio::test]
async fn a_withdrawn_recording_says_why_and_what_took_its_place() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-oud.mp4", 1);
    site.put_clip("reeks/02-nieuw.mp4", 2);
    site.scan().await;
    let (old, new) = (
        site.id_in("reeks/01-oud.toml"),
        site.id_in("reeks/02-nieuw.toml"),
    );
    let media = site.address(&site.recording("Oud").await["sources"][0]["url"]);
    let text = site.read("reeks/01-oud.toml");
    site.put("reeks/01-oud.toml", format!("visibility = \"withdrawn\"\nwithdrawn_reason = \"Er zat een fout in.\"\nreplaced_by = \"{new}\"\n{text}"));
    site.scan().await;
    let page = site
        .get(&format!("/watch/{old}"))
        .await
        .is(410)
        .shows("Er zat een fout in.");
    assert!(page.text().contains(&format!("/watch/{new}")));
    site.get(&media).await.is(410);
    // A mail that was sent shows a picture for ever.
    site.get(&format!("/posters/{old}.jpg"))
        .await
        .is(200)
        .says("content-type", "image/jpeg");
}

#[tokio::test]
async fn what_a_coordinator_looks_at_before_its_moment_is_kept_by_no_shared_cache() {
    let site = Site::open().await;
    site.app.clock.hold(1_800_000_000);
    site.put(
        "reeks/01-straks.toml",
        "id = \"c000000001\"\nvisibility = \"public\"\nvisible_from = 2040-01-01T00:00:00Z\n",
    );
    site.put("reeks/01-straks.png", picture(640));
    site.scan().await;
    site.work_until_idle().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let picture = "/posters/c000000001.jpg";
    mira.get(picture)
        .await
        .is(200)
        .says("cache-control", "private, no-cache");
    site.get(picture).await.is(404);
    site.app.clock.hold(2_208_988_800); // 2040-01-01T00:00:00Z
    site.get(picture)
        .await
        .is(200)
        .says("cache-control", "public, max-age=600, s-maxage=60");
}

#[tokio::test]
async fn a_moment_that_is_on_no_clock_hides_a_recording_until_the_desk_takes_it_away() {
    for moment in [
        "visible_until = 9999-12-31T23:59:59Z",
        "visible_from = 9999-12-31T23:59:59Z",
    ] {
        let (site, id) = desk::site().await;
        let text = site.read("reeks/01-begin.toml");
        site.put("reeks/01-begin.toml", format!("{moment}\n{text}"));
        let report = site.scan().await;
        assert!(!report.findings.is_empty(), "{moment}: it is said");
        site.get(&format!("/watch/{id}")).await.is(410);
        let mira = site.colleague("mira", Role::Editor).await;
        // The form shows no moment: what is saved is none.
        let page = format!("/desk/recordings/{id}/visibility");
        mira.does(&page, &[("visibility", "public")]).await;
        assert!(
            !site.read("reeks/01-begin.toml").contains("9999"),
            "{moment}"
        );
        site.get(&format!("/watch/{id}")).await.is(200);
    }
}
