//! A cache in front of the portal, as the README sets one up in nginx: it serves what is public, and what is withdrawn, replaced or
//! closed is gone there too within the minute. The clock of nginx is moved; nothing waits.

use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::picture;
use crate::support::nginx::Nginx;
use crate::support::{Answer, Client, Site};

const NOW: i64 = 1_800_000_000; // 2027-01-15T08:00:00Z
const PUBLIC: &str = "title = \"Begin\"\nvisibility = \"public\"\n";
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$x";

type End = fn(&Site, &str);

/// Folder, what its sidecar says from the beginning beside that it is public, and how it is taken away from visitors.
const ENDS: [(&str, &str, End); 8] = [
    ("ingetrokken", "", |site, series| {
        says(site, series, "visibility = \"withdrawn\"\n");
    }),
    ("prullenbak", "", |site, series| {
        let text = format!("{PUBLIC}deleted = 2027-01-15T08:00:00Z\n");
        says(site, series, &text);
    }),
    ("bekend", "", |site, series| {
        says(site, series, "visibility = \"unlisted\"\n");
    }),
    ("concept", "", |site, series| {
        says(site, series, "visibility = \"draft\"\n");
    }),
    ("slot", "", |site, series| {
        let text = format!("title = \"Reeks\"\npassword_hash = \"{HASH}\"\n");
        site.put(&format!("{series}/series.toml"), text);
    }),
    ("vervangen", "", |site, series| {
        site.put_clip(&format!("{series}/01-begin.mp4"), 9);
        site.put(&format!("{series}/01-begin.werkblad.pdf"), "%PDF-1.7 nieuw");
        site.put(&format!("{series}/01-begin.png"), picture(320));
    }),
    ("later", "", |site, series| {
        let text = format!("{PUBLIC}visible_from = 2027-02-01T00:00:00Z\n");
        says(site, series, &text);
    }),
    // Its end comes before the minute is over, by itself.
    ("over", "visible_until = 2027-01-15T08:00:30Z\n", |_, _| {}),
];

/// Replaces what the sidecar says, but for its id.
fn says(site: &Site, series: &str, text: &str) {
    let sidecar = format!("{series}/01-begin.toml");
    let id = site.id_in(&sidecar);
    site.put(&sidecar, format!("id = \"{id}\"\n{text}"));
}

/// A portal with a film, a hand-out and a picture in each of these series, behind nginx with the lines of the README.
async fn behind_a_cache(series: &[(&str, &str)]) -> (Site, Nginx) {
    let site = Site::open().await;
    site.app.clock.hold(NOW);
    for (seed, (series, text)) in (20..).zip(series) {
        site.put(&format!("{series}/series.toml"), "title = \"Reeks\"\n");
        site.put(&format!("{series}/01-begin.toml"), text);
        site.put_clip(&format!("{series}/01-begin.mp4"), seed);
        site.put(&format!("{series}/01-begin.werkblad.pdf"), "%PDF-1.7");
        site.put(&format!("{series}/01-begin.png"), picture(640));
    }
    site.scan().await;
    site.work_until_idle().await;
    let nginx = Nginx::with_cache(site.host()).await;
    (site, nginx)
}

/// The addresses of bytes and pictures of the recording in a series.
async fn addresses(site: &Site, series: &str) -> [String; 3] {
    let id = site.id_in(&format!("{series}/01-begin.toml"));
    let told = site.json(&format!("/api/recordings/{id}")).await;
    [
        &told["sources"][0]["url"],
        &told["attachments"][0]["url"],
        &told["poster_url"],
    ]
    .map(|url| site.address(url))
}

fn cached(answer: &Answer) -> &str {
    answer.header("x-cache").unwrap()
}

/// Asks twice.
async fn twice(visitor: &Client, address: &str) -> (Vec<u8>, Answer) {
    let first = visitor.get(address).await.is(200);
    (first.body, visitor.get(address).await.is(200))
}

