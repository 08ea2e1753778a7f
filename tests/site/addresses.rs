//! Where an address leads is decided once: a table of everything that becomes of a recording and its series, with the answer of the
//! resolver for a visitor and for a coordinator. Every surface is then held against that answer: page, frame, sharing, feeds, oEmbed,
//! API, timed text, picture and file.

use std::fmt::Debug;

use terugkijken::catalogue::address::{self, Resolved};
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::{PublicId, Viewer};
use terugkijken::error::Error;

use crate::support::Site;

const BASE: &str = "https://training.example.org";
const LOCK: &str = "password_hash = \"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$x\"\n";

/// What the resolver says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Here,
    /// It has another name, under which it is here.
    Moved,
    /// It has another name, under which it is locked.
    MovedLocked,
    Gone,
    Locked,
    Nothing,
}
use Answer::{Gone, Here, Locked, Moved, MovedLocked, Nothing};

/// Folder, what the sidecar says, and what a visitor is told of the recording and of its series.
const STATES: &[(&str, &str, Answer, Answer)] = &[
    ("openbaar", "visibility = \"public\"\n", Here, Here),
    // It has no file yet.
    ("gepland", "visibility = \"public\"\n", Here, Here),
    ("bekend", "visibility = \"unlisted\"\n", Here, Nothing),
    ("concept", "visibility = \"draft\"\n", Nothing, Nothing),
    ("met-link", "visibility = \"link\"\n", Nothing, Nothing),
    (
        "straks",
        "visibility = \"public\"\nvisible_from = 2090-01-01T00:00:00Z\n",
        Nothing,
        Nothing,
    ),
    (
        "voorbij",
        "visibility = \"public\"\nvisible_until = 2020-01-01T00:00:00Z\n",
        Gone,
        Gone,
    ),
    (
        "ingetrokken",
        "visibility = \"withdrawn\"\nwithdrawn_reason = \"Verouderd\"\n",
        Gone,
        Gone,
    ),
    (
        "weggegooid",
        "visibility = \"public\"\ndeleted = 2026-01-01T00:00:00Z\n",
        Gone,
        Gone,
    ),
    // Wiped for good below. A series of which nothing was left at all cannot know that there was something.
    ("gewist", "visibility = \"public\"\n", Gone, Nothing),
    ("slot", "visibility = \"public\"\n", Locked, Locked),
    ("slot-concept", "visibility = \"draft\"\n", Nothing, Nothing),
];

/// Former name of the recording and the series of a state, and what a visitor is told of both.
const FORMER: &[(&str, Answer, Answer)] = &[
    ("openbaar", Moved, Moved),
    ("gepland", Moved, Moved),
    ("bekend", Moved, Nothing),
    ("concept", Nothing, Nothing),
    ("voorbij", Gone, Gone),
    ("gewist", Gone, Nothing),
    ("slot", MovedLocked, MovedLocked),
];

/// The id of the recording of a state, and the one it had before.
fn id(state: &str) -> (String, String) {
    let number = STATES.iter().position(|row| row.0 == state).unwrap();
    (
        format!("c0000000{number:02}"),
        format!("f0000000{number:02}"),
    )
}

async fn site() -> Site {
    let site = Site::open_with(|config| config.base_url = Some(BASE.into())).await;
    site.app.clock.hold(1_800_000_000);
    for (seed, (state, sidecar, ..)) in (1..).zip(STATES) {
        let (today, former) = id(state);
        let lock = if state.starts_with("slot") { LOCK } else { "" };
        site.put(
            &format!("{state}/series.toml"),
            format!("title = \"Reeks\"\nformer_slugs = [\"oud-{state}\"]\n{lock}"),
        );
        let written = format!(
            "id = \"{today}\"\nformer_ids = [\"{former}\"]\n{sidecar}[[speakers]]\nname = \"Bo {state}\"\n"
        );
        site.put(&format!("{state}/01-een.toml"), written);
        if *state != "gepland" {
            site.put_clip(&format!("{state}/01-een.mp4"), seed);
            site.put(
                &format!("{state}/01-een.nl.vtt"),
                "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
            );
        }
    }
    site.put_clip("opgegaan/01-een.mp4", 90);
    site.put("opgegaan/series.toml", "visibility = \"public\"\n");
    site.scan().await;
    site.rename("opgegaan/01-een.mp4", "openbaar/02-twee.mp4");
    site.rename("opgegaan/01-een.toml", "openbaar/02-twee.toml");
    std::fs::remove_dir_all(site.path("opgegaan")).unwrap();
    site.scan().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let page = format!("/desk/recordings/{}", id("gewist").0);
    mira.does(&format!("{page}/trash"), &[]).await;
    mira.does(&format!("{page}/erase"), &[("sure", "yes")])
        .await;
    site
}

