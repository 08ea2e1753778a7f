//! Several recordings changed together: first the page says what exactly will change, then it is done, and it can be undone.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::archive::owner::{self as reassignment, Reassignment};
use crate::archive::{self, Current, moving};
use crate::catalogue::{PublicId, recording::owner};
use crate::desk::kit::layout::{self, Desk};
use crate::desk::kit::moment::rfc_3339;
use crate::desk::kit::posted::{Errors, Posted};
use crate::desk::recording::page::Shown;
use crate::desk::recording::visibility as recording_visibility;
use crate::desk::recordings::bulk_act::{self, Act};
use crate::desk::recordings::list as recording_list;
use crate::error::Result;
use crate::text;
use crate::web::sign_in::Me;
use crate::web::{Texts, format, urls};

/// Recordings changed at once.
const MOST: usize = 500;

/// `POST /desk/recordings/bulk`: says what will change; with `sure` does it; with `undo` puts back what was. `list`: the
/// filter of the table it was ticked in.
pub async fn bulk(
    State(app): State<App>,
    me: Me,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let at = (&app, &texts, &me);
    let ids: Vec<PublicId> = posted
        .all("id")
        .filter_map(PublicId::parse)
        .take(MOST + 1)
        .collect();
    if posted.has("undo") && ids.len() <= MOST {
        undo(&app, &me, &posted).await?;
        return layout::go(&texts, back(&posted), Some("done-undone"));
    }
    let list = posted.get("list").to_owned();
    if posted.has("back") {
        let shown = Shown::first(posted);
        return recording_list::page(at, &list, None, &shown).await;
    }
    let refused = match ids.len() {
        0 => Some(text!("bulk-none")),
        1..=MOST => None,
        _ => Some(text!("bulk-many", most = MOST.to_string())),
    };
    let parsed = match refused {
        Some(why) => Err(Errors::from([("", why)])),
        None => Act::parse(&app, &posted).await?,
    };
    let act = match parsed {
        Ok(act) => act,
        Err(errors) => {
            let shown = Shown::wrong(posted, errors);
            return recording_list::page(at, &list, None, &shown).await;
        }
    };
    let found = Current::all(&app, &ids).await?;
    if posted.get("sure") != "yes" {
        return Ok(confirm(at, &posted, &act, &found));
    }
    let keepers = app.db.read(owner::all).await?;
    let was: Vec<String> = found.iter().map(|here| act.was(here, &keepers)).collect();
    perform(&app, &me, &act, ids).await?;
    Ok(done(at, &posted, &act, &found, &was))
}

/// The list one came from.
fn back(posted: &Posted) -> String {
    match posted.get("list") {
        "" => urls::desk("recordings"),
        list => format!("{}?{list}", urls::desk("recordings")),
    }
}

async fn perform(app: &App, me: &Me, act: &Act, ids: Vec<PublicId>) -> Result<()> {
    match act {
        Act::Series(to, _) => {
            let moves = ids.into_iter().map(|id| (id, *to)).collect();
            moving::to_series(app, &me.coordinator.email, moves).await
        }
        Act::Keeper(to, name) => {
            let all = ids.into_iter().map(|id| Reassignment {
                id,
                to: Some(*to),
                before: None,
                after: Some(name.clone()),
            });
            reassignment::reassign(app, &me.coordinator.email, all.collect()).await
        }
        act => {
            let since = rfc_3339(app.clock.now())?;
            let changes = ids
                .into_iter()
                .map(|id| (id, act.change(since.clone())))
                .collect();
            archive::edit_all(app, &me.coordinator.email, "edit together", changes)
                .await
                .map(drop)
        }
    }
}

