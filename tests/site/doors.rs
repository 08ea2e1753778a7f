//! The doors of the desk behind what stands before the portal: a proxy that changes `Host`, an address bar without TLS, a browser that
//! keeps no cookie. Who belongs there gets in, or is told why not.

use reqwest::{Method, RequestBuilder};
use terugkijken::catalogue::coordinator::Role;

use crate::support::nginx::{self, Nginx};
use crate::support::people::PASSWORD;
use crate::support::tus::metadata;
use crate::support::{Answer, Client, Site};

/// A portal with an address that people use.
async fn at(base: &str) -> Site {
    Site::open_with(|config| config.base_url = Some(base.to_owned())).await
}

/// As a browser sends a form from the page at this origin, without `Sec-Fetch-Site`: over plain HTTP, and older ones always.
fn from_page(request: RequestBuilder, host: &str, origin: &str) -> RequestBuilder {
    request.header("host", host).header("origin", origin)
}

const MIRA: [(&str, &str); 2] = [("email", "mira@example.org"), ("password", PASSWORD)];

/// Signs in, sends every kind of form, uploads and signs out, from the page at this origin, to a proxy at this address.
async fn works_all_day(client: &Client, host: &str, origin: &str) {
    let send = |client: &Client, path: &str, form: &[(&str, &str)]| {
        let request = client.ask(Method::POST, path).form(form);
        let (client, request) = (client.clone(), from_page(request, host, origin));
        async move { client.send(request).await }
    };
    let inside = send(client, "/sign-in?lang=nl", &MIRA).await.is(303);
    let mira = client.with_cookie(inside.cookie().unwrap());
    let title = format!("Reeks van {host}");
    let made = send(&mira, "/desk/series", &[("title", &title)])
        .await
        .is(303);
    assert!(made.location().starts_with("/desk/series/"));
    let locked = format!("{}/password", made.location().split('?').next().unwrap());
    send(&mira, &locked, &[("password", "acht tekens")])
        .await
        .is(303);
    // A visitor's form, of a series that there is and of one that there is not.
    let unlock = "/series/reeks-van-niemand/unlock";
    send(client, unlock, &[("password", "x")]).await.is(401);
    let tus = mira
        .tus(Method::POST, "/uploads")
        .header("upload-length", 10)
        .header("upload-metadata", metadata(&[("filename", "a.mp4")]));
    mira.send(from_page(tus, host, origin)).await.is(201);
    let key = [("name", "proef")];
    send(&mira, "/desk/account/keys", &key).await.is(200);
    send(&mira, "/sign-out", &[]).await.is(303);
    mira.send(mira.ask(Method::GET, "/desk").header("host", host))
        .await
        .is(303);
}

#[tokio::test]
async fn a_form_is_ours_by_the_address_of_the_settings_whatever_nginx_makes_of_the_host() {
    for host_line in [
        None,
        Some("proxy_set_header Host $host;"),
        Some(""),
        Some("proxy_set_header Host upstream;"),
    ] {
        let address = nginx::free_address();
        let (_, port) = address.rsplit_once(':').unwrap();
        let host = format!("portal.test:{port}");
        let site = at(&format!("http://{host}")).await;
        site.colleague("mira", Role::Administrator).await;
        let readme = nginx::lines_of_readme(site.host());
        let written = "proxy_set_header Host $http_host;";
        assert!(readme.contains(written), "the premise: {readme}");
        let lines = host_line.map_or(readme.clone(), |line| readme.replace(written, line));
        let proxy = Nginx::start(&address, "", &lines).await;
        let client = site.at(proxy.address());
        let origin = format!("http://{host}");
        works_all_day(&client, &host, &origin).await;
        for other in [
            "null".to_owned(),
            "http://portal.test".to_owned(),
            format!("https://{host}"),
            "https://portal.test".to_owned(),
            format!("http://portal.test:{port}0"),
            format!("http://{host}.evil.example"),
            format!("http://evil.example?{origin}"),
        ] {
            let request = client.ask(Method::POST, "/sign-in?lang=nl").form(&MIRA);
            client
                .send(from_page(request, &host, &other))
                .await
                .is(403)
                .shows(&format!("dan {origin}"));
        }
    }
}

#[tokio::test]
async fn an_older_browser_that_names_its_page_only_is_told_from_another_site() {
    let site = at("http://portal.test:8302").await;
    site.colleague("mira", Role::Editor).await;
    for (page, status) in [
        ("http://portal.test:8302/sign-in?to=%2Fdesk", 303),
        ("http://evil.example/http://portal.test:8302/", 403),
        ("http://portal.test:8303/sign-in", 403),
    ] {
        let request = site.ask(Method::POST, "/sign-in").form(&MIRA);
        let request = request.header("host", "portal.test");
        site.send(request.header("referer", page)).await.is(status);
    }
}

