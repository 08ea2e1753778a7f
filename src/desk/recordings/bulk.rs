//! Changes several recordings at once: the page first shows what will change, and the change can be undone.

use std::collections::HashMap;

use axum::response::Response;
use maud::{Markup, html};

use crate::archive::owner::{self as reassignment, Reassignment};
use crate::archive::{self, Current, moving};
use crate::catalogue::source::{self, Unplayable};
use crate::catalogue::{PublicId, recording::owner};
use crate::desk::kit::moment::rfc_3339;
use crate::desk::kit::{Context, Errors, FormState, Page, Posted};
use crate::desk::recording::visibility;
use crate::desk::recordings::bulk_act::{self, Act};
use crate::desk::recordings::list;
use crate::error::Result;
use crate::text;
use crate::web::components::name;
use crate::web::{format, plays, urls};

/// Most recordings in one change.
const MOST: usize = 500;

/// `POST /desk/recordings/bulk`: shows what will change; with `sure` changes it; with `undo` restores the old values. `list`: the
/// filter of the table.
pub async fn bulk(context: Context, posted: Posted) -> Result<Response> {
    let ids = posted.all("id").filter_map(PublicId::parse);
    let ids: Vec<PublicId> = ids.take(MOST + 1).collect();
    if posted.has("undo") && ids.len() <= MOST {
        undo(&context, &posted).await?;
        return context.go(back(&posted), "done-undone");
    }
    let list = posted.get("list").to_owned();
    if posted.has("back") {
        let state = FormState::filled(posted);
        return list::page(&context, &list, &state).await;
    }
    let mut errors = Errors::new();
    if ids.is_empty() {
        errors.insert("", text!("bulk-none"));
    } else if ids.len() > MOST {
        errors.insert("", text!("bulk-many", most = MOST.to_string()));
    }
    let act = match errors.is_empty() {
        true => Act::parse(&context.app, &posted, &mut errors).await?,
        false => None,
    };
    let Some(act) = act.filter(|_| errors.is_empty()) else {
        let state = FormState::wrong(posted, errors);
        return list::page(&context, &list, &state).await;
    };
    let found = Current::all(&context.app, &ids).await?;
    if posted.get("sure") != "yes" {
        let rows: Vec<i64> = match act.is_for_visitors() {
            true => found.iter().map(|current| current.stored.id).collect(),
            false => Vec::new(),
        };
        let unplayable = context.read(move |conn| source::unplayable(conn, &rows));
        let unplayable = unplayable.await?;
        return Ok(confirm(&context, &posted, &act, (&found, &unplayable)));
    }
    let owners = context.read(owner::all).await?;
    let was: Vec<String> = found
        .iter()
        .map(|current| act.was(current, &owners))
        .collect();
    perform(&context, &act, ids).await?;
    Ok(done(&context, &posted, &act, &found, &was))
}

/// The address of the table.
fn back(posted: &Posted) -> String {
    match posted.get("list") {
        "" => urls::desk("recordings"),
        list => format!("{}?{list}", urls::desk("recordings")),
    }
}

async fn perform(context: &Context, act: &Act, ids: Vec<PublicId>) -> Result<()> {
    let (app, actor) = (&context.app, context.email());
    match act {
        Act::Series(to, _) => {
            let moves = ids.into_iter().map(|id| (id, *to)).collect();
            moving::to_series(app, actor, moves).await
        }
        Act::Owner(to, name) => {
            let all = ids.into_iter().map(|id| Reassignment {
                id,
                to: Some(*to),
                before: None,
                after: Some(name.clone()),
            });
            reassignment::reassign(app, actor, all.collect()).await
        }
        act => {
            let since = rfc_3339(context.now())?;
            let changes = ids.into_iter().map(|id| (id, act.change(since.clone())));
            let edited = archive::edit_all(app, actor, "edit together", changes.collect());
            edited.await.map(drop)
        }
    }
}

/// Restores the old value of the changed field; recordings that were changed since stay as they are.
async fn undo(context: &Context, posted: &Posted) -> Result<()> {
    let (app, actor) = (&context.app, context.email());
    let (field, set) = (posted.get("undo").to_owned(), posted.get("set").to_owned());
    let all = posted.all("id").zip(posted.all("was"));
    let all = all.filter_map(|(id, was)| Some((PublicId::parse(id)?, was)));
    let all: Vec<(PublicId, &str)> = all.collect();
    match field.as_str() {
        "series" => {
            let ids: Vec<PublicId> = all.iter().map(|(id, _)| id.clone()).collect();
            let found = Current::all(app, &ids).await?;
            let moves = all.into_iter().zip(found);
            let moves = moves
                .filter(|(_, now)| now.stored.series_id.to_string() == set)
                .filter_map(|((id, was), _)| Some((id, was.parse().ok()?)))
                .collect();
            moving::to_series(app, actor, moves).await
        }
        "keeper" => {
            let owners = app.db.read(owner::all).await?;
            let is_kept = |id: &PublicId| owners.get(id.as_str()).map(ToString::to_string);
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
            reassignment::reassign(app, actor, all).await
        }
        _ => {
            let back = |was: &str| bulk_act::put_back(field.clone(), was.to_owned(), set.clone());
            let changes = all.into_iter().map(|(id, was)| (id, back(was)));
            let edited = archive::edit_all(app, actor, "undo", changes.collect());
            edited.await.map(drop)
        }
    }
}

/// The page that shows what will change, and, where visitors will see them, which of them do not play. `found`: the recordings, and
/// those that do not play, by row id.
fn confirm(
    context: &Context,
    posted: &Posted,
    act: &Act,
    (found, unplayable): (&[Current], &HashMap<i64, Unplayable>),
) -> Response {
    let texts = &context.texts;
    let main = html! {
        p.lead { (texts.t_args("bulk-sure", &[("count", found.len().into()), ("what", act.words(texts).into())])) }
        @if let Some(warning) = act.warning() { p.notice role="note" { (texts.t(warning)) } }
        @if !unplayable.is_empty() { p.notice role="note" { (texts.t_args("plays-count", &[("count", unplayable.len().into())])) } }
        ul.plain-list {
            @for current in found {
                li {
                    strong { (name(current.stored.entry.metadata.title())) }
                    span { (texts.t(visibility::label(current.stored.entry.metadata.visibility()))) " · " (format::language_name(current.stored.entry.metadata.language())) }
                    @if let Some(why) = unplayable.get(&current.stored.id) { span.field-error { (plays::sentence(texts, why)) } }
                }
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
    framed(context, &main)
}

fn done(
    context: &Context,
    posted: &Posted,
    act: &Act,
    found: &[Current],
    was: &[String],
) -> Response {
    let texts = &context.texts;
    let main = html! {
        p.done role="status" { (texts.t_args("bulk-done", &[("count", found.len().into()), ("what", act.words(texts).into())])) }
        form method="post" action=(texts.to(urls::desk("recordings/bulk"))) {
            input type="hidden" name="undo" value=(act.field());
            input type="hidden" name="set" value=(act.is());
            input type="hidden" name="list" value=(posted.get("list"));
            @for (current, was) in found.iter().zip(was) {
                input type="hidden" name="id" value=(current.stored.public_id);
                input type="hidden" name="was" value=(was);
            }
            p.actions {
                button.button type="submit" data-kind="quiet" { (texts.t("bulk-undo")) }
                a.button href=(texts.to(back(posted))) { (texts.t("bulk-back")) }
            }
        }
    };
    framed(context, &main)
}

fn framed(context: &Context, main: &Markup) -> Response {
    Page::new("recordings", context.texts.t("bulk-title")).with(context, main)
}
