//! The actions on several recordings, and the bar below the table that offers them. In: a posted form. Out: an action, or an error
//! beside its field.

use std::collections::HashMap;

use maud::{Markup, html};

use crate::app::App;
use crate::archive::{Current, Edit};
use crate::catalogue::credit::Credit;
use crate::catalogue::field::{Field as Listed, Value};
use crate::catalogue::recording::metadata::{FIELDS, VISIBILITIES, VISIBILITY};
use crate::catalogue::recording::{Metadata, Visibility};
use crate::catalogue::{coordinator, series};
use crate::desk::kit::{Choice, Errors, Field, Form, Options, Posted, field, fields, form};
use crate::error::Result;
use crate::sidecar::LONGEST_LINE_CHARS;
use crate::text;
use crate::web::Texts;

const ACT: Field<'_> = field("act", "bulk-act");
const SPEAKER: Field<'_> = field("speaker", "speaker-name");
const SERIES: Field<'_> = field("to_series", "list-series");
const OWNER: Field<'_> = field("to_keeper", "list-keeper");

/// The fields that can be set for many recordings.
fn listed() -> impl Iterator<Item = &'static Listed<Metadata>> {
    FIELDS.iter().copied().filter(|field| field.bulk.is_some())
}

/// The form fields of the bar.
pub fn labels() -> Vec<Field<'static>> {
    let own = [ACT, SPEAKER, SERIES, OWNER];
    own.into_iter().chain(listed().map(form::of)).collect()
}

/// An action on several recordings.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sets a field to this value; `None`: inherited from the series.
    Set(&'static Listed<Metadata>, Option<Value>),
    Speaker(String),
    /// Moves to a series: row id and title.
    Series(i64, String),
    /// Reassigns to an owner: row id and name of the account.
    Owner(i64, String),
    Trash,
}

impl Act {
    /// Parses the action. Errors are added to `errors`; `None` when there is no valid action.
    pub async fn parse(app: &App, posted: &Posted, errors: &mut Errors) -> Result<Option<Self>> {
        let chosen = posted.get("act");
        if let Some(field) = listed().find(|field| field.name == chosen) {
            let typed = fields::parse(&[field], posted, &fields::Scope::of(app), errors);
            return Ok(Some(Self::Set(field, (field.get)(&typed))));
        }
        let (act, name, missing) = match chosen {
            "trash" => return Ok(Some(Self::Trash)),
            "speaker" => {
                let name = posted.needed("speaker", LONGEST_LINE_CHARS, errors);
                return Ok(Some(Self::Speaker(name)));
            }
            "series" => {
                let words = posted.get("to_series").to_owned();
                let found = app.db.read(move |conn| {
                    let by_name = matches!(Choice::of_series(conn)?, Choice::Typed(_));
                    let id = series::meant(conn, &words, by_name)?;
                    id.map(|id| series::by_id(conn, id)).transpose()
                });
                let act = found.await?;
                let act = act.map(|one| Self::Series(one.id, one.title().to_owned()));
                (act, "to_series", text!("bulk-no-series"))
            }
            "keeper" => {
                let words = posted.get("to_keeper").to_owned();
                let found = app.db.read(move |conn| coordinator::meant(conn, &words));
                let one = found.await?.filter(|one| !one.disabled);
                let act = one.map(|one| Self::Owner(one.id, one.name));
                (act, "to_keeper", text!("bulk-no-keeper"))
            }
            // Each visibility is an action of its own.
            word => {
                let choice = VISIBILITIES.iter().find(|choice| choice.word == word);
                let value = choice.map(|choice| Value::Text(choice.word.to_owned()));
                let act = value.map(|value| Self::Set(&VISIBILITY, Some(value)));
                (act, "act", text!("bulk-no-act"))
            }
        };
        if act.is_none() {
            errors.insert(name, missing);
        }
        Ok(act)
    }

