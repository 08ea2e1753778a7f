//! Files are renamed, moved, replaced and lost; addresses stay.

use reqwest::Method;

use crate::support::{Site, clips, lines, says};

const PUBLIC: &str = "visibility = \"public\"\n";

async fn site_with_one() -> (Site, String) {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.toml", "title = \"Begin\"\n");
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    (site, format!("/watch/{id}"))
}

#[tokio::test]
async fn a_catalogue_made_again_from_the_folder_has_the_same_addresses() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    for number in 1..=3 {
        site.put_clip(&format!("reeks/0{number}-deel-{number}.mp4"), number);
        site.put(
            &format!("reeks/0{number}-deel-{number}.nl.vtt"),
            "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
        );
    }
    site.put("reeks/04-gepland.toml", "title = \"Gepland\"\n");
    site.scan().await;
    let before = site.everything().await;
    assert_eq!(before.len(), 5);
    let site = site.without_its_catalogue().await;
    assert_eq!(
        site.json("/api/series").await["series"],
        serde_json::json!([]),
        "the catalogue is gone"
    );
    site.scan().await;
    assert_eq!(site.everything().await, before);
}

#[tokio::test]
async fn a_file_moved_with_its_sidecar_keeps_its_address() {
    let (site, page) = site_with_one().await;
    site.put(
        "andere/series.toml",
        "visibility = \"public\"\ntitle = \"Andere reeks\"\n",
    );
    site.put_clip("andere/02-blijft.mp4", 2);
    site.rename("reeks/01-begin.mp4", "andere/05-begin.mp4");
    site.rename("reeks/01-begin.toml", "andere/05-begin.toml");
    let report = site.scan().await;
    says(&report, &["moved", "andere/05-begin.mp4", "reeks/01-begin"]);
    site.get(&page).await.is(200).shows("Andere reeks");
    assert_eq!(site.recording("Begin").await["number"], 5);
}

#[tokio::test]
async fn a_file_moved_alone_keeps_its_address_and_takes_its_sidecar_along() {
    for to in ["andere/07-verplaatst.mp4", "aaa/07-verplaatst.mp4"] {
        let (site, page) = site_with_one().await;
        site.rename("reeks/01-begin.mp4", to);
        let folder = to.split('/').next().unwrap();
        site.put(&format!("{folder}/series.toml"), PUBLIC);
        site.scan().await;
        site.get(&page).await.is(200).shows("Begin");
        assert!(
            !site.path("reeks/01-begin.toml").exists(),
            "the sidecar was left behind"
        );
        assert_eq!(
            format!(
                "/watch/{}",
                site.id_in(&format!("{folder}/07-verplaatst.toml"))
            ),
            page
        );
        let site = site.without_its_catalogue().await;
        site.scan().await;
        site.get(&page).await.is(200).shows("Begin");
    }
}

