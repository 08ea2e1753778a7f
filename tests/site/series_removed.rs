//! A series that is removed at the desk: gone for everybody, its address kept, and back as it was when it is put back.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::markup::Page;

/// A series of two that visitors find, and another one.
async fn site() -> (Site, [String; 2]) {
    let site = Site::open().await;
    let public = "title = \"Reeks\" # van ons\nvisibility = \"public\"\n";
    site.put("reeks/series.toml", public);
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put_clip("reeks/02-verder.mp4", 2);
    site.put("ander/series.toml", "title = \"Andere reeks\"\n");
    site.scan().await;
    let ids = ["01-begin", "02-verder"].map(|stem| site.id_in(&format!("reeks/{stem}.toml")));
    (site, ids)
}

fn titles(page: &Page) -> Vec<String> {
    page.rows().into_iter().map(|row| row.title).collect()
}

#[tokio::test]
async fn a_series_is_removed_with_all_that_it_holds_and_put_back_as_it_was() {
    let (site, [first, second]) = site().await;
    site.app.clock.hold(2_000_000_000);
    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("Reeks").await;
    let desk = format!("/desk/series/{series}");
    let link = mira.hand_out(&desk, "nieuwsbrief", "").await;
    // One that was in the trash before does not come back with the others.
    mira.does(&format!("/desk/recordings/{second}/trash"), &[])
        .await;
    site.app.clock.hold(2_000_000_060);
    let about = mira.get(&format!("{desk}/about")).await.is(200).page();
    let asked = about.form_to(&format!("{desk}/remove"));
    let asked = asked.send(&mira, None).await.is(200);
    let asked = asked.shows("De ene opname van deze reeks gaat naar de prullenbak");
    site.get("/series/reeks").await.is(200);
    let sure = asked.page().form_to(&format!("{desk}/remove"));
    let done = sure.send(&mira, None).await.is(303);
    let list = mira.get(done.header("location").unwrap()).await.is(200);
    let list = list.shows("De reeks is weggehaald").page();
    assert_eq!(titles(&list), ["Andere reeks"]);
    // Nobody finds it, and who has an address reads that it is gone; the same when all is read anew.
    for anew in [false, true] {
        if anew {
            site.scan().await;
        }
        let watch = format!("/watch/{first}");
        let feeds = ["/series/reeks/feed.xml", "/series/reeks/podcast.xml"];
        for gone in ["/series/reeks", &watch, &link].into_iter().chain(feeds) {
            site.get(gone).await.is(410);
        }
        site.get("/").await.is(200).hides("Reeks");
        let choice = mira.get("/desk/upload").await.is(200);
        let own = format!("<option value=\"{series}\"");
        choice.shows("Andere reeks").hides(&own);
    }
    let kept = site.read("reeks/series.toml");
    assert!(
        kept.contains("removed = ") && kept.contains("# van ons"),
        "{kept}"
    );
    assert!(site.path("reeks/01-begin.mp4").exists());
    // Its address is given to no other series.
    let again = [("title", "Reeks"), ("folder", "reeks")];
    mira.post("/desk/series", &again).await.is(422);
    // A catalogue made anew knows it as well.
    let site = site.without_its_catalogue().await;
    site.app.clock.hold(2_000_000_120);
    site.scan().await;
    let mira = site.colleague("mira", Role::Editor).await;
    site.get("/series/reeks").await.is(410);
    let trash = mira.get("/desk/trash").await.is(200).page();
    let rows = trash.rows().into_iter();
    let mut acts = rows.flat_map(|row| row.acts);
    let restore = acts.find(|act| act.contains("/series/")).unwrap();
    mira.does(&restore, &[])
        .await
        .shows("De reeks is teruggezet");
    site.get("/series/reeks")
        .await
        .is(200)
        .shows("Begin")
        .hides("Verder");
    for back in [&format!("/watch/{first}"), &link] {
        site.get(back).await.is(200);
    }
    let kept = site.read("reeks/series.toml");
    assert!(!kept.contains("removed"), "{kept}");
    let list = mira.get("/desk/series").await.page();
    assert_eq!(titles(&list), ["Andere reeks", "Reeks"]);
}

#[tokio::test]
async fn a_removed_series_is_back_as_soon_as_it_holds_something_again() {
    let (site, [first, _]) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("Reeks").await;
    let remove = format!("/desk/series/{series}/remove");
    mira.does(&remove, &[("sure", "yes")]).await;
    // One of its recordings is put back, and goes again: the series stays.
    mira.does(&format!("/desk/recordings/{first}/restore"), &[])
        .await;
    site.get("/series/reeks")
        .await
        .is(200)
        .shows("Begin")
        .hides("Verder");
    mira.does(&format!("/desk/recordings/{first}/trash"), &[])
        .await;
    let list = mira.get("/desk/series").await.page();
    assert_eq!(titles(&list), ["Andere reeks", "Reeks"]);
    mira.does(&remove, &[("sure", "yes")]).await;
    // A new file in its folder.
    site.put_clip("reeks/03-slot.mp4", 3);
    site.scan().await;
    site.get("/series/reeks").await.is(200).shows("Slot");
    assert_eq!(titles(&mira.get("/desk/series").await.page()).len(), 2);
    // An empty one goes and comes as well; nothing is put back that was not removed.
    let other = mira.series("Andere reeks").await;
    let other = format!("/desk/series/{other}");
    mira.post(&format!("{other}/restore"), &[]).await.is(404);
    mira.does(&format!("{other}/remove"), &[("sure", "yes")])
        .await;
    assert_eq!(titles(&mira.get("/desk/series").await.page()), ["Reeks"]);
    mira.does(&format!("{other}/restore"), &[]).await;
    assert_eq!(titles(&mira.get("/desk/series").await.page()).len(), 2);
}
