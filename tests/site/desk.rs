//! A coordinator at the desk: describes, decides who may see it, adds what belongs to it, throws away and puts back. What is
//! done there stands in the folder afterwards.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::desk::{CAPTIONS, described, picture, site};

#[tokio::test]
async fn what_is_edited_at_the_desk_is_what_a_catalogue_made_again_says() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    mira.describe(&page, "De \"risico's\" 🦊").await;
    let captions = format!("{page}/captions");
    mira.put_file(
        &captions,
        "ondertitels.srt",
        "1\r\n00:00:00,000 --> 00:00:01,000\r\nHallo\r\n",
        ("language", "nl"),
    )
    .await
    .is(303);
    mira.put_file(&captions, "engels.vtt", CAPTIONS, ("language", "en"))
        .await
        .is(303);
    mira.put_file(
        &format!("{page}/poster"),
        "foto.svg",
        picture(640),
        ("x", ""),
    )
    .await
    .is(303);
    mira.put_file(
        &format!("{page}/handouts"),
        "Werkblad één.pdf",
        "%PDF-1.4",
        ("title", "Werkblad: begin"),
    )
    .await
    .is(303);
    let visible = [
        ("visibility", "public"),
        ("visible_from", "2020-07-01T12:00"),
        ("visible_until", ""),
        ("withdrawn_reason", ""),
        ("replaced_by", ""),
    ];
    mira.does(&format!("{page}/visibility"), &visible)
        .await
        .shows("Openbaar");
    let series = mira.series("Reeks").await;
    mira.does(
        &format!("/desk/series/{series}/plan"),
        &[("plan_title", "Terugkomdag"), ("plan_date", "2030-01-01")],
    )
    .await;
    let series_base = mira.base(&format!("/desk/series/{series}/about")).await;
    let about = [
        ("base", series_base.as_str()),
        ("title", "Reeks over risico's"),
        ("organiser", "Vereniging"),
        ("description", "Waar het over gaat."),
        ("language", "nl"),
        ("order", "2"),
        ("visibility", "public"),
    ];
    mira.does(&format!("/desk/series/{series}/about"), &about)
        .await;
    site.work_until_idle().await;

    let all = site.everything().await;
    let told = all[1].to_string();
    for said in [
        "De \\\"risico's\\\" 🦊",
        "Mira de Vries",
        "trainer",
        "Slot",
        "2026-09-01",
        "Eén zin.",
        "Werkblad: begin",
        "/nl.vtt",
        "/en.vtt",
    ] {
        assert!(told.contains(said), "{said} is not in {told}");
    }
    assert_eq!(all[2]["title"], "Terugkomdag");
    assert_eq!(all[0]["title"], "Reeks over risico's");
    let poster = site.get(&format!("/posters/{id}.jpg")).await.is(200).body;
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.work_until_idle().await;
    assert_eq!(site.everything().await, all);
    assert_eq!(site.get(&format!("/posters/{id}.jpg")).await.body, poster);
}

#[tokio::test]
async fn a_comment_in_a_sidecar_survives_the_desk() {
    let (site, id) = site().await;
    let written = site.read("reeks/01-begin.toml");
    site.put(
        "reeks/01-begin.toml",
        format!("# met de hand\ntitle = \"Oud\" # hier ook\n{written}"),
    );
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    mira.describe(&page, "Nieuw").await;
    let text = site.read("reeks/01-begin.toml");
    assert!(
        text.contains("# met de hand\ntitle = \"Nieuw\" # hier ook"),
        "{text}"
    );
}

