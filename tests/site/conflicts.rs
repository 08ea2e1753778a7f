//! Two people at one recording: who comes second is told what changed under their hands, and only then. What the one did on another
//! page, or with something this form does not hold, is nobody's conflict.

use terugkijken::catalogue::coordinator::Role;

use crate::support::desk;

#[tokio::test]
async fn a_form_that_was_opened_before_a_recording_was_handed_on_does_not_undo_that() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let path = format!("/desk/recordings/{id}");
    let title = [("title", "Eerste avond")];
    let opened = mira.form(&path).await.with(&title);
    // Meanwhile Bo takes it over.
    let row = bo.get(&path).await.page().choice("keeper", "bo");
    bo.fill(&path, &[("keeper", &row)]).await;
    let refused = opened.send(&mira, None).await.is(409);
    let chosen = format!("value=\"{row}\" selected");
    refused
        .shows("Eerste avond")
        .shows(&chosen)
        .shows("Iemand anders");
    bo.get(&path).await.shows(&chosen).hides("Eerste avond");
    // Having seen it, Mira saves what she typed, and Bo keeps it.
    mira.fill(&path, &title).await;
    bo.get(&path).await.shows(&chosen).shows("Eerste avond");
}

#[tokio::test]
async fn what_another_changed_on_another_page_is_no_conflict() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let text = format!("/desk/recordings/{id}");
    let visibility = format!("{text}/visibility");
    let opened = mira.form(&text).await.with(&[("summary", "Eén zin.")]);
    let unlisted = [("visibility", "unlisted")];
    let seen = mira.form(&visibility).await.with(&unlisted);
    // Bo withdraws it and hands out a link: neither is a field of Mira's form.
    let withdrawn = [("visibility", "withdrawn"), ("withdrawn_reason", "Oud.")];
    bo.fill(&visibility, &withdrawn).await;
    bo.hand_out(&text, "overleg", "").await;
    opened.send(&mira, None).await.is(303);
    let sidecar = site.read("reeks/01-begin.toml");
    for kept in ["Eén zin.", "withdrawn", "Oud.", "overleg"] {
        assert!(sidecar.contains(kept), "{kept} is gone from {sidecar}");
    }
    // On the page where it is one, it is.
    seen.send(&mira, None).await.is(409).shows("Oud.");
    assert_eq!(site.read("reeks/01-begin.toml"), sidecar);
}

#[tokio::test]
async fn a_series_is_held_against_what_its_form_holds_as_well() {
    let (site, _) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let series = format!("/desk/series/{}", mira.series("Reeks").await);
    let (about, share) = (format!("{series}/about"), format!("{series}/share"));
    let organiser = [("organiser", "De vereniging")];
    let opened = mira.form(&about).await.with(&organiser);
    bo.fill(&share, &[("embed", "nowhere")]).await;
    opened.send(&mira, None).await.is(303);
    let file = site.read("reeks/series.toml");
    assert!(
        file.contains("De vereniging") && file.contains("nowhere"),
        "{file}"
    );
    opened
        .send(&mira, None)
        .await
        .is(409)
        .shows("De vereniging");
}
