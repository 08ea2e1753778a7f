//! `/desk/recordings`: all recordings as a table with checkboxes, filtered, sorted and paged.

use std::collections::HashMap;

use axum::response::Response;
use maud::{Markup, html};

use crate::catalogue::coordinator::{self, Coordinator};
use crate::catalogue::desk_list::{self, Column, Filter, Lack, Order, RecordingLine};
use crate::catalogue::name::isolated;
use crate::catalogue::recording::Visibility;
use crate::catalogue::recording::metadata::VISIBILITIES;
use crate::catalogue::series;
use crate::desk::kit::{Context, Form, FormState, Page, options};
use crate::desk::recording::visibility;
use crate::desk::recordings::bulk_act;
use crate::error::Result;
use crate::web::components::name;
use crate::web::{Texts, format, urls};

/// Lines on a page.
const LINES: u32 = 100;

/// `GET /desk/recordings`
pub async fn show(context: Context) -> Result<Response> {
    let query = context.query().unwrap_or_default();
    page(&context, query, &FormState::empty()).await
}

/// Draws the page with its table. `query`: the filter in the address; `state`: of the form below the table.
pub async fn page(context: &Context, query: &str, state: &FormState) -> Result<Response> {
    let texts = &context.texts;
    let list = List::load(context, Asked::of(Some(query), false)).await?;
    let form = state.form(texts);
    let main = html! { (form.summary(&bulk_act::labels())) (list.filter(texts)) (list.table(&form, query)) };
    let page = Page::new("recordings", texts.t("desk-recordings")).status(state.status);
    Ok(page.with(context, &main))
}

/// The filter, order and page that an address asks for.
pub struct Asked {
    filter: Filter,
    order: Order,
    after: Option<desk_list::After>,
}

impl Asked {
    /// Parses a query string. `trashed`: whether the table shows the trash.
    pub fn of(query: Option<&str>, trashed: bool) -> Self {
        let get = |name: &str| urls::parameter(query, name).unwrap_or_default();
        let row = get("row").parse().ok();
        Self {
            filter: Filter {
                word: get("q").trim().chars().take(200).collect(),
                series: get("series").parse().ok(),
                visibility: Visibility::parse(&get("visibility")),
                owner: get("keeper").parse().ok(),
                lacks: Lack::parse(&get("lacks")),
                trashed,
            },
            order: Order::parse(&get("order")).unwrap_or_default(),
            after: row.map(|row| (get("key"), row)),
        }
    }

    /// The filter as parameters of an address; those without effect are empty.
    fn parameters(&self) -> [(&'static str, String); 6] {
        let filter = &self.filter;
        let row = |row: Option<i64>| row.map(|row| row.to_string()).unwrap_or_default();
        let visibility = filter.visibility.map(Visibility::as_str);
        let lacks = filter.lacks.map(Lack::as_str);
        [
            ("q", filter.word.clone()),
            ("series", row(filter.series)),
            ("visibility", visibility.unwrap_or_default().to_owned()),
            ("lacks", lacks.unwrap_or_default().to_owned()),
            ("keeper", row(filter.owner)),
            ("order", self.order.text()),
        ]
    }
}

/// The content of the table.
pub struct List {
    asked: Asked,
    pub lines: Vec<RecordingLine>,
    /// Titles of all series by row id.
    series: HashMap<i64, (String, bool)>,
    people: Vec<Coordinator>,
}

impl List {
    /// Loads a page of the table.
    pub async fn load(context: &Context, asked: Asked) -> Result<Self> {
        let today = context.today()?;
        let loaded = context.read(move |conn| {
            let (filter, after) = (&asked.filter, asked.after.as_ref());
            Ok(Self {
                lines: desk_list::page(conn, filter, asked.order, after, &today, LINES)?,
                series: series::titles(conn)?,
                people: coordinator::all(conn)?,
                asked,
            })
        });
        loaded.await
    }

    /// The title of a line's series.
    pub fn series_title(&self, line: &RecordingLine) -> &str {
        let found = self.series.get(&line.series_id);
        found.map_or("", |(title, _)| title)
    }

