//! How long a search takes in a large catalogue, and how much longer than in a small one.
//!
//!     cargo bench --bench search                 1,000 and 100,000 recordings of 20 cues
//!     cargo bench --bench search -- --quick      1,000 and 10,000
//!     cargo bench --bench search -- --in DIR     keeps the catalogues in a folder, and uses those that are there
//!
//! Makes a catalogue of words with a Zipf distribution, indexes it as the program does after an update, and asks for words of every
//! frequency: alone, two at once, still being typed, with a typing error, and three of which one occurs nowhere. Prints milliseconds of
//! one closure with its moments, as the API answers it. Goals: p99 of one or two words at most 15 ms at 100,000 recordings, while
//! typing at most 5 ms. Needs 1.5 GB in the temporary folder.

#![expect(
    clippy::expect_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a bench that cannot measure stops, and its figures are small"
)]

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};
use terugkijken::catalogue::Viewer;
use terugkijken::db::Db;
use terugkijken::search::{self, Filters, Question, moments};

const CUES: u64 = 20;
const WORDS_OF_A_CUE: u64 = 11;
const VOCABULARY: u64 = 40_000;
const ASKED: usize = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    let kept = arguments.iter().position(|argument| argument == "--in");
    let kept = kept.and_then(|place| arguments.get(place + 1));
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = kept.map_or(temporary.path(), Path::new);
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    for recordings in [1000, if is_quick { 10_000 } else { 100_000 }] {
        runtime.block_on(measure(folder, recordings));
    }
}

async fn measure(folder: &Path, recordings: u64) {
    let file = folder.join(format!("{recordings}.db"));
    let is_there = file.exists();
    let db = Db::open(&file).await.expect("a database");
    if !is_there {
        let rows = db.write(move |conn| Ok(fill(conn, recordings)?));
        rows.await.expect("rows");
    }
    index(&db, recordings).await;
    for (name, questions, is_typing) in shapes() {
        let mut times = Vec::new();
        let mut found = 0;
        for asked in &questions {
            let (took_ms, count) = ask(&db, asked, is_typing).await;
            times.push(took_ms);
            found += count;
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "  {name:<28} p50 {:>7.2} ms, p99 {:>7.2} ms, most {:>7.2} ms; {} results each",
            at(0.5),
            at(0.99),
            at(1.0),
            found / times.len()
        );
    }
}

/// Indexes everything, as after an update.
async fn index(db: &Db, recordings: u64) {
    let began = Instant::now();
    let mut longest = 0.0_f64;
    let mut before = i64::MAX;
    loop {
        let batch = Instant::now();
        let last = db
            .write(move |conn| search::catch_up(conn, before, 500))
            .await;
        longest = longest.max(batch.elapsed().as_secs_f64());
        match last.expect("an index") {
            Some(last) => before = last,
            None => break,
        }
    }
    loop {
        let step = Instant::now();
        let has_more = db.write(|conn| search::merge(conn)).await;
        longest = longest.max(step.elapsed().as_secs_f64());
        if !has_more.expect("a merge") {
            break;
        }
    }
    println!(
        "{recordings} recordings, {} cues: indexed in {:.1} s, the writer held for at most {:.0} ms",
        recordings * CUES,
        began.elapsed().as_secs_f64(),
        longest * 1000.0
    );
}

/// The kinds of questions: a name, the questions, and whether they are still being typed.
fn shapes() -> Vec<(&'static str, Vec<String>, bool)> {
    let chance = &mut Chance(7);
    let begun = |asked: String| asked.chars().take(4).collect();
    vec![
        ("one word", questions(chance, 1), false),
        ("two words", questions(chance, 2), false),
        (
            "the most frequent words",
            (0..ASKED as u64).map(|place| word(place % 20)).collect(),
            false,
        ),
        (
            "while typing",
            questions(chance, 1).into_iter().map(begun).collect(),
            true,
        ),
        (
            "a typing error",
            questions(chance, 1)
                .iter()
                .map(|asked| format!("{asked}q"))
                .collect(),
            false,
        ),
        (
            "three, one of them nowhere",
            questions(chance, 2)
                .iter()
                .map(|asked| format!("{asked} xyzzyplugh"))
                .collect(),
            false,
        ),
    ]
}

