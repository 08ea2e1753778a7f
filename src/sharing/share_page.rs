//! The content of a share page: the newsletter snippet in every form that mail programs accept, the QR code, and the link. In: a
//! recording or a series and [`ShareOptions`]. Out: markup, the same for visitors and coordinators; it works without script, which
//! only adds the copy buttons.

use std::collections::HashMap;

use maud::{Markup, html};
use rusqlite::Connection;

use super::newsletter::{self, Entry, Heading, Snippet, Width};
use super::share_fragment;
use super::share_options::{MOST, PreviewMode, SHORT, ShareOptions};
use crate::app::App;
use crate::catalogue::link::{self, Target, Token};
use crate::catalogue::name::isolated;
use crate::catalogue::recording::order::{self, Extent, Shown};
use crate::catalogue::recording::{self, Count, Recording, Visibility};
use crate::catalogue::series::{self, Series};
use crate::catalogue::slice::{Cursor, PAGE, Slice};
use crate::catalogue::{PublicId, Viewer};
use crate::error::Result;
use crate::web::components::name;
use crate::web::components::{foreign, how_many};
use crate::web::fragment::Fragment;
use crate::web::posted::Errors;
use crate::web::{Lang, Texts, format, markdown, parts, theme, urls};

/// Bytes of a block from which the page warns: Gmail cuts a mail off after 102 kB, and with it the link to unsubscribe, and the rest of
/// the mail comes on top.
const HEAVY: usize = 80_000;

/// Characters of a title in the list to choose from.
const TITLE: usize = 150;

/// The data of a share page.
pub struct SharePage {
    pub series: Series,
    /// `None`: the series is shared.
    pub recording: Option<Recording>,
    /// A part of the recordings of the series that can be shared, to choose from; empty when a recording is shared.
    all: Slice<Recording>,
    /// Recordings in the block, in order.
    chosen: Vec<Recording>,
    /// How many recordings of the series can be shared.
    extent: Extent,
    links: HashMap<i64, Token>,
    pub series_link: Option<Token>,
    /// Whether the series has recordings that visitors do not see.
    pub leaves_out: bool,
    /// Whether the address of the recording opens without a link now.
    pub opens: bool,
    pub options: ShareOptions,
    /// The part of the recording that is shared.
    pub(super) fragment: Fragment,
    /// What is wrong with the moments that were typed.
    pub(super) wrong: Errors,
}

impl SharePage {
    /// Loads the page. The caller has checked that the viewer may see what is shared. The name of a mailing counts for coordinators
    /// only, because it gives access to the links of that mailing.
    pub fn load(
        conn: &Connection,
        viewer: &Viewer,
        shared: Target,
        mut options: ShareOptions,
    ) -> Result<Self> {
        let (recording, series_id) = match shared {
            Target::Recording(row) => {
                let recording = recording::by_id(conn, row)?;
                let series_id = recording.series_id;
                (Some(recording), series_id)
            }
            Target::Series(row) => (None, row),
        };
        options.label = options.label.filter(|_| viewer.sees_all());
        let (links, series_link) = match &options.label {
            Some(label) => link::named(conn, series_id, label, viewer.now())?,
            None => (HashMap::new(), None),
        };
        let visitor = Viewer::visitor(viewer.now());
        // Without named links the recipients of a coordinator see what visitors see.
        let recipient = match viewer.sees_all() && options.label.is_none() {
            true => &visitor,
            false => viewer,
        };
        let of = (series_id, Shown::ForVisitors);
        let extent = order::extent(conn, recipient, of)?;
        let leaves_out = extent.listed < order::extent(conn, viewer, of)?.listed;
        let (all, chosen) = match &recording {
            Some(one) => (Slice::default(), vec![one.clone()]),
            None => {
                let first = order::slice(conn, recipient, of, &Cursor::First, MOST)?.items;
                let chosen = match options.chosen.as_slice() {
                    [] => first,
                    ids => order::among(conn, recipient, of, ids)?,
                };
                let all = order::slice(conn, recipient, of, &options.cursor, PAGE)?;
                (all, chosen)
            }
        };
        let opens = match &recording {
            Some(one) => recording::by_public_id(conn, &visitor, &one.public_id)?.is_some(),
            None => true,
        };
        let one = recording.as_ref();
        let moments = one.filter(|one| share_fragment::has_parts(one));
        let (fragment, wrong) = moments.map_or_else(Default::default, |one| {
            share_fragment::read(&options.moments, one.duration_ms)
        });
        Ok(Self {
            series: series::by_id(conn, series_id)?,
            fragment,
            wrong,
            leaves_out,
            opens,
            recording,
            all,
            chosen,
            extent,
            links,
            series_link,
            options,
        })
    }

