//! `/desk/recordings`: all recordings as a table with checkboxes, filtered, sorted and paged.

use std::collections::HashMap;

use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::catalogue::coordinator;
use crate::catalogue::desk_list::{self, Column, Filter, Lack, Order, RecordingLine};
use crate::catalogue::name::isolated;
use crate::catalogue::poster::WIDTHS;
use crate::catalogue::recording::Visibility;
use crate::catalogue::recording::metadata::VISIBILITIES;
use crate::catalogue::series::{self, Series};
use crate::catalogue::slice::{Direction, Slice};
use crate::desk::kit::{Choice, Context, Form, FormState, Page};
use crate::desk::recordings::bulk_act;
use crate::error::Result;
use crate::web::components::{badge, duration, foreign, name, title};
use crate::web::{Texts, format, parts, urls};

/// Lines on a page.
const LINES: usize = 100;

/// The row id of no series and no account.
const NOBODY: i64 = 0;

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
    let page = Page::new("recordings", texts.t("desk-recordings"))
        .scripts(&["desk.js", "many.js"])
        .status(state.status);
    Ok(page.with(context, &main))
}

/// The filter, order and page that an address asks for.
pub struct Asked {
    filter: Filter,
    /// The series and the owner as the address names them.
    series: String,
    owner: String,
    order: Order,
    border: Option<(desk_list::After, Direction)>,
    /// Whether all rows of the page are ticked.
    is_ticked: bool,
}

impl Asked {
    /// Parses a query string. `trashed`: whether the table shows the trash.
    pub fn of(query: Option<&str>, trashed: bool) -> Self {
        let get = |name: &str| urls::parameter(query, name).unwrap_or_default();
        let border = [("row", Direction::Forward), ("until", Direction::Backward)];
        let border = border.into_iter().find_map(|(name, direction)| {
            let row = get(name).parse().ok()?;
            Some(((get("key"), row), direction))
        });
        Self {
            filter: Filter {
                word: get("q").trim().chars().take(200).collect(),
                series: None,
                visibility: Visibility::parse(&get("visibility")),
                owner: None,
                lacks: Lack::parse(&get("lacks")),
                trashed,
            },
            series: get("series"),
            owner: get("keeper"),
            order: Order::parse(&get("order")).unwrap_or_default(),
            border,
            is_ticked: get("tick") == "all",
        }
    }

    /// Finds the series and the owner that the address names; one that is unknown selects nothing.
    fn resolve(&mut self, conn: &Connection, series: &Choice) -> Result<()> {
        let by_name = matches!(series, Choice::Typed(_));
        if !self.series.trim().is_empty() {
            let found = series::meant(conn, &self.series, by_name)?;
            self.filter.series = Some(found.unwrap_or(NOBODY));
        }
        if !self.owner.trim().is_empty() {
            let found = coordinator::meant(conn, &self.owner)?;
            self.filter.owner = Some(found.map_or(NOBODY, |one| one.id));
        }
        Ok(())
    }

    /// The filter as parameters of an address; those without effect are empty.
    fn parameters(&self) -> [(&'static str, String); 6] {
        let filter = &self.filter;
        let visibility = filter.visibility.map(Visibility::as_str);
        let lacks = filter.lacks.map(Lack::as_str);
        [
            ("q", filter.word.clone()),
            ("series", self.series.clone()),
            ("visibility", visibility.unwrap_or_default().to_owned()),
            ("lacks", lacks.unwrap_or_default().to_owned()),
            ("keeper", self.owner.clone()),
            ("order", self.order.text()),
        ]
    }
}

/// The content of the table.
pub struct List {
    asked: Asked,
    pub lines: Slice<RecordingLine>,
    /// Titles of the series of these lines, by row id.
    titles: HashMap<i64, Series>,
    series: Choice,
    people: Choice,
}

impl List {
    /// Loads a page of the table.
    pub async fn load(context: &Context, mut asked: Asked) -> Result<Self> {
        let today = context.today()?;
        let loaded = context.read(move |conn| {
            let series = Choice::of_series(conn)?;
            asked.resolve(conn, &series)?;
            let what = (&asked.filter, asked.order);
            let lines = desk_list::page(conn, what, asked.border.as_ref(), &today, LINES)?;
            let of: Vec<i64> = lines.items.iter().map(|line| line.series_id).collect();
            Ok(Self {
                titles: series::by_ids(conn, &of)?,
                people: Choice::of_people(conn, |_| true)?,
                lines,
                series,
                asked,
            })
        });
        loaded.await
    }

    /// The title of a line's series, in its language.
    pub fn series_title(&self, texts: &Texts, line: &RecordingLine) -> Markup {
        let series = self.titles.get(&line.series_id);
        html! { @if let Some(series) = series { span lang=[foreign(texts, series.language())] { (name(series.title())) } } }
    }

