//! `terugkijken check`: a checklist for the operator. Each line says what was checked and found; the exit code is non-zero when the
//! portal could not work.

use std::path::Path;
use std::process::ExitCode;

use crate::app::App;
use crate::branding::{BrandingField, FixedBy};
use crate::catalogue::mail_address;
use crate::config::{Config, Flags};
use crate::db;
use crate::error::Error;
use crate::processing::ffmpeg::Tools;
use crate::scan::portal;
use crate::sidecar::PORTAL_FILE;

/// Free bytes below which the check warns about the disk.
const LITTLE_SPACE: u64 = 1024 * 1024 * 1024;

/// The result of one check.
enum Finding {
    Good(String),
    /// It works, but a production set-up should be different.
    Advice(String),
    Wrong(String),
}

/// Runs all checks and prints the results.
pub async fn run(flags: &Flags) -> ExitCode {
    let config = match Config::load(flags) {
        Ok(config) => config,
        Err(problem) => return print(&[Finding::Wrong(super::sentence(&problem))]),
    };
    let mut findings = vec![Finding::Good("settings: all understood".to_owned())];
    findings.push(base_address(&config));
    let app = match super::open(config).await {
        Ok(app) => app,
        Err(problem) => {
            findings.push(Finding::Wrong(super::sentence(&problem)));
            return print(&findings);
        }
    };
    findings.push(contact(&app));
    findings.extend(association(&app).await);
    findings.extend(database(&app).await);
    let others = app.db.read(mail_address::other_spellings).await;
    let others = others.unwrap_or_default().into_iter();
    findings.extend(others.map(|email| Finding::Advice(super::other_spelling(&email))));
    findings.push(folder("media folder", app.library.media(), false));
    findings.push(folder("data folder", app.library.data(), true));
    findings.push(space(app.library.data()));
    findings.push(sending(&app));
    findings.push(processing(&app));
    print(&findings)
}

fn print(findings: &[Finding]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for finding in findings {
        match finding {
            Finding::Good(line) => println!("✓ {line}"),
            Finding::Advice(line) => println!("– {line}"),
            Finding::Wrong(line) => {
                println!("✗ {line}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn base_address(config: &Config) -> Finding {
    match &config.base_url {
        Some(base) if base.starts_with("https://") => {
            Finding::Good(format!("base address: {base}"))
        }
        Some(base) => Finding::Advice(format!(
            "base address: {base} is not https; visitors' browsers will warn"
        )),
        None => Finding::Advice(format!(
            "base address: not set, so links begin with {} and work on this machine only",
            config.base()
        )),
    }
}

fn contact(app: &App) -> Finding {
    match &app.branding().contact {
        Some(contact) => Finding::Good(format!("contact: {contact}")),
        None => Finding::Advice(
            "contact: not set, so visitors can only leave a message, which waits at /desk/messages"
                .to_owned(),
        ),
    }
}

/// What is wrong with `portal.toml`, and which of its keys the settings outweigh.
async fn association(app: &App) -> Vec<Finding> {
    let problems = match app.library.run(portal::read).await {
        Ok(files) => files.problems,
        Err(problem) => vec![super::sentence(&problem)],
    };
    let stated = app.branding.stated();
    let outweighed = BrandingField::ALL.into_iter().filter_map(|field| {
        stated.get(field)?;
        let by = match app.branding.fixed_by(field)? {
            FixedBy::Variable(variable) => variable,
            FixedBy::SettingsFile => "the settings file",
        };
        Some(format!(
            "`{}` has no effect, because {by} sets it",
            field.key()
        ))
    });
    problems
        .into_iter()
        .chain(outweighed)
        .map(|line| Finding::Advice(format!("{PORTAL_FILE}: {line}")))
        .collect()
}

async fn database(app: &App) -> [Finding; 3] {
    let cannot = |what: &str, problem: &Error| {
        let why = super::sentence(problem);
        Finding::Wrong(format!("database: cannot be {what}: {why}"))
    };
    let quick = match app.db.quick_check().await {
        Ok(problems) if problems.is_empty() => {
            Finding::Good("database: undamaged, tables up to date".to_owned())
        }
        Ok(problems) => Finding::Wrong(format!("database: damaged: {}", problems.join("; "))),
        Err(problem) => cannot("read", &problem),
    };
    let written = match app.db.write(|_| Ok(())).await {
        Ok(()) => Finding::Good("database: can be written".to_owned()),
        Err(problem) => cannot("written", &problem),
    };
    let (version, path) = (db::sqlite_version(), app.library.database());
    let version_line = format!("database: SQLite {version}, {}", path.display());
    [Finding::Good(version_line), quick, written]
}

fn folder(what: &str, path: &Path, must_be_writable: bool) -> Finding {
    let shown = path.display();
    if std::fs::read_dir(path).is_err() {
        return Finding::Wrong(format!("{what}: {shown} cannot be read"));
    }
    let written = rustix::fs::access(path, rustix::fs::Access::WRITE_OK);
    match (written, must_be_writable) {
        (Ok(()), _) => Finding::Good(format!("{what}: {shown} can be read and written")),
        (Err(_), true) => Finding::Wrong(format!("{what}: {shown} cannot be written")),
        (Err(_), false) => Finding::Advice(format!(
            "{what}: {shown} cannot be written; addresses are kept in the catalogue only and are lost with it"
        )),
    }
}

/// Whether ffmpeg is there, and how it is confined.
fn processing(app: &App) -> Finding {
    let Some(tools) = Tools::find(&app.config) else {
        return Finding::Advice(
            "ffmpeg: not found, so recordings are offered as they came; on Debian: apt install ffmpeg".to_owned(),
        );
    };
    let work = app.library.data();
    let (Some(version), Some(walls)) = (tools.version(work), tools.walls(work)) else {
        let path = tools.ffmpeg.display();
        return Finding::Wrong(format!("ffmpeg: {path} does not answer"));
    };
    let (network, files) = match (walls.network, walls.files) {
        (true, true) => ("without a network", "sees its own files alone"),
        (true, false) => (
            "without a network",
            "this kernel (no Landlock) lets it see other files",
        ),
        (false, true) => (
            "this system (no namespaces for users) leaves it the network",
            "sees its own files alone",
        ),
        (false, false) => ("this system leaves it the network", "and other files"),
    };
    let line =
        format!("ffmpeg: {version}, {network}, {files}, with limits of time, memory and size");
    match walls.network && walls.files {
        true => Finding::Good(line),
        false => Finding::Advice(line),
    }
}

/// By which way recordings leave.
fn sending(app: &App) -> Finding {
    Finding::Good(match (app.config.zero_copy, app.library.is_sendable()) {
        (true, true) => "recordings: sent by the kernel itself (sendfile)".to_owned(),
        (true, false) => {
            "recordings: read and sent by the program, because the kernel does not tell for the disk of the media folder what it would wait for"
                .to_owned()
        }
        (false, _) => {
            "recordings: read and sent by the program, because zero_copy is off".to_owned()
        }
    })
}

fn space(path: &Path) -> Finding {
    match rustix::fs::statvfs(path) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let line = format!("free space: {} MB", free / 1_000_000);
            if free < LITTLE_SPACE {
                Finding::Advice(line + "; that is little")
            } else {
                Finding::Good(line)
            }
        }
        Err(problem) => Finding::Wrong(format!("free space: cannot be asked: {problem}")),
    }
}
