//! A name is the same in both spellings of its letters (NFC and NFD), by whatever way it comes in; on the disk its bytes stay.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::name::{composed, decomposed};
use terugkijken::scan::report::Report;

use crate::support::desk::picture;
use crate::support::{Site, clips, lines};

const PUBLIC: &str = "visibility = \"public\"\n";
const CAPTIONS: &str = "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n";

/// The names of the files in a folder.
fn files(site: &Site, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(site.path(folder)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What the portal says of everything, with the names in addresses in one spelling.
fn as_kept(everything: &[serde_json::Value]) -> String {
    let text = serde_json::to_string(everything).unwrap();
    let text = percent_decode_str(&text).decode_utf8().unwrap();
    composed(&text).into_owned()
}

/// Whether a report names nothing but recordings that are new.
fn is_only_new(report: &Report) -> bool {
    lines(report).iter().all(|line| line.starts_with("new: "))
}

#[tokio::test]
async fn a_decomposed_file_name_gives_the_stem_and_the_title_of_the_composed_one() {
    let name = "Één naïef café.mp4";
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    for (seed, spelt) in [(1, name.to_owned()), (2, decomposed(name))] {
        let said = [("filename", spelt.as_str())];
        mira.upload(clips::bytes("a.mp4", seed), &said).await;
    }
    let form = mira.form("/desk/upload").await;
    let form = form.with(&[("title", &decomposed("Één vraag"))]);
    form.send(&mira, Some(("x.mp4", clips::bytes("a.mp4", 3))))
        .await
        .is(303);
    for (stem, title) in [
        ("een-naief-cafe", "Één naïef café"),
        ("een-naief-cafe-2", "Één naïef café"),
        ("een-vraag", "Één vraag"),
    ] {
        let sidecar = site.read(&format!("inbox/{stem}.toml"));
        assert!(
            sidecar.contains(&format!("title = \"{title}\"")),
            "{sidecar}"
        );
    }
}

#[tokio::test]
async fn files_belong_to_their_recording_in_whichever_spelling_and_keep_their_bytes() {
    let composed = "01-één";
    let spelt = decomposed(composed);
    for (media, sidecar, others) in [
        (composed, composed, &*spelt),
        (&*spelt, &*spelt, composed),
        (&*spelt, composed, composed),
        (composed, &*spelt, composed),
    ] {
        let site = Site::open().await;
        site.put("reeks/series.toml", PUBLIC);
        site.put_clip(&format!("reeks/{media}.mp4"), 1);
        site.put(&format!("reeks/{others}.nl.vtt"), CAPTIONS);
        site.put(&format!("reeks/{others}.jpg"), picture(640));
        site.put(&format!("reeks/{others}.werkblad.pdf"), "%PDF een");
        let stated = format!(
            "title = \"{}\"\n[[attachments]]\nfile = \"{media}.werkblad.pdf\"\ntitle = \"Het werkblad\"\n",
            decomposed("Één dag")
        );
        site.put(&format!("reeks/{sidecar}.toml"), stated);
        let before = files(&site, "reeks");
        assert!(is_only_new(&site.scan().await));
        assert_eq!(lines(&site.scan().await), Vec::<String>::new());
        assert_eq!(files(&site, "reeks"), before, "as they were");
        let known = site.recording("Één dag").await;
        assert_eq!(known["state"], "ready");
        assert_eq!(known["captions"][0]["language"], "nl");
        assert_eq!(known["attachments"][0]["title"], "Het werkblad");
        let sheet = site.address(&known["attachments"][0]["url"]);
        site.get(&sheet).await.is(200).shows("%PDF een");
        assert_eq!(site.recordings("/api/series/reeks").await.len(), 1);
    }
}

#[tokio::test]
async fn a_sidecar_names_its_file_in_whichever_spelling_also_after_another_computer_had_the_folder()
{
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip(&format!("reeks/{}.mp4", decomposed("opnáme")), 1);
    site.put(
        "reeks/01-begin.toml",
        "title = \"Begin\"\nfile = \"opnáme.mp4\"\n",
    );
    site.put_clip("reeks/02-één.mp4", 2);
    site.put("reeks/02-één.nl.vtt", CAPTIONS);
    assert!(is_only_new(&site.scan().await));
    let all = as_kept(&site.everything().await);
    assert_eq!(site.recording("Begin").await["state"], "ready");
    assert_eq!(site.recordings("/api/series/reeks").await.len(), 2);
    // It comes back with other bytes in all names.
    for name in files(&site, "reeks") {
        site.rename(
            &format!("reeks/{name}"),
            &format!("reeks/{}", decomposed(&name)),
        );
    }
    site.scan().await;
    assert_eq!(as_kept(&site.everything().await), all);
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert_eq!(as_kept(&site.everything().await), all);
}

#[tokio::test]
async fn a_speaker_a_title_and_what_is_searched_for_are_the_same_in_both_spellings() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    for (number, name) in ["Zoë Müller".to_owned(), decomposed("Zoë Müller")]
        .iter()
        .enumerate()
    {
        site.put_clip(&format!("reeks/0{number}-a.mp4"), 1);
        site.put(
            &format!("reeks/0{number}-a.toml"),
            format!(
                "title = \"{}\"\n[[speakers]]\nname = \"{name}\"\n",
                decomposed(&format!("Cliënten {number}"))
            ),
        );
    }
    site.scan().await;
    site.get("/speakers/zoe-muller")
        .await
        .is(200)
        .shows("Cliënten 0")
        .shows("Cliënten 1");
    site.get("/speakers/zoe-muller-2").await.is(404);
    for words in ["cliënten".to_owned(), decomposed("cliënten")] {
        let words = utf8_percent_encode(&words, NON_ALPHANUMERIC);
        let found = site.json(&format!("/api/search?q={words}")).await;
        assert_eq!(found["recordings"].as_array().unwrap().len(), 2, "{words}");
    }
    let mira = site.colleague("mira", Role::Administrator).await;
    let words = decomposed("Cliënten 1");
    let words = utf8_percent_encode(&words, NON_ALPHANUMERIC);
    // Not by its words: the field shows them, whatever is found.
    let found = mira.get(&format!("/desk/recordings?q={words}")).await;
    let found = found.is(200).page();
    for (number, is_found) in [(0, false), (1, true)] {
        let id = site.id_in(&format!("reeks/0{number}-a.toml"));
        let leads = |link: &&str| link.starts_with(&format!("/desk/recordings/{id}"));
        assert_eq!(found.links().iter().any(leads), is_found, "{number}");
    }
}

#[tokio::test]
async fn what_the_desk_adds_and_moves_stays_with_a_recording_that_is_spelt_the_other_way() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put("andere/series.toml", "title = \"Andere\"\n");
    let stem = decomposed("01-één");
    site.put_clip(&format!("reeks/{stem}.mp4"), 1);
    site.put("reeks/01-één.werkblad.pdf", "%PDF een");
    site.scan().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let known = site.recording("Één").await;
    let id = known["id"].as_str().unwrap().to_owned();
    let page = format!("/desk/recordings/{id}");
    let title = decomposed("Antwoörden");
    let handouts = format!("{page}/handouts");
    mira.put_file(&handouts, "x.pdf", b"%PDF", ("title", &title))
        .await
        .is(303);
    let captions = format!("{page}/captions");
    mira.put_file(&captions, "x.vtt", CAPTIONS, ("language", "nl"))
        .await
        .is(303);
    let titles = |known: &serde_json::Value| {
        let all = known["attachments"].as_array().unwrap().iter();
        let mut titles: Vec<String> = all
            .map(|one| one["title"].as_str().unwrap().to_owned())
            .collect();
        titles.sort();
        titles
    };
    assert_eq!(
        titles(&site.recording("Één").await),
        ["Antwoörden", "Werkblad"]
    );
    let andere = mira.series("Andere").await;
    mira.move_to(&andere, &id).await;
    assert_eq!(files(&site, "reeks"), ["series.toml"], "all of it moved");
    let moved = mira.json(&format!("/api/recordings/{id}")).await;
    assert_eq!(titles(&moved), ["Antwoörden", "Werkblad"]);
    assert_eq!(moved["state"], "ready");
    assert_eq!(moved["captions"][0]["language"], "nl");
}
