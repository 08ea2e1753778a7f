//! The program is killed in the middle of uploads, and the disk fails: what was acknowledged is there afterwards, every upload
//! completes, and whoever watches notices nothing. `TERUGKIJKEN_KILLS` says how often (`tests/run --long`: 50).

use std::io::BufReader;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::Method;

use crate::support::people::PASSWORD;
use crate::support::program::{PROGRAM, Program, key};
use crate::support::sending::{PARALLEL, Sender, Senders, recording};
use crate::support::wire::{self, statuses};

fn kills() -> usize {
    std::env::var("TERUGKIJKEN_KILLS").map_or(6, |kills| kills.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_uploads_it_loses_no_byte_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("media")).unwrap();
    let key = key(folder.path());
    let program = Program::start(folder.path()).await;
    let shared = Senders::new(program.client.with_key(&key));
    let (mut program, mut done, mut killed) = (program, 0, 0);
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    while killed < kills() {
        let numbers = done + 1..=done + PARALLEL;
        let senders: Vec<Sender> = numbers.map(|number| shared.begin(number)).collect();
        // A moment somewhere within the time a few pieces take, counted in what arrives and not in seconds.
        while killed < kills() && !is_done(&senders) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let wanted = random % (8 * 1024 * 1024);
            wait_for(&folder.path().join("media/.uploads"), wanted, &senders);
            program.kill();
            killed += 1;
            program = Program::start(folder.path()).await;
            let host = program.client.host().to_owned();
            *shared.host.lock().unwrap() = host;
        }
        for sender in senders {
            sender.task.await.unwrap();
            done += 1;
        }
    }
    assert_eq!(
        *shared.lost.lock().unwrap(),
        Vec::<String>::new(),
        "acknowledged and lost"
    );
    // Started once more, so that whatever was cut off on its way to its place is there.
    program.kill();
    let last = Program::start(folder.path()).await;
    let mira = last.client.with_key(&key);
    for number in 1..=done {
        let path = folder
            .path()
            .join(format!("media/inbox/{number:02}-opname.mp4"));
        let there =
            std::fs::read(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        assert_eq!(
            blake3::hash(&there),
            blake3::hash(&recording(number)),
            "{number}"
        );
    }
    // An announcement whose answer was lost was made again. Nothing came to the first: the catalogue knows it, and sweeps it away
    // when it expires.
    for left in std::fs::read_dir(folder.path().join("media/.uploads")).unwrap() {
        let left = left.unwrap();
        let id = left.file_name().into_string().unwrap();
        assert_eq!(
            mira.offset(&format!("/uploads/{id}")).await,
            0,
            "a file that belongs to nothing"
        );
        assert_eq!(
            left.metadata().unwrap().len(),
            0,
            "{id} holds what nobody sent"
        );
    }
    last.kill();
    println!("{killed} kills, {done} uploads, 0 acknowledged bytes lost");
}

/// Waits until so many more bytes lie in a folder, or all have been sent.
fn wait_for(folder: &Path, bytes: u64, senders: &[Sender]) {
    let lie = || -> u64 {
        let entries =
            std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>());
        entries
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| entry.metadata().ok())
            .map(|it| it.len())
            .sum()
    };
    let from = lie();
    while lie() >= from && lie() < from + bytes && !is_done(senders) {
        std::thread::yield_now();
    }
}

fn is_done(senders: &[Sender]) -> bool {
    senders.iter().all(|sender| sender.task.is_finished())
}

