//! The newsletter snippet: a recording or a series for a mail. In: entries, a width, a language. Out: HTML of tables and inline
//! styles that every mail program draws (caniemail.com; `tests/browser/stories/mails.mjs` checks each feature against its data),
//! and plain text.
//!
//! A sent mail cannot be changed: all its addresses are absolute and permanent, nothing depends on images being shown, and colours
//! are set for ground and text together, so that a mail program in dark mode inverts both or none.

use maud::{Markup, PreEscaped, html};

use super::share_fragment;
use crate::catalogue::link::Token;
use crate::catalogue::name::isolated;
use crate::catalogue::recording::order::Extent;
use crate::catalogue::recording::{Recording, RecordingState, Visibility};
use crate::web::fragment::Fragment;
use crate::web::{Lang, components, format, markdown, urls};

/// Characters of the summary of a recording.
const LINE: usize = 160;

/// Characters of the title of a recording; a longer one would fill the mail.
const TITLE: usize = 200;

/// Fonts that every machine has, because mails cannot include fonts.
const FONT: &str = "font-family:Arial,Helvetica,sans-serif";
const TEXT: &str = "#1f1f1f";
const MUTED: &str = "#595959";

/// The width of the snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// A column of 300 pixels.
    Column,
    /// A mail of 600 pixels.
    Mail,
}

impl Width {
    pub const ALL: [Self; 2] = [Self::Mail, Self::Column];

    pub fn pixels(self) -> u32 {
        match self {
            Self::Column => 300,
            Self::Mail => 600,
        }
    }

    /// Key of its label.
    pub fn text_key(self) -> &'static str {
        match self {
            Self::Column => "share-width-300",
            Self::Mail => "share-width-600",
        }
    }

    /// The width of this many pixels; that of a mail for any other text.
    pub fn parse(text: &str) -> Self {
        match text {
            "300" => Self::Column,
            _ => Self::Mail,
        }
    }
}

/// A recording in a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub title: String,
    /// BCP 47 tag of the title and the summary.
    pub language: String,
    /// The position in the series, such as "3 van 12".
    pub position: Option<String>,
    /// Date and duration.
    pub facts: String,
    pub line: Option<String>,
    /// Alternative text of the picture.
    pub alt: String,
    /// Label of the button.
    pub button: String,
    /// The licence and the address that explains it, for the plain text only.
    pub licence: Option<String>,
    /// Absolute address of the page.
    pub page: String,
    picture: String,
}

impl Entry {
    /// An entry in a language. `base`: of absolute addresses; `all`: how many its series has; `link`: the named link of the
    /// mailing.
    pub fn of(
        (lang, base): (Lang, &str),
        recording: &Recording,
        all: &Extent,
        link: Option<&Token>,
        is_locked: bool,
    ) -> Self {
        let (id, title) = (
            &recording.public_id,
            markdown::shorten(recording.title(), TITLE),
        );
        let is_here = recording.state == RecordingState::Ready;
        let length = recording.duration_ms.filter(|_| is_here);
        let length = length.map(|ms| format::length(lang, ms));
        let date = recording.date.as_deref();
        let facts = [
            date.map(|date| format::date(lang, date)),
            length.clone(),
            (recording.state == RecordingState::Planned).then(|| lang.t("planned")),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        let summary = recording.summary.as_deref();
        let line = summary.map(|text| markdown::shorten(text, LINE));
        let line = line.or_else(|| components::description(recording, LINE));
        let picture = urls::poster_play(id, 1200, recording.poster_version.as_deref());
        // The picture of a recording that is not public needs the link in its address.
        let is_open = recording.visibility() == Visibility::Public && !is_locked;
        let picture = urls::opened(picture, link.filter(|_| !is_open));
        Self {
            title: title.clone(),
            language: recording.language().to_owned(),
            position: match (recording.state, recording.number) {
                (RecordingState::Planned, Some(number)) => {
                    Some(lang.t_args("mail-number", &[("number", number.into())]))
                }
                _ => components::position(lang, recording, all),
            },
            facts: facts.join(" · "),
            line: line.filter(|line| !line.is_empty()),
            alt: alt(lang, (recording, &title), length.as_deref()),
            button: match is_here {
                true => lang.t("mail-button"),
                false => lang.t("mail-button-planned"),
            },
            licence: recording.licence.map(|licence| {
                let line = format!("{}: {}", lang.t("licence"), lang.t(licence.label()));
                match licence.address() {
                    Some(address) => format!("{line}, {address}"),
                    None => line,
                }
            }),
            page: format!("{base}{}", link.map_or_else(|| urls::watch(id), urls::link)),
            picture: format!("{base}{picture}"),
        }
    }

    /// The entry for a part of the recording: it says from which moment, and its links begin there.
    pub(super) fn playing(mut self, lang: Lang, fragment: Fragment) -> Self {
        if let Some(part) = share_fragment::said(lang, fragment) {
            let facts = [self.facts, part];
            let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
            self.facts = facts.join(" · ");
            self.page = fragment.of_page(&self.page);
        }
        self
    }

    /// Absolute address of the picture for this width, with twice as many pixels for high-resolution screens.
    pub fn picture(&self, width: Width) -> String {
        match width {
            Width::Mail => self.picture.clone(),
            Width::Column => self.picture.replacen("w=1200", "w=600", 1),
        }
    }
}

/// Alternative text for the picture of a recording.
fn alt(lang: Lang, (recording, title): (&Recording, &str), length: Option<&str>) -> String {
    let mut args = vec![("title", title.into())];
    let key = match length {
        Some(length) => {
            args.push(("length", length.into()));
            "mail-alt"
        }
        None if recording.state == RecordingState::Planned => "mail-alt-planned",
        None => "mail-alt-short",
    };
    lang.t_args(key, &args)
}

/// The heading of a snippet with several recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub title: String,
    pub language: String,
    /// Facts such as "12 opnamen, 1 volgt nog · Sociaal Werk Nederland".
    pub facts: String,
    /// Absolute address of the page of the series.
    pub page: String,
}