#[tokio::test]
async fn a_file_renamed_beside_its_sidecar_stays_the_same_recording() {
    for name in ["reeks/00-anders.mp4", "reeks/99-anders.mp4"] {
        let (site, page) = site_with_one().await;
        site.put(
            "reeks/01-begin.nl.vtt",
            "WEBVTT\n\n00:00.000 --> 00:01.000\nTekst\n",
        );
        site.rename("reeks/01-begin.mp4", name);
        for _ in 0..2 {
            site.scan().await;
            site.get(&page).await.is(200).shows("Begin");
            assert_eq!(site.recordings("/api/series/reeks").await.len(), 1);
            assert_eq!(site.recording("Begin").await["state"], "ready");
        }
        assert_eq!(
            site.recording("Begin").await["captions"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        let site = site.without_its_catalogue().await;
        site.scan().await;
        site.get(&page).await.is(200).shows("Begin");
        assert_eq!(site.recordings("/api/series/reeks").await.len(), 1);
    }
}

#[tokio::test]
async fn a_renamed_folder_keeps_every_address_also_after_the_catalogue_is_made_again() {
    let (site, page) = site_with_one().await;
    site.rename("reeks", "nieuwe-naam");
    site.scan().await;
    site.get(&page).await.is(200);
    site.get("/series/reeks")
        .await
        .is(308)
        .says("location", "/series/nieuwe-naam");
    let site = site.without_its_catalogue().await;
    site.scan().await;
    site.get(&page).await.is(200);
    site.get("/series/reeks")
        .await
        .is(308)
        .says("location", "/series/nieuwe-naam");
}

#[tokio::test]
async fn a_replaced_file_is_a_new_version_and_the_old_address_leads_on() {
    let (site, page) = site_with_one().await;
    let old = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    site.get(&old).await.is(200);
    site.put("reeks/01-begin.mp4", clips::bytes("a.mp4", 9));
    // Before the scan knows: the bytes there are not those of the address.
    site.get(&old).await.is(503);
    says(&site.scan().await, &["changed", "reeks/01-begin.mp4"]);
    let new = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    assert_ne!(old, new);
    site.get(&page).await.is(200);
    site.get(&old).await.is(308).says("location", &new);
    let resumed = site
        .ask(reqwest::Method::GET, &old)
        .header("range", "bytes=100-");
    site.send(resumed).await.is(410);
    let checked = site
        .ask(reqwest::Method::GET, &old)
        .header("range", "bytes=100-")
        .header("if-range", "\"x\"");
    // A browser that is led on drops the condition and keeps the range, and would play the end of one behind the other.
    site.send(checked).await.is(410);
}

#[tokio::test]
async fn a_vanished_file_leaves_a_page_that_says_so_and_comes_back() {
    let (site, page) = site_with_one().await;
    let bytes = std::fs::read(site.path("reeks/01-begin.mp4")).unwrap();
    let media = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    site.remove("reeks/01-begin.mp4");
    says(&site.scan().await, &["missing", "reeks/01-begin.mp4"]);
    assert_eq!(site.recording("Begin").await["state"], "missing");
    site.get(&page).await.is(200).shows("Begin");
    site.get(&media).await.is(404);
    site.put("reeks/01-begin.mp4", bytes);
    site.scan().await;
    assert_eq!(site.recording("Begin").await["state"], "ready");
    site.get(&media).await.is(200);
}

#[tokio::test]
async fn of_two_sidecars_with_one_id_the_known_one_keeps_it() {
    let (site, page) = site_with_one().await;
    site.put(
        "reeks/02-kopie.toml",
        site.read("reeks/01-begin.toml")
            .replace("Begin", "Kopie")
            .replace("01-begin", "02-kopie"),
    );
    site.put_clip("reeks/02-kopie.mp4", 2);
    let report = site.scan().await;
    says(&report, &["reeks/02-kopie.toml", "id of another recording"]);
    site.get(&page).await.is(200).shows("Begin");
    let copy = site.recording("Kopie").await;
    assert_ne!(site.address(&copy["watch_url"]), page);
    assert_eq!(
        site.id_in("reeks/02-kopie.toml"),
        copy["id"].as_str().unwrap()
    );
    assert_eq!(lines(&site.scan().await), Vec::<String>::new());
}

#[tokio::test]
async fn an_id_that_was_removed_for_good_is_never_given_again() {
    let (site, page) = site_with_one().await;
    let id = page.trim_start_matches("/watch/").to_owned();
    site.remove("reeks/01-begin.mp4");
    site.remove("reeks/01-begin.toml");
    site.put(
        "reeks/series.toml",
        format!("{PUBLIC}deleted = [\"{id}\"]\n"),
    );
    let site = site.without_its_catalogue().await;
    site.put_clip("reeks/02-ander.mp4", 2);
    site.put("reeks/02-ander.toml", format!("id = \"{id}\"\n"));
    says(
        &site.scan().await,
        &["reeks/02-ander.toml", "removed for good"],
    );
    assert_ne!(site.id_in("reeks/02-ander.toml"), id);
    site.get(&page).await.is(410);
}

#[tokio::test]
async fn the_address_of_a_hand_out_leads_to_what_took_its_place_and_never_to_other_bytes() {
    let (site, page) = site_with_one().await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    let sheet = "reeks/01-begin.werkblad.pdf";
    let mut addresses = Vec::new();
    for text in ["%PDF een", "%PDF twee", "%PDF drie"] {
        site.put(sheet, text);
        site.scan().await;
        let known = site.json(&format!("/api/recordings/{id}")).await;
        addresses.push(site.address(&known["attachments"][0]["url"]));
        site.get(addresses.last().unwrap())
            .await
            .is(200)
            .shows(text);
    }
    let now = addresses.pop().unwrap();
    for old in &addresses {
        site.get(old).await.is(308).says("location", &now);
        let rest = site.ask(Method::GET, old).header("range", "bytes=3-");
        site.send(rest).await.is(410).hides("PDF").hides("een");
    }
    site.remove(sheet);
    site.scan().await;
    for gone in addresses.iter().chain([&now]) {
        site.get(gone).await.is(410).hides("%PDF");
    }
}
