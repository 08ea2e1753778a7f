//! One server at a time on a folder: the second says who holds it and ends, and commands go on working beside the first.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use rustix::process::Signal;

use crate::support::clips;
use crate::support::program::{PROGRAM, Program, command};

/// A second server, which ends by itself.
fn second(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("timeout")
        .arg("60")
        .arg(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .env("TERUGKIJKEN_LISTEN", "127.0.0.1:0")
        .output()
        .unwrap()
}

#[track_caller]
fn is_refused(output: &Output, first: &Program, folder: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    let [line] = lines[..] else {
        panic!("one sentence: {said}")
    };
    for words in [
        &format!("terugkijken: the {folder} folder ") as &str,
        &format!(
            "is in use by another server: process {} on ",
            first.child.id()
        ),
        &format!("http://{}, since 20", first.client.host()),
        "Stop that one first",
    ] {
        assert!(line.contains(words), "{words} in {line}");
    }
    assert!(output.stdout.is_empty(), "it began: {output:?}");
}

#[tokio::test]
async fn a_second_server_on_the_same_folders_says_who_holds_them_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::start(folder.path()).await;
    is_refused(&second(folder.path(), &[]), &first, "data");
    is_refused(&second(folder.path(), &["serve"]), &first, "data");
    // Under another name of the same folder.
    symlink(folder.path().join("data"), folder.path().join("ook")).unwrap();
    is_refused(&second(folder.path(), &["--data", "ook"]), &first, "data");
    is_refused(
        &second(folder.path(), &["--data", "media/../data/."]),
        &first,
        "data",
    );
    // Another catalogue of the same recordings would give each new one a second address.
    is_refused(
        &second(folder.path(), &["--data", "eigen"]),
        &first,
        "media",
    );
    symlink(folder.path().join("media"), folder.path().join("films")).unwrap();
    let arguments = ["--data", "eigen", "--media", "films"];
    is_refused(&second(folder.path(), &arguments), &first, "media");
    first.client.get("/").await.is(200);
    first.kill();
}

#[tokio::test]
async fn commands_beside_a_server_go_on_working() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::start(folder.path()).await;
    let series = folder.path().join("media/reeks");
    std::fs::create_dir_all(&series).unwrap();
    std::fs::write(series.join("01-begin.mp4"), clips::bytes("a.mp4", 1)).unwrap();
    for arguments in [
        "scan",
        "check",
        "config",
        "series list",
        "series publish reeks",
        "coordinator list",
        "coordinator add mira@example.org --name Mira --role editor --password-stdin",
        "coordinator key add mira@example.org --name proef",
        "demo remove",
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let (is_well, printed, warned) =
            command(folder.path(), &words, "vier losse woorden hier\n");
        assert!(is_well, "{arguments}: {printed}{warned}");
    }
    first.client.get("/series/reeks").await.is(200);
    first.kill();
}

#[tokio::test]
async fn a_server_that_ended_in_any_way_leaves_the_folder_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::start(folder.path()).await;
    first.kill();
    let mut second = Program::start(folder.path()).await;
    second.signal(Signal::TERM);
    assert!(second.child.wait().unwrap().success());
    Program::start(folder.path()).await.kill();
}

#[tokio::test]
async fn programs_that_a_server_starts_do_not_inherit_its_locks() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::start(folder.path()).await;
    let process = format!("/proc/{}", first.child.id());
    let mut locks = 0;
    for opened in std::fs::read_dir(format!("{process}/fd")).unwrap() {
        let opened = opened.unwrap();
        let path = std::fs::read_link(opened.path()).unwrap_or_default();
        if !path.to_string_lossy().ends_with("server.lock") {
            continue;
        }
        let number = opened.file_name().into_string().unwrap();
        let about = std::fs::read_to_string(format!("{process}/fdinfo/{number}")).unwrap();
        let flags = about.lines().find_map(|line| line.strip_prefix("flags:"));
        let flags = u32::from_str_radix(flags.unwrap().trim(), 8).unwrap();
        // O_CLOEXEC
        assert_ne!(flags & 0o2_000_000, 0, "{path:?} {about}");
        locks += 1;
    }
    assert_eq!(locks, 2, "the premise");
    first.kill();
}

#[tokio::test]
async fn two_servers_may_read_one_media_folder_that_neither_can_write() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("media")).unwrap();
    // A read-only mount in a namespace of its own, which root cannot write either.
    let command = format!(
        "mount --bind media media && mount -o remount,ro,bind media && exec {PROGRAM} --data \"$0\""
    );
    let start = |data: &'static str| {
        let words = ["unshare", "-rm", "sh", "-c", command.as_str(), data];
        let path = folder.path().to_owned();
        async move { Program::start_as(&path, &words).await }
    };
    let (one, other) = (start("een").await, start("twee").await);
    one.client.get("/").await.is(200);
    other.client.get("/").await.is(200);
    one.kill();
    other.kill();
}
