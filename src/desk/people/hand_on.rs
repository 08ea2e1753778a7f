//! `/desk/people/{id}/hand-on`: what a colleague looked after goes to another, all of it at once.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::html;

use crate::app::App;
use crate::catalogue::{coordinator, recording::owner};
use crate::desk::kit::form::{Field, Form, field};
use crate::desk::kit::layout::{self, Desk};
use crate::desk::kit::posted::{Errors, Posted};
use crate::desk::people::list::{People, change};
use crate::error::{Error, Result};
use crate::text;
use crate::web::sign_in::Administrator;
use crate::web::{Texts, urls};

const TO: Field<'_> = field("to", "hand-on-to");

/// `GET /desk/people/{id}/hand-on`: to whom what someone looks after goes.
pub async fn ask(
    State(app): State<App>,
    Path(id): Path<i64>,
    Administrator(me): Administrator,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let people = People::load(&app, me, None).await?;
    let person = people
        .all
        .iter()
        .find(|one| one.id == id)
        .ok_or(Error::NotFound)?;
    let others: Vec<(String, String)> = people
        .all
        .iter()
        .filter(|one| one.id != id && !one.disabled)
        .map(|one| (one.id.to_string(), one.name.clone()))
        .collect();
    let form = Form {
        texts: &texts,
        posted: &Posted::default(),
        errors: &Errors::new(),
    };
    let count = people.kept.get(&id).copied().unwrap_or(0);
    let main = html! {
        p.lead { (texts.t_args("hand-on-text", &[("count", count.into()), ("name", person.name.as_str().into())])) }
        form.stack method="post" action=(texts.to(urls::desk(&format!("people/{id}/hand-on")))) {
            (form.select(TO, &others))
            p.actions {
                button.button type="submit" { (texts.t("hand-on-button")) }
                a.button data-kind="quiet" href=(texts.to(urls::desk("people"))) { (texts.t("bulk-not")) }
            }
        }
    };
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &people.me,
        place: "people",
        title: texts.t("hand-on-title"),
        done: layout::done(&texts, query.as_deref()),
    };
    Ok(desk.show(&main))
}

/// `POST /desk/people/{id}/hand-on`: `to`, the account that looks after it from now on.
pub async fn hand_on(
    State(app): State<App>,
    Path(id): Path<i64>,
    Administrator(me): Administrator,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let to: i64 = posted
        .get("to")
        .parse()
        .map_err(|_| Error::Refused(text!("form-unreadable")))?;
    change(&app, id, &me, "hand on", move |conn, _| {
        if coordinator::by_id(conn, to)?.disabled {
            return Err(Error::Refused(text!("coordinator-disabled")));
        }
        owner::hand_on(conn, id, to).map(drop)
    })
    .await?;
    layout::go(&texts, urls::desk("people"), Some("done-handed-on"))
}
