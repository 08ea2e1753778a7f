//! Accounts and keys on the command line.

use std::io::Write;
use std::process::{Command, Stdio};

use reqwest::Method;

use crate::support::Site;
use crate::support::people::PASSWORD;

/// The command line, beside the running portal.
fn terugkijken(site: &Site, args: &[&str], input: &str) -> (bool, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
        .args(args)
        .current_dir(site.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

#[tokio::test]
async fn accounts_and_keys_are_made_on_the_command_line_beside_a_running_portal() {
    let site = Site::open().await;
    let add = [
        "coordinator",
        "add",
        "Mira@Example.org",
        "--name",
        "Mira",
        "--role",
        "administrator",
        "--password-stdin",
    ];
    let (is_well, _, said) = terugkijken(&site, &add, "kort\n");
    assert!(!is_well && said.contains("12"), "{said}");
    let (is_well, _, said) = terugkijken(&site, &add, &format!("{PASSWORD}\n"));
    assert!(is_well, "{said}");
    let cookie = site.sign_in("mira@example.org", PASSWORD).await.unwrap();
    let (_, list, _) = terugkijken(&site, &["coordinator", "list"], "");
    assert!(
        list.contains("administrator") && list.contains("mira@example.org"),
        "{list}"
    );
    let (is_well, key, _) = terugkijken(
        &site,
        &[
            "coordinator",
            "key",
            "add",
            "mira@example.org",
            "--name",
            "script",
        ],
        "",
    );
    let key = key.lines().last().unwrap().to_owned();
    assert!(
        is_well && key.starts_with("tk_") && !key.contains(' '),
        "{key}"
    );
    let with_key = || {
        site.ask(Method::GET, "/desk")
            .header("authorization", format!("Bearer {key}"))
    };
    site.send(with_key()).await.is(200);
    assert!(
        terugkijken(
            &site,
            &[
                "coordinator",
                "key",
                "revoke",
                "mira@example.org",
                "--name",
                "script"
            ],
            ""
        )
        .0
    );
    site.send(with_key()).await.is(401);
    let (_, link, _) = terugkijken(&site, &["coordinator", "reset", "mira@example.org"], "");
    let link = link.lines().last().unwrap();
    site.get(&link[link.find("/welcome/").unwrap()..])
        .await
        .is(200);
    let (is_well, _, said) =
        terugkijken(&site, &["coordinator", "disable", "mira@example.org"], "");
    assert!(!is_well && said.contains("administrator"), "{said}");
    let editor = [
        "coordinator",
        "add",
        "bo@example.org",
        "--name",
        "Bo",
        "--role",
        "editor",
    ];
    assert!(terugkijken(&site, &editor, "").1.contains("/welcome/"));
    assert!(terugkijken(&site, &["coordinator", "disable", "bo@example.org"], "").0);
    site.send(site.ask(Method::GET, "/desk").header("cookie", &cookie))
        .await
        .is(200);
}

#[tokio::test]
async fn the_first_start_prints_a_link_that_makes_the_first_account_and_the_next_one_does_not() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_terugkijken"))
            .current_dir(folder.path())
            .env("TERUGKIJKEN_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        // The line that counts is the last of those printed at start.
        let mut lines = Vec::new();
        for line in says.lines().map(Result::unwrap) {
            let is_last = line.contains("series with");
            lines.push(line);
            if is_last {
                break;
            }
        }
        (child, lines.join("\n"))
    };
    let (mut child, said) = start();
    let link = &said[said.rfind("http://").unwrap()..];
    let link = link.lines().next().unwrap();
    assert!(link.contains("/welcome/"), "{said}");
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let form = [
        ("name", "Mira"),
        ("email", "mira@example.org"),
        ("password", PASSWORD),
    ];
    let made = client.post(link).form(&form).send().await.unwrap();
    assert_eq!(made.status(), 303);
    child.kill().unwrap();
    child.wait().unwrap();
    let (mut child, said) = start();
    assert!(!said.contains("/welcome/"), "{said}");
    child.kill().unwrap();
    child.wait().unwrap();
}
