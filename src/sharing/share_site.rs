//! The sections of a share page for sites and print: the embed code where embedding is allowed, and QR codes. In: a [`SharePage`].
//! Out: markup.

use maud::{Markup, html};

use super::embed;
use super::share_page::SharePage;
use crate::app::App;
use crate::embed_sites::EmbedSites;
use crate::web::{Texts, urls};

impl SharePage {
    /// The sites that may embed the player.
    pub fn embed_sites(&self, app: &App) -> EmbedSites {
        let portal = app.config.embed_sites();
        self.series.embed_sites_of(self.recording.as_ref(), portal)
    }

    /// The address of the embedded player.
    pub(super) fn player(&self) -> String {
        match &self.recording {
            Some(one) => urls::embed(&one.public_id),
            None => urls::embed_series(&self.series.slug),
        }
    }

    /// The section with the embed code.
    pub(super) fn site(&self, app: &App, texts: &Texts) -> Markup {
        let path = self
            .fragment
            .of_frame(&urls::opened(self.player(), self.link()));
        let is_series = self.recording.is_none();
        let frame = embed::code(&app.config.base(), &path, self.title(), is_series);
        let code = |more: Option<&str>| {
            html! {
                (self.source(texts, ("share-embed", "share-embed-code", Some("share-site-help")), &frame, 5))
                @if let Some(more) = more { p.field-help { (texts.t(more)) } }
            }
        };
        html! {
            section.share-site aria-labelledby="share-site" {
                h2 #share-site { (texts.t("share-site")) }
                @match self.embed_sites(app) {
                    EmbedSites::Nowhere => p { (texts.t("share-site-nowhere")) },
                    EmbedSites::Everywhere => (code(None)),
                    EmbedSites::Listed(_) => (code(Some("share-site-limited"))),
                }
            }
        }
    }

    pub(super) fn print(&self, texts: &Texts) -> Markup {
        let code = |ending| {
            let code = urls::opened(format!("{}/qr.{ending}", self.public()), self.link());
            self.fragment.of_page(&code)
        };
        let file = self.file_name();
        html! {
            section.share-print aria-labelledby="share-print" {
                h2 #share-print { (texts.t("share-print")) }
                img src=(code("svg")) width="160" height="160" alt=(texts.t_args("share-qr-alt", &[("title", self.title().into())])) loading="lazy";
                p.actions {
                    a.button data-kind="quiet" href=(code("svg")) download={ (file) "-qr.svg" } { (texts.t("share-qr-svg")) }
                    a.button data-kind="quiet" href=(code("png")) download={ (file) "-qr.png" } { (texts.t("share-qr-png")) }
                }
            }
        }
    }
}
