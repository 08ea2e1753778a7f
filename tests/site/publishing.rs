//! Publishing as a coordinator meets it: what visitors will not be able to play is said wherever it can be decided, what was said at a
//! withdrawal ends with it, and the first steps are ticked off one by one.

use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::welcome;
use terugkijken::processing::worker;

use crate::support::desk::{self, CAPTIONS};
use crate::support::{Site, clips};

/// Why nobody can play it.
const NOWHERE: &str = "Let op: dit speelt bij niemand. AVI: browsers spelen dit niet af.";

#[tokio::test]
async fn that_a_file_does_not_play_is_said_from_its_upload_until_it_is_published() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let upload = "/desk/upload?lang=nl";
    for (number, ending) in [(1, "avi"), (2, "mp4")] {
        let title = format!("Opname {ending}");
        let bytes = clips::bytes(&format!("a.{ending}"), number);
        let form = mira.form(upload).await.with(&[("title", &title)]);
        let file = Some((if ending == "avi" { "a.avi" } else { "b.mp4" }, bytes));
        form.send(&mira, file).await.is(303);
    }
    let rows = mira.get(upload).await.is(200);
    assert_eq!(rows.text().matches(NOWHERE).count(), 1, "one of the two");
    mira.get("/desk/problems?lang=nl")
        .await
        .is(200)
        .shows(NOWHERE);
    mira.get("/desk?lang=nl")
        .await
        .is(200)
        .shows("Eén opname speelt bij niemand.");
    let (old, plays) = (
        site.id_in("inbox/opname-avi.toml"),
        site.id_in("inbox/opname-mp4.toml"),
    );
    for (id, is_said) in [(&old, true), (&plays, false)] {
        let page = format!("/desk/recordings/{id}");
        mira.put_file(
            &format!("{page}/captions"),
            "a.vtt",
            CAPTIONS,
            ("language", "nl"),
        )
        .await
        .is(303);
        mira.fill(&page, &[("date", "2026-01-13")]).await;
        let texts = mira.get(&format!("{page}?lang=nl")).await.is(200);
        let files = mira.get(&format!("{page}/files?lang=nl")).await.is(200);
        for answer in [&texts, &files] {
            assert_eq!(answer.text().contains(NOWHERE), is_said, "{id}");
        }
        // All else is there; the button is offered for what plays alone.
        assert_eq!(texts.text().contains("Maak openbaar"), !is_said, "{id}");
    }
    // Of many at once it is said only where visitors would see them.
    for (visibility, is_said) in [("public", true), ("link", true), ("withdrawn", false)] {
        let form = [
            ("id", old.as_str()),
            ("id", plays.as_str()),
            ("act", visibility),
        ];
        let sure = mira.post("/desk/recordings/bulk?lang=nl", &form).await;
        let text = sure.is(200).text();
        assert_eq!(
            text.matches(NOWHERE).count(),
            usize::from(is_said),
            "{visibility}"
        );
        let count = "Eén van deze opnamen speelt niet bij iedereen.";
        assert_eq!(text.contains(count), is_said, "{visibility}");
        let whole = series_all(&site).await;
        let all = mira.post(&whole, &[("visibility", visibility)]).await;
        let text = all.is(200).text();
        assert_eq!(
            text.matches(NOWHERE).count(),
            usize::from(is_said),
            "{visibility}"
        );
    }
}

async fn series_all(site: &Site) -> String {
    let id: i64 = site
        .app
        .db
        .read(|conn| Ok(conn.query_row("SELECT id FROM series", [], |row| row.get(0))?))
        .await
        .unwrap();
    format!("/desk/series/{id}/all?lang=nl")
}

#[tokio::test]
async fn a_file_that_only_some_browsers_play_is_told_apart_and_one_that_is_made_playable_is_no_trouble()
 {
    let site = Site::open_with(|config| {
        config.ffmpeg = "ffmpeg".into();
        config.niceness = 0;
    })
    .await;
    let mira = site.colleague("mira", Role::Editor).await;
    site.put("reeks/01-kist.mkv", clips::bytes("a.mkv", 1));
    site.scan().await;
    let id = site.id_in("reeks/01-kist.toml");
    let files = format!("/desk/recordings/{id}/files?lang=nl");
    // The worker has planned what it will do, and has not begun.
    let steps = worker::wanted(&site.app.config, true);
    let now = site.app.clock.now();
    let planned = site
        .app
        .db
        .write(move |conn| worker::plan(conn, &steps, now));
    planned.await.unwrap();
    mira.get(&files)
        .await
        .shows("Let op: dit speelt niet bij iedereen. Matroska")
        .shows("Het portaal maakt er nu een bestand van dat wel overal speelt.");
    site.work_until_idle().await;
    mira.get(&files).await.is(200).hides("Let op: dit speelt");
}

