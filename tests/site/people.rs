//! Who works here: the first account, invitations, signing in and out, keys, and what each may do.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::welcome;

use crate::support::people::PASSWORD;
use crate::support::{Answer, Site};

const OTHER: &str = "een heel ander wachtwoord";

/// The address of a link that a page shows once.
fn link_in(answer: &Answer) -> String {
    let page = answer.page();
    let link = page.attribute("/welcome/");
    link[link.find("/welcome/").unwrap()..].to_owned()
}

/// The access key that a page shows once.
fn key_in(answer: &Answer) -> String {
    answer.page().attribute("tk_").to_owned()
}

#[tokio::test]
async fn the_first_account_is_made_with_the_link_of_the_first_start_and_only_once() {
    let site = Site::open().await;
    let now = site.app.clock.now();
    let token = site
        .app
        .db
        .write(move |conn| welcome::make(conn, None, now))
        .await
        .unwrap();
    let link = format!("/welcome/{token}");
    site.get_dutch(&link)
        .await
        .is(200)
        .shows("Maak het eerste account");
    let short = site
        .post(
            &link,
            &[("name", "Mira"), ("email", "mira"), ("password", "kort")],
        )
        .await
        .is(422)
        .shows("value=\"Mira\"")
        .hides("value=\"kort\"");
    assert_eq!(short.text().matches("aria-invalid=\"true\"").count(), 2);
    let made = site
        .post(
            &link,
            &[
                ("name", "Mira"),
                ("email", " Mira@Example.org "),
                ("password", PASSWORD),
            ],
        )
        .await
        .is(303);
    let mira = site.with_cookie(made.cookie().unwrap());
    mira.get("/desk/people")
        .await
        .is(200)
        .shows("mira@example.org");
    // Neither this link nor another of its kind works again.
    site.get(&link).await.is(400);
    site.post(
        &link,
        &[
            ("name", "Eva"),
            ("email", "eva@example.org"),
            ("password", PASSWORD),
        ],
    )
    .await
    .is(400);
    let another = site
        .app
        .db
        .write(move |conn| welcome::make(conn, None, now))
        .await
        .unwrap();
    site.get(&format!("/welcome/{another}")).await.is(400);
}

#[tokio::test]
async fn signing_in_leads_to_where_one_was_and_nowhere_else() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    site.get("/desk/account?lang=en").await.is(303).says(
        "location",
        "/sign-in?to=%2Fdesk%2Faccount%3Flang%3Den&lang=en",
    );
    for (to, expected) in [
        ("/desk/account", "/desk/account"),
        ("//evil.example/", "/desk"),
        ("https://evil.example/", "/desk"),
        ("", "/desk"),
    ] {
        // As a browser that has a cookie of the portal already; without one the way leads past the sign-in page (`doors.rs`).
        mira.post(
            "/sign-in",
            &[
                ("email", "MIRA@example.org"),
                ("password", PASSWORD),
                ("to", to),
            ],
        )
        .await
        .is(303)
        .says("location", expected);
    }
    let set = site
        .post(
            "/sign-in",
            &[("email", &mira.email), ("password", PASSWORD)],
        )
        .await;
    let set = set.header("set-cookie").unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    // The table alone gives no sign-in.
    let token = set.split(['=', ';']).nth(1).unwrap().to_owned();
    let is_kept = site.app.db.read(move |conn| {
        Ok(conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM sign_in WHERE token_hash = ?1 OR device = ?1)",
            [token],
            |row| row.get::<_, bool>(0),
        )?)
    });
    assert!(!is_kept.await.unwrap());
    // A browser that is signed in gets a new token, and the old one ends.
    let mira = site.sign_in("mira@example.org", PASSWORD).await.unwrap();
    let again = [("email", mira.email.as_str()), ("password", PASSWORD)];
    let again = mira.post("/sign-in", &again).await.is(303);
    let (_, first) = mira.credential().unwrap();
    assert_ne!(again.cookie().unwrap(), first);
    mira.get("/desk").await.is(303);
}

#[tokio::test]
async fn wrong_and_unknown_get_the_same_answer_and_guessing_is_slowed_down() {
    let site = Site::open().await;
    site.app.clock.hold(1_800_000_000);
    site.colleague("mira", Role::Editor).await;
    let wrong = |email: &'static str| {
        let site = &site;
        async move {
            site.post("/sign-in", &[("email", email), ("password", OTHER)])
                .await
        }
    };
    let known = wrong("mira@example.org").await.is(401);
    let unknown = wrong("eva@example.org").await.is(401);
    assert_eq!(
        known.text().replace("mira@", "eva@"),
        unknown.text(),
        "a known account can be told from an unknown one"
    );
    for _ in 0..9 {
        wrong("mira@example.org").await.is(401);
    }
    let slowed = wrong("mira@example.org").await.is(429);
    assert_eq!(slowed.header("retry-after"), Some("900"));
    // The right password is no way round, and another account is not touched.
    assert!(site.sign_in("mira@example.org", PASSWORD).await.is_none());
    wrong("bo@example.org").await.is(401);
    site.app.clock.hold(1_800_000_901);
    assert!(site.sign_in("mira@example.org", PASSWORD).await.is_some());
}

