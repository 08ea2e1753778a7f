//! The doors stay open for those who belong there, however hard somebody else guesses.

use std::fs::File;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;
use rustix::process::Signal;
use terugkijken::catalogue::coordinator::Role;

use crate::support::people::PASSWORD;
use crate::support::program::{PROGRAM, Program};
use crate::support::{Answer, Client, Site, lines, says};

const WRONG: &str = "een heel ander wachtwoord";
/// Addresses of visitors, as a proxy reports them.
const GUESSER: &str = "203.0.113.9";
const OFFICE: &str = "198.51.100.7";

/// A portal behind a proxy on this machine.
async fn behind_a_proxy() -> Site {
    let site = Site::open_with(|config| config.trusted_proxies = vec!["127.0.0.1".into()]).await;
    site.app.clock.hold(1_800_000_000);
    site
}

/// Makes the series `besloten`, which opens with "acht tekens".
async fn lock_a_series(site: &Site) {
    let mira = site.colleague("mira", Role::Editor).await;
    mira.does("/desk/series", &[("title", "Besloten")]).await;
    let series = mira.series("Besloten").await;
    let lock = format!("/desk/series/{series}/password");
    mira.does(&lock, &[("password", "acht tekens")]).await;
}

/// A form that is sent from this address.
async fn post(client: &Client, from: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    let request = client
        .ask(Method::POST, path)
        .header("x-forwarded-for", from);
    client.send(request.form(form)).await
}

async fn sign_in(client: &Client, from: &str, email: &str, password: &str) -> Answer {
    let form = [("email", email), ("password", password)];
    post(client, from, "/sign-in?lang=nl", &form).await
}

/// Makes a guess at a name that nobody has, until there were so many.
async fn guess_at_names(site: &Site, guesses: &AtomicUsize, most: usize) -> Vec<u16> {
    let mut answers = Vec::new();
    loop {
        let number = guesses.fetch_add(1, Ordering::Relaxed);
        if number >= most {
            return answers;
        }
        let email = format!("naam{number}@example.org");
        answers.push(sign_in(site, GUESSER, &email, WRONG).await.status);
    }
}

#[tokio::test]
async fn a_flood_of_guesses_shuts_out_nobody_at_another_address() {
    let site = behind_a_proxy().await;
    site.colleague("mira", Role::Editor).await;
    let guesses = AtomicUsize::new(0);
    let flood =
        futures_util::future::join_all((0..40).map(|_| guess_at_names(&site, &guesses, 200)));
    let mira = async {
        for _ in 0..12 {
            sign_in(&site, OFFICE, "mira@example.org", PASSWORD)
                .await
                .is(303);
        }
        guesses.load(Ordering::Relaxed)
    };
    let (answers, made_meanwhile) = futures_util::future::join(flood, mira).await;
    assert!(
        made_meanwhile > 12,
        "the premise: they guessed at the same time"
    );
    let answers = answers.concat();
    let count = |status: u16| answers.iter().filter(|one| **one == status).count();
    // Fifty guesses from one address, whatever the names; what was not looked at is no guess.
    assert_eq!((count(401), count(429)), (50, 150), "{answers:?}");
    // The guesser gets no further with the right one either, and elsewhere one does.
    sign_in(&site, GUESSER, "mira@example.org", PASSWORD)
        .await
        .is(429);
    sign_in(&site, OFFICE, "mira@example.org", PASSWORD)
        .await
        .is(303);
}