#[tokio::test]
async fn what_was_said_at_a_withdrawal_is_said_of_that_withdrawal_alone() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let watch = format!("/watch/{id}?lang=nl");
    let visibility = format!("/desk/recordings/{id}/visibility");
    let withdraw = [
        ("visibility", "withdrawn"),
        ("withdrawn_reason", "De gast wilde dit niet meer."),
    ];
    // By the form, for many at once, for the whole series, and by hand in the folder.
    for way in ["form", "bulk", "series", "sidecar"] {
        mira.fill(&visibility, &withdraw).await;
        site.get(&watch).await.is(410).shows("De gast wilde");
        match way {
            "form" => drop(mira.fill(&visibility, &[("visibility", "public")]).await),
            "bulk" => {
                let form = [("id", id.as_str()), ("act", "public"), ("sure", "yes")];
                mira.post("/desk/recordings/bulk", &form).await.is(200);
            }
            "series" => {
                let form = [("visibility", "public"), ("sure", "yes")];
                mira.post(&series_all(&site).await, &form).await.is(303);
            }
            _ => {
                let text = site.read("reeks/01-begin.toml");
                site.put(
                    "reeks/01-begin.toml",
                    text.replace("\"withdrawn\"", "\"public\""),
                );
                site.scan().await;
            }
        }
        site.get(&watch).await.is(200);
        let trash = format!("/desk/recordings/{id}/trash");
        mira.post(&trash, &[]).await.is(303);
        site.get(&watch).await.is(410).hides("De gast wilde");
        mira.post(&format!("/desk/recordings/{id}/restore"), &[])
            .await
            .is(303);
    }
    // A reason that is sent along while it is public is none.
    mira.fill(
        &visibility,
        &[("visibility", "public"), ("withdrawn_reason", "Toch niet")],
    )
    .await;
    assert!(!site.read("reeks/01-begin.toml").contains("Toch niet"));
    mira.fill(&visibility, &[("visibility", "withdrawn")]).await;
    site.get(&watch)
        .await
        .hides("De gast wilde")
        .hides("Toch niet");
}

#[tokio::test]
async fn the_first_steps_are_ticked_off_and_publishing_gives_the_link_to_share() {
    let site = Site::open().await;
    site.put(
        "voorbeeld/series.toml",
        "title = \"Voorbeeld\"\nvisibility = \"public\"\ndemonstration = true\n",
    );
    site.put_clip("voorbeeld/01-les.mp4", 5);
    site.put(
        "voorbeeld/01-les.toml",
        "title = \"Les\"\ndate = 2021-01-13\n",
    );
    site.put(
        "voorbeeld/02-later.toml",
        "title = \"Later\"\ndate = 2099-01-01\n",
    );
    site.scan().await;
    let now = site.app.clock.now();
    let token = site
        .app
        .db
        .write(move |conn| welcome::make(conn, None, now));
    let account = [
        ("name", "Mira"),
        ("email", "mira@example.org"),
        ("password", "een lang wachtwoord voor mira"),
    ];
    let link = format!("/welcome/{}", token.await.unwrap());
    let made = site.post(&link, &account).await.is(303);
    let mira = site
        .sign_in("mira@example.org", account[2].1)
        .await
        .expect("the account works");
    let to = made.location();
    assert!(to.contains("done-welcome"), "{to}");
    mira.get("/desk?lang=nl&done=done-welcome")
        .await
        .is(200)
        .shows("Je account is klaar.")
        .hides("Op andere apparaten");
    let ticked = async || {
        let page = mira.get("/desk?lang=nl").await.is(200);
        let text = page.text();
        text.matches("(gedaan)").count() + if text.contains("Zo begin je") { 0 } else { 10 }
    };
    // The demonstration is none of them.
    assert_eq!(ticked().await, 0);
    mira.does("/desk/series", &[("title", "Eigen reeks"), ("folder", "")])
        .await;
    assert_eq!(ticked().await, 1);
    let series = mira.series("Eigen reeks").await;
    let upload = format!("/desk/upload?series={series}");
    for page in ["/desk", "/desk/series", &format!("/desk/series/{series}")] {
        let links = mira.get(page).await.is(200).text();
        let to = if page == "/desk" {
            "/desk/upload"
        } else {
            &upload
        };
        assert!(
            links.contains(&format!("href=\"{to}")),
            "{page} leads to {to}"
        );
    }
    let form = mira.get(&upload).await.page().form_to("/desk/upload");
    let form = form.with(&[("title", "Eerste")]);
    let file = Some(("a.mp4", clips::bytes("a.mp4", 1)));
    form.send(&mira, file).await.is(303);
    assert_eq!(ticked().await, 2);
    let id = site.id_in("eigen-reeks/eerste.toml");
    let visibility = format!("/desk/recordings/{id}/visibility?lang=nl");
    let public = [("visibility", "public"), ("lang", "nl")];
    let form = mira.form(&visibility).await.with(&public[..1]);
    let published = mira.follow(form.send(&mira, None).await).await;
    published
        .shows("Nu te zien voor iedereen")
        .shows(&format!("value=\"{}/watch/{id}\"", site.app.config.base()));
    // It is said once: the same page later says nothing of it.
    mira.get(&visibility)
        .await
        .hides("Nu te zien voor iedereen");
    assert_eq!(ticked().await, 10);
    // Visitors meet the series of the association before the demonstration, although that has a session to come.
    let titles = site.json("/api/series").await;
    let titles: Vec<_> = titles["series"].as_array().unwrap().iter().collect();
    assert_eq!(titles[0]["title"], "Eigen reeks");
    let home = site.get("/").await.is(200).text();
    assert!(home.find("Eigen reeks") < home.find("Voorbeeld"));
}

#[tokio::test]
async fn a_key_that_does_not_count_any_more_is_told_so_wherever_scripts_read() {
    let (site, id) = desk::site().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let page = eva.post("/desk/account/keys", &[("name", "script")]).await;
    let key = page.is(200).page().attribute("tk_").to_owned();
    let script = site.with_key(&key);
    let all = [
        "/api/series".to_owned(),
        "/api/series?as=visitor".to_owned(),
        "/api/series/reeks".to_owned(),
        format!("/api/recordings/{id}"),
        "/api/search?q=begin".to_owned(),
    ];
    for path in &all {
        script.get(path).await.is(200);
        site.get(path).await.is(200);
    }
    let account = eva.get("/desk/account").await.page();
    let revoke = account.attribute("/desk/account/keys/").to_owned();
    eva.post(&revoke, &[]).await.is(303);
    for path in &all {
        script
            .get(path)
            .await
            .is(401)
            .says("www-authenticate", "Bearer");
        site.get(path).await.is(200);
    }
}
