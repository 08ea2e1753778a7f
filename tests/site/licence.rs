//! Under which licence others may use a recording: said by itself, its series or a setting, shown wherever it is told of, and
//! nowhere when nobody said so.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;

const DEED: &str = "https://creativecommons.org/licenses/by-sa/4.0/";

async fn opened(setting: Option<&str>, of_series: &str) -> (Site, [String; 2]) {
    let setting = setting.map(str::to_owned);
    let site = Site::open_with(|config| config.licence = setting).await;
    let series = format!("title = \"Reeks\"\nvisibility = \"public\"\n{of_series}");
    site.put("reeks/series.toml", series);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put_clip("reeks/02-vervolg.mp4", 2);
    site.scan().await;
    let ids = ["reeks/01-begin.toml", "reeks/02-vervolg.toml"].map(|it| site.id_in(it));
    (site, ids)
}

async fn of(site: &Site, id: &str) -> serde_json::Value {
    site.json(&format!("/api/recordings/{id}")).await["licence"].clone()
}

#[tokio::test]
async fn a_licence_that_is_set_is_told_wherever_the_recording_is() {
    let (site, [id, _]) = opened(None, "licence = \"cc-by-sa-4.0\"\n").await;
    assert_eq!(of(&site, &id).await, "cc-by-sa-4.0");
    let page = site.get_dutch(&format!("/watch/{id}")).await.is(200);
    let link = page
        .page()
        .link_of("CC BY-SA 4.0 (naamsvermelding, gelijk delen)");
    assert_eq!(link.as_deref(), Some(DEED));
    page.shows(&format!("\"license\":\"{DEED}\""));
    let tag = format!("<podcast:license url=\"{DEED}\">cc-by-sa-4.0</podcast:license>");
    let podcast = site.get("/series/reeks/podcast.xml").await.is(200).text();
    // Of the series, and of each of its two recordings.
    assert_eq!(podcast.matches(&tag).count(), 3, "{podcast}");
    let share = format!("/share/{id}");
    site.get_dutch(&share).await.shows(&format!(
        "Licentie: CC BY-SA 4.0 (naamsvermelding, gelijk delen), {DEED}"
    ));
}

#[tokio::test]
async fn nothing_is_said_of_a_licence_that_nobody_gave() {
    let (site, [id, _]) = opened(None, "").await;
    let one = site.json(&format!("/api/recordings/{id}")).await;
    assert!(one.get("licence").is_none(), "{one}");
    for address in [
        format!("/watch/{id}"),
        format!("/share/{id}"),
        "/series/reeks/podcast.xml".to_owned(),
    ] {
        let text = site.get_dutch(&address).await.is(200).text().to_lowercase();
        for word in ["licentie", "license", "creativecommons"] {
            assert!(!text.contains(word), "{word} at {address}");
        }
    }
}

#[tokio::test]
async fn the_nearest_counts_and_each_may_be_left_out_again() {
    let (site, [one, two]) = opened(Some("cc-by-4.0"), "").await;
    assert_eq!(of(&site, &one).await, "cc-by-4.0");

    let sidecar = site.read("reeks/01-begin.toml");
    site.put(
        "reeks/01-begin.toml",
        format!("licence = \"all-rights-reserved\"\n{sidecar}"),
    );
    let series = site.read("reeks/series.toml");
    site.put(
        "reeks/series.toml",
        format!("licence = \"cc0-1.0\"\n{series}"),
    );
    site.scan().await;
    assert_eq!(of(&site, &one).await, "all-rights-reserved");
    assert_eq!(of(&site, &two).await, "cc0-1.0");
    let page = site.get_dutch(&format!("/watch/{one}")).await;
    page.shows("Licentie: Alle rechten voorbehouden")
        .hides("rel=\"license\"")
        .shows("\"license\":{\"@type\":\"CreativeWork\",\"name\":\"All rights reserved\"}");
    site.get_dutch(&format!("/watch/{two}"))
        .await
        .shows("https://creativecommons.org/publicdomain/zero/1.0/");

    site.put("reeks/01-begin.toml", sidecar);
    site.put("reeks/series.toml", series);
    let site = site.without_its_catalogue().await;
    site.scan().await;
    assert_eq!(of(&site, &one).await, "cc-by-4.0");
}

#[tokio::test]
async fn a_word_that_is_no_licence_is_named_and_never_shown() {
    let (site, [id, _]) = opened(None, "").await;
    let sidecar = site.read("reeks/01-begin.toml");
    site.put(
        "reeks/01-begin.toml",
        format!("licence = \"cc-by\"\n{sidecar}"),
    );
    let report = site.scan().await;
    crate::support::says(&report, &["reeks/01-begin.toml", "licence", "cc-by-4.0"]);
    site.get(&format!("/watch/{id}"))
        .await
        .is(200)
        .hides("creativecommons");
}

#[tokio::test]
async fn one_is_given_a_licence_at_the_desk_and_a_series_too() {
    let (site, [one, two]) = opened(None, "").await;
    let mira = site.colleague("mira", Role::Editor).await;
    let recording = format!("/desk/recordings/{one}");
    mira.fill(&recording, &[("licence", "cc-by-nd-4.0")]).await;
    assert!(
        site.read("reeks/01-begin.toml")
            .contains("licence = \"cc-by-nd-4.0\"")
    );
    let series = format!("/desk/series/{}/about", mira.series("Reeks").await);
    // One choice for many: how many, and that it is for ever, is said before it is made.
    let form = mira.get(&series).await.is(200).page();
    for words in ["Deze reeks heeft 2 opnamen", "kun je niet terugnemen"] {
        assert!(form.holds(words), "{words}");
    }
    mira.fill(&series, &[("licence", "cc-by-4.0")]).await;
    assert!(
        site.read("reeks/series.toml")
            .contains("licence = \"cc-by-4.0\"")
    );
    assert_eq!(of(&site, &one).await, "cc-by-nd-4.0");
    assert_eq!(of(&site, &two).await, "cc-by-4.0");
    // As the series again: nothing of it stays in the sidecar.
    mira.fill(&recording, &[("licence", "")]).await;
    assert!(!site.read("reeks/01-begin.toml").contains("licence"));
    assert_eq!(of(&site, &one).await, "cc-by-4.0");
}

#[tokio::test]
async fn before_many_are_given_one_the_page_says_how_many_and_that_it_is_for_ever() {
    let (site, [one, two]) = opened(None, "").await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bulk = "/desk/recordings/bulk";
    let chosen = [
        ("act", "licence"),
        ("licence", "cc-by-4.0"),
        ("id", &one),
        ("id", &two),
    ];
    let asked = mira.post(bulk, &chosen).await.is(200);
    let page = asked.page();
    for words in ["2 ", "CC BY 4.0", "kun je niet terugnemen"] {
        assert!(page.holds(words), "{words}: {}", asked.text());
    }
    assert!(of(&site, &one).await.is_null(), "only asked");

    let done = mira.change(&[&one, &two], &chosen[..2]).await.is(200);
    assert_eq!(of(&site, &one).await, "cc-by-4.0");
    assert_eq!(of(&site, &two).await, "cc-by-4.0");

    let set = done.page().value("set");
    let undo = [
        ("undo", "licence"),
        ("set", &set),
        ("id", &one),
        ("was", ""),
        ("id", &two),
        ("was", ""),
    ];
    mira.post(bulk, &undo).await.is(303);
    assert!(of(&site, &two).await.is_null());
}
