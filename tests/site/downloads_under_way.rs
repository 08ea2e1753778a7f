//! A hundred downloads under way, of readers who have taken the beginning and stopped, while something happens to the recording: those
//! of a file that was deleted, replaced or hidden come to their end with the bytes that they began with, and those of a file that
//! was changed in place are cut, so that no part of it looks like the whole.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use futures_util::future::join_all;
use terugkijken::catalogue::coordinator::Role;

use crate::support::chance::Chance;
use crate::support::rfc9110::Asked;
use crate::support::shelf::{WAYS, Way, shelf};
use crate::support::talk::{Shelved, Talk};
use crate::support::{Site, clips};

const MIB: usize = 1 << 20;

/// Bytes of the recording: far more than the kernel keeps for a reader who has stopped.
const FILM: usize = 9 * MIB;

const DOWNLOADS: usize = 100;

/// What a reader has taken when something happens.
const TAKEN: usize = 96 * 1024;

/// Bytes that are on their way to a reader who has stopped: a window of the program, and what the kernel keeps at most of one
/// connection (tcp(7), `tcp_wmem`).
const ON_THE_WAY: usize = MIB + 4 * MIB;

struct Stage {
    site: Site,
    film: Shelved,
    downloads: Vec<Download>,
}

/// A download, and the first bytes of its body.
struct Download {
    talk: Talk,
    /// The position in the file of its first byte.
    first: usize,
    taken: Vec<u8>,
}

/// Half of the downloads are of the whole file; the others begin somewhere in its first part, as players do after a jump.
async fn stage(way: Way) -> Stage {
    let (site, files) = shelf(way, FILM).await;
    let film = files.into_iter().next().unwrap();
    let mut chance = Chance::new(7);
    let begun = (0..DOWNLOADS).map(|number| {
        let first = match number % 2 {
            0 => 0,
            _ => usize::try_from(chance.below(MIB as u64)).unwrap(),
        };
        begin(site.host(), &film, first)
    });
    let downloads = join_all(begun).await;
    Stage {
        site,
        film,
        downloads,
    }
}

async fn begin(host: &str, film: &Shelved, first: usize) -> Download {
    let mut talk = Talk::slowly(host, 8 * 1024).await;
    let range = ("range", format!("bytes={first}-").into_bytes());
    let lines = if first == 0 { Vec::new() } else { vec![range] };
    talk.ask(
        &Asked {
            method: "GET",
            lines,
        },
        &film.address,
    )
    .await;
    let head = talk.head().await.unwrap();
    assert_eq!(head.length, FILM - first, "{}", head.head);
    let taken = talk.take(TAKEN).await;
    Download { talk, first, taken }
}

/// Whether each of these bytes is of one of the two.
fn is_of_both(bytes: &[u8], one: &[u8], other: &[u8]) -> bool {
    const PIECE: usize = 4096;
    let pieces = bytes
        .chunks(PIECE)
        .zip(one.chunks(PIECE).zip(other.chunks(PIECE)));
    let mut pieces = pieces.filter(|(bytes, (one, other))| bytes != one && bytes != other);
    pieces.all(|(bytes, (one, other))| {
        let mut each = bytes.iter().zip(one.iter().zip(other));
        each.all(|(byte, (one, other))| byte == one || byte == other)
    })
}

impl Stage {
    fn path(&self) -> std::path::PathBuf {
        self.site.path("reeks/01-begin.mp4")
    }

    /// Everything that every download still brings, with what it has.
    async fn ends(&mut self) -> Vec<(usize, Vec<u8>)> {
        let downloads = self.downloads.drain(..).map(|mut download| async move {
            let rest = FILM - download.first - download.taken.len();
            download.talk.hurry();
            let rest = download.talk.rest(rest).await;
            let mut body = download.taken;
            body.extend(rest);
            (download.first, body)
        });
        join_all(downloads).await
    }

    /// All of them come to their end with the bytes that they began with.
    async fn are_whole(&mut self, what: &str) {
        for (first, body) in self.ends().await {
            assert_eq!(body.len(), FILM - first, "{what}: from {first}");
            assert!(body == self.film.bytes[first..], "{what}: from {first}");
        }
        self.goes_on(what).await;
    }