    fn filter(&self, texts: &Texts) -> Markup {
        let visibilities = VISIBILITIES.iter();
        let visibilities = visibilities.map(|one| (one.word.to_owned(), state(texts, one.word)));
        let visibilities = visibilities.collect();
        let lacks = Lack::ALL.map(|one| (one.as_str().to_owned(), lack_of(texts, one)));
        // Each select has a name, a label, the option for all, and the other options.
        let selects = [
            (
                "series",
                "list-series",
                "list-all-series",
                self.series.clone(),
            ),
            (
                "visibility",
                "list-visibility",
                "list-any-visibility",
                Choice::Listed(visibilities),
            ),
            (
                "lacks",
                "list-lacks",
                "list-complete-or-not",
                Choice::Listed(lacks.into()),
            ),
            (
                "keeper",
                "list-keeper",
                "list-any-keeper",
                self.people.clone(),
            ),
        ];
        let asked = self.asked.parameters();
        let value = |name: &str| {
            let found = asked.iter().find(|(it, _)| *it == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        html! {
            form.filter.in-a-row method="get" action=(urls::desk("recordings")) {
                label { span { (texts.t("list-word")) } input type="search" name="q" value=(self.asked.filter.word); }
                @for (name, label, any, choice) in &selects {
                    label { span { (texts.t(label)) } (choice.filter(texts, name, any, value(name))) }
                }
                input type="hidden" name="order" value=(self.asked.order.text());
                @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
                button.button type="submit" { (texts.t("filter")) }
            }
        }
    }

    fn table(&self, form: &Form<'_>, query: &str) -> Markup {
        let texts = form.texts;
        let is_ticked = |line: &RecordingLine| {
            let mut ticked = form.posted.all("id");
            self.asked.is_ticked || ticked.any(|id| id == line.public_id.as_str())
        };
        let ticked = self
            .lines
            .items
            .iter()
            .filter(|line| is_ticked(line))
            .count();
        let rows = parts::draw(&self.lines, |line| self.line(texts, line, is_ticked(line)));
        html! {
            @if rows.items.is_empty() { p { (texts.t("list-none")) } }
            @else {
                form.stack.wide method="post" action=(texts.to(urls::desk("recordings/bulk"))) {
                    input type="hidden" name="list" value=(query);
                    div.table-scroll role="region" aria-label=(texts.t("desk-recordings")) tabindex="0" {
                        table.recordings {
                            thead { tr {
                                th scope="col" { (self.tick_all(texts)) }
                                td {}
                                @for column in Column::ALL { (self.head(texts, column)) }
                            } }
                            tbody { @for (row, _) in &rows.items { (row) } }
                        }
                    }
                    (bulk_act::bar(form, (&self.series, &self.people), ticked))
                }
            }
            (self.others(texts, &rows))
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
            th scope="col" aria-sort=[sort] {
                a href=(texts.to(self.address(&[("order", order.text())]))) { (texts.t(column_key(column))) @if is_here { span aria-hidden="true" { (if now.backwards { " ↓" } else { " ↑" }) } } }
            }
        }
    }

    /// The link that ticks all rows of this page, or none; script makes a checkbox of it.
    fn tick_all(&self, texts: &Texts) -> Markup {
        let (to, label) = match self.asked.is_ticked {
            true => ("none", "list-tick-none"),
            false => ("all", "list-tick-all"),
        };
        let mut page = vec![("tick", to.to_owned())];
        if let Some(((key, row), direction)) = &self.asked.border {
            let border = match direction {
                Direction::Forward => "row",
                Direction::Backward => "until",
            };
            page.extend([("key", key.clone()), (border, row.to_string())]);
        }
        html! {
            a href=(texts.to(self.address(&page))) data-tick-all=(texts.t("list-tick-page")) { (texts.t(label)) span.unseen { " " (texts.t("list-on-page")) } }
        }
    }

    fn line(&self, texts: &Texts, line: &RecordingLine, is_ticked: bool) -> Markup {
        let version = line.poster_version.as_deref();
        html! {
            tr {
                td { input type="checkbox" name="id" value=(line.public_id) checked[is_ticked] aria-label=(isolated(&line.title)) autocomplete="off"; }
                td.picture-small {
                    @if version.is_some() { img src=(texts.asset(urls::poster_sized(&line.public_id, WIDTHS[0], version))) width="480" height="270" loading="lazy" decoding="async" alt=""; }
                    @else { span.tile {} }
                }
                td.number data-wide { @if let Some(number) = line.number { (number) } }
                td.what {
                    a href=(texts.to(urls::desk_recording(&line.public_id))) lang=[foreign(texts, &line.language)] { (title(&line.title)) }
                    @if let Some(lack) = line.lacks { " " (badge(&lack_of(texts, lack))) }
                }
                td.series { (self.series_title(texts, line)) }
                td.date data-wide { @if let Some(date) = &line.date { (format::date(texts.lang(), date)) } }
                td.length { @if let Some(ms) = line.duration_ms { (duration(texts.lang(), ms)) } }
                td { (state(texts, line.visibility.as_str())) }
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

    /// The links to the pages before and after this one.
    pub fn others<Row>(&self, texts: &Texts, rows: &Slice<(Row, &RecordingLine)>) -> Markup {
        let border = |line: &RecordingLine, to: &str| {
            let (key, row) = desk_list::after(line);
            texts.to(self.address(&[("key", key), (to, row.to_string())]))
        };
        let (first, last) = (rows.items.first(), rows.items.last());
        let before = first.filter(|_| rows.has_before);
        let after = last.filter(|_| rows.has_after);
        parts::between(
            texts,
            before.map(|(_, line)| border(line, "until")),
            after.map(|(_, line)| border(line, "row")),
        )
    }
}

fn lack_of(texts: &Texts, lack: Lack) -> String {
    texts.t(&format!("lacks-{}", lack.as_str()))
}

/// A visibility in one or two words.
fn state(texts: &Texts, visibility: &str) -> String {
    texts.t(&format!("state-{visibility}"))
}

fn column_key(column: Column) -> &'static str {
    match column {
        Column::Number => "list-number",
        Column::Title => "recording-title",
        Column::Series => "list-series",
        Column::Date => "recording-date",
        Column::Length => "list-length",
        Column::Visibility => "list-visibility",
    }
}
