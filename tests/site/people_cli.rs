//! Accounts and keys on the command line.

use std::process::Stdio;

use crate::support::Site;
use crate::support::people::PASSWORD;
use crate::support::program::{PROGRAM, Program, command};

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
    let (is_well, _, said) = command(site.folder(), &add, "kort\n");
    assert!(!is_well && said.contains("12"), "{said}");
    let (is_well, _, said) = command(site.folder(), &add, &format!("{PASSWORD}\n"));
    assert!(is_well, "{said}");
    let mira = site.sign_in("mira@example.org", PASSWORD).await.unwrap();
    let (_, list, _) = command(site.folder(), &["coordinator", "list"], "");
    assert!(
        list.contains("administrator") && list.contains("mira@example.org"),
        "{list}"
    );
    let (is_well, key, _) = command(
        site.folder(),
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
    let script = site.with_key(&key);
    script.get("/desk").await.is(200);
    assert!(
        command(
            site.folder(),
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
    script.get("/desk").await.is(401);
    let (_, link, _) = command(
        site.folder(),
        &["coordinator", "reset", "mira@example.org"],
        "",
    );
    let link = link.lines().last().unwrap();
    site.get(&link[link.find("/welcome/").unwrap()..])
        .await
        .is(200);
    let (is_well, _, said) = command(
        site.folder(),
        &["coordinator", "disable", "mira@example.org"],
        "",
    );
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
    assert!(command(site.folder(), &editor, "").1.contains("/welcome/"));
    assert!(
        command(
            site.folder(),
            &["coordinator", "disable", "bo@example.org"],
            ""
        )
        .0
    );
    mira.get("/desk").await.is(200);
}

#[tokio::test]
async fn the_first_start_prints_a_link_that_makes_the_first_account_and_the_next_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    // The line that counts is the last of those printed at start.
    let start = || Program::start_until(folder.path(), &[PROGRAM], Stdio::null(), "series with");
    let program = start();
    let printed = &program.printed;
    let link = &printed[printed.rfind("http://").unwrap()..];
    let link = link.lines().next().unwrap();
    assert!(link.contains("/welcome/"), "{printed}");
    let form = [
        ("name", "Mira"),
        ("email", "mira@example.org"),
        ("password", PASSWORD),
    ];
    program.client.post(link, &form).await.is(303);
    program.kill();
    let program = start();
    let printed = &program.printed;
    assert!(!printed.contains("/welcome/"), "{printed}");
    program.kill();
}
