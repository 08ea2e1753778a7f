//! What a crowd of requests may take: bodies are bounded in bytes, in time and in the memory of all of them together, and whoever
//! belongs there gets in meanwhile. The same in its full size: `cargo bench --bench abuse`.

use std::time::Duration;

use futures_util::future::select_all;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::welcome;
use terugkijken::request_body::LARGEST_OF_STRANGER;

use crate::support::people::PASSWORD;
use crate::support::wire::{Visitor, statuses};
use crate::support::{Site, clips};

const TOO_LARGE: &str = "Dit formulier is te groot";

/// A form that takes this many bytes.
fn form_of(bytes: usize) -> Vec<(&'static str, String)> {
    vec![("password", "x".repeat(bytes - "password=".len()))]
}

async fn welcome_link(site: &Site) -> String {
    let now = site.app.clock.now();
    let token = site
        .app
        .db
        .write(move |conn| welcome::make(conn, None, now));
    format!("/welcome/{}", token.await.unwrap())
}

#[tokio::test]
async fn forms_of_people_who_are_not_signed_in_are_small() {
    let site = Site::open().await;
    site.put_clip("reeks/01-les.mp4", 1);
    site.scan().await;
    let welcome = welcome_link(&site).await;
    // With or without something behind the address.
    for path in [
        "/sign-in",
        "/series/reeks/unlock",
        "/l/abcdefghjkmnpqrs",
        "/sign-out",
        &welcome,
        "/welcome/geen",
    ] {
        let send = |bytes: usize| {
            let form = form_of(bytes);
            let address = format!("{path}?lang=nl");
            let request = site.ask(Method::POST, &address).form(&form);
            site.send(request)
        };
        assert_ne!(send(LARGEST_OF_STRANGER).await.status, 413, "{path}");
        send(LARGEST_OF_STRANGER + 1).await.is(413).shows(TOO_LARGE);
    }
    // A form for the desk is not kept for a stranger when it is large, and is for whom the browser is known.
    let mira = site.colleague("mira", Role::Editor).await;
    let signed_in = [("email", mira.email.as_str()), ("password", PASSWORD)];
    let marked = site.post("/sign-in", &signed_in).await.is(303);
    let mark = marked.cookies().pop().unwrap();
    let long = "<regel> & \"tekens\"\n".repeat(10_000);
    let page = "/desk/recordings/geen?lang=nl";
    site.post(page, &[("description", &long)])
        .await
        .is(401)
        .hides("name=\"kept\"");
    let browser = site.with_cookie(mark);
    let kept = browser.post(page, &[("description", &long)]).await.is(401);
    let kept = kept.page().value("kept");
    let again = [signed_in[0], signed_in[1], ("to", page), ("kept", &kept)];
    let again = browser.post("/sign-in?lang=nl", &again).await.is(200);
    assert!(again.text().matches("&lt;regel&gt;").count() == 10_000);
}

#[tokio::test]
async fn a_hundred_and_fifty_forms_that_never_end_keep_nobody_waiting() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let welcome = welcome_link(&site).await;
    let mut hanging = Vec::new();
    for number in 0..150 {
        let path = ["/sign-in", welcome.as_str(), "/series/reeks/unlock"][number % 3];
        let mut visitor = Visitor::to(site.host()).await.unwrap();
        let length = if number % 2 == 0 {
            LARGEST_OF_STRANGER
        } else {
            4_000_000
        };
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
        );
        visitor.say(head).await;
        visitor.say(vec![b'a'; LARGEST_OF_STRANGER / 2]).await;
        hanging.push(visitor);
    }
    assert!(site.sign_in(&mira.email, PASSWORD).await.is_some());
    mira.does("/desk/series", &[("title", "Reeks")]).await;
    // They are told, and their connections end, once their time is over.
    tokio::time::pause();
    for visitor in &mut hanging {
        let answers = visitor.rest().await;
        assert!(matches!(statuses(&answers)[..], [408 | 413]), "{answers}");
    }
}

