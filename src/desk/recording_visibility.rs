//! Who may see a recording, in words: the state, a moment from and until, and what stands at the address of one that was
//! withdrawn. In: what a coordinator chose. Out: the sidecar; what is shown is always judged at the moment of asking.

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use maud::{Markup, html};

use super::form::{Field, Form, field, helped};
use super::frame;
use super::posted::{Errors, Posted};
use super::recording_page::{RecordingPage, Shown, Tab, desk};
use super::recording_typed::changed;
use super::save::{self, Saved};
use crate::app::App;
use crate::catalogue::field::Moment;
use crate::catalogue::recording::Visibility;
use crate::catalogue::{PublicId, Viewer, recording};
use crate::error::{Error, Result, Text};
use crate::sidecar::{LONGEST_PROSE_CHARS, RecordingSidecar};
use crate::text;
use crate::web::sign_in::Me;
use crate::web::texts::sentence;
use crate::web::{Texts, format};

const VISIBILITY: Field<'_> = field("visibility", "visibility-who");
const FROM: Field<'_> = field("visible_from", "visible-from");
const UNTIL: Field<'_> = helped("visible_until", "visible-until", "visible-zone");
const REASON: Field<'_> = helped(
    "withdrawn_reason",
    "withdrawn-reason",
    "withdrawn-reason-help",
);
const SUCCESSOR: Field<'_> = helped("replaced_by", "replaced-by", "replaced-by-help");

/// What may be chosen on the desk.
pub const CHOICES: [(Visibility, &str); 5] = [
    (Visibility::Draft, "visibility-draft"),
    (Visibility::Link, "visibility-link"),
    (Visibility::Unlisted, "visibility-unlisted"),
    (Visibility::Public, "visibility-public"),
    (Visibility::Withdrawn, "visibility-withdrawn"),
];

/// The words for a visibility.
pub fn label(visibility: Visibility) -> &'static str {
    CHOICES
        .iter()
        .find(|(choice, _)| *choice == visibility)
        .map_or("visibility-draft", |(_, label)| label)
}

/// The names under which a browser sends them.
const SENT: [&str; 5] = [
    "visibility",
    "visible_from",
    "visible_until",
    "withdrawn_reason",
    "replaced_by",
];

