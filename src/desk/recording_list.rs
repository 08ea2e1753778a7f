//! `/desk/recordings`: all of them as a table with tick boxes, filtered and sorted, a page at a time.

use std::collections::HashMap;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};

use super::frame::{self, Desk};
use super::recording_visibility::{self, CHOICES};
use super::{recording_bulk, recording_page};
use crate::app::App;
use crate::catalogue::desk_list::{self, Filter, Lack, Line, Order};
use crate::catalogue::recording::Visibility;
use crate::catalogue::series;
use crate::error::{Error, Result};
use crate::web::sign_in::Me;
use crate::web::{Texts, format, urls};

/// Lines of a page.
const LINES: u32 = 100;

/// `GET /desk/recordings`
pub async fn show(
    State(app): State<App>,
    me: Me,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let asked = Asked::of(query.as_deref(), false);
    let list = List::load(&app, asked).await?;
    let main = html! { (list.filter(&texts)) (list.table(&texts)) };
    let desk = Desk {
        app: &app,
        texts: &texts,
        me: &me,
        place: "recordings",
        title: texts.t("desk-recordings"),
        done: frame::done(&texts, query.as_deref()),
    };
    Ok(desk.show(&main))
}

/// What the address asks for.
pub struct Asked {
    filter: Filter,
    order: Order,
    after: Option<desk_list::After>,
}

impl Asked {
    /// `trashed`: of the trash.
    pub fn of(query: Option<&str>, trashed: bool) -> Self {
        let get = |name: &str| urls::parameter(query, name).unwrap_or_default();
        let row = get("row").parse().ok();
        Self {
            filter: Filter {
                word: get("q").trim().chars().take(200).collect(),
                series: get("series").parse().ok(),
                visibility: Visibility::parse(&get("visibility")),
                lacks: Lack::parse(&get("lacks")),
                trashed,
            },
            order: Order::parse(&get("order")),
            after: row.map(|row| (get("key"), row)),
        }
    }
}

/// What the table shows.
pub struct List {
    asked: Asked,
    pub lines: Vec<Line>,
    /// Titles of all series, by row.
    series: HashMap<i64, (String, bool)>,
}

impl List {
    /// Loads a page of it.
    pub async fn load(app: &App, asked: Asked) -> Result<Self> {
        let today = Timestamp::from_second(app.clock.now())
            .map_err(Error::internal)?
            .to_zoned(app.config.zone())
            .date()
            .to_string();
        let (filter, order, after) = (asked.filter.clone(), asked.order, asked.after.clone());
        let found = app.db.read(move |conn| {
            Ok((
                desk_list::page(conn, &filter, order, after.as_ref(), &today, LINES)?,
                series::titles(conn)?,
            ))
        });
        let (lines, series) = found.await?;
        Ok(Self {
            asked,
            lines,
            series,
        })
    }

    /// The title of the series of a line.
    pub fn series_title(&self, line: &Line) -> &str {
        self.series
            .get(&line.series_id)
            .map_or("", |(title, _)| title)
    }

    fn filter(&self, texts: &Texts) -> Markup {
        let filter = &self.asked.filter;
        let mut all: Vec<(&i64, &str)> = self
            .series
            .iter()
            .map(|(id, (title, _))| (id, title.as_str()))
            .collect();
        all.sort_by_key(|(_, title)| title.to_lowercase());
        html! {
            form.filter method="get" action=(urls::desk("recordings")) {
                input type="search" name="q" value=(filter.word) aria-label=(texts.t("list-word")) placeholder=(texts.t("list-word"));
                select name="series" aria-label=(texts.t("list-series")) {
                    option value="" { (texts.t("list-all-series")) }
                    @for (id, title) in all { option value=(id) selected[filter.series == Some(*id)] { (title) } }
                }
                select name="visibility" aria-label=(texts.t("list-visibility")) {
                    option value="" { (texts.t("list-any-visibility")) }
                    @for (visibility, label) in CHOICES { option value=(visibility.as_str()) selected[filter.visibility == Some(visibility)] { (texts.t(label)) } }
                }
                select name="lacks" aria-label=(texts.t("list-lacks")) {
                    option value="" { (texts.t("list-complete-or-not")) }
                    @for lack in Lack::ALL { option value=(lack.as_str()) selected[filter.lacks == Some(lack)] { (texts.t(lack_key(lack))) } }
                }
                select name="order" aria-label=(texts.t("list-order")) {
                    option value="newest" selected[self.asked.order == Order::Newest] { (texts.t("list-newest")) }
                    option value="title" selected[self.asked.order == Order::Title] { (texts.t("list-by-title")) }
                }
                @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
                button.button type="submit" { (texts.t("filter")) }
            }
        }
    }