/// The answer of the resolver, as the table has it: a move is followed, to see what is there.
fn told<Name: Debug>(
    found: Result<Resolved<Name>, Error>,
    follow: impl FnOnce(&Name) -> Result<Resolved<Name>, Error>,
) -> Answer {
    match found {
        Ok(Resolved::Found(_)) => Here,
        Ok(Resolved::Gone(_)) => Gone,
        Ok(Resolved::Locked(_)) => Locked,
        Ok(Resolved::Moved(today)) => match follow(&today) {
            Ok(Resolved::Found(_)) => Moved,
            Ok(Resolved::Locked(_)) => MovedLocked,
            other => panic!("moved to {today:?}, which is {other:?}"),
        },
        Err(Error::NotFound) => Nothing,
        Err(problem) => panic!("{problem}"),
    }
}

async fn recording(site: &Site, viewer: Viewer, name: &str) -> Answer {
    let id = PublicId::parse(name).unwrap();
    let answer = site.app.db.read(move |conn| {
        let resolve = |id: &PublicId| address::resolve_recording(conn, &viewer, id);
        Ok(told(resolve(&id), resolve))
    });
    answer.await.unwrap()
}

async fn series(site: &Site, viewer: Viewer, slug: &str) -> Answer {
    let slug = slug.to_owned();
    let answer = site.app.db.read(move |conn| {
        let resolve = |slug: &String| address::resolve_series(conn, &viewer, slug);
        Ok(told(resolve(&slug), resolve))
    });
    answer.await.unwrap()
}

async fn speaker(site: &Site, slug: &str) -> Answer {
    let (viewer, slug) = (site.app.visitor(), slug.to_owned());
    let answer = site.app.db.read(move |conn| {
        let resolve = |slug: &String| address::resolve_speaker(conn, &viewer, slug);
        Ok(told(resolve(&slug), resolve))
    });
    answer.await.unwrap()
}

/// How a surface draws what the resolver says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surface {
    /// Leads on, and asks for the password, or says that it is needed.
    Page,
    /// Leads on; what is locked is not there.
    Frame,
    /// Answers a site, by whatever name it asks.
    Oembed,
    /// Answers by whatever name it is asked.
    Data,
    /// A mail that was sent shows a picture for ever.
    Picture,
}

fn status(surface: Surface, answer: Answer) -> u16 {
    match (answer, surface) {
        (Here, _) => 200,
        (Moved | MovedLocked, Surface::Page | Surface::Frame) => 308,
        (Moved, Surface::Oembed | Surface::Data | Surface::Picture) => 200,
        (Gone, Surface::Page | Surface::Frame | Surface::Data) => 410,
        (Gone | Locked | MovedLocked, Surface::Picture) => 200,
        (Locked, Surface::Page) | (Locked | MovedLocked, Surface::Oembed) => 401,
        (Gone, Surface::Oembed) => 404,
        (Locked, Surface::Frame) | (Locked | MovedLocked, Surface::Data) => 404,
        (Nothing, _) => 404,
    }
}

/// Addresses of a recording, the last two of what only one with a file has.
fn of_recording(name: &str, version: &str) -> Vec<(Surface, String)> {
    vec![
        (Surface::Page, format!("/watch/{name}")),
        (Surface::Page, format!("/embed/{name}")),
        (Surface::Frame, format!("/share/{name}")),
        (Surface::Frame, format!("/share/{name}/qr.svg")),
        (Surface::Oembed, format!("/oembed?url={BASE}/watch/{name}")),
        (Surface::Data, format!("/api/recordings/{name}")),
        (Surface::Data, format!("/chapters/{name}.vtt")),
        (Surface::Picture, format!("/posters/{name}.jpg")),
        (Surface::Data, format!("/captions/{name}/nl.vtt")),
        (Surface::Data, format!("/transcripts/{name}/nl.txt")),
        (Surface::Data, format!("/media/{name}/{version}/01-een.mp4")),
    ]
}

fn of_series(slug: &str) -> Vec<(Surface, String)> {
    vec![
        (Surface::Page, format!("/series/{slug}")),
        (Surface::Page, format!("/embed/series/{slug}")),
        (Surface::Frame, format!("/share/series/{slug}")),
        (Surface::Frame, format!("/share/series/{slug}/qr.svg")),
        (Surface::Frame, format!("/series/{slug}/feed.xml")),
        (Surface::Frame, format!("/series/{slug}/podcast.xml")),
        (Surface::Oembed, format!("/oembed?url={BASE}/series/{slug}")),
        (Surface::Data, format!("/api/series/{slug}")),
    ]
}

/// The version of the file of a recording; any, when there is none.
async fn version(site: &Site, id: &str) -> String {
    let id = id.to_owned();
    let version = site.app.db.read(move |conn| {
        let versions = "SELECT version FROM original JOIN recording ON recording.id = recording_id WHERE public_id = :id";
        Ok(conn.query_row(versions, [id], |row| row.get(0)).unwrap_or_else(|_| "0".repeat(12)))
    });
    version.await.unwrap()
}

