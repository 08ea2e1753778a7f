//! The public catalogue as JSON: its shapes are a promise.

use crate::support::Site;
use serde_json::Value;

async fn site() -> Site {
    let site = Site::open_with(|config| {
        config.base_url = Some("https://training.example.org/".to_owned())
    })
    .await;
    site.put("reeks/series.toml", "title = \"Reeks\"\norganiser = \"Ons\"\ndescription = \"Over **alles**\"\nvisibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put(
        "reeks/01-begin.toml",
        "title = \"Begin\"\ndate = 2021-01-24\ndescription = \"Tekst\"\n[[speakers]]\nname = \"Mira\"\nrole = \"trainer\"\n[[chapters]]\nstart = \"0:01\"\ntitle = \"Slot\"\n",
    );
    site.put(
        "reeks/01-begin.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
    );
    site.put("reeks/01-begin.handout.pdf", "%PDF-1.4");
    site.scan().await;
    site
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn the_shapes_are_those_of_the_readme() {
    let site = site().await;
    let all = site.json("/api/series").await;
    assert_eq!(
        all,
        serde_json::json!({"series": [{"slug": "reeks", "title": "Reeks", "recordings": 1}]})
    );
    let series = site.json("/api/series/reeks").await;
    assert_eq!(
        keys(&series),
        ["description", "organiser", "recordings", "slug", "title"]
    );
    assert_eq!(
        keys(&series["recordings"][0]),
        [
            "date",
            "duration_ms",
            "id",
            "number",
            "state",
            "title",
            "watch_url"
        ]
    );
    let one = site.recording("Begin").await;
    assert_eq!(
        keys(&one),
        [
            "attachments",
            "captions",
            "chapters",
            "date",
            "description",
            "duration_ms",
            "embed_url",
            "id",
            "language",
            "number",
            "poster_url",
            "published",
            "renditions",
            "series",
            "sources",
            "speakers",
            "state",
            "summary",
            "title",
            "watch_url"
        ]
    );
    assert_eq!(
        one["series"],
        serde_json::json!({"slug": "reeks", "title": "Reeks"})
    );
    assert_eq!(
        one["speakers"],
        serde_json::json!([{"name": "Mira", "role": "trainer"}])
    );
    assert_eq!(
        one["chapters"],
        serde_json::json!([{"start_ms": 1000, "title": "Slot"}])
    );
    assert_eq!(
        keys(&one["captions"][0]),
        ["kind", "label", "language", "url"]
    );
    assert_eq!(one["captions"][0]["label"], "Nederlands");
    assert_eq!(
        keys(&one["sources"][0]),
        [
            "codecs",
            "height",
            "playable",
            "size_bytes",
            "type",
            "url",
            "width"
        ]
    );
    assert_eq!(
        (
            one["number"].as_i64(),
            one["date"].as_str(),
            one["language"].as_str()
        ),
        (Some(1), Some("2021-01-24"), Some("nl"))
    );
}

#[tokio::test]
async fn addresses_are_absolute_and_begin_with_the_base_address_whatever_the_host_header_says() {
    let site = site().await;
    let request = site
        .ask(reqwest::Method::GET, "/api/series/reeks")
        .header("host", "evil.example");
    let series: Value = serde_json::from_slice(&site.send(request).await.is(200).body).unwrap();
    let one = site.recording("Begin").await;
    for url in [
        &series["recordings"][0]["watch_url"],
        &one["poster_url"],
        &one["embed_url"],
        &one["sources"][0]["url"],
        &one["captions"][0]["url"],
        &one["attachments"][0]["url"],
    ] {
        assert!(
            url.as_str()
                .unwrap()
                .starts_with("https://training.example.org/"),
            "{url}"
        );
        assert!(
            [200, 304].contains(&site.get(&site.address(url)).await.status),
            "{url}"
        );
    }
}

#[tokio::test]
async fn search_answers_in_the_same_shape_and_survives_any_question() {
    let site = site().await;
    let hits = site.json("/api/search?q=mira").await;
    assert_eq!(hits["recordings"][0]["title"], "Begin");
    for question in [
        "",
        "%22",
        "NEAR(a%20b)",
        "*",
        "a%20OR%20b",
        "%00",
        "%F0%9F%98%80",
        "title:x",
        "-",
        "^",
        "(((",
        "%E2%80%AEx",
    ] {
        site.get(&format!("/api/search?q={question}")).await.is(200);
        site.get(&format!("/search?q={question}")).await.is(200);
    }
    site.get(&format!("/api/search?q={}", "woord%20".repeat(1000)))
        .await
        .is(200);
}

#[tokio::test]
async fn an_error_is_a_sentence_in_json() {
    let site = site().await;
    let answer = site
        .get("/api/recordings/0000000000")
        .await
        .is(404)
        .says("content-type", "application/json");
    let error: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(error["error"].as_str().unwrap().len() > 10, "{error}");
}

#[tokio::test]
async fn scripts_of_other_sites_may_ask_and_what_did_not_change_is_not_sent_again() {
    let site = site().await;
    let seen = site.json("/api/series/reeks").await["recordings"][0].clone();
    let one = site
        .json(&format!("/api/recordings/{}", seen["id"].as_str().unwrap()))
        .await;
    let captions = site.address(&one["captions"][0]["url"]);
    let addresses = [
        "/api/series".to_owned(),
        "/api/series/reeks".to_owned(),
        site.address(&one["watch_url"])
            .replace("watch", "api/recordings"),
        "/api/search?q=a".to_owned(),
        captions.clone(),
        captions
            .replace("captions", "transcripts")
            .replace(".vtt", ".txt"),
        site.address(&one["watch_url"]).replace("watch", "chapters") + ".vtt",
    ];
    for address in addresses {
        let first = site
            .get(&address)
            .await
            .is(200)
            .says("access-control-allow-origin", "*")
            .says("cache-control", "no-cache");
        let etag = first.header("etag").unwrap().to_owned();
        let again = site.ask(reqwest::Method::GET, &address);
        let again = site
            .send(again.header("if-none-match", &etag))
            .await
            .is(304);
        assert_eq!(
            (
                again.header("etag"),
                again.header("access-control-allow-origin")
            ),
            (Some(etag.as_str()), Some("*")),
            "{address}"
        );
        assert!(again.body.is_empty());
    }
    site.get("/api/recordings/0000000000")
        .await
        .is(404)
        .says("access-control-allow-origin", "*");
}