const FIELDS: [Field<'_>; 5] = [VISIBILITY, FROM, UNTIL, REASON, SUCCESSOR];

/// `GET /desk/recordings/{id}/visibility`
pub async fn show(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let shown = Shown::first(as_form(&app, &page));
    let done = frame::done(&texts, query.as_deref());
    Ok(draw((&app, &texts, &me), &page, done, &shown))
}

/// `POST /desk/recordings/{id}/visibility`
pub async fn save(
    State(app): State<App>,
    me: Me,
    Path(id): Path<String>,
    texts: Texts,
    posted: Posted,
) -> Result<Response> {
    let page = RecordingPage::load(&app, &id).await?;
    let mut errors = Errors::new();
    let wanted = Wanted::parse(&app, &posted, &mut errors).await?;
    if !errors.is_empty() {
        let shown = Shown::wrong(posted, errors);
        return Ok(draw((&app, &texts, &me), &page, None, &shown));
    }
    // A form says what it was filled in with; what another chose meanwhile is shown before it is overruled.
    let now = as_form(&app, &page);
    if posted.has("was") && !posted.was_filled_in_as(&now, &SENT) {
        let posted = posted.untouched_as(&now, &SENT);
        let mut errors = differences(&texts, &posted, &now);
        errors.insert("", text!("saved-by-another"));
        let shown = Shown {
            status: StatusCode::CONFLICT,
            posted,
            errors,
        };
        return Ok(draw((&app, &texts, &me), &page, None, &shown));
    }
    let (id, base) = (page.recording.public_id.clone(), page.here.base());
    let saved = save::recording(&app, &me, "set visibility", &id, Some(&base), move |said| {
        wanted.put(said)
    });
    match saved.await? {
        Saved::Done => frame::go(
            &texts,
            format!("{}/visibility", desk(&id)),
            Some("done-saved"),
        ),
        // Between reading and writing; asked again it is shown what changed.
        Saved::Changed(_) => {
            let shown = Shown {
                status: StatusCode::CONFLICT,
                posted,
                errors: Errors::from([("", text!("saved-by-another"))]),
            };
            Ok(draw((&app, &texts, &me), &page, None, &shown))
        }
    }
}

/// What was chosen, checked.
struct Wanted {
    visibility: Visibility,
    /// RFC 3339.
    from: Option<String>,
    until: Option<String>,
    reason: String,
    successor: Option<String>,
}

impl Wanted {
    async fn parse(app: &App, posted: &Posted, errors: &mut Errors) -> Result<Self> {
        let zone = app.config.zone();
        let visibility = Visibility::parse(posted.get("visibility"))
            .ok_or(Error::Refused(text!("form-unreadable")))?;
        let from = moment(posted, "visible_from", &zone, errors);
        let until = moment(posted, "visible_until", &zone, errors);
        if let (Some(from), Some(until)) = (&from, &until)
            && from.timestamp() >= until.timestamp()
        {
            errors.insert("visible_until", text!("until-before-from"));
        }
        let reason = posted.lines("withdrawn_reason", LONGEST_PROSE_CHARS, errors);
        let successor = match successor(app, posted.line("replaced_by", 500, errors)).await? {
            Ok(successor) => successor,
            Err(why) => {
                errors.insert("replaced_by", why);
                None
            }
        };
        Ok(Self {
            visibility,
            from: from.map(rfc_3339),
            until: until.map(rfc_3339),
            reason,
            successor,
        })
    }

    fn put(self, said: &mut RecordingSidecar) {
        said.visibility = Some(self.visibility);
        said.visible_from = self.from.map(Moment::written);
        said.visible_until = self.until.map(Moment::written);
        said.withdrawn_reason = Some(self.reason).filter(|reason| !reason.is_empty());
        said.replaced_by = self.successor;
    }
}

fn differences(texts: &Texts, posted: &Posted, now: &Posted) -> Errors {
    let said = |name: &str| match Visibility::parse(now.get(name)) {
        Some(visibility) => texts.t(label(visibility)),
        None => now.get(name).to_owned(),
    };
    SENT.into_iter()
        .filter(|name| posted.get(name).trim_end() != now.get(name).trim_end())
        .map(|name| (name, changed(said(name))))
        .collect()
}

/// A moment on the clocks of the portal, as a browser's field gives it (`2026-07-01T12:00`). `None` when it is empty; what no
/// clock shows lands in `errors`.
fn moment(
    posted: &Posted,
    name: &'static str,
    zone: &TimeZone,
    errors: &mut Errors,
) -> Option<jiff::Zoned> {
    let typed = posted.line(name, 30, errors);
    if typed.is_empty() {
        return None;
    }
    let Some(civil) = on_the_clock(&typed) else {
        errors.insert(name, text!("moment-odd"));
        return None;
    };
    let ambiguous = zone.to_ambiguous_zoned(civil);
    if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        errors.insert(name, text!("moment-skipped"));
        return None;
    }
    match ambiguous.compatible() {
        Ok(moment) => Some(moment),
        Err(_) => {
            errors.insert(name, text!("moment-odd"));
            None
        }
    }
}

/// What is typed, as a clock shows it. One with a zone of its own (`+09:00`) would be read as another moment than it says; a
/// year before 1 cannot be written down (RFC 3339 §5.6).
fn on_the_clock(typed: &str) -> Option<DateTime> {
    let typed = typed.replace(' ', "T");
    let (day, time) = typed.split_once('T').unwrap_or((&typed, "00:00"));
    let is_plain = time
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
    let civil = typed.parse::<DateTime>().ok()?;
    (is_plain && day.len() == 10 && civil.year() >= 1).then_some(civil)
}

/// With the clock's own offset, so that a person who opens the file reads the hour that was typed. Until 1940 that had seconds
/// (Europe/Amsterdam: +00:19:32), which RFC 3339 §4.2 cannot say; then in UTC.
fn rfc_3339(moment: jiff::Zoned) -> String {
    match moment.offset().seconds() % 60 {
        0 => moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        _ => moment.timestamp().to_string(),
    }
}

/// What took its place: an address of ours or an id, of a recording that is there.
async fn successor(app: &App, typed: String) -> Result<Result<Option<String>, Text>> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let last = typed
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let last = last.rsplit('/').next().unwrap_or_default();
    let Some(id) = PublicId::parse(last) else {
        return Ok(Err(text!("replaced-by-odd")));
    };
    let (viewer, asked) = (Viewer::coordinator(app.clock.now()), id.clone());
    let found = app
        .db
        .read(move |conn| recording::by_public_id(conn, &viewer, &asked))
        .await?;
    Ok(match found {
        Some(_) => Ok(Some(id.to_string())),
        None => Err(text!("replaced-by-odd")),
    })
}