#[tokio::test]
async fn every_group_of_routes_refuses_a_form_from_elsewhere_in_its_own_words() {
    let site = at("http://portal.test:8302").await;
    let mira = site.colleague("mira", Role::Administrator).await;
    for (path, kind) in [
        ("/sign-in", "text/html"),
        ("/sign-out", "text/html"),
        ("/welcome/abc", "text/html"),
        ("/series/reeks/unlock", "text/html"),
        ("/l/abc", "text/html"),
        ("/desk/series", "text/html"),
        ("/desk/account/password", "text/html"),
        ("/uploads", "text/plain"),
    ] {
        let request = mira.ask(Method::POST, path).form(&MIRA);
        let request = from_page(request, "portal.test:8302", "http://portal.test");
        let answer = mira.send(request).await.is(403);
        let said = answer.header("content-type").unwrap();
        assert!(said.starts_with(kind), "{path}: {said}");
        answer.shows("http://portal.test:8302");
    }
    mira.get("/desk").await.is(200);
}

/// The page of somebody who has only `host` in the address bar.
async fn open_at(client: &Client, host: &str, path: &str) -> Answer {
    let request = client.ask(Method::GET, path).header("host", host);
    client.send(request.header("accept-language", "nl")).await
}

const SAFE: &str = "https://portal.example";
const IN_THE_CLEAR: &str = "Inloggen kan alleen op https://portal.example";

#[tokio::test]
async fn without_tls_one_is_told_where_to_sign_in_before_a_password_is_asked_for() {
    let site = at(SAFE).await;
    let mira = site.colleague("mira", Role::Administrator).await;
    for host in ["192.168.1.5:8080", "portal.example:8080", "portal"] {
        let page = open_at(&site, host, "/sign-in?to=%2Fdesk%2Faccount").await;
        let page = page.is(200).shows(IN_THE_CLEAR).hides("type=\"password\"");
        page.shows("href=\"https://portal.example/sign-in?to=%2Fdesk%2Faccount&amp;tls=yes\"");
    }
    // The link leads to the form, whatever the proxy there says.
    open_at(&site, "127.0.0.1:8080", "/sign-in?to=%2Fdesk&tls=yes")
        .await
        .shows("type=\"password\"")
        .hides(IN_THE_CLEAR);
    // Whoever sent the form all the same is not let in to stand there again.
    let request = site.ask(Method::POST, "/sign-in?lang=nl").form(&MIRA);
    let refused = site
        .send(from_page(
            request,
            "192.168.1.5:8080",
            "http://192.168.1.5:8080",
        ))
        .await
        .is(403)
        .shows(IN_THE_CLEAR);
    assert_eq!(refused.cookies(), Vec::<String>::new());
    // Nor is a welcome link used up where nobody stays signed in.
    let form = [
        ("name", "Bo"),
        ("email", "bo@example.org"),
        ("role", "editor"),
    ];
    let made = mira.post("/desk/people", &form).await.is(200);
    let link = made.page().attribute("/welcome/").to_owned();
    let link = link.strip_prefix(SAFE).unwrap();
    open_at(&site, "192.168.1.5:8080", link)
        .await
        .is(200)
        .shows(IN_THE_CLEAR)
        .hides("type=\"password\"")
        .shows(&format!("href=\"{SAFE}{link}?tls=yes\""));
    let request = site.ask(Method::POST, link).form(&[("password", PASSWORD)]);
    site.send(from_page(
        request,
        "192.168.1.5:8080",
        "http://192.168.1.5:8080",
    ))
    .await
    .is(403);
    site.post(link, &[("password", PASSWORD)]).await.is(303);
}

#[tokio::test]
async fn behind_a_proxy_that_took_tls_off_one_signs_in() {
    let site = at(SAFE).await;
    site.colleague("mira", Role::Editor).await;
    let readme = nginx::lines_of_readme(site.host());
    let tells = "proxy_set_header X-Forwarded-Proto $scheme;";
    assert!(readme.contains(tells), "the premise: {readme}");
    // As nginx with a certificate sends it; a story has none.
    let with_tls = readme.replace(tells, "proxy_set_header X-Forwarded-Proto https;");
    let before = readme.replace(tells, "");
    let no_host = before.replace("proxy_set_header Host $http_host;", "");
    for lines in [with_tls, before, no_host] {
        let proxy = Nginx::start(&nginx::free_address(), "", &lines).await;
        let client = site.at(proxy.address());
        let page = open_at(&client, "portal.example", "/sign-in").await.is(200);
        page.shows("type=\"password\"").hides(IN_THE_CLEAR);
        let request = client.ask(Method::POST, "/sign-in").form(&MIRA);
        let request = from_page(request, "portal.example", SAFE);
        let cookies = client.send(request).await.is(303).cookies();
        assert!(cookies[0].starts_with("__Host-terugkijken="), "{cookies:?}");
    }
}

