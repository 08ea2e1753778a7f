//! Who gets in where: every route of `router.rs` and `desk/routes.rs`, for everyone who may ask, for a recording in every state. The
//! routes are read from the source. A page at an address of its own is everyone's; any other route without a row here fails.

use std::collections::BTreeSet;

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::link::Token;

use crate::matrix_cases::{Kind, ROWS};
use crate::support::desk::Desk;
use crate::support::people::PASSWORD;
use crate::support::{Client, Site};

/// Of the recording, on no page but those that show it.
const TITLE: &str = "Ongezien";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Visitor,
    Holder,
    Editor,
    Administrator,
    /// With the cookie of an account that was ended.
    Disabled,
    /// With the cookie of a sign-in that ended.
    Expired,
    /// A script with the key of an editor.
    Key,
}

const EVERYONE: [Who; 7] = [
    Who::Visitor,
    Who::Holder,
    Who::Editor,
    Who::Administrator,
    Who::Disabled,
    Who::Expired,
    Who::Key,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Draft,
    Link,
    Unlisted,
    Public,
    Scheduled,
    Over,
    Withdrawn,
    Trashed,
}

const STATES: [State; 8] = [
    State::Draft,
    State::Link,
    State::Unlisted,
    State::Public,
    State::Scheduled,
    State::Over,
    State::Withdrawn,
    State::Trashed,
];

impl State {
    fn sidecar(self) -> &'static str {
        match self {
            Self::Draft => "visibility = \"draft\"\n",
            Self::Link => "visibility = \"link\"\n",
            Self::Unlisted => "visibility = \"unlisted\"\n",
            Self::Public => "visibility = \"public\"\n",
            Self::Scheduled => "visibility = \"public\"\nvisible_from = 2090-01-01T00:00:00Z\n",
            Self::Over => "visibility = \"public\"\nvisible_until = 2020-01-01T00:00:00Z\n",
            Self::Withdrawn => "visibility = \"withdrawn\"\nwithdrawn_reason = \"Verouderd\"\n",
            Self::Trashed => "visibility = \"public\"\ndeleted = 2020-01-01T00:00:00Z\n",
        }
    }
}

/// What a recording in this state answers, to one who asks for it.
fn recording(who: Who, state: State) -> u16 {
    let works_here = matches!(who, Who::Editor | Who::Administrator | Who::Key);
    match state {
        // Gone for those who work here too: it is in the trash.
        State::Trashed => 410,
        _ if works_here => 200,
        State::Public | State::Unlisted => 200,
        State::Link if who == Who::Holder => 200,
        // What was never seen cannot be told from what never was.
        State::Draft | State::Link | State::Scheduled => 404,
        State::Over | State::Withdrawn => 410,
    }
}

/// What a route answers, and to whom it lets in at all (`None`: to be let in is all that is asked).
fn expected(path: &str, who: Who, state: State, method: &Method) -> Option<u16> {
    let row = ROWS.iter().find(|(row, _)| *row == path);
    let kind = row.map_or(Kind::Open, |(_, kind)| *kind);
    let is_in = matches!(who, Who::Editor | Who::Administrator | Who::Key);
    let outside = if *method == Method::GET { 303 } else { 401 };
    match kind {
        Kind::Open => None,
        Kind::Recording => Some(recording(who, state)),
        // What was sent once has a picture for ever.
        Kind::Picture if recording(who, state) == 410 => Some(200),
        Kind::Picture => Some(recording(who, state)),
        Kind::Series => Some(series(path, who, state)),
        Kind::Feed => Some(series(path, Who::Visitor, state)),
        Kind::Shared => Some(match recording(Who::Visitor, state) {
            _ if path.contains("{slug}") => series(path, Who::Visitor, state),
            200 if state == State::Unlisted => 404,
            other => other,
        }),
        // The link is in the address, whoever asks. Without a password it leads to the page.
        Kind::Link if *method == Method::POST => None,
        Kind::Link if is_in => Some(recording(who, state)),
        Kind::Link => Some(recording(Who::Holder, state)),
        Kind::Desk | Kind::Programs if is_in => None,
        Kind::Programs => Some(401),
        Kind::Account | Kind::Administration if who == Who::Key => Some(403),
        Kind::Account if is_in => None,
        Kind::Administration if who == Who::Administrator => None,
        Kind::Administration if who == Who::Editor => Some(403),
        Kind::Desk | Kind::Account | Kind::Administration => Some(outside),
    }
}

