//! The parts of a form: label above, help below, the error beside its field, and the save button at the end. In: a posted form and
//! its errors. Out: markup that works with keyboard and screen reader (WCAG 2.2 §3.3.1, §3.3.2).

use maud::{Markup, html};

use super::components::name;
use super::format;
use super::posted::{Errors, Posted};
use super::texts::{self, Texts};
use crate::catalogue::field::{self as catalogue, Choice, FieldKind};
use crate::error::Text;

/// The choices of embed sites, besides the inherited one.
const SITES_CHOICES: [(&str, &str); 3] = [
    ("everywhere", "embed-everywhere"),
    ("listed", "embed-listed"),
    ("nowhere", "embed-nowhere"),
];

/// Value and label of each option of a select.
pub type Options = Vec<(String, String)>;

/// A form with its values and errors.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    pub texts: &'a Texts,
    pub posted: &'a Posted,
    pub errors: &'a Errors,
}

/// A form field: its name, the key of its label, and the key of its help.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub help: Option<&'a str>,
}

/// A field without help.
pub const fn field<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field {
        name,
        label,
        help: None,
    }
}

/// A field with help.
pub const fn helped<'a>(name: &'a str, label: &'a str, help: &'a str) -> Field<'a> {
    Field {
        name,
        label,
        help: Some(help),
    }
}

/// The form field for a field of the catalogue.
pub const fn of<M>(field: &catalogue::Field<M>) -> Field<'static> {
    Field {
        name: field.name,
        label: field.label,
        help: field.help,
    }
}

/// The name of the field in which a language is typed that the list does not have.
pub fn other(name: &str) -> String {
    format!("{name}_other")
}

/// The form fields for a list of catalogue fields.
pub fn labels<M>(fields: &[&catalogue::Field<M>]) -> Vec<Field<'static>> {
    fields.iter().map(|field| of(field)).collect()
}

/// The list of sites that belongs to the choice of embed sites.
pub const SITES: Field<'static> = helped("sites", "embed-sites", "embed-sites-help");

