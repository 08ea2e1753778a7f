//! Whatever would run in a browser, put into every field a coordinator can fill: on every page it is only ever text.

use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use terugkijken::catalogue::welcome;

use crate::hostile_cases::{
    ADDRESSES, ASKED, FIELDS, HANDLERS, MORE, NARROW, PARSERS, SCRIPTS, SHOWN,
};
use crate::hostile_desk::{HARMLESS, LINKS, Rounds, pattern};
use crate::support::markup::Page;
use crate::support::{Answer, Site};

#[tokio::test]
async fn a_script_that_is_typed_anywhere_is_only_ever_text() {
    everywhere(SCRIPTS).await;
}

#[tokio::test]
async fn an_element_that_runs_when_it_is_touched_is_only_ever_text() {
    everywhere(HANDLERS).await;
}

#[tokio::test]
async fn an_address_that_runs_leads_nowhere() {
    everywhere(ADDRESSES).await;
}

#[tokio::test]
async fn what_a_parser_would_mend_into_a_script_is_only_ever_text() {
    everywhere(PARSERS).await;
}

#[tokio::test]
async fn a_description_and_captions_run_nothing_whatever_form_they_have() {
    let site = Site::open().await;
    let mut desk = Rounds::open(&site).await;
    let film = desk.film.clone();
    let pages = [
        "/captions/{}/nl.vtt",
        "/watch/{}",
        "/desk/recordings/{}/captions/nl",
    ];
    let pages = pages.map(|page| page.replace("{}", &film));
    let mut said = "WEBVTT\n".to_owned();
    for (count, text) in [&[HARMLESS], MORE].concat().into_iter().enumerate() {
        desk.begin(text);
        let mut form = desk.form("/desk/recordings/{}").await;
        let described = desk.typed("/desk/recordings/{} description");
        form.set("description", &described);
        form.set("preview", "yes");
        let answer = form.send(&desk.eva, None).await.is(200);
        let page = desk.look(&answer).unwrap();
        let word = desk.word("/desk/recordings/{} description");
        // What is HTML is left out of what is drawn; the rest is there.
        let is_drawn = page.of_class("preview").contains(&word)
            || text.trim_start_matches('\u{feff}').starts_with('<');
        if !page.holds(&described) || !is_drawn {
            desk.fault("is neither drawn nor kept");
        }
        if count == 0 {
            for page in &pages {
                desk.both(page).await;
            }
        }
        if count > 0 && !text.contains("-->") {
            said += &format!("\n00:00.{count:03} --> 00:01.000\n{text}\n");
        }
    }
    let mut form = desk.form("/desk/recordings/{}/captions").await;
    form.set("language", "nl");
    let file = Some(("a.vtt", said.clone().into_bytes()));
    form.send(&desk.eva, file).await.is(303);
    let cues = said.matches("\n00:00.").count();
    let transcript = site
        .get(&format!("/transcripts/{film}/nl.txt"))
        .await
        .text();
    assert_eq!(transcript.lines().count(), cues, "{transcript}");
    for page in &pages {
        desk.both(page).await;
    }
    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}

#[tokio::test]
async fn the_first_account_may_have_any_name() {
    let site = Site::open().await;
    let now = site.app.clock.now();
    let made = site
        .app
        .db
        .write(move |conn| welcome::make(conn, None, now))
        .await;
    let link = format!("/welcome/{}", made.unwrap());
    let page = site.get(&link).await.is(200).page();
    let first = page.forms().into_iter().find(|form| form.is_sent).unwrap();
    for text in [SCRIPTS, HANDLERS, ADDRESSES, PARSERS].concat() {
        let mut form = first.clone();
        form.set("name", &format!("{text} naam"));
        form.set("email", &format!("{text} adres"));
        let again = form.send(&site, None).await.is(422).page();
        let shown = text.replace('\0', "\u{fffd}");
        for typed in [format!("{shown} naam"), format!("{shown} adres")] {
            assert!(again.holds(&typed), "{typed}");
        }
        assert_eq!(again.runs(), Vec::<String>::new(), "{text}");
        assert_eq!(again.scripts(), page.scripts(), "{text}");
    }
}

#[test]
fn every_hostile_text_is_another_one() {
    let all: Vec<&str> = [SCRIPTS, HANDLERS, ADDRESSES, PARSERS, MORE].concat();
    let different: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(different.len(), all.len());
    assert!(all.len() >= 40, "{}", all.len());
}

#[tokio::test]
async fn what_an_address_says_is_only_ever_text() {
    let site = Site::open().await;
    let mut desk = Rounds::open(&site).await;
    let texts = [&[HARMLESS], SCRIPTS, HANDLERS, ADDRESSES, PARSERS].concat();
    for text in texts {
        desk.begin(text);
        if text == HARMLESS {
            // What is asked for may also be found nowhere, or in part.
            for address in ["/search?q=xyzzy", "/search?q=opname%20xyzzy%20plugh"] {
                desk.both(address).await;
            }
        }
        for address in ASKED {
            let said = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            desk.both(&address.replace("{}", &said)).await;
        }
    }
    assert!(desk.faults.is_empty(), "{:#?}", desk.faults);
}

