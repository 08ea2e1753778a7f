//! Several recordings changed together: first the page says what exactly will change, then it is done, and it can be undone.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::frame::{self, Desk};
use super::posted::{Errors, Posted};
use super::recording_trash::rfc_3339;
use super::recording_visibility::{self, CHOICES};
use super::save::{self, Change, Here};
use crate::app::App;
use crate::catalogue::PublicId;
use crate::catalogue::recording::Visibility;
use crate::error::{Error, Result};
use crate::intake::name;
use crate::sidecar::Speaker;
use crate::text;
use crate::web::sign_in::Me;
use crate::web::{Texts, format, urls};

/// Recordings changed at once.
const MOST: usize = 500;

/// What is to be done to several.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Act {
    Show(Visibility),
    Language(String),
    Speaker(String),
    Trash,
}

impl Act {
    fn parse(posted: &Posted) -> Result<Self> {
        let refused = |text| Err(Error::Refused(text));
        match posted.get("act") {
            "trash" => Ok(Self::Trash),
            "language" => match name::language(posted.get("language").trim()) {
                Some(language) => Ok(Self::Language(language)),
                None => refused(text!("language-odd")),
            },
            "speaker" => {
                let mut errors = Errors::new();
                let name = posted.needed("speaker", 500, &mut errors);
                match errors.remove("speaker") {
                    None => Ok(Self::Speaker(name)),
                    Some(why) => refused(why),
                }
            }
            visibility => match Visibility::parse(visibility) {
                Some(visibility) => Ok(Self::Show(visibility)),
                None => refused(text!("bulk-no-act")),
            },
        }
    }
}

/// `POST /desk/recordings/bulk`: says what will change; with `sure` does it; with `undo` puts back what was.
pub async fn bulk(
    State(app): State<App>,
    me: Me,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let ids: Vec<PublicId> = posted
        .all("id")
        .filter_map(PublicId::parse)
        .take(MOST + 1)
        .collect();
    if ids.is_empty() {
        return Err(Error::Refused(text!("bulk-none")));
    }
    if ids.len() > MOST {
        return Err(Error::Refused(text!("bulk-many", most = MOST.to_string())));
    }
    if posted.has("undo") {
        undo(&app, &me, &posted).await?;
        return frame::go(&texts, urls::desk("recordings"), Some("done-undone"));
    }
    let act = Act::parse(&posted)?;
    let mut found = Vec::new();
    for id in &ids {
        found.push(Here::find(&app, id).await?);
    }
    if posted.get("sure") != "yes" {
        return Ok(confirm(&app, &texts, &me, &posted, &act, &found));
    }
    let since = rfc_3339(app.clock.now())?;
    let changes = found
        .iter()
        .map(|here| {
            (
                here.known.public_id.clone(),
                change(act.clone(), since.clone()),
            )
        })
        .collect();
    save::recordings(&app, &me, "edit together", changes).await?;
    Ok(done(&app, &texts, &me, &act, &found))
}

/// What an act does to a sidecar.
fn change(act: Act, since: String) -> Change {
    Box::new(move |said| match act {
        Act::Show(visibility) => said.visibility = Some(visibility),
        Act::Language(language) => said.language = Some(language),
        Act::Speaker(name) => {
            if !said.speakers.iter().any(|speaker| speaker.name == name) {
                said.speakers.push(Speaker { name, role: None });
            }
        }
        Act::Trash => said.deleted = Some(since),
    })
}

/// Puts the field back that was changed, to what it was.
async fn undo(app: &App, me: &Me, posted: &Posted) -> Result<()> {
    let field = posted.get("undo").to_owned();
    let changes = posted
        .all("id")
        .zip(posted.all("was"))
        .filter_map(|(id, was)| {
            Some((
                PublicId::parse(id)?,
                put_back(field.clone(), was.to_owned()),
            ))
        })
        .collect();
    save::recordings(app, me, "undo", changes).await
}

fn put_back(field: String, was: String) -> Change {
    Box::new(move |said| match field.as_str() {
        "visibility" => said.visibility = Visibility::parse(&was),
        "language" => said.language = Some(was).filter(|was| !was.is_empty()),
        "speaker" => said.speakers.retain(|speaker| speaker.name != was),
        "trash" => said.deleted = None,
        _ => {}
    })
}

