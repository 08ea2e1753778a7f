//! A series that is removed at the desk: gone for everybody, its address kept, and back as it was when it is put back.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::http::Client;
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

/// Where the trash puts the removed series back.
async fn restored(client: &Client) -> String {
    let trash = client.get("/desk/trash").await.is(200).page();
    let mut acts = trash.rows().into_iter().flat_map(|row| row.acts);
    acts.find(|act| act.contains("/series/")).unwrap()
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
    let asked = asked.shows("De enige opname van deze reeks gaat naar de prullenbak");
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
    mira.does(&restored(&mira).await, &[])
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
    let (site, [first, second]) = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("Reeks").await;
    let remove = format!("/desk/series/{series}/remove");
    mira.does(&remove, &[("sure", "yes")]).await;
    // One of its recordings is put back: the other one still comes back with the series, also when the file of the series is broken.
    let restore_first = format!("/desk/recordings/{first}/restore");
    mira.does(&restore_first, &[]).await;
    site.get("/series/reeks")
        .await
        .is(200)
        .shows("Begin")
        .hides("Verder");
    mira.does(&restored(&mira).await, &[]).await;
    site.get("/series/reeks").await.is(200).shows("Verder");
    mira.does(&remove, &[("sure", "yes")]).await;
    mira.does(&format!("/desk/recordings/{second}/restore"), &[])
        .await;
    let text = site.read("reeks/series.toml");
    site.put("reeks/series.toml", "title = \n");
    mira.does(&restore_first, &[]).await;
    site.get(&format!("/watch/{first}")).await.is(200);
    site.put("reeks/series.toml", text);
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

#[tokio::test]
async fn a_series_that_is_removed_twice_comes_back_whole() {
    let (site, ids) = site().await;
    site.app.clock.hold(2_000_000_000);
    let mira = site.colleague("mira", Role::Editor).await;
    let series = mira.series("Reeks").await;
    let remove = format!("/desk/series/{series}/remove");
    // A second press, and a third when a file has arrived in between.
    for seconds in [0, 60] {
        site.app.clock.hold(2_000_000_000 + seconds);
        mira.does(&remove, &[("sure", "yes")]).await.is(200);
    }
    site.put_clip("reeks/03-slot.mp4", 3);
    site.scan().await;
    let third = site.id_in("reeks/03-slot.toml");
    site.app.clock.hold(2_000_000_120);
    mira.does(&remove, &[("sure", "yes")]).await.is(200);
    for id in ids.iter().chain([&third]) {
        assert_ne!(site.get(&format!("/watch/{id}")).await.status, 200);
    }
    mira.does(&restored(&mira).await, &[]).await;
    for id in ids.iter().chain([&third]) {
        site.get(&format!("/watch/{id}")).await.is(200);
    }
    // The demonstration is taken out by administrators, in another way.
    let demonstration = "title = \"Voorbeeld\"\ndemonstration = true\n";
    site.put("online-jongerenwerk/series.toml", demonstration);
    site.put_clip("online-jongerenwerk/01-begin.mp4", 4);
    site.scan().await;
    let series = mira.series("Voorbeeld").await;
    let sure = [("sure", "yes")];
    mira.post(&format!("/desk/series/{series}/remove"), &sure)
        .await
        .is(404);
}