#[tokio::test]
async fn where_an_address_leads_is_the_same_at_every_surface() {
    let site = site().await;
    let (visitor, coordinator) = (
        site.app.visitor(),
        Viewer::coordinator(site.app.clock.now()),
    );
    let mut wrong = Vec::new();
    let mut cells = 0;
    let mut check = |what: String, is: String, should: String| {
        cells += 1;
        if is != should {
            wrong.push(format!("{what}: {is}, not {should}"));
        }
    };
    let (mut recordings, mut all_series) = (Vec::new(), Vec::new());
    for (state, _, of_one, of_all) in STATES {
        recordings.push((*state, id(state).0, *of_one));
        all_series.push(((*state).to_owned(), *of_all));
    }
    for (state, of_one, of_all) in FORMER {
        recordings.push((*state, id(state).1, *of_one));
        all_series.push((format!("oud-{state}"), *of_all));
    }
    recordings.push(("onbekend", "zzzzzzzzzz".to_owned(), Nothing));
    all_series.push(("onbekend".to_owned(), Nothing));
    all_series.push(("opgegaan".to_owned(), Moved));

    for (state, name, answer) in &recordings {
        let is = recording(&site, visitor, name).await;
        check(
            format!("recording {state} {name}"),
            format!("{is:?}"),
            format!("{answer:?}"),
        );
        // Those who work here see all but what is in the trash.
        let is = recording(&site, coordinator, name).await;
        let should = match *state {
            "weggegooid" | "gewist" => Gone,
            "onbekend" => Nothing,
            _ if name.starts_with('f') => Moved,
            _ => Here,
        };
        check(
            format!("recording {state} {name} for a coordinator"),
            format!("{is:?}"),
            format!("{should:?}"),
        );
        let today = name.replacen('f', "c", 1);
        let has_file = *state != "gepland";
        for (index, (surface, address)) in of_recording(name, &version(&site, &today).await)
            .into_iter()
            .enumerate()
        {
            let is_shared = address.starts_with("/share/") && !address.contains("qr");
            let should = match status(surface, *answer) {
                200 if !has_file && index > 7 => 404,
                // Only what is public is shared with everyone.
                200 if *state == "bekend" && is_shared => 404,
                status => status,
            };
            let is = site.get(&address).await.status;
            check(
                format!("{state} {address}"),
                is.to_string(),
                should.to_string(),
            );
        }
    }
    for (slug, answer) in &all_series {
        let is = series(&site, visitor, slug).await;
        check(
            format!("series {slug}"),
            format!("{is:?}"),
            format!("{answer:?}"),
        );
        for (surface, address) in of_series(slug) {
            let is = site.get(&address).await.status;
            check(
                address,
                is.to_string(),
                status(surface, *answer).to_string(),
            );
        }
    }
    for (state, _, _, of_all) in STATES {
        let answer = if *of_all == Here { Here } else { Nothing };
        let slug = format!("bo-{state}");
        check(
            slug.clone(),
            format!("{:?}", speaker(&site, &slug).await),
            format!("{answer:?}"),
        );
        let is = site.get(&format!("/speakers/{slug}")).await.status;
        check(
            slug,
            is.to_string(),
            status(Surface::Frame, answer).to_string(),
        );
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(cells > 450, "{cells} cells");
}

#[tokio::test]
async fn a_named_link_is_the_same_for_a_page_and_for_a_site_that_asks() {
    let site = Site::open_with(|config| config.base_url = Some(BASE.into())).await;
    site.app.clock.hold(1_800_000_000);
    let links = [
        ("open", "a000000000000001", ""),
        (
            "over",
            "a000000000000002",
            "expires = 2020-01-01T00:00:00Z\n",
        ),
        (
            "withdrawn",
            "a000000000000003",
            "withdrawn = 2020-01-01T00:00:00Z\n",
        ),
        ("locked", "a000000000000004", LOCK),
    ];
    let written = |links: &[(&str, &str, &str)]| {
        let link = |(name, token, more): &(&str, &str, &str)| {
            format!("[[links]]\ntoken = \"{token}\"\nname = \"{name}\"\n{more}")
        };
        format!(
            "visibility = \"link\"\n{}",
            links.iter().map(link).collect::<String>()
        )
    };
    let wiped = [("wiped", "a000000000000005", "")];
    site.put(
        "reeks/01-een.toml",
        format!("id = \"c000000001\"\n{}", written(&links)),
    );
    site.put(
        "reeks/02-twee.toml",
        format!("id = \"c000000002\"\n{}", written(&wiped)),
    );
    site.scan().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    mira.does("/desk/recordings/c000000002/trash", &[]).await;
    mira.does("/desk/recordings/c000000002/erase", &[("sure", "yes")])
        .await;
    for (token, page, oembed) in [
        ("a000000000000001", 200, 200),
        ("a000000000000002", 410, 404),
        ("a000000000000003", 410, 404),
        ("a000000000000004", 401, 401),
        ("a000000000000005", 410, 404),
        ("a000000000000006", 404, 404),
    ] {
        site.get(&format!("/l/{token}")).await.is(page);
        site.get(&format!("/oembed?url={BASE}/l/{token}"))
            .await
            .is(oembed);
        // What the link no longer opens, or opens only with its password, is not there for whoever asks with it.
        let watch = if page == 200 { 200 } else { 404 };
        site.get(&format!("/watch/c000000001?link={token}"))
            .await
            .is(watch);
    }
}
