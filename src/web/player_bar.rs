//! What stands below a player and needs script, hidden without it: the row of buttons, the chapters as marks, what comes next, and the
//! keys. In: a recording and its captions. Out: markup that `player.js` and its siblings bring to life.

use maud::{Markup, html};

use super::components::{foreign, icon, name};
use super::texts::{Lang, Texts};
use super::{format, urls};
use crate::catalogue::caption::Caption;
use crate::catalogue::recording::Recording;

/// The speeds that a visitor may choose from.
const SPEEDS: [&str; 6] = ["0.75", "1", "1.25", "1.5", "1.75", "2"];

/// The keys, and the key of the text that says what each does.
const KEYS: [(&[&str], &str); 9] = [
    (&["k", "␣"], "keys-play"),
    (&["j", "l"], "keys-ten"),
    (&["←", "→"], "keys-five"),
    (&["0", "9"], "keys-tenths"),
    (&["<", ">"], "keys-speed"),
    (&["m"], "keys-mute"),
    (&["c"], "keys-captions"),
    (&["f"], "keys-full"),
    (&["?"], "keys-list"),
];

/// What stands below the player of a page.
#[derive(Debug, Clone)]
pub struct Bar<'a> {
    pub recording: &'a Recording,
    pub captions: &'a [Caption],
    /// The recording that is offered when this one has ended.
    pub next: Option<&'a Recording>,
    /// The list of what one may choose among.
    pub quality: Option<Markup>,
}

impl Bar<'_> {
    pub fn render(&self, texts: &Texts) -> Markup {
        let seconds = self.recording.duration_ms.map(|ms| ms / 1000);
        let has_line = self.recording.sound_only && !self.captions.is_empty();
        html! {
            // Where a recording without a picture says in letters what is said now.
            @if has_line { p.said-now data-said-now hidden {} }
            @if let Some(next) = self.next { (offer(texts, next)) }
            div.chapter-marks data-chapter-marks data-seconds=[seconds] aria-hidden="true" hidden {}
            p.chapter-now hidden { span.unseen { (texts.t("chapter-now")) ": " } span data-chapter-now {} }
            (self.row(texts))
            (keys(texts))
        }
    }

    fn row(&self, texts: &Texts) -> Markup {
        html! {
            div.player-bar data-bar hidden {
                button.resume type="button" data-resume-button hidden {}
                button type="button" data-skip="-10" { (icon("back")) (texts.t("ten-seconds")) span.unseen { " " (texts.t("backwards")) } }
                button type="button" data-skip="10" { (icon("forward")) (texts.t("ten-seconds")) span.unseen { " " (texts.t("forwards")) } }
                label {
                    span.unseen { (texts.t("speed")) }
                    select data-speed autocomplete="off" {
                        @for speed in SPEEDS { option value=(speed) selected[speed == "1"] { (texts.t_args("times", &[("speed", speed_text(texts, speed).into())])) } }
                    }
                }
                @if !self.captions.is_empty() { (captions(texts, self.captions)) }
                @if let Some(quality) = &self.quality { (quality) }
                @if !self.recording.sound_only {
                    (pictured(texts, "picture", "picture-in-picture", true))
                    (pictured(texts, "full", "full-screen", true))
                }
                (pictured(texts, "keys", "keys", false))
            }
        }
    }
}

fn captions(texts: &Texts, captions: &[Caption]) -> Markup {
    let larger = texts.t("captions-larger");
    html! {
        button type="button" data-captions aria-pressed="false" { (icon("captions")) (texts.t("captions")) }
        @if captions.len() > 1 {
            label hidden {
                span.unseen { (texts.t("captions-language")) }
                select data-language autocomplete="off" {
                    @for (place, caption) in captions.iter().enumerate() { option value=(place) { (format::caption_name(texts, caption)) } }
                }
            }
        }
        button type="button" data-larger aria-pressed="false" title=(larger) hidden { (icon("letters")) span.unseen { (larger) } }
    }
}

/// A button whose picture says what it does; its words are for those who do not see it, and for a hand that hesitates.
fn pictured(texts: &Texts, what: &str, key: &str, hidden: bool) -> Markup {
    let words = texts.t(key);
    html! {
        button type="button" title=(words) hidden[hidden]
            data-picture[what == "picture"] data-full[what == "full"] data-keys[what == "keys"] {
            (icon(what)) span.unseen { (words) }
        }
    }
}

/// The recording after this one, which `next.js` offers at the end.
fn offer(texts: &Texts, next: &Recording) -> Markup {
    html! {
        div.next-offer data-next hidden {
            p {
                (texts.t("next-up")) ": "
                a href=(texts.to(urls::watch(&next.public_id))) lang=[foreign(texts, next.language())] { (name(next.title())) }
            }
            p role="timer" data-count data-words=(texts.t_args("next-in", &[("seconds", "%".into())])) {}
            button type="button" { (texts.t("next-stop")) }
            p.unseen role="status" data-words=(format!("{}:", texts.t("next-up"))) {}
        }
    }
}

/// The list of keys, and the way to switch them off (WCAG 2.2 §2.1.4).
fn keys(texts: &Texts) -> Markup {
    html! {
        dialog.keys data-keys-list aria-labelledby="keys" {
            h2 #keys { (texts.t("keys")) }
            dl {
                @for (keys, does) in KEYS {
                    div {
                        dt { @for key in keys { kbd { (key) } } }
                        dd { (texts.t(does)) }
                    }
                }
            }
            label { input type="checkbox" data-use-keys autocomplete="off"; " " (texts.t("keys-use")) }
            p.actions { button.button data-kind="quiet" type="button" data-close { (texts.t("close")) } }
        }
    }
}

fn speed_text(texts: &Texts, speed: &str) -> String {
    match texts.lang() {
        Lang::Nl => speed.replace('.', ","),
        Lang::En => speed.to_owned(),
    }
}
