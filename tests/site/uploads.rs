//! Uploads as transcripts of tus 1.0.0: each clause of the protocol, and what it means for the bytes on the disk.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::processing::worker;

use crate::support::clips;
use crate::support::tus::{PIECE, metadata};
use crate::support::{Answer, Site};

const DAY: i64 = 24 * 60 * 60;

/// Every answer names the version.
fn speaks(answer: Answer) -> Answer {
    answer.says("tus-resumable", "1.0.0")
}

#[tokio::test]
async fn a_file_in_pieces_becomes_a_draft_that_its_coordinator_can_watch_at_once() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 1);
    let said = [
        ("filename", "07 Visie op online werken.MP4"),
        ("title", "Visie"),
    ];
    let upload = mira.announce(bytes.len(), &said).await;
    let third = bytes.len() / 3;
    for (from, to) in [(0, third), (third, 2 * third), (2 * third, bytes.len())] {
        assert_eq!(mira.offset(&upload).await, from);
        let answer = mira.piece(&upload, from, bytes[from..to].to_vec()).await;
        let answer = speaks(answer.is(204).says("upload-offset", &to.to_string()));
        assert!(
            answer
                .header("upload-expires")
                .is_some_and(|at| at.ends_with("GMT"))
        );
    }
    // The row stays, for a client whose last answer was lost.
    assert_eq!(mira.offset(&upload).await, bytes.len());
    let report = mira.report(&upload).await;
    assert_eq!(
        (&report["state"], &report["sentence"]),
        (&"done".into(), &"De opname staat klaar als concept.".into())
    );
    assert_eq!(
        std::fs::read(site.path("inbox/07-visie.mp4")).unwrap(),
        bytes
    );
    let sidecar = site.read("inbox/07-visie.toml");
    assert!(
        sidecar.contains("title = \"Visie\"") && sidecar.contains("visibility = \"draft\""),
        "{sidecar}"
    );
    let id = site.id_in("inbox/07-visie.toml");
    assert_eq!(report["desk_url"], format!("/desk/recordings/{id}"));
    site.get(&format!("/watch/{id}")).await.is(404);
    mira.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .shows("Visie");
    // Its hash was made while it arrived; no job has to read it again.
    let steps = worker::wanted(&site.app.config, false);
    let (hash, jobs) = site
        .app
        .db
        .write(move |conn| {
            worker::plan(conn, &steps, 100)?;
            let hash: Option<String> =
                conn.query_row("SELECT content_hash FROM original", [], |row| row.get(0))?;
            let jobs: u32 =
                conn.query_row("SELECT count(*) FROM job WHERE step = 'hash'", [], |row| {
                    row.get(0)
                })?;
            Ok((hash, jobs))
        })
        .await
        .unwrap();
    assert_eq!(
        (hash, jobs),
        (Some(blake3::hash(&bytes).to_hex().to_string()), 0)
    );
    mira.get("/desk/recordings").await.shows("Visie");
    site.scan().await;
    assert_eq!(
        site.id_in("inbox/07-visie.toml"),
        id,
        "the next scan finds it as it is"
    );
}

