//! Whatever is put into a form or sent as a file: a clear sentence, everything typed kept, and nothing that ever runs.

use terugkijken::catalogue::coordinator::Role;

use crate::support::clips;
use crate::support::desk::{CAPTIONS, described, site};

#[tokio::test]
async fn bad_input_is_named_beside_its_field_and_everything_typed_stays() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}?lang=nl");
    let now = mira.base(&page).await;
    let before = site.read("reeks/01-begin.toml");
    let long = "x".repeat(1_000_000);
    for (field, value, sentence) in [
        ("title", "", "Vul dit in"),
        ("title", "a\0b", "onzichtbaar teken"),
        ("title", long.as_str(), "1000000 tekens"),
        ("number", "twaalf", "getal"),
        ("number", "-1", "getal"),
        ("date", "2026-02-30", "bestaat niet"),
        ("date", "morgen", "bestaat niet"),
        ("language", "Nederlands", "geen taalcode"),
        ("chapters", "0:00 Begin\nzonder", "Regel 2"),
        ("chapters", "9:00:00 Te laat", "na het einde"),
    ] {
        let mut form = described(&now, "Een titel die blijft staan");
        form.retain(|(name, _)| *name != field);
        form.push((field, value));
        let answer = mira
            .post(&page, &form)
            .await
            .is(422)
            .shows(sentence)
            .shows("aria-invalid=\"true\"");
        assert!(
            answer.text().contains("Mira de Vries"),
            "{field}: what was typed is gone"
        );
        assert_eq!(
            answer.text().contains("Een titel die blijft staan"),
            field != "title",
            "{field}"
        );
    }
    assert_eq!(
        site.read("reeks/01-begin.toml"),
        before,
        "nothing was half saved"
    );
    // Four megabytes and more are no form at all.
    let huge = "x".repeat(5_000_000);
    mira.post(&page, &[("title", &huge)]).await.is(413);
    let visibility = format!("/desk/recordings/{id}/visibility?lang=nl");
    for (field, value, sentence) in [
        (
            "visible_from",
            "2026-03-29T02:30",
            "de klok gaat dan een uur vooruit",
        ),
        ("visible_from", "gisteren", "bestaat niet"),
        (
            "visible_until",
            "2019-01-01T00:00",
            "later zijn dan het begin",
        ),
        ("replaced_by", "https://elders.example/", "geen opname"),
    ] {
        let mut form = vec![
            ("visibility", "withdrawn"),
            ("visible_from", "2020-01-01T00:00"),
            ("visible_until", ""),
            ("withdrawn_reason", "Blijft staan"),
            ("replaced_by", ""),
        ];
        form.retain(|(name, _)| *name != field);
        form.push((field, value));
        mira.post(&visibility, &form)
            .await
            .is(422)
            .shows(sentence)
            .shows("Blijft staan");
    }
}

#[tokio::test]
async fn script_in_any_field_is_only_ever_text() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u{202e}{{7*7}}${7*7}";
    let now = mira.base(&page).await;
    let form = [
        ("base", now.as_str()),
        ("title", hostile),
        ("number", "1"),
        ("date", ""),
        ("language", "nl"),
        ("summary", hostile),
        ("description", hostile),
        ("speaker_name", hostile),
        ("speaker_role", hostile),
        ("chapters", &format!("0:00 {hostile}")),
    ];
    mira.does(&page, &form).await;
    mira.does("/desk/series", &[("title", hostile), ("folder", "")])
        .await;
    let anyone = ["/", "/series/reeks", "/search?q=script"].map(str::to_owned);
    let own = ["/desk/recordings", "/desk/series", "/desk"].map(str::to_owned);
    let eva = site.colleague("eva", Role::Administrator).await;
    for path in anyone.iter().chain(&own).chain([
        &page,
        &format!("/watch/{id}"),
        &format!("/embed/{id}"),
        &"/desk/audit".to_owned(),
    ]) {
        let text = eva.get(path).await.is(200).text();
        for mark in ["<script>alert", "<img src=x", "onerror=alert(2)>\u{202e}{{"] {
            let is_inside_quotes =
                mark.starts_with("onerror") && text.contains("&gt;&lt;img src=x onerror");
            assert!(
                !text.contains(mark) || is_inside_quotes,
                "{path} holds {mark}"
            );
        }
    }
}

