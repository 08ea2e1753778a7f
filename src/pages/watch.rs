//! The watch page of a recording, where visitors watch it, jump to a moment, read the transcript, and continue with the next one.
//! Newsletters link to it, so its address answers for ever, whatever happens to the recording.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::{Markup, html};
use rusqlite::Connection;

use super::find::Find;
use super::unlock;
use super::watch_sidebar::{Sidebar, Transcript};
use crate::app::App;
use crate::catalogue::address::{self, Resolved};
use crate::catalogue::attachment::{self, Attachment};
use crate::catalogue::caption::{self, Caption};
use crate::catalogue::link;
use crate::catalogue::query;
use crate::catalogue::recording::{self, Recording, RecordingState, Visibility};
use crate::catalogue::series::{self, Series};
use crate::catalogue::source::{self, Source};
use crate::catalogue::speaker::{self, Speaker};
use crate::catalogue::timed_line;
use crate::catalogue::{PublicId, Viewer};
use crate::error::{Error, Result};
use crate::search;
use crate::web::components::name;
use crate::web::components::{day, duration, facts, feeds, foreign, icon, position, who_can_see};
use crate::web::fragment::Fragment;
use crate::web::head::{self, Head};
use crate::web::player::Player;
use crate::web::structured::Lesson;
use crate::web::{Lang, Texts, format, layout, markdown, publication, reply, urls};

/// Most characters of a summary in the head of the page.
const SUMMARY: usize = 500;

/// Most speakers that the page names, and most characters of each name.
const SPEAKERS: usize = 60;
const NAME: usize = 150;

/// `GET /watch/{id}`, with `?t=` and `?end=` the moments at which playback begins and ends, and `?find=` words that are looked for in
/// what is said.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    texts: Texts,
) -> Result<Response> {
    let id = PublicId::parse(&id).ok_or(Error::NotFound)?;
    answer(&app, viewer, id, query.as_deref(), &texts).await
}

/// Answers with the page of a recording, for its own address and for a named link.
pub async fn answer(
    app: &App,
    viewer: Viewer,
    id: PublicId,
    query: Option<&str>,
    texts: &Texts,
) -> Result<Response> {
    let fragment = Fragment::of(query);
    let (lang, address) = (texts.lang(), urls::watch(&id));
    let find = Find::asked(query);
    let found = app.db.read(move |conn| {
        let load = || {
            address::resolve_recording(conn, &viewer, &id)?
                .load(|row| WatchPage::load(conn, &viewer, row, (lang, fragment, find.as_ref())))
        };
        match &find {
            Some(_) => query::within(conn, search::TIME, load),
            None => load(),
        }
    });
    match found.await? {
        Resolved::Found(page) => Ok(reply::page(page.render(app, texts))),
        Resolved::Moved(today) => reply::moved(&texts.to(urls::keeping(
            &urls::watch(&today),
            query,
            &["t", "end", "find", "hit"],
        ))),
        Resolved::Gone(gone) => Err(Error::Gone(gone)),
        Resolved::Locked(slug) => {
            let unlock = unlock::unlock(&slug);
            Ok(unlock::page_of(app, texts, &unlock, Some(&address), None))
        }
    }
}

/// The data of the page.
struct WatchPage {
    recording: Recording,
    series: Series,
    speakers: Vec<Speaker>,
    sources: Vec<Source>,
    captions: Vec<Caption>,
    attachments: Vec<Attachment>,
    transcript: Option<Transcript>,
    sidebar: Sidebar,
    /// The part of the recording that the address asks for.
    fragment: Fragment,
    /// Whether the viewer is a coordinator.
    to_edit: bool,
    /// Whether others may preview the named link that opened the page: it leads to what every visitor may see.
    has_open_link: bool,
}

impl WatchPage {
    fn load(
        conn: &Connection,
        viewer: &Viewer,
        row: i64,
        (lang, fragment, find): (Lang, Fragment, Option<&Find>),
    ) -> Result<Self> {
        let recording = recording::by_id(conn, row)?;
        let captions = caption::shown(conn, row)?;
        let series = series::by_id(conn, recording.series_id)?;
        let visitor = Viewer::visitor(viewer.now());
        let fragment = fragment.within(recording.duration_ms);
        Ok(Self {
            speakers: speaker::of_recording(conn, row)?,
            sources: source::of_recording(conn, row)?,
            attachments: attachment::first_of_recording(conn, row)?,
            transcript: Transcript::load(
                conn,
                &recording,
                &captions,
                (lang, fragment.start, find),
            )?,
            sidebar: Sidebar::load(conn, viewer, &recording, &series)?,
            fragment,
            to_edit: viewer.sees_all(),
            has_open_link: link::is_open_to(conn, viewer)?
                && recording::by_public_id(conn, &visitor, &recording.public_id)?.is_some(),
            series,
            captions,
            recording,
        })
    }

