//! Form fields for catalogue fields: filled in with the current values, parsed back with errors, and compared with changes that
//! another coordinator made meanwhile. In: a list of fields and a posted form. Out: metadata that sets only the values that were
//! typed.

use jiff::tz::TimeZone;

use crate::app::App;
use crate::catalogue::credit::Credit;
use crate::catalogue::field::{
    Choice, Field, FieldKind, LONGEST_LINE_CHARS, LONGEST_PROSE_CHARS, MOST_ENTRIES, Moment, Value,
};
use crate::catalogue::name::isolated;
use crate::desk::kit::posted::{Errors, Posted};
use crate::desk::kit::{FormState, chapters, moment};
use crate::embed_sites::EmbedSites;
use crate::error::Text;
use crate::scan::file_name;
use crate::text;
use crate::web::{Texts, format};

/// The settings that parsing a form needs.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The time zone in which moments are typed.
    pub zone: TimeZone,
    /// Duration of the recording, when it is known: no chapter begins after its end.
    pub duration_ms: Option<u64>,
}

impl Scope {
    /// The scope of a form without a recording.
    pub fn of(app: &App) -> Self {
        Self {
            zone: app.config.zone(),
            duration_ms: None,
        }
    }
}

/// The value of the sites choice that is followed by a list of sites.
const LISTED: &str = "listed";

/// The field in which a language is typed that the list of names does not have: `form::other` of the one field of this kind.
pub const OTHER_LANGUAGE: &str = "language_other";

/// The names of the form fields for these catalogue fields.
fn names<M>(fields: &[&Field<M>]) -> Vec<&'static str> {
    fields.iter().flat_map(|field| names_of(field)).collect()
}

fn names_of<M>(field: &Field<M>) -> Vec<&'static str> {
    match field.kind {
        FieldKind::Speakers => vec!["speaker_name", "speaker_role"],
        FieldKind::Sites { .. } => vec!["embed", "sites"],
        FieldKind::Language => vec![field.name, OTHER_LANGUAGE],
        _ => vec![field.name],
    }
}

/// A form filled in with the current values.
pub fn fill<M>(fields: &[&Field<M>], metadata: &M, scope: &Scope) -> Posted {
    let mut posted = Posted::default();
    for field in fields {
        let value = (field.get)(metadata);
        posted = match (field.kind, value) {
            (FieldKind::Speakers, value) => {
                let speakers = value.and_then(Value::speakers).unwrap_or_default();
                speakers.iter().fold(posted, |posted, speaker| {
                    let role = speaker.role.as_deref().unwrap_or_default();
                    posted
                        .and("speaker_name", &speaker.name)
                        .and("speaker_role", role)
                })
            }
            (FieldKind::Sites { .. }, value) => {
                let text = value.and_then(Value::text).unwrap_or_default();
                match EmbedSites::parse(&text) {
                    Some(EmbedSites::Listed(sites)) => posted
                        .and("embed", LISTED)
                        .and("sites", &sites.replace(' ', "\n")),
                    _ => posted.and("embed", &text).and("sites", ""),
                }
            }
            (FieldKind::Secret, _) => posted,
            (FieldKind::Prose { .. }, Some(Value::Text(text))) => {
                posted.and(field.name, text.trim_end())
            }
            (_, value) => posted.and(field.name, &typed(value, scope)),
        };
    }
    posted
}

