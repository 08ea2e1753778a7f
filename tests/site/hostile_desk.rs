//! A coordinator at every form there is. The forms are found by following the links of the desk and are filled in as a browser
//! fills them in, so that a new field is tried from the day it is there.

use std::collections::{BTreeMap, BTreeSet};

use terugkijken::catalogue::coordinator::Role;
use terugkijken::catalogue::name::composed;
use terugkijken::timed_text;

use crate::hostile_cases::NARROW;
use crate::support::desk::{CAPTIONS, Desk};
use crate::support::markup::{Form, Page};
use crate::support::people::PASSWORD;
use crate::support::{Answer, Client, Site, clips};

/// What else has to be filled in for a field alone to be right or wrong.
const NEEDED: [(&str, &str, &str); 5] = [
    (" link_password", "link_name", "Met wachtwoord"),
    (" link_until", "link_name", "Niet voor altijd"),
    (" plan_date", "plan_title", "Op een dag"),
    ("people name", "email", "w{}@example.org"),
    ("people email", "name", "Zonder adres"),
];

/// What is typed first, to see which elements our pages have of their own; the second in a description.
pub const HARMLESS: &str = "Gewoon een regel";
const DESCRIBED: &str = "# Kop\n\nMet *nadruk*, **meer**, ~~niet~~, `code`, [site](https://example.org) en\\\nregels.\n\n\
                         > citaat\n\n- een\n\n1. twee\n\n---\n\n    blok\n\n```rust\nx\n```\n\n[los](#los) [mail](mailto:a@example.org)";

/// Where the walk begins; to the last two nothing leads as long as all is well.
const FIRST: [&str; 3] = ["/desk", "/desk/problems", "/desk/people/1/hand-on"];

/// Links without a password: to the series, to the recording.
pub const LINKS: [&str; 2] = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"];

/// Texts that go round through every form, and what came of it.
pub struct Rounds<'a> {
    pub site: &'a Site,
    pub eva: Desk,
    pub password: String,
    pub film: String,
    pub gone: String,
    /// The pages of the desk.
    pub pages: Vec<String>,
    /// Where each form stands, and what it was at first, by the pattern of where it is sent to.
    pub forms: BTreeMap<String, (String, Form)>,
    /// Every field: the pattern of its form, and its name.
    pub names: Vec<String>,
    /// The scripts of each page, and the elements of all of them, as they are without anything hostile.
    pub scripts: BTreeMap<String, BTreeSet<Vec<String>>>,
    pub shapes: BTreeSet<String>,
    /// What is typed.
    text: String,
    pub rounds: usize,
    /// Which text went through which field: kept, or refused in this sentence beside what was typed.
    pub counted: BTreeMap<(usize, String), String>,
    /// Fields that kept a text: in which round, and in this one.
    pub ever: BTreeSet<(usize, String)>,
    pub kept: BTreeSet<String>,
    pub faults: Vec<String>,
}

impl<'a> Rounds<'a> {
    /// A public recording with captions, one that was withdrawn, and everything that can be typed about them.
    pub async fn open(site: &'a Site) -> Self {
        let series = "title = \"Reeks\"\nvisibility = \"public\"\n";
        let link = |token: &str| format!("[[links]]\ntoken = \"{token}\"\nname = \"Open\"\n");
        site.put("reeks/series.toml", format!("{series}{}", link(LINKS[0])));
        site.put("reeks/01-begin.toml", link(LINKS[1]));
        site.put_clip("reeks/01-begin.mp4", 1);
        site.put("reeks/01-begin.nl.vtt", CAPTIONS);
        site.put_clip("reeks/02-weg.mp4", 2);
        let gone = "visibility = \"withdrawn\"\nwithdrawn_reason = \"Weg\"\n";
        site.put("reeks/02-weg.toml", gone);
        site.scan().await;
        let mut desk = Self {
            site,
            eva: site.colleague("eva", Role::Administrator).await,
            password: PASSWORD.to_owned(),
            film: site.id_in("reeks/01-begin.toml"),
            gone: site.id_in("reeks/02-weg.toml"),
            pages: FIRST.map(str::to_owned).to_vec(),
            forms: BTreeMap::new(),
            names: Vec::new(),
            scripts: BTreeMap::new(),
            shapes: BTreeSet::new(),
            text: String::new(),
            rounds: 0,
            counted: BTreeMap::new(),
            ever: BTreeSet::new(),
            kept: BTreeSet::new(),
            faults: Vec::new(),
        };
        // One file is on its way, so that it can be described.
        let name = [("filename", "03 Onderweg.mp4")];
        desk.eva.announce(1000, &name).await;
        desk.walk().await;
        desk
    }

