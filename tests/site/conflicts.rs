//! Two people at one recording: who comes second is told what changed under their hands, and only then. What the one did on another
//! page, or with something this form does not hold, is nobody's conflict.

use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::{self, between};
use crate::support::people::Colleague;

/// The form on a page as a browser sends it: what it was filled in with, and these fields changed.
async fn form(mira: &Colleague<'_>, page: &str, changed: &[(&str, &str)]) -> Vec<(String, String)> {
    let text = mira.get(page).await.is(200).text();
    let hidden = |name: &str| {
        let value = between(&text, &format!("name=\"{name}\" value=\""), "\"");
        (name.to_owned(), value.replace("&amp;", "&"))
    };
    let (base, was) = (hidden("base"), hidden("was"));
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(&was.1).unwrap();
    let is_changed = |name: &str| changed.iter().any(|(other, _)| *other == name);
    let kept = fields
        .into_iter()
        .filter(|(name, _)| name != "base" && !is_changed(name));
    let changed = changed
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    kept.chain(changed).chain([base, was]).collect()
}

fn as_sent(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn a_form_that_was_opened_before_a_recording_was_handed_on_does_not_undo_that() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let path = format!("/desk/recordings/{id}");
    let opened = form(&mira, &path, &[("title", "Eerste avond")]).await;
    // Meanwhile Bo takes it over.
    let options = bo.get(&path).await.text();
    let options = between(&options, "name=\"keeper\"", "</select>");
    let before = options.split(">bo<").next().unwrap();
    let row = before.rsplit("value=\"").next().unwrap();
    let row = row.split('"').next().unwrap();
    bo.does(&path, &as_sent(&form(&bo, &path, &[("keeper", row)]).await))
        .await;
    let refused = mira.post(&path, &as_sent(&opened)).await.is(409);
    let chosen = format!("value=\"{row}\" selected");
    refused
        .shows("Eerste avond")
        .shows(&chosen)
        .shows("Iemand anders");
    bo.get(&path).await.shows(&chosen).hides("Eerste avond");
    // Having seen it, Mira saves what she typed, and Bo keeps it.
    let again = form(&mira, &path, &[("title", "Eerste avond")]).await;
    mira.does(&path, &as_sent(&again)).await;
    bo.get(&path).await.shows(&chosen).shows("Eerste avond");
}

#[tokio::test]
async fn what_another_changed_on_another_page_is_no_conflict() {
    let (site, id) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let text = format!("/desk/recordings/{id}");
    let visibility = format!("{text}/visibility");
    let opened = form(&mira, &text, &[("summary", "Eén zin.")]).await;
    let seen = form(&mira, &visibility, &[("visibility", "unlisted")]).await;
    // Bo withdraws it and hands out a link: neither is a field of Mira's form.
    let withdrawn = [("visibility", "withdrawn"), ("withdrawn_reason", "Oud.")];
    bo.does(
        &visibility,
        &as_sent(&form(&bo, &visibility, &withdrawn).await),
    )
    .await;
    bo.does(&format!("{text}/links"), &[("link_name", "overleg")])
        .await;
    mira.does(&text, &as_sent(&opened)).await;
    let sidecar = site.read("reeks/01-begin.toml");
    for kept in ["Eén zin.", "withdrawn", "Oud.", "overleg"] {
        assert!(sidecar.contains(kept), "{kept} is gone from {sidecar}");
    }
    // On the page where it is one, it is.
    mira.post(&visibility, &as_sent(&seen))
        .await
        .is(409)
        .shows("Oud.");
    assert_eq!(site.read("reeks/01-begin.toml"), sidecar);
}

#[tokio::test]
async fn a_series_is_held_against_what_its_form_holds_as_well() {
    let (site, _) = desk::site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let bo = site.colleague("bo", Role::Editor).await;
    let series = format!("/desk/series/{}", desk::series_row(&mira).await);
    let (about, share) = (format!("{series}/about"), format!("{series}/share"));
    let opened = form(&mira, &about, &[("organiser", "De vereniging")]).await;
    bo.does(
        &share,
        &as_sent(&form(&bo, &share, &[("embed", "nowhere")]).await),
    )
    .await;
    mira.does(&about, &as_sent(&opened)).await;
    let file = site.read("reeks/series.toml");
    assert!(
        file.contains("De vereniging") && file.contains("nowhere"),
        "{file}"
    );
    mira.post(&about, &as_sent(&opened))
        .await
        .is(409)
        .shows("De vereniging");
}