    fn render(&self, app: &App, texts: &Texts) -> Markup {
        let head = self.head(app, texts);
        let main = html! {
            @if self.to_edit { (self.edit(texts)) }
            div.watch-way {
                (self.breadcrumbs(texts))
                (self.sidebar.neighbours(texts))
            }
            div.watch data-transcript[self.transcript.is_some()] data-chapters[!self.sidebar.chapters.is_empty()] {
                div.watch-player {
                    (self.player(self.fragment).render(texts))
                    (self.part(texts))
                    @if self.sources.iter().any(|source| source.broken_off) { p.notice role="note" { (texts.t("broken-off")) } }
                }
                div.watch-words { (self.words(texts)) }
                @if let Some(transcript) = &self.transcript { (transcript.render(texts, &self.recording, self.fragment)) }
                (self.sidebar.render(texts, &self.recording))
            }
        };
        layout::page(app, texts, "watch", &head, &main)
    }

    /// For a coordinator: who can see the recording, and a link to the desk.
    fn edit(&self, texts: &Texts) -> Markup {
        let id = &self.recording.public_id;
        html! {
            p.notice role="note" {
                (who_can_see(texts, self.recording.visibility())) " "
                a href=(texts.to(urls::desk(&format!("recordings/{id}")))) { (texts.t("edit-recording")) } " · "
                a href=(texts.to(urls::with(&urls::watch(id), "as", "visitor"))) { (texts.t("as-visitor")) }
            }
        }
    }

    /// The addresses of the page for its head: the canonical one, that of its link, and the one by which sites ask for the player, which
    /// keeps the fragment and the language that the page was asked for. A recording that only a link opens is previewed nowhere, because
    /// others would keep its words and its picture.
    fn addresses(&self, texts: &Texts) -> [Option<String>; 3] {
        let page = urls::watch(&self.recording.public_id);
        let (own, link) = match texts.has_link() {
            false => (Some(page), None),
            true => {
                let link = texts.opened_at(page);
                (None, link.filter(|_| self.has_open_link))
            }
        };
        let asked = own
            .as_ref()
            .or(link.as_ref())
            .map(|address| texts.keeping_language(self.fragment.of_page(address)));
        [own, link, asked]
    }

    fn head(&self, app: &App, texts: &Texts) -> Head {
        let recording = &self.recording;
        // Search engines must not list a recording that only people with its address may open.
        let hidden = self.series.demonstration()
            || recording.visibility() != Visibility::Public
            || texts.has_link();
        let id = &recording.public_id;
        let picture = urls::poster_play(id, 1200, recording.poster_version.as_deref());
        let player = self.player(Fragment::default());
        let lesson = Lesson {
            recording,
            series: &self.series,
            speakers: &self.speakers,
            chapters: &self.sidebar.chapters,
            source: player.to_keep(),
        };
        // A preview with a player would be shown on other sites, so it needs their permission.
        let portal = app.config.embed_sites();
        let sites = self.series.embed_sites_of(Some(recording), portal);
        let anywhere = sites.is_everywhere();
        let summary = recording.summary.as_deref();
        let summary = summary.map(|summary| markdown::shorten(summary, SUMMARY));
        let description = recording.description.as_deref();
        let described = || description.map(|text| markdown::plain(text, head::DESCRIPTION));
        let [address, link, embeds] = self.addresses(texts);
        Head {
            title: recording.title().to_owned(),
            description: summary.or_else(described),
            address,
            link,
            embeds,
            image: Some(texts.asset(picture)),
            image_alt: Some(recording.title().to_owned()),
            video: (recording.state == RecordingState::Ready && anywhere).then(|| head::Video {
                frame: texts.asset(urls::embed(id)),
                seconds: recording.duration_ms.map(|ms| ms / 1000),
                date: publication::moment(recording, &app.config.zone(), app.clock.now())
                    .as_ref()
                    .map(publication::iso),
            }),
            feeds: feeds(texts, &self.series),
            data: (!hidden)
                .then(|| lesson.data(&app.config, app.clock.now()))
                .flatten(),
            kind: head::PageKind::Video,
            hidden,
            scripts: vec!["watch.js", "find.js", "resume.js", "search.js"],
            demonstration: self.series.demonstration(),
            ..Head::default()
        }
    }