#[tokio::test]
async fn who_saves_second_sees_the_difference_and_loses_nothing() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let page = format!("/desk/recordings/{id}?lang=nl");
    let seen = mira.base(&page).await;
    bo.does(&page, &described(&seen, "Titel van Bo")).await;
    let second = mira
        .post(&page, &described(&seen, "Titel van Mira"))
        .await
        .is(409);
    let second = second
        .shows("Iemand anders")
        .shows("Titel van Mira")
        .shows("Hier staat nu: Titel van Bo");
    assert_eq!(site.recording("Titel van Bo").await["number"], 7);
    let fresh = second.page().value("base");
    mira.does(&page, &described(&fresh, "Titel van Mira")).await;
    site.recording("Titel van Mira").await;
    // A hand in the folder counts as someone else, also before a scan saw it.
    let stale = mira.base(&page).await;
    let text = site
        .read("reeks/01-begin.toml")
        .replace("Titel van Mira", "Met de hand");
    site.put("reeks/01-begin.toml", text);
    mira.post(&page, &described(&stale, "Weer Mira"))
        .await
        .is(409)
        .shows("Weer Mira");
    assert!(site.read("reeks/01-begin.toml").contains("Met de hand"));
}

#[tokio::test]
async fn a_draft_is_seen_at_work_and_by_nobody_else() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    mira.put_file(
        &format!("{page}/captions"),
        "x.vtt",
        CAPTIONS,
        ("language", "nl"),
    )
    .await
    .is(303);
    let media =
        site.address(&site.json(&format!("/api/recordings/{id}")).await["sources"][0]["url"]);
    let hide = [
        ("visibility", "draft"),
        ("visible_from", ""),
        ("visible_until", ""),
        ("withdrawn_reason", ""),
        ("replaced_by", ""),
    ];
    mira.does(&format!("{page}/visibility"), &hide).await;
    let addresses = [
        format!("/watch/{id}"),
        format!("/captions/{id}/nl.vtt"),
        format!("/posters/{id}.jpg"),
        format!("/api/recordings/{id}"),
        media,
    ];
    for address in &addresses {
        let answer = mira.get(address).await.is(200);
        let said = answer.header("cache-control").unwrap().to_owned();
        assert!(
            said.contains("private") || said == "no-cache",
            "{address}: {said}"
        );
        let hidden = site.get(address).await;
        assert!(
            hidden.status == 410 || address.starts_with("/posters"),
            "{address}: {}",
            hidden.status
        );
    }
    // Shown as a visitor would see it.
    mira.get(&format!("/watch/{id}?as=visitor")).await.is(410);
    mira.get(&format!("/watch/{id}")).await.is(200).shows(&page);
    site.get("/series/reeks").await.is(404);
}

#[tokio::test]
async fn a_series_is_made_planned_ordered_and_published_without_touching_a_file_by_hand() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let made = mira
        .post(
            "/desk/series",
            &[("title", "Nieuwe reeks: één"), ("folder", "")],
        )
        .await
        .is(303);
    let page = made.location().split('?').next().unwrap().to_owned();
    mira.post(
        "/desk/series",
        &[("title", "Nog een"), ("folder", "nieuwe-reeks-een")],
    )
    .await
    .is(422)
    .shows("Nog een");
    for title in ["Eerste", "Tweede", "Derde"] {
        mira.does(
            &format!("{page}/plan"),
            &[("plan_title", title), ("plan_date", "")],
        )
        .await;
    }
    site.get("/series/nieuwe-reeks-een").await.is(404);
    mira.does(
        &format!("{page}/all"),
        &[("visibility", "public"), ("sure", "yes")],
    )
    .await;
    let order = async || site.titles("/api/series/nieuwe-reeks-een").await.join(" ");
    assert_eq!(order().await, "Eerste Tweede Derde");
    let second = site.recording("Tweede").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    mira.does(
        &format!("{page}/move"),
        &[("recording", &second), ("to", "up")],
    )
    .await;
    assert_eq!(order().await, "Tweede Eerste Derde");
    mira.does(
        &format!("{page}/move"),
        &[("recording", &second), ("to", "up")],
    )
    .await;
    assert_eq!(order().await, "Tweede Eerste Derde");
    mira.does(
        &format!("{page}/all"),
        &[("visibility", "withdrawn"), ("sure", "yes")],
    )
    .await;
    site.get(&format!("/watch/{second}")).await.is(410);
}

