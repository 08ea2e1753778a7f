//! The power goes in the middle of uploads: what lies in memory is gone, what was acknowledged is not. The folders lie on an image
//! of a disk of their own; the program is stopped where it is and the image copied, which holds what reached the disk and nothing
//! else. `TERUGKIJKEN_CUTS` says how often (`tests/run --long`: 30).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;

use rustix::process::Signal;

use crate::support::program::{Program, key};
use crate::support::sending::{PARALLEL, Sender, Senders, recording};

/// Bytes of the image.
const DISK: u64 = 256 * 1024 * 1024;

/// An image of a disk, mounted until this is dropped.
struct Disk(PathBuf);

impl Disk {
    /// Makes one; `None` where that is not allowed.
    fn format(image: &Path) -> Option<()> {
        std::fs::File::create(image).ok()?.set_len(DISK).ok()?;
        run("mkfs.ext4", &["-q", "-F", image.to_str()?])
    }

    /// `commit=600`: the file system itself writes nothing that was not asked for.
    fn mount(image: &Path, place: &Path) -> Option<Self> {
        std::fs::create_dir_all(place).ok()?;
        let options = ["-o", "loop,commit=600", image.to_str()?, place.to_str()?];
        run("mount", &options)?;
        Some(Self(place.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because a program that was just killed may not have let go of it yet.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn run(program: &str, arguments: &[&str]) -> Option<()> {
    let done = Command::new(program).args(arguments).output().ok()?;
    done.status.success().then_some(())
}

fn cuts() -> usize {
    std::env::var("TERUGKIJKEN_CUTS").map_or(2, |cuts| cuts.parse().unwrap())
}

/// What a sender knew when the power went.
type Known = (usize, Option<String>, usize);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_in_the_middle_of_uploads_loses_no_byte_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("disk.img");
    let is_possible =
        Disk::format(&image).is_some() && Disk::mount(&image, &folder.path().join("try")).is_some();
    if !is_possible {
        println!(
            "no power cuts: images of a disk cannot be mounted here (that takes root and a loop device)"
        );
        return;
    }
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut looked_at = 0;
    for cut in 0..cuts() {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let wanted = (random >> 33) % (48 * 1024 * 1024);
        let copy = folder.path().join(format!("after-{cut}.img"));
        let (key, known) = until_the_power_goes(folder.path(), &image, &copy, wanted).await;
        looked_at += known.len();
        after_it_came_back(folder.path(), &copy, &key, &known).await;
        std::fs::remove_file(&copy).unwrap();
    }
    println!(
        "{} power cuts, {looked_at} uploads, 0 acknowledged bytes lost",
        cuts()
    );
}

/// Sends until so many bytes have arrived; then everything stops at once, and `copy` is what the disk holds.
async fn until_the_power_goes(
    folder: &Path,
    image: &Path,
    copy: &Path,
    wanted: u64,
) -> (String, Vec<Known>) {
    Disk::format(image).unwrap();
    let disk = Disk::mount(image, &folder.join("disk")).unwrap();
    std::fs::create_dir(disk.0.join("media")).unwrap();
    let key = key(&disk.0);
    let program = Program::start(&disk.0).await;
    let shared = Senders::new(program.client.with_key(&key));
    let senders: Vec<Sender> = (0..PARALLEL).map(|number| shared.begin(number)).collect();
    let arrived = || -> u64 {
        let all = senders
            .iter()
            .map(|sender| sender.journal.lock().unwrap().acknowledged);
        u64::try_from(all.sum::<usize>()).unwrap()
    };
    while arrived() < wanted && !senders.iter().all(|sender| sender.task.is_finished()) {
        std::thread::yield_now();
    }
    program.signal(Signal::STOP);
    // Until the kernel says so: a copy of a disk that is still written to is no moment.
    while !is_stopped(program.child.id()) {
        std::thread::yield_now();
    }
    std::fs::copy(image, copy).unwrap();
    shared.over.store(true, Ordering::Relaxed);
    program.kill();
    // What was said before the cut reaches the senders now, and counts.
    let mut known = Vec::new();
    for (number, sender) in senders.into_iter().enumerate() {
        sender.task.await.unwrap();
        let journal = sender.journal.lock().unwrap();
        known.push((number, journal.upload.clone(), journal.acknowledged));
    }
    assert_eq!(*shared.lost.lock().unwrap(), Vec::<String>::new());
    (key, known)
}

/// Whether each of its threads stands still.
fn is_stopped(pid: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    threads.flatten().all(|thread| {
        let status = std::fs::read_to_string(thread.path().join("status")).unwrap_or_default();
        status.lines().any(|line| line.starts_with("State:\tT"))
    })
}

/// The same disk afterwards: the key signs in, each upload is at least where it was acknowledged, and can be completed.
async fn after_it_came_back(folder: &Path, copy: &Path, key: &str, known: &[Known]) {
    let disk = Disk::mount(copy, &folder.join("after")).unwrap();
    let program = Program::start(&disk.0).await;
    let mira = program.client.with_key(key);
    for (number, upload, acknowledged) in known {
        let Some(upload) = upload else {
            assert_eq!(*acknowledged, 0);
            continue;
        };
        let bytes = recording(*number);
        let mut at = mira.offset(upload).await;
        assert!(
            at >= *acknowledged,
            "{upload}: {acknowledged} was acknowledged, {at} is there"
        );
        if at < bytes.len() {
            let rest = mira.piece(upload, at, bytes[at..].to_vec()).await;
            at = rest.is(204).offset();
        }
        assert_eq!(at, bytes.len());
        let there = std::fs::read(disk.0.join(format!("media/inbox/{number:02}-opname.mp4")));
        assert_eq!(blake3::hash(&there.unwrap()), blake3::hash(&bytes));
    }
    program.kill();
}