/// A value as the text of a form field.
fn typed(value: Option<Value>, scope: &Scope) -> String {
    match value {
        None | Some(Value::Flag(false) | Value::Speakers(_)) => String::new(),
        Some(Value::Text(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Flag(true)) => "yes".to_owned(),
        Some(Value::Moment(at)) => moment::on_the_clock(at.at, &scope.zone),
        Some(Value::Chapters(all)) => chapters::lines(&all),
    }
}

/// Parses a form. Errors are added to `errors`, and an invalid value stays unset.
pub fn parse<M: Default>(
    fields: &[&Field<M>],
    posted: &Posted,
    scope: &Scope,
    errors: &mut Errors,
) -> M {
    let mut metadata = M::default();
    for field in fields {
        let value = value(field, posted, scope, errors);
        if field.required && value.is_none() {
            errors.entry(field.name).or_insert(text!("field-needed"));
        }
        (field.set)(&mut metadata, value);
    }
    metadata
}

fn value<M>(
    field: &Field<M>,
    posted: &Posted,
    scope: &Scope,
    errors: &mut Errors,
) -> Option<Value> {
    let name = field.name;
    let stated = |text: String| Some(text).filter(|text| !text.is_empty()).map(Value::Text);
    match field.kind {
        FieldKind::Line => stated(posted.line(name, LONGEST_LINE_CHARS, errors)),
        FieldKind::Prose { most, .. } => stated(posted.lines(name, most, errors)),
        FieldKind::Number { from, to } => {
            number(posted, name, (from, to), errors).map(Value::Number)
        }
        FieldKind::Date => stated(date(posted, name, errors)),
        FieldKind::Language => language(posted, name, errors).map(Value::Text),
        FieldKind::Flag => Some(Value::Flag(posted.get(name) == "yes")),
        FieldKind::Moment => {
            let written = moment::parse(posted, name, &scope.zone, errors)?;
            Some(Value::Moment(Moment::written(written)))
        }
        FieldKind::Choice { of, .. } => choice(posted, name, of, errors).map(Value::Text),
        FieldKind::Sites { .. } => {
            sites(posted, errors).map(|sites| Value::Text(sites.to_string()))
        }
        FieldKind::Secret => None,
        FieldKind::Speakers => Some(Value::Speakers(speakers(posted, name, errors))),
        FieldKind::Chapters => {
            let lines = posted.lines(name, LONGEST_PROSE_CHARS, errors);
            match chapters::parse(&lines, scope.duration_ms) {
                Ok(chapters) => Some(Value::Chapters(chapters)),
                Err(why) => {
                    errors.insert(name, why);
                    None
                }
            }
        }
    }
}

fn number(
    posted: &Posted,
    name: &'static str,
    (from, to): (i64, i64),
    errors: &mut Errors,
) -> Option<i64> {
    let typed = posted.line(name, LONGEST_LINE_CHARS, errors);
    let number = typed.parse().ok().filter(|it| (from..=to).contains(it));
    if number.is_none() && !typed.is_empty() {
        let odd = text!("number-odd", from = from.to_string(), to = to.to_string());
        errors.insert(name, odd);
    }
    number
}

/// A valid date; empty when none was typed.
pub fn date(posted: &Posted, name: &'static str, errors: &mut Errors) -> String {
    let typed = posted.line(name, 10, errors);
    if !typed.is_empty() && (typed.len() != 10 || typed.parse::<jiff::civil::Date>().is_err()) {
        errors.insert(name, text!("date-odd"));
    }
    typed
}

fn language(posted: &Posted, name: &'static str, errors: &mut Errors) -> Option<String> {
    let typed = posted.line(OTHER_LANGUAGE, 35, errors);
    let language = match typed.is_empty() {
        true => posted.line(name, 35, errors),
        false => typed,
    };
    let language = file_name::language(&language);
    if language.is_none() {
        errors.insert(name, text!("language-odd"));
    }
    language
}

fn choice(
    posted: &Posted,
    name: &'static str,
    of: &[Choice],
    errors: &mut Errors,
) -> Option<String> {
    let typed = posted.get(name);
    let chosen = of.iter().find(|choice| choice.word == typed);
    if chosen.is_none() && !typed.is_empty() {
        errors.insert(name, text!("form-unreadable"));
    }
    chosen.map(|choice| choice.word.to_owned())
}

/// The chosen embed sites; `None`: inherited.
pub fn sites(posted: &Posted, errors: &mut Errors) -> Option<EmbedSites> {
    // The sidecar holds the sites on one line, where white space replaces the line ends.
    let sites = posted.lines("sites", LONGEST_LINE_CHARS, errors);
    match posted.get("embed") {
        "" => None,
        LISTED => {
            let listed = EmbedSites::parse(&sites);
            if !matches!(listed, Some(EmbedSites::Listed(_))) {
                let odd = match sites.trim().is_empty() {
                    true => text!("embed-sites-none"),
                    false => text!("embed-sites-odd"),
                };
                errors.entry("sites").or_insert(odd);
            }
            listed
        }
        word => {
            let sites = EmbedSites::parse(word);
            if sites.is_none() {
                errors.insert("embed", text!("form-unreadable"));
            }
            sites
        }
    }
}

fn speakers(posted: &Posted, field: &'static str, errors: &mut Errors) -> Vec<Credit> {
    let mut speakers: Vec<Credit> = Vec::new();
    let roles = posted.all("speaker_role").chain(std::iter::repeat(""));
    for (name, role) in posted.all("speaker_name").zip(roles) {
        let (name, role) = (name.trim(), role.trim());
        if name.is_empty() {
            if !role.is_empty() {
                errors.insert(field, text!("speaker-nameless", role = role.to_owned()));
            }
            continue;
        }
        for text in [name, role] {
            Posted::of([(field, text.to_owned())]).line(field, LONGEST_LINE_CHARS, errors);
        }
        speakers.push(Credit {
            name: name.to_owned(),
            role: Some(role.to_owned()).filter(|role| !role.is_empty()),
        });
    }
    speakers.truncate(MOST_ENTRIES);
    speakers
}

/// The catalogue fields of a page with their current values, with which its form is filled in and later compared.
pub struct FieldsForm<M: 'static> {
    fields: &'static [&'static Field<M>],
    scope: Scope,
    now: M,
    /// The form filled in with the current values.
    pub filled: Posted,
    /// The names of its form fields.
    names: Vec<&'static str>,
}