/// A program whose media folder is a small disk of its own, in a namespace that goes with it. Answers the way to that disk
/// from here.
async fn on_a_small_disk(folder: &Path, megabytes: u32) -> (Program, String) {
    let media = folder.join("media");
    let mount = format!(
        "mount -t tmpfs -o size={megabytes}m none {} && exec {}",
        media.display(),
        PROGRAM
    );
    let program = Program::start_as(folder, &["unshare", "-rm", "sh", "-c", &mount]).await;
    let there = format!("/proc/{}/root{}", program.child.id(), media.display());
    (program, there)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_the_upload_and_nothing_else_and_it_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("media")).unwrap();
    let key = key(folder.path());
    let (program, disk) = on_a_small_disk(folder.path(), 60).await;
    let mira = program.client.with_key(&key);
    let ballast = format!("{disk}/ballast");
    let bytes = recording(1);
    let upload = mira.announce(bytes.len(), &[("filename", "vol.mp4")]).await;
    // The rest of the disk fills up after the announcement was accepted.
    std::fs::write(&ballast, vec![1; 50 * 1024 * 1024]).unwrap();
    let answer = mira.wire_piece(&upload, 0, &bytes).await;
    assert_eq!(statuses(&answer), [507], "{answer}");
    let words = answer.rsplit("\r\n\r\n").next().unwrap();
    assert!(
        words.contains("MB free and") || words.contains("MB vrij en"),
        "{words}"
    );
    let at = mira.offset(&upload).await;
    assert!(at > 0 && at < bytes.len(), "what fitted is kept: {at}");
    // Watching and signing in go on; a new file is refused before its first byte.
    for path in ["/", "/sign-in", "/healthz"] {
        mira.get(path).await.is(200);
    }
    let form = [("email", "mira@example.org"), ("password", PASSWORD)];
    mira.post("/sign-in", &form).await.is(303);
    let another = mira.announcing(30 * 1024 * 1024, &[]);
    mira.send(another).await.is(507);
    // Again and again while it is full: nothing acknowledged goes away.
    for _ in 0..3 {
        let now = mira.offset(&upload).await;
        assert!(now >= at, "{now} < {at}");
        let answer = mira.wire_piece(&upload, now, &bytes[now..]).await;
        assert_eq!(statuses(&answer), [507], "{answer}");
    }
    std::fs::remove_file(&ballast).unwrap();
    let now = mira.offset(&upload).await;
    let piece = mira.piece(&upload, now, bytes[now..].to_vec()).await;
    piece.is(204);
    let there = std::fs::read(format!("{disk}/inbox/vol.mp4")).unwrap();
    assert_eq!(blake3::hash(&there), blake3::hash(&bytes));
    program.kill();
}

fn faults() -> usize {
    std::env::var("TERUGKIJKEN_FAULTS").map_or(2, |faults| faults.parse().unwrap())
}

/// Each of the first writes, syncs and renames of an upload fails once: the client is told, nothing acknowledged is lost, and
/// trying again succeeds. `TERUGKIJKEN_FAULTS` says how many of each (`tests/run --long`: 100).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_call_to_the_disk_fails_nothing_acknowledged_is_lost_and_trying_again_succeeds() {
    let bytes = recording(2);
    let mut seen = std::collections::BTreeMap::new();
    for (call, error) in [
        ("pwrite64", "ENOSPC"),
        ("fdatasync", "EIO"),
        ("fsync", "EIO"),
        ("rename,renameat2", "EIO"),
        ("openat", "EMFILE"),
    ] {
        for when in 1..=faults() {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("media")).unwrap();
            let key = key(folder.path());
            let program = Program::start(folder.path()).await;
            let mira = program.client.with_key(&key);
            // From here on, so that the start itself is not what fails.
            let fault = format!("inject={call}:error={error}:when={when}");
            let tracer = Tracer::attach(program.child.id(), &["-e", &fault], call);
            let mut told = Vec::new();
            let mut upload = None;
            let mut acknowledged = 0;
            for round in 0..20 {
                assert!(round < 19, "{call} {when}: it never succeeds: {told:?}");
                let Some(known) = upload.clone() else {
                    let announcing = mira.announcing(bytes.len(), &[("filename", "fout.mp4")]);
                    let answer = mira.send(announcing).await;
                    told.push(answer.status);
                    upload = answer.header("location").map(str::to_owned);
                    continue;
                };
                let asked = mira.attempt(mira.tus(Method::HEAD, &known)).await;
                let Some(answer) = asked.filter(|answer| answer.status == 200) else {
                    continue;
                };
                let at = answer.offset();
                assert!(
                    at >= acknowledged,
                    "{call} {when}: {acknowledged} was acknowledged, {at} is there"
                );
                if at == bytes.len() {
                    break;
                }
                let end = (at + 9 * 1024 * 1024).min(bytes.len());
                let answer = mira.wire_piece(&known, at, &bytes[at..end]).await;
                let statuses = statuses(&answer);
                told.extend(&statuses);
                if statuses == [204] {
                    let offset = wire::header(&answer, "upload-offset").unwrap();
                    acknowledged = offset.parse().unwrap();
                }
            }
            drop(tracer);
            let said = format!("{call} {when}: {told:?}");
            let is_fine = |status: &u16| matches!(status, 201 | 204 | 409 | 423 | 503 | 507);
            assert!(told.iter().all(is_fine), "{call} {when}: {told:?}");
            for status in told {
                *seen.entry(status).or_insert(0) += 1;
            }
            // What could not get its place then gets it at the next start.
            program.kill();
            let program = Program::start(folder.path()).await;
            let there = std::fs::read(folder.path().join("media/inbox/fout.mp4"));
            let there = there.unwrap_or_else(|problem| panic!("{said}: {problem}"));
            assert_eq!(blake3::hash(&there), blake3::hash(&bytes), "{call} {when}");
            program.kill();
        }
    }
    println!(
        "{} calls of 5 kinds failed; answers by status: {seen:?}",
        5 * faults()
    );
}

