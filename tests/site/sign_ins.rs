//! How long a sign-in and a key last: as long as they are used, and not longer than the password they came with.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::support::desk::Desk;
use crate::support::people::PASSWORD;
use crate::support::program::command;
use crate::support::{Answer, Client, Site};

const OTHER: &str = "een heel ander wachtwoord";
const BEGAN: i64 = 1_800_000_000;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Seconds that the cookie of a sign-in lasts; `None` when the answer sets none.
fn lasts(answer: &Answer) -> Option<i64> {
    let set = answer.headers.get_all("set-cookie").iter();
    let mut set = set.map(|set| set.to_str().unwrap());
    let cookie = set.find(|set| set.starts_with("terugkijken="))?;
    let (_, age) = cookie.split_once("Max-Age=").unwrap();
    Some(age.parse().unwrap())
}

#[tokio::test]
async fn a_sign_in_lasts_as_long_as_the_desk_is_used_and_half_a_year_at_most() {
    let site = Site::open().await;
    site.app.clock.hold(BEGAN);
    let mira = site.colleague("mira", Role::Editor).await;
    // Within the hour nothing is written, and no cookie sent.
    for later in [0, HOUR - 1] {
        site.app.clock.hold(BEGAN + later);
        assert_eq!(lasts(&mira.get("/desk").await.is(200)), None);
    }
    let mut last = None;
    for day in (29..180).step_by(29) {
        site.app.clock.hold(BEGAN + day * DAY);
        // A page that visitors see sets no cookie, which a cache might hand to others, and takes none of the time.
        assert_eq!(lasts(&mira.get("/").await.is(200)), None);
        let answer = mira.get("/desk").await.is(200);
        assert_eq!(
            lasts(&answer),
            Some((30 * DAY).min((180 - day) * DAY)),
            "{day}"
        );
        let cookies = answer.cookies();
        assert!(
            cookies.contains(&mira.credential().unwrap().1),
            "the same one"
        );
        assert_eq!(
            lasts(&mira.get("/desk").await.is(200)),
            None,
            "once an hour"
        );
        last = Some(day);
    }
    assert_eq!(last, Some(174), "the premise: it was used all the time");
    site.app.clock.hold(BEGAN + 180 * DAY - 1);
    mira.get("/desk").await.is(200);
    site.app.clock.hold(BEGAN + 180 * DAY);
    mira.get("/desk").await.is(303);
    // What was typed until then is not lost.
    let form = [("title", "Een lange avond")];
    let door = mira.post("/desk/series?lang=nl", &form).await.is(401);
    assert!(
        door.shows("is bewaard")
            .page()
            .value("kept")
            .contains("lange")
    );
}

#[tokio::test]
async fn a_sign_in_that_is_not_used_ends_after_a_month_and_signing_out_sets_no_other_cookie() {
    let site = Site::open().await;
    site.app.clock.hold(BEGAN);
    let mira = site.colleague("mira", Role::Editor).await;
    site.app.clock.hold(BEGAN + 2 * HOUR);
    let out = mira.post("/desk/account/sign-out-everywhere", &[]).await;
    assert_eq!(lasts(&out.is(303)), Some(0));
    let mira = site.sign_in(&mira.email, PASSWORD).await.unwrap();
    site.app.clock.hold(BEGAN + 2 * HOUR + 30 * DAY);
    mira.get("/desk").await.is(303);
}

/// A script with a new key of this coordinator.
async fn script(desk: &Desk, client: &Client) -> Client {
    let made = desk.post("/desk/account/keys", &[("name", "script")]).await;
    let made = made.is(200).page().attribute("tk_").to_owned();
    let script = client.with_key(&made);
    script.get("/desk").await.is(200);
    script
}

/// Chooses a password with a welcome link.
async fn choose(client: &Client, link: &str, form: &[(&str, &str)]) -> Answer {
    let link = &link[link.find("/welcome/").unwrap()..];
    let page = client.get_dutch(link).await.is(200);
    assert!(page.text().contains("name=\"keep_keys\""), "it asks");
    let request = client.ask(Method::POST, &format!("{link}?lang=nl"));
    client.send(request.form(form)).await.is(303)
}

