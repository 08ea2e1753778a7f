//! `/desk/recordings`: all of them as a table with tick boxes, filtered and sorted, a page at a time.

use std::collections::HashMap;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::app::App;
use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::desk_list::{self, Column, Filter, Lack, Line, Order};
use crate::catalogue::recording::Visibility;
use crate::catalogue::recording::metadata::VISIBILITIES;
use crate::catalogue::series;
use crate::desk::kit::form::Form;
use crate::desk::kit::layout::{self, Desk};
use crate::desk::kit::posted::Posted;
use crate::desk::recording::page as recording_page;
use crate::desk::recording::page::Shown;
use crate::desk::recording::visibility as recording_visibility;
use crate::desk::recordings::bulk_act;
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
    let done = layout::done(&texts, query.as_deref());
    let query = query.unwrap_or_default();
    let shown = Shown::first(Posted::default());
    page((&app, &texts, &me), &query, done, &shown).await
}

/// The page with its table. `query`: which recordings, as in the address; `shown`: what was ticked and typed below it.
pub async fn page(
    (app, texts, me): (&App, &Texts, &Me),
    query: &str,
    done: Option<String>,
    shown: &Shown,
) -> Result<Response> {
    let list = List::load(app, Asked::of(Some(query), false)).await?;
    let form = Form {
        texts,
        posted: &shown.posted,
        errors: &shown.errors,
    };
    let main = html! { (form.summary(&bulk_act::labels())) (list.filter(texts)) (list.table(&form, query)) };
    let desk = Desk {
        app,
        texts,
        me,
        place: "recordings",
        title: texts.t("desk-recordings"),
        done,
    };
    Ok(desk.show_with(shown.status, &main))
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
                keeper: get("keeper").parse().ok(),
                lacks: Lack::parse(&get("lacks")),
                trashed,
            },
            order: Order::parse(&get("order")).unwrap_or_default(),
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
    people: Vec<Coordinator>,
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
                coordinator::all(conn)?,
            ))
        });
        let (lines, series, people) = found.await?;
        Ok(Self {
            asked,
            lines,
            series,
            people,
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
        let any = |name: &str| vec![(String::new(), texts.t(name))];
        let chosen = |value: Option<String>| value.unwrap_or_default();
        let mut series = any("list-all-series");
        series.extend(self.all_series());
        let mut visible = any("list-any-visibility");
        visible.extend(
            VISIBILITIES
                .iter()
                .map(|one| (one.word.to_owned(), texts.t(one.label))),
        );
        let mut lacks = any("list-complete-or-not");
        lacks.extend(Lack::ALL.map(|one| (one.as_str().to_owned(), texts.t(lack_key(one)))));
        let mut keepers = any("list-any-keeper");
        keepers.extend(self.all_people());
        let selects = [
            (
                "series",
                "list-series",
                series,
                chosen(filter.series.map(|it| it.to_string())),
            ),
            (
                "visibility",
                "list-visibility",
                visible,
                chosen(filter.visibility.map(|it| it.as_str().to_owned())),
            ),
            (
                "lacks",
                "list-lacks",
                lacks,
                chosen(filter.lacks.map(|it| it.as_str().to_owned())),
            ),
            (
                "keeper",
                "list-keeper",
                keepers,
                chosen(filter.keeper.map(|it| it.to_string())),
            ),
        ];
        html! {
            form.filter method="get" action=(urls::desk("recordings")) {
                label { span { (texts.t("list-word")) } input type="search" name="q" value=(filter.word); }
                @for (name, label, options, now) in &selects {
                    label {
                        span { (texts.t(label)) }
                        select name=(name) { @for (value, words) in options { option value=(value) selected[value == now] { (words) } } }
                    }
                }
                input type="hidden" name="order" value=(self.asked.order.text());
                @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
                button.button type="submit" { (texts.t("filter")) }
            }
        }
    }

    /// All series, by title: the value of an option, and its words.
    fn all_series(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = self
            .series
            .iter()
            .map(|(id, (title, _))| (id.to_string(), title.clone()))
            .collect();
        all.sort_by_key(|(_, title)| title.to_lowercase());
        all
    }

    fn all_people(&self) -> Vec<(String, String)> {
        self.people
            .iter()
            .map(|one| (one.id.to_string(), one.name.clone()))
            .collect()
    }

    fn table(&self, form: &Form<'_>, query: &str) -> Markup {
        let texts = form.texts;
        html! {
            @if self.lines.is_empty() { p { (texts.t("list-none")) } }
            @else {
                form.stack.wide method="post" action=(texts.to(urls::desk("recordings/bulk"))) {
                    input type="hidden" name="list" value=(query);
                    div.table-scroll role="region" aria-label=(texts.t("desk-recordings")) tabindex="0" {
                        table {
                            thead { tr {
                                th scope="col" { span.unseen { (texts.t("list-tick")) } }
                                @for column in Column::ALL { (self.head(texts, column)) }
                            } }
                            tbody { @for line in &self.lines { (self.line(form, line)) } }
                        }
                    }
                    (bulk_act::bar(form, &self.all_series(), &self.all_people()))
                }
            }
            (self.next(texts))
        }
    }

    /// The head of a column, which sorts by it; once more, backwards.
    fn head(&self, texts: &Texts, column: Column) -> Markup {
        let now = self.asked.order;
        let is_here = now.by == column;
        let order = Order {
            by: column,
            backwards: is_here && !now.backwards,
        };
        let sort = match (is_here, now.backwards) {
            (false, _) => None,
            (true, false) => Some("ascending"),
            (true, true) => Some("descending"),
        };
        html! {
            th scope="col" data-wide[column == Column::Series] aria-sort=[sort] {
                a href=(texts.to(self.address(&[("order", order.text())]))) { (texts.t(column_key(column))) @if is_here { span aria-hidden="true" { (if now.backwards { " ↓" } else { " ↑" }) } } }
            }
        }
    }

    fn line(&self, form: &Form<'_>, line: &Line) -> Markup {
        let texts = form.texts;
        let is_ticked = form
            .posted
            .all("id")
            .any(|id| id == line.public_id.as_str());
        html! {
            tr {
                td { input type="checkbox" name="id" value=(line.public_id) checked[is_ticked] aria-label=(line.title) autocomplete="off"; }
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

    /// The address of this list with other values in it.
    fn address(&self, others: &[(&str, String)]) -> String {
        let filter = &self.asked.filter;
        let place = if filter.trashed {
            "trash"
        } else {
            "recordings"
        };
        let said = [
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
            (
                "keeper",
                filter.keeper.map(|id| id.to_string()).unwrap_or_default(),
            ),
            ("order", self.asked.order.text()),
        ];
        let is_other = |name: &str| others.iter().any(|(other, _)| *other == name);
        said.iter()
            .filter(|(name, value)| !value.is_empty() && !is_other(name))
            .chain(others)
            .fold(urls::desk(place), |address, (name, value)| {
                urls::with(&address, name, value)
            })
    }

    /// The way to the lines after these.
    pub fn next(&self, texts: &Texts) -> Markup {
        let last = self
            .lines
            .last()
            .filter(|_| self.lines.len() >= LINES as usize);
        let Some(last) = last else { return html! {} };
        let (key, row) = desk_list::after(last);
        let address = self.address(&[("key", key), ("row", row.to_string())]);
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

fn column_key(column: Column) -> &'static str {
    match column {
        Column::Number => "recording-number",
        Column::Title => "recording-title",
        Column::Series => "list-series",
        Column::Date => "recording-date",
        Column::Visibility => "list-visibility",
    }
}
