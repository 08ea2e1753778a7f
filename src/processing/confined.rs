//! How ffmpeg and its companions run on files from strangers: as this program once more (`terugkijken confined`), which gives up what a
//! converter does not need, and then becomes it. In: limits, the file to read (open, as its standard input) and the folder to write in. Out: a process that has no
//! network, sees no other file of the portal, and ends by itself at its limits and with the server.
//!
//! What a kernel does not offer is left out, and `terugkijken check` says so: the limits of time, memory and file size hold everywhere.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use landlock::{
    ABI, Access, AccessFs, PathBeneath, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError,
    RulesetStatus, path_beneath_rules,
};
use rustix::process::{
    Pid, Resource, Rlimit, Signal, getppid, nice, set_parent_process_death_signal, setrlimit,
};
use rustix::thread::UnshareFlags;
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy,
    set_thread_priority_and_policy, thread_native_id,
};

/// Where systems keep programs, their libraries and what these read of the machine.
const SYSTEM: [&str; 10] = [
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/opt",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/sys/devices/system/cpu",
];

/// Open files that a converter may have: its libraries are closed again when they are loaded.
const FILES: u64 = 64;

/// Addresses of memory for each byte of data: libraries and threads reserve more than they use.
const ADDRESSES: u64 = 4;

/// The niceness at which a program also waits for every other (`SCHED_IDLE`, sched(7)): a viewer's request then takes the processor
/// from it at once.
const LOWEST: i32 = 19;

const MB: u64 = 1_000_000;

/// The path of this program; by it the kernel finds the program that runs, also when its file was replaced meanwhile.
const THIS: &str = "/proc/self/exe";

static LAUNCHER: OnceLock<PathBuf> = OnceLock::new();

/// The program that confines others: this one, unless [`launch_with`] named another.
pub fn launcher() -> &'static Path {
    LAUNCHER.get().map_or(Path::new(THIS), PathBuf::as_path)
}

/// Names the program that confines others, for a process that is not `terugkijken` itself, such as a test.
pub fn launch_with(program: &str) {
    // The first name counts: there is one such program.
    let _ = LAUNCHER.set(program.into());
}

/// What a confined program may do.
#[derive(Debug, Clone, clap::Args)]
pub struct Confinement {
    /// Seconds of computing.
    #[arg(long)]
    pub cpu_s: u64,
    /// Memory in MB.
    #[arg(long)]
    pub memory_mb: u64,
    /// The largest file it may write, in MB.
    #[arg(long)]
    pub file_mb: u64,
    /// How far it stands back for others, 0 to 19.
    #[arg(long)]
    pub niceness: i32,
    /// The process that asks: where that is gone already, nothing is started.
    #[arg(long)]
    pub parent: i32,
    /// Whether its standard input is the one file that it may read.
    #[arg(long)]
    pub input: bool,
    /// The folder that it may write in.
    #[arg(long)]
    pub work: PathBuf,
    /// Says how it is confined, and starts nothing.
    #[arg(long)]
    pub report: bool,
    /// The program, by its whole path, and its arguments.
    #[arg(last = true, required = true)]
    pub command: Vec<OsString>,
}

impl Confinement {
    /// The arguments with which this program confines another; its name and own arguments follow.
    pub fn arguments(&self) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["confined".into()];
        let numbers = [
            ("--cpu-s", self.cpu_s.to_string()),
            ("--memory-mb", self.memory_mb.to_string()),
            ("--file-mb", self.file_mb.to_string()),
            ("--niceness", self.niceness.to_string()),
            ("--parent", self.parent.to_string()),
        ];
        for (name, number) in numbers {
            arguments.extend([name.into(), number.into()]);
        }
        arguments.extend(["--work".into(), self.work.as_os_str().to_owned()]);
        arguments.extend(self.input.then(|| "--input".into()));
        arguments.extend(self.report.then(|| "--report".into()));
        arguments
    }
}

