//! What a converter may do with a file from a stranger: read that file, write into its folder, and end in time. Told with the real
//! ffmpeg, which is asked for everything that it must not get.

use std::ffi::OsString;
use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use terugkijken::config::Config;
use terugkijken::processing::confined;
use terugkijken::processing::ffmpeg::{Failed, Run, Tools};

use crate::support::program::PROGRAM;

fn tools(folder: &Path) -> Tools {
    confined::launch_with(PROGRAM);
    let config = Config::in_folder(folder).unwrap();
    Tools::find(&config).expect("ffmpeg is installed")
}

/// Runs ffmpeg with these arguments at these limits; what it complains of.
fn complaint(
    work: &Path,
    input: Option<&File>,
    arguments: &[&str],
    longest: Duration,
    file_mb: u64,
) -> Result<(), Failed> {
    let tools = tools(work);
    let run = Run {
        program: &tools.ffmpeg,
        arguments: ["-nostdin", "-y", "-v", "error"]
            .iter()
            .chain(arguments)
            .map(OsString::from)
            .collect(),
        input,
        work,
        longest,
        file_mb,
    };
    tools.run(&run, || false, |_| {})
}

const MINUTE: Duration = Duration::from_secs(60);

/// The processes whose arguments name this folder.
fn left(work: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        if command.contains(work.to_str().unwrap()) {
            found.push(command);
        }
    }
    found
}

#[test]
fn it_runs_when_nobody_else_wants_the_processor() {
    let folder = tempfile::tempdir().unwrap();
    for (niceness, expected) in [(19, SCHED_IDLE), (5, SCHED_OTHER)] {
        confined::launch_with(PROGRAM);
        let mut config = Config::in_folder(folder.path()).unwrap();
        config.niceness = niceness;
        let tools = Tools::find(&config).expect("ffmpeg is installed");
        let endless = folder.path().join("endless.wav");
        let arguments = "-v error -nostdin -y -re -f lavfi -i sine".split(' ');
        let run = Run {
            program: &tools.ffmpeg,
            arguments: arguments
                .map(OsString::from)
                .chain([endless.clone().into()])
                .collect(),
            input: None,
            work: folder.path(),
            longest: MINUTE,
            file_mb: 10,
        };
        let seen = Mutex::new(None);
        // It is stopped as soon as it was looked at.
        let look = || {
            let mut seen = seen.lock().unwrap();
            *seen = seen.or_else(|| turns(&tools.ffmpeg, &endless));
            seen.is_some()
        };
        assert!(matches!(
            tools.run(&run, look, |_| {}),
            Err(Failed::Stopped)
        ));
        let seen = seen.into_inner().unwrap();
        assert_eq!(seen, Some((i64::from(niceness), expected)));
    }
}

/// The ways in which Linux gives turns (sched(7)), by their numbers in `/proc/PID/stat` (proc_pid_stat(5)).
const SCHED_OTHER: i64 = 0;
const SCHED_IDLE: i64 = 5;

/// The niceness and the way in which it gets its turns of the program that writes this file, once it runs.
fn turns(program: &Path, writes: &Path) -> Option<(i64, i64)> {
    let (program, writes) = (program.to_str()?, writes.to_str()?);
    std::fs::read_dir("/proc")
        .ok()?
        .flatten()
        .find_map(|process| {
            let read = |name: &str| std::fs::read(process.path().join(name)).ok();
            let arguments = String::from_utf8_lossy(&read("cmdline")?).into_owned();
            if !arguments.starts_with(&format!("{program}\0"))
                || !arguments.contains(&format!("\0{writes}\0"))
            {
                return None;
            }
            let stat = String::from_utf8_lossy(&read("stat")?).into_owned();
            let (_, numbers) = stat.rsplit_once(") ")?;
            let numbers: Vec<&str> = numbers.split(' ').collect();
            // The first number after the name is field 3: niceness is field 19, the policy field 41.
            Some((
                numbers.get(16)?.parse().ok()?,
                numbers.get(38)?.parse().ok()?,
            ))
        })
}