#[tokio::test]
async fn a_proxy_of_the_settings_is_believed_that_there_was_no_tls() {
    let site = Site::open_with(|config| {
        config.base_url = Some(SAFE.into());
        config.trusted_proxies = vec!["127.0.0.1".into()];
    })
    .await;
    let lines = nginx::lines_of_readme(site.host());
    let proxy = Nginx::start(&nginx::free_address(), "", &lines).await;
    let client = site.at(proxy.address());
    open_at(&client, "portal.example", "/sign-in")
        .await
        .shows(IN_THE_CLEAR)
        .hides("type=\"password\"");
    // A modern browser tells that it has TLS, when another proxy before this one took it off.
    let request = client.ask(Method::GET, "/sign-in");
    let request = request.header("host", "portal.example");
    client
        .send(request.header("sec-fetch-site", "none"))
        .await
        .shows("type=\"password\"");
}

#[tokio::test]
async fn a_series_opens_with_its_password_without_tls_because_no_cookie_is_needed() {
    let site = at(SAFE).await;
    let mira = site.colleague("mira", Role::Editor).await;
    mira.does("/desk/series", &[("title", "Besloten")]).await;
    let series = mira.series("Besloten").await;
    let lock = format!("/desk/series/{series}/password");
    mira.does(&lock, &[("password", "acht tekens")]).await;
    let request = site.ask(Method::POST, "/series/besloten/unlock");
    let request = request.form(&[("password", "acht tekens")]);
    let opened = site
        .send(from_page(
            request,
            "192.168.1.5:8080",
            "http://192.168.1.5:8080",
        ))
        .await
        .is(303);
    assert!(opened.location().starts_with("/series/besloten?link="));
    assert_eq!(opened.cookies(), Vec::<String>::new());
}

const NO_COOKIE: &str = "je browser heeft niet bewaard";

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_is_told_so() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let form = [
        ("email", "eva@example.org"),
        ("password", PASSWORD),
        ("to", "/desk/account"),
    ];
    let inside = site.post("/sign-in?lang=nl", &form).await.is(303);
    // Without the cookie.
    let told = site.get(inside.location()).await.is(200).shows(NO_COOKIE);
    assert_eq!(told.page().value("to"), "/desk/account");
    // With it one comes where one wanted to be.
    let browser = site.with_cookie(inside.cookie().unwrap());
    let on = browser.get(inside.location()).await.is(303);
    assert_eq!(on.location(), "/desk/account?lang=nl");
    // A browser that is known to keep cookies goes there at once.
    let again = browser.post("/sign-in?lang=nl", &form).await.is(303);
    assert_eq!(again.location(), "/desk/account?lang=nl");
    site.get("/sign-in?lang=nl").await.is(200).hides(NO_COOKIE);
    // A sign-in that ended is no cookie that was not kept.
    eva.does("/desk/account/sign-out-everywhere", &[]).await;
    site.with_cookie(again.cookie().unwrap())
        .get(inside.location())
        .await
        .is(200)
        .hides(NO_COOKIE);
}

#[tokio::test]
async fn a_kept_form_and_a_welcome_say_it_too_when_the_cookie_is_not_kept() {
    let site = Site::open().await;
    let eva = site.colleague("eva", Role::Administrator).await;
    let form = [
        ("name", "Bo"),
        ("email", "bo@example.org"),
        ("role", "editor"),
    ];
    let door = site.post("/desk/people?lang=nl", &form).await.is(401);
    let kept = door.hides(NO_COOKIE).page().value("kept");
    let right = [
        ("email", eva.email.as_str()),
        ("password", PASSWORD),
        ("to", "/desk/people?lang=nl"),
        ("kept", &kept),
    ];
    let again = site.post("/sign-in?lang=nl", &right).await.is(200);
    let resent = again.page().form_to("/desk/people?lang=nl");
    let again = resent.send(&site, None).await.is(401).shows(NO_COOKIE);
    assert!(again.page().value("kept").contains("bo%40example.org"));
    let made = eva.post("/desk/people?lang=nl", &form).await.is(200);
    let link = made.page().attribute("/welcome/").to_owned();
    let link = &link[link.find("/welcome/").unwrap()..];
    let chosen = format!("{link}?lang=nl");
    let inside = site.post(&chosen, &[("password", PASSWORD)]).await.is(303);
    site.get(inside.location()).await.is(200).shows(NO_COOKIE);
}