    /// Follows every link of the desk, and notes every form with a field to type in.
    async fn walk(&mut self) {
        let mut next = 0;
        while let Some(address) = self.pages.get(next).cloned() {
            next += 1;
            let page = self.get(&address).await.is(200).page();
            for link in page.links() {
                let link = link.split('#').next().unwrap_or_default().to_owned();
                let is_page = link.starts_with("/desk") && !link.contains(['?', '.']);
                if is_page && !self.pages.contains(&link) {
                    self.pages.push(link);
                }
            }
            self.note(&address, &page);
        }
        let door = self.get("/sign-in").await.is(200).page();
        self.note("/sign-in", &door);
    }

    fn note(&mut self, address: &str, page: &Page) {
        for form in page.forms().into_iter().filter(|form| form.is_sent) {
            let name = pattern(&form.action);
            // Why something was withdrawn shows only where something was.
            let is_meant = name.ends_with("/visibility") == form.action.contains(&self.gone);
            let mut fields = form.typed();
            if name.ends_with("/captions") {
                fields.push("file".to_owned());
            }
            if is_meant && !fields.is_empty() && !self.forms.contains_key(&name) {
                let fields = fields.iter().map(|field| format!("{name} {field}"));
                self.names.extend(fields);
                self.forms.insert(name, (address.to_owned(), form));
            }
        }
    }

    /// What is typed in a field: each has a word of its own behind it, by which it is found again.
    pub fn typed(&self, field: &str) -> String {
        let text = match self.text == HARMLESS && field.ends_with(" description") {
            true => DESCRIBED,
            false => &self.text,
        };
        format!("{text} {}", self.word(field))
    }

    /// How that is kept: with line ends as we write them.
    pub fn kept_as(&self, field: &str) -> String {
        self.typed(field).replace("\r\n", "\n").replace('\r', "\n")
    }

    pub fn word(&self, field: &str) -> String {
        let place = self.names.iter().position(|name| name == field);
        format!("w{}f{}", self.rounds, place.unwrap())
    }

    pub fn fault(&mut self, what: &str) {
        let text: String = self.text.chars().take(100).collect();
        self.faults.push(format!("{text:?}: {what}"));
    }

    /// A text through every field, all fields of a form at once where they take it.
    pub async fn round(&mut self, text: &str) {
        self.begin(text);
        for name in self.forms.keys().cloned().collect::<Vec<_>>() {
            let (wide, others) = self.fields(&name);
            if !wide.is_empty() && !self.fill(&name, &wide).await {
                for field in &wide {
                    self.fill(&name, std::slice::from_ref(field)).await;
                }
            }
            for fields in others {
                self.fill(&name, &fields).await;
            }
        }
    }

    /// A text through every field, each by itself.
    pub async fn each(&mut self, text: &str) {
        self.begin(text);
        for field in self.names.clone() {
            let form = field.rsplit_once(' ').unwrap().0;
            // Of people who are not signed in a larger form is refused as a whole: `floods.rs`.
            let is_door = form.starts_with("/sign-in");
            let most = if is_door { 10_000 } else { usize::MAX };
            self.text = text.chars().take(most).collect();
            self.fill(form, std::slice::from_ref(&field)).await;
        }
    }

    pub fn begin(&mut self, text: &str) {
        // Names are kept in one spelling, whichever is typed: `two_spellings.rs`.
        self.text = composed(text).into_owned();
        self.rounds += 1;
        self.kept.clear();
        // Guessing at the door is slowed down; a quarter of an hour later it is not.
        self.site.app.clock.hold(self.site.app.clock.now() + 1000);
    }

    /// The fields of a form: those that take any text, and what is sent apart from them.
    fn fields(&self, form: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let (mut wide, mut narrow, mut apart) = (Vec::new(), Vec::new(), Vec::new());
        for name in &self.names {
            match name.rsplit_once(' ').unwrap() {
                (of, _) if of != form => {}
                // Signing in and out is another thing than what is typed beside it.
                (of, field)
                    if field.ends_with("password")
                        && !of.starts_with("/desk/series")
                        && !of.ends_with("links") =>
                {
                    apart.push(vec![name.clone()])
                }
                (_, field) if NARROW.contains(&field) => narrow.push(name.clone()),
                _ => wide.push(name.clone()),
            }
        }
        apart.push(narrow);
        apart.retain(|fields| !fields.is_empty());
        (wide, apart)
    }