impl<M: Default> FieldsForm<M> {
    /// A form for these fields. `now`: the current values; `base`: the tag of the current state.
    pub fn of(
        fields: &'static [&'static Field<M>],
        now: M,
        base: &str,
        scope: Scope,
    ) -> FieldsForm<M> {
        Self {
            filled: fill(fields, &now, &scope).and("base", base),
            names: names(fields),
            fields,
            scope,
            now,
        }
    }

    /// Adds a form field that is no metadata of the catalogue.
    pub fn and(mut self, name: &'static str, value: &str) -> Self {
        self.filled = self.filled.and(name, value);
        self.names.push(name);
        self
    }

    /// Parses the posted form. Errors are added to `errors`, and an invalid value stays unset. A field that says what it was filled in
    /// with keeps its value, which a form shows less exactly than a sidecar holds it: the zone and the seconds of a moment, or what
    /// the form would not accept.
    pub fn parse(&self, posted: &Posted, errors: &mut Errors) -> M {
        let mut found = Errors::new();
        let mut metadata = parse(self.fields, posted, &self.scope, &mut found);
        for field in self.fields {
            let names = names_of(field);
            let is_filled_as = |name: &&str| posted.is_filled_as(&self.filled, name);
            if !self.is_unseen(field) && names.iter().all(is_filled_as) {
                (field.set)(&mut metadata, (field.get)(&self.now));
                found.retain(|name, _| *name != field.name && !names.contains(name));
            }
        }
        errors.extend(found);
        metadata
    }

    /// Whether the form is posted as it was filled in: then nothing is to be saved.
    pub fn is_untouched(&self, posted: &Posted) -> bool {
        let mut names = self.names.iter();
        names.all(|name| posted.is_filled_as(&self.filled, name))
            && !self.fields.iter().any(|field| self.is_unseen(field))
    }

    /// Whether the form cannot show the value of a field at all: a moment that is on no clock. What is saved is what one sees, so that
    /// the desk takes it away.
    fn is_unseen(&self, field: &Field<M>) -> bool {
        field.kind == FieldKind::Moment
            && (field.get)(&self.now).is_some()
            && self.filled.get(field.name).is_empty()
    }

    /// Whether another coordinator changed one of the fields since the form was filled in.
    pub fn is_conflict(&self, posted: &Posted) -> bool {
        is_conflict(&self.names, posted, &self.filled)
    }

    /// The form after a conflicting edit: what was typed, with the other coordinator's values beside it. Saving again keeps what is
    /// typed.
    pub fn by_another(&self, texts: &Texts, posted: Posted) -> FormState {
        let posted = posted.untouched_as(&self.filled, &self.names);
        let mut errors = Errors::new();
        let typed = self.parse(&posted, &mut errors);
        let fields = differences(texts, &self.scope, self.fields, (&typed, &self.now));
        errors.extend(fields);
        FormState::by_another(posted, &self.filled, errors)
    }

    /// Sets the values that were typed and differ from the current ones. All other fields stay set or inherited as they are.
    pub fn change(&self, stated: &mut M, typed: &M) {
        for field in self.fields {
            let value = (field.get)(typed);
            if value != (field.get)(&self.now) {
                (field.set)(stated, value);
            }
        }
    }
}

