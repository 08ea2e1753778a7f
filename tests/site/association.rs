//! What the association says of itself: set at the desk, kept in `portal.toml`, in force at the next request.

use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use terugkijken::catalogue::coordinator::Role;
use terugkijken::scan::portal::Follower;

use crate::support::desk::{self, Desk};
use crate::support::people::PASSWORD;
use crate::support::program::{self, Program};
use crate::support::{Answer, Client, Site, says};

const PAGE: &str = "/desk/association";
const PUT_LOGO: &str = "/desk/association/logo";
const TAKE_LOGO: &str = "/desk/association/logo/remove";

/// An SVG that only draws.
const LOGO: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0h9v9z\"/></svg>";

/// An administrator at the desk.
async fn eva(site: &Site) -> Desk {
    site.colleague("eva", Role::Administrator).await
}

/// What conditional requests of these addresses got before, to be asked for again.
async fn etags(site: &Site, addresses: [&str; 5]) -> Vec<(String, String)> {
    let mut etags = Vec::new();
    for address in addresses {
        let answer = site.get(address).await.is(200);
        etags.push((
            address.to_owned(),
            answer.header("etag").unwrap().to_owned(),
        ));
    }
    etags
}

async fn again(site: &Client, (address, etag): &(String, String)) -> Answer {
    let request = site.ask(Method::GET, address).header(IF_NONE_MATCH, etag);
    site.send(request).await
}

/// The address of the style sheet or the logo that a page names.
fn asset(page: &Answer, name: &str) -> Option<String> {
    let text = page.text();
    let from = text.find(&format!("/assets/{name}."))?;
    Some(text[from..].split('"').next()?.to_owned())
}

#[tokio::test]
async fn what_the_association_says_of_itself_is_on_every_page_at_the_next_request() {
    let (site, id) = desk::site().await;
    let eva = eva(&site).await;
    let recording = format!("/watch/{id}");
    let page_of = format!("{}{recording}", site.app.config.base());
    let embed = format!("/oembed?url={page_of}");
    let etags = etags(&site, ["/", "/feed.xml", &embed, &recording, "/privacy"]).await;
    for etag in &etags {
        again(&site, etag).await.is(304);
    }
    let picture = format!("/posters/{id}.jpg?w=600");
    let picture_before = site.get(&picture).await.is(200);
    let home = site.get("/").await;
    let (style, none) = (asset(&home, "style").unwrap(), asset(&home, "logo"));
    assert_eq!(none, None);
    site.put(
        "portal.toml",
        "# Van het bestuur\nmotto = \"Kijk terug\" # blijft\n",
    );
    eva.fill(
        PAGE,
        &[
            ("name", "Jongerenwerk Oost"),
            ("contact", "hallo@oost.example"),
            ("accent", "#7A1F4B"),
            ("footer", "Vereniging Oost, Utrecht"),
        ],
    )
    .await
    .shows("Opgeslagen.")
    .shows("value=\"Jongerenwerk Oost\"");
    let logo = eva.put_file(PUT_LOGO, "ons.png", LOGO, ("x", ""));
    eva.follow(logo.await).await.shows("Het logo staat nu");
    assert_eq!(
        site.read("portal.toml"),
        "# Van het bestuur\nmotto = \"Kijk terug\" # blijft\nname = \"Jongerenwerk Oost\"\naccent = \"#7A1F4B\"\n\
         contact = \"hallo@oost.example\"\nfooter = \"Vereniging Oost, Utrecht\"\nlogo = \"portal.svg\"\n"
    );
    assert_eq!(site.read("portal.svg"), LOGO);

    for etag in &etags {
        again(&site, etag).await.is(200).shows("Jongerenwerk Oost");
    }
    let home = site.get("/").await.shows("Vereniging Oost, Utrecht");
    site.get("/privacy")
        .await
        .shows("mailto:hallo@oost.example");
    let new_style = asset(&home, "style").unwrap();
    assert_ne!(new_style, style, "a browser keeps it for a year");
    let sheet = site.get(&new_style).await.is(200);
    sheet
        .says("cache-control", "public, max-age=31536000, immutable")
        .shows("#7a1f4b");
    let kept = site.get(&style).await.is(200);
    kept.says("cache-control", "no-cache").shows("#7a1f4b");
    let logo = site.get(&asset(&home, "logo").unwrap()).await.is(200);
    let logo = logo
        .says("content-type", "image/svg+xml")
        .says("x-content-type-options", "nosniff")
        .says(
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        );
    assert_eq!(logo.text(), LOGO);
    // A recording without a picture has one in the colour of the association.
    let etag = picture_before.header("etag").unwrap().to_owned();
    let after = again(&site, &(picture, etag)).await.is(200);
    assert_ne!(after.body, picture_before.body);

    let report = site.scan().await;
    let told = crate::support::lines(&report);
    let of_portal: Vec<&String> = told
        .iter()
        .filter(|line| line.contains("portal."))
        .collect();
    assert_eq!(
        of_portal,
        ["please look: portal.toml: line 2: there is no key `motto`"]
    );

    let log = eva.get("/desk/audit?lang=nl").await;
    let log = log
        .shows("Gegevens van de vereniging")
        .shows("logo opgeslagen");
    log.shows("<bdi>Naam: Jongerenwerk Oost</bdi>")
        .hides("accent =");

    let site = site.restarted().await;
    let home = site.get("/").await.shows("Jongerenwerk Oost");
    assert!(asset(&home, "logo").is_some());

    // An emptied field means the default, and a logo of the desk is taken away with its file.
    let eva = site.sign_in(&eva.email, PASSWORD).await.unwrap();
    eva.fill(
        PAGE,
        &[
            ("name", ""),
            ("accent", ""),
            ("contact", ""),
            ("footer", ""),
        ],
    )
    .await;
    eva.does(TAKE_LOGO, &[]).await.shows("staat nu de naam");
    assert_eq!(
        site.read("portal.toml"),
        "# Van het bestuur\nmotto = \"Kijk terug\" # blijft\n"
    );
    assert!(!site.path("portal.svg").exists());
    let home = site.get("/").await.shows("Terugkijken").hides("Oost");
    assert_eq!(asset(&home, "style").unwrap(), style);
}

