//! What happens to files in real life: names are swapped, values are odd, folders are copied. Nothing is lost by any of it,
//! and nothing becomes public by it.

use crate::support::program::command;
use crate::support::{Site, clips, says};

const PUBLIC: &str = "visibility = \"public\"\n";

async fn site_with_two() -> (Site, [String; 2]) {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    for (stem, seed) in [("deel-1", 1), ("deel-2", 2)] {
        site.put_clip(&format!("reeks/{stem}.mp4"), seed);
        site.put(
            &format!("reeks/{stem}.toml"),
            format!("title = \"Film {seed}\"\n"),
        );
    }
    site.scan().await;
    let ids = ["deel-1", "deel-2"].map(|stem| site.id_in(&format!("reeks/{stem}.toml")));
    (site, ids)
}

#[tokio::test]
async fn two_recordings_may_swap_names() {
    let (site, ids) = site_with_two().await;
    for ending in ["mp4", "toml"] {
        site.rename(
            &format!("reeks/deel-1.{ending}"),
            &format!("reeks/x.{ending}"),
        );
        site.rename(
            &format!("reeks/deel-2.{ending}"),
            &format!("reeks/deel-1.{ending}"),
        );
        site.rename(
            &format!("reeks/x.{ending}"),
            &format!("reeks/deel-2.{ending}"),
        );
    }
    for _ in 0..2 {
        site.scan().await;
        for (id, title) in ids.iter().zip(["Film 1", "Film 2"]) {
            let one = site.json(&format!("/api/recordings/{id}")).await;
            assert_eq!(
                (one["title"].as_str(), one["state"].as_str()),
                (Some(title), Some("ready"))
            );
        }
    }
}

#[tokio::test]
async fn a_recording_may_take_the_name_of_one_that_is_gone() {
    let (site, ids) = site_with_two().await;
    site.remove("reeks/deel-1.mp4");
    site.remove("reeks/deel-1.toml");
    site.scan().await;
    site.rename("reeks/deel-2.mp4", "reeks/deel-1.mp4");
    site.rename("reeks/deel-2.toml", "reeks/deel-1.toml");
    site.put_clip("zzz/01-later.mp4", 3);
    site.put("zzz/series.toml", PUBLIC);
    site.scan().await;
    assert_eq!(
        site.json(&format!("/api/recordings/{}", ids[1])).await["state"],
        "ready"
    );
    assert_eq!(
        site.json(&format!("/api/recordings/{}", ids[0])).await["state"],
        "missing"
    );
    site.recording("Later").await;
}