#[tokio::test]
async fn a_browser_that_signed_in_before_is_not_shut_out_by_the_guesses_of_others() {
    let site = behind_a_proxy().await;
    site.colleague("mira", Role::Editor).await;
    site.colleague("bo", Role::Editor).await;
    let known = sign_in(&site, OFFICE, "mira@example.org", PASSWORD)
        .await
        .is(303);
    let cookies = known.cookies();
    let mark = cookies
        .iter()
        .find(|cookie| cookie.starts_with("terugkijken-device="));
    let mark = mark.unwrap_or_else(|| panic!("{cookies:?}")).clone();
    // Somebody in the same office guesses, and so does the rest of the world.
    for number in 0..50 {
        let email = format!("naam{number}@example.org");
        sign_in(&site, OFFICE, &email, WRONG).await.is(401);
    }
    for _ in 0..10 {
        sign_in(&site, "192.0.2.33", "mira@example.org", WRONG)
            .await
            .is(401);
    }
    sign_in(&site, OFFICE, "mira@example.org", PASSWORD)
        .await
        .is(429);
    sign_in(&site, "192.0.2.34", "mira@example.org", PASSWORD)
        .await
        .is(429);
    let browser = site.with_cookie(mark.clone());
    sign_in(&browser, OFFICE, "mira@example.org", WRONG)
        .await
        .is(401);
    let again = sign_in(&browser, OFFICE, "mira@example.org", PASSWORD)
        .await
        .is(303);
    assert!(again.cookies().contains(&mark), "the mark it has is kept");
    // It opens nothing, and nothing for anyone else.
    browser.get("/desk").await.is(303);
    sign_in(&browser, OFFICE, "bo@example.org", PASSWORD)
        .await
        .is(429);
    // Colleagues who share a browser share its mark.
    let shared = sign_in(&browser, "192.0.2.35", "bo@example.org", PASSWORD);
    assert!(shared.await.is(303).cookies().contains(&mark));
    sign_in(&browser, OFFICE, "bo@example.org", PASSWORD)
        .await
        .is(303);
    // Whoever holds the mark has ten guesses as well.
    for _ in 0..10 {
        sign_in(&browser, OFFICE, "mira@example.org", WRONG)
            .await
            .is(401);
    }
    sign_in(&browser, OFFICE, "mira@example.org", PASSWORD)
        .await
        .is(429);
}

#[tokio::test]
async fn who_is_signed_in_changes_the_password_while_others_guess_it() {
    let site = behind_a_proxy().await;
    let mira = site.colleague("mira", Role::Editor).await;
    for _ in 0..10 {
        sign_in(&site, GUESSER, &mira.email, WRONG).await.is(401);
    }
    sign_in(&site, GUESSER, &mira.email, PASSWORD).await.is(429);
    let form = [("password", PASSWORD), ("new_password", WRONG)];
    mira.does("/desk/account/password", &form).await;
}

#[tokio::test]
async fn thirty_visitors_with_the_right_password_come_in_together() {
    let site = behind_a_proxy().await;
    lock_a_series(&site).await;
    let unlock = "/series/besloten/unlock?lang=nl";
    let enter = |_| post(&site, OFFICE, unlock, &[("password", "acht tekens")]);
    for answer in futures_util::future::join_all((0..30).map(enter)).await {
        answer.is(303);
    }
    // Ten wrong ones at once are ten, and the eleventh waits.
    let guess = |_| post(&site, GUESSER, unlock, &[("password", "negen tekens")]);
    let answers = futures_util::future::join_all((0..30).map(guess)).await;
    let wrong = answers.iter().filter(|one| one.status == 401).count();
    let slowed = answers.iter().filter(|one| one.status == 429).count();
    assert_eq!((wrong, slowed), (10, 20));
    enter(0).await.is(303);
}

#[tokio::test]
async fn a_password_that_nobody_can_have_is_refused_before_it_is_hashed() {
    let site = behind_a_proxy().await;
    lock_a_series(&site).await;
    // Another process, in which nothing was hashed yet.
    let other = site.without_its_catalogue().await;
    other.scan().await;
    let long = "x".repeat(1025);
    let sentence = "Het mag hoogstens 1024 tekens hebben";
    sign_in(&other, OFFICE, "mira@example.org", &long)
        .await
        .is(401)
        .shows(sentence);
    let unlock = "/series/besloten/unlock?lang=nl";
    post(&other, OFFICE, unlock, &[("password", &long)])
        .await
        .is(401)
        .shows(sentence);
    assert_eq!(
        other.app.people.hashing.kept_bytes(),
        0,
        "nothing was hashed"
    );
    post(&other, OFFICE, unlock, &[("password", &long[1..])])
        .await
        .is(401)
        .hides(sentence);
    assert_eq!(
        other.app.people.hashing.kept_bytes(),
        19_456 * 1024,
        "the premise: this one was"
    );
}

