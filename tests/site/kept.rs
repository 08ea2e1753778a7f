//! What caches keep: nothing that an answer owes to who asks, on any route, in any state of what is asked for; and nothing of what
//! visitors see beyond the moment at which that changes. The routes are read from the source, so a new one is held against this too.

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder};
use terugkijken::catalogue::access_grant::{self, Lock};
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::link::Token;

use crate::matrix;
use crate::support::desk::{CAPTIONS, picture};
use crate::support::{Answer, Client, Site};

const BASE: &str = "http://training.example.org";
const NOW: i64 = 1_800_000_000; // 2027-01-15T08:00:00Z
const IN_A_MINUTE: &str = "2027-01-15T08:01:00Z";
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$x";

/// Folder, and what the sidecar of its recording says.
const STATES: [(&str, &str); 15] = [
    ("openbaar", "visibility = \"public\"\n"),
    ("concept", "visibility = \"draft\"\n"),
    ("met-link", "visibility = \"link\"\n"),
    ("bekend", "visibility = \"unlisted\"\n"),
    ("slot", "visibility = \"public\"\n"),
    ("slot-bekend", "visibility = \"unlisted\"\n"),
    (
        "ingetrokken",
        "visibility = \"withdrawn\"\nwithdrawn_reason = \"Oud\"\n",
    ),
    (
        "weg",
        "visibility = \"public\"\ndeleted = 2026-01-01T00:00:00Z\n",
    ),
    ("zoek", "visibility = \"unlisted\"\n"),
    ("kaal", "visibility = \"draft\"\n"),
    (
        "straks",
        "visibility = \"public\"\nvisible_from = 2027-01-15T08:01:00Z\n",
    ),
    (
        "bijna-over",
        "visibility = \"public\"\nvisible_until = 2027-01-15T08:01:00Z\n",
    ),
    (
        "bekend-over",
        "visibility = \"unlisted\"\nvisible_until = 2027-01-15T08:01:00Z\n",
    ),
    (
        "over",
        "visibility = \"public\"\nvisible_until = 2026-01-01T00:00:00Z\n",
    ),
    (
        "terug",
        "visibility = \"public\"\nvisible_from = 2027-01-15T08:01:00Z\n",
    ),
];

/// What stands for the names in the addresses of one state.
struct Names {
    state: &'static str,
    id: String,
    former: String,
    link: Token,
    brief: Token,
    locked: Token,
    version: String,
    before: String,
    poster: String,
}

fn names(number: usize, state: &'static str) -> Names {
    let token = |letter: char| Token::parse(&format!("{letter}{number:015}")).unwrap();
    Names {
        state,
        id: format!("c{number:09}"),
        former: format!("f{number:09}"),
        link: token('a'),
        brief: token('b'),
        locked: token('c'),
        version: String::new(),
        before: String::new(),
        poster: String::new(),
    }
}

fn put(site: &Site, names: &Names, sidecar: &str, seed: u32) {
    let (state, id, former) = (names.state, &names.id, &names.former);
    let lock = match state.starts_with("slot") {
        true => format!("password_hash = \"{HASH}\"\n"),
        false => String::new(),
    };
    let series = format!("title = \"Reeks\"\nformer_slugs = [\"oud-{state}\"]\n{lock}");
    site.put(&format!("{state}/series.toml"), series);
    let links = format!(
        "[[links]]\ntoken = \"{}\"\nname = \"a\"\n\
         [[links]]\ntoken = \"{}\"\nname = \"b\"\nexpires = {IN_A_MINUTE}\n\
         [[links]]\ntoken = \"{}\"\nname = \"c\"\npassword_hash = \"{HASH}\"\n",
        names.link, names.brief, names.locked
    );
    let written = format!(
        "id = \"{id}\"\nformer_ids = [\"{former}\"]\n{sidecar}[[speakers]]\nname = \"Bo {state}\"\n\
         [[chapters]]\nstart = \"0:01\"\ntitle = \"Slot\"\n{links}"
    );
    site.put(&format!("{state}/01-een.toml"), written);
    site.put_clip(&format!("{state}/01-een.mp4"), seed);
    site.put(&format!("{state}/01-een.nl.vtt"), CAPTIONS);
    site.put(&format!("{state}/01-een.werkblad.pdf"), "%PDF-1.4");
    if state != "kaal" {
        site.put(&format!("{state}/01-een.png"), picture(640 + seed));
    }
}

async fn version(site: &Site, sql: &'static str, id: &str) -> String {
    let id = id.to_owned();
    let found = site.app.db.read(move |conn| {
        let sql =
            format!("{sql} JOIN recording ON recording.id = recording_id WHERE public_id = :id");
        Ok(conn
            .query_row(&sql, [id], |row| row.get(0))
            .unwrap_or_else(|_| "0".repeat(12)))
    });
    found.await.unwrap()
}