    /// Fills in these fields and sends the form. False when it was refused and any of several fields may be the reason.
    pub async fn fill(&mut self, name: &str, fields: &[String]) -> bool {
        let (address, first) = self.forms[name].clone();
        // What depends on what was there before is asked for anew.
        let is_compared = |form: &Form| {
            form.fields
                .iter()
                .any(|it| it.name == "base" || it.name == "was")
        };
        let mut form = match is_compared(&first) {
            true => self.form(name).await,
            false => first,
        };
        let mut file = ("blad.pdf", b"%PDF-1.4".to_vec());
        if name == "/desk/upload" {
            // Each another one: what is there already is not taken twice.
            let mut film = clips::bytes("a.mp4", 3);
            film.extend([0, 0, 0, 12]);
            film.extend(b"free");
            film.extend(u32::try_from(self.rounds).unwrap().to_be_bytes());
            file = ("a.mp4", film);
            form.set("series", "1");
        }
        let mut said = "Hallo".to_owned();
        for field in fields {
            match (field.rsplit_once(' ').unwrap().1, self.typed(field)) {
                ("file", text) => said = text,
                ("chapters", text) => form.set("chapters", &format!("0:00 {text}")),
                ("new_password", text) => {
                    form.set("password", &self.password);
                    form.set("new_password", &text);
                    // The keys of this round are looked for later.
                    form.set("keep_keys", "yes");
                }
                (field, text) => form.set(field, &text),
            }
        }
        if name.ends_with("/captions") {
            let captions = format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{said}\n");
            file = ("a.vtt", captions.into_bytes());
        }
        if name.ends_with("/bulk") {
            form.set("id", &self.film);
            let act = fields[0].rsplit_once(' ').unwrap().1;
            // A language is typed beside the choice of it.
            form.set("act", act.trim_end_matches("_other"));
        }
        for (field, other, value) in NEEDED {
            if fields[0].ends_with(field) {
                form.set(other, &value.replace("{}", &self.rounds.to_string()));
            }
        }
        let answer = form.send(self.client(&address), Some(file)).await;
        let page = self.look(&answer);
        match answer.status {
            200 | 303 => {
                self.taken(name, fields, &answer, page).await;
                true
            }
            400..500 if fields.len() > 1 && !self.is_narrow(fields) => false,
            400..500 => {
                self.refused(fields, &form, &answer, page.as_ref());
                true
            }
            _ => true,
        }
    }

    /// Who asks: a coordinator at the desk, a visitor everywhere else.
    pub fn client(&self, address: &str) -> &Client {
        match address.starts_with("/desk") {
            true => &self.eva,
            false => self.site,
        }
    }

    /// A form as it is now.
    pub async fn form(&self, name: &str) -> Form {
        let (address, first) = &self.forms[name];
        let page = self.get(address).await.is(200).page();
        let mut forms = page.forms().into_iter();
        let same = forms.find(|form| form.action == first.action && !form.typed().is_empty());
        same.unwrap_or_else(|| panic!("{name} is gone from {address}"))
    }

    fn is_narrow(&self, fields: &[String]) -> bool {
        fields.iter().all(|field| {
            NARROW
                .iter()
                .any(|narrow| field.ends_with(&format!(" {narrow}")))
        })
    }

    /// Refused: in a sentence, and everything that was typed still stands there.
    fn refused(&mut self, fields: &[String], sent: &Form, answer: &Answer, page: Option<&Page>) {
        let sentence = page.map(|page| page.of_class("form-errors"));
        let sentence = sentence.unwrap_or_default();
        let lost = page.map_or_else(|| sent.typed(), |page| sent.lost_in(page));
        for field in fields {
            let is_door = field.starts_with("/sign-in");
            let is_right = answer.status == if is_door { 401 } else { 422 };
            if is_right && lost.is_empty() && is_dutch(&sentence) {
                self.counted
                    .insert((self.rounds, field.clone()), sentence.clone());
            } else {
                let status = answer.status;
                self.fault(&format!("{field}: {status}, {sentence:?}, lost: {lost:?}"));
            }
        }
    }

