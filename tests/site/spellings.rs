//! One person has one mail address, however a browser, a keyboard or a command line spells it.

use terugkijken::catalogue::coordinator::Role;

use crate::support::Site;
use crate::support::people::PASSWORD;
use crate::support::program::command;

/// What Chromium sends for `jan@bücher.example`, what one types, what macOS makes of it, and what a phone does.
const SPELLINGS: [&str; 4] = [
    "jan@xn--bcher-kva.example",
    "jan@bücher.example",
    "jan@bu\u{308}cher.example",
    "Jan@BÜCHER.example",
];
const SHOWN: &str = "jan@bücher.example";

#[tokio::test]
async fn an_account_is_found_by_every_spelling_of_its_address_and_shown_as_people_write_it() {
    for made_as in SPELLINGS {
        let site = Site::open().await;
        let eva = site.colleague("eva", Role::Administrator).await;
        let add = [
            "coordinator",
            "add",
            made_as,
            "--name",
            "Jan",
            "--role",
            "editor",
        ];
        let add = [&add[..], &["--password-stdin"]].concat();
        let (is_well, said, _) = command(site.folder(), &add, &format!("{PASSWORD}\n"));
        assert!(is_well && said.contains(SHOWN), "{said}");
        for typed in SPELLINGS {
            let jan = site.sign_in(typed, PASSWORD).await;
            let jan = jan.unwrap_or_else(|| panic!("made as {made_as}, typed as {typed}"));
            jan.get("/desk/account").await.is(200).shows(SHOWN);
            // There is one of it.
            let form = [("name", "Jan"), ("email", typed), ("role", "editor")];
            eva.post("/desk/people?lang=nl", &form)
                .await
                .is(422)
                .shows(&format!("Voor {SHOWN} is er al een account"));
            let again = [
                "coordinator",
                "add",
                typed,
                "--name",
                "Jan",
                "--role",
                "editor",
            ];
            let (is_well, _, said) = command(site.folder(), &again, "");
            assert!(!is_well && said.contains(SHOWN), "{said}");
            let reset = ["coordinator", "reset", typed];
            assert!(command(site.folder(), &reset, "").0, "{typed}");
        }
        eva.get("/desk/people").await.shows(SHOWN).hides("xn--");
        eva.get("/desk/audit").await.shows(SHOWN).hides("xn--");
    }
}

#[tokio::test]
async fn an_invitation_of_a_browser_and_the_guesses_at_it_are_of_one_account() {
    let site = Site::open().await;
    site.app.clock.hold(1_800_000_000);
    let eva = site.colleague("eva", Role::Administrator).await;
    let form = [("name", "Jan"), ("email", SPELLINGS[0]), ("role", "editor")];
    let made = eva.post("/desk/people", &form).await.is(200).shows(SHOWN);
    let link = made.page().attribute("/welcome/").to_owned();
    let link = &link[link.find("/welcome/").unwrap()..];
    site.get(link).await.is(200).shows(SHOWN);
    site.post(link, &[("password", PASSWORD)]).await.is(303);
    for attempt in 0..10 {
        let typed = SPELLINGS[attempt % SPELLINGS.len()];
        let form = [("email", typed), ("password", "een heel ander wachtwoord")];
        site.post("/sign-in", &form).await.is(401);
    }
    for typed in SPELLINGS {
        let form = [("email", typed), ("password", PASSWORD)];
        site.post("/sign-in", &form).await.is(429);
    }
}

#[tokio::test]
async fn at_the_update_addresses_get_one_form_and_of_two_accounts_that_become_one_none_is_lost() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    site.colleague("jan", Role::Editor).await;
    site.colleague("bo", Role::Editor).await;
    // As the version before wrote them: Jan's by Chromium, and once more by the command line, with which he never could sign in.
    let before = site.app.db.write(|conn| {
        conn.execute_batch(
            "UPDATE coordinator SET email = 'jan@xn--bcher-kva.example' WHERE email = 'jan@example.org';
             UPDATE coordinator SET email = 'bo@xn--bcher-kva.example' WHERE email = 'bo@example.org';
             INSERT INTO coordinator (email, name, role) VALUES ('jan@bücher.example', 'Jan twee', 'editor');",
        )?;
        Ok(conn.query_row("SELECT count(*) FROM coordinator", [], |row| row.get::<_, u32>(0))?)
    });
    let before = before.await.unwrap();
    let (is_well, list, said) = command(site.folder(), &["coordinator", "list"], "");
    assert!(is_well, "{said}");
    let line = |name: &str| list.lines().find(|line| line.ends_with(name)).unwrap();
    assert!(line("  bo").contains("bo@bücher.example"), "{list}");
    // The one in use has the address, the other another spelling of it, and that is told.
    assert!(line("  jan").contains(SHOWN), "{list}");
    assert!(
        line("  Jan twee").contains("jan@xn--bcher-kva.example"),
        "{list}"
    );
    let told = "jan@xn--bcher-kva.example is another spelling";
    assert!(list.contains(told), "{list}");
    let (_, check, _) = command(site.folder(), &["check"], "");
    assert!(check.contains(told), "{check}");
    eva.get("/desk/people?lang=nl")
        .await
        .shows("een andere schrijfwijze");
    let count = site.app.db.read(|conn| {
        Ok(
            conn.query_row("SELECT count(*) FROM coordinator", [], |row| {
                row.get::<_, u32>(0)
            })?,
        )
    });
    assert_eq!(count.await.unwrap(), before);
    for typed in [
        "bo@xn--bcher-kva.example",
        "jan@xn--bcher-kva.example",
        SHOWN,
    ] {
        assert!(site.sign_in(typed, PASSWORD).await.is_some(), "{typed}");
    }
    // The next start changes nothing any more, and who has the address keeps it.
    let (_, again, _) = command(site.folder(), &["coordinator", "list"], "");
    assert_eq!(again, list);
    // The other is ended by its own spelling, after which nothing is said of it.
    let end = ["coordinator", "disable", "jan@xn--bcher-kva.example"];
    assert!(command(site.folder(), &end, "").0);
    let (_, list, _) = command(site.folder(), &["coordinator", "list"], "");
    assert!(!list.contains("another spelling"), "{list}");
    assert!(site.sign_in(SHOWN, PASSWORD).await.is_some());
}