#[tokio::test]
async fn the_protocol_is_answered_as_it_asks() {
    let site = Site::open_with(|config| config.upload_mb = 1).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let spoken = site
        .send(site.ask(Method::OPTIONS, "/uploads"))
        .await
        .is(204);
    for (header, value) in [
        ("tus-version", "1.0.0"),
        (
            "tus-extension",
            "creation,creation-with-upload,creation-defer-length,expiration,termination,checksum",
        ),
        ("tus-checksum-algorithm", "sha1,sha256"),
        ("tus-max-size", "1000000"),
    ] {
        assert_eq!(spoken.header(header), Some(value));
    }
    let upload = mira.announce(10, &[("filename", "a.mp4")]).await;
    let post = || mira.tus(Method::POST, "/uploads");
    let patch = |offset: &str| {
        mira.tus(Method::PATCH, &upload)
            .header("upload-offset", offset)
            .header("content-type", PIECE)
    };
    let plain = |method: Method| mira.ask(method, &upload);
    for (what, request, status) in [
        ("no version", plain(Method::HEAD), 412),
        (
            "another version",
            plain(Method::PATCH).header("tus-resumable", "0.9"),
            412,
        ),
        ("no length", post(), 400),
        (
            "both lengths",
            post()
                .header("upload-length", "1")
                .header("upload-defer-length", "1"),
            400,
        ),
        ("defer 2", post().header("upload-defer-length", "2"), 400),
        ("negative", post().header("upload-length", "-1"), 400),
        ("plus", post().header("upload-length", "+1"), 400),
        ("hexadecimal", post().header("upload-length", "0x1"), 400),
        (
            "beyond counting",
            post().header("upload-length", "99999999999999999999"),
            400,
        ),
        ("too large", post().header("upload-length", "1000001"), 413),
        (
            "bad base64",
            post()
                .header("upload-length", "1")
                .header("upload-metadata", "filename %%%"),
            400,
        ),
        (
            "a key twice",
            post()
                .header("upload-length", "1")
                .header("upload-metadata", "a YQ==,a YQ=="),
            400,
        ),
        (
            "64 kB of it",
            post()
                .header("upload-length", "1")
                .header("upload-metadata", "YWFh".repeat(16_000)),
            431,
        ),
        ("wrong offset", patch("5").body("x"), 409),
        (
            "no offset",
            mira.tus(Method::PATCH, &upload)
                .header("content-type", PIECE)
                .body("x"),
            400,
        ),
        (
            "wrong type",
            mira.tus(Method::PATCH, &upload)
                .header("upload-offset", "0")
                .body("x"),
            415,
        ),
        ("more than announced", patch("0").body("x".repeat(11)), 413),
        (
            "unknown checksum",
            patch("0")
                .header("upload-checksum", "crc32 AAAAAA==")
                .body("x"),
            400,
        ),
        (
            "wrong checksum",
            patch("0")
                .header("upload-checksum", "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=")
                .body("x"),
            460,
        ),
        (
            "not there",
            mira.tus(Method::HEAD, "/uploads/zzzzzzzzzzzzzzzzzzzz"),
            404,
        ),
        ("another method", mira.tus(Method::PUT, &upload), 405),
    ] {
        let answer = site.send(request).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        if status == 431 {
            continue;
        }
        let answer = speaks(answer);
        assert_eq!(
            answer.header("tus-version"),
            (status == 412).then_some("1.0.0"),
            "{what}"
        );
        if status >= 400 && what != "no version" && what != "not there" {
            assert!(
                answer.text().trim().len() > 20,
                "{what} is not explained: {:?}",
                answer.text()
            );
        }
        assert!(status != 404 || answer.header("upload-offset").is_none());
    }
    assert_eq!(mira.offset(&upload).await, 0, "none of it counted");
    // In a browser that knows neither PATCH nor DELETE.
    let piece = mira
        .tus(Method::POST, &upload)
        .header("x-http-method-override", "PATCH")
        .header("upload-offset", "0")
        .header("content-type", PIECE);
    speaks(
        site.send(piece.body("12345"))
            .await
            .is(204)
            .says("upload-offset", "5"),
    );
    let head = mira.send(mira.tus(Method::HEAD, &upload)).await.is(200);
    let head = head
        .says("upload-length", "10")
        .says("cache-control", "no-store");
    assert_eq!(
        head.header("upload-metadata"),
        Some(metadata(&[("filename", "a.mp4")]).as_str())
    );
    let end = mira
        .tus(Method::POST, &upload)
        .header("x-http-method-override", "DELETE");
    speaks(site.send(end).await.is(204));
    mira.send(mira.tus(Method::HEAD, &upload)).await.is(404);
    assert_eq!(std::fs::read_dir(site.path(".uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_length_may_come_later_and_bytes_with_the_announcement() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 2);
    let half = bytes.len() / 2;
    let request = mira
        .tus(Method::POST, "/uploads")
        .header("upload-defer-length", "1")
        .header("content-type", PIECE)
        .header("upload-metadata", metadata(&[("filename", "later.mp4")]));
    let made = site
        .send(request.body(bytes[..half].to_vec()))
        .await
        .is(201);
    assert_eq!(
        made.header("upload-offset"),
        Some(half.to_string().as_str())
    );
    let upload = made.location().to_owned();
    let head = mira.send(mira.tus(Method::HEAD, &upload)).await.is(200);
    let head = head.says("upload-defer-length", "1");
    assert_eq!(head.header("upload-length"), None);
    let rest = mira
        .tus(Method::PATCH, &upload)
        .header("content-type", PIECE)
        .header("upload-offset", half)
        .header("upload-length", bytes.len());
    site.send(rest.body(bytes[half..].to_vec())).await.is(204);
    assert_eq!(mira.report(&upload).await["state"], "done");
    assert_eq!(std::fs::read(site.path("inbox/later.mp4")).unwrap(), bytes);
}

#[tokio::test]
async fn a_piece_counts_when_its_checksum_is_right() {
    use base64::Engine;
    use sha2::Digest;
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 3);
    let upload = mira.announce(bytes.len(), &[("filename", "sum.mp4")]).await;
    let piece = |offset: usize, said: String, bytes: &[u8]| {
        mira.tus(Method::PATCH, &upload)
            .header("content-type", PIECE)
            .header("upload-offset", offset)
            .header("upload-checksum", said)
            .body(bytes.to_vec())
    };
    let encode = |digest: &[u8]| base64::engine::general_purpose::STANDARD.encode(digest);
    let half = bytes.len() / 2;
    let sha1 = format!("sha1 {}", encode(&sha1::Sha1::digest(&bytes[..half])));
    // Damaged on its way: one bit.
    let mut damaged = bytes[..half].to_vec();
    damaged[100] ^= 1;
    site.send(piece(0, sha1.clone(), &damaged)).await.is(460);
    assert_eq!(mira.offset(&upload).await, 0);
    site.send(piece(0, sha1, &bytes[..half])).await.is(204);
    let sha256 = format!("sha256 {}", encode(&sha2::Sha256::digest(&bytes[half..])));
    site.send(piece(half, sha256, &bytes[half..])).await.is(204);
    assert_eq!(std::fs::read(site.path("inbox/sum.mp4")).unwrap(), bytes);
    // What did not count is no part of the file, also when it went on behind the end.
    let bytes = clips::bytes("a.mp4", 4);
    let request = mira
        .tus(Method::POST, "/uploads")
        .header("upload-defer-length", "1");
    let request = request.header("upload-metadata", metadata(&[("filename", "einde.mp4")]));
    let made = site.send(request).await.is(201);
    let patch = |bytes: Vec<u8>| {
        let request = mira.tus(Method::PATCH, made.location());
        let request = request
            .header("content-type", PIECE)
            .header("upload-offset", 0);
        request.body(bytes)
    };
    let wrong = format!("sha1 {}", encode(&sha1::Sha1::digest(b"other")));
    let longer = [&bytes[..], &[7; 5000]].concat();
    site.send(patch(longer).header("upload-checksum", wrong))
        .await
        .is(460);
    let whole = patch(bytes.clone()).header("upload-length", bytes.len());
    site.send(whole).await.is(204);
    assert_eq!(std::fs::read(site.path("inbox/einde.mp4")).unwrap(), bytes);
}

#[tokio::test]
async fn nobody_else_learns_of_an_upload_and_a_key_may_send_one() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let upload = mira.announce(10, &[("filename", "a.mp4")]).await;
    for method in [Method::HEAD, Method::PATCH, Method::DELETE, Method::GET] {
        speaks(site.send(site.tus(method.clone(), &upload)).await.is(401));
        eva.send(eva.tus(method, &upload)).await.is(404);
    }
    site.send(site.announcing(1, &[])).await.is(401);
    // From a page of another site, with the cookie of who is signed in there.
    let forged = mira
        .tus(Method::DELETE, &upload)
        .header("sec-fetch-site", "cross-site");
    site.send(forged).await.is(403);
    assert_eq!(mira.offset(&upload).await, 0);
    let email = mira.email.clone();
    let key = site.app.db.write(move |conn| {
        use terugkijken::catalogue::{access_key, coordinator};
        let who = coordinator::by_email(conn, &email)?.unwrap();
        access_key::add(conn, who.id, "script", access_key::Opens::Everything)
    });
    let key = key.await.unwrap();
    assert_eq!(site.with_key(&key).offset(&upload).await, 0);
}

#[tokio::test]
async fn limits_are_told_in_numbers_before_the_first_byte() {
    let site = Site::open_with(|config| {
        config.upload_mb = 5;
        config.uploads_mb = 8;
    })
    .await;
    let mira = site.colleague("mira", Role::Editor).await;
    let announce = |length: u64| {
        mira.tus(Method::POST, "/uploads?lang=nl")
            .header("upload-length", length)
            .header("accept-language", "nl")
    };
    site.send(announce(5_000_001))
        .await
        .is(413)
        .shows("hoogstens 5 MB");
    mira.announce(5_000_000, &[]).await;
    site.send(announce(5_000_000))
        .await
        .is(429)
        .shows("al 5 MB onderweg")
        .shows("8 MB");
    let bo = site.colleague("bo", Role::Editor).await;
    bo.announce(5_000_000, &[]).await;
    let site = Site::open_with(|config| config.free_mb = 1_000_000_000).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let request = mira
        .tus(Method::POST, "/uploads")
        .header("accept-language", "nl")
        .header("upload-length", "10");
    site.send(request)
        .await
        .is(507)
        .shows("GB vrij en 1000000 GB nodig");
    assert!(!site.path(".uploads").exists(), "nothing was made");
}

#[tokio::test]
async fn what_nobody_goes_on_with_is_swept_away_and_nothing_else_is() {
    let site = Site::open_with(|config| config.upload_days = 7).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let start = site.app.clock.now();
    site.app.clock.hold(start);
    let given_up = mira.announce(10, &[("filename", "a.mp4")]).await;
    let going_on = mira.announce(10, &[("filename", "b.mp4")]).await;
    mira.upload(clips::bytes("a.mp4", 1), &[("filename", "c.mp4")])
        .await;
    std::fs::write(site.path(".uploads/vreemd"), "van niemand").unwrap();
    site.app.clock.hold(start + 6 * DAY);
    mira.piece(&going_on, 0, "12345").await.is(204);
    site.app.clock.hold(start + 8 * DAY);
    terugkijken::uploads::finish::sweep(&site.app)
        .await
        .unwrap();
    mira.send(mira.tus(Method::HEAD, &given_up)).await.is(404);
    assert_eq!(mira.offset(&going_on).await, 5);
    let left: Vec<_> = std::fs::read_dir(site.path(".uploads"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, [going_on.rsplit('/').next().unwrap()]);
    assert!(site.path("inbox/c.mp4").exists());
}