#[tokio::test]
async fn what_is_no_name_colour_address_or_picture_is_refused_with_what_was_typed() {
    let site = Site::open().await;
    let eva = eva(&site).await;
    let long = "x".repeat(81);
    for (field, typed, sentence) in [
        ("accent", "rood", "Dit is geen kleur."),
        ("accent", "#12345g", "Dit is geen kleur."),
        ("contact", "bel ons", "Dit is geen e-mailadres."),
        ("contact", "a@b.example?cc=c", "Dit is geen e-mailadres."),
        ("name", long.as_str(), "80"),
        ("name", "\u{200b}\u{2800}", "field-name"),
        ("footer", &"x".repeat(301), "300"),
    ] {
        let form = eva
            .form(PAGE)
            .await
            .with(&[("footer", "Utrecht"), (field, typed)]);
        let refused = form.send(&eva, None).await.is(422).shows(sentence);
        let refused = refused.page();
        assert_eq!(refused.value(field), typed);
        assert!(field == "footer" || refused.value("footer") == "Utrecht");
    }
    // There is no logo to take away, and nothing is written.
    eva.does(TAKE_LOGO, &[]).await;
    let html = "<html><body><script>alert(1)</script></body></html>";
    let script = LOGO.replace("<path", "<script>alert(1)</script><path");
    let mut broken_off = desk::picture(400);
    broken_off.truncate(80);
    for (name, bytes, sentence) in [
        ("logo.png", html.as_bytes().to_vec(), "geen plaatje"),
        ("logo.svg", html.as_bytes().to_vec(), "geen plaatje"),
        ("logo.png", broken_off, "geen plaatje"),
        ("logo.svg", script.into_bytes(), "meer dan een tekening"),
        ("logo.png", vec![0; 2 * 1024 * 1024 + 1], "te groot"),
        ("logo.png", desk::picture(3001), "te groot"),
        ("logo.png", Vec::new(), "Kies eerst een bestand"),
    ] {
        let sent = eva.put_file(PUT_LOGO, name, bytes, ("x", ""));
        sent.await.is(422).shows(sentence).shows("field-error");
    }
    assert!(!site.path("portal.toml").exists() && !site.path("portal.png").exists());

    // A picture that stands there already keeps its name, and one of a person stays when another takes its place.
    site.put("portal.png", desk::picture(10));
    site.put("ons.png", desk::picture(20));
    site.put("portal.toml", "logo = \"ons.png\"\n");
    site.scan().await;
    assert!(
        asset(&site.get("/").await, "logo")
            .unwrap()
            .ends_with(".png")
    );
    let sent = eva.put_file(PUT_LOGO, "x", desk::picture(40), ("x", ""));
    eva.follow(sent.await).await;
    assert_eq!(site.read("portal.toml"), "logo = \"portal-2.png\"\n");
    assert!(site.path("ons.png").exists());

    let bo = site.colleague("bo", Role::Editor).await;
    for path in [PAGE, "/desk/people"] {
        bo.get(path).await.is(403);
    }
    bo.get("/desk").await.is(200).hides(PAGE);
    bo.post(PAGE, &[("base", ""), ("name", "Bo")]).await.is(403);
    bo.post(TAKE_LOGO, &[]).await.is(403);
    assert!(site.path("portal-2.png").exists());
}

