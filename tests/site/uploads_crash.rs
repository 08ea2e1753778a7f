//! The program is killed in the middle of uploads, and the disk fails: what was acknowledged is there afterwards, every upload
//! completes, and whoever watches notices nothing. `TERUGKIJKEN_KILLS` says how often (`tests/run --long`: 50).

use std::io::BufReader;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use crate::support::sending::{
    PARALLEL, Program, announce, ask, header, key, offset, piece, recording, send,
};

fn kills() -> usize {
    std::env::var("TERUGKIJKEN_KILLS").map_or(6, |kills| kills.parse().unwrap())
}

#[test]
fn killed_in_the_middle_of_uploads_it_loses_no_byte_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("media")).unwrap();
    let key = key(folder.path());
    let program = Program::start(folder.path());
    let address = Arc::new(Mutex::new(program.address.clone()));
    let lost = Arc::new(Mutex::new(Vec::new()));
    let (mut program, mut done, mut killed) = (Some(program), 0, 0);
    let mut number = 0;
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    while killed < kills() {
        let senders: Vec<_> = (0..PARALLEL)
            .map(|_| {
                number += 1;
                let (key, address, lost, number) =
                    (key.clone(), Arc::clone(&address), Arc::clone(&lost), number);
                std::thread::spawn(move || {
                    send(
                        number,
                        &key,
                        &address,
                        &Mutex::default(),
                        &lost,
                        &AtomicBool::new(false),
                    )
                })
            })
            .collect();
        // A moment somewhere within the time a few pieces take, counted in what arrives and not in seconds.
        while killed < kills() && !senders.iter().all(std::thread::JoinHandle::is_finished) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let wanted = random % (8 * 1024 * 1024);
            wait_for(&folder.path().join("media/.uploads"), wanted, &senders);
            program.take().unwrap().kill();
            killed += 1;
            let next = Program::start(folder.path());
            address.lock().unwrap().clone_from(&next.address);
            program = Some(next);
        }
        for sender in senders {
            sender.join().unwrap();
            done += 1;
        }
    }
    assert_eq!(
        *lost.lock().unwrap(),
        Vec::<String>::new(),
        "acknowledged and lost"
    );
    // Started once more, so that whatever was cut off on its way to its place is there.
    program.take().unwrap().kill();
    let last = Program::start(folder.path());
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
            offset(&last.address, &key, &format!("/uploads/{id}")),
            Some(0),
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
fn wait_for(folder: &Path, bytes: u64, senders: &[std::thread::JoinHandle<()>]) {
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
    while lie() >= from
        && lie() < from + bytes
        && !senders.iter().all(std::thread::JoinHandle::is_finished)
    {
        std::thread::yield_now();
    }
}

/// A program whose media folder is a small disk of its own, in a namespace that goes with it. Answers the way to that disk
/// from here.
fn on_a_small_disk(folder: &Path, megabytes: u32) -> (Program, String) {
    let media = folder.join("media");
    let mount = format!(
        "mount -t tmpfs -o size={megabytes}m none {} && exec {}",
        media.display(),
        env!("CARGO_BIN_EXE_terugkijken")
    );
    let program = Program::start_as(folder, &["unshare", "-rm", "sh", "-c", &mount]);
    let there = format!("/proc/{}/root{}", program.child.id(), media.display());
    (program, there)
}

#[test]
fn a_full_disk_stops_the_upload_and_nothing_else_and_it_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("media")).unwrap();
    let key = key(folder.path());
    let (program, disk) = on_a_small_disk(folder.path(), 60);
    let here = program.address.clone();
    let ballast = format!("{disk}/ballast");
    let bytes = recording(1);
    let upload = announce(&here, &key, "vol.mp4", bytes.len()).unwrap();
    // The rest of the disk fills up after the announcement was accepted.
    std::fs::write(&ballast, vec![1; 50 * 1024 * 1024]).unwrap();
    let (status, answer) = piece(&here, &key, &upload, 0, &bytes).unwrap();
    assert_eq!(status, 507, "{answer}");
    let words = answer.rsplit("\r\n\r\n").next().unwrap();
    assert!(
        words.contains("MB free and") || words.contains("MB vrij en"),
        "{words}"
    );
    let at = offset(&here, &key, &upload).unwrap();
    assert!(at > 0 && at < bytes.len(), "what fitted is kept: {at}");
    // Watching and signing in go on; a new file is refused before its first byte.
    for path in ["/", "/sign-in", "/healthz"] {
        assert_eq!(
            ask(&here, &key, &format!("GET {path} HTTP/1.1"), b"")
                .unwrap()
                .0,
            200,
            "{path}"
        );
    }
    let form = b"email=mira%40example.org&password=vier+losse+woorden+hier";
    let head = "POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
    assert_eq!(ask(&here, &key, head, form).unwrap().0, 303, "signing in");
    let head = format!(
        "POST /uploads HTTP/1.1\r\nUpload-Length: {}",
        30 * 1024 * 1024
    );
    assert_eq!(ask(&here, &key, &head, b"").unwrap().0, 507);
    // Again and again while it is full: nothing acknowledged goes away.
    for _ in 0..3 {
        let now = offset(&here, &key, &upload).unwrap();
        assert!(now >= at, "{now} < {at}");
        assert_eq!(
            piece(&here, &key, &upload, now, &bytes[now..]).unwrap().0,
            507
        );
    }
    std::fs::remove_file(&ballast).unwrap();
    let now = offset(&here, &key, &upload).unwrap();
    let (status, answer) = piece(&here, &key, &upload, now, &bytes[now..]).unwrap();
    assert_eq!(status, 204, "{answer}");
    let there = std::fs::read(format!("{disk}/inbox/vol.mp4")).unwrap();
    assert_eq!(blake3::hash(&there), blake3::hash(&bytes));
    program.kill();
}

