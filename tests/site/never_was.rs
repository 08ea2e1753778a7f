//! What nobody could see cannot be told from what never was: the same status, headers and words at every address, before and after
//! it is thrown away and wiped. What was seen once says that it is gone.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::{CAPTIONS, Desk, link_of, picture};
use crate::support::{Client, Site};

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$x";
const BASE: &str = "https://training.example.org";
const ABSENT: &str = "zzzzzzzzzz";

async fn site() -> Site {
    let site = Site::open_with(|config| config.base_url = Some(BASE.into())).await;
    site.app.clock.hold(1_800_000_000); // 2027-01-15T08:00:00Z
    site
}

/// A recording with everything that has an address of its own.
fn put(site: &Site, folder: &str, id: &str, sidecar: &str, series: &str) {
    site.put(
        &format!("{folder}/series.toml"),
        format!("title = \"Reeks\"\n{series}"),
    );
    site.put_clip(
        &format!("{folder}/01-een.mp4"),
        u32::try_from(folder.len()).unwrap(),
    );
    site.put(&format!("{folder}/01-een.nl.vtt"), CAPTIONS);
    site.put(&format!("{folder}/01-een.png"), picture(640));
    let former = id.replacen('c', "f", 1);
    let text = format!("id = \"{id}\"\nformer_ids = [\"{former}\"]\n{sidecar}");
    site.put(&format!("{folder}/01-een.toml"), text);
}

/// All addresses of a recording.
fn of_recording(id: &str) -> Vec<String> {
    let mut all: Vec<String> = ["watch", "embed", "share", "api/recordings"]
        .iter()
        .map(|place| format!("/{place}/{id}"))
        .collect();
    all.extend([
        format!("/watch/{id}?as=visitor&t=3"),
        format!("/share/{id}/qr.svg"),
        format!("/share/{id}/preview"),
        format!("/captions/{id}/nl.vtt"),
        format!("/transcripts/{id}/nl.txt"),
        format!("/chapters/{id}.vtt"),
        format!("/chapters/{id}.json"),
        format!("/posters/{id}.jpg"),
        format!("/posters/{id}-play.jpg"),
        format!("/posters/{id}-cover.jpg"),
        format!("/media/{id}/000000000000/01-een.mp4"),
        format!("/oembed?url={BASE}/watch/{id}"),
        format!("/oembed?url={BASE}/embed/{id}&format=xml"),
    ]);
    all
}

/// All addresses of a series.
fn of_series(slug: &str) -> Vec<String> {
    let pages = ["", "/feed.xml", "/podcast.xml"].map(|end| format!("/series/{slug}{end}"));
    let mut all = pages.to_vec();
    all.extend([
        format!("/embed/series/{slug}"),
        format!("/share/series/{slug}"),
        format!("/share/series/{slug}/qr.svg"),
        format!("/api/series/{slug}"),
        format!("/oembed?url={BASE}/series/{slug}"),
    ]);
    all
}

/// Whole answers, as far as they depend on more than the moment: to GET, HEAD, a range and a form.
async fn answers(client: &Client, address: &str, name: &str) -> Vec<String> {
    let mut all = Vec::new();
    for request in [
        client.ask(Method::GET, address),
        client.ask(Method::HEAD, address),
        client
            .ask(Method::GET, address)
            .header("range", "bytes=0-3"),
        client
            .ask(Method::POST, address)
            .form(&[("password", "gok gok gok")]),
    ] {
        let answer = client.send(request).await;
        let mut headers: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| *name != "date")
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        headers.sort();
        let whole = format!("{} {headers:?} {}", answer.status, answer.text());
        all.push(whole.replace(name, "NAME"));
    }
    all
}

#[track_caller]
fn is_alike(one: &[String], other: &[String], what: &str) {
    assert_eq!(one, other, "{what} can be told from what never was");
}

/// Nobody can tell the recording, nor its series, from what never was.
async fn never_was(site: &Site, id: &str, slug: &str, what: &str) {
    for name in [id, &id.replacen('c', "f", 1)] {
        for (one, other) in of_recording(name).iter().zip(of_recording(ABSENT)) {
            let absent = answers(site, &other, ABSENT).await;
            is_alike(
                &answers(site, one, name).await,
                &absent,
                &format!("{what} {one}"),
            );
        }
    }
    let mut hidden = of_series(slug);
    // As long as the other, so that the lengths say nothing.
    let nobody = "z".repeat(slug.len());
    let mut absent = of_series(&nobody);
    hidden.push(format!("/series/{slug}/unlock"));
    absent.push(format!("/series/{nobody}/unlock"));
    for (one, other) in hidden.iter().zip(absent) {
        let absent = answers(site, &other, &nobody).await;
        is_alike(
            &answers(site, one, slug).await,
            &absent,
            &format!("{what} {one}"),
        );
    }
}

async fn throw_away(mira: &Desk, id: &str) {
    let page = format!("/desk/recordings/{id}");
    mira.does(&format!("{page}/trash"), &[]).await;
}

async fn wipe(mira: &Desk, id: &str) {
    let page = format!("/desk/recordings/{id}");
    mira.does(&format!("{page}/erase"), &[("sure", "yes")])
        .await;
}

