//! The volunteer at the command line: the finished program, as a process.

use std::process::{Command, Output};

use crate::support::Site;
use crate::support::program::PROGRAM;

fn program(arguments: &[&str], variables: &[(&str, &str)], folder: &std::path::Path) -> Output {
    let mut command = Command::new(PROGRAM);
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied());
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn a_wrong_setting_is_refused_with_a_sentence_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    for (variable, value, named) in [
        ("TERUGKIJKEN_LISTEN", "ergens", "listen"),
        ("TERUGKIJKEN_BASE_URL", "training.example.org", "base_url"),
        (
            "TERUGKIJKEN_BASE_URL",
            "https://example.org/pad",
            "base_url",
        ),
        ("TERUGKIJKEN_ACCENT", "blauw", "accent"),
        ("TERUGKIJKEN_TIME_ZONE", "Maan/Krater", "time_zone"),
        ("TERUGKIJKEN_NEW_RECORDINGS", "iedereen", "new_recordings"),
        ("TERUGKIJKEN_CONTACT", "geen adres", "contact"),
        ("TERUGKIJKEN_LOGO", "bestaat-niet.svg", "logo"),
        ("TERUGKIJKEN_SCAN_MINUTES", "0", "scan_minutes"),
        ("TERUGKIJKEN_CONNECTIONS", "1", "connections"),
        ("TERUGKIJKEN_LOG", "a=b=c", "log"),
        ("TERUGKIJKEN_LOG_FORMAT", "xml", "log_format"),
    ] {
        let output = program(&["scan"], &[(variable, value)], folder.path());
        let said = text(&output).to_lowercase();
        assert!(
            !output.status.success() && said.contains(named),
            "{variable}={value}: {said}"
        );
        assert!(!said.contains("panicked"), "{said}");
    }
    assert!(
        !folder.path().join("data").exists(),
        "nothing is made by a program that refuses to start"
    );
}

#[test]
fn an_unknown_setting_in_the_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("terugkijken.toml"),
        "naam = \"Ons portaal\"\n",
    )
    .unwrap();
    let output = program(&["scan"], &[], folder.path());
    assert!(
        !output.status.success() && text(&output).contains("naam"),
        "{}",
        text(&output)
    );
}

#[test]
fn the_template_names_every_setting_and_is_a_settings_file() {
    let folder = tempfile::tempdir().unwrap();
    let template = text(&program(&["config"], &[], folder.path()));
    for setting in [
        "listen",
        "base_url",
        "media",
        "data",
        "new_recordings",
        "scan_minutes",
        "name",
        "logo",
        "accent",
        "contact",
        "footer",
        "time_zone",
        "connections",
        "log_format",
    ] {
        assert!(
            template.contains(&format!("#{setting} =")),
            "{setting} in {template}"
        );
    }
    std::fs::write(folder.path().join("terugkijken.toml"), &template).unwrap();
    assert!(program(&["scan"], &[], folder.path()).status.success());
}

#[test]
fn flags_outweigh_variables_and_variables_outweigh_the_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("terugkijken.toml"),
        "data = \"van-bestand\"\nmedia = \"van-bestand-media\"\n",
    )
    .unwrap();
    let variables = [("TERUGKIJKEN_DATA", "van-variabele")];
    program(&["--data", "van-vlag", "scan"], &variables, folder.path());
    program(&["scan"], &variables, folder.path());
    let made = |name: &str| folder.path().join(name).join("catalogue.db").exists();
    assert!(made("van-vlag") && made("van-variabele") && !made("van-bestand"));
    assert!(folder.path().join("van-bestand-media").exists());
}

#[test]
fn check_ticks_what_is_well_and_fails_when_something_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::var("PATH").unwrap();
    let variables = [
        ("PATH", path.as_str()),
        ("TERUGKIJKEN_BASE_URL", "https://training.example.org"),
    ];
    let well = program(&["check"], &variables, folder.path());
    assert!(well.status.success(), "{}", text(&well));
    for line in [
        "✓ settings",
        "✓ base address: https://training.example.org",
        "✓ database: SQLite 3.",
        "✓ database: can be written",
        "✓ media folder",
        "✓ data folder",
        "free space",
        "✓ ffmpeg: ",
        "without a network, sees its own files alone",
    ] {
        assert!(text(&well).contains(line), "{line} in {}", text(&well));
    }
    let without = program(&["check"], &[("PATH", "/nergens")], folder.path());
    let line = "– ffmpeg: not found, so recordings are offered as they came";
    assert!(text(&without).contains(line), "{}", text(&without));
    // A database that is none.
    for log in ["data/catalogue.db-wal", "data/catalogue.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(log));
    }
    std::fs::write(folder.path().join("data/catalogue.db"), vec![b'x'; 8192]).unwrap();
    let wrong = program(&["check"], &variables, folder.path());
    assert!(
        !wrong.status.success() && text(&wrong).contains('✗'),
        "{}",
        text(&wrong)
    );
}

#[tokio::test]
async fn scan_tells_what_it_found_beside_a_running_server() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/leesmij.txt", "hallo");
    let output = program(&["scan"], &[], site.folder());
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    for line in [
        "new: reeks/01-begin.mp4",
        "not a recording: reeks/leesmij.txt",
        "1 media files, 1 opened; 1 recordings, 1 of them drafts",
        "series publish",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    site.get("/series/reeks").await.is(404);

    let published = program(&["series", "publish", "reeks"], &[], site.folder());
    assert!(published.status.success(), "{}", text(&published));
    assert!(
        site.read("reeks/series.toml")
            .contains("visibility = \"public\"")
    );
    site.get("/series/reeks").await.is(200).shows("Begin");

    let none = program(&["series", "publish", "bestaat-niet"], &[], site.folder());
    assert!(!none.status.success() && text(&none).contains("bestaat-niet"));
}

#[tokio::test]
async fn publishing_names_what_stays_hidden_and_why() {
    let site = Site::open().await;
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put_clip("reeks/02-dicht.mp4", 2);
    site.put("reeks/02-dicht.toml", "visibility = \"draft\"\n");
    let said = text(&program(
        &["series", "publish", "reeks"],
        &[],
        site.folder(),
    ));
    assert!(
        said.contains("now public: 1 of 2 recordings")
            && said.contains("Dicht stays draft, because 02-dicht.toml says so"),
        "{said}"
    );
    let listed = text(&program(&["series", "list"], &[], site.folder()));
    assert!(
        listed.contains("draft     Dicht") && listed.contains("public    Begin"),
        "{listed}"
    );
}