    fn player(&self, fragment: Fragment) -> Player<'_> {
        Player {
            recording: &self.recording,
            sources: &self.sources,
            captions: &self.captions,
            // A fragment begins at its own begin, also where the visitor had stopped elsewhere in the recording.
            start: fragment.start.or(fragment.end.map(|_| 0)),
            end: fragment.end,
            elsewhere: None,
            series: self.series.title(),
            next: self.sidebar.next(),
        }
    }

    /// That only a part of the recording is played, with the way to the whole.
    fn part(&self, texts: &Texts) -> Markup {
        let part = self.fragment.part();
        let part = part.filter(|_| self.player(self.fragment).offers());
        html! {
            @if let Some([start, end]) = part {
                p.fragment {
                    (texts.t_args("fragment", &[("start", start.into()), ("end", end.into())])) " "
                    a href=(texts.to(urls::watch(&self.recording.public_id))) { (texts.t("fragment-whole")) }
                }
            }
        }
    }

    fn breadcrumbs(&self, texts: &Texts) -> Markup {
        html! {
            nav.breadcrumbs aria-label=(texts.t("breadcrumbs")) {
                ol {
                    li {
                        // The series has no page for a viewer who may see none of its recordings in lists.
                        @let lang = foreign(texts, self.series.language());
                        @if self.sidebar.extent.listed == 0 { span lang=[lang] { (name(self.series.title())) } }
                        @else { a lang=[lang] href=(texts.to(urls::series(&self.series.slug))) { (name(self.series.title())) } }
                    }
                    @if let Some(position) = position(texts.lang(), &self.recording, &self.sidebar.extent) {
                        li aria-current="page" { (position) }
                    }
                }
            }
        }
    }

    fn words(&self, texts: &Texts) -> Markup {
        let recording = &self.recording;
        html! {
            h1.recording-title lang=[foreign(texts, recording.language())] { (name(recording.title())) }
            (self.facts(texts))
            (self.contents(texts))
            (self.actions(texts))
            (self.description(texts))
            (self.handouts(texts))
            (self.keep(texts))
            (self.licence(texts))
            (self.report(texts))
            (self.sidebar.next_up(texts))
        }
    }

    /// What one can do with the recording: pass it on, keep it, and say that one has seen it.
    fn actions(&self, texts: &Texts) -> Markup {
        let recording = &self.recording;
        let player = self.player(Fragment::default());
        let plays = recording.state == RecordingState::Ready && player.offers();
        let kept = player.to_keep().filter(|_| plays && recording.download());
        let seconds = recording.duration_ms.map(|ms| ms / 1000);
        html! {
            p.actions {
                @if self.can_share(texts) { a.button data-kind="quiet" href=(texts.to(self.fragment.of_page(&urls::share(&recording.public_id)))) { (icon("share")) (texts.t("share")) } }
                @if let Some(source) = kept { (player.download(texts, source)) }
                @if plays { button.button data-kind="quiet" type="button" data-moment=(texts.to(urls::watch(&recording.public_id))) hidden { (icon("link")) (texts.t("copy-moment")) } }
                span role="status" data-moment-said data-copied=(texts.t("copied")) data-failed=(texts.t("copy-by-hand")) {}
                @if plays { button.button data-kind="quiet" type="button" data-mark-seen data-seconds=[seconds] data-after=(texts.t("seen")) data-before=(texts.t("mark-seen")) hidden { (icon("seen")) span {} } }
            }
        }
    }

    /// The description; its lines that begin with a time lead to that moment.
    fn description(&self, texts: &Texts) -> Markup {
        let recording = &self.recording;
        let description = recording.description.as_deref();
        let can_begin = recording.state == RecordingState::Ready;
        let starts = timed_line::chapters(description.filter(|_| can_begin), recording.duration_ms);
        let starts: Vec<u64> = starts.iter().map(|chapter| chapter.start_ms).collect();
        let address = |ms: u64| texts.to(urls::watch_at(&recording.public_id, ms / 1000));
        let moments = markdown::Moments {
            starts: &starts,
            address: &address,
        };
        html! {
            @if let Some(words) = description.or(recording.summary.as_deref()) {
                div.prose lang=[foreign(texts, recording.language())] data-lines[!starts.is_empty()] { (markdown::with_moments(words, Some(moments))) }
            }
        }
    }

    /// Whether the page offers to share the recording, which needs it to be public.
    fn can_share(&self, texts: &Texts) -> bool {
        self.recording.visibility() == Visibility::Public && !texts.has_link()
    }

    fn facts(&self, texts: &Texts) -> Markup {
        let (recording, lang) = (&self.recording, texts.lang());
        let speakers = (!self.speakers.is_empty()).then(|| {
            html! {
                span.unseen { (texts.t("speakers")) ": " }
                @for (index, speaker) in self.speakers.iter().take(SPEAKERS).enumerate() {
                    @if index > 0 { ", " }
                    a href=(texts.to(urls::speaker(&speaker.slug))) { (name(&markdown::shorten(&speaker.name, NAME))) }
                    @if let Some(role) = speaker.role.as_deref().filter(|role| !speaker.name.to_lowercase().contains(&role.to_lowercase())) {
                        " (" (name(&markdown::shorten(role, NAME))) ")"
                    }
                }
                @if self.speakers.len() > SPEAKERS { " " (texts.t_args("and-more", &[("count", (self.speakers.len() - SPEAKERS).into())])) }
            }
        });
        let is_here = recording.state == RecordingState::Ready;
        let length = recording.duration_ms.filter(|_| is_here);
        facts([
            recording.date.as_deref().map(|date| day(lang, date)),
            speakers,
            length.map(|ms| duration(lang, ms)),
            self.cost(texts).filter(|_| is_here),
            self.lower_costs(texts).filter(|_| is_here),
            (is_here && recording.sound_only).then(|| html! { (texts.t("sound-only")) }),
        ])
    }

    /// What watching costs at most: the size of the best picture, or of what there is.
    fn cost(&self, texts: &Texts) -> Option<Markup> {
        let player = self.player(Fragment::default());
        let best = player.qualities().first().map(|best| best.source);
        let whole = best.or(player.to_keep())?;
        Some(html! { (format::size(texts.lang(), whole.size_bytes)) })
    }

    /// What it costs with a smaller picture and with the sound alone, whatever there is.
    fn lower_costs(&self, texts: &Texts) -> Option<Markup> {
        let player = self.player(Fragment::default());
        let qualities = player.qualities().into_iter();
        let lower = qualities.filter(|quality| !quality.is_best());
        let costs: Vec<String> = lower.map(|quality| quality.cost(texts)).collect();
        (!costs.is_empty()).then(|| html! { (costs.join(" · ")) })
    }

    /// Links to the parts of the page below, for a narrow screen.
    fn contents(&self, texts: &Texts) -> Markup {
        html! {
            nav.contents aria-label=(texts.t("jump")) {
                @if self.transcript.is_some() { a href="#transcript" { (texts.t("transcript")) } }
                @if !self.sidebar.chapters.is_empty() { a href="#chapters" { (texts.t("chapters")) } }
                @if self.sidebar.extent.listed > 1 { a href="#series" { (texts.t("series-beside")) } }
            }
        }
    }

    fn handouts(&self, texts: &Texts) -> Markup {
        html! {
            @if !self.attachments.is_empty() {
                section.handouts aria-labelledby="handouts" {
                    h2 #handouts { (texts.t("handouts")) }
                    ul {
                        @for attachment in &self.attachments {
                            li {
                                a href=(texts.asset(urls::media(&self.recording.public_id, &attachment.version, &attachment.place.file))) {
                                    (icon("paper")) span { (name(&attachment.title)) }
                                }
                                span.size { (format::size(texts.lang(), attachment.place.size_bytes)) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Links to captions and the download, and help when the recording does not play.
    fn keep(&self, texts: &Texts) -> Markup {
        let player = self.player(Fragment::default());
        if self.recording.state != RecordingState::Ready || !player.offers() {
            return html! {};
        }
        let captions = self.captions.iter();
        let languages = captions.map(|it| format::caption_name(texts, it));
        let languages: Vec<String> = languages.collect();
        let trouble = match self.recording.download() {
            true => "trouble",
            false => "trouble-no-download",
        };
        html! {
            div.keep {
                @if !languages.is_empty() {
                    p { (texts.t_args("captions-in", &[("languages", languages.join(", ").into())])) ". " (texts.t("captions-how")) }
                }
                @if player.plays() { p { (texts.t(trouble)) } }
                @if self.recording.download() { (self.qualities(texts, &player)) }
            }
        }
    }

    /// For who has no script: the files that one may choose among with it.
    fn qualities(&self, texts: &Texts, player: &Player<'_>) -> Markup {
        let qualities = player.qualities();
        html! {
            @if !qualities.is_empty() {
                noscript { p {
                    (texts.t("quality-files"))
                    @for quality in &qualities { " " a href=(player.address(texts, quality.source)) { (quality.label(texts)) } }
                } }
            }
        }
    }

    /// The way to the people at the desk, who have to hear of what is wrong; `player.js` adds the moment at which one is.
    fn report(&self, texts: &Texts) -> Markup {
        let id = &self.recording.public_id;
        html! {
            div.keep { p {
                (texts.t("message-ask")) " "
                a data-message href=(texts.to(urls::message(None, Some(id)))) { (texts.t("message-write")) }
            } }
        }
    }

    /// The licence for others, when one is set.
    fn licence(&self, texts: &Texts) -> Markup {
        html! {
            @if let Some(licence) = self.recording.licence {
                div.keep { p {
                    (texts.t("licence")) ": "
                    @match licence.address() {
                        Some(address) => a rel="license" href=(address) { (texts.t(licence.label())) },
                        None => (texts.t(licence.label())),
                    }
                } }
            }
        }
    }
}
