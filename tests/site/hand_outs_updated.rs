//! The first start after the update, on a catalogue made by the version before, for which every file beside a recording was a
//! hand-out.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use terugkijken::catalogue::coordinator::Role;

use crate::support::program::PROGRAM;
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
    let page = site.get(&format!("/watch/{id}")).await.is(200).text();
    for address in &addresses {
        // Up to the file's name, which a page may write in another way.
        let (version, _) = address.rsplit_once('/').unwrap();
        assert!(!page.contains(version), "{address}");
    }
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

#[tokio::test]
async fn a_hand_out_keeps_its_address_whatever_becomes_of_its_recording() {
    let site = portal().await;
    for (number, visibility) in [
        ("02", "draft"),
        ("03", "public"),
        ("04", "public"),
        ("05", "public"),
    ] {
        site.put_clip(&format!("reeks/{number}-deel.mp4"), number.parse().unwrap());
        let text = format!("title = \"Deel {number}\"\nvisibility = \"{visibility}\"\n");
        site.put(&format!("reeks/{number}-deel.toml"), text);
        site.put(
            &format!("reeks/{number}-deel.quiz.h5p"),
            format!("quiz {number}"),
        );
    }
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let id = site.id_in("reeks/05-deel.toml");
    let page = format!("/desk/recordings/{id}");
    mira.does(&format!("{page}/trash"), &[]).await;
    site.get(&format!("/watch/{id}")).await.is(410);
    let all = ["02", "03", "04", "05"].map(|number| {
        let file = format!("reeks/{number}-deel.quiz.h5p");
        (file, format!("reeks/{number}-deel.toml"))
    });
    let old = all
        .each_ref()
        .map(|(file, toml)| (file.as_str(), toml.as_str()));
    let (site, addresses) = site.updated(&old).await;
    let mira = site.colleague("noor", Role::Editor).await;
    // A draft, one without a sidecar, one that is renamed with all its files, one in the trash: all before the first scan.
    site.remove("reeks/03-deel.toml");
    for ending in ["mp4", "toml", "quiz.h5p"] {
        site.rename(
            &format!("reeks/04-deel.{ending}"),
            &format!("reeks/14-deel.{ending}"),
        );
    }
    site.scan().await;
    site.get(&addresses[0]).await.is(404);
    mira.get(&addresses[0]).await.is(200);
    site.get(&addresses[1]).await.is(200);
    site.get(&addresses[2]).await.is(200);
    site.get(&addresses[3]).await.is(410);
    for (toml, file) in [
        ("02-deel.toml", "02-deel.quiz.h5p"),
        ("03-deel.toml", "03-deel.quiz.h5p"),
        ("14-deel.toml", "14-deel.quiz.h5p"),
    ] {
        let text = site.read(&format!("reeks/{toml}"));
        let entry = format!("[[attachments]]\nfile = \"{file}\"\n");
        assert_eq!(text.matches(&entry).count(), 1, "{text}");
    }
    // What comes back from the trash comes back with its hand-out.
    mira.does(&format!("{page}/restore"), &[]).await;
    site.get(&addresses[3]).await.is(200);
    site.scan().await;
    assert!(site.read("reeks/05-deel.toml").contains("05-deel.quiz.h5p"));
    // Other bytes under the name are the hand-out of today, and the old address leads there.
    site.put("reeks/03-deel.quiz.h5p", "een andere quiz");
    site.scan().await;
    let led = site.get(&addresses[1]).await.is(308).location().to_owned();
    site.get(&led).await.is(200).shows("een andere quiz");
}