/// A name in a folder is only there after a power cut once the folder was synced: that of where a file comes from as well as that of
/// where it goes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_in_which_a_name_came_or_went_is_synced_before_anybody_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let media = folder.path().join("media");
    for series in ["andere", "reeks"] {
        std::fs::create_dir_all(media.join(series)).unwrap();
        let title = format!("title = \"{series}\"\n");
        std::fs::write(media.join(series).join("series.toml"), title).unwrap();
    }
    let key = key(folder.path());
    let program = Program::start(folder.path()).await;
    let mira = program.client.with_key(&key);
    let calls = "rename,renameat,renameat2,fsync";
    let log = folder.path().join("calls");
    let into = ["-ff", "-y", "-o", log.to_str().unwrap()];
    let tracer = Tracer::attach(program.child.id(), &into, calls);
    let bytes = recording(1);
    mira.upload(bytes, &[("filename", "opname.mp4")]).await;
    let id = id_of(&media.join("inbox/opname.toml"));
    let desk = mira.get("/desk/recordings").await.is(200).page();
    let form = [
        ("id", id.as_str()),
        ("act", "series"),
        ("to_series", &desk.choice("series", "reeks")),
        ("sure", "yes"),
    ];
    mira.post("/desk/recordings/bulk", &form).await.is(200);
    drop(tracer);
    program.kill();
    let mut moved = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap().flatten() {
        // Each thread has a file of its own, so that no two calls are mixed up.
        if !entry.file_name().to_string_lossy().starts_with("calls.") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            if !line.starts_with("rename") || !line.ends_with("= 0") {
                continue;
            }
            let names: Vec<&Path> = line.split('"').skip(1).step_by(2).map(Path::new).collect();
            // Before the next change of a name: a power cut may come between the two.
            let next = lines[at + 1..]
                .iter()
                .take_while(|later| !later.starts_with("rename"));
            let synced: Vec<&str> = next
                .filter(|it| it.starts_with("fsync("))
                .copied()
                .collect();
            for name in &names {
                let folder = folder.path().join(name.parent().unwrap());
                let folder = format!("<{}>)", folder.display());
                assert!(
                    synced.iter().any(|it| it.contains(&folder)),
                    "{folder} after {line}"
                );
            }
            moved.push(folder.path().join(names[1]));
        }
    }
    for file in ["inbox/opname.mp4", "reeks/opname.mp4", "reeks/opname.toml"] {
        assert!(moved.contains(&media.join(file)), "{file}: {moved:?}");
    }
}

/// The id that a sidecar says, once it is written.
fn id_of(sidecar: &Path) -> String {
    loop {
        let text = std::fs::read_to_string(sidecar).unwrap_or_default();
        if let Some(id) = text.lines().find_map(|line| line.strip_prefix("id = ")) {
            return id.trim_matches('"').to_owned();
        }
        std::thread::yield_now();
    }
}

/// strace on a running program, until it is dropped.
struct Tracer(Child);

impl Tracer {
    fn attach(pid: u32, arguments: &[&str], calls: &str) -> Self {
        let mut child = Command::new("strace")
            .args(["-f", "-qq", "-e", &format!("trace={calls}")])
            .args(arguments)
            .args(["-p", &pid.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It holds the program as soon as the kernel says who traces it.
        while !std::fs::read_to_string(format!("/proc/{pid}/status"))
            .unwrap()
            .lines()
            .any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
        {
            std::thread::yield_now();
        }
        let said = child.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut BufReader::new(said), &mut std::io::sink()));
        Self(child)
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        // Lets go of the program, which runs on.
        let pid = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
        let _ = self.0.wait();
    }
}