    /// Taken: it stands on the page one is led to, or in the form itself.
    async fn taken(&mut self, name: &str, fields: &[String], answer: &Answer, page: Option<Page>) {
        let mut pages: Vec<Page> = page.into_iter().collect();
        if let Some(after) = answer.header("location") {
            let answer = self.get(after).await;
            pages.extend(self.look(&answer));
        }
        let mut said = String::new();
        if name == "/desk/upload" {
            pages.push(self.get("/desk/recordings").await.page());
        }
        if name.contains("/captions") {
            let transcript = format!("/transcripts/{}/nl.txt", self.film);
            said = self.get(&transcript).await.text();
        }
        for field in fields {
            let typed = self.kept_as(field);
            let typed = match name.ends_with("/captions/nl") {
                // An arrow would end a line before its time.
                true => typed.replace("-->", "→"),
                false => typed,
            };
            let is_kept = match said.is_empty() {
                true => pages.iter().any(|page| page.holds(&typed)),
                false => said.contains(&timed_text::plain_text(&typed).replace('\n', " ")),
            };
            let is_secret = field.contains("password");
            if is_kept && !is_secret {
                self.ever.insert((self.rounds, field.clone()));
                self.kept.insert(field.clone());
            }
            match is_kept != is_secret {
                true => {
                    self.counted
                        .insert((self.rounds, field.clone()), String::new());
                }
                false => self.fault(&format!("{field}: {} and kept: {is_kept}", answer.status)),
            }
        }
        self.afterwards(name, fields, &pages).await;
    }

    /// What else a form leads to, and what has to be undone for the rest to show.
    async fn afterwards(&mut self, name: &str, fields: &[String], pages: &[Page]) {
        let typed = self.typed(&fields[0]);
        match name.rsplit('/').next().unwrap() {
            "plan" => {
                let planned = pages.iter().find_map(|page| page.link_of(&typed));
                let planned = planned.expect("what was planned is in the list");
                let planned = planned.split('?').next().unwrap();
                self.both(&format!("/watch/{}", planned.rsplit('/').next().unwrap()))
                    .await;
                self.eva.does(&format!("{planned}/trash"), &[]).await;
                self.both(&format!("{planned}/erase")).await;
            }
            "bulk" => {
                let to = self.forms[name].1.action.clone();
                let again = |page: &Page| page.form_to(&to);
                let mut sure = again(&pages[0]);
                sure.set("sure", "yes");
                let done = sure.send(&self.eva, None).await.is(200);
                let page = self.look(&done).unwrap();
                if !page.holds(&typed) {
                    self.fault("what was done together is not told");
                }
                let undo = again(&page);
                undo.send(&self.eva, None).await.is(303);
            }
            "people" => {
                let welcome = pages[0].attribute("/welcome/");
                let welcome = welcome.split_once("/welcome/").unwrap().1.to_owned();
                self.both(&format!("/welcome/{welcome}")).await;
            }
            "links" => {
                if let Some(link) = pages
                    .iter()
                    .find_map(|page| page.attribute_of(&typed, "/l/"))
                {
                    let link = link.split_once("/l/").unwrap().1.to_owned();
                    self.both(&format!("/l/{link}")).await;
                }
            }
            "password" if name.contains("/series/") => {
                for page in ["/series/reeks".to_owned(), format!("/watch/{}", self.film)] {
                    self.both(&page).await;
                }
                let lock = self.forms[name].1.action.clone();
                self.eva.does(&lock, &[("password", "")]).await;
            }
            "password" if fields[0].ends_with("new_password") => self.password = typed,
            _ => {}
        }
    }
}

/// Whether a sentence is one for a Dutch reader.
fn is_dutch(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |some: &[&str]| some.iter().any(|word| words.contains(word));
    has(&[
        "dit", "deze", "hierin", "niet", "het", "een", "vul", "kies", "houd", "geen", "klopt",
        "regel", "schrijf",
    ]) && !has(&["the", "this", "must", "not", "please", "value", "has"])
}

/// An address without what tells one recording, series, link or person from another.
pub fn pattern(address: &str) -> String {
    let mut parts: Vec<&str> = address.split('?').next().unwrap().split('/').collect();
    for at in 1..parts.len() {
        let is_of_many = matches!(
            parts[at - 1],
            "recordings"
                | "series"
                | "watch"
                | "embed"
                | "speakers"
                | "l"
                | "welcome"
                | "people"
                | "uploads"
                | "captions"
                | "transcripts"
                | "chapters"
        );
        if is_of_many && parts[at] != "bulk" && parts[at] != "nl" {
            parts[at] = "{}";
        }
    }
    parts.join("/")
}