/// A recording in each of these states, each with a version before the one of today; its pictures are still to be drawn.
async fn site(states: &[&str]) -> (Site, Vec<Names>) {
    let site = Site::open_with(|config| config.base_url = Some(BASE.into())).await;
    site.app.clock.hold(NOW);
    let mut all = Vec::new();
    let wanted = STATES.iter().filter(|(state, _)| states.contains(state));
    let wanted: Vec<_> = wanted.collect();
    for (number, (state, sidecar)) in wanted.iter().enumerate() {
        let names = names(number, state);
        let seed = u32::try_from(number).unwrap();
        put(&site, &names, sidecar, 100 + seed);
        // Seen before, so that it is gone and comes back.
        if *state == "terug" {
            put(&site, &names, "visibility = \"public\"\n", 100 + seed);
        }
        all.push(names);
    }
    site.scan().await;
    for ((_, sidecar), names) in wanted.iter().zip(&mut all) {
        names.before = version(&site, "SELECT version FROM original", &names.id).await;
        if names.state == "terug" {
            put(&site, names, sidecar, 200);
        }
        let seed = 300 + u32::try_from(names.before.len() + names.id.len()).unwrap();
        match names.state {
            "zoek" => site.remove("zoek/01-een.mp4"),
            "kaal" => {}
            state => site.put_clip(&format!("{state}/01-een.mp4"), seed),
        }
    }
    site.scan().await;
    name_versions(&site, &mut all).await;
    (site, all)
}

async fn name_versions(site: &Site, all: &mut [Names]) {
    for names in all {
        let of_file = "SELECT version FROM original";
        names.version = version(site, of_file, &names.id).await;
        names.poster = version(site, "SELECT version FROM poster", &names.id).await;
    }
}

/// The states in which a former name is resolved in a way of its own.
const FORMER: [&str; 6] = [
    "openbaar",
    "concept",
    "met-link",
    "slot",
    "ingetrokken",
    "straks",
];

/// What stands for `{file}` in a route.
fn files(route: &str, names: &Names, is_former: bool) -> Vec<String> {
    let id = &names.id;
    match route.split('/').nth(1).unwrap_or_default() {
        "captions" => vec!["nl.vtt".into(), "xx.vtt".into()],
        "transcripts" => vec!["nl.txt".into()],
        "chapters" => vec![format!("{id}.vtt"), format!("{id}.json")],
        // The cover is drawn at each request, so only one of them is asked for.
        "posters" if names.state == "kaal" => vec![format!("{id}-cover.jpg")],
        "posters" if is_former => vec![format!("{id}.jpg?w=320")],
        "posters" => vec![
            format!("{id}.jpg?w=320"),
            format!("{id}-play.jpg?w=320&v={}", names.poster),
        ],
        "media" => vec!["01-een.mp4".into(), "01-een.werkblad.pdf".into()],
        _ => vec!["style.css".into()],
    }
}