/// The content of a newsletter snippet.
#[derive(Debug, Clone)]
pub struct Snippet {
    pub lang: Lang,
    pub width: Width,
    /// Colours of a button and of its label: `#rrggbb`.
    pub colours: [String; 2],
    /// `None` for one recording.
    pub heading: Option<Heading>,
    /// Whether a list has titles and links only.
    pub short: bool,
    pub entries: Vec<Entry>,
    /// How many recordings of the series are left out.
    pub left_out: usize,
}

impl Snippet {
    /// The snippet as HTML.
    pub fn html(&self) -> String {
        let width = self.width.pixels();
        let markup = html! {
            table role="presentation" lang=(self.lang.tag()) width=(width) cellpadding="0" cellspacing="0" border="0" align="center" bgcolor="#ffffff"
                style={ "width:100%;max-width:" (width) "px;background-color:#ffffff" } {
                (end())
                @if let Some(heading) = &self.heading { (self.head(heading)) }
                @for entry in &self.entries {
                    @if self.is_short() { (line(entry)) } @else if self.is_list() { (self.row(entry)) } @else { (self.whole(entry)) }
                    (end())
                }
                @if let Some((words, page)) = self.rest() {
                    tr { td style={ "padding:0 20px 20px 20px;" (FONT) ";font-size:16px;line-height:24px;color:" (TEXT) } {
                        a href=(page) style={ "color:" (TEXT) ";text-decoration:underline" } { (words) }
                    } }
                    (end())
                }
            }
        };
        markup.into_string()
    }

    /// The pictures with their links only.
    pub fn picture_html(&self) -> String {
        let picture = |entry| self.picture(entry, self.width.pixels()).into_string();
        let pictures: Vec<String> = self.entries.iter().map(picture).collect();
        pictures.join("\n")
    }

    /// The snippet as plain text.
    pub fn plain(&self) -> String {
        let mut parts = Vec::new();
        if let Some(heading) = &self.heading {
            let lines = [&*isolated(&heading.title), &heading.facts, &heading.page];
            parts.push(lines.join("\n"));
        }
        for entry in &self.entries {
            if self.is_short() {
                parts.push(format!("{}\n{}", isolated(&entry.title), entry.page));
                continue;
            }
            let lines = [
                entry.position.clone(),
                Some(isolated(&entry.title).into_owned()),
                Some(entry.facts.clone()).filter(|facts| !facts.is_empty()),
                entry.line.clone(),
                Some(format!("{}: {}", entry.button, entry.page)),
                entry.licence.clone(),
            ];
            parts.push(lines.into_iter().flatten().collect::<Vec<_>>().join("\n"));
        }
        parts.extend(self.rest().map(|(words, page)| format!("{words}: {page}")));
        parts.join("\n\n")
    }

    /// How many recordings are left out, and the page that has them.
    fn rest(&self) -> Option<(String, &str)> {
        let heading = self.heading.as_ref().filter(|_| self.left_out > 0)?;
        let words = (self.lang).t_args("mail-rest", &[("count", self.left_out.into())]);
        Some((words, &heading.page))
    }

    /// Whether entries are a title that leads on.
    fn is_short(&self) -> bool {
        self.heading.is_some() && self.short
    }

    /// Whether entries have their text beside the picture, which needs the width of a mail.
    fn is_list(&self) -> bool {
        self.heading.is_some() && self.width == Width::Mail
    }

    fn head(&self, heading: &Heading) -> Markup {
        html! {
            tr { td style={ "padding:20px 20px 4px 20px;" (FONT) ";font-size:26px;line-height:32px;color:" (TEXT) } {
                h2 lang=(heading.language) style={ "margin:0;" (FONT) ";font-size:26px;line-height:32px;font-weight:bold" } {
                    a href=(heading.page) style={ "color:" (TEXT) ";text-decoration:none" } { (isolated(&heading.title)) }
                }
            } }
            (small(&heading.facts, "0 20px 20px 20px"))
            (end())
        }
    }