/// The words of an act, and for each recording what it is now.
fn words(texts: &Texts, act: &Act) -> String {
    match act {
        Act::Show(visibility) => {
            let label = recording_visibility::label(*visibility);
            texts.t_args("bulk-show", &[("what", texts.t(label).into())])
        }
        Act::Language(language) => texts.t_args(
            "bulk-language",
            &[("language", format::language_name(language).into())],
        ),
        Act::Speaker(name) => texts.t_args("bulk-speaker", &[("name", name.as_str().into())]),
        Act::Trash => texts.t("bulk-trash"),
    }
}

fn confirm(
    app: &App,
    texts: &Texts,
    me: &Me,
    posted: &Posted,
    act: &Act,
    found: &[Here],
) -> Response {
    let main = html! {
        p.lead { (texts.t_args("bulk-sure", &[("count", found.len().into()), ("what", words(texts, act).into())])) }
        ul.plain-list {
            @for here in found {
                li { strong { (here.known.said.title) } span { (texts.t(recording_visibility::label(here.known.said.visibility))) " · " (here.known.said.language.to_uppercase()) } }
            }
        }
        form method="post" action=(texts.to(urls::desk("recordings/bulk"))) {
            @for (name, value) in posted.fields() { input type="hidden" name=(name) value=(value); }
            input type="hidden" name="sure" value="yes";
            p.actions {
                button.button type="submit" { (texts.t("bulk-do")) }
                a.button data-kind="quiet" href=(texts.to(urls::desk("recordings"))) { (texts.t("bulk-not")) }
            }
        }
    };
    let desk = Desk {
        app,
        texts,
        me,
        place: "recordings",
        title: texts.t("bulk-title"),
        done: None,
    };
    desk.show(&main)
}

fn done(app: &App, texts: &Texts, me: &Me, act: &Act, found: &[Here]) -> Response {
    let was = |here: &Here| match act {
        Act::Show(_) => here
            .said
            .visibility
            .map(|visibility| visibility.as_str().to_owned())
            .unwrap_or_default(),
        Act::Language(_) => here.said.language.clone().unwrap_or_default(),
        // One who stood there before stays.
        Act::Speaker(name)
            if here
                .said
                .speakers
                .iter()
                .any(|speaker| speaker.name == *name) =>
        {
            String::new()
        }
        Act::Speaker(name) => name.clone(),
        Act::Trash => String::new(),
    };
    let field = match act {
        Act::Show(_) => "visibility",
        Act::Language(_) => "language",
        Act::Speaker(_) => "speaker",
        Act::Trash => "trash",
    };
    let main = html! {
        p.done role="status" { (texts.t_args("bulk-done", &[("count", found.len().into()), ("what", words(texts, act).into())])) }
        form method="post" action=(texts.to(urls::desk("recordings/bulk"))) {
            input type="hidden" name="undo" value=(field);
            @for here in found {
                input type="hidden" name="id" value=(here.known.public_id);
                input type="hidden" name="was" value=(was(here));
            }
            p.actions {
                button.button type="submit" data-kind="quiet" { (texts.t("bulk-undo")) }
                a.button href=(texts.to(urls::desk("recordings"))) { (texts.t("bulk-back")) }
            }
        }
    };
    let desk = Desk {
        app,
        texts,
        me,
        place: "recordings",
        title: texts.t("bulk-title"),
        done: None,
    };
    desk.show_with(StatusCode::OK, &main)
}

/// The bar below the table, with what can be done.
pub fn bar(texts: &Texts) -> Markup {
    html! {
        fieldset.bulk {
            legend { (texts.t("bulk-legend")) }
            div.filter {
                select name="act" aria-label=(texts.t("bulk-act")) autocomplete="off" {
                    @for (visibility, label) in CHOICES { option value=(visibility.as_str()) { (texts.t_args("bulk-show", &[("what", texts.t(label).into())])) } }
                    option value="language" { (texts.t("bulk-set-language")) }
                    option value="speaker" { (texts.t("bulk-add-speaker")) }
                    option value="trash" { (texts.t("bulk-trash")) }
                }
                input type="text" name="language" aria-label=(texts.t("recording-language")) placeholder=(texts.t("recording-language")) maxlength="35" autocomplete="off";
                input type="text" name="speaker" aria-label=(texts.t("speaker-name")) placeholder=(texts.t("speaker-name")) maxlength="500" autocomplete="off";
                button.button type="submit" data-kind="quiet" { (texts.t("bulk-look")) }
            }
        }
    }
}
