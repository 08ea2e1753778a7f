//! Names that people give: what nobody can see is no name, by whatever way it comes in; and what is written from right to left turns
//! nothing around it, wherever it is shown.

use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::{self, described, picture};
use crate::support::many::{Many, id};
use crate::support::{Site, says};

/// Of every kind: spaces, zero width, soft hyphen, marks of direction, fillers, an accent alone, tags.
const UNSEEN: [&str; 14] = [
    "\u{200b}",
    "\u{a0}\u{3000}",
    "\u{ad}",
    "\u{2060}\u{feff}",
    "\u{202e}",
    "\u{200f}",
    "\u{115f}\u{1160}",
    "\u{3164}",
    "\u{ffa0}",
    "\u{2800}",
    "\u{fe0f}",
    "\u{e0041}\u{e007f}",
    "\u{301}",
    "\u{34f}\u{200d}",
];

/// Written from right to left, with an override that nothing closes.
const TURNED: &str = "שלום \u{202e}slot";

#[tokio::test]
async fn a_form_with_a_name_that_nobody_can_see_says_so_and_changes_nothing() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let page = format!("/desk/recordings/{id}");
    let series = format!("/desk/series/{}", mira.series("Reeks").await);
    let (before, series_before) = (
        site.read("reeks/01-begin.toml"),
        site.read("reeks/series.toml"),
    );
    for unseen in UNSEEN {
        let base = mira.base(&page).await;
        let form = described(&base, unseen);
        let refused = mira.post(&format!("{page}?lang=nl"), &form).await.is(422);
        if unseen.trim().is_empty() {
            refused.shows("Vul dit in");
        } else {
            refused.shows("Hier is niets van te zien");
        }
        let chapters = format!("0:00 {unseen}");
        let mut form = described(&base, "Hooks");
        form.retain(|(name, _)| *name != "chapters");
        form.push(("chapters", &chapters));
        mira.post(&page, &form).await.is(422);
        if unseen.trim().is_empty() {
            continue;
        }
        let mut form = described(&base, "Hooks");
        form.push(("speaker_name", unseen));
        form.push(("speaker_role", ""));
        mira.post(&page, &form).await.is(422);
        for (address, form) in [
            (
                format!("{page}/links"),
                vec![("link_name", unseen), ("link_until", "")],
            ),
            (
                format!("{series}/links"),
                vec![("link_name", unseen), ("link_until", "")],
            ),
            (
                format!("{series}/plan"),
                vec![("plan_title", unseen), ("plan_date", "")],
            ),
            (
                "/desk/series".to_owned(),
                vec![("title", unseen), ("folder", "nieuw")],
            ),
            ("/desk/account/keys".to_owned(), vec![("name", unseen)]),
            (
                "/desk/people".to_owned(),
                vec![
                    ("email", "bo@example.org"),
                    ("name", unseen),
                    ("role", "editor"),
                ],
            ),
        ] {
            let refused = mira.post(&address, &form).await;
            assert_eq!(
                refused.status,
                422,
                "{address} {unseen:?}: {}",
                refused.text()
            );
        }
        let what = [("act", "speaker"), ("speaker", unseen)];
        let refused = mira.change(&[&id], &what).await;
        assert_ne!(refused.status, 303, "{unseen:?}");
        let (handouts, field) = (format!("{page}/handouts"), ("title", unseen));
        mira.put_file(&handouts, "a.pdf", "%PDF-1.4", field)
            .await
            .is(422);
    }
    assert_eq!(site.read("reeks/series.toml"), series_before);
    let now = site.read("reeks/01-begin.toml");
    assert!(UNSEEN.iter().all(|unseen| !now.contains(unseen)), "{now}");
    assert!(now.starts_with(before.lines().next().unwrap()), "{now}");
}

#[tokio::test]
async fn a_name_in_the_folder_that_nobody_can_see_counts_as_none_and_is_told() {
    for unseen in UNSEEN {
        let site = Site::open().await;
        site.put(
            "reeks/series.toml",
            format!("title = \"{unseen}\"\norganiser = \"{unseen}\"\nvisibility = \"public\"\n"),
        );
        site.put_clip("reeks/01-begin.mp4", 1);
        site.put_clip(&format!("reeks/{unseen}.mp4"), 2);
        site.put(
            "reeks/01-begin.toml",
            format!(
                "title = \"{unseen}\"\n[[speakers]]\nname = \"{unseen}\"\n[[speakers]]\nname = \"Bo\"\nrole = \"{unseen}\"\n\
                 [[chapters]]\nstart = \"0:01\"\ntitle = \"{unseen}\"\n\
                 [[links]]\ntoken = \"0123456789abcdef\"\nname = \"{unseen}x\"\n"
            ),
        );
        let report = site.scan().await;
        says(&report, &["01-begin.toml", "title"]);
        let recording = site.recording("Begin").await;
        assert_eq!(
            recording["speakers"].as_array().unwrap().len(),
            1,
            "{recording}"
        );
        assert!(recording["speakers"][0]["role"].is_null(), "{recording}");
        assert!(
            recording["chapters"].as_array().unwrap().is_empty(),
            "{recording}"
        );
        let series = site.json("/api/series/reeks").await;
        assert_eq!(series["title"], "Reeks");
        assert!(series["organiser"].is_null(), "{series}");
        // A file whose own name shows nothing is there all the same.
        for title in site.titles("/api/series/reeks").await {
            assert!(
                title == "Begin" || title == "?" || title == unseen && unseen == " ",
                "{title:?}"
            );
        }
    }
}