    /// Shares that part of the recording; the page of a series has no moments.
    pub(super) fn playing(mut self, fragment: Fragment) -> Self {
        let can = |one: &&Recording| share_fragment::has_parts(one);
        if let Some(one) = self.recording.as_ref().filter(can) {
            self.fragment = fragment.within(one.duration_ms);
        }
        self
    }

    /// Recordings in the snippet.
    pub fn chosen(&self) -> &[Recording] {
        &self.chosen
    }

    /// How many recordings of the series are not in the block though nobody chose others.
    fn left_out(&self) -> usize {
        let is_all_meant = self.recording.is_none() && self.options.chosen.is_empty();
        let all = (self.extent.listed as usize).saturating_sub(self.chosen.len());
        if is_all_meant { all } else { 0 }
    }

    pub fn snippet(&self, app: &App) -> Snippet {
        let (lang, base) = (self.options.lang, app.config.base());
        let is_locked = self.series.password_hash.is_some();
        let entry = |one: &Recording| {
            let link = self.links.get(&one.id);
            Entry::of((lang, &base), one, &self.extent, link, is_locked)
                .playing(lang, self.fragment)
        };
        let entries: Vec<Entry> = self.chosen.iter().map(entry).collect();
        let heading = self.recording.is_none().then(|| Heading {
            title: self.series.title().to_owned(),
            language: self.series.language().to_owned(),
            facts: self.facts(lang),
            page: self.page(&base),
        });
        Snippet {
            lang,
            width: self.options.width,
            colours: theme::mail(app.branding().accent_rgb()),
            heading,
            entries,
            left_out: self.left_out(),
            short: self.options.short,
        }
    }

    fn facts(&self, lang: Lang) -> String {
        let count = match self.options.chosen.is_empty() {
            true => self.extent.count(),
            false => Count::of(&self.chosen),
        };
        let mut facts = vec![how_many(lang, count)];
        let organiser = self.series.organiser.as_deref();
        facts.extend(organiser.map(|name| isolated(name).into_owned()));
        facts.join(" · ")
    }

    /// Absolute address of the shared page.
    pub fn page(&self, base: &str) -> String {
        let path = match (&self.recording, self.link()) {
            (_, Some(link)) => urls::link(link),
            (Some(recording), None) => urls::watch(&recording.public_id),
            (None, None) => urls::series(&self.series.slug),
        };
        format!("{base}{}", self.fragment.of_page(&path))
    }

    /// Uses a named link as the address of the recording in the snippet.
    pub fn open_by(&mut self, link: Token) {
        if let Some(recording) = &self.recording {
            self.links.insert(recording.id, link);
        }
    }

    /// Whether the mailing has a link to this recording.
    pub fn has_link(&self, recording: &Recording) -> bool {
        self.links.contains_key(&recording.id)
    }

    pub(super) fn link(&self) -> Option<&Token> {
        match &self.recording {
            Some(recording) => self.links.get(&recording.id),
            None => self.series_link.as_ref(),
        }
    }

    /// Address of the share page for visitors.
    pub(super) fn public(&self) -> String {
        match &self.recording {
            Some(recording) => urls::share(&recording.public_id),
            None => urls::share_series(&self.series.slug),
        }
    }

    pub fn title(&self) -> &str {
        self.recording
            .as_ref()
            .map_or(self.series.title(), |one| one.title())
    }

    /// Whether the plain address can be opened by everyone.
    pub fn is_public(&self) -> bool {
        self.recording
            .as_ref()
            .is_none_or(|one| one.visibility() == Visibility::Public)
    }

    /// Draws the content of the page. `path`: its address; `label`: the form for the name of a mailing, shown first.
    pub fn render(&self, (app, texts): (&App, &Texts), path: &str, label: &Markup) -> Markup {
        let snippet = self.snippet(app);
        let chosen = snippet.entries.len();
        html! {
            (share_fragment::summary(texts, &self.wrong))
            (label)
            (self.choices(texts, path))
            @if chosen > 0 {
                (self.preview(texts))
                (self.mail(texts, &snippet, path))
                (self.site(app, texts))
                (self.print(texts))
            }
        }
    }

