//! Finding in what is said in one recording, as a plain form above its transcript. In: the words of a visitor and the lines. Out: the
//! lines that were found, marked and counted, and the ways from each to the next; `find.js` goes them without leaving the page.

use std::collections::HashSet;

use maud::{Markup, html};
use rusqlite::Connection;

use super::marked::marked;
use crate::catalogue::PublicId;
use crate::error::Result;
use crate::search::Question;
use crate::search::said::{Hits, Line};
use crate::web::components::icon;
use crate::web::fragment::Fragment;
use crate::web::{Texts, markdown, urls};

/// What a visitor looks for in one recording.
#[derive(Debug, Clone)]
pub struct Find {
    question: Question,
    /// Which of what was found is looked at, from one; without it what is said at the moment that was asked for, or else the first.
    at: Option<usize>,
}

impl Find {
    /// As an address asks for it; `None` when it asks for nothing.
    pub fn asked(query: Option<&str>) -> Option<Self> {
        let question = Question::of(&urls::parameter(query, "find")?);
        let at = urls::parameter(query, "hit").and_then(|at| at.parse().ok());
        (!question.typed().is_empty()).then_some(Self { question, at })
    }
}

/// What was found, by the places of the lines.
pub struct Found {
    find: Find,
    hits: Hits,
    /// Whether only the lines that were found are shown, and whether they are the first of more.
    pub alone: bool,
    is_cut: bool,
}

/// How well it was found: better is greater.
pub type Rank = (bool, bool, bool);

impl Found {
    pub fn of(conn: &Connection, find: &Find, lines: &[Line]) -> Result<Self> {
        Ok(Self {
            hits: Hits::of(conn, &find.question, lines)?,
            find: find.clone(),
            alone: false,
            is_cut: false,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.hits.places.is_empty()
    }

    /// All words before some, and as they were typed before what was meant.
    pub fn rank(&self) -> Rank {
        let is_typed = self.hits.meant.is_empty();
        (!self.is_empty(), self.hits.have_all, is_typed)
    }

    /// Whether another language could not be better.
    pub fn is_best(&self) -> bool {
        self.rank() == (true, true, true)
    }

    /// Keeps only the lines that were found, at most so many.
    pub fn alone<T>(mut self, lines: Vec<T>, most: usize) -> (Self, Vec<T>) {
        let Hits { places, beside, .. } = &mut self.hits;
        self.is_cut = places.len() + beside.len() > most;
        let room = most.saturating_sub(beside.len()).max(most / 2);
        places.truncate(room);
        beside.truncate(most - places.len());
        let [is_found, is_beside] =
            [&*places, &*beside].map(|kept| kept.iter().copied().collect::<HashSet<usize>>());
        let mut found = Vec::new();
        places.clear();
        beside.clear();
        for (place, line) in lines.into_iter().enumerate() {
            match (is_found.contains(&place), is_beside.contains(&place)) {
                (true, _) => places.push(found.len()),
                (false, true) => beside.push(found.len()),
                (false, false) => continue,
            }
            found.push(line);
        }
        self.alone = true;
        (self, found)
    }

    /// The number of a line among those that were found, from one.
    pub fn number(&self, place: usize) -> Option<usize> {
        let at = self.hits.places.binary_search(&place).ok()?;
        Some(at + 1)
    }

    /// Looks at what was found at this place, when the address does not say at which.
    pub fn looking_at(mut self, place: Option<usize>) -> Self {
        let here = place.and_then(|place| self.number(place));
        self.find.at = self.find.at.or(here);
        self
    }

    /// Whether the words of a line are marked.
    pub fn is_marked(&self, place: usize) -> bool {
        self.number(place).is_some() || self.hits.beside.binary_search(&place).is_ok()
    }

    /// Whether the line with this number is the one that is looked at.
    pub fn is_now(&self, number: usize) -> bool {
        number == self.now()
    }

    /// The place of the line that is looked at.
    pub fn place(&self) -> Option<usize> {
        self.hits.places.get(self.now() - 1).copied()
    }

    fn now(&self) -> usize {
        let at = self.find.at.unwrap_or(1);
        at.clamp(1, self.count().max(1))
    }

    fn count(&self) -> usize {
        self.hits.places.len()
    }

    /// A line with its words marked.
    pub fn marked(&self, line: &str) -> Markup {
        marked(line, &self.hits.marks, usize::MAX)
    }

    /// What was found, and the ways to the line before and after the one that is looked at.
    fn render(&self, texts: &Texts, id: &PublicId, fragment: Fragment) -> Markup {
        let (count, now) = (self.count(), self.now());
        let question = self.find.question.typed();
        let to = |number: usize| {
            let address = urls::with(&urls::find(id, question), "hit", &number.to_string());
            format!("{}#hit-{number}", texts.to(fragment.of_page(&address)))
        };
        let before = if now > 1 { now - 1 } else { count };
        let after = if now < count { now + 1 } else { 1 };
        html! {
            @for (typed, meant) in &self.hits.meant {
                p { (texts.t_args("search-meant", &[("typed", typed.as_str().into()), ("meant", meant.as_str().into())])) }
            }
            @if !self.hits.ignored.is_empty() { p { (ignored(texts, &self.hits.ignored)) } }
            @if count == 0 {
                p { (texts.t_args("find-none", &[("question", markdown::shorten(question, 60).into())])) }
            } @else {
                @if !self.hits.have_all { p { (texts.t("find-some")) } }
                @if self.alone { p { (texts.t("find-alone")) } }
                @if self.is_cut { p { (texts.t_args("find-cut", &[("count", count.into())])) } }
                p.steps {
                    a data-now data-at=(texts.t_args("find-at", &[("number", "%".into()), ("count", count.into())])) href=(format!("#hit-{now}")) {
                        (texts.t_args("find-at", &[("number", now.into()), ("count", count.into())]))
                    }
                    @if count > 1 {
                        a.step data-step="-1" rel="nofollow" href=(to(before)) { (icon("previous")) span.unseen { (texts.t("find-previous")) } }
                        a.step data-step="1" rel="nofollow" href=(to(after)) { (icon("next")) span.unseen { (texts.t("find-next")) } }
                    }
                }
            }
        }
    }
}

/// That only the first words of a question count.
pub fn ignored(texts: &Texts, words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
    texts.t_args("search-ignored", &[("words", words.join(", ").into())])
}

/// The form above a transcript, with what was found. `fragment`: the part of the recording that the page was asked for.
pub fn form(texts: &Texts, id: &PublicId, fragment: Fragment, found: Option<&Found>) -> Markup {
    let question = found.map_or("", |found| found.find.question.typed());
    html! {
        form.search-form data-find method="get" action=(format!("{}#transcript", texts.to(urls::watch(id)))) aria-label=(texts.t("find-label")) {
            label.unseen for="find" { (texts.t("find-label")) }
            input #find type="search" name="find" value=(question) placeholder=(texts.t("find-hint")) data-failed=(texts.t("find-failed")) maxlength="200" autocomplete="off";
            @if let Some(link) = texts.link() { input type="hidden" name="link" value=(link); }
            @if let Some(start) = fragment.start { input type="hidden" name="t" value=(start); }
            @if let Some(end) = fragment.end { input type="hidden" name="end" value=(end); }
            @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
            button type="submit" { (icon("search")) span.unseen { (texts.t("find-label")) } }
        }
        div.found-here role="status" data-found { @if let Some(found) = found { (found.render(texts, id, fragment)) } }
    }
}