/// A series is there for whom it lists something.
fn series(path: &str, who: Who, state: State) -> u16 {
    let works_here = matches!(who, Who::Editor | Who::Administrator | Who::Key);
    let lists = match state {
        State::Trashed => false,
        // Pages show coordinators what visitors see; scripts see all of it.
        _ if works_here && (path.starts_with("/api") || path.ends_with("/{part}")) => true,
        State::Public => true,
        State::Link | State::Unlisted => who == Who::Holder,
        State::Draft | State::Scheduled | State::Over | State::Withdrawn => false,
    };
    let is_given_out = ["/series", "/embed/series", "/share/series", "/api/series"];
    let is_given_out = is_given_out.iter().any(|start| path.starts_with(start));
    match state {
        // Nobody of that name speaks.
        _ if lists && !path.starts_with("/speakers") => 200,
        // What was handed out says that it was there.
        State::Trashed | State::Over | State::Withdrawn if is_given_out => 410,
        _ => 404,
    }
}

/// Path and methods of every route in the source.
pub fn routes() -> Vec<(String, Vec<Method>)> {
    let source = concat!(
        include_str!("../../src/router.rs"),
        include_str!("../../src/desk/routes.rs")
    );
    source
        .split(".route(")
        .skip(1)
        .map(|piece| {
            let path = piece.split('"').nth(1).unwrap().to_owned();
            let mut methods = Vec::new();
            if piece.contains("get(") || piece.contains("any(") {
                methods.push(Method::GET);
            }
            // Chained behind get, or alone.
            let until = piece.find("\n        .").unwrap_or(piece.len());
            if piece[..until].contains("post(") || piece[..until].contains("any(") {
                methods.push(Method::POST);
            }
            (path, methods)
        })
        .collect()
}

/// The pages of `router.rs` that show nothing of one recording, series or person in particular.
fn pages_of_everyone() -> BTreeSet<String> {
    let source = include_str!("../../src/router.rs");
    let pages = source.split("fn pages(app: &App)").nth(1).unwrap();
    let pages = pages.split("\n}").next().unwrap();
    let paths = pages.split(".route(").skip(1);
    let paths = paths.map(|piece| piece.split('"').nth(1).unwrap().to_owned());
    paths.filter(|path| !path.contains('{')).collect()
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let routes: BTreeSet<String> = routes().into_iter().map(|(path, _)| path).collect();
    let everyones = pages_of_everyone();
    assert!(
        everyones.contains("/") && everyones.contains("/privacy"),
        "the premise"
    );
    let routes: BTreeSet<String> = routes.difference(&everyones).cloned().collect();
    let rows: BTreeSet<String> = ROWS.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(
        routes.difference(&rows).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "without a row"
    );
    assert_eq!(
        rows.difference(&routes).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "without a route"
    );
    assert_eq!(rows.len(), ROWS.len(), "a row stands twice");
}

/// Everyone's way in.
struct Ways {
    token: Token,
    visitor: Client,
    editor: Desk,
    administrator: Desk,
    disabled: Desk,
    expired: Desk,
    key: Client,
}

async fn ways(site: &Site) -> Ways {
    let editor = site.colleague("editor", Role::Editor).await;
    let administrator = site.colleague("administrator", Role::Administrator).await;
    let disabled = site.colleague("disabled", Role::Administrator).await;
    let expired = site.sign_in("editor@example.org", PASSWORD).await.unwrap();
    let (_, cookie) = expired.credential().unwrap();
    let (now, of_expired) = (
        site.app.clock.now(),
        cookie.split('=').nth(1).unwrap().to_owned(),
    );
    let key = site.app.db.write(move |conn| {
        use terugkijken::catalogue::{access_key, coordinator, sign_in};
        let gone = coordinator::by_email(conn, "disabled@example.org")?.unwrap();
        coordinator::disable(conn, gone.id, now)?;
        let (signed_in, who) = sign_in::by_token(conn, &of_expired, now)?.unwrap();
        sign_in::end(conn, who.id, signed_in.id)?;
        access_key::add(conn, who.id, "script", access_key::Opens::Everything)
    });
    Ways {
        token: Token::parse("0123456789abcdef").unwrap(),
        key: site.with_key(&key.await.unwrap()),
        visitor: Client::clone(site),
        editor,
        administrator,
        disabled,
        expired,
    }
}