#[tokio::test]
async fn in_a_folder_that_cannot_be_written_a_hand_out_stays_until_it_can_be_named() {
    let site = portal().await;
    site.put("reeks/01-talk.quiz.h5p", "quiz");
    site.put("reeks/01-talk.toml~", "geheim");
    site.scan().await;
    let sidecar = "reeks/01-talk.toml";
    let old = [
        ("reeks/01-talk.quiz.h5p", sidecar),
        ("reeks/01-talk.toml~", sidecar),
    ];
    let (site, addresses) = site.updated(&old).await;
    for _ in 0..2 {
        // A read-only mount in a namespace of its own, which root cannot write either.
        let mount =
            "mount --bind media media && mount -o remount,ro,bind media && exec \"$0\" scan";
        let scan = std::process::Command::new("unshare")
            .args(["-rm", "sh", "-c", mount, PROGRAM])
            .current_dir(site.folder())
            .output()
            .unwrap();
        let lines = String::from_utf8_lossy(&scan.stdout);
        assert!(
            lines.contains("please look: reeks/01-talk.quiz.h5p: of no kind"),
            "{lines} {scan:?}"
        );
        site.get(&addresses[0]).await.is(200);
        site.get(&addresses[1]).await.is(410);
        assert!(!site.read(sidecar).contains("attachments"));
    }
    site.scan().await;
    assert!(site.read(sidecar).contains("01-talk.quiz.h5p"));
    site.get(&addresses[0]).await.is(200);
}

/// Scans as a user whom the modes of files hold, which they do not hold root.
fn scan_without_might(site: &Site) -> String {
    let scan = std::process::Command::new("unshare")
        .args(["-r", "setpriv", "--inh-caps=-all"])
        .args(["--bounding-set=-dac_override,-dac_read_search", PROGRAM])
        .arg("scan")
        .current_dir(site.folder())
        .output()
        .unwrap();
    assert!(scan.stderr.is_empty(), "{scan:?}");
    String::from_utf8(scan.stdout).unwrap()
}

#[tokio::test]
async fn a_hand_out_that_one_scan_cannot_read_keeps_its_address() {
    let site = portal().await;
    site.put_clip("reeks/02-deel.mp4", 2);
    site.put("reeks/02-deel.toml", "title = \"Deel\"\n");
    site.put("reeks/01-talk.quiz.h5p", "quiz");
    site.put("reeks/02-deel.quiz.h5p", "quiz van deel");
    site.scan().await;
    let old = [
        ("reeks/01-talk.quiz.h5p", "reeks/01-talk.toml"),
        ("reeks/02-deel.quiz.h5p", "reeks/02-deel.toml"),
    ];
    let (site, addresses) = site.updated(&old).await;
    // One was copied anew, the other is renamed with its recording: the scan has to read both.
    site.remove("reeks/01-talk.quiz.h5p");
    site.put("reeks/01-talk.quiz.h5p", "quiz");
    for ending in ["mp4", "toml", "quiz.h5p"] {
        site.rename(
            &format!("reeks/02-deel.{ending}"),
            &format!("reeks/12-deel.{ending}"),
        );
    }
    let files = ["reeks/01-talk.quiz.h5p", "reeks/12-deel.quiz.h5p"];
    let set_mode = |mode| {
        for file in files {
            std::fs::set_permissions(site.path(file), Permissions::from_mode(mode)).unwrap();
        }
    };
    set_mode(0o000);
    for _ in 0..2 {
        let said = scan_without_might(&site);
        for file in files {
            let line = format!("please look: {file}: cannot be read; it was a hand-out");
            assert!(said.contains(&line), "{said}");
        }
    }
    set_mode(0o644);
    site.scan().await;
    for address in &addresses {
        site.get(address).await.is(200);
    }
    assert!(site.read("reeks/01-talk.toml").contains("01-talk.quiz.h5p"));
    assert!(site.read("reeks/12-deel.toml").contains("12-deel.quiz.h5p"));
}

#[tokio::test]
async fn before_its_folder_is_scanned_a_hand_out_is_judged_by_what_stands_behind_the_name_of_its_recording()
 {
    let site = portal().await;
    site.put_clip("reeks/02. Chat met jongeren.mp4", 2);
    let files = [
        "reeks/02. Chat met jongeren.werkblad.txt",
        "reeks/02. Chat met jongeren.chat.txt",
    ];
    for file in files {
        site.put(file, format!("tekst van {file}"));
    }
    site.scan().await;
    let sidecar = "reeks/02. Chat met jongeren.toml";
    let (site, addresses) = site.updated(&files.map(|file| (file, sidecar))).await;
    let at = |address: &str| address.replace(' ', "%20");
    for _ in 0..2 {
        site.get(&at(&addresses[0])).await.is(200);
        site.get(&at(&addresses[1])).await.is(410);
        site.scan().await;
    }
}
