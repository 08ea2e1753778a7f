//! What can be done to several recordings at once, and the bar below the table in which it is chosen. In: a form. Out: an act,
//! or what is wrong with it, beside its field.

use std::collections::HashMap;

use maud::{Markup, html};

use super::form::{Field, Form, field};
use super::posted::{Errors, Posted};
use super::recording_visibility::{self, CHOICES};
use super::save::{Change, Here};
use crate::app::App;
use crate::catalogue::recording::Visibility;
use crate::catalogue::speaker::Credit;
use crate::catalogue::{coordinator, series};
use crate::error::Result;
use crate::intake::name;
use crate::sidecar::LONGEST_LINE_CHARS;
use crate::text;
use crate::web::{Texts, format};

const ACT: Field<'_> = field("act", "bulk-act");
const LANGUAGE: Field<'_> = field("language", "recording-language");
const SPEAKER: Field<'_> = field("speaker", "speaker-name");
const SERIES: Field<'_> = field("to_series", "list-series");
const KEEPER: Field<'_> = field("to_keeper", "list-keeper");
pub const FIELDS: [Field<'_>; 5] = [ACT, LANGUAGE, SPEAKER, SERIES, KEEPER];

/// What is to be done to several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Show(Visibility),
    Language(String),
    Speaker(String),
    /// Row and title of a series.
    Series(i64, String),
    /// Row and name of an account.
    Keeper(i64, String),
    Trash,
}

impl Act {
    /// What was chosen, or what is wrong with it, by the name of the field.
    pub async fn parse(app: &App, posted: &Posted) -> Result<Result<Self, Errors>> {
        let wrong = |field, why| Ok(Err(Errors::from([(field, why)])));
        match posted.get("act") {
            "trash" => Ok(Ok(Self::Trash)),
            "language" => match name::language(posted.get("language").trim()) {
                Some(language) => Ok(Ok(Self::Language(language))),
                None => wrong("language", text!("language-odd")),
            },
            "speaker" => {
                let mut errors = Errors::new();
                let name = posted.needed("speaker", LONGEST_LINE_CHARS, &mut errors);
                match errors.is_empty() {
                    true => Ok(Ok(Self::Speaker(name))),
                    false => Ok(Err(errors)),
                }
            }
            "series" => {
                let titles = app.db.read(series::titles).await?;
                let id: Option<i64> = posted.get("to_series").parse().ok();
                match id.and_then(|id| Some((id, titles.get(&id)?.0.clone()))) {
                    Some((id, title)) => Ok(Ok(Self::Series(id, title))),
                    None => wrong("to_series", text!("bulk-no-series")),
                }
            }
            "keeper" => {
                let people = app.db.read(coordinator::all).await?;
                let mut people = people.into_iter().filter(|one| !one.disabled);
                match people.find(|one| one.id.to_string() == posted.get("to_keeper")) {
                    Some(one) => Ok(Ok(Self::Keeper(one.id, one.name))),
                    None => wrong("to_keeper", text!("bulk-no-keeper")),
                }
            }
            visibility => match Visibility::parse(visibility) {
                Some(visibility) => Ok(Ok(Self::Show(visibility))),
                None => wrong("act", text!("bulk-no-act")),
            },
        }
    }

    /// The name under which it is undone.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Show(_) => "visibility",
            Self::Language(_) => "language",
            Self::Speaker(_) => "speaker",
            Self::Series(..) => "series",
            Self::Keeper(..) => "keeper",
            Self::Trash => "trash",
        }
    }

    /// What a recording is now, so that it can be put back.
    pub fn was(&self, here: &Here, keepers: &HashMap<String, i64>) -> String {
        match self {
            Self::Show(_) => here
                .said
                .visibility
                .map(|visibility| visibility.as_str().to_owned())
                .unwrap_or_default(),
            Self::Language(_) => here.said.language.clone().unwrap_or_default(),
            // One who stood there before stays.
            Self::Speaker(name) => match here.said.speakers.iter().any(|one| one.name == *name) {
                true => String::new(),
                false => name.clone(),
            },
            Self::Series(..) => here.known.series_id.to_string(),
            Self::Keeper(..) => keepers
                .get(here.known.public_id.as_str())
                .map(ToString::to_string)
                .unwrap_or_default(),
            Self::Trash => String::new(),
        }
    }

    /// What it makes of a recording, in the same words as [`Act::was`].
    pub fn is(&self) -> String {
        match self {
            Self::Show(visibility) => visibility.as_str().to_owned(),
            Self::Language(language) => language.clone(),
            Self::Series(id, _) | Self::Keeper(id, _) => id.to_string(),
            Self::Speaker(_) | Self::Trash => String::new(),
        }
    }

    /// What it does, in the middle of a sentence.
    pub fn words(&self, texts: &Texts) -> String {
        match self {
            Self::Show(visibility) => {
                let label = recording_visibility::label(*visibility);
                texts.t_args("bulk-will-show", &[("what", texts.t(label).into())])
            }
            Self::Language(language) => texts.t_args(
                "bulk-language",
                &[("language", format::language_name(language).into())],
            ),
            Self::Speaker(name) => texts.t_args("bulk-speaker", &[("name", name.as_str().into())]),
            Self::Series(_, title) => {
                texts.t_args("bulk-series", &[("title", title.as_str().into())])
            }
            Self::Keeper(_, name) => texts.t_args("bulk-keeper", &[("name", name.as_str().into())]),
            Self::Trash => texts.t("bulk-will-trash"),
        }
    }

    /// What it does to a sidecar. `since`: now, RFC 3339.
    pub fn change(&self, since: String) -> Change {
        let act = self.clone();
        Box::new(move |said| match act {
            Act::Show(visibility) => said.visibility = Some(visibility),
            Act::Language(language) => said.language = Some(language),
            Act::Speaker(name) => {
                if !said.speakers.iter().any(|speaker| speaker.name == name) {
                    said.speakers.push(Credit { name, role: None });
                }
            }
            Act::Trash => said.deleted = Some(since),
            // Neither is said by the sidecar.
            Act::Series(..) | Act::Keeper(..) => {}
        })
    }
}

/// The bar below the table, with what can be done. Script shows only the field that belongs to what was chosen.
pub fn bar(form: &Form<'_>, series: &[(String, String)], people: &[(String, String)]) -> Markup {
    let texts = form.texts;
    let mut acts: Vec<(String, String)> = CHOICES
        .map(|(visibility, label)| {
            let words = texts.t_args("bulk-show", &[("what", texts.t(label).into())]);
            (visibility.as_str().to_owned(), words)
        })
        .into();
    let others = [
        ("language", "bulk-set-language"),
        ("speaker", "bulk-add-speaker"),
        ("series", "bulk-move"),
        ("keeper", "bulk-set-keeper"),
        ("trash", "bulk-trash"),
    ];
    acts.extend(others.map(|(act, label)| (act.to_owned(), texts.t(label))));
    html! {
        fieldset.bulk {
            legend { (texts.t("bulk-legend")) }
            div.filter data-acts {
                (form.select(ACT, &acts))
                div data-act="language" { (form.input(LANGUAGE, "text", Some("off"), false)) }
                div data-act="speaker" { (form.input(SPEAKER, "text", Some("off"), false)) }
                div data-act="series" { (form.select(SERIES, series)) }
                div data-act="keeper" { (form.select(KEEPER, people)) }
            }
            p.actions { button.button type="submit" data-kind="quiet" { (texts.t("bulk-look")) } }
        }
    }
}