/// The addresses of a route: of what is asked for under its name of today, in all the shapes it has, and `with_former` under the one
/// that it had before.
fn addresses(route: &str, names: &Names, with_former: bool) -> Vec<String> {
    let (id, state) = (&names.id, names.state);
    let today = (id, state.to_owned());
    let former = with_former.then(|| (&names.former, format!("oud-{state}")));
    let mut all = Vec::new();
    for (id, slug) in [Some(today), former].into_iter().flatten() {
        for version in [&names.version, &names.before] {
            for part in ["preview", "qr.svg"] {
                for file in files(route, names, *id == names.former) {
                    let address = route
                        .replace("{file}", &file.replace(&names.id, id))
                        .replace("{id}", id)
                        .replace("{slug}", &slug)
                        .replace("{version}", version)
                        .replace("{part}", part)
                        .replace("{language}", "nl")
                        .replace("{link}", names.link.as_str())
                        .replace("{token}", &"f".repeat(64))
                        .replace("{upload}", "0123456789abcdefghjk")
                        .replace("{*rest}", "niets");
                    assert!(!address.contains('{'), "{route}: a name without a value");
                    all.push(address);
                }
            }
        }
    }
    if route == "/speakers/{slug}" {
        all.push(format!("/speakers/bo-{state}"));
    }
    if route == "/oembed" {
        for of in [format!("watch/{id}"), format!("series/{state}")] {
            for more in ["", "&format=xml", "&variant=email"] {
                all.push(format!("/oembed?url={BASE}/{of}{more}"));
            }
        }
    }
    if route.ends_with("search") {
        all.push(format!("{route}?q=bo"));
    }
    all.into_iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// The same address with a link or an access grant.
fn with_link(address: &str, link: &Token) -> String {
    let between = if address.contains('?') { '&' } else { '?' };
    // A site asks for the address that it was given, in which the link stands.
    match address.split_once("url=") {
        Some((before, url)) => {
            let (url, more) = url
                .split_once('&')
                .map_or((url, ""), |(url, more)| (url, more));
            format!("{before}url={url}%3Flink%3D{link}&{more}")
        }
        None => format!("{address}{between}link={link}"),
    }
}

/// What a cache compares: everything but the moment.
fn content(answer: &Answer, link: Option<&Token>) -> (u16, Option<String>, String) {
    let plain = |text: &str| match link {
        Some(link) => text
            .replace(&format!("?link={link}"), "")
            .replace(&format!("&amp;link={link}"), ""),
        None => text.to_owned(),
    };
    (
        answer.status,
        answer.header("location").map(plain),
        plain(&answer.text()),
    )
}

fn cache(answer: &Answer) -> &str {
    answer.header("cache-control").unwrap_or_default()
}

/// For how many seconds any cache may keep it without asking.
fn seconds(answer: &Answer) -> i64 {
    let mut said = cache(answer).split(',').map(str::trim);
    let ages = said.clone().filter_map(|it| it.split_once("max-age="));
    let longest = ages.map(|(_, age)| age.parse().unwrap()).max();
    match said.any(|it| it == "no-store" || it == "no-cache") {
        true => 0,
        false => longest.unwrap_or(i64::MAX),
    }
}

type Shape = fn(&Client, &str, Option<&str>) -> RequestBuilder;

/// The other ways to ask for an address; the last argument is the entity tag of what it answered.
const SHAPES: [(&str, Shape); 3] = [
    ("HEAD", |client, address, _| {
        client.ask(Method::HEAD, address)
    }),
    ("Range", |client, address, _| {
        client
            .ask(Method::GET, address)
            .header("range", "bytes=0-9")
    }),
    ("If-None-Match", |client, address, etag| {
        client
            .ask(Method::GET, address)
            .header("if-none-match", etag.unwrap_or("\"x\""))
    }),
];

/// Everybody who may get more than a visitor: the client, and the link they hold.
async fn askers(site: &Site, names: &Names) -> Vec<(&'static str, Client, Option<Token>)> {
    let (state, locked) = (names.state, names.locked);
    let grants = site.app.db.write(move |conn| {
        let sql = "SELECT id FROM series WHERE slug = :slug";
        let series = conn.query_row(sql, [state], |row| row.get(0))?;
        Ok([Lock::Series(series), Lock::Link(locked)]
            .map(|lock| access_grant::give(conn, lock, HASH, NOW).unwrap()))
    });
    let [of_series, of_link] = grants.await.unwrap();
    let visitor = || Client::clone(site);
    let mut all = vec![
        ("holder", visitor(), Some(names.link)),
        ("with the password of a link", visitor(), Some(of_link)),
    ];
    if state.starts_with("slot") {
        all.push((
            "with the password of the series",
            visitor(),
            Some(of_series),
        ));
    }
    all
}

/// What is there for everyone and what is there for nobody else is told once, with one state.
fn is_told(route: &str, state: &str) -> bool {
    let of_all = ["/desk", "/assets", "/uploads", "/welcome"];
    let is_of_all = !route.contains('{') || of_all.iter().any(|start| route.starts_with(start));
    !is_of_all || state == "straks" || route == "/oembed"
}

/// What a shared cache would keep of an answer that is owed to who asks.
fn shared(shape: &str, to: &str, who: &str, answer: &Answer) -> Option<String> {
    let said = cache(answer);
    let is_own = said.contains("private") || said.contains("no-store");
    let is_shared = !is_own || said.contains("s-maxage") || said.contains("public");
    is_shared.then(|| format!("{shape} {to} as {who}: {} {said:?}", answer.status))
}

#[tokio::test]
async fn no_shared_cache_keeps_what_an_answer_owes_to_who_asks() {
    let (mut wrong, mut differing, mut cells) = (BTreeSet::new(), BTreeSet::new(), 0);
    let mut shaped = BTreeSet::new();
    let (site, mut all) = site(&STATES.map(|(state, _)| state)).await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let key = site.app.db.write(|conn| {
        use terugkijken::catalogue::{access_key, coordinator};
        let mira = coordinator::by_email(conn, "mira@example.org")?.unwrap();
        access_key::add(conn, mira.id, "script", access_key::Opens::Everything)
    });
    let script = site.with_key(&key.await.unwrap());
    for is_drawn in [false, true] {
        if is_drawn {
            site.work_until_idle().await;
            name_versions(&site, &mut all).await;
        }
        for names in &all {
            let mut askers = askers(&site, names).await;
            askers.push(("coordinator", Client::clone(&mira), None));
            if names.state == "straks" {
                askers.push(("script", script.clone(), None));
            }
            for (route, methods) in matrix::routes() {
                // Before its sizes are rendered a recording has the neutral picture.
                let is_awaited = route.starts_with("/posters") && names.state == "straks";
                let is_asked = methods.contains(&Method::GET) && is_told(&route, names.state);
                if !is_asked || !is_drawn && !is_awaited {
                    continue;
                }
                for address in addresses(&route, names, FORMER.contains(&names.state)) {
                    // The link of an address that holds it opens nothing to whoever asks without it.
                    let without = address.replace(names.link.as_str(), "zzzzzzzzzzzzzzzz");
                    let plain = site.get(&without).await;
                    for (who, client, link) in &askers {
                        let to = link
                            .as_ref()
                            .map_or(address.clone(), |link| with_link(&address, link));
                        let first = client.get(&to).await;
                        cells += 1;
                        if content(&first, link.as_ref()) == content(&plain, None) {
                            continue;
                        }
                        differing.insert(format!("{route} {who}"));
                        wrong.extend(shared("GET", &to, who, &first));
                        // Answers of one kind are asked for in the other ways once.
                        let kind = (first.status, cache(&first).to_owned());
                        if !shaped.insert((is_drawn, route.clone(), names.state, *who, kind)) {
                            continue;
                        }
                        for (shape, ask) in SHAPES {
                            let answer = client.send(ask(client, &to, first.header("etag"))).await;
                            wrong.extend(shared(shape, &to, who, &answer));
                        }
                    }
                }
            }
        }
    }
    assert_eq!(wrong, BTreeSet::new());
    for premise in [
        "/posters/{file} coordinator",
        "/posters/{file} script",
        "/media/{id}/{version}/{file} holder",
        "/media/{id}/{version}/{file} with the password of the series",
        "/captions/{id}/{file} with the password of a link",
        "/oembed holder",
        "/embed/{id} holder",
        "/share/{id}/{part} coordinator",
        "/series/{slug} with the password of the series",
        "/l/{link} holder",
        "/api/search script",
    ] {
        assert!(
            differing.contains(premise),
            "{premise} not in {differing:#?}"
        );
    }
    assert!(cells > 1500, "{cells} cells");
}

#[tokio::test]
async fn no_cache_keeps_a_recording_beyond_the_moment_at_which_it_is_seen_no_more_or_for_the_first_time()
 {
    let (site, mut all) = site(&[
        "met-link",
        "bekend",
        "slot",
        "straks",
        "bijna-over",
        "bekend-over",
        "terug",
    ])
    .await;
    site.work_until_idle().await;
    name_versions(&site, &mut all).await;
    let mut wrong = BTreeSet::new();
    let mut kept = BTreeSet::new();
    for names in &all {
        let changes = ["straks", "bijna-over", "bekend-over", "terug"].contains(&names.state);
        // A visitor, and whoever has a link that ends before the recording does.
        let askers = match names.state {
            "met-link" | "bekend" | "slot" => vec![Some(names.brief)],
            _ if changes => vec![None, Some(names.link), Some(names.brief)],
            _ => continue,
        };
        for (route, methods) in matrix::routes() {
            let is_of_one =
                route.contains("{id}") || route.contains("{file}") || route == "/oembed";
            let is_asset = route.starts_with("/assets") || route.starts_with("/desk");
            if !methods.contains(&Method::GET) || !is_of_one || is_asset {
                continue;
            }
            for address in addresses(&route, names, true) {
                for link in &askers {
                    let to = link
                        .as_ref()
                        .map_or(address.clone(), |link| with_link(&address, link));
                    let answer = site.get(&to).await;
                    let text = answer.text();
                    let age = text
                        .split_once("cache_age\":")
                        .map(|(_, rest)| rest.split(',').next().unwrap().parse::<i64>().unwrap());
                    let longest = seconds(&answer).max(age.unwrap_or(0));
                    if longest > 60 {
                        wrong.insert(format!(
                            "{to}: {} {:?} {age:?}",
                            answer.status,
                            cache(&answer)
                        ));
                    }
                    if longest > 0 {
                        kept.insert(route.clone());
                    }
                }
            }
        }
    }
    assert_eq!(wrong, BTreeSet::new());
    let premise = ["/media/{id}/{version}/{file}", "/oembed", "/posters/{file}"];
    assert_eq!(kept, premise.map(str::to_owned).into());
}
