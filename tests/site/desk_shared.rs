//! Colleagues share the work: what one looked after is handed on, recordings change series, old trash goes, failures are seen.

use terugkijken::archive::erase;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::job;
use terugkijken::processing::worker;

use crate::support::Site;
use crate::support::desk::{described, site};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn what_a_colleague_looked_after_is_handed_on_when_they_leave() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let mira = site.colleague("mira", Role::Editor).await;
    bo.does("/desk/series", &[("title", "Reeks"), ("folder", "")])
        .await;
    let series = bo.series("Reeks").await;
    for title in ["Eerste", "Tweede"] {
        let plan = [("plan_title", title), ("plan_date", "2026-12-01")];
        bo.does(&format!("/desk/series/{series}/plan"), &plan).await;
    }
    let people = eva.get("/desk/people").await.is(200).page();
    let row = people.row("bo@");
    let kept = row.link("?keeper=");
    let bos = kept.rsplit('=').next().unwrap();
    eva.get("/desk/people?lang=nl")
        .await
        // Who plans looks after it.
        .shows("zorgt voor 2 opnamen");
    eva.get(&format!("/desk/recordings?keeper={bos}"))
        .await
        .shows("Eerste")
        .shows("Tweede");
    // Ending the account leads to handing on; nothing can be given to an account that has ended.
    let ended = eva
        .does(&format!("/desk/people/{bos}/disable?lang=nl"), &[])
        .await
        .shows("Wie neemt die over")
        .shows("mira");
    let chosen = ended.page().choice("to", "mira");
    let hand_on = format!("/desk/people/{bos}/hand-on?lang=nl");
    eva.post(&hand_on, &[("to", bos)]).await.is(400);
    eva.post(&hand_on, &[("to", "99")]).await.is(404);
    mira.post(&hand_on, &[("to", &chosen)]).await.is(403);
    eva.does(&hand_on, &[("to", &chosen)])
        .await
        .shows("overgedragen")
        .shows("zorgt voor 2 opnamen");
    eva.get(&format!("/desk/recordings?keeper={chosen}"))
        .await
        .shows("Eerste")
        .shows("Tweede");
    eva.get("/desk/audit?lang=nl")
        .await
        .shows("opnamen overgedragen");
}

#[tokio::test]
async fn who_looks_after_a_recording_is_chosen_with_the_rest_and_survives_a_scan() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let me = mira.get(&page).await.page().choice("keeper", "mira");
    let now = mira.base(&page).await;
    let mut form = described(&now, "Begin");
    form.push(("keeper", &me));
    mira.does(&page, &form).await;
    let chosen = format!("<option value=\"{me}\" selected>");
    site.scan().await;
    mira.get(&page).await.shows(&chosen);
    let now = mira.base(&page).await;
    let mut form = described(&now, "Begin");
    form.push(("keeper", "99"));
    mira.post(&page, &form).await.is(400);
    mira.get(&page).await.shows(&chosen);
}