#[tokio::test]
async fn what_nobody_could_see_is_thrown_away_and_wiped_as_if_it_never_was() {
    let lock = format!("password_hash = \"{HASH}\"\n");
    for (sidecar, series) in [
        ("visibility = \"draft\"\n", ""),
        ("visibility = \"draft\"\n", lock.as_str()),
        ("visibility = \"link\"\n", lock.as_str()),
        (
            "visibility = \"public\"\nvisible_from = 2027-01-15T09:00:00Z\n",
            "",
        ),
        // It ends before it begins.
        (
            "visibility = \"public\"\nvisible_from = 2027-01-01T00:00:00Z\nvisible_until = 2026-01-01T00:00:00Z\n",
            "",
        ),
    ] {
        let (id, slug) = ("c000000001", "geheim");
        let site = site().await;
        put(&site, slug, id, sidecar, series);
        site.scan().await;
        let mira = site.colleague("mira", Role::Administrator).await;
        never_was(&site, id, slug, sidecar).await;
        throw_away(&mira, id).await;
        never_was(&site, id, slug, "thrown away").await;
        // Its moment comes while it is in the trash.
        site.app.clock.hold(1_800_100_000);
        never_was(&site, id, slug, "thrown away before its moment").await;
        wipe(&mira, id).await;
        never_was(&site, id, slug, "wiped").await;
        let site = site.without_its_catalogue().await;
        site.scan().await;
        never_was(&site, id, slug, "wiped, in a catalogue made again").await;
    }
}

#[tokio::test]
async fn a_link_to_a_draft_goes_with_it_and_one_that_showed_something_says_that_it_is_gone() {
    for (sidecar, expected) in [
        ("visibility = \"draft\"\n", 404),
        ("visibility = \"link\"\n", 410),
    ] {
        let site = site().await;
        put(&site, "geheim", "c000000001", sidecar, "");
        site.scan().await;
        let mira = site.colleague("mira", Role::Administrator).await;
        let page = "/desk/recordings/c000000001";
        let form = [("link_name", "proef"), ("link_until", "")];
        let made = mira.does(&format!("{page}/links"), &form).await;
        let link = link_of(&made, "proef");
        throw_away(&mira, "c000000001").await;
        wipe(&mira, "c000000001").await;
        site.get(&link).await.is(expected);
        never_was(&site, "c000000001", "geheim", sidecar).await;
    }
}

#[tokio::test]
async fn what_was_seen_says_that_it_is_gone_and_behind_a_password_no_more_than_that() {
    let site = site().await;
    put(
        &site,
        "openbaar",
        "c000000001",
        "visibility = \"public\"\n",
        "",
    );
    put(
        &site,
        "straks",
        "c000000003",
        "visibility = \"draft\"\n",
        "",
    );
    let withdrawn =
        "visibility = \"withdrawn\"\nwithdrawn_reason = \"Zeldzaamwoord\"\nreplaced_by = ";
    put(
        &site,
        "weg",
        "c000000004",
        &format!("{withdrawn}\"c000000001\"\n"),
        "",
    );
    put(
        &site,
        "weg-lang",
        "c000000005",
        &format!("{withdrawn}\"c000000003\"\n"),
        "",
    );
    let lock = format!("password_hash = \"{HASH}\"\n");
    put(
        &site,
        "achter-slot",
        "c000000006",
        &format!("{withdrawn}\"c000000001\"\n"),
        &lock,
    );
    site.scan().await;
    let page = site
        .get("/watch/c000000004")
        .await
        .is(410)
        .shows("Zeldzaamwoord");
    page.shows("/watch/c000000001");
    // What took its place is still hidden.
    let page = site
        .get("/watch/c000000005")
        .await
        .is(410)
        .shows("Zeldzaamwoord");
    page.hides("c000000003");
    let page = site.get("/watch/c000000006").await.is(410);
    page.hides("Zeldzaamwoord").hides("c000000001");
    let mira = site.colleague("mira", Role::Administrator).await;
    throw_away(&mira, "c000000001").await;
    site.get("/watch/c000000001").await.is(410);
    wipe(&mira, "c000000001").await;
    site.get("/watch/c000000001").await.is(410);
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.get("/watch/c000000001").await.is(410);
}

#[tokio::test]
async fn a_guess_at_a_password_tells_nothing_of_what_is_there() {
    let site = site().await;
    let lock = format!("password_hash = \"{HASH}\"\n");
    put(
        &site,
        "slot",
        "c000000001",
        "visibility = \"public\"\n",
        &lock,
    );
    put(
        &site,
        "leeg",
        "c000000002",
        "visibility = \"draft\"\n",
        &lock,
    );
    put(&site, "dun!", "c000000003", "visibility = \"draft\"\n", "");
    put(&site, "open", "c000000004", "visibility = \"public\"\n", "");
    site.scan().await;
    let guess = [("password", "gok gok gok")];
    let mut told = Vec::new();
    for slug in ["slot", "leeg", "dun", "nooit"] {
        let mut all = Vec::new();
        for _ in 0..12 {
            let answer = site.post(&format!("/series/{slug}/unlock"), &guess).await;
            let text = answer.text().replace(slug, "NAME");
            all.push((answer.status, cut(&text).to_owned()));
        }
        told.push(all);
        let nothing = [("x", "y")];
        let to = site
            .post(&format!("/series/{slug}/unlock"), &nothing)
            .await
            .is(303);
        assert_eq!(to.location(), format!("/series/{slug}"));
    }
    assert!(told.iter().all(|one| *one == told[0]), "{told:#?}");
    assert_eq!(told[0][0].0, 401);
    // Nothing locks this one.
    let open = site.post("/series/open/unlock", &guess).await.is(303);
    assert_eq!(open.location(), "/series/open");
}

/// The page without its head, which names its address.
fn cut(page: &str) -> &str {
    page.split("<main").nth(1).unwrap_or_default()
}
