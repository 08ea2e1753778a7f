//! Uploads that ask for more than is offered are refused before anything is made.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::tus::{PIECE, metadata};
use crate::support::{Client, Site, clips};

/// What became of the portal: nothing.
async fn nothing_was_made(site: &Site, mira: &Client) {
    let made = site.app.db.read(|conn| {
        Ok(conn.query_row("SELECT count(*) FROM upload", [], |row| {
            row.get::<_, u32>(0)
        })?)
    });
    assert_eq!(made.await.unwrap(), 0);
    assert!(!site.path("inbox").exists() && !site.path(".uploads").exists());
    let options = mira.send(mira.ask(Method::OPTIONS, "/uploads")).await;
    let offered = options.header("tus-extension").unwrap().to_owned();
    assert!(
        !offered.contains("concatenation") && !offered.contains("trailer"),
        "{offered}"
    );
}

#[tokio::test]
async fn a_part_of_a_file_is_refused_before_a_byte_is_sent_and_never_becomes_a_recording() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let half = clips::bytes("a.mp4", 1).len() / 2;
    for (said, concat) in [
        (&[("filename", "opname.mp3")][..], "partial"),
        (&[][..], "partial"),
        (
            &[("filename", "opname.mp3")][..],
            "final;/uploads/aaaaaaaaaaaaaaaaaaaa /uploads/bbbbbbbbbbbbbbbbbbbb",
        ),
    ] {
        let asked = mira
            .tus(Method::POST, "/uploads")
            .header("upload-metadata", metadata(said))
            .header("upload-concat", concat)
            .header("accept-language", "nl");
        let asked = match concat {
            "partial" => asked.header("upload-length", half),
            _ => asked,
        };
        mira.send(asked)
            .await
            .is(400)
            .says("tus-resumable", "1.0.0")
            .says("content-type", "text/plain; charset=utf-8")
            .shows("parallelUploads");
    }
    nothing_was_made(&site, &mira).await;
}

#[tokio::test]
async fn what_asks_for_an_extension_that_is_not_offered_makes_and_changes_nothing() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let odd = [
        ("upload-complete", "?0", 400),
        ("trailer", "Upload-Checksum", 400),
        ("content-encoding", "gzip", 415),
    ];
    for (name, value, status) in odd {
        let asked = mira.announcing(10, &[]).header(name, value);
        mira.send(asked.header("content-type", PIECE).body("12345"))
            .await
            .is(status);
    }
    let put = mira.announcing(10, &[]);
    mira.send(put.header("x-http-method-override", "PUT"))
        .await
        .is(405);
    nothing_was_made(&site, &mira).await;
    let upload = mira.announce(10, &[]).await;
    for (name, value, status) in odd {
        let sent = mira.sending(&upload, 0, "12345").header(name, value);
        mira.send(sent).await.is(status);
    }
    assert_eq!(mira.offset(&upload).await, 0);
    mira.piece(&upload, 0, "12345").await.is(204);
}