#[tokio::test]
async fn what_was_typed_survives_a_sign_in_that_ended() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let form = [
        ("name", "Bo & \"zonen\""),
        ("email", "bo@example.org"),
        ("role", "editor"),
        ("note", "regel één\r\nregel twee"),
    ];
    let door = site
        .post("/desk/people?lang=nl", &form)
        .await
        .is(401)
        .shows("is bewaard");
    let kept = door.page().value("kept");
    let again = site
        .post(
            "/sign-in?lang=nl",
            &[
                ("email", &eva.email),
                ("password", PASSWORD),
                ("to", "/desk/people?lang=nl"),
                ("kept", &kept),
            ],
        )
        .await
        .is(200)
        .shows("action=\"/desk/people?lang=nl\"")
        .shows("Bo &amp; &quot;zonen&quot;")
        .shows("regel één\nregel twee");
    let eva = site.with_cookie(again.cookie().unwrap());
    eva.post("/desk/people?lang=nl", &form)
        .await
        .is(200)
        .shows("/welcome/")
        .shows("Bo &amp; &quot;zonen&quot;");
}

#[tokio::test]
async fn a_colleague_is_invited_forgets_the_password_and_leaves() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let form = [
        ("name", "Bo"),
        ("email", "bo@example.org"),
        ("role", "editor"),
    ];
    let link = link_in(&eva.post("/desk/people", &form).await.is(200));
    eva.post("/desk/people", &form)
        .await
        .is(422)
        .shows("value=\"Bo\"");
    let welcome = site.post(&link, &[("password", PASSWORD)]).await.is(303);
    let bo = site.with_cookie(welcome.cookie().unwrap());
    bo.get("/desk").await.is(200);
    for closed in ["/desk/people", "/desk/audit", "/desk/audit/export.csv"] {
        bo.get(closed).await.is(403);
    }
    let id = id_of(&site, "bo@example.org").await;
    let reset = link_in(
        &eva.post(&format!("/desk/people/{id}/link"), &[])
            .await
            .is(200),
    );
    let newer = link_in(
        &eva.post(&format!("/desk/people/{id}/link"), &[])
            .await
            .is(200),
    );
    site.get(&reset).await.is(400);
    site.post(&newer, &[("password", OTHER)]).await.is(303);
    // Whoever knew the old password is out.
    bo.get("/desk").await.is(303);
    assert!(site.sign_in("bo@example.org", PASSWORD).await.is_none());
    let bo = site.sign_in("bo@example.org", OTHER).await.unwrap();
    let key = bo.post("/desk/account/keys", &[("name", "script")]).await;
    let script = site.with_key(&key_in(&key.is(200)));
    script.get("/desk").await.is(200);
    eva.does(&format!("/desk/people/{id}/disable"), &[]).await;
    script.get("/desk").await.is(401);
    bo.get("/desk").await.is(303);
    assert!(site.sign_in("bo@example.org", OTHER).await.is_none());
    eva.does(&format!("/desk/people/{id}/enable"), &[]).await;
    assert!(site.sign_in("bo@example.org", OTHER).await.is_some());
    // A key that ended stays ended.
    script.get("/desk").await.is(401);
}

async fn id_of(site: &Site, email: &'static str) -> i64 {
    let found = site.app.db.read(move |conn| {
        Ok(terugkijken::catalogue::coordinator::by_email(conn, email)?
            .unwrap()
            .id)
    });
    found.await.unwrap()
}

#[tokio::test]
async fn somebody_always_stays_to_administer_the_portal() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let id = id_of(&site, "eva@example.org").await;
    for (act, form) in [("disable", &[][..]), ("role", &[("role", "editor")][..])] {
        eva.post(&format!("/desk/people/{id}/{act}"), form)
            .await
            .is(400);
    }
    let bo = site.colleague("bo", Role::Administrator).await;
    bo.does(&format!("/desk/people/{id}/disable"), &[]).await;
    eva.get("/desk").await.is(303);
}