#[tokio::test]
async fn captions_are_corrected_line_by_line() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let two = "WEBVTT\n\n00:00.000 --> 00:00.500 line:0\nEerste <i>regel</i>\n\n00:01.000 --> 00:02.000\nTweede\n";
    mira.put_file(
        &format!("{page}/captions"),
        "a.vtt",
        two,
        ("language", "nl"),
    )
    .await
    .is(303);
    let lines = format!("{page}/captions/nl");
    let seen = mira.base(&lines).await;
    let form = |base: &str, second: &str| -> Vec<(&'static str, String)> {
        [
            ("base", base),
            ("start", "00:00"),
            ("end", "00:00.500"),
            ("text", "Eerste <i>regel</i>, beter"),
            ("start", second),
            ("end", "00:02"),
            ("text", "<script>alert(1)</script> & zo"),
            ("start", "00:00.600"),
            ("end", "00:00.900"),
            ("text", "Ertussen"),
            ("start", ""),
            ("end", ""),
            ("text", ""),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
    };
    let send = |form: Vec<(&'static str, String)>| {
        let (mira, lines) = (&mira, &lines);
        async move {
            let form: Vec<(&str, &str)> = form
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            mira.post(lines, &form).await
        }
    };
    send(form(&seen, "straks"))
        .await
        .is(422)
        .shows("Ertussen")
        .shows("straks");
    send(form("anders", "00:01"))
        .await
        .is(409)
        .shows("Ertussen");
    send(form(&seen, "00:01")).await.is(303);
    let captions = site
        .get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .text();
    assert!(
        captions.contains("00:00:00.000 --> 00:00:00.500 line:0\nEerste <i>regel</i>, beter"),
        "{captions}"
    );
    assert!(
        captions.find("Ertussen").unwrap()
            < captions.find("& zo").or(captions.find("&amp; zo")).unwrap(),
        "{captions}"
    );
    assert!(!captions.contains("<script>"), "{captions}");
    mira.get(&format!("{page}/captions/x")).await.is(404);
}

/// `01.en.mp4` beside `01.mp4`: English captions of the first would have the name of those of the second. The longest stem owns
/// them, so what is sent for the first takes another name or none.
#[tokio::test]
async fn captions_of_one_recording_are_never_those_of_another() {
    let site = Site::open().await;
    site.put(
        "reeks/01.toml",
        "title = \"Gewoon\"\nlanguage = \"nl\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01.mp4", 1);
    site.put(
        "reeks/01.en.toml",
        "title = \"Engels\"\nlanguage = \"en\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01.en.mp4", 2);
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let captions = |id: &str| format!("/desk/recordings/{id}/captions");
    let (plain, english) = (site.id_in("reeks/01.toml"), site.id_in("reeks/01.en.toml"));
    let send = async |id: &str, text: &str| {
        mira.put_file(&captions(id), "a.vtt", text, ("language", "en"))
            .await
    };
    let said = |words: &str| format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{words}\n");

    send(&plain, &said("Van de eerste")).await.is(303);
    let of = async |id: &str| site.get(&format!("/captions/{id}/en.vtt")).await;
    of(&plain).await.is(200).shows("Van de eerste");
    of(&english).await.is(404);

    // On some disks capitals make no other name: now the first keeps what it has, and the second is told so.
    site.remove("reeks/01.EN.vtt");
    site.scan().await;
    let theirs = said("Van de tweede");
    send(&english, &theirs).await.is(303);
    let name = "reeks/01.en.en.vtt";
    site.rename(name, "reeks/01.en.vtt");
    site.scan().await;
    send(&plain, &said("Overschreven")).await.is(422);
    assert!(site.read("reeks/01.en.vtt").contains("Van de tweede"));
    of(&english).await.is(200).shows("Van de tweede");
    mira.does(&format!("{}/en/remove", captions(&plain)), &[])
        .await;
    assert!(site.read("reeks/01.en.vtt").contains("Van de tweede"));
}