    /// An entry with its picture above the text.
    fn whole(&self, entry: &Entry) -> Markup {
        html! {
            tr { td { (self.picture(entry, self.width.pixels())) } }
            tr { td style="padding:16px 20px 24px 20px" {
                table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" { (self.words(entry, 22)) tr { (address(entry, 1, "0")) } }
            } }
        }
    }

    /// An entry with its picture beside the text.
    fn row(&self, entry: &Entry) -> Markup {
        html! {
            tr { td style="padding:0 20px 0 20px" {
                table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" { tr {
                    td width="200" valign="top" style="width:36%;padding:0 16px 4px 0" { (self.picture(entry, 200)) }
                    td valign="top" style="padding:0 0 4px 0" {
                        table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" { (self.words(entry, 18)) }
                    }
                } tr { (address(entry, 2, "0 0 24px 0")) } }
            } }
        }
    }

    fn picture(&self, entry: &Entry, width: u32) -> Markup {
        let file = match width > Width::Column.pixels() {
            true => self.width,
            false => Width::Column,
        };
        html! {
            a href=(entry.page) style={ "color:" (TEXT) ";" (FONT) ";font-size:14px;line-height:20px" } {
                // The height is not set, because the alternative text needs room when pictures are blocked.
                img src=(entry.picture(file)) width=(width) alt=(isolated(&entry.alt)) border="0" style="display:block;width:100%;border:0";
            }
        }
    }

    /// The rows with the text of an entry. `size`: of the title in pixels.
    fn words(&self, entry: &Entry, size: u32) -> Markup {
        let [ground, text] = &self.colours;
        html! {
            @if let Some(position) = &entry.position { (small(position, "0 0 4px 0")) }
            tr { td style="padding:0 0 6px 0" {
                h3 lang=(entry.language) style={ "margin:0;" (FONT) ";font-size:" (size) "px;line-height:" (size + 6) "px;font-weight:bold" } {
                    a href=(entry.page) style={ "color:" (TEXT) ";text-decoration:none" } { (isolated(&entry.title)) }
                }
            } }
            @if !entry.facts.is_empty() { (small(&entry.facts, "0 0 8px 0")) }
            @if let Some(line) = &entry.line {
                tr { td lang=(entry.language) style={ "padding:0 0 12px 0;" (FONT) ";font-size:16px;line-height:24px;color:" (TEXT) } { (line) } }
            }
            tr { td style="padding:0 0 8px 0" {
                table role="presentation" cellpadding="0" cellspacing="0" border="0" { tr {
                    td bgcolor=(ground) style={ "padding:10px 18px;background-color:" (ground) } {
                        a href=(entry.page) style={ (FONT) ";font-size:16px;line-height:22px;font-weight:bold;color:" (text) ";text-decoration:none" } { (entry.button) }
                    }
                } }
            } }
        }
    }
}

/// An entry as its title, which leads to its page.
fn line(entry: &Entry) -> Markup {
    html! {
        tr { td lang=(entry.language) style={ "padding:0 20px 12px 20px;" (FONT) ";font-size:16px;line-height:24px;color:" (TEXT) } {
            a href=(entry.page) style={ "color:" (TEXT) ";text-decoration:underline" } { (isolated(&entry.title)) }
        } }
    }
}

/// The bytes of a text as a mail carries it: quoted-printable in lines of 76 characters (RFC 2045 §6.7).
pub fn bytes_in_mail(text: &str) -> usize {
    /// Characters of a line before the `=` that breaks it.
    const LINE: usize = 75;
    let (mut all, mut line) = (0, 0);
    for byte in text.bytes() {
        let bytes = match byte {
            b'\n' => {
                (all, line) = (all + 2, 0);
                continue;
            }
            b'=' => 3,
            b' '..=b'~' | b'\t' => 1,
            _ => 3,
        };
        if line + bytes > LINE {
            (all, line) = (all + 3, 0);
        }
        (all, line) = (all + bytes, line + bytes);
    }
    all
}

/// The address as text, for readers who have to type it.
fn address(entry: &Entry, columns: u8, padding: &str) -> Markup {
    html! {
        // The address is below both columns, because it cannot wrap and would push the picture aside on a phone.
        td colspan=(columns) style={ "padding:" (padding) ";" (FONT) ";font-size:13px;line-height:18px" } {
            a href=(entry.page) style={ "color:" (MUTED) ";text-decoration:underline" } { (urls::bare(&entry.page)) }
        }
    }
}

fn small(text: &str, padding: &str) -> Markup {
    html! {
        tr { td style={ "padding:" (padding) ";" (FONT) ";font-size:14px;line-height:20px;color:" (MUTED) } { (text) } }
    }
}

/// A line break in the source, which people paste into small windows.
fn end() -> PreEscaped<&'static str> {
    PreEscaped("\n")
}