/// Every text through every field.
async fn everywhere(texts: &[&str]) {
    let site = Site::open().await;
    let mut desk = Rounds::open(&site).await;
    desk.round(HARMLESS).await;
    desk.everywhere().await;
    let harmless = std::mem::take(&mut desk.counted);
    for (form, name) in FIELDS {
        let field = format!("{form} {name}");
        assert!(desk.names.contains(&field), "nobody filled in {field}");
        let is_narrow = NARROW.contains(name) || name.contains("password");
        assert!(
            is_narrow || desk.ever.contains(&(1, field.clone())),
            "{field} kept nothing"
        );
    }
    for text in texts {
        desk.round(text).await;
        desk.everywhere().await;
    }
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}: {faults:#?}", faults.len());
    assert_eq!(harmless.len(), desk.names.len());
    assert_eq!(desk.counted.len(), texts.len() * desk.names.len());
}

impl Rounds<'_> {
    /// Nothing in an answer runs: no script, no handler, no address of one, no element that the same page has not anyway.
    pub fn look(&mut self, answer: &Answer) -> Option<Page> {
        let name = format!("{} {}", pattern(path(answer)), answer.status);
        let kind = answer.header("content-type").unwrap_or_default().to_owned();
        let mut faults: Vec<String> = Vec::new();
        if answer.status >= 500 {
            faults.push("failed".to_owned());
        }
        if answer.header("x-content-type-options") != Some("nosniff") {
            faults.push("a browser may guess what it is".to_owned());
        }
        let page = kind.starts_with("text/html").then(|| answer.page());
        match &page {
            Some(page) => {
                let policy = answer.header("content-security-policy").unwrap_or_default();
                if !policy.contains("script-src 'self';") || policy.contains("unsafe") {
                    faults.push(format!("may run what stands in it: {policy}"));
                }
                faults.extend(page.runs());
                faults.extend(self.compare(&name, page));
            }
            None if kind.starts_with("text/vtt") => faults.extend(tags(&answer.text())),
            None if answer.status == 303 || SAFE.contains(&kind.as_str()) => {}
            None => faults.push(format!("is {kind:?}")),
        }
        for fault in faults {
            self.fault(&format!("{name}: {fault}"));
        }
        page
    }

    /// The harmless text comes first, and shows what the pages are of themselves.
    fn compare(&mut self, name: &str, page: &Page) -> Vec<String> {
        let (scripts, shapes) = (page.scripts(), page.shapes());
        if self.rounds <= 1 {
            self.scripts
                .entry(name.to_owned())
                .or_default()
                .insert(scripts);
            self.shapes.extend(shapes);
            return Vec::new();
        }
        let mut faults: Vec<String> = shapes
            .difference(&self.shapes)
            .map(|shape| format!("an element {shape}"))
            .collect();
        let clean = self.scripts.get(name).cloned().unwrap_or_default();
        let is_known = |all: &BTreeSet<Vec<String>>| all.contains(&scripts);
        let is_same = match clean.is_empty() {
            true => self.scripts.values().any(is_known),
            false => is_known(&clean),
        };
        if !is_same {
            faults.push(format!("scripts {scripts:?}"));
        }
        faults
    }

    pub async fn get(&self, address: &str) -> Answer {
        self.client(address).get(address).await
    }

    /// As a visitor, and as a coordinator who may see more of it.
    pub async fn both(&mut self, address: &str) {
        let answers = [self.site.get(address).await, self.eva.get(address).await];
        for answer in &answers {
            self.look(answer);
        }
    }

    /// The same text once more: looked at before it is saved, sent by who comes second, sent after a sign-in ended.
    async fn again(&mut self) {
        let title = "/desk/recordings/{} title";
        let filled = self.form("/desk/recordings/{}").await;
        let mut preview = filled.clone();
        preview.set("preview", "yes");
        let answer = preview.send(&self.eva, None).await.is(200);
        self.look(&answer);
        let mut second = filled.clone();
        second.set("base", "0");
        second.set("was", "title=Van+wie+eerste+was");
        second.set("title", "Van wie tweede is");
        let answer = second.send(&self.eva, None).await.is(409);
        let page = self.look(&answer).unwrap();
        if self.kept.contains(title) && !page.of_class("field-error").contains(&self.typed(title)) {
            self.fault("who comes second does not see what is there now");
        }
        let ended = self.site.sign_in(&self.eva.email, &self.password).await;
        let ended = ended.unwrap();
        ended.post("/sign-out", &[]).await.is(303);
        let answer = filled.send(&ended, None).await.is(401);
        let door = self.look(&answer).unwrap();
        let mut door = door
            .forms()
            .into_iter()
            .find(|form| form.action.starts_with("/sign-in"))
            .unwrap();
        door.set("email", &self.eva.email);
        door.set("password", &self.password);
        let answer = door.send(self.site, None).await.is(200);
        let page = self.look(&answer).unwrap();
        if self.kept.contains(title) && !page.holds(&self.typed(title)) {
            self.fault("what was typed before the sign-in ended is gone");
        }
    }

    /// What a file is called on somebody's own machine.
    async fn called(&mut self) {
        let name = self.typed("/desk/upload title");
        let said = [("filename", name.as_str()), ("title", name.as_str())];
        let sent = self.eva.announce(10, &said).await;
        let list = self.eva.get("/desk/upload").await.is(200);
        let list = self.look(&list).unwrap();
        if !list.holds(&self.word("/desk/upload title")) {
            self.fault("a file on its way is not in the list");
        }
        let report = self.eva.get(&sent).await.is(200);
        self.look(&report);
        let row = sent.replace("/uploads/", "/desk/uploads/");
        self.eva.does(&format!("{row}/remove"), &[]).await;
    }

    /// Every page there is, and where what was kept has to stand.
    pub async fn everywhere(&mut self) {
        self.again().await;
        self.called().await;
        let film = self.film.clone();
        let watch = self.get(&format!("/watch/{film}")).await.page();
        let speaker = watch
            .links()
            .into_iter()
            .find(|link| link.starts_with("/speakers/"));
        let title = "/desk/recordings/{} title";
        for link in LINKS {
            let answer = self.get(&format!("/l/{link}")).await.is(200);
            let page = self.look(&answer).unwrap();
            if self.kept.contains(title) && !page.holds(&self.typed(title)) {
                self.fault("what a link opens does not show the title");
            }
        }
        let word = self.word(title);
        let speaker = speaker.unwrap_or("/speakers/niemand").to_owned();
        let fill = |address: &str| {
            let address = address
                .replace("{film}", &film)
                .replace("{gone}", &self.gone);
            address
                .replace("{word}", &word)
                .replace("{speaker}", &speaker)
        };
        let shown: Vec<_> = SHOWN
            .iter()
            .map(|(address, form, fields)| (fill(address), form, fields))
            .collect();
        let more = [
            "/watch/{film}?lang=en",
            "/captions/{film}/nl.vtt",
            "/transcripts/{film}/nl.txt",
            "/api/recordings/{gone}",
            "/captions/{gone}/nl.vtt",
        ];
        let mut all: Vec<String> = self.pages.clone();
        all.extend(more.map(fill));
        all.extend(shown.iter().map(|(address, ..)| address.clone()));
        all.sort();
        all.dedup();
        for address in all {
            let answer = self.get(&address).await;
            let page = self.look(&answer);
            for (_, form, fields) in shown.iter().filter(|(at, ..)| *at == address) {
                for field in fields.iter().map(|field| format!("{form} {field}")) {
                    let typed = self.kept_as(&field);
                    let is_there = match &page {
                        Some(page) => page.holds(&typed),
                        None => words(&answer).contains(&typed),
                    };
                    let is_found = self.kept.contains(title) || !address.contains(&word);
                    if self.kept.contains(&field) && is_found && !is_there {
                        self.fault(&format!("{address} does not show {field}"));
                    }
                }
            }
        }
    }
}