    fn choices(&self, texts: &Texts, path: &str) -> Markup {
        let options = &self.options;
        html! {
            form.stack.wide.share-choices method="get" action=(path) {
                h2 { (texts.t("share-choose")) }
                @if let Some(lang) = texts.chosen() { input type="hidden" name="lang" value=(lang.tag()); }
                @if let Some(label) = &options.label { input type="hidden" name="label" value=(label); }
                div.filter {
                    label { span { (texts.t("share-width")) }
                        select name="w" {
                            @for width in Width::ALL {
                                option value=(width.pixels()) selected[width == options.width] { (texts.t(width.text_key())) }
                            }
                        }
                    }
                    label { span { (texts.t("share-language")) }
                        select name="in" {
                            @for lang in Lang::ALL { option value=(lang.tag()) lang=(lang.tag()) selected[lang == options.lang] { (lang.name()) } }
                        }
                    }
                    label { span { (texts.t("share-mode")) }
                        select name="look" {
                            @for mode in PreviewMode::ALL { option value=(mode.as_str()) selected[mode == options.mode] { (texts.t(&format!("share-mode-{}", mode.as_str()))) } }
                        }
                    }
                }
                @if self.recording.as_ref().is_some_and(share_fragment::has_parts) {
                    (share_fragment::fields(texts, &options.moments, (self.fragment, &self.wrong)))
                }
                @if self.recording.is_none() {
                    fieldset.choices {
                        legend { (texts.t("share-form")) }
                        @for (value, is_short) in [("", false), (SHORT, true)] {
                            label { input type="radio" name="form" value=(value) checked[options.short == is_short] autocomplete="off"; span { (texts.t(if is_short { "share-form-short" } else { "share-form-full" })) } }
                        }
                    }
                    (self.which(texts, path))
                }
                p.actions { button.button type="submit" data-kind="quiet" { (texts.t("share-show")) } }
            }
        }
    }