/// Milliseconds that an answer takes, and how many results it has.
async fn ask(db: &Db, asked: &str, is_typing: bool) -> (f64, usize) {
    let question = match is_typing {
        true => Question::being_typed(asked),
        false => Question::of(asked),
    };
    let limit = if is_typing { 6 } else { 50 };
    let answer = db.read(move |conn| {
        let began = Instant::now();
        let viewer = Viewer::visitor(1_800_000_000);
        let found = search::recordings(conn, &viewer, &Filters::default(), &question, limit)?;
        for (place, id) in found.ids.iter().enumerate() {
            moments::best(conn, *id, &found.wanted, "nl", search::moments_at(place))?;
        }
        Ok((began.elapsed().as_secs_f64() * 1000.0, found.ids.len()))
    });
    answer.await.expect("an answer")
}

/// Questions of so many words, as often asked as they are said.
fn questions(chance: &mut Chance, words: usize) -> Vec<String> {
    let question = |chance: &mut Chance| {
        let words: Vec<String> = (0..words).map(|_| word(chance.zipf())).collect();
        words.join(" ")
    };
    (0..ASKED).map(|_| question(chance)).collect()
}

fn fill(conn: &Connection, recordings: u64) -> rusqlite::Result<()> {
    conn.execute_batch(
        "INSERT INTO series (id, folder, slug, title, visibility) VALUES (1, 'reeks', 'reeks', 'Reeks', 'public')",
    )?;
    let mut chance = Chance(1);
    let mut recording = conn.prepare(
        "INSERT INTO recording (id, public_id, series_id, stem, title, summary, date, visibility, was_visible)
         VALUES (?1, ?2, 1, ?3, ?4, ?5, '2021-01-19', 'public', 1)",
    )?;
    let mut original = conn.prepare(
        "INSERT INTO original (recording_id, folder, file, version, size_bytes, modified_ns, inode, state, media_type, duration_ms, playable)
         VALUES (?1, 'reeks', ?2, ?3, 1000000, 0, 0, 'ready', 'video/mp4', 3600000, 1)",
    )?;
    let mut caption = conn.prepare(
        "INSERT INTO caption (id, recording_id, language, file) VALUES (?1, ?1, 'nl', ?2)",
    )?;
    let mut cue = conn.prepare(
        "INSERT INTO cue (caption_id, start_ms, end_ms, text) VALUES (?1, ?2, ?2 + 4000, ?3)",
    )?;
    for id in 1..=recordings {
        let stem = format!("{id:06}-deel");
        let public = format!("{id:010}");
        recording.execute(params![
            id,
            public,
            stem,
            said(&mut chance, 4),
            said(&mut chance, 25)
        ])?;
        original.execute(params![id, format!("{stem}.mp4"), format!("{id:012}")])?;
        caption.execute(params![id, format!("{stem}.nl.vtt")])?;
        for place in 0..CUES {
            cue.execute(params![id, place * 5000, said(&mut chance, WORDS_OF_A_CUE)])?;
        }
    }
    Ok(())
}

fn said(chance: &mut Chance, words: u64) -> String {
    let words: Vec<String> = (0..words).map(|_| word(chance.zipf())).collect();
    words.join(" ")
}

/// The word with this rank: syllables of its number, so that some are compounds of others.
fn word(rank: u64) -> String {
    const SYLLABLES: [&str; 24] = [
        "werk", "jon", "ger", "groep", "plan", "hulp", "wij", "kam", "bel", "schul", "den",
        "vraag", "huis", "be", "zoek", "straat", "feest", "app", "me", "dia", "ris", "co", "lijn",
        "tocht",
    ];
    let mut left = rank + 24;
    let mut word = String::new();
    while left > 0 {
        word.push_str(SYLLABLES[(left % 24) as usize]);
        left /= 24;
    }
    word
}

/// Numbers that are the same in each run (xorshift64*).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A rank: the first is drawn most often, each in proportion to its inverse.
    fn zipf(&mut self) -> u64 {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = ((VOCABULARY as f64).ln() * share).exp();
        (rank as u64).saturating_sub(1)
    }
}