/// Whether another coordinator changed one of these fields since the form was filled in. `now`: the form filled in with the current
/// values. Equal tags (`base`) mean that nothing changed; a form without its original values (`was`) is compared by the tag alone.
pub fn is_conflict(names: &[&str], posted: &Posted, now: &Posted) -> bool {
    if posted.get("base") == now.get("base") {
        return false;
    }
    match posted.was() {
        Some(was) => names.iter().any(|name| !was.is_filled_as(now, name)),
        None => posted.has("base"),
    }
}

/// The current value of each field that differs from what was typed.
fn differences<M>(
    texts: &Texts,
    scope: &Scope,
    fields: &[&Field<M>],
    (typed, now): (&M, &M),
) -> Errors {
    let differ = |field: &&&Field<M>| (field.get)(typed) != (field.get)(now);
    let now = |field: &&Field<M>| {
        (
            field.name,
            changed(texts, scope, field.kind, (field.get)(now)),
        )
    };
    fields.iter().filter(differ).map(now).collect()
}

fn changed(texts: &Texts, scope: &Scope, kind: FieldKind, now: Option<Value>) -> Text {
    match (kind, now) {
        (_, Some(Value::Flag(true))) => text!("changed-to-on"),
        (_, Some(Value::Flag(false))) => text!("changed-to-off"),
        (FieldKind::Moment, now) => changed_to(typed(now, scope)),
        // A language is shown as it is typed.
        (FieldKind::Language, now) => changed_to(typed(now, scope)),
        (kind, now) => changed_to(words(texts, kind, now)),
    }
}

/// A value in words.
pub fn words(texts: &Texts, kind: FieldKind, value: Option<Value>) -> String {
    match (kind, value) {
        (FieldKind::Choice { of, unset }, value) => {
            let word = value.and_then(Value::text);
            let chosen = of
                .iter()
                .find(|choice| Some(choice.word) == word.as_deref());
            let label = chosen.map(|choice| choice.label).or(unset);
            label.map(|label| texts.t(label)).unwrap_or_default()
        }
        (FieldKind::Language, Some(Value::Text(tag))) => format::language_name(&tag),
        (_, Some(Value::Speakers(all))) => {
            let name = |it: &Credit| match &it.role {
                Some(role) => format!("{} ({})", isolated(&it.name), isolated(role)),
                None => isolated(&it.name).into_owned(),
            };
            all.iter().map(name).collect::<Vec<_>>().join(", ")
        }
        (_, Some(Value::Chapters(all))) => {
            let lines = chapters::lines(&all);
            lines.lines().map(isolated).collect::<Vec<_>>().join(" · ")
        }
        (_, value) => value.map(|value| value.to_string()).unwrap_or_default(),
    }
}

/// The value that another coordinator gave a field, as an error text.
pub fn changed_to(now: String) -> Text {
    match now.is_empty() {
        true => text!("field-emptied"),
        false => text!("field-changed", now = now),
    }
}