#[tokio::test]
async fn a_visitor_behind_a_proxy_has_a_share_of_the_answers_and_waits_for_more() {
    const MOST: usize = 8;
    let site = Site::open_with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".into()];
        config.connections_per_address = MOST;
    })
    .await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    let film = [clips::bytes("a.mp4", 1), vec![0; 20_000_000]].concat();
    site.put("reeks/01-les.mp4", film);
    site.scan().await;
    let film = site.recording("Les").await["sources"][0]["url"].clone();
    let film = site.address(&film);
    let reading = async |path: &str, address: &str| {
        let mut visitor = Visitor::to(site.host()).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {address}\r\n\r\n");
        visitor.say(head).await;
        visitor
    };
    let (one, other) = ("203.0.113.9", "203.0.113.10");
    let mut under_way = Vec::new();
    for _ in 0..MOST {
        let mut visitor = reading(&film, one).await;
        assert_eq!(statuses(&visitor.head().await), [200]);
        under_way.push(visitor);
    }
    // As many may wait, and one more is told so.
    let mut waiting = Vec::new();
    for _ in 0..=MOST {
        waiting.push(reading("/?lang=nl", one).await);
    }
    let heads = waiting.iter_mut().map(|visitor| Box::pin(visitor.head()));
    let (refusal, refused, _) = select_all(heads).await;
    assert_eq!(statuses(&refusal), [503]);
    let mut refused = waiting.remove(refused);
    assert!(
        refused
            .body_of(&refusal)
            .await
            .contains("<html lang=\"nl\"")
    );
    assert_eq!(statuses(&reading("/", other).await.head().await), [200]);
    under_way.clear();
    for visitor in &mut waiting {
        assert_eq!(statuses(&visitor.head().await), [200]);
    }
}

#[tokio::test]
async fn an_upload_of_less_than_a_kilobyte_a_second_is_cut_and_its_bytes_are_kept() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let clip = clips::bytes("a.mp4", 1);
    let upload = mira.announce(clip.len(), &[("filename", "a.mp4")]).await;
    let mut slow = mira.begin(&upload, 0, clip.len(), &clip[..100]).await;
    // Until they lie on the disk; whoever asks how far it is would take the upload over.
    let name = upload.rsplit('/').next().unwrap();
    let file = site.path(&format!(".uploads/{name}"));
    while std::fs::metadata(&file).map_or(0, |file| file.len()) < 100 {
        tokio::task::yield_now().await;
    }
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    tokio::time::resume();
    let answers = slow.rest().await;
    // Clients of tus go on after this one, and give up after 408.
    assert_eq!(statuses(&answers), [503], "{answers}");
    assert_eq!(mira.offset(&upload).await, 100);
    mira.piece(&upload, 100, clip[100..].to_vec()).await.is(204);
}

#[tokio::test]
async fn the_fields_of_a_form_with_files_are_together_no_longer_than_a_form() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    site.put_clip("reeks/01-les.mp4", 1);
    site.scan().await;
    let id = site.id_in("reeks/01-les.toml");
    let film = format!("/desk/recordings/{id}");
    for (path, name) in [
        ("/desk/upload", "title"),
        (&format!("{film}/captions"), "language"),
        (&format!("{film}/captions"), "anders"),
        (&format!("{film}/handouts"), "title"),
        (&format!("{film}/poster"), "words"),
    ] {
        let mut form = Form::new();
        for _ in 0..50 {
            form = form.text(name, "x".repeat(100_000));
        }
        form = form.part("file", Part::bytes(vec![1; 10]).file_name("a.mp4"));
        let request = mira
            .ask(Method::POST, &format!("{path}?lang=nl"))
            .multipart(form);
        let answer = mira.send(request).await;
        assert!(
            [400, 422].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        let text = answer.text();
        // A field that the page has is said to be too long itself.
        let is_said =
            text.contains(TOO_LARGE) || (name != "anders" && text.contains("Er passen er"));
        assert!(is_said, "{path} {name}");
    }
}

/// The head of a PNG of this size, in four channels of 16 bit, and no more (ISO 15948 §11.2.1).
fn head_of_a_png(side: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let named = [&kind[..], data].concat();
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], &named, &crc(&named).to_be_bytes()].concat()
    };
    let mut head = [side.to_be_bytes(), side.to_be_bytes()].concat();
    head.extend([16, 6, 0, 0, 0]);
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &head),
        chunk(b"IDAT", b"\x78\x9c"),
    ]
    .concat()
}

/// ISO 15948, annex D.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}

#[tokio::test]
async fn a_picture_that_unpacks_to_a_gigabyte_is_refused_before_it_is_unpacked() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    site.put_clip("reeks/01-les.mp4", 1);
    // Also one that lies in the folder.
    site.put("reeks/01-les.png", head_of_a_png(12_000));
    site.scan().await;
    site.work_until_idle().await;
    let id = site.id_in("reeks/01-les.toml");
    let poster = format!("/desk/recordings/{id}/poster?lang=nl");
    mira.put_file(&poster, "groot.png", head_of_a_png(12_000), ("words", ""))
        .await
        .is(422)
        .shows("te veel beeldpunten");
    // The premise: the head is one that is read.
    mira.put_file(&poster, "klein.png", head_of_a_png(100), ("words", ""))
        .await
        .is(303);
}