#[tokio::test]
async fn an_edit_by_hand_counts_after_a_scan_and_one_that_cannot_be_read_changes_nothing() {
    let site = Site::open().await;
    let eva = eva(&site).await;
    site.put("portal.toml", "name = \"Met de hand\"\n");
    site.get("/").await.hides("Met de hand");
    site.scan().await;
    site.get("/").await.shows("Met de hand");
    // A server looks every few seconds, whether or not it scans; also at the file of the logo, which may come later.
    let mut follower = Follower::default();
    site.put("portal.toml", "name = \"Gevolgd\"\nlogo = \"x.svg\"\n");
    follower.look(&site.app).await.unwrap();
    assert_eq!(asset(&site.get("/").await.shows("Gevolgd"), "logo"), None);
    eva.get("/desk/problems")
        .await
        .shows("the logo x.svg does not stand");
    follower.look(&site.app).await.unwrap();
    site.put("x.svg", LOGO);
    follower.look(&site.app).await.unwrap();
    assert!(asset(&site.get("/").await, "logo").is_some());
    eva.get("/desk/problems").await.hides("portal.toml");
    site.put("portal.toml", "name = \"Met de hand\"\n");
    follower.look(&site.app).await.unwrap();

    // Two people at once: who saves second is shown what the first one changed.
    let (first, second) = (eva.form(PAGE).await, eva.form(PAGE).await);
    eva.follow(first.with(&[("name", "Oost")]).send(&eva, None).await)
        .await;
    let told = second
        .with(&[("name", "West"), ("footer", "Utrecht")])
        .send(&eva, None)
        .await;
    let told = told.is(409).shows("Oost");
    assert_eq!(site.read("portal.toml"), "name = \"Oost\"\n");
    eva.follow(told.page().form_to(PAGE).send(&eva, None).await)
        .await;
    assert_eq!(
        site.read("portal.toml"),
        "name = \"West\"\nfooter = \"Utrecht\"\n"
    );
    // Fields that another one changed are no conflict when they were not the same.
    let open = eva.form(PAGE).await;
    site.put(
        "portal.toml",
        "# Nieuw\nname = \"West\"\nfooter = \"Utrecht\"\n",
    );
    eva.follow(open.with(&[("name", "Zuid")]).send(&eva, None).await)
        .await;
    assert_eq!(
        site.read("portal.toml"),
        "# Nieuw\nname = \"Zuid\"\nfooter = \"Utrecht\"\n"
    );

    for (broken, line, why) in [
        ("name = \"Noord\"\nfooter = ", "line 2", "not TOML"),
        (
            "name = \"Noord\"\n\naccent = \"rood\"\n",
            "line 3",
            "`accent` must be a colour",
        ),
        (
            "name = \"Noord\"\nlogo = \"../../x.svg\"\n",
            "line 2",
            "`logo` must be",
        ),
        (
            "contact = 12\nname = \"Noord\"\n",
            "line 1",
            "`contact` must be text",
        ),
    ] {
        site.put("portal.toml", broken);
        says(&site.scan().await, &["please look: portal.toml", line, why]);
        site.get("/")
            .await
            .shows("Zuid")
            .shows("Utrecht")
            .hides("Noord");
        eva.get("/desk/problems")
            .await
            .shows("portal.toml")
            .shows(line);
        let page = eva
            .get(PAGE)
            .await
            .is(200)
            .shows(line)
            .shows("value=\"Zuid\"");
        let sent = page.page().form_to(PAGE).with(&[("name", "Oost")]);
        sent.send(&eva, None).await.is(422).shows("value=\"Oost\"");
        assert_eq!(site.read("portal.toml"), broken);
    }
    // A start does not refuse, and begins with the defaults.
    let site = site.restarted().await;
    site.get("/").await.shows("Terugkijken").hides("Zuid");
    for (text, problem) in [
        (
            "name = \"Noord\"\nlogo = \"weg.svg\"\n",
            Some("the logo weg.svg does not stand in the media folder"),
        ),
        (
            "name = \"Noord\"\nlogo = \"web.svg\"\n",
            Some("the logo web.svg is not an SVG"),
        ),
        ("name = \"Noord\"\n", None),
    ] {
        site.put("web.svg", "<html></html>");
        site.put("portal.toml", text);
        let report = site.scan().await;
        let page = site.sign_in(&eva.email, PASSWORD).await.unwrap();
        let page = page.get("/desk/problems").await;
        match problem {
            Some(problem) => {
                says(&report, &[problem]);
                page.shows(problem);
            }
            None => drop(page.hides("portal.toml")),
        }
        site.get("/").await.shows("Noord");
    }
    site.remove("portal.toml");
    site.scan().await;
    site.get("/").await.hides("Noord");
    // Within a series the name means nothing more than before.
    site.put("reeks/portal.toml", "name = \"Reeks\"\n");
    site.scan().await;
    site.get("/").await.hides("<title>Reeks");
}