    /// The recordings to choose from. Those chosen in another part of the list stay chosen.
    fn which(&self, texts: &Texts, path: &str) -> Markup {
        let options = &self.options;
        let is_chosen = |one: &Recording| options.chosen.contains(&one.public_id);
        let rows = parts::draw(&self.all, |one| {
            html! {
                label {
                    input type="checkbox" name="r" value=(one.public_id) checked[is_chosen(one)] autocomplete="off";
                    span lang=[foreign(texts, one.language())] { @if let Some(number) = one.number { (number) ". " } (name(&markdown::shorten(one.title(), TITLE))) }
                }
            }
        });
        let is_here = |id: &PublicId| rows.items.iter().any(|(_, one)| one.public_id == *id);
        let count = u32::try_from(self.chosen.len()).unwrap_or(u32::MAX);
        let is_open = !options.chosen.is_empty() || options.cursor != Cursor::First;
        html! {
            @if self.left_out() > 0 { p.field-help { (texts.t_args("share-which-cut", &[("count", count.into()), ("all", self.extent.listed.into())])) } }
            details.unfold #which open[is_open] {
                summary { (texts.t("share-which")) " (" (how_many(texts.lang(), Count::of(&self.chosen))) ")" }
                fieldset.choices {
                    legend.unseen { (texts.t("share-which")) }
                    p.field-help { (texts.t_args("share-which-help", &[("most", MOST.into())])) }
                    @for (row, _) in &rows.items { (row) }
                    @for id in options.chosen.iter().filter(|id| !is_here(id)) { input type="hidden" name="r" value=(id); }
                    @if let Some((key, value)) = parts::field(&options.cursor) { input type="hidden" name=(key) value=(value); }
                }
                (parts::links(texts, &format!("{}#which", options.behind(path)), &rows, |(_, one)| one.public_id.to_string()))
            }
        }
    }

    fn preview(&self, texts: &Texts) -> Markup {
        let address = self.options.behind(&format!("{}/preview", self.public()));
        html! {
            section.share-mode aria-labelledby="share-preview" {
                h2 #share-preview { (texts.t("share-preview")) }
                @if self.options.mode == PreviewMode::Dark { p.field-help { (texts.t("share-preview-dark")) } }
                // The preview runs no script and gets none of the portal's styles, so that it shows exactly the mail.
                iframe.share-preview src=(address) title=(texts.t("share-preview")) sandbox="allow-popups allow-popups-to-escape-sandbox" data-width=(self.options.width.pixels()) {}
                p { a href=(address) target="_blank" rel="noopener" { (texts.t("share-preview-open")) } }
            }
        }
    }

    fn mail(&self, texts: &Texts, snippet: &Snippet, path: &str) -> Markup {
        html! {
            section.share-mail aria-labelledby="share-mail" {
                h2 #share-mail { (texts.t("share-mail")) }
                (self.weight(texts, snippet, path))
                div.share-form data-copy-rich="share-html" data-copy-plain="share-plain" hidden {
                    p.field-help { (texts.t("share-rich-help")) }
                    p.actions { button.button type="button" { (texts.t("share-rich")) } }
                }
                (self.source(texts, ("share-html", "share-html", Some("share-html-help")), &snippet.html(), 8))
                (self.source(texts, ("share-plain", "share-plain", None), &snippet.plain(), 6))
                p.copied role="status" data-copied=(texts.t("share-copied")) data-failed=(texts.t("share-copy-failed")) {}
            }
            @if let ([entry], true) = (snippet.entries.as_slice(), self.recording.is_some()) {
                (self.picture(texts, snippet, entry))
            }
        }
    }

    /// How large the block is in a mail, and what to do when it is too large.
    fn weight(&self, texts: &Texts, snippet: &Snippet, path: &str) -> Markup {
        let bytes = newsletter::bytes_in_mail(&snippet.html());
        let size = format::size(texts.lang(), u64::try_from(bytes).unwrap_or(u64::MAX));
        let short = ShareOptions {
            short: true,
            ..self.options.clone()
        };
        html! {
            p.field-help { (texts.t_args("share-weight", &[("size", size.into())])) }
            @if bytes >= HEAVY {
                div.beyond role="note" {
                    p { strong { (texts.t("share-heavy-title")) } }
                    p { (texts.t("share-heavy")) }
                    @if !self.options.short && self.recording.is_none() {
                        p { a href={ (texts.keeping_language(short.behind(path))) "#share-mail" } { (texts.t("share-heavy-short")) } }
                    }
                }
            }
        }
    }

    fn picture(&self, texts: &Texts, snippet: &Snippet, entry: &Entry) -> Markup {
        let picture = entry.picture(snippet.width);
        // The page shows the picture from its own host, whatever the base address in the mail.
        let local = match picture.find("/posters/") {
            Some(at) => picture[at..].to_owned(),
            None => picture.clone(),
        };
        html! {
            section.share-picture aria-labelledby="share-picture" {
                h2 #share-picture { (texts.t("share-picture")) }
                p.field-help { (texts.t("share-picture-help")) }
                img src=(local) width="300" height="169" alt=(entry.alt) loading="lazy";
                p.actions {
                    a.button data-kind="quiet" href=(local) download={ (self.file_name()) ".jpg" } { (texts.t("share-picture-download")) }
                    span data-copy-rich="share-picture-html" data-copy-plain="share-link" hidden { button.button type="button" data-kind="quiet" { (texts.t("share-picture-rich")) } }
                }
                textarea #share-picture-html readonly hidden { (snippet.picture_html()) }
                (line(texts, "share-picture-address", &picture))
                (line(texts, "share-link", &entry.page))
            }
        }
    }

    /// A field of several lines to copy. `names`: id, key of the label, key of the help.
    pub(super) fn source(
        &self,
        texts: &Texts,
        (id, label, help): (&str, &str, Option<&str>),
        text: &str,
        rows: u8,
    ) -> Markup {
        let help_id = format!("{id}-help");
        html! {
            div.field {
                label for=(id) { (texts.t(label)) }
                @if let Some(help) = help { p.field-help #(help_id) { (texts.t(help)) } }
                textarea.source #(id) rows=(rows) readonly spellcheck="false" aria-describedby=[help.map(|_| help_id.as_str())] { "\n" (text) }
                p.actions data-copy=(id) hidden { button.button type="button" data-kind="quiet" aria-label={ (texts.t("share-copy")) ": " (texts.t(label)) } { (texts.t("share-copy")) } }
            }
        }
    }

    /// The name of a file made from this page, without ending.
    pub(super) fn file_name(&self) -> &str {
        self.recording
            .as_ref()
            .map_or(&self.series.slug, |one| &one.stem)
    }
}

/// A field of one line to copy.
fn line(texts: &Texts, name: &str, text: &str) -> Markup {
    let label = match name {
        "share-link" => "share-link-address",
        name => name,
    };
    html! {
        div.field {
            label for=(name) { (texts.t(label)) }
            input #(name) type="text" readonly value=(text) spellcheck="false";
            p.actions data-copy=(name) hidden { button.button type="button" data-kind="quiet" aria-label={ (texts.t("share-copy")) ": " (texts.t(label)) } { (texts.t("share-copy")) } }
        }
    }
}