impl Form<'_> {
    /// A field of the catalogue, drawn by its kind.
    pub fn field<M>(&self, field: &catalogue::Field<M>) -> Markup {
        self.by_kind(field, None, field.required)
    }

    /// A field of the catalogue that may be left empty and that the browser does not fill in.
    pub fn optional<M>(&self, field: &catalogue::Field<M>) -> Markup {
        self.by_kind(field, Some("off"), false)
    }

    fn by_kind<M>(
        &self,
        field: &catalogue::Field<M>,
        autocomplete: Option<&str>,
        required: bool,
    ) -> Markup {
        let input = |kind| self.input(of(field), kind, autocomplete, required);
        match field.kind {
            FieldKind::Line => input("text"),
            FieldKind::Language => self.language(of(field)),
            FieldKind::Number { .. } => input("number"),
            FieldKind::Date => input("date"),
            FieldKind::Moment => input("datetime-local"),
            FieldKind::Prose { rows, .. } => self.area(of(field), rows),
            FieldKind::Chapters => self.area(of(field), 6),
            FieldKind::Flag => self.check(of(field)),
            FieldKind::Choice { of: choices, unset } => match unset {
                None if required => self.radios(of(field), choices),
                unset => {
                    let choices = choices.iter().map(|choice| (choice.word, choice.label));
                    self.select(of(field), &self.options(unset, choices))
                }
            },
            FieldKind::Sites { unset } => {
                let place = Field {
                    name: "embed",
                    ..of(field)
                };
                let choices = self.options(Some(unset), SITES_CHOICES);
                html! { (self.select(place, &choices)) (self.area(SITES, 3)) }
            }
            // The page draws the speakers itself, and secrets are never drawn.
            FieldKind::Speakers | FieldKind::Secret => html! {},
        }
    }

    /// A language: chosen by its name, or typed as a code, which outweighs the choice (see [`other`]).
    pub fn language(&self, field: Field<'_>) -> Markup {
        let (chosen, name) = (self.posted.get(field.name), other(field.name));
        let named = format::LANGUAGES.iter();
        let mut options: Options = named
            .map(|(tag, name)| ((*tag).to_owned(), (*name).to_owned()))
            .collect();
        if !chosen.is_empty() && !options.iter().any(|(tag, _)| tag == chosen) {
            options.insert(0, (chosen.to_owned(), format::language_name(chosen)));
        }
        let typed = helped(&name, "language-other", "language-other-help");
        html! {
            div.pair {
                (self.select(field, &options))
                (self.input(typed, "text", Some("off"), false))
            }
        }
    }

    /// The options of a choice, first the one for no choice.
    fn options<'c>(
        &self,
        unset: Option<&'c str>,
        choices: impl IntoIterator<Item = (&'c str, &'c str)>,
    ) -> Options {
        let unset = unset.map(|label| ("", label));
        let choices = unset.into_iter().chain(choices);
        choices
            .map(|(word, label)| (word.to_owned(), self.texts.t(label)))
            .collect()
    }

    /// A choice with all its options visible.
    pub fn radios(&self, field: Field<'_>, choices: &[Choice]) -> Markup {
        let chosen = self.posted.get(field.name);
        html! {
            fieldset.choices #{ "field-" (field.name) } data-wrong[self.is_wrong(field)] {
                legend { (self.texts.t(field.label)) }
                @if let Some(error) = self.errors.get(field.name) { p.field-error { (texts::sentence(self.texts.lang(), error)) } }
                @for choice in choices {
                    label {
                        input type="radio" name=(field.name) value=(choice.word) checked[chosen == choice.word] autocomplete="off";
                        span { (self.texts.t(choice.label)) }
                    }
                }
            }
        }
    }

    /// A hidden field with the values that the form was filled in with, which later shows what was changed.
    pub fn was(&self, filled: &Posted) -> Markup {
        let was = match self.posted.get("was") {
            "" => filled.packed(),
            was => was.to_owned(),
        };
        html! { input type="hidden" name="was" value=(was); }
    }

    /// The summary of all errors above the form, with a link to each field; nothing when there are none.
    pub fn summary(&self, labels: &[Field<'_>]) -> Markup {
        html! {
            @if !self.errors.is_empty() {
                div.form-errors role="alert" tabindex="-1" autofocus {
                    h2 {
                        @match self.errors.get("") {
                            Some(all) => (texts::sentence(self.texts.lang(), all)),
                            None => (self.texts.t_args("form-errors", &[("count", self.errors.len().into())])),
                        }
                    }
                    ul {
                        @for (name, error) in self.in_order(labels).into_iter().filter(|(name, _)| !name.is_empty()) {
                            @let label = labels.iter().find(|field| field.name == *name).map(|field| self.texts.t(field.label));
                            li { a href={ "#field-" (name) } { @if let Some(label) = label { (label) ": " } (texts::sentence(self.texts.lang(), error)) } }
                        }
                    }
                }
            }
        }
    }

    /// The errors in the order of the fields; errors that belong to none of them come last.
    fn in_order(&self, labels: &[Field<'_>]) -> Vec<(&&'static str, &Text)> {
        let place = |name: &str| labels.iter().position(|field| field.name == name);
        let mut errors: Vec<_> = self.errors.iter().collect();
        errors.sort_by_key(|(name, _)| place(name).unwrap_or(labels.len()));
        errors
    }

    /// A field of one line. `kind`: the type of the `<input>`; `autocomplete`: its attribute.
    pub fn input(
        &self,
        field: Field<'_>,
        kind: &str,
        autocomplete: Option<&str>,
        required: bool,
    ) -> Markup {
        // A password is typed again, because it must not be sent back.
        let value = if kind == "password" {
            ""
        } else {
            self.posted.get(field.name)
        };
        self.around(field, &html! {
            input #{ "field-" (field.name) } name=(field.name) type=(kind) value=(value) autocomplete=[autocomplete] required[required]
                aria-invalid=[self.is_wrong(field).then_some("true")] aria-describedby=[self.described(field)];
        })
    }

    /// A field of several lines.
    pub fn area(&self, field: Field<'_>, rows: u8) -> Markup {
        self.area_in(field, rows, None)
    }

    /// A field of several lines in a language of its own: a screen reader speaks what is in it in that language.
    pub fn area_in(&self, field: Field<'_>, rows: u8, language: Option<&str>) -> Markup {
        self.around(field, &html! {
            textarea #{ "field-" (field.name) } name=(field.name) rows=(rows) lang=[language] dir=[language.map(|_| "auto")]
                aria-invalid=[self.is_wrong(field).then_some("true")] aria-describedby=[self.described(field)] {
                // The parser drops a line end at the start of a textarea (WHATWG HTML §13.2.6.4.7), so one is added.
                "\n" (self.posted.get(field.name))
            }
        })
    }

    /// A select with its options: value and label.
    pub fn select(&self, field: Field<'_>, options: &[(String, String)]) -> Markup {
        let chosen = self.posted.get(field.name);
        self.around(field, &html! {
            select #{ "field-" (field.name) } name=(field.name) aria-invalid=[self.is_wrong(field).then_some("true")] aria-describedby=[self.described(field)] autocomplete="off" {
                @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
            }
        })
    }

    /// A checkbox.
    pub fn check(&self, field: Field<'_>) -> Markup {
        html! {
            div.field data-kind="check" data-wrong[self.is_wrong(field)] {
                label {
                    input #{ "field-" (field.name) } name=(field.name) type="checkbox" value="yes" checked[self.posted.get(field.name) == "yes"]
                        aria-describedby=[self.described(field)] autocomplete="off";
                    span { (self.texts.t(field.label)) }
                }
                (self.error(field))
                (self.help(field))
            }
        }
    }

    /// A file field. `accept`: its attribute, empty for any file.
    pub fn file(&self, field: Field<'_>, accept: &str) -> Markup {
        self.around(field, &html! {
            input #{ "field-" (field.name) } name="file" type="file" required accept=[Some(accept).filter(|accept| !accept.is_empty())]
                aria-invalid=[self.is_wrong(field).then_some("true")] aria-describedby=[self.described(field)];
        })
    }

    fn around(&self, field: Field<'_>, control: &Markup) -> Markup {
        html! {
            div.field data-wrong[self.is_wrong(field)] {
                label for={ "field-" (field.name) } { (self.texts.t(field.label)) }
                (control)
                (self.error(field))
                (self.help(field))
            }
        }
    }

    pub fn error(&self, field: Field<'_>) -> Markup {
        html! {
            @if let Some(error) = self.errors.get(field.name) {
                p.field-error #{ "error-" (field.name) } { (texts::sentence(self.texts.lang(), error)) }
            }
        }
    }

    fn help(&self, field: Field<'_>) -> Markup {
        html! { @if let Some(help) = field.help { p.field-help #{ "help-" (field.name) } { (self.texts.t(help)) } } }
    }

    fn is_wrong(&self, field: Field<'_>) -> bool {
        self.errors.contains_key(field.name)
    }

    fn described(&self, field: Field<'_>) -> Option<String> {
        let name = field.name;
        match (self.is_wrong(field), field.help) {
            (true, Some(_)) => Some(format!("error-{name} help-{name}")),
            (true, None) => Some(format!("error-{name}")),
            (false, Some(_)) => Some(format!("help-{name}")),
            (false, None) => None,
        }
    }
}

/// A posted form that could not be saved, with hidden fields and a button that sends it again. `label`: of the button.
pub fn kept(texts: &Texts, action: &str, posted: &Posted, label: &str) -> Markup {
    html! {
        form.stack method="post" action=(action) {
            @for (name, value) in posted.fields() { textarea name=(name) hidden { "\n" (value) } }
            p.actions { button.button type="submit" { (texts.t(label)) } }
        }
    }
}

/// A form that is one button. `object`: what the button acts on, for screen readers where several buttons have the same label;
/// empty otherwise.
pub fn act(
    texts: &Texts,
    action: &str,
    label: &str,
    object: &str,
    fields: &[(&str, &str)],
) -> Markup {
    html! {
        form.act method="post" action=(texts.to(action.to_owned())) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button.button type="submit" data-kind="quiet" { (texts.t(label)) @if !object.is_empty() { span.unseen { ": " (name(object)) } } }
        }
    }
}
