//! Why a search found a recording when nothing that its result shows has the words: where they stand instead. In: a result and what is
//! wanted. Out: a quiet line.

use maud::{Markup, html};

use super::marked::marked;
use crate::catalogue::recording::Recording;
use crate::catalogue::series::Series;
use crate::catalogue::speaker::Speaker;
use crate::search::Marks;
use crate::search::besides::Beside;
use crate::search::question::Wanted;
use crate::web::components::{self, foreign};
use crate::web::{Texts, markdown};

/// Most characters of what is shown, around what is marked in it.
const AROUND: usize = 120;

/// Most characters of a description that are looked at.
const DESCRIPTION: usize = 5000;

/// The reason of a result: what it shows, and what it does not.
pub struct Reason<'a> {
    pub recording: &'a Recording,
    pub series: Option<&'a Series>,
    pub speakers: &'a [Speaker],
    pub besides: &'a [Beside],
}

impl Reason<'_> {
    /// Says where the words stand that the result does not show; nothing when it shows all of them.
    pub fn line(&self, texts: &Texts, wanted: &[Wanted]) -> Markup {
        let unshown: Vec<Wanted> = wanted
            .iter()
            .filter(|one| !self.shows(one))
            .cloned()
            .collect();
        let marks = Marks::of(&unshown);
        let found = match unshown.is_empty() {
            true => None,
            false => (self.hidden().into_iter()).find(|(_, text)| !marks.places(text).is_empty()),
        };
        html! {
            @if let Some((key, text)) = found {
                p.found-in {
                    (texts.t(key)) ": " span lang=[foreign(texts, self.recording.language())] { (marked(&text, &marks, AROUND)) }
                }
            }
        }
    }

    /// Whether a row of a list shows it.
    fn shows(&self, wanted: &Wanted) -> bool {
        let marks = Marks::of(std::slice::from_ref(wanted));
        let names = components::named(self.speakers).map(|speaker| speaker.name.as_str());
        let series = self.series.map(|series| series.title());
        let mut shown = names.chain([self.recording.title()]).chain(series);
        shown.any(|text| !marks.places(text).is_empty())
    }

    /// What a row does not show, or not on every screen, with the key of the words before it.
    fn hidden(&self) -> Vec<(&'static str, String)> {
        let recording = self.recording;
        let besides = self.besides.iter().map(|beside| match beside {
            Beside::Chapter(title) => ("search-in-chapter", title.clone()),
            Beside::HandOut(title) => ("search-in-hand-out", title.clone()),
        });
        let speakers = self.speakers.iter().map(|speaker| {
            let role = speaker.role.iter().map(|role| format!(" ({role})"));
            (
                "search-in-speakers",
                speaker.name.clone() + &role.collect::<String>(),
            )
        });
        let organiser = self.series.and_then(|series| series.organiser.clone());
        let organiser = organiser.map(|organiser| ("search-in-series", organiser));
        let described = [
            recording.summary.as_deref(),
            recording.description.as_deref(),
        ];
        let described = described.into_iter().flatten();
        let described =
            described.map(|text| ("search-in-description", markdown::plain(text, DESCRIPTION)));
        (besides.chain(speakers).chain(organiser).chain(described)).collect()
    }
}