    fn table(&self, texts: &Texts) -> Markup {
        html! {
            @if self.lines.is_empty() { p { (texts.t("list-none")) } }
            @else {
                form.stack.wide method="post" action=(texts.to(urls::desk("recordings/bulk"))) {
                    div.table-scroll role="region" aria-label=(texts.t("desk-recordings")) tabindex="0" {
                        table {
                            thead { tr {
                                th scope="col" { span.unseen { (texts.t("list-tick")) } }
                                @for (head, is_wide) in [("recording-number", false), ("recording-title", false), ("list-series", true), ("recording-date", false), ("list-visibility", false)] { th scope="col" data-wide[is_wide] { (texts.t(head)) } }
                            } }
                            tbody { @for line in &self.lines { (self.line(texts, line)) } }
                        }
                    }
                    (recording_bulk::bar(texts))
                }
            }
            (self.next(texts))
        }
    }

    fn line(&self, texts: &Texts, line: &Line) -> Markup {
        html! {
            tr {
                td { input type="checkbox" name="id" value=(line.public_id) aria-label=(line.title) autocomplete="off"; }
                td.number { @if let Some(number) = line.number { (number) } }
                td {
                    a href=(texts.to(recording_page::desk(&line.public_id))) { (line.title) }
                    @if let Some(lack) = line.lacks { " " span.badge { (texts.t(lack_key(lack))) } }
                }
                td data-wide { (self.series_title(line)) }
                td { @if let Some(date) = &line.date { (format::date(texts.lang(), date)) } }
                td { (texts.t(recording_visibility::label(line.visibility))) }
            }
        }
    }

    /// The way to the lines after these.
    pub fn next(&self, texts: &Texts) -> Markup {
        let last = self
            .lines
            .last()
            .filter(|_| self.lines.len() >= LINES as usize);
        let Some(last) = last else { return html! {} };
        let (key, row) = desk_list::after(last, self.asked.order);
        let filter = &self.asked.filter;
        let place = if filter.trashed {
            "trash"
        } else {
            "recordings"
        };
        let address = [
            ("q", filter.word.clone()),
            (
                "series",
                filter.series.map(|id| id.to_string()).unwrap_or_default(),
            ),
            (
                "visibility",
                filter
                    .visibility
                    .map(|it| it.as_str().to_owned())
                    .unwrap_or_default(),
            ),
            (
                "lacks",
                filter
                    .lacks
                    .map(|it| it.as_str().to_owned())
                    .unwrap_or_default(),
            ),
            ("order", self.asked.order.as_str().to_owned()),
            ("key", key),
            ("row", row.to_string()),
        ]
        .iter()
        .filter(|(name, value)| !value.is_empty() || *name == "key")
        .fold(urls::desk(place), |address, (name, value)| {
            urls::with(&address, name, value)
        });
        html! { p.actions { a.button data-kind="quiet" href=(texts.to(address)) { (texts.t("list-more")) } } }
    }
}

fn lack_key(lack: Lack) -> &'static str {
    match lack {
        Lack::File => "lacks-file",
        Lack::Captions => "lacks-captions",
        Lack::Recording => "lacks-recording",
    }
}