#[tokio::test]
async fn a_new_file_under_an_old_name_is_a_new_recording_and_a_draft() {
    let site = Site::open().await;
    site.put_clip("reeks/deel-1.mp4", 1);
    site.put(
        "reeks/deel-1.toml",
        "title = \"Eerste\"\nvisibility = \"public\"\n",
    );
    site.scan().await;
    let id = site.id_in("reeks/deel-1.toml");
    site.rename("reeks/deel-1.mp4", "reeks/deel-2.mp4");
    site.rename("reeks/deel-1.toml", "reeks/deel-2.toml");
    site.put("reeks/deel-1.mp4", clips::bytes("a.mp4", 9));
    for _ in 0..2 {
        site.scan().await;
        assert_ne!(site.id_in("reeks/deel-1.toml"), id);
        assert_eq!(
            site.recordings("/api/series/reeks").await.len(),
            1,
            "the new one is a draft"
        );
        assert_eq!(
            site.json(&format!("/api/recordings/{id}")).await["sources"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
}

#[tokio::test]
async fn one_odd_value_does_not_stop_the_scan() {
    for odd in [
        "title = \"\"\n",
        "number = -1\n",
        "[[chapters]]\nstart = 0\ntitle = \"\"\n",
        "[[speakers]]\nname = \" \"\n",
    ] {
        let site = Site::open().await;
        site.put("reeks/series.toml", format!("{PUBLIC}title = \"\"\n"));
        site.put_clip("reeks/01-vreemd.mp4", 1);
        site.put("reeks/01-vreemd.toml", odd);
        site.put_clip("reeks/02-gewoon.mp4", 2);
        site.scan().await;
        site.recording("Gewoon").await;
    }
}

#[tokio::test]
async fn an_id_changed_by_hand_changes_no_address() {
    let (site, ids) = site_with_two().await;
    let text = site
        .read("reeks/deel-1.toml")
        .replace(&ids[0], "0123456789");
    site.put("reeks/deel-1.toml", text);
    says(
        &site.scan().await,
        &["reeks/deel-1.toml", "another id before"],
    );
    site.get(&format!("/watch/{}", ids[0])).await.is(200);
    assert_eq!(site.id_in("reeks/deel-1.toml"), ids[0]);
}

#[tokio::test]
async fn a_sidecar_written_again_pins_nothing_the_series_decides() {
    let (site, ids) = site_with_two().await;
    site.remove("reeks/deel-1.toml");
    site.scan().await;
    assert!(site.read("reeks/deel-1.toml").contains("Film 1"));
    site.put("reeks/series.toml", "visibility = \"draft\"\n");
    site.scan().await;
    for id in ids {
        site.get(&format!("/watch/{id}")).await.is(410);
    }
}

#[tokio::test]
async fn a_sidecar_in_capitals_is_named_and_makes_nothing_public() {
    let site = Site::open().await;
    site.put("reeks/series.toml", PUBLIC);
    site.put_clip("reeks/01-geheim.mp4", 1);
    site.put("reeks/01-geheim.TOML", "visibility = \"draft\"\n");
    says(
        &site.scan().await,
        &["reeks/01-geheim.TOML", "small letters"],
    );
    site.get("/series/reeks").await.is(404);
}

#[tokio::test]
async fn an_old_slug_does_not_tell_the_new_name_of_what_is_hidden() {
    let site = Site::open().await;
    site.put_clip("geheim/01-begin.mp4", 1);
    site.scan().await;
    site.rename("geheim", "ontslagronde");
    site.scan().await;
    site.get("/series/geheim")
        .await
        .is(404)
        .hides("ontslagronde");
}

#[tokio::test]
async fn a_former_id_leads_to_the_recording_of_today() {
    let (site, ids) = site_with_two().await;
    let text = format!(
        "former_ids = [\"zzzzzzzzzz\"]\n{}",
        site.read("reeks/deel-1.toml")
    );
    site.put("reeks/deel-1.toml", text);
    site.scan().await;
    site.get("/watch/zzzzzzzzzz")
        .await
        .is(308)
        .says("location", &format!("/watch/{}", ids[0]));
}

#[tokio::test]
async fn removing_the_demonstration_touches_no_file_of_anyone_else() {
    let site = Site::open().await;
    for folder in ["online-jongerenwerk", "mijn-reeks"] {
        site.put(
            &format!("{folder}/series.toml"),
            "visibility = \"public\"\ndemonstration = true\n",
        );
        site.put_clip(&format!("{folder}/50-eigen-opname.mp4"), 5);
    }
    site.put_clip("online-jongerenwerk/01-waarom-online-jongerenwerk.mp4", 1);
    site.scan().await;
    let (is_well, printed, _) = command(site.folder(), &["demo", "remove"], "");
    assert!(
        is_well && printed.contains("50-eigen-opname.mp4"),
        "{printed}"
    );
    assert!(
        site.path("online-jongerenwerk/50-eigen-opname.mp4")
            .exists()
    );
    assert!(site.path("mijn-reeks/50-eigen-opname.mp4").exists());
    assert!(
        !site
            .path("online-jongerenwerk/01-waarom-online-jongerenwerk.mp4")
            .exists()
    );
}
