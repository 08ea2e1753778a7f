//! The languages and kinds of captions, as the names of their files say them.

use terugkijken::catalogue::coordinator::Role;

use crate::support::{Site, says};

fn vtt(text: &str) -> String {
    format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{text}\n")
}

/// A public recording with caption files of these names, each saying its name.
async fn site(names: &[&str]) -> (Site, String) {
    let site = Site::open().await;
    site.put(
        "reeks/series.toml",
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    );
    site.put_clip("reeks/01-talk.mp4", 1);
    for name in names {
        let said = format!("Gezegd in {name}");
        match name.ends_with("srt") {
            true => site.put(
                &format!("reeks/01-talk.{name}"),
                vtt(&said).replace("WEBVTT\n\n", "1\n"),
            ),
            false => site.put(&format!("reeks/01-talk.{name}"), vtt(&said)),
        }
    }
    site.scan().await;
    let id = site.id_in("reeks/01-talk.toml");
    (site, id)
}

#[tokio::test]
async fn a_language_exists_and_what_stands_behind_it_is_the_kind() {
    let names = [
        "eng.vtt",
        "cc.vtt",
        "de.sdh.srt",
        "fr.forced.srt",
        "es.cc.srt",
        "swe-hi.vtt",
        "ary.vtt",
        "xx.vtt",
        "it.klad.vtt",
    ];
    let (site, id) = site(&names).await;
    let report = site.scan().await;
    for name in ["01-talk.xx.vtt", "01-talk.it.klad.vtt"] {
        says(&report, &[name, "does not say its language"]);
    }
    let page = site.get(&format!("/watch/{id}?lang=nl")).await.is(200);
    let text = page.text();
    let tracks: Vec<(&str, &str)> = text
        .split("<track ")
        .skip(1)
        .map(|track| {
            let value = |name: &str| track.split_once(name).unwrap().1.split('"').next().unwrap();
            (value("srclang=\""), value("label=\""))
        })
        .collect();
    let sdh = "(SDH, voor doven en slechthorenden)";
    let expected = [
        ("nl", "Nederlands (CC)".to_owned()),
        ("de", format!("Deutsch {sdh}")),
        ("en", "English".to_owned()),
        ("es", "Español (CC)".to_owned()),
        ("fr", "Français (alleen wat anderstalig is)".to_owned()),
        ("sv", format!("Svenska {sdh}")),
    ];
    for (language, label) in &expected {
        assert!(
            tracks.contains(&(*language, label)),
            "{label} in {tracks:?}"
        );
    }
    assert_eq!(
        (tracks[0].0, tracks.len()),
        ("nl", 7),
        "the own language first"
    );
    // The transcript of a Dutch reader is the Dutch one.
    page.shows("Gezegd in cc.vtt");
    let told = site.json(&format!("/api/recordings/{id}")).await;
    let kinds: Vec<_> = told["captions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["language"].as_str().unwrap(), it["kind"].as_str()))
        .collect();
    assert!(
        kinds.contains(&("de", Some("sdh"))) && kinds.contains(&("en", None)),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn forced_captions_win_over_none_and_do_not_count_as_captions() {
    let (site, id) = site(&["nl.forced.vtt", "NL.sdh.srt", "fr.forced.vtt"]).await;
    says(
        &site.scan().await,
        &["01-talk.nl.forced.vtt", "there is one of its kind already"],
    );
    let file = format!("/captions/{id}/nl.vtt");
    site.get(&file).await.is(200).shows("Gezegd in NL.sdh.srt");
    site.put("reeks/01-talk.vtt", vtt("Alles"));
    site.scan().await;
    // One with its language in its name comes before one without, as ever.
    site.get(&file).await.is(200).shows("Gezegd in NL.sdh.srt");
    // At the desk full captions take the place of full ones, and leave the forced ones alone.
    let mira = site.colleague("mira", Role::Editor).await;
    let captions = format!("/desk/recordings/{id}/captions");
    mira.put_file(&captions, "a.vtt", vtt("Nieuw"), ("language", "nl"))
        .await
        .is(303);
    site.get(&file).await.is(200).shows("Nieuw");
    assert!(site.path("reeks/01-talk.nl.forced.vtt").exists());
    assert!(
        !site.path("reeks/01-talk.NL.sdh.srt").exists() && !site.path("reeks/01-talk.vtt").exists()
    );
    mira.does(&format!("{captions}/nl/remove"), &[]).await;
    // Only forced ones are left: nobody can follow the recording with them.
    site.get(&file)
        .await
        .is(200)
        .shows("Gezegd in nl.forced.vtt");
    site.get(&format!("/watch/{id}?lang=nl"))
        .await
        .is(200)
        .hides("id=\"transcript\"");
    mira.get(&format!("/desk/recordings/{id}/files?lang=nl"))
        .await
        .shows("Er is nog geen ondertiteling")
        .shows("Nederlands (alleen wat anderstalig is)");
    mira.get("/desk/recordings?lacks=captions")
        .await
        .is(200)
        .shows("Talk");
    let feed = site.get("/series/reeks/podcast.xml").await.is(200);
    feed.hides("podcast:transcript");
    site.get("/search?q=talk&captions=yes")
        .await
        .is(200)
        .hides(&format!("/watch/{id}"));
    mira.does(&format!("{captions}/nl/remove"), &[]).await;
    assert!(!site.path("reeks/01-talk.nl.forced.vtt").exists());
}