#[tokio::test]
async fn a_hash_in_the_folder_cannot_ask_for_a_gigabyte() {
    let site = behind_a_proxy().await;
    site.put_clip("besloten/01-les.mp4", 1);
    let hash =
        "$argon2id$v=19$m=1048576,t=3,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    site.put(
        "besloten/series.toml",
        format!("visibility = \"public\"\npassword_hash = \"{hash}\"\n"),
    );
    site.scan().await;
    let unlock = "/series/besloten/unlock?lang=nl";
    post(&site, OFFICE, unlock, &[("password", "password")])
        .await
        .is(401);
    assert_eq!(site.app.people.hashing.kept_bytes(), 19_456 * 1024);
    site.get("/series/besloten").await.is(401);
}

#[tokio::test]
async fn a_stored_password_that_is_refused_is_told_to_whoever_can_set_it_anew() {
    let site = behind_a_proxy().await;
    site.put_clip("besloten/01-les.mp4", 1);
    site.put_clip("besloten/02-les.mp4", 2);
    let costly =
        "$argon2id$v=19$m=1048576,t=3,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let foreign = "$2b$12$KIXQJ5p0s5yq7nQhG4c1uO6x0q1Zk9v8m7l6k5j4h3g2f1d0s9a8e";
    site.put(
        "besloten/series.toml",
        format!("title = \"Besloten\"\nvisibility = \"public\"\npassword_hash = \"{costly}\"\n"),
    );
    let link = format!(
        "[[links]]\ntoken = \"0123456789abcdefghjk\"\nname = \"Gasten\"\npassword_hash = \"{foreign}\"\n"
    );
    site.put("besloten/02-les.toml", &link);
    let mira = site.colleague("mira", Role::Administrator).await;
    let sentence = "Stel het wachtwoord van de reeks of de link opnieuw in";
    for _ in 0..2 {
        let report = site.scan().await;
        says(&report, &["please look: besloten/series.toml", "set anew"]);
        says(&report, &["please look: besloten/02-les.toml", "set anew"]);
        let problems = mira.get("/desk/problems?lang=nl").await.is(200);
        let problems = problems.shows(sentence).text();
        for place in ["besloten/series.toml", "besloten/02-les.toml"] {
            assert!(problems.contains(place), "{place}: {problems}");
        }
        assert!(
            !problems.contains("CTFhFdXP"),
            "the hash itself is nobody's business"
        );
    }
    // Once it is set anew nothing is said of it any more.
    let series = mira.series("Besloten").await;
    let lock = format!("/desk/series/{series}/password");
    mira.does(&lock, &[("password", "acht tekens")]).await;
    let sidecar = site.read("besloten/02-les.toml");
    let mended: Vec<&str> = sidecar
        .lines()
        .filter(|line| !line.starts_with("password_hash"))
        .collect();
    site.put("besloten/02-les.toml", mended.join("\n"));
    let problems = mira.get("/desk/problems?lang=nl").await.is(200).text();
    assert!(!problems.contains("besloten/series.toml"), "{problems}");
    assert_eq!(lines(&site.scan().await), Vec::<String>::new());
    mira.get("/desk/problems?lang=nl").await.hides(sentence);
    let unlock = "/series/besloten/unlock";
    post(&site, OFFICE, unlock, &[("password", "acht tekens")])
        .await
        .is(303);
}

#[tokio::test]
async fn the_log_has_one_line_for_a_flood_and_none_for_each_of_its_requests() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let command = ["env", "TERUGKIJKEN_TRUSTED_PROXIES=127.0.0.1", PROGRAM];
    let to = File::create(&log).unwrap().into();
    let mut program = Program::start_until(folder.path(), &command, to, " on http://");
    let guesses = 80;
    let mut refused = 0;
    for number in 0..guesses {
        let email = format!("naam{number}@example.org");
        let answer = sign_in(&program.client, GUESSER, &email, WRONG).await;
        refused += usize::from(answer.status == 429);
    }
    assert_eq!(refused, guesses - 50);
    program.signal(Signal::TERM);
    assert!(program.child.wait().unwrap().success());
    let log = std::fs::read_to_string(log).unwrap();
    let count = |words: &str| log.lines().filter(|line| line.contains(words)).count();
    assert_eq!(count("somebody guesses passwords"), 1, "{log}");
    assert_eq!(count("status=429"), 0, "{log}");
    assert!(count("WARN") + count("ERROR") <= 2, "{log}");
}
