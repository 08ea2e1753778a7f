//! The only place where other programs are started: ffmpeg and ffprobe, when they are installed, confined as [`super::confined`] says.
//! In: fixed arguments, never a visitor's text. Out: what they print, line by line. Nothing in the portal depends on them.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::confined::{self, Confinement, Walls};
use crate::config::Config;

/// How often a running program is looked at: whether it ended, is over its time or is to stop.
const LOOK: Duration = Duration::from_millis(100);

/// The longest line of output that is read, and how much of what a program complains of is kept, in bytes.
const LONGEST_LINE: u64 = 64 * 1024;
const LONGEST_COMPLAINT: usize = 2000;

/// The file to read, as the programs are told of it. It is open already, so that they get the bytes that were decided on whatever
/// happens to its name, and no name of a stranger's file stands among their arguments.
pub const INPUT: &str = "file:/proc/self/fd/0";

/// The programs of a machine, by their whole paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    pub ffmpeg: PathBuf,
    pub ffprobe: PathBuf,
    niceness: i32,
    memory_mb: u64,
}

/// One run of a program.
#[derive(Debug)]
pub struct Run<'a> {
    pub program: &'a Path,
    pub arguments: Vec<OsString>,
    /// The file that it may read, as [`INPUT`].
    pub input: Option<&'a File>,
    /// The folder that it may write in.
    pub work: &'a Path,
    /// After this time it is killed; the computing time allowed is four times that, for as many processors.
    pub longest: Duration,
    /// The largest file that it may write, in MB.
    pub file_mb: u64,
}

/// Why a run gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It was told to stop.
    #[error("stopped")]
    Stopped,
    #[error("took longer than {} minutes", .0.as_secs() / 60)]
    TookTooLong(Duration),
    /// It ended by itself: how, and the end of what it complained of.
    #[error("{0}: {1}")]
    Ended(ExitStatus, String),
    #[error("cannot be started: {0}")]
    Io(#[from] io::Error),
}

impl Tools {
    /// The programs that the settings name; `None` when one of them is not there, or none is wanted.
    pub fn find(config: &Config) -> Option<Self> {
        let ffmpeg = whole_path(&config.ffmpeg)?;
        // The two come in one package and lie in one folder.
        let beside = ffmpeg.with_file_name("ffprobe");
        let ffprobe = is_program(&beside)
            .then_some(beside)
            .or_else(|| whole_path("ffprobe"))?;
        Some(Self {
            ffmpeg,
            ffprobe,
            niceness: config.niceness,
            memory_mb: config.processing_memory_mb,
        })
    }

    /// The version that ffmpeg prints (`5.1.9-0+deb12u1`); `None` when it does not answer. Waits for it.
    pub fn version(&self, work: &Path) -> Option<String> {
        let run = Run::short(&self.ffmpeg, ["-version"], work);
        let mut first = None;
        self.run(
            &run,
            || false,
            |line| {
                first.get_or_insert_with(|| line.to_owned());
            },
        )
        .ok()?;
        let rest = first?.strip_prefix("ffmpeg version ")?.to_owned();
        let version = rest.split_whitespace().next()?.chars();
        Some(version.filter(|c| !c.is_control()).take(80).collect())
    }

    /// Whether ffmpeg encodes by the library of this name, with which not every one is built. Waits for its answer.
    ///
    /// Errors when it gives none.
    pub fn encodes_with(&self, library: &str, work: &Path) -> Result<bool, Failed> {
        let asked = format!("encoder={library}");
        let mut run = Run::short(&self.ffmpeg, ["-hide_banner", "-h", &asked], work);
        // A job depends on it, also on a busy machine.
        run.longest = Duration::from_secs(60);
        let known = format!("Encoder {library} ");
        let mut is_known = false;
        // It also ends well when it knows no such encoder.
        self.run(&run, || false, |line| is_known |= line.starts_with(&known))?;
        Ok(is_known)
    }

    /// What confines the programs on this machine beside the limits; `None` when they cannot be started. Waits for the answer.
    pub fn walls(&self, work: &Path) -> Option<Walls> {
        let mut run = Run::short(&self.ffmpeg, [""; 0], work);
        run.longest = Duration::from_secs(5);
        let mut walls = None;
        self.start(&run, true, || false, |line| walls = Walls::parse(line))
            .ok()?;
        walls
    }

    /// Runs a program to its end and hands on each line that it prints. `is_stopped` is asked ten times a second. Waits: to be called
    /// on a thread that may, which lives as long as the program, because the kernel kills it with the thread that started it.
    ///
    /// Errors when it does not end well; nothing of it runs any more then.
    pub fn run(
        &self,
        run: &Run<'_>,
        is_stopped: impl Fn() -> bool + Send,
        on_line: impl FnMut(&str),
    ) -> Result<(), Failed> {
        self.start(run, false, is_stopped, on_line)
    }

