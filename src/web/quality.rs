//! The qualities of a film that one may choose among: its pictures, the best first, and the sound alone. In: the sources of a player.
//! Out: the list to choose from and the sentence about a slow line, which `quality.js` brings to life, and the words for each.

use maud::{Markup, html};

use super::components::icon;
use super::format;
use super::texts::Texts;
use crate::catalogue::source::Source;

/// The longest shortest side of a picture that is called small.
const SMALL: u32 = 480;

/// One that may be chosen.
#[derive(Debug, Clone, Copy)]
pub struct Quality<'a> {
    pub source: &'a Source,
    rank: Rank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    Best,
    /// With the shortest side of its picture.
    Medium(u32),
    Small(u32),
    Sound,
}

/// The qualities of a film, the best first; empty where there is nothing to choose. `pictures`: those that a player offers and that play,
/// the smallest first.
pub fn of<'a>(pictures: &[&'a Source], all: &'a [Source]) -> Vec<Quality<'a>> {
    let mut kept: Vec<(u64, &Source)> = Vec::new();
    for source in pictures {
        let pixels = source.pixels();
        // Of two pictures of a size a browser takes the first.
        if pixels > kept.last().map_or(0, |(pixels, _)| *pixels) {
            kept.push((pixels, source));
        }
    }
    let best = kept.len().saturating_sub(1);
    let ranked = kept.iter().enumerate().map(|(place, (_, source))| Quality {
        source,
        rank: match source.shape().map_or(0, |(_, short)| short) {
            _ if place == best => Rank::Best,
            short if short > SMALL => Rank::Medium(short),
            short => Rank::Small(short),
        },
    });
    let mut ranked: Vec<Quality<'_>> = ranked.rev().collect();
    let sounds = all
        .iter()
        .filter(|one| one.playable && one.width.is_none() && one.known_type().is_some());
    if let Some(source) = sounds.min_by_key(|one| one.size_bytes) {
        ranked.push(Quality {
            source,
            rank: Rank::Sound,
        });
    }
    if kept.is_empty() || ranked.len() < 2 {
        return Vec::new();
    }
    ranked
}

impl Quality<'_> {
    pub fn is_best(&self) -> bool {
        self.rank == Rank::Best
    }

    /// The word by which a browser remembers that it was chosen.
    fn word(&self) -> String {
        match self.rank {
            Rank::Best => "best".to_owned(),
            Rank::Medium(side) | Rank::Small(side) => format!("{side}p"),
            Rank::Sound => "sound".to_owned(),
        }
    }

    /// Its files, of which a browser takes the first that it plays. The sound is Opus first, where that is the smaller one: of silence AAC is.
    fn files(&self) -> impl Iterator<Item = &Source> {
        let in_opus = self.source.in_opus.as_deref();
        let smaller = in_opus.filter(|one| one.size_bytes < self.source.size_bytes);
        smaller.into_iter().chain([self.source])
    }

    /// What it is called in a list, with its size where it has to play everywhere: `Klein beeld (360p) · 90 MB`.
    pub fn label(&self, texts: &Texts) -> String {
        self.label_of(texts, self.source)
    }

    /// The same with the size of one of its files.
    fn label_of(&self, texts: &Texts, file: &Source) -> String {
        let named = |key: &str, side: u32| texts.t_args(key, &[("side", side.to_string().into())]);
        let name = match self.rank {
            Rank::Best => texts.t("quality-best"),
            Rank::Medium(side) => named("quality-medium", side),
            Rank::Small(side) => named("quality-small", side),
            Rank::Sound => texts.t("quality-sound"),
        };
        format!("{name} · {}", format::size(texts.lang(), file.size_bytes))
    }

    /// What it is called in a sentence: `klein beeld`.
    fn name(&self, texts: &Texts) -> String {
        texts.t(match self.rank {
            Rank::Best => "quality-best-name",
            Rank::Medium(_) => "quality-medium-name",
            Rank::Small(_) => "quality-small-name",
            Rank::Sound => "quality-sound-name",
        })
    }

    /// What watching it costs at most: `klein beeld 90 MB`.
    pub fn cost(&self, texts: &Texts) -> String {
        let size = format::size(texts.lang(), self.source.size_bytes);
        format!("{} {size}", self.name(texts))
    }
}

/// The list to choose from. A script leaves the first of the files of a quality that the browser plays. `address`: where the file of a
/// source plays from. Where the frame of another site has no room for it (`hidden`), a script still knows by it what there is.
pub fn choice(
    texts: &Texts,
    qualities: &[Quality<'_>],
    address: &dyn Fn(&Source) -> String,
    hidden: bool,
) -> Markup {
    html! {
        label.quality hidden[hidden] title=(texts.t("quality")) {
            @if !hidden { (icon("quality")) }
            span.unseen { (texts.t("quality")) }
            select data-quality autocomplete="off" {
                @for one in qualities { @for file in one.files() {
                    option value=(one.word()) data-src=(address(file)) data-type=(file.full_type()) data-name=(one.name(texts)) { (one.label_of(texts, file)) }
                } }
            }
        }
    }
}

/// What is said where a line is too slow, and the way back or further down.
pub fn slow_line(texts: &Texts) -> Markup {
    let args = [("what", "%".into())];
    html! {
        p.slow role="status" data-slow data-went=(texts.t_args("quality-went", &args)) data-stands=(texts.t("quality-stands"))
            data-back=(texts.t("quality-back")) data-on=(texts.t_args("quality-on", &args)) {
            span data-slow-words {}
            button type="button" hidden {}
        }
    }
}
