//! `/desk/people/{id}/hand-on`: reassigns all recordings of one coordinator to another.

use axum::extract::Path;
use axum::response::Response;
use maud::html;

use crate::catalogue::{coordinator, recording::owner};
use crate::desk::kit::{Administrator, Choice, Field, FormState, Page, Posted, field};
use crate::desk::people::list::change;
use crate::error::{Error, Result};
use crate::text;
use crate::web::urls;

const TO: Field<'_> = field("to", "hand-on-to");

/// `GET /desk/people/{id}/hand-on`: the form that asks for the new owner.
pub async fn ask(Administrator(context): Administrator, Path(id): Path<i64>) -> Result<Response> {
    let texts = &context.texts;
    let found = context.read(move |conn| {
        let person = coordinator::by_id(conn, id)?;
        let others = Choice::of_people(conn, |one| one.id != id && !one.disabled)?;
        Ok((person, others, owner::counts(conn)?))
    });
    let (person, others, kept) = found.await?;
    let state = FormState::empty();
    let form = state.form(texts);
    let count = kept.get(&id).copied().unwrap_or(0);
    let main = html! {
        p.lead { (texts.t_args("hand-on-text", &[("count", count.into()), ("name", person.name.as_str().into())])) }
        @if count > 0 {
            form.stack method="post" action=(texts.to(urls::desk(&format!("people/{id}/hand-on")))) {
                (others.draw(&form, TO))
                p.actions {
                    button.button type="submit" { (texts.t("hand-on-button")) }
                    a.button data-kind="quiet" href=(texts.to(urls::desk("people"))) { (texts.t("bulk-not")) }
                }
            }
        } @else {
            p.actions { a.button href=(texts.to(urls::desk("people"))) { (texts.t("desk-people")) } }
        }
    };
    let page = Page::new("people", texts.t("hand-on-title"));
    Ok(page.with(&context, &main))
}

/// `POST /desk/people/{id}/hand-on`, with `to`: the account of the new owner.
pub async fn hand_on(
    Administrator(context): Administrator,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response> {
    let words = posted.get("to").to_owned();
    let to = context.read(move |conn| coordinator::meant(conn, &words));
    let to = to.await?.ok_or(Error::NotFound)?.id;
    change(&context, id, "hand on", move |conn, _| {
        if coordinator::by_id(conn, to)?.disabled {
            return Err(Error::Refused(text!("coordinator-disabled")));
        }
        owner::hand_on(conn, id, to).map(drop)
    })
    .await?;
    context.go(urls::desk("people"), "done-handed-on")
}
