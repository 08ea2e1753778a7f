//! The first start after the update, on a catalogue made by the version before, for which every file beside a recording was a
//! hand-out.

use crate::support::version_before::HandOut;
use crate::support::{Answer, Site, lines, says};

const PUBLIC: &str = "visibility = \"public\"\n";

async fn portal() -> Site {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-talk.mp4", 1);
    site.put("reeks/01-talk.toml", "# van Mira\ntitle = \"Talk\"\n");
    site
}

/// Scans, and says whether anything of the folder changed.
async fn changes(site: &Site, file: &str) -> bool {
    let before = site.read(file);
    site.scan().await;
    site.read(file) != before
}

#[tokio::test]
async fn a_hand_out_of_no_kind_keeps_its_address_and_is_named_in_its_sidecar_once() {
    let site = portal().await;
    site.put("reeks/01-talk.werkblad.pdf", "%PDF-1.4");
    site.put("reeks/01-talk.quiz.h5p", "quiz");
    site.put("reeks/01-talk.pagina.html", "<p>pagina</p>");
    site.put("reeks/01-talk.dia.key", "dia");
    site.put("reeks/01-talk.transcript.docx", "Mira: hallo");
    site.scan().await;
    let pdf = site.recording("Talk").await["attachments"][0].clone();
    let sidecar = "reeks/01-talk.toml";
    let old: [HandOut<'_>; 4] = [
        ("reeks/01-talk.quiz.h5p", sidecar),
        ("reeks/01-talk.pagina.html", sidecar),
        ("reeks/01-talk.dia.key", sidecar),
        ("reeks/01-talk.transcript.docx", sidecar),
    ];
    let (site, addresses) = site.updated(&old).await;
    for address in &addresses {
        site.get(address).await.is(200);
    }
    let report = site.scan().await;
    for (file, _) in old {
        says(
            &report,
            &[&format!("please look: {file}: "), "keeps its address"],
        );
    }
    for address in &addresses {
        site.get(address).await.is(200);
    }
    site.get(&site.address(&pdf["url"])).await.is(200);
    let text = site.read(sidecar);
    assert!(text.starts_with("# van Mira\n"), "{text}");
    for (file, _) in old {
        let name = file.strip_prefix("reeks/").unwrap();
        let entry = format!("[[attachments]]\nfile = \"{name}\"\ntitle = \"");
        assert_eq!(text.matches(&entry).count(), 1, "{text}");
    }
    assert!(!text.contains("werkblad"), "a kind needs no name: {text}");
    // That was all: nothing is written or told again, and what comes later is a matter of its sidecar.
    site.put("reeks/01-talk.nieuw.h5p", "nieuw");
    assert!(!changes(&site, sidecar).await);
    let report = site.scan().await;
    assert!(lines(&report).iter().all(|line| !line.contains("keeps")));
    says(&report, &["not a hand-out: reeks/01-talk.nieuw.h5p"]);
    // The folder alone says as much.
    let site = site.without_its_catalogue().await;
    site.scan().await;
    for address in &addresses {
        site.get(address).await.is(200);
    }
    // Who takes the lines out takes the hand-outs away.
    let without = site.read(sidecar);
    let without = without.split("\n[[attachments]]").next().unwrap();
    site.put(sidecar, without);
    assert!(!changes(&site, sidecar).await);
    for address in &addresses {
        let gone: Answer = site.get(address).await;
        assert_eq!(gone.status, 410);
    }
}

#[tokio::test]
async fn what_programs_left_is_public_no_longer_than_the_start() {
    let site = portal().await;
    let left = [
        "01-talk.mp4.part",
        "01-talk.toml~",
        "01-talk.toml.bak",
        "01-talk.nl.vtt.bak",
        "01-talk.info.json",
        "01-talk.chat.txt",
        "01-talk.meeting_saved_chat.txt",
    ]
    .map(|name| format!("reeks/{name}"));
    for file in &left {
        site.put(file, "Nog geheim");
    }
    site.put("reeks/01-talk.quiz.h5p", "quiz");
    site.scan().await;
    let sidecar = "reeks/01-talk.toml";
    let old: Vec<HandOut<'_>> = left.iter().map(|file| (file.as_str(), sidecar)).collect();
    let (site, addresses) = site.updated(&old).await;
    let id = site.id_in(sidecar);
    // Before the first scan, which may take a while.
    for address in &addresses {
        site.get(address).await.is(410);
    }
    site.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .hides("/media/{id}/");
    assert!(
        site.recording("Talk").await["attachments"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let report = site.scan().await;
    for file in &left {
        says(
            &report,
            &[&format!("please look: {file}: "), "is none any more"],
        );
    }
    for address in &addresses {
        site.get(address).await.is(410);
    }
    assert!(!site.read(sidecar).contains("attachments"));
    let report = site.scan().await;
    for file in &left {
        says(&report, &[&format!("not a hand-out: {file}: ")]);
    }
    assert!(lines(&report).iter().all(|line| !line.contains("any more")));
    for file in &left {
        assert_eq!(site.read(file), "Nog geheim", "nothing is thrown away");
    }
}