fn faults() -> usize {
    std::env::var("TERUGKIJKEN_FAULTS").map_or(2, |faults| faults.parse().unwrap())
}

/// Each of the first writes, syncs and renames of an upload fails once: the client is told, nothing acknowledged is lost, and
/// trying again succeeds. `TERUGKIJKEN_FAULTS` says how many of each (`tests/run --long`: 100).
#[test]
fn whichever_call_to_the_disk_fails_nothing_acknowledged_is_lost_and_trying_again_succeeds() {
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
            let program = Program::start(folder.path());
            let here = program.address.clone();
            // From here on, so that the start itself is not what fails.
            let fault = format!("inject={call}:error={error}:when={when}");
            let tracer = Tracer::attach(program.child.id(), &["-e", &fault], call);
            let mut told = Vec::new();
            let mut upload = None;
            let mut acknowledged = 0;
            for round in 0..20 {
                assert!(round < 19, "{call} {when}: it never succeeds: {told:?}");
                let Some(known) = upload.clone() else {
                    let head = format!(
                        "POST /uploads HTTP/1.1\r\nUpload-Length: {}\r\nUpload-Metadata: filename Zm91dC5tcDQ=",
                        bytes.len()
                    );
                    let (status, answer) = ask(&here, &key, &head, b"").unwrap();
                    told.push(status);
                    upload = header(&answer, "location");
                    continue;
                };
                let Some((200, answer)) = ask(&here, &key, &format!("HEAD {known} HTTP/1.1"), b"")
                else {
                    continue;
                };
                let at: usize = header(&answer, "upload-offset").unwrap().parse().unwrap();
                assert!(
                    at >= acknowledged,
                    "{call} {when}: {acknowledged} was acknowledged, {at} is there"
                );
                if at == bytes.len() {
                    break;
                }
                let end = (at + 9 * 1024 * 1024).min(bytes.len());
                if let Some((status, answer)) = piece(&here, &key, &known, at, &bytes[at..end]) {
                    told.push(status);
                    if status == 204 {
                        acknowledged = header(&answer, "upload-offset").unwrap().parse().unwrap();
                    }
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
            let program = Program::start(folder.path());
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
#[test]
fn a_folder_in_which_a_name_came_or_went_is_synced_before_anybody_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let media = folder.path().join("media");
    for series in ["andere", "reeks"] {
        std::fs::create_dir_all(media.join(series)).unwrap();
        let title = format!("title = \"{series}\"\n");
        std::fs::write(media.join(series).join("series.toml"), title).unwrap();
    }
    let key = key(folder.path());
    let program = Program::start(folder.path());
    let here = program.address.clone();
    let calls = "rename,renameat,renameat2,fsync";
    let log = folder.path().join("calls");
    let into = ["-ff", "-y", "-o", log.to_str().unwrap()];
    let tracer = Tracer::attach(program.child.id(), &into, calls);
    let bytes = recording(1);
    let upload = announce(&here, &key, "opname.mp4", bytes.len()).unwrap();
    assert_eq!(piece(&here, &key, &upload, 0, &bytes).unwrap().0, 204);
    let id = id_of(&media.join("inbox/opname.toml"));
    let form = format!(
        "id={id}&act=series&to_series={}&sure=yes",
        series(&here, &key)
    );
    let head =
        "POST /desk/recordings/bulk HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
    let (status, answer) = ask(&here, &key, head, form.as_bytes()).unwrap();
    assert_eq!(status, 200, "{answer}");
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

/// The row of the series `reeks`, as the desk lists it.
fn series(here: &str, key: &str) -> String {
    let (_, page) = ask(here, key, "GET /desk/recordings HTTP/1.1", b"").unwrap();
    let options = page.split("<select name=\"series\">").nth(1).unwrap();
    let at = options.find(">reeks<").unwrap();
    options[..at]
        .rsplit("value=\"")
        .next()
        .unwrap()
        .trim_end_matches('"')
        .to_owned()
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
