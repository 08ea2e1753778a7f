//! Finds a picture for a recording that has none. In: an original with a film. Out: the best frames of a dozen spread over it, from which
//! a coordinator chooses; the first of them is the picture by itself as long as no visitor can come to the recording, because a frame may
//! show faces, and the address of a picture is permanent.

use std::fs::File;
use std::path::PathBuf;

use image::DynamicImage;
use image::imageops::FilterType;

use super::making::Making;
use super::problem;
use super::work::{Rows, Work, done};
use crate::app::App;
use crate::catalogue::frame::{self, Frame};
use crate::catalogue::{job, original, poster};
use crate::config::Pictures;
use crate::error::{Error, Result};

/// The version of this step.
pub const RECIPE: u32 = 1;

/// Query for films without a picture that a person chose, for [`job::plan`]: one original of each recording. The number is [`RECIPE`].
/// Of some containers only ffprobe knows whether there is a film.
pub const WANTED: &str = "SELECT recording_id, id AS original_id, version
     FROM (SELECT *, row_number() OVER (PARTITION BY recording_id ORDER BY id) AS place
           FROM original
           WHERE superseded_at IS NULL AND missing_since IS NULL AND state = 'ready'
             AND (width IS NOT NULL OR media_type LIKE 'video/%')
             AND verdict NOT IN ('verdict-nothing', 'verdict-encrypted')) AS film
     WHERE place = 1
       AND NOT EXISTS (SELECT 1 FROM poster WHERE poster.recording_id = film.recording_id AND poster.original_id IS NULL)
       AND NOT EXISTS (SELECT 1 FROM step_done WHERE step_done.original_id = film.id AND step = 'picture' AND recipe = 1)";

/// Moments at which a film is looked at.
const LOOKS: u64 = 12;

/// The length in milliseconds that is looked at when a film does not state its own.
const UNSTATED_MS: u64 = 60_000;

/// A picture in which nothing is to be seen is darker than this on the average, or more even (standard deviation), of 255.
const DARKEST: f64 = 20.0;
const MOST_EVEN: f64 = 8.0;

/// From this light on a picture is as bright as it need be, and beyond the other it is mostly white.
const LIGHT: f64 = 90.0;
const GLARING: f64 = 225.0;

/// How much two pictures differ, on the average of all places, of 255: so little that they are one, and so much that they show something
/// else.
const SAME: f64 = 1.0;
const OTHER: f64 = 8.0;

/// The longest side in pixels of the picture that is judged, and the side of the one that is compared.
const JUDGED: u32 = 640;
const COMPARED: u32 = 16;

pub async fn run(app: &App, work: &Work) -> Result<Rows> {
    let Some(making) = Making::begin(app, work).await? else {
        return Ok(done());
    };
    let progress = work.clone();
    let frames = making.on_file(move |making, input| {
        let chosen = choose(candidates(making, &progress, input)?);
        let keep = |one: Candidate| making.keep_frame(&one.path, one.at_ms);
        chosen.into_iter().map(keep).collect::<Result<Vec<Frame>>>()
    });
    let frames = frames.await?;
    let (recording_id, original_id) = (work.job.recording_id, making.original().id);
    let by_itself = app.config.pictures == Pictures::Automatic;
    // The sizes of a picture are a job of their own, which is planned after this one.
    app.notifier.notify_worker();
    Ok(Box::new(move |conn, _| {
        // It was replaced while this ran.
        if original::by_id(conn, original_id)?.superseded {
            return Ok(());
        }
        frame::replace(conn, recording_id, &frames)?;
        if let Some(best) = frames.first()
            && by_itself
            && frame::may_become_poster(conn, recording_id)?
        {
            poster::take_frame(conn, recording_id, best)?;
        }
        job::mark_done(conn, original_id, "picture", RECIPE)
    }))
}

/// A frame that may do.
struct Candidate {
    at_ms: u64,
    path: PathBuf,
    look: Look,
}

/// The frames at moments spread over the film; those in which nothing is to be seen are left out.
///
/// Errors when the film gives no frame at all.
fn candidates(making: &Making, work: &Work, input: &File) -> Result<Vec<Candidate>> {
    let streams = making.streams(input)?;
    let Some(video) = &streams.video else {
        return Ok(Vec::new());
    };
    let length = streams.duration_ms.unwrap_or(UNSTATED_MS);
    let (mut found, mut read, mut failed) = (Vec::new(), 0, None);
    for look in 0..LOOKS {
        let at_ms = length.saturating_mul(2 * look + 1) / (2 * LOOKS);
        let path = making.path(&format!("{look}.jpg"));
        match making.picture(input, (video, at_ms), &path) {
            Err(problem) if making.is_stopped() => return Err(Error::internal(problem)),
            Err(problem) => failed = Some(problem),
            Ok(()) => {}
        }
        work.progress(look + 1, LOOKS);
        // A film that is damaged in one place, or shorter than it says, has frames elsewhere.
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        let Ok(picture) = super::poster::decode(&bytes) else {
            continue;
        };
        read += 1;
        let look = Look::at(&picture);
        if look.shows_something() {
            found.push(Candidate { at_ms, path, look });
        }
    }
    match failed {
        Some(failed) if read == 0 => Err(problem(failed)),
        _ => Ok(found),
    }
}