/// The row of an upload, by whose name script finds the file again.
const UPLOAD: &str = "<li data-upload-id";

/// The last characters of a text, for what a story says when it fails.
fn last_of(text: &str) -> &str {
    let from = text.len().saturating_sub(60);
    &text[text.ceil_char_boundary(from)..]
}

/// Every place of a name in the text of a page stands in an element of its own; what is in an attribute or the title is closed.
fn turned(address: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    assert!(
        text.contains("שלום"),
        "the premise: {address} does not show it: {text}"
    );
    for (at, _) in text.match_indices('\u{202e}') {
        let before = &text[..at];
        let opened = before.rfind("<bdi>");
        let is_inside = opened.is_some_and(|open| !before[open..].contains("</bdi>"));
        let isolate = before.rfind('\u{2068}');
        let is_isolated = isolate.is_some_and(|open| !before[open..].contains('\u{2069}'));
        // Data for programs is what was typed.
        let is_data = before
            .rfind("<script")
            .is_some_and(|open| !before[open..].contains("</script"));
        let is_field = before.rfind('<').is_some_and(|open| {
            ["<input", "<textarea", "<option", UPLOAD]
                .iter()
                .any(|tag| before[open..].starts_with(tag))
        });
        let near = last_of(before);
        if !(is_inside || is_field || is_isolated || is_data) {
            wrong.push(format!(
                "{address}: an override that nothing closes after {near}"
            ));
        }
    }
    for (at, _) in text.match_indices("שלום") {
        let before = &text[..at];
        let is_isolated = before.ends_with("<bdi>") || before.ends_with('\u{2068}');
        // What is typed stands as it was typed; what is quoted for other pages is markup of its own.
        let tag = before.rfind('<').map_or("", |open| &before[open..]);
        let is_field = ["<input", "<textarea", UPLOAD]
            .iter()
            .any(|field| tag.starts_with(field));
        let is_alone = is_field && !before.ends_with("&gt;")
            || before.ends_with("&lt;bdi&gt;")
            || before.ends_with("value=\"")
            || before.ends_with("content=\"")
            || before.ends_with(":\"");
        let near = last_of(before);
        if !(is_isolated || is_alone) {
            wrong.push(format!("{address}: not isolated after {near}"));
        }
    }
    wrong
}