#[test]
fn it_sees_its_own_files_alone_and_no_network() {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path().join("work");
    std::fs::create_dir(&work).unwrap();
    let recording = folder.path().join("les.wav");
    let sound = ["-f", "lavfi", "-i", "sine=duration=1"];
    // The premise: what it may do works.
    let own = work.join("own.wav");
    let write = |to: &Path| {
        let to = to.to_str().unwrap();
        complaint(&work, None, &[&sound[..], &[to]].concat(), MINUTE, 10)
    };
    write(&own).unwrap();
    std::fs::copy(&own, &recording).unwrap();
    let input = File::open(&recording).unwrap();
    let read = ["-i", "file:/proc/self/fd/0", "-f", "null", "-"];
    complaint(&work, Some(&input), &read, MINUTE, 10).unwrap();
    // Another one, which lies beside its folder, and files of the machine.
    let other = folder.path().join("other.wav");
    std::fs::copy(&own, &other).unwrap();
    for hidden in [other.to_str().unwrap(), "/etc/passwd", "/proc/1/environ"] {
        let refused = complaint(
            &work,
            Some(&input),
            &[
                "-f", "data", "-i", hidden, "-map", "0", "-c", "copy", "-f", "data", "-",
            ],
            MINUTE,
            10,
        );
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("Permission denied"), "{hidden}: {refused}");
    }
    let beside = folder.path().join("beside.wav");
    assert!(write(&beside).is_err());
    assert!(!beside.exists());
    // A server on this machine, which nobody reaches from there.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/les.wav", listener.local_addr().unwrap());
    let refused = complaint(
        &work,
        None,
        &["-i", &address, "-f", "null", "-"],
        MINUTE,
        10,
    );
    assert!(refused.is_err());
    assert!(listener.accept().is_err(), "it connected");
}

#[test]
fn it_ends_at_its_limits_and_leaves_nothing_running() {
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    let endless = ["-re", "-f", "lavfi", "-i", "sine", "-f", "null", "-"];
    let ended = complaint(work, None, &endless, Duration::from_millis(300), 10);
    assert!(matches!(ended, Err(Failed::TookTooLong(_))), "{ended:?}");
    assert_eq!(left(work), Vec::<String>::new());
    // A file of more than it may write.
    let large = work.join("large.wav");
    let noise = [
        "-f",
        "lavfi",
        "-i",
        "anoisesrc=duration=3600",
        large.to_str().unwrap(),
    ];
    assert!(matches!(
        complaint(work, None, &noise, MINUTE, 1),
        Err(Failed::Ended(..))
    ));
    assert!(large.metadata().unwrap().len() <= 1_000_000);
    // A picture that takes more memory than there is.
    let picture = [
        "-f",
        "lavfi",
        "-i",
        "color=size=32000x32000:rate=1:duration=1",
        "-f",
        "null",
        "-",
    ];
    assert!(matches!(
        complaint(work, None, &picture, MINUTE, 10),
        Err(Failed::Ended(..))
    ));
    assert_eq!(left(work), Vec::<String>::new());
}

#[test]
fn it_stops_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let tools = tools(folder.path());
    let run = Run {
        program: &tools.ffmpeg,
        arguments: [
            "-nostdin",
            "-v",
            "error",
            "-re",
            "-f",
            "lavfi",
            "-i",
            "sine",
            "-f",
            "null",
            "-progress",
            "pipe:1",
            "-",
        ]
        .map(OsString::from)
        .into(),
        input: None,
        work: folder.path(),
        longest: MINUTE,
        file_mb: 1,
    };
    // Told once it is under way.
    let stop = AtomicBool::new(false);
    let ended = tools.run(
        &run,
        || stop.load(Ordering::Relaxed),
        |_| stop.store(true, Ordering::Relaxed),
    );
    assert!(matches!(ended, Err(Failed::Stopped)), "{ended:?}");
    assert_eq!(left(folder.path()), Vec::<String>::new());
}