#[tokio::test]
async fn recordings_move_to_another_series_with_everything_beside_them_and_back() {
    let site = Site::open().await;
    site.put("oud/series.toml", "visibility = \"public\"\n");
    site.put("nieuw/series.toml", "visibility = \"public\"\n");
    site.put_clip("oud/01-deel.mp4", 1);
    site.put("oud/01-deel.nl.vtt", crate::support::desk::CAPTIONS);
    site.put("oud/01-deel.opdracht.pdf", "%PDF-1.4 opdracht");
    site.put("oud/01-deel.toml", "title = \"Eerste deel\"\n[[attachments]]\nfile = \"01-deel.opdracht.pdf\"\ntitle = \"Opdracht\"\n");
    site.put_clip("oud/02-blijft.mp4", 3);
    // A recording of that name is there already, and must not be touched.
    site.put_clip("nieuw/01-deel.mp4", 2);
    site.scan().await;
    let id = site.id_in("oud/01-deel.toml");
    let other = site.id_in("nieuw/01-deel.toml");
    let before = site.json(&format!("/api/recordings/{id}")).await;
    let mira = site.colleague("mira", Role::Editor).await;
    let (new, old) = (mira.series("Nieuw").await, mira.series("Oud").await);
    let path = "/desk/recordings/bulk?lang=nl";
    let form = [("id", id.as_str()), ("act", "series"), ("to_series", &new)];
    mira.post(path, &form)
        .await
        .is(200)
        .shows("verhuizen naar de reeks");
    assert!(site.path("oud/01-deel.mp4").exists(), "only said, not done");
    let done = mira.move_to(&new, &id).await.shows("Maak ongedaan");
    assert_eq!(done.page().value("was"), old);
    for file in ["mp4", "nl.vtt", "opdracht.pdf", "toml"] {
        assert!(
            site.path(&format!("nieuw/01-deel-2.{file}")).exists(),
            "{file}"
        );
        assert!(
            !site.path(&format!("oud/01-deel.{file}")).exists(),
            "{file}"
        );
    }
    let moved = site.json(&format!("/api/recordings/{id}")).await;
    assert_eq!(moved["series"]["slug"], "nieuw");
    for same in ["title", "duration_ms", "captions"] {
        assert_eq!(moved[same], before[same], "{same}");
    }
    assert_eq!(moved["attachments"][0]["title"], "Opdracht");
    site.get(&format!("/watch/{id}")).await.is(200);
    site.get(&site.address(&moved["sources"][0]["url"]))
        .await
        .is(200);
    // What was handed out before leads to the same bytes.
    site.get(&site.address(&before["sources"][0]["url"]))
        .await
        .is(200);
    assert_eq!(
        site.json(&format!("/api/recordings/{other}")).await["series"]["slug"],
        "nieuw"
    );
    let rescanned = site.scan().await;
    assert!(rescanned.findings.is_empty(), "{:?}", rescanned.findings);
    let (was, since) = (old.as_str(), new.as_str());
    let stays = [
        ("undo", "series"),
        ("set", was),
        ("id", id.as_str()),
        ("was", was),
    ];
    mira.does(path, &stays).await;
    assert_eq!(
        site.json(&format!("/api/recordings/{id}")).await["series"]["slug"],
        "nieuw"
    );
    let undo = [
        ("undo", "series"),
        ("set", since),
        ("id", id.as_str()),
        ("was", was),
    ];
    mira.does(path, &undo).await.shows("Ongedaan gemaakt");
    assert!(site.path("oud/01-deel-2.mp4").exists() || site.path("oud/01-deel.mp4").exists());
    assert_eq!(
        site.json(&format!("/api/recordings/{id}")).await["series"]["slug"],
        "oud"
    );
    // A catalogue made again says the same.
    let again = site.without_its_catalogue().await;
    again.scan().await;
    let found = again.json(&format!("/api/recordings/{id}")).await;
    assert_eq!(
        (&found["series"]["slug"], &found["title"]),
        (&"oud".into(), &before["title"])
    );
}

#[tokio::test]
async fn what_lies_in_the_trash_for_thirty_days_is_wiped_and_nothing_earlier() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let start = site.app.clock.now();
    site.app.clock.hold(start);
    mira.does(&format!("/desk/recordings/{id}/trash?lang=nl"), &[])
        .await
        .shows("Na 30 dagen wordt het voorgoed gewist");
    for (days, wiped) in [(29, 0), (31, 1), (32, 0)] {
        site.app.clock.hold(start + days * DAY);
        let done = erase::empty_trash(&site.app).await.unwrap();
        assert_eq!(done, wiped, "after {days} days");
        assert_eq!(site.path("reeks/01-begin.mp4").exists(), days < 30);
        assert_eq!(site.path("reeks/01-begin.toml").exists(), days < 30);
    }
    site.get(&format!("/watch/{id}")).await.is(410);
    let eva = site.colleague("eva", Role::Administrator).await;
    eva.get("/desk/audit?lang=nl")
        .await
        .shows("legen van de prullenbak");
    // Never, when the setting says so.
    let site = Site::open_with(|config| config.trash_days = 0).await;
    site.put(
        "reeks/01-oud.toml",
        "title = \"Oud\"\ndeleted = 2020-01-01T00:00:00Z\n",
    );
    site.scan().await;
    assert_eq!(erase::empty_trash(&site.app).await.unwrap(), 0);
    assert!(site.path("reeks/01-oud.toml").exists());
}

