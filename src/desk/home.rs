//! `/desk`: what needs attention, each as a sentence with the button that solves it.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};

use crate::app::App;
use crate::catalogue::desk_list::{self, Attention};
use crate::desk::kit::layout::{self, Desk};
use crate::error::{Error, Result};
use crate::web::sign_in::Me;
use crate::web::{Texts, format, urls};

/// Free bytes below which the page says so: a recording of an hour and a half.
const LITTLE: u64 = 4 * 1024 * 1024 * 1024;

/// `GET /desk`
pub async fn show(
    State(app): State<App>,
    me: Me,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let now = jiff::Timestamp::from_second(app.clock.now()).map_err(Error::internal)?;
    let today = now.to_zoned(app.config.zone()).date().to_string();
    let found = app
        .db
        .read(move |conn| desk_list::attention(conn, &today))
        .await?;
    let library = app.library.clone();
    let free = tokio::task::spawn_blocking(move || library.free_bytes())
        .await
        .map_err(Error::internal)?;
    let Attention {
        missing,
        uncaptioned,
        drafts,
        overdue,
        problems,
    } = found;
    let table = |name: &str, value: &str| urls::with(&urls::desk("recordings"), name, value);
    let things = [
        (missing, "attention-missing", table("lacks", "file")),
        (overdue, "attention-overdue", table("lacks", "recording")),
        (problems, "attention-problems", urls::desk("problems")),
        (drafts, "attention-drafts", table("visibility", "draft")),
        (
            uncaptioned,
            "attention-captions",
            table("lacks", "captions"),
        ),
    ];
    let is_all_well = things.iter().all(|(count, _, _)| *count == 0);
    let main = html! {
        p.lead { (texts.t_args("desk-welcome", &[("name", me.coordinator.name.as_str().into())])) " "
            @if is_all_well { (texts.t("attention-none")) } }
        ul.desk-rows {
            @for (count, key, address) in things {
                @if count > 0 { (thing(&texts, &texts.t_args(key, &[("count", count.into())]), &address)) }
            }
            @if let Some(free) = free {
                li { (texts.t_args(if free < LITTLE { "attention-space" } else { "space-free" }, &[("size", format::size(texts.lang(), free).into())])) }
            }
        }
        p.actions {
            a.button href=(texts.to(urls::desk("series"))) { (texts.t("desk-series")) }
            a.button data-kind="quiet" href=(texts.to(urls::desk("recordings"))) { (texts.t("desk-recordings")) }
        }
    };
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &me,
        place: "",
        title: texts.t("desk-home"),
        done: layout::done(&texts, query.as_deref()),
    };
    Ok(desk.show(&main))
}

fn thing(texts: &Texts, sentence: &str, address: &str) -> Markup {
    html! {
        li {
            span { (sentence) }
            a.button data-kind="quiet" href=(texts.to(address.to_owned())) { (texts.t("attention-look")) span.unseen { ": " (sentence) } }
        }
    }
}
