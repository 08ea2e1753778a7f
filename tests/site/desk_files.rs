//! What lies beside a recording belongs to it alone: the longest stem owns a file, in the folder and at the desk.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::{CAPTIONS, picture, site};

/// Captions of the other recording.
const THEIRS: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\nVan de ander\n";

/// The recording `01-begin`, and beside it one whose stem begins with that name.
async fn neighbours(stem: &str) -> (Site, String, String) {
    let (site, id) = site().await;
    site.put_clip(&format!("reeks/{stem}.mp4"), 2);
    site.scan().await;
    let other = site.id_in(&format!("reeks/{stem}.toml"));
    (site, id, other)
}

#[tokio::test]
async fn captions_of_the_longer_name_leave_those_of_the_shorter_alone() {
    let (site, id, other) = neighbours("01-begin.en").await;
    let mira = site.colleague("mira", Role::Editor).await;
    let (ours, theirs) = (
        format!("/desk/recordings/{id}/captions"),
        format!("/desk/recordings/{other}/captions"),
    );
    for language in ["nl", "en"] {
        mira.put_file(&ours, "a.vtt", CAPTIONS, ("language", language))
            .await
            .is(303);
        mira.put_file(&theirs, "b.vtt", THEIRS, ("language", language))
            .await
            .is(303);
    }
    for language in ["nl", "en"] {
        mira.does(&format!("{theirs}/{language}/remove"), &[]).await;
        site.get(&format!("/captions/{other}/{language}.vtt"))
            .await
            .is(404);
        site.get(&format!("/captions/{id}/{language}.vtt"))
            .await
            .is(200)
            .shows("Eerste regel");
    }
}

#[tokio::test]
async fn pictures_and_handouts_at_the_desk_stay_with_their_own_recording() {
    let (site, id, other) = neighbours("01-begin.deel").await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let handouts = format!("{page}/handouts");
    for (name, bytes) in [("x.pdf", b"%PDF".to_vec()), ("x.png", picture(640))] {
        mira.put_file(&handouts, name, bytes, ("title", "Deel"))
            .await
            .is(303);
    }
    let files = mira.get(&format!("{page}/files")).await.is(200).text();
    for file in ["01-begin.deel-2.pdf", "01-begin.deel-2.png"] {
        assert!(files.contains(file), "{file} is shown with its recording");
    }
    let theirs = format!("/desk/recordings/{other}/files");
    let page_of_theirs = mira.get(&theirs).await.is(200);
    page_of_theirs
        .hides("poster/remove")
        .hides("handouts/remove");
    site.put("reeks/01-begin.deel.png", picture(640));
    site.scan().await;
    mira.get(&theirs).await.shows("poster/remove");
    // The picture of the one is set and removed; that of the other stays.
    mira.put_file(&format!("{page}/poster"), "x.png", picture(640), ("", ""))
        .await
        .is(303);
    mira.does(&format!("{page}/poster/remove"), &[]).await;
    assert!(!site.path("reeks/01-begin.png").exists());
    assert!(site.path("reeks/01-begin.deel.png").exists());
    mira.get(&theirs).await.shows("poster/remove");
}