    fn start(
        &self,
        run: &Run<'_>,
        report: bool,
        is_stopped: impl Fn() -> bool + Send,
        mut on_line: impl FnMut(&str),
    ) -> Result<(), Failed> {
        let mut child = self.command(run, report)?.spawn()?;
        let (output, complaints) = (child.stdout.take(), child.stderr.take());
        let end = thread::scope(|scope| {
            let complained = scope.spawn(move || complaints.map(last_words).unwrap_or_default());
            let watched = scope.spawn(|| watch(&mut child, run.longest, is_stopped));
            if let Some(output) = output {
                lines(output, &mut on_line);
            }
            (watched.join(), complained.join())
        });
        let panicked = |_| io::Error::other("a thread beside it panicked");
        let (status, complaint) = (end.0.map_err(panicked)??, end.1.map_err(panicked)?);
        match status.success() {
            true => Ok(()),
            false => Err(Failed::Ended(status, complaint)),
        }
    }

    fn command(&self, run: &Run<'_>, report: bool) -> io::Result<Command> {
        let input = match run.input {
            Some(file) => Stdio::from(file.try_clone()?),
            None => Stdio::null(),
        };
        let confinement = Confinement {
            cpu_s: run.longest.as_secs().saturating_mul(4).max(10),
            memory_mb: self.memory_mb,
            file_mb: run.file_mb,
            niceness: self.niceness,
            parent: rustix::process::getpid().as_raw_pid(),
            input: run.input.is_some(),
            work: run.work.to_owned(),
            report,
            command: Vec::new(),
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where another program is started"
        )]
        let mut command = Command::new(confined::launcher());
        command
            .args(confinement.arguments())
            .arg("--")
            .arg(run.program)
            .args(&run.arguments)
            .env_clear()
            .current_dir(run.work)
            .process_group(0)
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Ok(command)
    }
}

impl<'a> Run<'a> {
    /// A run that reads no file and answers at once.
    fn short<const N: usize>(program: &'a Path, arguments: [&str; N], work: &'a Path) -> Self {
        Self {
            program,
            arguments: arguments.map(OsString::from).into(),
            input: None,
            work,
            longest: Duration::from_secs(10),
            file_mb: 1,
        }
    }
}

/// Waits for the end of a process, and kills it and its children when it takes too long or is to stop.
fn watch(
    child: &mut Child,
    longest: Duration,
    is_stopped: impl Fn() -> bool,
) -> Result<ExitStatus, Failed> {
    let begun = Instant::now();
    let mut failed = None;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or_else(|| io::Error::other("a process without a number"))?;
    loop {
        // It is not reaped here, so that its number, which is that of its group, cannot be another's yet.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        let has_ended = waitid(WaitId::Pid(pid), options)
            .map_err(io::Error::from)?
            .is_some();
        if !has_ended && failed.is_none() {
            failed = match begun.elapsed() {
                _ if is_stopped() => Some(Failed::Stopped),
                elapsed if elapsed > longest => Some(Failed::TookTooLong(longest)),
                _ => None,
            };
        }
        if has_ended || failed.is_some() {
            // The group may be empty already.
            let _ = kill_process_group(pid, Signal::KILL);
        }
        if has_ended {
            let status = child.wait()?;
            return failed.map_or(Ok(status), Err);
        }
        thread::sleep(LOOK);
    }
}

/// Hands on each line; of a longer one its pieces. Whoever prints is read to the end in any case, because it waits otherwise.
fn lines(output: impl Read, on_line: &mut impl FnMut(&str)) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        match output
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
        {
            Ok(0) | Err(_) => return,
            Ok(_) => on_line(String::from_utf8_lossy(&line).trim_end()),
        }
    }
}

/// Reads to the end and keeps the last lines, as one.
fn last_words(complaints: impl Read) -> String {
    let mut kept = String::new();
    lines(complaints, &mut |line| {
        if !kept.is_empty() {
            kept.push_str("; ");
        }
        kept.extend(line.chars().filter(|c| !c.is_control()));
        if kept.len() > LONGEST_COMPLAINT {
            let from = kept.ceil_char_boundary(kept.len() - LONGEST_COMPLAINT);
            kept.drain(..from);
        }
    });
    kept
}

/// The whole path of a program; a name alone is looked for where the system has its programs.
fn whole_path(program: &str) -> Option<PathBuf> {
    if program.is_empty() {
        return None;
    }
    if program.contains('/') {
        return std::path::absolute(program)
            .ok()
            .filter(|path| is_program(path));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(program))
        .find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

/// How far a conversion is, in milliseconds of its output, from a line of `-progress`; `None` for other lines.
pub fn out_time_ms(line: &str) -> Option<u64> {
    let microseconds: u64 = line.strip_prefix("out_time_us=")?.parse().ok()?;
    Some(microseconds / 1000)
}