#[tokio::test]
async fn access_keys_end_with_the_password_unless_they_are_kept() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.get("/desk/account").await.hides("keep_keys");
    let change = "/desk/account/password?lang=nl";
    // At the desk: kept, and then ended.
    let key = script(&mira, &site).await;
    mira.get("/desk/account").await.shows("keep_keys");
    let form = [
        ("password", PASSWORD),
        ("new_password", OTHER),
        ("keep_keys", "yes"),
    ];
    mira.does(change, &form).await.hides("werken niet meer");
    key.get("/desk").await.is(200);
    let wrong = [("password", PASSWORD), ("new_password", PASSWORD)];
    mira.post(change, &wrong).await.is(422);
    key.get("/desk").await.is(200);
    let form = [("password", OTHER), ("new_password", PASSWORD)];
    mira.does(change, &form)
        .await
        .shows("toegangssleutels en feedadressen werken niet meer");
    key.get("/desk").await.is(401);
    mira.get("/desk").await.is(200);
    eva.get("/desk/audit?lang=nl").await.shows("script");
    // With a link of an administrator, and of the command line.
    let people = eva.get("/desk/people").await.is(200);
    let row = people.text();
    let row = &row[row.find("mira@example.org").unwrap()..];
    let reset = &row[row.find("/desk/people/").unwrap()..row.find("/link").unwrap() + 5];
    for (keep, status) in [(true, 200), (false, 401)] {
        for by_command in [true, false] {
            let mira = site.sign_in("mira@example.org", PASSWORD).await.unwrap();
            let key = script(&mira, &site).await;
            let link = match by_command {
                true => {
                    let reset = ["coordinator", "reset", "mira@example.org"];
                    let (_, said, _) = command(site.folder(), &reset, "");
                    assert!(said.contains("access keys end"), "{said}");
                    said.lines().last().unwrap().to_owned()
                }
                false => {
                    let made = eva.post(&format!("{reset}?lang=nl"), &[]).await.is(200);
                    made.shows("toegangssleutels")
                        .page()
                        .attribute("/welcome/")
                        .to_owned()
                }
            };
            // Asking for a link ends nothing yet: it may be for somebody else, or for nobody.
            key.get("/desk").await.is(200);
            let mut form = vec![("password", PASSWORD)];
            form.extend(keep.then_some(("keep_keys", "yes")));
            choose(&site, &link, &form).await;
            key.get("/desk").await.is(status);
        }
    }
    // And with the account, whatever was asked.
    let mira = site.sign_in("mira@example.org", PASSWORD).await.unwrap();
    let key = script(&mira, &site).await;
    let end = ["coordinator", "disable", "mira@example.org"];
    let (_, said, _) = command(site.folder(), &end, "");
    assert!(said.contains("keys have ended"), "{said}");
    key.get("/desk").await.is(401);
}

#[tokio::test]
async fn one_password_tried_at_many_names_waits_longer_each_time_and_shuts_no_colleague_out() {
    let site = Site::open_with(|config| config.trusted_proxies = vec!["127.0.0.1".into()]).await;
    site.colleague("mira", Role::Editor).await;
    let sign_in = |client: Client, from: &'static str, email: String, password: &'static str| async move {
        let request = client.ask(Method::POST, "/sign-in");
        let request = request.header("x-forwarded-for", from);
        let form = [("email", email.as_str()), ("password", password)];
        client.send(request.form(&form)).await
    };
    let (office, mira) = ("198.51.100.7", "mira@example.org");
    let client: Client = (*site).clone();
    site.app.clock.hold(BEGAN);
    let known = sign_in(client.clone(), office, mira.into(), PASSWORD)
        .await
        .is(303);
    let mark = known
        .cookies()
        .into_iter()
        .find(|it| it.contains("device="));
    let browser = client.with_cookie(mark.unwrap());
    let mut now = BEGAN;
    for (allowed, wait) in [(50, 900), (20, 1800), (20, 3600)] {
        site.app.clock.hold(now);
        for number in 0..allowed {
            let email = format!("naam{number}@example.org");
            sign_in(client.clone(), office, email, OTHER).await.is(401);
        }
        let slowed = sign_in(client.clone(), office, mira.into(), PASSWORD)
            .await
            .is(429);
        assert_eq!(
            slowed.header("retry-after"),
            Some(wait.to_string().as_str())
        );
        // In a browser in which she signed in before, and from elsewhere, she gets in.
        sign_in(browser.clone(), office, mira.into(), PASSWORD)
            .await
            .is(303);
        sign_in(client.clone(), "192.0.2.33", mira.into(), PASSWORD)
            .await
            .is(303);
        now += wait;
    }
}