    fn filter(&self, texts: &Texts) -> Markup {
        let visibilities = VISIBILITIES.iter();
        let visibilities = visibilities.map(|one| (one.word.to_owned(), texts.t(one.label)));
        let visibilities = visibilities.collect();
        let lacks = Lack::ALL.map(|one| (one.as_str().to_owned(), lack_of(texts, one)));
        let series = options::of_series(&self.series);
        let people = options::of_people(&self.people);
        // Each select has a name, a label, the option for all, and the other options.
        let selects = [
            ("series", "list-series", "list-all-series", series),
            (
                "visibility",
                "list-visibility",
                "list-any-visibility",
                visibilities,
            ),
            ("lacks", "list-lacks", "list-complete-or-not", lacks.into()),
            ("keeper", "list-keeper", "list-any-keeper", people),
        ];
        let asked = self.asked.parameters();
        let is_chosen =
            |name: &str, value: &str| asked.iter().any(|(it, is)| *it == name && is == value);
        html! {
            form.filter method="get" action=(urls::desk("recordings")) {
                label { span { (texts.t("list-word")) } input type="search" name="q" value=(self.asked.filter.word); }
                @for (name, label, any, options) in &selects {
                    label {
                        span { (texts.t(label)) }
                        select name=(name) {
                            option value="" { (texts.t(any)) }
                            @for (value, words) in options { option value=(value) selected[is_chosen(name, value)] { (words) } }
                        }
                    }
                }
                input type="hidden" name="order" value=(self.asked.order.text());
                @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
                button.button type="submit" { (texts.t("filter")) }
            }
        }
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
                    (bulk_act::bar(form, &options::of_series(&self.series), &options::of_people(&self.people)))
                }
            }
            (self.next(texts))
        }
    }

    /// The head of a column with a link that sorts by it, or reverses the order.
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

    fn line(&self, form: &Form<'_>, line: &RecordingLine) -> Markup {
        let texts = form.texts;
        let mut ticked = form.posted.all("id");
        let is_ticked = ticked.any(|id| id == line.public_id.as_str());
        html! {
            tr {
                td { input type="checkbox" name="id" value=(line.public_id) checked[is_ticked] aria-label=(isolated(&line.title)) autocomplete="off"; }
                td.number { @if let Some(number) = line.number { (number) } }
                td {
                    a href=(texts.to(urls::desk_recording(&line.public_id))) { (name(&line.title)) }
                    @if let Some(lack) = line.lacks { " " span.badge { (lack_of(texts, lack)) } }
                }
                td data-wide { (name(self.series_title(line))) }
                td { @if let Some(date) = &line.date { (format::date(texts.lang(), date)) } }
                td { (texts.t(visibility::label(line.visibility))) }
            }
        }
    }

    /// The address of this list with some parameters replaced.
    fn address(&self, others: &[(&str, String)]) -> String {
        let place = match self.asked.filter.trashed {
            true => "trash",
            false => "recordings",
        };
        let is_other = |name: &str| others.iter().any(|(other, _)| *other == name);
        let mut asked = self.asked.parameters().to_vec();
        asked.retain(|(name, value)| !value.is_empty() && !is_other(name));
        asked
            .iter()
            .chain(others)
            .fold(urls::desk(place), |address, (name, value)| {
                urls::with(&address, name, value)
            })
    }

    /// The link to the next page.
    pub fn next(&self, texts: &Texts) -> Markup {
        let is_full = self.lines.len() >= LINES as usize;
        let Some(last) = self.lines.last().filter(|_| is_full) else {
            return html! {};
        };
        let (key, row) = desk_list::after(last);
        let address = self.address(&[("key", key), ("row", row.to_string())]);
        html! { p.actions { a.button data-kind="quiet" href=(texts.to(address)) { (texts.t("list-more")) } } }
    }
}

fn lack_of(texts: &Texts, lack: Lack) -> String {
    texts.t(&format!("lacks-{}", lack.as_str()))
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