/// Puts the field back that was changed, to what it was; what someone changed since stays as it is.
async fn undo(app: &App, me: &Me, posted: &Posted) -> Result<()> {
    let (field, set) = (posted.get("undo").to_owned(), posted.get("set").to_owned());
    let all: Vec<(PublicId, &str)> = posted
        .all("id")
        .zip(posted.all("was"))
        .filter_map(|(id, was)| Some((PublicId::parse(id)?, was)))
        .collect();
    match field.as_str() {
        "series" => {
            let ids: Vec<PublicId> = all.iter().map(|(id, _)| id.clone()).collect();
            let found = Current::all(app, &ids).await?;
            let moves = all.into_iter().zip(found);
            let moves = moves
                .filter(|(_, now)| now.known.series_id.to_string() == set)
                .filter_map(|((id, was), _)| Some((id, was.parse().ok()?)))
                .collect();
            moving::to_series(app, &me.coordinator.email, moves).await
        }
        "keeper" => {
            let keepers = app.db.read(owner::all).await?;
            let is_kept = |id: &PublicId| keepers.get(id.as_str()).map(ToString::to_string);
            let all = all
                .into_iter()
                .filter(|(id, _)| is_kept(id).as_ref() == Some(&set))
                .map(|(id, was)| Reassignment {
                    id,
                    to: was.parse().ok(),
                    before: None,
                    after: None,
                })
                .collect();
            reassignment::reassign(app, &me.coordinator.email, all).await
        }
        _ => {
            let changes = all
                .into_iter()
                .map(|(id, was)| {
                    (
                        id,
                        bulk_act::put_back(field.clone(), was.to_owned(), set.clone()),
                    )
                })
                .collect();
            archive::edit_all(app, &me.coordinator.email, "undo", changes)
                .await
                .map(drop)
        }
    }
}

fn confirm(
    (app, texts, me): (&App, &Texts, &Me),
    posted: &Posted,
    act: &Act,
    found: &[Current],
) -> Response {
    let main = html! {
        p.lead { (texts.t_args("bulk-sure", &[("count", found.len().into()), ("what", act.words(texts).into())])) }
        @if let Some(warning) = act.warning() { p.notice role="note" { (texts.t(warning)) } }
        ul.plain-list {
            @for here in found {
                li { strong { (here.known.said.metadata.title()) } span { (texts.t(recording_visibility::label(here.known.said.metadata.visibility()))) " · " (format::language_name(here.known.said.metadata.language())) } }
            }
        }
        form method="post" action=(texts.to(urls::desk("recordings/bulk"))) {
            @for (name, value) in posted.fields() { input type="hidden" name=(name) value=(value); }
            p.actions {
                button.button type="submit" name="sure" value="yes" { (texts.t("bulk-do")) }
                button.button type="submit" name="back" value="yes" data-kind="quiet" { (texts.t("bulk-not")) }
            }
        }
    };
    framed((app, texts, me), &main)
}

fn done(
    (app, texts, me): (&App, &Texts, &Me),
    posted: &Posted,
    act: &Act,
    found: &[Current],
    was: &[String],
) -> Response {
    let main = html! {
        p.done role="status" { (texts.t_args("bulk-done", &[("count", found.len().into()), ("what", act.words(texts).into())])) }
        form method="post" action=(texts.to(urls::desk("recordings/bulk"))) {
            input type="hidden" name="undo" value=(act.field());
            input type="hidden" name="set" value=(act.is());
            input type="hidden" name="list" value=(posted.get("list"));
            @for (here, was) in found.iter().zip(was) {
                input type="hidden" name="id" value=(here.known.public_id);
                input type="hidden" name="was" value=(was);
            }
            p.actions {
                button.button type="submit" data-kind="quiet" { (texts.t("bulk-undo")) }
                a.button href=(texts.to(back(posted))) { (texts.t("bulk-back")) }
            }
        }
    };
    framed((app, texts, me), &main)
}

fn framed((app, texts, me): (&App, &Texts, &Me), main: &Markup) -> Response {
    let desk = Desk {
        app,
        texts,
        me,
        place: "recordings",
        title: texts.t("bulk-title"),
        done: None,
    };
    desk.show(main)
}
