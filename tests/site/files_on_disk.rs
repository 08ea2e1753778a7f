//! Files as they lie on the disk: of every kind, not in memory, of more than four gigabytes, and gone.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use reqwest::Method;
use rustix::fs::{Advice, fadvise};
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::hand_out::KINDS;

use crate::support::chance::Chance;
use crate::support::rfc9110::Asked;
use crate::support::shelf::{WAYS, shelf};
use crate::support::talk::Talk;
use crate::support::{Site, clips};

const PUBLIC: &str = "title = \"Reeks\"\nvisibility = \"public\"\n";

#[tokio::test]
async fn a_hand_out_of_every_kind_comes_as_it_is_also_to_who_takes_it_compressed() {
    for (_, settings) in WAYS {
        let site = Site::open_with(settings).await;
        site.put("reeks/series.toml", PUBLIC);
        site.put_clip("reeks/01-begin.mp4", 1);
        let bytes = "Wat we afspraken, regel na regel.\r\n"
            .repeat(2000)
            .into_bytes();
        let endings: Vec<&str> = KINDS
            .iter()
            .flat_map(|kind| kind.endings)
            .copied()
            .collect();
        for ending in &endings {
            // What a picture is goes by its bytes.
            site.put(
                &format!("reeks/01-begin.opdracht {ending}.{ending}"),
                &bytes,
            );
        }
        site.scan().await;
        let told = site.recording("Begin").await;
        let hand_outs = told["attachments"].as_array().unwrap();
        assert!(hand_outs.len() > 20, "{}", hand_outs.len());
        for one in hand_outs {
            let address = site.address(&one["url"]);
            let ask = || {
                let request = site.ask(Method::GET, &address);
                request.header("accept-encoding", "gzip, deflate, br, zstd")
            };
            for _ in 0..2 {
                let whole = site.send(ask()).await.is(200);
                assert_eq!(whole.header("content-encoding"), None, "{address}");
                assert!(whole.body == bytes, "{address}");
                let part = site.send(ask().header("range", "bytes=100-50099")).await;
                assert!(part.is(206).body == bytes[100..50_100], "{address}");
            }
        }
    }
}

/// Lets the kernel forget the bytes of a file again and again, until this is dropped.
struct Forgetting {
    is_over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<u32>>,
}

impl Forgetting {
    fn of(path: &Path) -> Self {
        let is_over = Arc::<AtomicBool>::default();
        let file = File::open(path).unwrap();
        // The kernel forgets only what is on the disk.
        file.sync_all().unwrap();
        let over = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            let mut times = 0;
            while !over.load(Ordering::Relaxed) {
                fadvise(&file, 0, None, Advice::DontNeed).unwrap();
                std::thread::yield_now();
                times += 1;
            }
            times
        });
        Self {
            is_over,
            thread: Some(thread),
        }
    }
}

