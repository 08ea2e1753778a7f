//! Chapters from the description: lines that begin with a time, for a recording that has no others.

use terugkijken::catalogue::coordinator::Role;

use crate::support::{Site, clips};

const LINES: &str = "Over *alles*.\n\n00:00 Inloop\n12:30 **Vragen** uit de groep\n- [0:45:00] – Afronden\n\nOm 13:00 was er thee.";

/// A public recording of an hour, as the catalogue has it, with this description and these other lines in its sidecar.
async fn site(description: &str, more: &str) -> (Site, String) {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-begin.mp4", 3);
    site.scan().await;
    site.put_rows("UPDATE original SET duration_ms = 3600000")
        .await;
    let id = site.id_in("reeks/01-begin.toml");
    write(&site, &id, description, more).await;
    (site, id)
}

async fn write(site: &Site, id: &str, description: &str, more: &str) {
    let text = toml_text(description);
    site.put(
        "reeks/01-begin.toml",
        format!("id = \"{id}\"\ntitle = \"Begin\"\ndescription = {text}\n{more}"),
    );
    site.scan().await;
}

fn toml_text(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// The chapters that visitors get: second and title.
async fn chapters(site: &Site, id: &str) -> Vec<(u64, String)> {
    let known = site.json(&format!("/api/recordings/{id}")).await;
    let chapters = known["chapters"].as_array().unwrap().iter();
    let chapter = |it: &serde_json::Value| {
        let title = it["title"].as_str().unwrap();
        (it["start_ms"].as_u64().unwrap() / 1000, title.to_owned())
    };
    chapters.map(chapter).collect()
}

fn expected(all: &[(u64, &str)]) -> Vec<(u64, String)> {
    let all = all.iter();
    all.map(|(at, title)| (*at, (*title).to_owned())).collect()
}

fn of_lines() -> Vec<(u64, String)> {
    expected(&[
        (0, "Inloop"),
        (750, "Vragen uit de groep"),
        (2700, "Afronden"),
    ])
}

#[tokio::test]
async fn lines_with_a_time_are_chapters_wherever_chapters_are_shown() {
    let (site, id) = site(LINES, "").await;
    assert_eq!(chapters(&site, &id).await, of_lines());
    let page = site.get_dutch(&format!("/watch/{id}")).await.is(200);
    let page = page.shows("Hoofdstukken").text();
    // Once in the list of chapters, once in the description.
    for (ms, words) in [(0, "00:00"), (750_000, "12:30"), (2_700_000, "0:45:00")] {
        let link = format!(
            "<a href=\"/watch/{id}?t={}\" data-at=\"{ms}\">{words}</a>",
            ms / 1000
        );
        assert_eq!(page.matches(&link).count(), 1, "{link}");
        assert_eq!(page.matches(&format!("data-at=\"{ms}\"")).count(), 2);
    }
    assert!(page.contains("Om 13:00 was er thee."));
    assert!(
        page.contains("<br />\n<a href"),
        "each line stands on its own"
    );
    for address in [
        format!("/embed/{id}"),
        format!("/chapters/{id}.vtt"),
        format!("/chapters/{id}.json"),
    ] {
        site.get(&address)
            .await
            .is(200)
            .shows("Vragen uit de groep");
    }
    site.get("/series/reeks/podcast.xml")
        .await
        .is(200)
        .shows(&format!("/chapters/{id}.json"));
    let found = site.json("/api/search?q=afronden").await;
    assert_eq!(found["recordings"].as_array().unwrap().len(), 1);
    // A link begins there without script.
    let begun = site.get(&format!("/watch/{id}?t=750")).await.is(200);
    begun.shows("#t=750\"");
}

#[tokio::test]
async fn chapters_follow_each_edit_of_the_description() {
    let (site, id) = site(LINES, "").await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let form = mira.form(&page).await;
    let shown = mira.get(&page).await.page();
    assert_eq!(
        shown.value("chapters"),
        "",
        "they are not copied into the form"
    );
    let done = form
        .with(&[("description", "0:10 Welkom\n0:20 Dag")])
        .send(&mira, None)
        .await;
    done.is(303);
    assert_eq!(
        chapters(&site, &id).await,
        expected(&[(10, "Welkom"), (20, "Dag")])
    );
    assert!(!site.read("reeks/01-begin.toml").contains("[[chapters]]"));
    let found = site.json("/api/search?q=afronden").await;
    assert_eq!(found["total"], 0);
    write(&site, &id, "0:30 Anders\n0:40 Weer anders", "").await;
    assert_eq!(
        chapters(&site, &id).await,
        expected(&[(30, "Anders"), (40, "Weer anders")])
    );
    write(&site, &id, "Niets met een tijd.", "").await;
    assert_eq!(chapters(&site, &id).await, []);
    site.get(&format!("/chapters/{id}.vtt")).await.hides("-->");
}

#[tokio::test]
async fn what_is_no_list_of_chapters_gives_none_and_no_links() {
    let (site, id) = site("", "").await;
    for text in [
        "12:30 Eén regel maar",
        "12:30 Later\n10:00 Eerder",
        "10:00 Dit\n10:00 En dat",
        "0:00 Binnen\n1:00:00 Erbuiten",
        "Om 10:00 begint het.\nOm 12:30 is het klaar.",
    ] {
        write(&site, &id, text, "").await;
        assert_eq!(chapters(&site, &id).await, [], "{text}");
        site.get(&format!("/watch/{id}"))
            .await
            .is(200)
            .hides("data-at");
    }
    let text = "0:00 Begin\n30:00 Midden\n1:00:00 Erbuiten";
    write(&site, &id, text, "").await;
    assert_eq!(
        chapters(&site, &id).await,
        expected(&[(0, "Begin"), (1800, "Midden")])
    );
}

#[tokio::test]
async fn a_recording_with_chapters_of_its_own_keeps_those() {
    let own = "[[chapters]]\nstart = \"5:00\"\ntitle = \"Van Mira\"\n";
    let (site, id) = site(LINES, own).await;
    assert_eq!(chapters(&site, &id).await, expected(&[(300, "Van Mira")]));
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let shown = mira.get(&page).await.page();
    assert_eq!(shown.value("chapters"), "05:00 Van Mira");
    // Without them those of the description count again.
    let form = mira.form(&page).await.with(&[("chapters", "")]);
    form.send(&mira, None).await.is(303);
    assert_eq!(chapters(&site, &id).await, of_lines());
}

#[tokio::test]
async fn the_folder_alone_gives_the_same_chapters_and_the_sidecar_stays_as_it_was() {
    let text = "0:00 Begin\n0:01 **Slot**\n1:30 Erbuiten";
    let (site, id) = site(text, "").await;
    site.put_rows("UPDATE original SET duration_ms = 2000")
        .await;
    site.scan().await;
    let before = chapters(&site, &id).await;
    assert_eq!(before, expected(&[(0, "Begin"), (1, "Slot")]));
    // A sidecar that is gone is written again from the catalogue.
    site.remove("reeks/01-begin.toml");
    site.scan().await;
    let sidecar = site.read("reeks/01-begin.toml");
    assert!(
        sidecar.contains("Erbuiten") && !sidecar.contains("[[chapters]]"),
        "{sidecar}"
    );
    assert_eq!(chapters(&site, &id).await, before);
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert_eq!(chapters(&site, &id).await, before);
    // A catalogue in which they are missing gets them.
    site.put_rows("DELETE FROM chapter").await;
    site.scan().await;
    assert_eq!(chapters(&site, &id).await, before);
}

#[tokio::test]
async fn lines_of_a_file_that_was_cut_are_asked_about_and_move_along() {
    let text = "Hier gaat het over.\n\n0:00 Vooraf\n0:01 Opening";
    let (site, id) = site(text, "").await;
    site.put_rows("UPDATE original SET duration_ms = 2000")
        .await;
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bytes = clips::without_begin("kort.mp4", 3);
    let purpose = [("filename", "kort.mp4"), ("replaces", id.as_str())];
    mira.upload(bytes, &purpose).await;
    let sidecar = site.read("reeks/01-begin.toml");
    assert!(sidecar.contains("timing = \"unchecked\""), "{sidecar}");
    write(
        &site,
        &id,
        "0:00 Vooraf\n0:00.500 Opening\n0:00.800 Slot",
        "timing = \"unchecked\"\n",
    )
    .await;
    let moved = [("choice", "shift"), ("line", "500"), ("at", "0:00")];
    let timing = format!("/desk/recordings/{id}/timing?lang=nl");
    let slip = [("choice", "shift"), ("line", "500"), ("at", "10:00:00")];
    let refused = mira.post(&timing, &slip).await.is(422);
    refused.shows("van de hoofdstukken in de beschrijving niets over");
    mira.does(&timing, &moved).await;
    let sidecar = site.read("reeks/01-begin.toml");
    assert!(
        sidecar.contains("00:00 Opening") && sidecar.contains("00:00.300 Slot"),
        "{sidecar}"
    );
    assert!(
        !sidecar.contains("Vooraf") && !sidecar.contains("timing"),
        "{sidecar}"
    );
    assert_eq!(
        chapters(&site, &id).await,
        expected(&[(0, "Opening"), (0, "Slot")])
    );
}

#[tokio::test]
async fn hostile_lines_make_no_page_slow_or_large() {
    let (site, id) = site("", "").await;
    let many: String = (0..10_000)
        .map(|at| format!("{}:{:02} x\n", at / 60, at % 60))
        .collect();
    let scripts: String = (0..50)
        .map(|at| format!("0:{at:02} <script>alert({at})</script> [x](javascript:alert(1))\n"))
        .collect();
    let nested = format!("{}0:01 Diep\n0:02 Dieper\n", "> ".repeat(5_000));
    let long = format!(
        "0:00 {}\n0:01 {}\n",
        "é".repeat(40_000),
        "**".repeat(10_000)
    );
    for (text, most) in [(&many, 1_000), (&scripts, 50), (&nested, 2), (&long, 2)] {
        write(&site, &id, text, "").await;
        let found = chapters(&site, &id).await.len();
        assert!(found <= most, "{found}");
        let page = site.get(&format!("/watch/{id}")).await.is(200);
        assert!(page.body.len() < 1_000_000, "{}", page.body.len());
        page.hides("<script>alert").hides("\"javascript:");
    }
    write(&site, &id, &many, "").await;
    assert_eq!(chapters(&site, &id).await.len(), 1_000);
}