#[tokio::test]
async fn what_the_settings_say_is_shown_as_fixed_and_cannot_be_sent() {
    let site = Site::open_with(|config| {
        config.name = Some("Uit de instellingen".to_owned());
        config.accent = Some("#123456".to_owned());
    })
    .await;
    let eva = eva(&site).await;
    let page = eva
        .get(&format!("{PAGE}?lang=nl"))
        .await
        .shows("Uit de instellingen")
        .shows("#123456");
    let page = page
        .shows("staat vast bij name in het instellingenbestand")
        .shows("bij accent");
    let page = page
        .hides("name=\"name\"")
        .hides("name=\"accent\"")
        .shows("name=\"footer\"");
    let base = page.page().value("base");
    let form = [
        ("base", base.as_str()),
        ("name", "Anders"),
        ("accent", "#654321"),
        ("footer", "Utrecht"),
    ];
    eva.does(PAGE, &form).await;
    assert_eq!(site.read("portal.toml"), "footer = \"Utrecht\"\n");
    site.get("/")
        .await
        .shows("Uit de instellingen")
        .shows("Utrecht")
        .hides("Anders");
    site.put("portal.toml", "name = \"Van hand\"\n");
    site.scan().await;
    site.get("/")
        .await
        .shows("Uit de instellingen")
        .hides("Van hand");
}

#[tokio::test]
async fn the_program_says_which_variable_fixes_a_name_and_which_file_a_logo() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir(path.join("media")).unwrap();
    std::fs::write(path.join("media/beeld.svg"), LOGO).unwrap();
    std::fs::write(
        path.join("media/portal.toml"),
        "name = \"Bestand\"\ncontact = \"bel ons\"\n",
    )
    .unwrap();
    std::fs::write(
        path.join("terugkijken.toml"),
        "logo = \"media/beeld.svg\"\n",
    )
    .unwrap();
    let (_, printed, _) = program::command(path, &["scan"], "");
    assert!(
        printed.contains("line 2, column 1: `contact` must be a mail address."),
        "{printed}"
    );
    assert!(!printed.contains("beeld.svg"), "{printed}");
    let (_, printed, _) = program::command(path, &["check"], "");
    assert!(printed.contains("portal.toml: line 2"), "{printed}");
    let add = [
        "coordinator",
        "add",
        "eva@example.org",
        "--name",
        "Eva",
        "--role",
        "administrator",
        "--password-stdin",
    ];
    assert!(program::command(path, &add, PASSWORD).0);
    let command = ["env", "TERUGKIJKEN_NAME=Variabele", program::PROGRAM];
    let program = Program::start_as(path, &command).await;
    let home = program
        .client
        .get("/")
        .await
        .shows("Variabele")
        .hides("Bestand");
    assert!(asset(&home, "logo").is_some());
    let eva = program
        .client
        .sign_in("eva@example.org", PASSWORD)
        .await
        .unwrap();
    let page = eva.get(&format!("{PAGE}?lang=nl")).await.is(200);
    let page = page
        .shows("staat vast in de variabele TERUGKIJKEN_NAME")
        .shows("media/beeld.svg");
    page.shows("vast bij logo in het instellingenbestand")
        .hides("name=\"file\"");
    // Also what is sent without the form: a picture is refused where the logo is fixed.
    let sent = eva.put_file(PUT_LOGO, "x.svg", LOGO, ("x", ""));
    sent.await.is(422).shows("terugkijken.toml");
    eva.post(TAKE_LOGO, &[]).await.is(422);
    assert!(!path.join("media/portal.svg").exists() && path.join("media/beeld.svg").exists());
    program.kill();
}