#[tokio::test]
async fn what_lies_beside_a_recording_is_what_its_bytes_are() {
    let (site, id) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let page = format!("/desk/recordings/{id}");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    for (path, name, bytes, field) in [
        ("poster", "foto.jpg", svg.as_bytes().to_vec(), ("x", "")),
        (
            "poster",
            "foto.png",
            b"<html><script>alert(1)</script>".to_vec(),
            ("x", ""),
        ),
        ("captions", "a.vtt", b"niets".to_vec(), ("language", "nl")),
        (
            "captions",
            "a.vtt",
            CAPTIONS.as_bytes().to_vec(),
            ("language", "../../etc"),
        ),
        (
            "captions",
            "a.vtt",
            b"WEBVTT\n\n00:02.000 --> 00:01.000\nAchterstevoren\n".to_vec(),
            ("language", "nl"),
        ),
        (
            "handouts",
            "film.mp4",
            clips::bytes("a.mp4", 3),
            ("title", "Film"),
        ),
        (
            "handouts",
            "series.toml",
            b"visibility = \"public\"".to_vec(),
            ("title", ""),
        ),
        ("handouts", "zonder-einde", b"x".to_vec(), ("title", "")),
        ("handouts", "leeg.pdf", Vec::new(), ("title", "Leeg")),
        // What runs, and what a program left behind.
        ("handouts", "x.html", b"<p>x".to_vec(), ("title", "Plan")),
        ("handouts", "x.SVG", b"<svg/>".to_vec(), ("title", "Plan")),
        ("handouts", "x.exe", b"MZ".to_vec(), ("title", "Plan")),
        ("handouts", "01.toml.bak", b"title".to_vec(), ("title", "")),
        ("handouts", "01.toml.txt", b"title".to_vec(), ("title", "")),
        ("handouts", "x.yaml", b"title".to_vec(), ("title", "")),
        ("handouts", "x.pdf.part", b"%PDF".to_vec(), ("title", "")),
    ] {
        let answer = mira
            .put_file(&format!("{page}/{path}?lang=nl"), name, bytes, field)
            .await;
        let answer = answer.is(422).shows("class=\"form-errors\"");
        assert!(
            answer.text().contains("Nog") || answer.text().contains("klopt nog niet"),
            "{path} {name}"
        );
    }
    let names = || -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(site.path("reeks"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names(),
        ["01-begin.mp4", "01-begin.toml", "series.toml"],
        "nothing was left behind"
    );
    // Windows-1252 and UTF-16 are read, and a script in a caption is text.
    let windows =
        b"1\r\n00:00:00,000 --> 00:00:01,000\r\nCaf\xe9 <script>alert(1)</script>\r\n".to_vec();
    mira.put_file(
        &format!("{page}/captions"),
        "x.srt",
        windows,
        ("language", "nl"),
    )
    .await
    .is(303);
    let captions = site
        .get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .shows("Café");
    assert!(!captions.text().contains("<script>"), "{}", captions.text());
    // A name that would lead elsewhere leads nowhere.
    mira.put_file(
        &format!("{page}/handouts"),
        "../../../etc/cron.d/x.h5p",
        "<script>alert(1)</script>",
        ("title", "../../Plan <b>"),
    )
    .await
    .is(303);
    let one = site.json(&format!("/api/recordings/{id}")).await;
    let handout = site
        .get(&site.address(&one["attachments"][0]["url"]))
        .await
        .is(200);
    assert_eq!(handout.header("x-content-type-options"), Some("nosniff"));
    assert!(
        handout
            .header("content-disposition")
            .unwrap()
            .starts_with("attachment"),
        "{handout:?}"
    );
    assert!(
        handout
            .header("content-security-policy")
            .unwrap()
            .contains("sandbox"),
        "{handout:?}"
    );
    assert!(
        names()
            .iter()
            .all(|name| name.starts_with("01-begin.") || name == "series.toml"),
        "{:?}",
        names()
    );
    // Replaced, never doubled; and taken away.
    mira.put_file(
        &format!("{page}/captions"),
        "y.vtt",
        CAPTIONS,
        ("language", "nl"),
    )
    .await
    .is(303);
    assert_eq!(
        names().iter().filter(|name| name.ends_with(".vtt")).count(),
        1
    );
    mira.does(&format!("{page}/captions/nl/remove"), &[]).await;
    site.get(&format!("/captions/{id}/nl.vtt")).await.is(404);
    let file = one["attachments"][0]["url"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    mira.does(&format!("{page}/handouts/remove"), &[("file", &file)])
        .await;
    assert_eq!(names(), ["01-begin.mp4", "01-begin.toml", "series.toml"]);
}

#[tokio::test]
async fn an_address_that_only_takes_a_form_leads_to_the_page_with_that_form() {
    let (site, id) = site().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    for (address, page) in [
        ("/desk/recordings/bulk", "/desk/recordings"),
        ("/desk/recordings/ID/captions", "/desk/recordings/ID/files"),
        (
            "/desk/recordings/ID/captions/nl/remove",
            "/desk/recordings/ID/files",
        ),
        (
            "/desk/recordings/ID/handouts/remove",
            "/desk/recordings/ID/files",
        ),
        (
            "/desk/recordings/ID/links/withdraw",
            "/desk/recordings/ID/links",
        ),
        ("/desk/recordings/ID/trash", "/desk/recordings/ID"),
        ("/desk/series/1/password", "/desk/series/1/links"),
        ("/desk/series/1/plan", "/desk/series/1"),
        ("/desk/account/keys/1", "/desk/account"),
        ("/desk/account/sign-ins/1", "/desk/account"),
        ("/desk/people/1/role", "/desk/people"),
        ("/desk/problems/1", "/desk/problems"),
        ("/desk/queue/1/stop", "/desk/queue"),
        ("/desk/queue/backlog", "/desk/queue"),
        (
            "/desk/recordings/ID/renditions",
            "/desk/recordings/ID/files",
        ),
        ("/desk/uploads/x/remove", "/desk/upload"),
    ] {
        let [address, page] = [address, page].map(|path| path.replace("ID", &id));
        let answer = eva.get(&format!("{address}?lang=en")).await.is(303);
        let led = answer.location().to_owned();
        assert_eq!(led, format!("{page}?lang=en"), "{address}");
        eva.get(&led).await.is(200);
    }
    // The other way round there is nothing to lead to.
    let refused = eva.post("/desk/audit", &[]).await.is(405);
    assert!(refused.header("allow").is_some_and(|it| it.contains("GET")));
}
