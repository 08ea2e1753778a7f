//! Uploads over connections that break, hang and race: nothing that was acknowledged is lost, and nothing counts twice.

use futures_util::future::join_all;
use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::Desk;
use crate::support::{Site, clips};

/// Waits until so much is acknowledged, asking in a way that takes nothing over.
async fn until(mira: &Desk, upload: &str, offset: usize) {
    while mira.report(upload).await["offset_bytes"] != offset {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bytes_of_a_connection_that_broke_count_and_the_rest_follows() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 1);
    let upload = mira.announce(bytes.len(), &[("filename", "a.mp4")]).await;
    let mut offset = 0;
    for part in [1000, 3000, 7000] {
        let (rest, piece) = (bytes.len() - offset, &bytes[offset..offset + part]);
        let mut breaking = mira.begin(&upload, offset, rest, piece).await;
        // Sent whole before the end of the connection.
        breaking.hush().await;
        breaking.rest().await;
        offset += part;
        assert_eq!(mira.offset(&upload).await, offset, "what arrived counts");
    }
    mira.piece(&upload, offset, bytes[offset..].to_vec())
        .await
        .is(204);
    assert_eq!(std::fs::read(site.path("inbox/a.mp4")).unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_takes_over_from_the_connection_that_hangs() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 2);
    let upload = mira.announce(bytes.len(), &[("filename", "b.mp4")]).await;
    let mut hanging = mira.begin(&upload, 0, bytes.len(), &bytes[..5000]).await;
    // It pauses, and what it sent is acknowledged meanwhile.
    until(&mira, &upload, 5000).await;
    let mut offset = mira.offset(&upload).await;
    assert_eq!(offset, 5000);
    mira.piece(&upload, offset, bytes[offset..offset + 2000].to_vec())
        .await
        .is(204);
    offset += 2000;
    // The old connection was told, and nothing more of it counts.
    hanging.say(&bytes[5000..]).await;
    let answer = hanging.rest().await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 423"),
        "{answer}"
    );
    assert_eq!(mira.offset(&upload).await, offset);
    // From PATCH to PATCH without a question in between as well.
    let (rest, piece) = (bytes.len() - offset, &bytes[offset..offset + 100]);
    let _second = mira.begin(&upload, offset, rest, piece).await;
    offset += 100;
    until(&mira, &upload, offset).await;
    mira.piece(&upload, offset, bytes[offset..].to_vec())
        .await
        .is(204);
    assert_eq!(std::fs::read(site.path("inbox/b.mp4")).unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_send_the_same_bytes_at_once_one_is_told_so() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::bytes("a.mp4", 3);
    for round in 0..100_usize {
        let upload = mira
            .announce(bytes.len(), &[("filename", "race.mp4")])
            .await;
        let half = bytes.len() / 2;
        let one = async { mira.piece(&upload, 0, bytes[..half].to_vec()).await.status };
        match round % 3 {
            0 => {
                let two = async { mira.piece(&upload, 0, bytes[..half].to_vec()).await.status };
                let (one, two) = tokio::join!(one, two);
                let fine = [one, two].iter().filter(|status| **status == 204).count();
                assert!(fine <= 1, "two 204 for the same bytes");
                assert!(
                    [one, two]
                        .iter()
                        .all(|status| matches!(status, 204 | 409 | 423)),
                    "{one} {two}"
                );
                let offset = mira.offset(&upload).await;
                assert!(
                    offset <= half && (fine == 0 || offset == half),
                    "{fine}: {offset}"
                );
            }
            1 => {
                let end = async { mira.send(mira.tus(Method::DELETE, &upload)).await.status };
                let (one, end) = tokio::join!(one, end);
                assert!(matches!(one, 204 | 404 | 423), "{one}");
                assert_eq!(end, 204);
                mira.send(mira.tus(Method::HEAD, &upload)).await.is(404);
            }
            _ => {
                let asked = async { mira.offset(&upload).await };
                let (one, asked) = tokio::join!(one, asked);
                let now = mira.offset(&upload).await;
                assert!(asked <= now, "the offset went back");
                assert!(one != 204 || now == half, "{one} {now}");
            }
        }
    }
    assert!(!site.path("inbox").exists(), "nothing was ever whole");
    let rows: u32 = site
        .app
        .db
        .read(|conn| Ok(conn.query_row("SELECT count(*) FROM upload", [], |row| row.get(0))?))
        .await
        .unwrap();
    let files = std::fs::read_dir(site.path(".uploads")).unwrap().count();
    assert_eq!(
        files, rows as usize,
        "each file has its row and each row its file"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_who_send_at_once_one_is_told_that_it_counts_and_nothing_of_the_others_does() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let upload = mira.announce(64_000_000, &[("filename", "acht.mp4")]).await;
    let mut counts = Vec::new();
    let mut told_to_stop = 0;
    for (round, length) in [1_000, 20_000, 150_000].repeat(25).into_iter().enumerate() {
        // Each sends other bytes, so that it shows whose they are.
        let sent = |who: u8| vec![u8::try_from(round).unwrap() ^ (who << 5); length];
        let pieces = (0..8).map(|who| mira.piece(&upload, counts.len(), sent(who)));
        let told: Vec<u16> = join_all(pieces).await.iter().map(|it| it.status).collect();
        let winners: Vec<u8> = (0..8)
            .filter(|who| told[usize::from(*who)] == 204)
            .collect();
        assert_eq!(winners.len(), 1, "{told:?}");
        assert!(
            told.iter().all(|it| matches!(it, 204 | 409 | 423)),
            "{told:?}"
        );
        told_to_stop += told.iter().filter(|it| **it == 423).count();
        counts.extend(sent(winners[0]));
        assert_eq!(mira.offset(&upload).await, counts.len(), "{told:?}");
    }
    assert!(told_to_stop > 0, "the premise: they did meet");
    let name = upload.rsplit('/').next().unwrap();
    let kept = std::fs::read(site.path(&format!(".uploads/{name}"))).unwrap();
    assert!(
        kept[..counts.len()] == counts,
        "bytes of another than was told so"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn announcements_at_the_same_moment_do_not_exceed_what_one_may_have_under_way() {
    let site = Site::open_with(|config| config.uploads_mb = 8).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let announce = |_| async {
        let announced = mira.announcing(1_000_000, &[("filename", "a.mp4")]);
        mira.send(announced).await.status
    };
    let told = join_all((0..40).map(announce)).await;
    let taken = told.iter().filter(|status| **status == 201).count();
    assert_eq!((taken, told.len() - taken), (8, 32), "{told:?}");
    assert!(told.iter().all(|it| matches!(it, 201 | 429)), "{told:?}");
    assert_eq!(std::fs::read_dir(site.path(".uploads")).unwrap().count(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_uploads_begin_at_the_same_moment_than_one_may_have_under_way() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    for _ in 0..49 {
        let ten = (0..10).map(|_| mira.announce(1, &[("filename", "a.mp4")]));
        join_all(ten).await;
    }
    let announce = |_| async {
        let announced = mira.announcing(1, &[("filename", "a.mp4")]);
        mira.send(announced).await.status
    };
    let told = join_all((0..40).map(announce)).await;
    let taken = told.iter().filter(|status| **status == 201).count();
    assert_eq!(taken, 10, "500 in all: {told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_length_that_comes_later_counts_as_well() {
    let site = Site::open_with(|config| config.uploads_mb = 8).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let mut uploads = Vec::new();
    for _ in 0..12 {
        let request = mira
            .tus(Method::POST, "/uploads")
            .header("upload-defer-length", "1");
        uploads.push(mira.send(request).await.is(201).location().to_owned());
    }
    let begin = |upload: String| {
        let mira = &mira;
        async move {
            let piece = mira.sending(&upload, 0, "12345");
            let told = mira.send(piece.header("upload-length", 1_000_000)).await;
            if told.status == 429 {
                assert!(told.text().contains("8 MB"), "{told:?}");
                assert_eq!(mira.offset(&upload).await, 0);
            }
            told.status
        }
    };
    let told = join_all(uploads.into_iter().map(begin)).await;
    let taken = told.iter().filter(|status| **status == 204).count();
    assert_eq!((taken, told.len() - taken), (8, 4), "{told:?}");
}

#[tokio::test]
async fn an_upload_without_a_length_is_no_longer_than_one_with_a_length() {
    for (upload_mb, uploads_mb) in [(1, 100), (100, 1)] {
        let site = Site::open_with(|config| {
            (config.upload_mb, config.uploads_mb) = (upload_mb, uploads_mb);
        })
        .await;
        let mira = site.colleague("mira", Role::Editor).await;
        let request = mira
            .tus(Method::POST, "/uploads")
            .header("upload-defer-length", "1");
        let upload = mira.send(request).await.is(201).location().to_owned();
        let told = mira.piece(&upload, 0, vec![0; 3_000_000]).await.is(413);
        assert!(told.text().contains("1 MB"), "{told:?}");
        let kept = mira.offset(&upload).await;
        assert!(kept <= 1_000_000, "{kept}");
        mira.piece(&upload, kept, vec![0; 3_000_000]).await.is(413);
        assert!(mira.offset(&upload).await <= 1_000_000);
    }
}

#[tokio::test]
async fn a_series_that_nobody_knows_is_told_before_anything_is_sent() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.does("/desk/series", &[("title", "Online"), ("folder", "")])
        .await;
    let series = mira.series("Online").await;
    let said = |name: &str| mira.announcing(10, &[("filename", "a.mp4"), ("series", name)]);
    let refused = mira
        .send(said("Onlnie").header("accept-language", "nl"))
        .await;
    refused.is(400).shows("Er is geen reeks met deze naam");
    for name in ["online", "Online", series.as_str(), ""] {
        mira.send(said(name)).await.is(201);
    }
}