#[tokio::test]
async fn a_name_from_right_to_left_turns_nothing_around_it() {
    let site = Site::open_with(|config| config.name = Some("שלום \u{202e}portal".to_owned())).await;
    let name = |key: &str| format!("{key} = \"{TURNED}\"\n");
    site.put(
        "reeks/series.toml",
        format!(
            "{}{}visibility = \"public\"\n",
            name("title"),
            name("organiser")
        ),
    );
    for number in 1..=2 {
        site.put_clip(&format!("reeks/0{number}-een.mp4"), number);
        site.put(&format!("reeks/0{number}-een.werkblad.pdf"), "%PDF-1.4");
        site.put(&format!("reeks/0{number}-een.png"), picture(640));
        site.put(
            &format!("reeks/0{number}-een.toml"),
            format!(
                "id = \"c00000000{number}\"\n{}[[speakers]]\n{}{}[[chapters]]\nstart = \"0:01\"\n{}\
                 [[attachments]]\nfile = \"0{number}-een.werkblad.pdf\"\n{}[[links]]\ntoken = \"000000000000000{number}\"\n{}",
                name("title"), name("name"), name("role"), name("title"), name("title"), name("name")
            ),
        );
    }
    site.scan().await;
    site.work_until_idle().await;
    let page = site.get("/watch/c000000001").await.is(200).text();
    let speaker = page
        .split("/speakers/")
        .nth(1)
        .unwrap()
        .split(['"', '?'])
        .next()
        .unwrap()
        .to_owned();
    let mut wrong = Vec::new();
    for address in [
        "/",
        "/series/reeks",
        "/watch/c000000001",
        "/embed/c000000001",
        "/embed/series/reeks",
        "/share/c000000001",
        "/share/series/reeks",
        "/share/c000000001/preview",
        "/share/series/reeks/preview",
        "/search?q=slot",
        &format!("/speakers/{speaker}"),
        "/privacy",
        "/nergens",
    ] {
        wrong.extend(turned(address, &site.get(address).await.text()));
    }
    let mira = site.colleague("mira", Role::Administrator).await;
    let series = mira.series(TURNED).await;
    let colleague = [
        ("email", "bo@example.org"),
        ("name", TURNED),
        ("role", "editor"),
    ];
    mira.post("/desk/people", &colleague).await.is(200);
    for address in [
        "/desk",
        "/desk/recordings",
        "/desk/recordings/c000000001",
        "/desk/recordings/c000000001/visibility",
        "/desk/recordings/c000000001/files",
        "/desk/recordings/c000000001/links",
        "/desk/recordings/c000000001/share",
        "/desk/links",
        "/desk/series",
        &format!("/desk/series/{series}"),
        &format!("/desk/series/{series}/about"),
        &format!("/desk/series/{series}/links"),
        &format!("/desk/series/{series}/share"),
        "/desk/upload",
        "/desk/trash",
        "/desk/people",
        "/desk/people/1/hand-on",
    ] {
        wrong.extend(turned(address, &mira.get(address).await.is(200).text()));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Everything that a long list shows has a name from right to left.
const MANY_TURNED: &str = "
UPDATE series SET title = 'TURNED', organiser = 'TURNED';
UPDATE recording SET title = 'TURNED';
UPDATE speaker SET name = 'TURNED a';
UPDATE coordinator SET name = 'TURNED';
INSERT INTO speaker (slug, name) VALUES ('al', 'TURNED b');
INSERT INTO recording_speaker (recording_id, speaker_id, position) SELECT id, 2, 1 FROM recording WHERE series_id = 1;
INSERT INTO chapter (recording_id, start_ms, title) SELECT id, 1000, 'TURNED' FROM recording WHERE series_id = 1;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 250)
INSERT INTO coordinator (email, name, role) SELECT 'c' || n || '@example.org', 'TURNED', 'editor' FROM place;
WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 250)
INSERT INTO link (token, name, series_id, created_at) SELECT printf('%016d', n), 'TURNED', 1, n FROM place;
INSERT INTO audit (at, actor, act, subject, before, after) VALUES (1, 'scan', 'edit', 'recording 0000000150', 'TURNED', 'TURNED');
INSERT INTO upload (id, coordinator_id, size_bytes, name, title, created_at, expires_at) VALUES ('01234567890123456789', 1, 9, 'TURNED', 'TURNED', 1, 9999999999);
INSERT INTO job (step, recording_id, version, priority, run_after, problem, parked_at, attempts) VALUES ('poster', 150, 'x', 1, 0, 'odd', 1, 3);
UPDATE recording SET deleted_at = 1 WHERE id > 240 AND id <= 250;
";

#[tokio::test]
async fn a_name_from_right_to_left_turns_nothing_in_a_list_of_several_parts() {
    let site = Site::open_with(|config| config.name = Some("Portaal".to_owned())).await;
    let library = &site.app.library;
    let media = library.media_folder().unwrap();
    library.remember_media_folder(&media).unwrap();
    let (recordings, series) = (250, 250);
    site.put_many(&Many { recordings, series }).await;
    let mira = site.colleague("mira", Role::Administrator).await;
    site.put_rows(&MANY_TURNED.replace("TURNED", TURNED)).await;
    let (near, last) = (id(150), id(210));
    let mut wrong = Vec::new();
    for address in [
        "/".to_owned(),
        "/?after=reeks-00100".to_owned(),
        format!("/series/reeks?after={last}"),
        format!("/speakers/bo?after={near}"),
        format!("/watch/{near}"),
        format!("/embed/{near}"),
        format!("/embed/series/reeks?after={near}"),
        format!("/share/series/reeks?after={near}"),
    ] {
        wrong.extend(turned(&address, &site.get(&address).await.is(200).text()));
    }
    for address in [
        "/desk/recordings",
        "/desk/series",
        "/desk/series/1",
        &format!("/desk/series/1?after={near}"),
        "/desk/series/1/links",
        "/desk/links",
        "/desk/people",
        "/desk/people/1/hand-on",
        "/desk/audit",
        "/desk/problems",
        "/desk/trash",
        "/desk/upload",
    ] {
        wrong.extend(turned(address, &mira.get(address).await.is(200).text()));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn no_mark_of_direction_in_the_name_of_a_file_disguises_what_it_is() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.werk\u{202e}gpj.pdf", "%PDF-1.4");
    site.put("reeks/02-foto\u{202e}gpj.mp4", "no recording at all");
    site.scan().await;
    let recording = site.recording("Begin").await;
    let handout = site.address(&recording["attachments"][0]["url"]);
    let answer = site.get(&handout).await.is(200);
    let saved = answer.header("content-disposition").unwrap();
    assert!(
        !saved.contains("%E2%80%AE") && saved.contains("gpj"),
        "{saved}"
    );
    let mira = site.colleague("mira", Role::Administrator).await;
    let problems = mira.get("/desk/problems").await.is(200);
    problems.shows("fotogpj.mp4").hides("\u{202e}");
}
