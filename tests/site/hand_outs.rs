//! What stands beside a recording is a hand-out when it is of a kind that people hand out, or when its sidecar names it. Whatever
//! else stands there is seen by nobody, and a scan names it.

use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::hand_out::KINDS;

use crate::support::{Site, says};

const PUBLIC: &str = "visibility = \"public\"\n";

/// A public recording, and what a program or a person left beside it.
async fn with_beside(names: &[&str]) -> Site {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-talk.mp4", 1);
    for name in names {
        site.put(&format!("reeks/{name}"), format!("geheim in {name}"));
    }
    site
}

/// The names of the hand-outs of the only recording, as the API gives them.
async fn handed_out(site: &Site) -> Vec<String> {
    let one = site.recording("Talk").await;
    let url = |one: &serde_json::Value| site.address(&one["url"]);
    let addresses = one["attachments"].as_array().unwrap().iter().map(url);
    let name = |address: String| address.rsplit_once('/').unwrap().1.to_owned();
    addresses.map(name).collect()
}

#[tokio::test]
async fn what_programs_left_beside_a_recording_is_no_hand_out_and_a_scan_names_it() {
    let left = [
        "01-talk.mp4.part",
        "01-talk.mp4.crdownload",
        "01-talk.mp4.aria2",
        "01-talk.mp4.filepart",
        "01-talk.mp4.tmp",
        "01-talk.toml~",
        "01-talk.toml.bak",
        "01-talk.toml.orig",
        "01-talk.toml.txt",
        "01-talk.bak.toml",
        "01-talk.sync-conflict-20260101-101010-ABCDEFG.toml",
        "01-talk.nl.vtt~",
        "01-talk.nl.vtt.bak",
        "01-talk.werkblad.sync-conflict-20260101-101010-ABCDEFG.pdf",
        "01-talk.yaml",
        "01-talk.info.json",
        "01-talk.nfo",
        "01-talk.chat.txt",
        "01-talk.meeting_saved_chat.txt",
        "01-talk.transcript.docx",
        "01-talk.quiz.h5p",
        "01-talk.sbv",
    ];
    let site = with_beside(&left).await;
    site.put("reeks/01-talk.werkblad.pdf", "%PDF-1.4");
    for copy in [
        "01-talk.bak.toml",
        "01-talk.sync-conflict-20260101-101010-ABCDEFG.toml",
    ] {
        site.put(
            &format!("reeks/{copy}"),
            "title = \"Nog geheim\"\nvisibility = \"public\"\n",
        );
    }
    let report = site.scan().await;
    for name in left {
        says(&report, &[&format!("not a hand-out: reeks/{name}: ")]);
    }
    assert_eq!(handed_out(&site).await, ["01-talk.werkblad.pdf"]);
    let id = site.id_in("reeks/01-talk.toml");
    for page in [
        "/",
        "/series/reeks",
        "/feed.xml",
        "/series/reeks/feed.xml",
        "/series/reeks/podcast.xml",
        "/sitemap.xml",
        "/search?q=geheim",
        "/api/series/reeks",
        &format!("/watch/{id}"),
        &format!("/embed/{id}"),
        &format!("/api/recordings/{id}"),
    ] {
        let answer = site.get(page).await.is(200).hides("Nog geheim");
        for name in left {
            assert!(!answer.text().contains(name), "{page}: {name}");
        }
    }
    assert_eq!(
        site.titles("/api/series/reeks").await,
        ["Talk"],
        "a copy of a sidecar is no planned recording"
    );
    assert!(
        !site.read("reeks/01-talk.toml").contains("attachments"),
        "a scan names nothing that was not public before"
    );
    // A catalogue of the folder alone is the same.
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert_eq!(handed_out(&site).await, ["01-talk.werkblad.pdf"]);
}

#[tokio::test]
async fn a_file_of_no_kind_is_a_hand_out_when_its_sidecar_names_it() {
    let site = with_beside(&["01-talk.quiz.h5p", "01-talk.chat.txt", "01-talk.toml.bak"]).await;
    let entry = |file: &str| format!("[[attachments]]\nfile = \"{file}\"\ntitle = \"Iets\"\n");
    let named = ["01-talk.chat.txt", "01-talk.quiz.h5p", "01-talk.toml.bak"].map(entry);
    site.put("reeks/01-talk.toml", named.concat());
    let report = site.scan().await;
    // A sidecar under another name is never seen, whoever names it.
    says(&report, &["not a hand-out: reeks/01-talk.toml.bak: "]);
    assert_eq!(
        handed_out(&site).await,
        ["01-talk.chat.txt", "01-talk.quiz.h5p"]
    );
    let one = site.recording("Talk").await;
    let address = site.address(&one["attachments"][1]["url"]);
    site.get(&address).await.is(200).shows("geheim in");
    // While the sidecar cannot be read, what it named stays, and so it does when the sidecar is gone.
    let sidecar = site.read("reeks/01-talk.toml");
    site.put("reeks/01-talk.toml", "title = [");
    site.scan().await;
    assert_eq!(handed_out(&site).await.len(), 2);
    site.remove("reeks/01-talk.toml");
    site.scan().await;
    assert_eq!(handed_out(&site).await.len(), 2);
    assert!(site.read("reeks/01-talk.toml").contains("01-talk.quiz.h5p"));
    // Who takes the line out takes the hand-out away.
    let without = sidecar.replace(&entry("01-talk.quiz.h5p"), "");
    assert_ne!(without, sidecar);
    site.put("reeks/01-talk.toml", without);
    site.scan().await;
    assert_eq!(handed_out(&site).await, ["01-talk.chat.txt"]);
    site.get(&address).await.is(410);
}