    /// All of them are cut before they bring more than was on the way. What they brought is of the old file; `new`: a byte that was on
    /// the way may be of the new one.
    async fn are_cut(&mut self, what: &str, new: &[u8]) {
        for (first, body) in self.ends().await {
            let cut = body.len();
            assert!(
                cut <= TAKEN + ON_THE_WAY,
                "{what}: {cut} bytes from {first}"
            );
            let end = first + cut;
            let old = &self.film.bytes[first..end];
            let new = new.get(first..end).unwrap_or(old);
            assert!(body[..TAKEN] == old[..TAKEN], "{what}: from {first}");
            assert!(is_of_both(&body, old, new), "{what}: from {first}");
        }
        self.goes_on(what).await;
    }

    /// The program still answers, also for files.
    async fn goes_on(&self, what: &str) {
        self.site.get("/healthz").await.is(200);
        self.site.get("/").await.is(200);
        let address = &self.film.address;
        let answer = self.site.get(address).await;
        let is_whole = answer.status == 200 && answer.body == self.film.bytes;
        assert!(
            is_whole || (300..=503).contains(&answer.status),
            "{what}: {}",
            answer.status
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_of_a_file_that_was_deleted_come_to_their_end() {
    for way in WAYS {
        let mut stage = stage(way).await;
        std::fs::remove_file(stage.path()).unwrap();
        // Also when a scan has noticed.
        stage.site.scan().await;
        stage.are_whole(way.0).await;
        stage.site.get(&stage.film.address).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_of_a_file_that_was_replaced_under_its_name_come_to_their_end() {
    for way in WAYS {
        let mut stage = stage(way).await;
        stage.site.put("nieuw.mp4", clips::padded(2, FILM));
        stage.site.rename("nieuw.mp4", "reeks/01-begin.mp4");
        stage.site.scan().await;
        stage.are_whole(way.0).await;
        stage.site.get(&stage.film.address).await.is(308);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_of_a_recording_that_is_replaced_hidden_and_deleted_at_the_desk_come_to_their_end()
 {
    for way in WAYS {
        let mut stage = stage(way).await;
        let mira = stage.site.colleague("mira", Role::Administrator).await;
        let id = stage.site.id_in("reeks/01-begin.toml");
        let page = format!("/desk/recordings/{id}");
        let next = async |status: u16| {
            stage.site.get(&stage.film.address).await.is(status);
        };
        let metadata = [("filename", "nieuw.mp4"), ("replaces", &id)];
        mira.upload(clips::padded(3, MIB), &metadata).await;
        next(308).await;
        let draft = [("visibility", "draft")];
        mira.fill(&format!("{page}/visibility"), &draft).await;
        next(410).await;
        mira.does(&format!("{page}/trash"), &[]).await;
        next(410).await;
        stage.are_whole(way.0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_of_a_file_that_became_shorter_are_cut() {
    for (way, left) in WAYS
        .iter()
        .flat_map(|way| [(*way, MIB), (*way, FILM - 4096)])
    {
        let mut stage = stage(way).await;
        let file = File::options().write(true).open(stage.path()).unwrap();
        file.set_len(left as u64).unwrap();
        // What the kernel had taken of the end of the file is cleared by it.
        let cleared = vec![0; FILM];
        stage.are_cut(&format!("{} {left}", way.0), &cleared).await;
        stage.site.get(&stage.film.address).await.is(503);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_of_a_file_that_was_written_over_are_cut() {
    for way in WAYS {
        let mut stage = stage(way).await;
        let new = clips::padded(4, FILM);
        let mut file = File::options().write(true).open(stage.path()).unwrap();
        file.write_all(&new).unwrap();
        stage.are_cut(way.0, &new).await;
        stage.site.get(&stage.film.address).await.is(503);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_of_a_file_of_which_a_piece_was_changed_or_that_grew_are_cut() {
    for (way, at) in WAYS
        .iter()
        .flat_map(|way| [(*way, FILM - 10), (*way, FILM)])
    {
        let mut stage = stage(way).await;
        let mut file = File::options().write(true).open(stage.path()).unwrap();
        file.seek(SeekFrom::Start(at as u64)).unwrap();
        file.write_all(b"anders van").unwrap();
        stage.are_cut(&format!("{} {at}", way.0), &[]).await;
        stage.site.get(&stage.film.address).await.is(503);
    }
}