/// Who can see it now, in one sentence.
pub fn now_seen(app: &App, texts: &Texts, page: &RecordingPage) -> Markup {
    let said = &page.here.known.said.metadata;
    let (now, zone) = (app.clock.now(), app.config.zone());
    let when = |at: i64| format::moment(texts.lang(), at, &zone);
    let at = |moment: &Option<Moment>| moment.as_ref().map(|moment| moment.at);
    let is_bounded = said.visibility().is_for_visitors();
    let sentence = match (at(&said.visible_from), at(&said.visible_until)) {
        (Some(i64::MAX), _) if is_bounded => texts.t("seen-never"),
        (Some(from), _) if is_bounded && now < from => {
            texts.t_args("seen-from", &[("when", when(from).into())])
        }
        (_, Some(until)) if is_bounded && now >= until => {
            texts.t_args("seen-over", &[("when", when(until).into())])
        }
        (_, Some(until)) if is_bounded => {
            format!(
                "{} {}",
                texts.t(seen(said.visibility())),
                texts.t_args("seen-end", &[("when", when(until).into())])
            )
        }
        _ => texts.t(seen(said.visibility())),
    };
    html! { strong.now-seen data-visibility=(said.visibility().as_str()) { (sentence) } }
}

/// What a link does for a recording that is not meant for links.
pub fn link_hint(page: &RecordingPage) -> Option<Text> {
    match page.recording.visibility() {
        Visibility::Draft => Some(text!("link-hint-draft")),
        Visibility::Withdrawn => Some(text!("link-hint-withdrawn")),
        Visibility::Link | Visibility::Unlisted | Visibility::Public => None,
    }
}

fn seen(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Draft => "seen-draft",
        Visibility::Link => "seen-link",
        Visibility::Unlisted => "seen-unlisted",
        Visibility::Public => "seen-public",
        Visibility::Withdrawn => "seen-withdrawn",
    }
}

/// The form as it is filled in at first.
pub fn as_form(app: &App, page: &RecordingPage) -> Posted {
    let said = &page.here.known.said.metadata;
    let zone = app.config.zone();
    let civil = |moment: &Option<Moment>| {
        moment
            .as_ref()
            .map(|moment| moment.at)
            .filter(|at| !matches!(at, 0 | &i64::MAX))
            .and_then(|at| jiff::Timestamp::from_second(at).ok())
            .map(|at| {
                at.to_zoned(zone.clone())
                    .strftime("%Y-%m-%dT%H:%M")
                    .to_string()
            })
            .unwrap_or_default()
    };
    Posted::of([
        ("visibility", said.visibility().as_str().to_owned()),
        ("visible_from", civil(&said.visible_from)),
        ("visible_until", civil(&said.visible_until)),
        (
            "withdrawn_reason",
            said.withdrawn_reason.clone().unwrap_or_default(),
        ),
        ("replaced_by", said.replaced_by.clone().unwrap_or_default()),
    ])
}

fn draw(
    (app, texts, me): (&App, &Texts, &Me),
    page: &RecordingPage,
    done: Option<String>,
    shown: &Shown,
) -> Response {
    let form = Form {
        texts,
        posted: &shown.posted,
        errors: &shown.errors,
    };
    let path = format!("{}/visibility", desk(&page.recording.public_id));
    let was = match shown.posted.get("was") {
        "" => as_form(app, page).packed(),
        was => was.to_owned(),
    };
    let main = html! {
        (form.summary(&FIELDS))
        form.stack method="post" action=(texts.to(path)) data-guard {
            input type="hidden" name="was" value=(was);
            fieldset.choices #field-visibility data-wrong[shown.errors.contains_key("visibility")] {
                legend { (texts.t("visibility-who")) }
                @if let Some(error) = shown.errors.get("visibility") { p.field-error { (sentence(texts.lang(), error)) } }
                @for (visibility, label) in CHOICES {
                    label {
                        input type="radio" name="visibility" value=(visibility.as_str()) checked[shown.posted.get("visibility") == visibility.as_str()] autocomplete="off";
                        span { (texts.t(label)) }
                    }
                }
            }
            div.pair { (form.input(FROM, "datetime-local", None, false)) (form.input(UNTIL, "datetime-local", None, false)) }
            (form.area(REASON, 2))
            (form.input(SUCCESSOR, "text", None, false))
            p.actions { button.button type="submit" { (texts.t("visibility-save")) } }
        }
        p { (texts.t("visibility-links")) " " a href=(texts.to(format!("{}/links", desk(&page.recording.public_id)))) { (texts.t("links-title")) } }
    };
    page.framed(
        (app, texts, me),
        (Tab::Visibility, shown.status),
        done,
        &main,
    )
}
