//! What becomes of mistakes in the captions at the desk: each lies beside its line, to accept or to leave.

use reqwest::Method;
use terugkijken::catalogue::coordinator::Role;

use crate::caption_mistakes::{
    FILE, ID, SAID, captions_page, line, press, report, site, site_with,
};

#[tokio::test]
async fn a_mistake_goes_from_its_line_to_the_desk_and_into_the_captions() {
    let site = site().await;
    let mira = site.colleague("mira", Role::Administrator).await;
    let page = site.get_dutch(&format!("/watch/{ID}?t=2")).await.page();
    let to = page.link_of("Fout in de ondertiteling? Meld hem").unwrap();
    assert_eq!(
        to,
        format!("/message?about={ID}&kind=captions&language=nl&t=2")
    );
    // Two lines begin in that second: the last of them, and the one before is a step away.
    let page = site.get_dutch(&to).await.is(200).shows("Tom &amp; Jery");
    assert_eq!(page.cookies(), Vec::<String>::new());
    let before = page.page().link_of("Vorige regel").unwrap();
    assert_eq!(before, line(2000));
    let page = site.get_dutch(&before).await.is(200);
    let page = page
        .shows("Dit staat er nu, op 0:02")
        .shows("We hebben het over de riscos\nvan het internet.")
        .hides("Anna")
        .hides("name=\"reply_to\"")
        .shows("180 dagen");
    let form = page.page().form_to(&before);
    let sent = form
        .with(&[(
            "text",
            "We hebben het over de risico's\r\n\r\n  van het internet. ",
        )])
        .send(&site, None)
        .await
        .is(303);
    assert_eq!(sent.cookies(), Vec::<String>::new());
    let page = site.get_dutch(sent.location()).await.is(200);
    let page = page
        .shows("Je bericht is verstuurd")
        .shows("dan passen ze de regel aan")
        .hides("Sta je in beeld");
    let back = page.page().link_of("Terug naar de opname");
    assert_eq!(back.unwrap(), format!("/watch/{ID}?t=2"));

    let list = mira.get("/desk/messages?lang=nl").await.is(200);
    let list = list
        .shows("Er staat een fout in de ondertiteling")
        .shows("We hebben het over de riscos")
        .shows("We hebben het over de risico's")
        .hides("Wil geen antwoord");
    let list = list.page();
    let to = list.link_of("Bekijk het voorstel bij de regel").unwrap();
    assert!(
        to.contains(&format!("/desk/recordings/{ID}/captions/nl")) && to.contains("#correction-1"),
        "{to}"
    );
    let files = format!("/desk/recordings/{ID}/files?lang=nl");
    mira.get(&files).await.shows("1 voorstel van een bezoeker");
    let page = mira.get(&captions_page()).await.is(200);
    let page = page
        .shows("id=\"correction-1\"")
        .shows("href=\"#cue-2\"")
        .shows("href=\"#correction-1\"")
        .shows("Overnemen")
        .hides("Toch overnemen")
        .page();
    let done = mira.follow(press(&mira, &page, "accept").await).await;
    done.shows("De verbetering is overgenomen.");

    let kept = site.read(FILE);
    let expected = SAID.replace("riscos</i>", "risico's</i>");
    assert_eq!(kept, expected, "voice, settings and the other lines stay");
    for address in [format!("/captions/{ID}/nl.vtt"), format!("/watch/{ID}")] {
        let page = site.get_dutch(&address).await.is(200).text();
        assert!(
            page.contains("risico") && !page.contains("riscos"),
            "{address}"
        );
    }
    let found = site.get_dutch("/search?q=risico%27s").await.is(200);
    found.shows(&format!("/watch/{ID}"));
    mira.get("/desk/messages?lang=nl")
        .await
        .shows("Nog af te handelen (0)");
    let handled = mira.get("/desk/messages?which=handled&lang=nl").await;
    handled
        .shows("Afgehandeld door mira")
        .hides("Bekijk het voorstel");
    let audit = mira.get("/desk/audit?lang=nl").await.is(200);
    audit
        .shows("01-begin.nl.vtt")
        .shows("berichten afgehandeld")
        .hides("risico");
    assert!(site.scan().await.findings.is_empty());
}