#[tokio::test]
async fn what_is_taken_away_is_gone_in_a_cache_too_within_the_minute() {
    let texts = ENDS.map(|(series, text, _)| (series, format!("{PUBLIC}{text}")));
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(series, text)| (*series, &**text))
        .collect();
    let (site, nginx) = behind_a_cache(&texts).await;
    let visitor = site.at(nginx.address());
    let mut asked = Vec::new();
    for (series, _, _) in ENDS {
        for address in addresses(&site, series).await {
            let (bytes, again) = twice(&visitor, &address).await;
            assert_eq!(cached(&again), "HIT", "{series} {address}");
            assert!(again.body == bytes, "{address}");
            // Pictures come whole, as they do without a cache.
            if address.starts_with("/media") {
                let range = visitor.ask(reqwest::Method::GET, &address);
                let range = visitor.send(range.header("range", "bytes=1-4")).await;
                assert!(range.is(206).body == bytes[1..=4], "{series} {address}");
            }
            asked.push((series, address, bytes));
        }
    }
    for (series, _, end) in ENDS {
        end(&site, series);
    }
    site.scan().await;
    site.work_until_idle().await;
    let (_, film, _) = &asked[0];
    assert_eq!(site.get(film).await.is(410).header("etag"), None);
    assert_eq!(
        cached(&visitor.get(film).await.is(200)),
        "HIT",
        "within the minute"
    );
    site.app.clock.hold(NOW + 61);
    nginx.ahead(61);
    // A coordinator who still sees it all does not bring it back for others.
    let mira = site.colleague("mira", Role::Editor).await;
    let mira = mira.at(nginx.address());
    for (series, address, bytes) in &asked {
        if address.starts_with("/media") && !["prullenbak", "vervangen", "over"].contains(series) {
            let seen = mira.get(address).await;
            assert!(seen.is(200).body == *bytes, "{series} {address}");
        }
        let answer = visitor.get(address).await;
        assert_ne!(cached(&answer), "HIT", "{series} {address}");
        // Who has the address of an unlisted one goes on seeing it; the cache asks for it each time, as it asks for nothing public.
        if *series == "bekend" {
            site.get(address)
                .await
                .says("cache-control", "private, no-cache");
            assert_ne!(cached(&visitor.get(address).await.is(200)), "HIT");
            continue;
        }
        assert!(answer.body != *bytes, "{series} {address}");
        if address.starts_with("/media") {
            let is_gone = [308, 404, 410].contains(&answer.status);
            assert!(is_gone, "{series} {}", answer.status);
        }
    }
}

#[tokio::test]
async fn what_stays_public_is_asked_for_again_and_not_sent_again() {
    let (site, nginx) = behind_a_cache(&[("reeks", PUBLIC)]).await;
    let visitor = site.at(nginx.address());
    for address in addresses(&site, "reeks").await {
        let (bytes, _) = twice(&visitor, &address).await;
        nginx.ahead(61);
        let again = visitor.get(&address).await.is(200);
        assert_eq!(cached(&again), "REVALIDATED", "{address}");
        assert!(again.body == bytes, "{address}");
        nginx.ahead(0);
    }
}

#[tokio::test]
async fn what_is_not_public_is_kept_by_no_cache() {
    let states = [
        ("bekend", "visibility = \"unlisted\"\n"),
        ("openbaar", PUBLIC),
    ];
    let (site, nginx) = behind_a_cache(&states).await;
    let visitor = site.at(nginx.address());
    let mut addresses_of = addresses(&site, "bekend").await.to_vec();
    // The premise: the same cache keeps what is public.
    let public = addresses(&site, "openbaar").await;
    let (_, again) = twice(&visitor, &public[0]).await;
    assert_eq!(cached(&again), "HIT");
    addresses_of.retain(|address| !public.contains(address));
    assert_eq!(addresses_of.len(), 3);
    for address in addresses_of {
        let (_, again) = twice(&visitor, &address).await;
        assert_eq!(cached(&again), "MISS", "{address}");
        assert_eq!(again.header("cache-control"), Some("private, no-cache"));
    }
}
