//! Ranges of a recording beside nginx, Caddy and tower-http: requests a second, processor, latency and memory, and the goals.
//!
//!     cargo bench --bench streaming
//!     cargo bench --bench streaming -- --quick --only 1M-c64 --only 2B
//!
//! All servers run at once with two workers each, in a network namespace of their own where that is possible; each is asked in
//! turn, in rounds with a shuffled order. What counts is the median of the ratios of the rounds. nginx runs with `tcp_nopush` on
//! and off; the one that is better at a figure is "nginx" there. Needs ffmpeg; nginx and Caddy are installed with apt-get as root, and left out otherwise.
//!
//! `STREAMING_PROGRAM=/a/path` measures another build of the program, for instance an older one.
//!
//! - `servers`, `serve_dir`, `films`, `namespace`: who serves what, and where
//! - `load`: who asks; `scenarios`: what and in which turns; `abuse`: floods of ours alone
//! - `measured`, `results`, `goals`: what it gave; `table`, `picture`: how that is shown

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the program itself, beside others, is what is measured"
)]

mod abuse;
mod films;
mod goals;
mod load;
mod measured;
mod namespace;
mod picture;
mod results;
mod scenarios;
mod serve_dir;
mod servers;
mod table;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::Parser;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use abuse::ABUSE;
use films::Films;
use goals::GOALS;
use results::Results;
use scenarios::SCENARIOS;
use servers::{Kind, Server};

/// Measures ranges of a recording beside other servers.
#[derive(Parser)]
struct Arguments {
    /// Fewer and shorter rounds, to try something out
    #[arg(long)]
    quick: bool,
    /// Only scenarios whose name has the word; may be given more than once
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Only servers whose name has the word; may be given more than once
    #[arg(long, value_name = "NAME")]
    servers: Vec<String>,
    /// Write the goals and what was measured as an SVG
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
    /// Inside the network namespace
    #[arg(long, hide = true)]
    inside: bool,
    /// Be the server of tower-http
    #[arg(long, hide = true, requires = "port")]
    serve_dir: Option<PathBuf>,
    #[arg(long, hide = true)]
    port: Option<u16>,
}

fn main() {
    let arguments = Arguments::parse();
    if let (Some(folder), Some(port)) = (&arguments.serve_dir, arguments.port) {
        serve_dir::run(folder, port);
        return;
    }
    let kinds = scenarios::kinds(&arguments.servers);
    if arguments.inside {
        namespace::choose_congestion_control();
    } else {
        for program in kinds.iter().filter_map(|kind| kind.program()) {
            install(program);
        }
        match namespace::run_inside() {
            Some(code) => std::process::exit(code),
            None => println!("without a network namespace of its own, which is not possible here"),
        }
    }
    raise_the_limit_of_descriptors();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on a disk");
    let films = Films::make(folder.path());
    print_machine();
    let is_wanted = |name: &str| {
        let only = &arguments.only;
        only.is_empty() || only.iter().any(|word| name.contains(word.as_str()))
    };
    let mut results = Results::default();
    let mut is_checked = false;
    for scenario in SCENARIOS.iter().filter(|it| is_wanted(it.name)) {
        let servers = start(&kinds, &films, !is_checked);
        if !is_checked {
            check_bytes(&servers, &films);
            table::print_rest(&servers);
            is_checked = true;
        }
        scenario.run(&servers, &films, arguments.quick, &mut results);
        table::print_scenario(scenario, &results);
    }
    let abuses: Vec<_> = ABUSE.iter().filter(|it| is_wanted(it.name)).collect();
    abuse::run(&abuses, &films, arguments.quick);
    if !is_checked {
        return;
    }
    let judged: Vec<_> = GOALS.iter().map(|goal| goal.judge(&results)).collect();
    table::print_goals(&judged);
    if let Some(file) = &arguments.picture {
        let described = picture::write(file, &judged).expect("the picture");
        println!("\n![{described}]({})", file.display());
    }
}

/// Starts the servers afresh. `says`: names those that are not here.
fn start(kinds: &[Kind], films: &Films, says: bool) -> Vec<Server> {
    let started = kinds.iter().filter_map(|kind| {
        let server = Server::start(*kind, films);
        if server.is_none() && says {
            println!("{} does not start here and is left out", kind.name());
        }
        server
    });
    started.collect()
}

/// Ends the run when one server sends other bytes than those of the file.
fn check_bytes(servers: &[Server], films: &Films) {
    let wrong: Vec<String> = servers
        .iter()
        .filter_map(|server| server.wrong_bytes(films))
        .collect();
    if !wrong.is_empty() {
        println!("wrong bytes:\n{}", wrong.join("\n"));
        std::process::exit(1);
    }
    println!("all {} servers send the bytes of the file", servers.len());
}

fn install(program: &str) {
    let is_here = || {
        let found = Command::new("sh")
            .args(["-c", "command -v \"$0\"", program])
            .stdout(Stdio::null())
            .status();
        found.is_ok_and(|status| status.success())
    };
    if is_here() {
        return;
    }
    let _ = Command::new("apt-get")
        .args(["install", "-y", "-qq", program])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(Stdio::null())
        .status();
    if !is_here() {
        println!(
            "{program} is not here and cannot be installed: as root, apt-get install {program}"
        );
    }
}

fn print_machine() {
    let said = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).output().ok()?;
        let text = [done.stdout, done.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        text.lines().next().map(str::to_owned)
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    println!(
        "{cores} cores, Linux {}, congestion control {}",
        said("uname", &["-r"]).unwrap_or_default(),
        namespace::congestion_control()
    );
    let others = [said("nginx", &["-v"]), said("caddy", &["version"])];
    println!(
        "{}",
        others.into_iter().flatten().collect::<Vec<_>>().join(", ")
    );
}

/// For this process and the servers, which inherit it.
fn raise_the_limit_of_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).expect("as many descriptors as the system gives");
}