/// The address of a route for this recording. Who works here changes nothing: forms go to a recording that is not there.
pub fn address(path: &str, id: &str, version: &str, is_form_of_a_coordinator: bool) -> String {
    let (id, row) = match is_form_of_a_coordinator {
        true => ("zzzzzzzzzz", "999999"),
        false => (id, "1"),
    };
    let is_row = ["/desk/series/", "/desk/people/", "/desk/account/"]
        .iter()
        .any(|start| path.starts_with(start));
    path.replace("{id}", if is_row { row } else { id })
        .replace("{slug}", "reeks")
        .replace("{link}", "0123456789abcdef")
        .replace("{token}", "niets")
        .replace("{language}", "nl")
        .replace("{version}", version)
        .replace("{message}", "1")
        .replace("{part}", "preview")
        .replace("{*rest}", "niets/te/vinden")
        .replace(
            "{file}",
            match path {
                "/captions/{id}/{file}" => "nl.vtt",
                "/transcripts/{id}/{file}" => "nl.txt",
                "/chapters/{file}" => "ID.vtt",
                "/posters/{file}" => "ID.jpg",
                _ => "01-een.mp4",
            },
        )
        .replace("ID.", &format!("{id}."))
}

#[tokio::test]
async fn everyone_gets_where_they_may_and_nowhere_else() {
    let mut cells = 0;
    let mut wrong = Vec::new();
    for state in STATES {
        let site = Site::open().await;
        site.put(
            "reeks/series.toml",
            "title = \"Reeks\"\nvisibility = \"draft\"\n",
        );
        site.put_clip("reeks/01-een.mp4", 1);
        let captions = "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n";
        site.put("reeks/01-een.nl.vtt", captions);
        site.put(
            "reeks/01-een.toml",
            format!("id = \"q3a1gc8bxx\"\ntitle = \"{TITLE}\"\n{}[[links]]\ntoken = \"0123456789abcdef\"\nname = \"proef\"\n", state.sidecar()),
        );
        site.scan().await;
        let ways = ways(&site).await;
        let version = site.app.db.read(|conn| {
            Ok(conn.query_row("SELECT version FROM original", [], |row| {
                row.get::<_, String>(0)
            })?)
        });
        let version = version.await.unwrap();
        for (path, methods) in routes() {
            for method in methods {
                for who in EVERYONE {
                    let is_in = matches!(who, Who::Editor | Who::Administrator | Who::Key);
                    // Ends the very sign-ins the others need; its own stories tell of it.
                    if is_in && path.ends_with("sign-out-everywhere") || path == "/sign-out" {
                        continue;
                    }
                    let is_form = is_in && method == Method::POST;
                    let to = address(&path, "q3a1gc8bxx", &version, is_form);
                    let to = match who {
                        Who::Holder => format!("{to}?link={}", ways.token),
                        _ => to,
                    };
                    let client: &Client = match who {
                        Who::Visitor | Who::Holder => &ways.visitor,
                        Who::Editor => &ways.editor,
                        Who::Administrator => &ways.administrator,
                        Who::Disabled => &ways.disabled,
                        Who::Expired => &ways.expired,
                        Who::Key => &ways.key,
                    };
                    let request = client.ask(method.clone(), &to);
                    let request = match method {
                        Method::POST => request.form(&[("x", "y")]),
                        _ => request,
                    };
                    let answer = client.send(request).await;
                    let to_sign_in = answer.status == 303
                        && answer
                            .header("location")
                            .is_some_and(|to| to.starts_with("/sign-in"));
                    let is_refused = matches!(answer.status, 401 | 403) || to_sign_in;
                    let is_right = match expected(&path, who, state, &method) {
                        Some(303) => to_sign_in,
                        Some(status) => answer.status == status,
                        None if path == "/sign-in" => true,
                        // What no visitor finds is told to none where everyone gets in.
                        None if !is_in
                            && state != State::Public
                            && answer.text().contains(TITLE) =>
                        {
                            false
                        }
                        None => !is_refused && answer.status < 500,
                    };
                    cells += 1;
                    if !is_right {
                        wrong.push(format!(
                            "{who:?} {method} {to} of one that is {state:?}: {}",
                            answer.status
                        ));
                    }
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(cells > 3800, "{cells} cells");
}