impl Drop for Forgetting {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let times = self.thread.take().unwrap().join().unwrap();
        assert!(times > 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_in_memory_comes_like_what_is() {
    for way in WAYS {
        let (site, files) = shelf(way, 6 << 20).await;
        let file = Arc::new(files[0].clone());
        let forgetting = Forgetting::of(&site.path("reeks/01-begin.mp4"));
        let asking = (0..12_u64).map(|seed| {
            let (host, file) = (site.host().to_owned(), Arc::clone(&file));
            tokio::spawn(async move {
                let mut chance = Chance::new(seed);
                let mut talk = Talk::to(&host).await;
                for _ in 0..25 {
                    let size = file.known().size;
                    let length = 1 + chance.below(1 << 21).min(chance.next());
                    let first = chance.below(size);
                    let range = format!("bytes={first}-{}", first + length);
                    let lines = vec![("range", range.into_bytes())];
                    let asked = Asked {
                        method: "GET",
                        lines,
                    };
                    talk.ask(&asked, &file.address).await;
                    // Some do not wait for what was asked of the disk.
                    if chance.one_in(10) {
                        talk = Talk::to(&host).await;
                        continue;
                    }
                    file.check(&asked, &talk.hear("GET").await.unwrap());
                }
            })
        });
        for asked in join_all(asking).await {
            asked.unwrap();
        }
        drop(forgetting);
    }
}

/// A recording with a hole of more than four gigabytes, and words at these positions of it. Answers its size.
fn put_far(site: &Site, name: &str, words: &[(u64, &[u8])]) -> u64 {
    let begin = clips::bytes("a.mp4", 1);
    site.put(name, &begin);
    let mut file = File::options().write(true).open(site.path(name)).unwrap();
    let (head, hole): (u64, u64) = (begin.len() as u64, 5 << 30);
    // A box with a size of eight bytes (ISO/IEC 14496-12 §4.2).
    file.seek(SeekFrom::End(0)).unwrap();
    file.write_all(&[0, 0, 0, 1]).unwrap();
    file.write_all(b"free").unwrap();
    file.write_all(&hole.to_be_bytes()).unwrap();
    file.set_len(head + hole).unwrap();
    for (at, word) in words {
        file.seek(SeekFrom::Start(*at)).unwrap();
        file.write_all(word).unwrap();
    }
    head + hole
}

#[tokio::test]
async fn bytes_beyond_two_and_four_gigabytes_are_those_that_were_asked_for() {
    const FAR: [u64; 4] = [
        1 << 31,
        (1 << 32) - 5,
        (1 << 32) + (3 << 20),
        (5 << 30) - 100,
    ];
    for (_, settings) in WAYS {
        let site = Site::open_with(settings).await;
        site.put("reeks/series.toml", PUBLIC);
        let words = FAR.map(|at| (at, &b"hier is het"[..]));
        let size = put_far(&site, "reeks/01-begin.mp4", &words);
        site.scan().await;
        let address = site.address(&site.recording("Begin").await["sources"][0]["url"]);
        for at in FAR {
            // A range of a few bytes, and ones of some windows whose first, middle or last bytes they are.
            for (before, after) in [
                (0, 0),
                (3, 9),
                (70_000, 3),
                (2_000_000, 2_000_000),
                (0, 1 << 20),
            ] {
                let (first, last) = (at - before, (at + 10 + after).min(size - 1));
                let range = format!("bytes={first}-{last}");
                let asked = site.ask(Method::GET, &address).header("range", range);
                let part = site.send(asked).await.is(206);
                let mut expected = vec![0; usize::try_from(last - first + 1).unwrap()];
                let word = usize::try_from(before).unwrap();
                expected[word..word + 11].copy_from_slice(b"hier is het");
                assert!(part.body == expected, "{first}-{last}");
                let told = format!("bytes {first}-{last}/{size}");
                assert_eq!(part.header("content-range"), Some(&*told));
            }
        }
        let head = site.send(site.ask(Method::HEAD, &address)).await.is(200);
        assert_eq!(head.header("content-length"), Some(&*size.to_string()));
    }
}

/// The files of a folder that this program holds open, those among them that are not there any more, too.
#[cfg(target_os = "linux")]
fn held(folder: &Path) -> Vec<String> {
    let open = std::fs::read_dir("/proc/self/fd").unwrap();
    let targets = open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    let here = targets.filter(|target| target.starts_with(folder));
    here.map(|target| target.to_string_lossy().into_owned())
        .collect()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_was_watched_and_is_wiped_or_replaced_is_not_held_open() {
    for (_, settings) in WAYS {
        let site = Site::open_with(|config| {
            settings(config);
            config.trash_days = 0;
        })
        .await;
        site.put("reeks/series.toml", PUBLIC);
        site.put("reeks/01-begin.mp4", clips::padded(1, 300_000));
        site.put("reeks/01-begin.werkblad.pdf", "%PDF-1.7");
        site.scan().await;
        let mira = site.colleague("mira", Role::Administrator).await;
        let id = site.id_in("reeks/01-begin.toml");
        let page = format!("/desk/recordings/{id}");
        let told = site.recording("Begin").await;
        for url in [&told["sources"][0]["url"], &told["attachments"][0]["url"]] {
            site.get(&site.address(url)).await.is(200);
        }
        let metadata = [("filename", "nieuw.mp4"), ("replaces", &id)];
        mira.upload(clips::padded(2, 310_000), &metadata).await;
        let told = site.recording("Begin").await;
        let new = site.address(&told["sources"][0]["url"]);
        site.get(&new).await.is(200);
        let media = site.media().canonicalize().unwrap();
        // The premise: what was watched is held, and not what it took the place of.
        let open = held(&media);
        assert!(
            open.iter().any(|name| name.ends_with("01-begin.mp4")),
            "{open:?}"
        );
        assert!(
            !open.iter().any(|name| name.ends_with("(deleted)")),
            "{open:?}"
        );
        mira.does(&format!("{page}/trash"), &[]).await;
        mira.does(&format!("{page}/erase"), &[("sure", "yes")])
            .await;
        assert!(!site.path("reeks/01-begin.mp4").exists());
        assert_eq!(held(&media), Vec::<String>::new());
    }
}