#[tokio::test]
async fn a_password_change_ends_the_other_sign_ins_and_one_may_end_them_all() {
    let site = Site::open().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let phone = site.sign_in(&mira.email, PASSWORD).await.unwrap();
    mira.post(
        "/desk/account/password",
        &[("password", OTHER), ("new_password", OTHER)],
    )
    .await
    .is(422);
    phone.get("/desk").await.is(200);
    mira.does(
        "/desk/account/password",
        &[("password", PASSWORD), ("new_password", OTHER)],
    )
    .await;
    phone.get("/desk").await.is(303);
    mira.get("/desk").await.is(200);
    mira.post("/desk/account/sign-out-everywhere", &[])
        .await
        .is(303);
    mira.get("/desk").await.is(303);
    // And a sign-in nobody uses ends of itself.
    let mira = site.sign_in(&mira.email, OTHER).await.unwrap();
    site.app.clock.hold(site.app.clock.now() + 31 * 24 * 3600);
    mira.get("/desk").await.is(303);
}

#[tokio::test]
async fn a_form_on_another_site_changes_nothing() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let form = [
        ("name", "Bo"),
        ("email", "bo@example.org"),
        ("role", "administrator"),
    ];
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = eva.ask(Method::POST, "/desk/people").header(name, value);
        eva.send(request.form(&form)).await.is(403);
        let request = site.ask(Method::POST, "/sign-in").header(name, value);
        site.send(request.form(&[("email", eva.email.as_str()), ("password", PASSWORD)]))
            .await
            .is(403);
    }
    eva.get("/desk/people")
        .await
        .is(200)
        .hides("bo@example.org");
    let own = eva.ask(Method::POST, "/desk/people");
    eva.send(own.header("sec-fetch-site", "same-origin").form(&form))
        .await
        .is(200);
}

#[tokio::test]
async fn a_key_opens_the_desk_and_never_its_locks() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let page = eva
        .post("/desk/account/keys", &[("name", "uploadscript")])
        .await
        .is(200);
    let key = key_in(&page);
    eva.get("/desk/account")
        .await
        .is(200)
        .shows("uploadscript")
        .hides(&key);
    let script = site.with_key(&key);
    script.get("/desk").await.is(200);
    for (method, path) in [
        (Method::GET, "/desk/account"),
        (Method::POST, "/desk/account/keys"),
        (Method::GET, "/desk/people"),
        (Method::GET, "/desk/audit"),
    ] {
        let request = script.ask(method, path).form(&[("name", "meer")]);
        script.send(request).await.is(403);
    }
    let wrong = site.with_key("tk_niets");
    wrong
        .get("/desk")
        .await
        .is(401)
        .says("www-authenticate", "Bearer");
}

#[tokio::test]
async fn every_act_is_in_the_list_which_an_administrator_filters_and_takes_along() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    eva.post(
        "/desk/people",
        &[
            ("name", "=1+1"),
            ("email", "bo@example.org"),
            ("role", "editor"),
        ],
    )
    .await
    .is(200);
    eva.post("/desk/account/keys", &[("name", "=HYPERLINK(1)")])
        .await
        .is(200);
    eva.get("/desk/audit?lang=nl")
        .await
        .is(200)
        .shows("uitgenodigd")
        .shows("Account <bdi>bo@example.org</bdi>")
        .shows("sleutel gemaakt");
    for word in ["INVITE", "Uitgenodigd"] {
        eva.get(&format!("/desk/audit?lang=nl&q={word}"))
            .await
            .is(200)
            .shows("Account <bdi>bo@example.org</bdi>")
            .hides("sleutel gemaakt");
    }
    let table = eva
        .get("/desk/audit/export.csv")
        .await
        .is(200)
        .says("content-type", "text/csv; charset=utf-8");
    assert!(
        table.text().contains("\"'=HYPERLINK(1)\""),
        "{}",
        table.text()
    );
    assert!(
        table
            .text()
            .lines()
            .next()
            .unwrap()
            .starts_with("\"Wanneer\",\"Wie\",\"Wat\"")
    );
}

#[tokio::test]
async fn the_last_use_of_a_browser_and_of_a_key_is_noted_to_the_hour_and_not_at_each_request() {
    let site = Site::open().await;
    let began = 1_800_000_000;
    site.app.clock.hold(began);
    let mira = site.colleague("mira", Role::Editor).await;
    let key = mira.post("/desk/account/keys", &[("name", "script")]).await;
    let script = site.with_key(&key_in(&key.is(200)));
    let noted = || {
        site.app.db.read(|conn| {
            let of = |sql| conn.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
            Ok((
                of("SELECT seen_at FROM sign_in")?,
                of("SELECT used_at FROM access_key")?,
            ))
        })
    };
    for (later, expected) in [(0, 0), (3599, 0), (3600, 3600), (7199, 3600), (7200, 7200)] {
        site.app.clock.hold(began + later);
        mira.get("/desk").await.is(200);
        script.get("/desk").await.is(200);
        let expected = Some(began + expected);
        assert_eq!(
            noted().await.unwrap(),
            (expected, expected),
            "after {later} s"
        );
    }
}