/// The best ones, the very best first, each showing something else where the film does; of one that shows the same all the time those
/// that differ at all.
fn choose(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|one, other| other.look.score().total_cmp(&one.look.score()));
    let mut chosen: Vec<Candidate> = Vec::new();
    for least in [OTHER, SAME] {
        let mut rest = Vec::new();
        for candidate in candidates {
            let differs = |other: &Candidate| candidate.look.difference(&other.look) >= least;
            match chosen.len() < frame::MOST && chosen.iter().all(differs) {
                true => chosen.push(candidate),
                false => rest.push(candidate),
            }
        }
        candidates = rest;
    }
    chosen
}

/// What a picture looks like.
#[derive(Debug, Clone, PartialEq)]
struct Look {
    /// Average light, of 255.
    light: f64,
    /// Standard deviation of the light.
    contrast: f64,
    /// Variance of the Laplacian: how much each place differs from those around it. A blurred picture has little.
    sharpness: f64,
    /// The light of [`COMPARED`] × [`COMPARED`] places.
    places: Vec<u8>,
}

impl Look {
    fn at(picture: &DynamicImage) -> Self {
        let judged = picture.thumbnail(JUDGED, JUDGED).to_luma8();
        let values: Vec<f64> = judged.pixels().map(|it| f64::from(it.0[0])).collect();
        let (light, variance) = mean_and_variance(&values);
        let width = usize::try_from(judged.width()).unwrap_or(usize::MAX).max(1);
        let laplacian = |at: usize| -> Option<f64> {
            let around = [
                at.checked_sub(width)?,
                at.checked_sub(1)?,
                at + 1,
                at + width,
            ];
            let mut sum = 0.0;
            for place in around {
                sum += values.get(place)?;
            }
            Some(sum - 4.0 * values.get(at)?)
        };
        // The edges have no place on one side.
        let inner =
            (0..values.len()).filter(|at| !matches!(at % width, 0) && (at + 1) % width != 0);
        let edges: Vec<f64> = inner.filter_map(laplacian).collect();
        let (_, sharpness) = mean_and_variance(&edges);
        let places = picture.resize_exact(COMPARED, COMPARED, FilterType::Triangle);
        Self {
            light,
            contrast: variance.sqrt(),
            sharpness,
            places: places.to_luma8().into_raw(),
        }
    }

    /// Whether it is more than black, or one colour.
    fn shows_something(&self) -> bool {
        self.light >= DARKEST && self.contrast >= MOST_EVEN
    }

    fn score(&self) -> f64 {
        let light = match self.light {
            light if light > GLARING => 0.6,
            light => (light / LIGHT).min(1.0),
        };
        self.sharpness.ln_1p() * light
    }

    fn difference(&self, other: &Self) -> f64 {
        let pairs = self.places.iter().zip(&other.places);
        let differences: Vec<f64> = pairs
            .map(|(one, other)| f64::from(one.abs_diff(*other)))
            .collect();
        mean_and_variance(&differences).0
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "there are fewer values than a float counts"
)]
fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    (mean, squares.sum::<f64>() / count)
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;

    fn candidate(at_ms: u64, light: impl Fn(u32, u32) -> u8) -> Candidate {
        let picture = GrayImage::from_fn(320, 180, |x, y| Luma([light(x, y)]));
        Candidate {
            at_ms,
            path: PathBuf::new(),
            look: Look::at(&DynamicImage::from(picture)),
        }
    }

    /// Squares of a size, light ones and dark ones.
    fn squares(side: u32, bright: u8) -> impl Fn(u32, u32) -> u8 {
        move |x, y| match (x / side + y / side) % 2 {
            0 => bright,
            _ => bright / 4,
        }
    }

    #[test]
    fn black_and_one_colour_show_nothing() {
        for (light, expected) in [(0, false), (12, false), (255, false), (128, false)] {
            assert_eq!(
                candidate(0, |_, _| light).look.shows_something(),
                expected,
                "{light}"
            );
        }
        assert!(candidate(0, squares(20, 200)).look.shows_something());
        assert!(!candidate(0, squares(20, 20)).look.shows_something());
    }

    #[test]
    fn sharp_and_bright_ones_come_first_and_each_shows_something_else() {
        let blurred = |x: u32, _| u8::try_from(60 + x / 4).unwrap();
        let frames = vec![
            candidate(0, blurred),
            candidate(1, squares(40, 60)),
            candidate(2, squares(40, 200)),
            candidate(3, squares(40, 201)),
            candidate(4, squares(60, 200)),
        ];
        let chosen: Vec<u64> = choose(frames).iter().map(|one| one.at_ms).collect();
        // Of the two that are one picture, one is left.
        assert_eq!(chosen.len(), 4, "{chosen:?}");
        assert!([2, 3].contains(&chosen[0]), "{chosen:?}");
        assert!(chosen.contains(&4) && chosen.contains(&1) && chosen.contains(&0));
    }

    #[test]
    fn no_more_are_chosen_than_one_looks_at() {
        let frames = (0..12_u64).map(|at| {
            let part = u32::try_from(at).unwrap() * 26;
            candidate(at, move |x, _| if x < part { 40 } else { 220 })
        });
        assert_eq!(choose(frames.collect()).len(), frame::MOST);
    }
}