#[tokio::test]
async fn what_went_wrong_is_listed_with_what_to_do_about_it() {
    let (site, _) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.get("/desk/problems?lang=nl")
        .await
        .shows("Niets vraagt nu je aandacht");
    site.put("reeks/01-begin.nl.vtt", "geen ondertiteling");
    site.put("reeks/01-begin.jpg", "geen foto");
    site.scan().await;
    let planned = {
        let steps = worker::wanted(&site.app.config, false);
        site.app
            .db
            .write(move |conn| worker::plan(conn, &steps, 3_000_000_000))
    };
    planned.await.unwrap();
    while let Some(job) = site
        .app
        .db
        .write(|conn| job::take(conn, job::Worker::Server, 4_000_000_000))
        .await
        .unwrap()
    {
        site.app
            .db
            .write(move |conn| job::fail(conn, &job, ("no picture", false), 3_000_000_000))
            .await
            .unwrap();
    }
    mira.get("/desk?lang=nl")
        .await
        .shows("want er ging iets mis");
    let page = mira
        .get("/desk/problems?lang=nl")
        .await
        .is(200)
        .shows("reeks/01-begin.nl.vtt")
        .shows("op welke regel het misgaat")
        .shows("geen kleinere versies");
    let row = page.page().row("geen kleinere versies");
    let again = &row.acts[0];
    mira.does(again, &[])
        .await
        .shows("We proberen het opnieuw")
        .hides(&format!("action=\"{again}\""));
    mira.does(again, &[])
        .await
        .shows("Dat was net klaar, of een collega was je voor.");
}

#[tokio::test]
async fn who_chooses_second_who_may_see_it_is_shown_what_the_first_chose() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let page = format!("/desk/recordings/{id}/visibility?lang=nl");
    let was = mira.get(&page).await.page().value("was");
    bo.does(
        &page,
        &[("visibility", "draft"), ("visible_from", ""), ("was", &was)],
    )
    .await;
    let second = [
        ("visibility", "unlisted"),
        ("withdrawn_reason", "Van Mira"),
        ("was", was.as_str()),
    ];
    let answer = mira
        .post(&page, &second)
        .await
        .is(409)
        .shows("Iemand anders")
        .shows("Hier staat nu: alleen coördinatoren (concept)")
        .shows("Van Mira");
    site.get(&format!("/watch/{id}")).await.is(410);
    let was = answer.page().value("was");
    let mut again = second;
    again[2].1 = &was;
    mira.does(&page, &again).await.shows("Opgeslagen");
    site.get(&format!("/watch/{id}")).await.is(200);
}

#[tokio::test]
async fn a_file_of_another_name_than_its_sidecar_moves_along_and_is_wiped_along() {
    let site = Site::open().await;
    site.put("oud/series.toml", "visibility = \"public\"\n");
    site.put("nieuw/series.toml", "visibility = \"public\"\n");
    site.put_clip("oud/01-deel.mp4", 1);
    site.scan().await;
    let id = site.id_in("oud/01-deel.toml");
    // Renamed by hand: the sidecar goes on naming it.
    site.rename("oud/01-deel.mp4", "oud/andere naam.mp4");
    site.scan().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let new = eva.series("Nieuw").await;
    eva.move_to(&new, &id).await;
    assert!(site.path("nieuw/01-deel.mp4").exists() && !site.path("oud/andere naam.mp4").exists());
    assert_eq!(
        site.json(&format!("/api/recordings/{id}")).await["state"],
        "ready"
    );
    site.rename("nieuw/01-deel.mp4", "nieuw/weer anders.mp4");
    site.scan().await;
    eva.does(&format!("/desk/recordings/{id}/trash"), &[]).await;
    eva.get(&format!("/desk/recordings/{id}/erase"))
        .await
        .shows("weer anders.mp4");
    eva.does(&format!("/desk/recordings/{id}/erase"), &[("sure", "yes")])
        .await;
    assert!(
        !site.path("nieuw/weer anders.mp4").exists(),
        "its file is gone as well"
    );
    site.scan().await;
    assert!(site.recordings("/api/search?q=anders").await.is_empty());
    // Twice is not once more.
    eva.post(&format!("/desk/recordings/{id}/erase"), &[("sure", "yes")])
        .await
        .is(404);
}