/// What a kernel offers beside the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walls {
    /// The process has no network.
    pub network: bool,
    /// The process sees its own files alone.
    pub files: bool,
}

impl Walls {
    /// The line in which `--report` tells them.
    fn line(self) -> String {
        format!("network {} files {}", self.network, self.files)
    }

    /// Reads that line; `None` when it is another.
    pub fn parse(line: &str) -> Option<Self> {
        let all = [true, false].map(|network| [true, false].map(|files| Self { network, files }));
        all.into_iter()
            .flatten()
            .find(|walls| walls.line() == line.trim())
    }
}

/// Confines this process and becomes the program. Returns only what kept it from that. To be called before the first thread is
/// started, because a namespace is that of a thread.
pub fn enter(confinement: &Confinement) -> io::Error {
    match confine(confinement) {
        Err(problem) => problem,
        Ok(walls) if confinement.report => {
            println!("{}", walls.line());
            std::process::exit(0)
        }
        Ok(_) => become_it(&confinement.command),
    }
}

fn confine(confinement: &Confinement) -> io::Result<Walls> {
    // Whoever asked may be killed between the start of this process and the first of these lines.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    if getppid().map_or(0, Pid::as_raw_pid) != confinement.parent {
        return Err(io::Error::other("whoever asked for it is gone"));
    }
    limit(Resource::Core, 0)?;
    limit(Resource::Nofile, FILES)?;
    limit(Resource::Cpu, confinement.cpu_s)?;
    limit(Resource::Fsize, confinement.file_mb.saturating_mul(MB))?;
    let memory = confinement.memory_mb.saturating_mul(MB);
    limit(Resource::Data, memory)?;
    limit(Resource::As, memory.saturating_mul(ADDRESSES))?;
    if confinement.niceness == LOWEST {
        wait_for_others();
    }
    nice(confinement.niceness)?;
    let network = leave_the_network().is_ok();
    let files = matches!(
        see_only(confinement),
        Ok(RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced)
    );
    Ok(Walls { network, files })
}

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let limit = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(setrlimit(resource, limit)?)
}

/// Lets this process run only when nobody else wants to. A system that refuses keeps the usual turns; the niceness holds beside it.
fn wait_for_others() {
    let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    let _ = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle);
}

/// Enters a network of its own, in which there is nothing: as a user may (user_namespaces(7)), or as root.
fn leave_the_network() -> io::Result<()> {
    #[expect(
        deprecated,
        reason = "it is unsafe for tables of files, which are not touched, and this process has one thread"
    )]
    let unshare = rustix::thread::unshare;
    unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNET)
        .or_else(|_| unshare(UnshareFlags::NEWNET))
        .map_err(io::Error::from)
}

/// Closes all files but those of the system, the one to read and the folder to write in (landlock(7), Linux 5.13).
fn see_only(confinement: &Confinement) -> Result<RulesetStatus, RulesetError> {
    let abi = ABI::V3;
    let program = confinement.command.first().map(Path::new);
    // A program may lie outside of the folders of the system, with its libraries beside it.
    let beside = program.and_then(|program| program.canonicalize().ok());
    let beside = beside
        .iter()
        .filter_map(|path| path.parent())
        .map(Path::to_owned);
    let system = SYSTEM.iter().map(PathBuf::from).chain(beside);
    let mut rules = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(system, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(
            [&confinement.work],
            AccessFs::from_all(abi),
        ))?;
    if confinement.input {
        rules = rules.add_rule(PathBeneath::new(io::stdin(), AccessFs::ReadFile))?;
    }
    Ok(rules.restrict_self()?.ruleset)
}

fn become_it(command: &[OsString]) -> io::Error {
    let Some((program, arguments)) = command.split_first() else {
        return io::Error::from(io::ErrorKind::InvalidInput);
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "it starts no other program: this one becomes it"
    )]
    let mut command = std::process::Command::new(program);
    command.args(arguments).env_clear().exec()
}