#[tokio::test]
async fn every_kind_in_the_list_is_a_hand_out_by_itself_and_stands_in_the_readme() {
    let files: Vec<String> = KINDS
        .iter()
        .flat_map(|kind| kind.endings)
        .map(|ending| format!("01-talk.blad.{ending}"))
        .collect();
    let names: Vec<&str> = files.iter().map(String::as_str).collect();
    let site = with_beside(&names).await;
    site.scan().await;
    let mut sorted = files.clone();
    sorted.sort();
    assert_eq!(handed_out(&site).await, sorted);
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    for kind in KINDS {
        let endings: Vec<String> = kind.endings.iter().map(|it| format!("`.{it}`")).collect();
        let words = format!("{} ({})", kind.name, endings.join(" "));
        assert!(readme.contains(&words), "README says {words}");
    }
}

#[tokio::test]
async fn what_a_person_sends_at_the_desk_is_named_in_the_sidecar() {
    let site = with_beside(&[]).await;
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let id = site.id_in("reeks/01-talk.toml");
    let handouts = format!("/desk/recordings/{id}/handouts");
    for (name, title) in [
        ("quiz.h5p", "Quiz"),
        ("dia.key", "Presentatie"),
        ("chat.txt", "Chat"),
        // Its title would be the name of a sidecar under another name.
        ("uitleg.pdf", "TOML"),
    ] {
        mira.put_file(&handouts, name, "inhoud", ("title", title))
            .await
            .is(303);
    }
    let expected = [
        "01-talk.bijlage.pdf",
        "01-talk.chat.txt",
        "01-talk.presentatie.key",
        "01-talk.quiz.h5p",
    ];
    assert_eq!(handed_out(&site).await, expected);
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert_eq!(handed_out(&site).await, expected);
}

#[tokio::test]
async fn the_desk_lists_what_is_no_hand_out_and_makes_it_one() {
    let names = [
        "01-talk.quiz.h5p",
        "01-talk.chat.txt",
        "01-talk.toml.bak",
        "01-talk.mp4.part",
        "01-talk.pagina.html",
    ];
    let site = with_beside(&names).await;
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let id = site.id_in("reeks/01-talk.toml");
    let page = format!("/desk/recordings/{id}");
    let files = mira.get(&format!("{page}/files?lang=nl")).await.is(200);
    for name in names {
        assert!(files.text().contains(name), "{name}");
    }
    files
        .shows("Niemand kan deze bestanden zien of downloaden.")
        .shows("Die wordt nooit openbaar.");
    // What runs, what was left behind and what was never there is not taken.
    for name in [
        "01-talk.toml.bak",
        "01-talk.mp4.part",
        "01-talk.pagina.html",
        "01-talk.mp4",
        "../x.pdf",
    ] {
        let take = format!("{page}/handouts/take");
        mira.post(&take, &[("file", name)]).await.is(404);
    }
    mira.does(
        &format!("{page}/handouts/take"),
        &[("file", "01-talk.quiz.h5p")],
    )
    .await;
    assert_eq!(handed_out(&site).await, ["01-talk.quiz.h5p"]);
    assert!(site.read("reeks/01-talk.toml").contains("title = \"Quiz\""));
}

#[tokio::test]
async fn a_part_is_a_recording_of_its_own_until_it_is_the_copy_of_another() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    let part = "reeks/01-training.part2.toml";
    site.put(part, "title = \"Deel twee\"\n");
    site.put_clip("reeks/02-avond.old.mp4", 1);
    site.put("reeks/02-avond.old.toml", "title = \"Avond\"\n");
    site.scan().await;
    let ids = [part, "reeks/02-avond.old.toml"].map(|file| site.id_in(file));
    site.remove("reeks/02-avond.old.mp4");
    site.scan().await;
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert_eq!(site.id_in(part), ids[0]);
    assert_eq!(site.id_in("reeks/02-avond.old.toml"), ids[1]);
    for id in &ids {
        site.get(&format!("/watch/{id}")).await.is(200);
    }
    assert_eq!(
        site.titles("/api/series/reeks").await,
        ["Deel twee", "Avond"]
    );
    // Beside the sidecar it was made of, it is a copy.
    let original = "reeks/03-les.toml";
    site.put(original, "title = \"Les\"\n");
    site.scan().await;
    let (id, text) = (site.id_in(original), site.read(original));
    for copy in [
        "03-les.part2.toml",
        "03-les.old.bak2.toml",
        "03-les.toml.toml",
        "03-les.~1~.toml",
        "03-les (Mira's conflicted copy 2026-01-01).toml",
        "03-les_conflict-20260101-101010.toml",
    ] {
        site.put(&format!("reeks/{copy}"), text.replace("Les", "Nog geheim"));
    }
    let titles = ["Deel twee", "Avond", "Les"];
    site.scan().await;
    assert_eq!(site.titles("/api/series/reeks").await, titles);
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert_eq!(site.titles("/api/series/reeks").await, titles);
    assert_eq!(site.id_in(original), id);
}