    /// The name of the changed field, for undoing the action.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Set(field, _) => field.name,
            Self::Speaker(_) => "speaker",
            Self::Series(..) => "series",
            Self::Owner(..) => "keeper",
            Self::Trash => "trash",
        }
    }

    /// The value of a recording before the action, with which it can be restored.
    pub fn was(&self, now: &Current, owners: &HashMap<String, i64>) -> String {
        match self {
            Self::Set(field, _) => text_of((field.get)(&now.sidecar.metadata)),
            // A speaker that the recording had before stays when the action is undone.
            Self::Speaker(name) => match now.sidecar.speakers.iter().any(|one| one.name == *name) {
                true => String::new(),
                false => name.clone(),
            },
            Self::Series(..) => now.stored.series_id.to_string(),
            Self::Owner(..) => {
                let owner = owners.get(now.stored.public_id.as_str());
                owner.map(ToString::to_string).unwrap_or_default()
            }
            Self::Trash => String::new(),
        }
    }

    /// The value of a recording after the action, in the form of [`Act::was`].
    pub fn is(&self) -> String {
        match self {
            Self::Set(_, value) => text_of(value.clone()),
            Self::Series(id, _) | Self::Owner(id, _) => id.to_string(),
            Self::Speaker(_) | Self::Trash => String::new(),
        }
    }

    /// The action in the middle of a sentence.
    pub fn words(&self, texts: &Texts) -> String {
        match self {
            Self::Set(field, value) => {
                let sentence = field.bulk.map_or("bulk-will-show", |bulk| bulk.sentence);
                let what = fields::words(texts, field.kind, value.clone());
                texts.t_args(sentence, &[("what", what.into())])
            }
            Self::Speaker(name) => texts.t_args("bulk-speaker", &[("name", name.as_str().into())]),
            Self::Series(_, title) => {
                texts.t_args("bulk-series", &[("title", title.as_str().into())])
            }
            Self::Owner(_, name) => texts.t_args("bulk-keeper", &[("name", name.as_str().into())]),
            Self::Trash => texts.t("bulk-will-trash"),
        }
    }

    /// The key of a warning before the action.
    pub fn warning(&self) -> Option<&'static str> {
        match self {
            Self::Set(field, Some(_)) => field.bulk?.warning,
            _ => None,
        }
    }

    /// Whether visitors may see the recordings afterwards.
    pub fn is_for_visitors(&self) -> bool {
        let Self::Set(field, Some(value)) = self else {
            return false;
        };
        let visibility = value.clone().parsed(Visibility::parse);
        field.name == VISIBILITY.name && visibility.is_some_and(Visibility::is_for_visitors)
    }

    /// The edit of a sidecar. `since`: the current moment in RFC 3339.
    pub fn change(&self, since: String) -> Edit {
        let act = self.clone();
        Box::new(move |sidecar| match act {
            Act::Set(field, value) => (field.set)(&mut sidecar.metadata, value),
            Act::Speaker(name) => {
                if !sidecar.speakers.iter().any(|speaker| speaker.name == name) {
                    sidecar.speakers.push(Credit { name, role: None });
                }
            }
            Act::Trash => sidecar.deleted = Some(since),
            // Series and owner are not part of the sidecar.
            Act::Series(..) | Act::Owner(..) => {}
        })
    }
}

fn text_of(value: Option<Value>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// An edit that restores a field to `was`, unless it has another value than `set` by now.
pub fn put_back(field: String, was: String, set: String) -> Edit {
    Box::new(move |sidecar| match field.as_str() {
        "speaker" => sidecar.speakers.retain(|speaker| speaker.name != was),
        "trash" => sidecar.deleted = None,
        name => {
            let mut fields = listed().chain([&VISIBILITY]);
            let Some(field) = fields.find(|field| field.name == name) else {
                return;
            };
            if text_of((field.get)(&sidecar.metadata)) == set {
                let was = Some(was).filter(|was| !was.is_empty());
                (field.set)(&mut sidecar.metadata, was.map(Value::Text));
            }
        }
    })
}

/// The bar below the table. Script shows only the field that belongs to the chosen action, counts what is ticked, and keeps the bar in
/// view. `ticked`: how many are to begin with.
pub fn bar(form: &Form<'_>, (series, people): (&Choice, &Choice), ticked: usize) -> Markup {
    let texts = form.texts;
    let show = VISIBILITIES.iter().map(|choice| {
        let what = texts.t(choice.label);
        let words = texts.t_args("bulk-show", &[("what", what.into())]);
        (choice.word.to_owned(), words)
    });
    let listed_acts = listed().filter_map(|field| Some((field.name, field.bulk?.act)));
    let others = [
        ("speaker", "bulk-add-speaker"),
        ("series", "bulk-move"),
        ("keeper", "bulk-set-keeper"),
        ("trash", "bulk-trash"),
    ];
    let others = listed_acts
        .chain(others)
        .map(|(act, label)| (act.to_owned(), texts.t(label)));
    let acts: Options = show.chain(others).collect();
    html! {
        fieldset.bulk {
            legend { (texts.t("bulk-legend")) }
            @let none = texts.t("bulk-ticked-none");
            @let some = |count: &str| texts.t_args("bulk-ticked", &[("count", count.into())]);
            p.ticked-count role="status" data-ticked=(some("%")) data-none=(none) { @if ticked > 0 { (some(&ticked.to_string())) } @else { (none) } }
            div.filter data-acts {
                (form.select(ACT, &acts))
                @for field in listed() { div data-act=(field.name) { (form.optional(field)) } }
                div data-act="speaker" { (form.input(SPEAKER, "text", Some("off"), false)) }
                div data-act="series" { (series.draw(form, SERIES)) }
                div data-act="keeper" { (people.draw(form, OWNER)) }
            }
            p.actions { button.button type="submit" data-kind="quiet" { (texts.t("bulk-look")) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::field::FieldKind;

    #[test]
    fn what_many_can_be_given_can_be_put_back() {
        for field in listed() {
            let is_text = matches!(
                field.kind,
                FieldKind::Line | FieldKind::Language | FieldKind::Choice { .. }
            );
            assert!(is_text, "{} would be emptied", field.name);
        }
    }
}