#[tokio::test]
async fn a_line_stays_as_it_is_when_the_desk_says_so_and_is_not_replaced_in_silence() {
    let site = site().await;
    let (mira, bo) = (
        site.colleague("mira", Role::Editor).await,
        site.colleague("bo", Role::Editor).await,
    );
    for (start, text) in [(0, "Welkom!"), (2500, "Tom & Jerry"), (65_000, "Tot gauw.")] {
        report(&site, start, text).await.is(303);
    }
    let page = mira.get(&captions_page()).await.is(200).page();
    mira.follow(press(&mira, &page, "leave").await)
        .await
        .shows("De regel blijft zoals hij is.")
        .hides("id=\"correction-1\"")
        .shows("id=\"correction-2\"");
    assert_eq!(site.read(FILE), SAID);
    press(&mira, &page, "accept").await.is(303);
    assert_eq!(site.read(FILE), SAID, "it was handled already");
    // Bo edits the line while Mira looks at the page.
    let page = mira.get(&captions_page()).await.page();
    let edited = SAID.replace("Tom &amp; Jery", "Tom en Jerry");
    let form = bo.form(&captions_page()).await;
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for field in &form.fields {
        let value = match field.value.as_str() {
            "Tom &amp; Jery" => "Tom en Jerry",
            value => value,
        };
        fields.push((&field.name, value));
    }
    bo.does(&captions_page(), &fields).await;
    assert_eq!(site.read(FILE), edited);
    let refused = mira.follow(press(&mira, &page, "accept").await).await;
    let refused = refused
        .shows("Er is nog niets overgenomen.")
        .shows("Deze regel is veranderd nadat de bezoeker hem las.")
        .shows("Tom en Jerry")
        .shows("Tom &amp; Jery")
        .shows("Toch overnemen");
    assert_eq!(site.read(FILE), edited);
    press(&mira, &refused.page(), "accept").await.is(303);
    let accepted = edited.replace("Tom en Jerry", "Tom &amp; Jerry");
    assert_eq!(site.read(FILE), accepted, "with its settings");
    // A line that is gone can only be left; one of which only the times changed is still that line.
    report(&site, 0, "Weg ermee").await.is(303);
    let moved = accepted
        .replace(
            "00:00:00.000 --> 00:00:02.000\nWelkom bij deze training.\n\n",
            "",
        )
        .replace(
            "00:01:05.000 --> 00:01:07.000",
            "00:01:06.000 --> 00:01:08.000",
        );
    site.put(FILE, &moved);
    site.scan().await;
    let page = mira.get(&captions_page()).await.is(200);
    let page = page
        .shows("Deze regel is er niet meer")
        .shows("Bekijk vanaf 1:06")
        .page();
    mira.follow(press(&mira, &page, "accept").await)
        .await
        .shows("Er is nog niets overgenomen.");
    press(&mira, &page, "leave").await.is(303);
    let page = mira.get(&captions_page()).await.page();
    press(&mira, &page, "accept").await.is(303);
    assert_eq!(
        site.read(FILE),
        moved.replace("Tot de volgende keer", "Tot gauw")
    );
    // Only who works here, and only from a page of ours.
    report(&site, 2500, "Tom & Jerry.").await.is(303);
    let act = format!("/desk/recordings/{ID}/corrections/5");
    for act in [act.as_str(), "/desk/recordings/zzzzzzzzzz/corrections/5"] {
        site.post(act, &[("act", "leave")]).await.is(401);
    }
    let request = mira.ask(Method::POST, &act).form(&[("act", "leave")]);
    mira.send(request.header("sec-fetch-site", "cross-site"))
        .await
        .is(403);
    for odd in ["x", "999", "0"] {
        let odd = format!("/desk/recordings/{ID}/corrections/{odd}");
        let answer = mira.post(&odd, &[("act", "leave")]).await;
        assert!([303, 404].contains(&answer.status), "{odd}");
    }
    mira.post(&act, &[("act", "wipe")]).await.is(404);
    mira.get(&captions_page())
        .await
        .shows("id=\"correction-5\"");
}

#[tokio::test]
async fn what_a_stranger_writes_is_plain_text_in_every_place() {
    let site = site().await;
    let mira = site.colleague("mira", Role::Editor).await;
    let hostile = [
        ("a --> b", "a → b"),
        (
            "<script>alert(1)</script>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
        ("<b>vet</b> <v Eva>", "&lt;b&gt;vet&lt;/b&gt; &lt;v Eva&gt;"),
        (
            "Een\n\n\n00:00.000 --> 00:09.000\nTwee",
            "Een\n00:00.000 → 00:09.000\nTwee",
        ),
        (
            "&lt;i&gt; &amp; {\\an8}",
            "&amp;lt;i&amp;gt; &amp;amp; {\\an8}",
        ),
        (
            "WEBVTT\nNOTE\nSTYLE\n::cue{}",
            "WEBVTT\nNOTE\nSTYLE\n::cue{}",
        ),
    ];
    for (typed, written) in hostile {
        report(&site, 0, typed).await.is(303);
        for page in ["/desk/messages?lang=nl".to_owned(), captions_page()] {
            let page = mira.get(&page).await.is(200).hides("<script>alert");
            page.hides("<v Eva>").hides("<b>vet");
        }
        let page = mira.get(&captions_page()).await.page();
        press(&mira, &page, "accept").await.is(303);
        let expected = SAID.replace("Welkom bij deze training.", written);
        assert_eq!(site.read(FILE), expected, "{typed:?}");
        assert!(site.scan().await.findings.is_empty());
        site.get_dutch(&format!("/watch/{ID}"))
            .await
            .hides("<script>alert");
        let served = site.get(&format!("/captions/{ID}/nl.vtt")).await.text();
        assert_eq!(served.matches(" --> ").count(), 4, "{served}");
    }
}

#[tokio::test]
async fn an_old_name_of_a_recording_leads_to_its_lines() {
    let former = "id = \"c00000000n\"\nformer_ids = [\"q3a1gc8bxx\"]\n";
    let site = site_with(former).await;
    let moved = site.get(&format!("/watch/{ID}")).await;
    assert_eq!(moved.status, 308, "the premise: {}", moved.status);
    report(&site, 0, "Welkom bij onze training.").await.is(303);
    let mira = site.colleague("mira", Role::Editor).await;
    let page = mira
        .get("/desk/recordings/c00000000n/captions/nl?lang=nl")
        .await
        .is(200);
    press(&mira, &page.page(), "accept").await.is(303);
    assert!(site.read(FILE).contains("Welkom bij onze training."));
}