/// What is read by programs and never drawn as a page.
const SAFE: [&str; 3] = [
    "application/json",
    "text/plain; charset=utf-8",
    "text/csv; charset=utf-8",
];

/// What a program reads in an answer that is no page.
fn words(answer: &Answer) -> String {
    let text = answer.text();
    match answer.header("content-type").unwrap_or_default() {
        "application/json" => all_words(&serde_json::from_str(&text).unwrap()),
        "text/csv; charset=utf-8" => text.replace("\"\"", "\""),
        _ => text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    }
}

fn all_words(value: &serde_json::Value) -> String {
    let parts: Vec<String> = match value {
        serde_json::Value::String(text) => vec![text.clone()],
        serde_json::Value::Array(values) => values.iter().map(all_words).collect(),
        serde_json::Value::Object(entries) => entries.values().map(all_words).collect(),
        _ => Vec::new(),
    };
    parts.join("\n")
}

/// Tags of captions that are none of the few that are harmless (W3C WebVTT §4.2.2).
fn tags(captions: &str) -> Vec<String> {
    let pieces = captions.split('<').skip(1);
    let tags = pieces.map(|piece| piece.split('>').next().unwrap_or_default());
    let is_harmless = |tag: &str| {
        let name = tag.trim_start_matches('/').split([' ', '.']).next();
        let says_little = !tag.contains(['=', '"', '\'', '&']) || tag.starts_with("v ");
        matches!(name, Some("i" | "b" | "u" | "c" | "v")) && says_little
    };
    tags.filter(|tag| !is_harmless(tag))
        .map(|tag| format!("a tag <{tag}>"))
        .collect()
}

/// The address of an answer within the portal, without its question.
fn path(answer: &Answer) -> &str {
    let rest = answer.address.split("://").nth(1).unwrap();
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    path.split('?').next().unwrap()
}
