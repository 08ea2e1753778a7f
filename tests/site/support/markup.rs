//! A page as a browser makes it of its bytes (WHATWG HTML §13.2, by html5ever): its words, its forms, and what in it would run.

use std::collections::{BTreeSet, HashMap};

use reqwest::Method;
use reqwest::multipart::{Form as Multipart, Part};
use scraper::{Html, Node};

use super::people::Colleague;
use super::{Answer, Site};

/// Elements that none of our pages needs; each can run or fetch something, or change how what follows is read.
const NEVER: [&str; 16] = [
    "applet",
    "base",
    "embed",
    "foreignobject",
    "frame",
    "frameset",
    "iframe",
    "marquee",
    "math",
    "noscript",
    "object",
    "plaintext",
    "set",
    "style",
    "template",
    "xmp",
];

/// Attributes that a browser reads an address from.
const ADDRESSES: [&str; 14] = [
    "action",
    "background",
    "cite",
    "codebase",
    "data",
    "formaction",
    "from",
    "href",
    "manifest",
    "ping",
    "poster",
    "src",
    "srcset",
    "to",
];

/// Schemes that lead somewhere and run nothing.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The elements of a page, in document order.
pub struct Page(Vec<Element>);

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// Its own words, not those of what it contains.
    text: String,
    above: Option<usize>,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The preview of a snippet: a page of ours in a sandbox in which nothing runs.
    fn is_preview(&self) -> bool {
        let sandbox = self.get("sandbox").unwrap_or("allow-scripts");
        let is_shut = !sandbox.contains("scripts") && !sandbox.contains("origin");
        let src = self.get("src").unwrap_or_default();
        self.name == "iframe" && is_shut && src.starts_with("/share/") && src.contains("/preview?")
    }

    /// Data that no browser runs (WHATWG HTML §4.12.1), and that cannot end before its end.
    fn is_data(&self) -> bool {
        let is_json = serde_json::from_str::<serde_json::Value>(&self.text).is_ok();
        self.get("type") == Some("application/ld+json") && is_json && !self.text.contains('<')
    }
}

impl Page {
    pub fn of(answer: &Answer) -> Self {
        let html = Html::parse_document(&answer.text());
        let mut elements: Vec<Element> = Vec::new();
        let mut places = HashMap::new();
        for node in html.tree.root().descendants() {
            let above = node
                .parent()
                .and_then(|above| places.get(&above.id()).copied());
            match (node.value(), above) {
                (Node::Element(element), above) => {
                    places.insert(node.id(), elements.len());
                    let attributes = element.attrs();
                    elements.push(Element {
                        name: element.name().to_lowercase(),
                        attributes: attributes
                            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                            .collect(),
                        text: String::new(),
                        above,
                    });
                }
                (Node::Text(text), Some(above)) => elements[above].text.push_str(text),
                _ => {}
            }
        }
        Self(elements)
    }

    /// Whether a reader, or a form that is sent again, finds this text here.
    pub fn holds(&self, text: &str) -> bool {
        self.0.iter().any(|element| {
            let values = element.attributes.iter().map(|(_, value)| value);
            values.chain([&element.text]).any(|it| it.contains(text))
        })
    }

    /// All words of the elements of this class.
    pub fn of_class(&self, class: &str) -> String {
        let is_meant = |element: &Element| {
            let classes = element.get("class").unwrap_or_default();
            classes.split_whitespace().any(|it| it == class)
        };
        let inside = (0..self.0.len()).filter(|at| self.around(*at).any(is_meant));
        let words: Vec<&str> = inside.map(|at| self.0[at].text.as_str()).collect();
        words.join(" ")
    }

    /// The element at this place, and all around it.
    fn around(&self, at: usize) -> impl Iterator<Item = &Element> {
        std::iter::successors(Some(&self.0[at]), |element| {
            element.above.map(|above| &self.0[above])
        })
    }

    /// Where its links lead.
    pub fn links(&self) -> Vec<&str> {
        let links = self.0.iter().filter(|element| element.name == "a");
        links.filter_map(|element| element.get("href")).collect()
    }

    /// Where the link with these words leads.
    pub fn link_of(&self, text: &str) -> Option<String> {
        let places = (0..self.0.len()).filter(|at| self.0[*at].text.contains(text));
        let mut links = places.filter_map(|at| self.around(at).find(|it| it.name == "a"));
        links.find_map(|link| link.get("href").map(str::to_owned))
    }

    /// The attribute with this piece of an element that says this in another.
    pub fn beside(&self, text: &str, piece: &str) -> Option<String> {
        let values = |element: &Element, wanted: &str| {
            let mut values = element.attributes.iter().map(|(_, value)| value.clone());
            values.find(|value| value.contains(wanted))
        };
        let mut meant = self.0.iter().filter(|it| values(it, text).is_some());
        meant.find_map(|element| values(element, piece))
    }

    /// Its scripts: where each comes from, and what it says.
    pub fn scripts(&self) -> Vec<String> {
        let scripts = self.0.iter().filter(|element| element.name == "script");
        let scripts = scripts.filter(|element| !element.is_data());
        let mut all: Vec<String> = scripts
            .map(|it| format!("{:?} {:?}", it.attributes, it.text))
            .collect();
        all.sort();
        all
    }

    /// What its elements are, apart from what they say: `<a class href>`. Whether they are right or wrong is left out.
    pub fn shapes(&self) -> BTreeSet<String> {
        let shape = |element: &Element| {
            let mut names: Vec<&str> = element
                .attributes
                .iter()
                .map(|(name, _)| name.as_str())
                .filter(|name| !name.starts_with("aria-"))
                .collect();
            names.sort_unstable();
            format!("<{} {}>", element.name, names.join(" "))
        };
        self.0.iter().map(shape).collect()
    }

    /// Everything that would run, in words.
    pub fn runs(&self) -> Vec<String> {
        let mut found = Vec::new();
        for element in &self.0 {
            let name = &element.name;
            if NEVER.contains(&name.as_str()) && !element.is_preview() {
                found.push(format!("an element <{name}>"));
            }
            if name == "meta" && element.has("http-equiv") {
                found.push("a <meta http-equiv>".to_owned());
            }
            for (key, value) in &element.attributes {
                if key.starts_with("on") || ["srcdoc", "style"].contains(&key.as_str()) {
                    found.push(format!("an attribute {key}={value:?} of <{name}>"));
                }
                let leads = ADDRESSES.contains(&key.as_str()).then(|| scheme(value));
                if let Some(Some(scheme)) = leads
                    && !SCHEMES.contains(&scheme.as_str())
                {
                    found.push(format!("an address {key}={value:?} of <{name}>"));
                }
            }
        }
        found
    }

    /// Its forms.
    pub fn forms(&self) -> Vec<Form> {
        let forms = (0..self.0.len()).filter(|at| self.0[*at].name == "form");
        forms.map(|at| self.form(at)).collect()
    }

    fn form(&self, at: usize) -> Form {
        let (form, mut fields) = (&self.0[at], Vec::new());
        let inside = |place: &usize| {
            let mut around = self.around(*place);
            around.any(|element| std::ptr::eq(element, form))
        };
        for place in (at..self.0.len()).filter(inside) {
            let element = &self.0[place];
            let kind = match (element.name.as_str(), element.get("type")) {
                ("input", kind) => kind.unwrap_or("text"),
                ("textarea", _) => "textarea",
                ("select", _) => "select",
                _ => continue,
            };
            let value = match kind {
                "textarea" => element.text.clone(),
                "select" => self.chosen(place),
                _ => element.get("value").unwrap_or_default().to_owned(),
            };
            let is_off = ["checkbox", "radio"].contains(&kind) && !element.has("checked");
            if let (Some(name), false) = (element.get("name"), is_off) {
                let is_shown = !element.has("hidden") && !element.has("readonly");
                fields.push(Field {
                    name: name.to_owned(),
                    kind: kind.to_owned(),
                    value,
                    is_text: is_shown && TYPED.contains(&kind),
                });
            }
        }
        Form {
            action: form.get("action").unwrap_or_default().to_owned(),
            is_sent: form.get("method") == Some("post"),
            is_multipart: form.get("enctype") == Some("multipart/form-data"),
            fields,
        }
    }

    fn chosen(&self, select: usize) -> String {
        let options: Vec<&Element> = (select..self.0.len())
            .filter(|at| self.0[*at].name == "option" && self.0[*at].above == Some(select))
            .map(|at| &self.0[at])
            .collect();
        let chosen = options.iter().find(|option| option.has("selected"));
        let value = chosen.or(options.first()).and_then(|it| it.get("value"));
        value.unwrap_or_default().to_owned()
    }
}

/// Kinds of fields that one types in.
const TYPED: [&str; 9] = [
    "text",
    "textarea",
    "search",
    "email",
    "password",
    "number",
    "date",
    "datetime-local",
    "url",
];

/// The scheme a browser sees in an address, if it has one: blanks before it and line ends within it do not count (WHATWG URL
/// §4.4).
fn scheme(address: &str) -> Option<String> {
    let seen = address
        .trim_start_matches(|c: char| c <= ' ')
        .replace(['\t', '\n', '\r'], "");
    let (scheme, _) = seen.split_once(':')?;
    let is_one = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_one.then(|| scheme.to_ascii_lowercase())
}

/// A form as a browser sends it.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub is_sent: bool,
    is_multipart: bool,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub kind: String,
    pub value: String,
    /// One can type in it.
    pub is_text: bool,
}

impl Form {
    /// The names of the fields that one types in, each once.
    pub fn typed(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for field in self.fields.iter().filter(|field| field.is_text) {
            if !names.contains(&field.name) {
                names.push(field.name.clone());
            }
        }
        names
    }

    /// What was typed and does not stand in the same form of this page any more. A password is typed again.
    pub fn lost_in(&self, page: &Page) -> Vec<String> {
        let mut forms = page.forms().into_iter();
        let same = forms.find(|form| form.action == self.action && !form.typed().is_empty());
        let there = same.map(|form| form.fields).unwrap_or_default();
        let is_there = |field: &Field| {
            // As a parser reads it again (WHATWG HTML §13.2.3.5, §13.2.5.1).
            let value = field.value.replace("\r\n", "\n").replace('\r', "\n");
            let value = value.replace('\0', "\u{fffd}");
            let mut same = there.iter().filter(|it| it.name == field.name);
            value.is_empty() || same.any(|it| it.value == value)
        };
        let typed = self.fields.iter();
        let typed = typed.filter(|field| field.is_text && field.kind != "password");
        let lost = typed.filter(|field| !is_there(field));
        lost.map(|field| field.name.clone()).collect()
    }

    /// The first field of this name says this; others of that name stay. It comes along when it is not there.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => value.clone_into(&mut field.value),
            None => self.fields.push(Field {
                name: name.to_owned(),
                kind: "hidden".to_owned(),
                value: value.to_owned(),
                is_text: false,
            }),
        }
    }

    /// Sends it, as a coordinator or (`None`) as a visitor; `file` goes into its field for one.
    pub async fn send(
        &self,
        site: &Site,
        who: Option<&Colleague<'_>>,
        file: Option<(&str, Vec<u8>)>,
    ) -> Answer {
        let request = site.ask(Method::POST, &self.action);
        let words = self.fields.iter().filter(|field| field.kind != "file");
        let words = words.map(|field| (field.name.clone(), field.value.clone()));
        let request = if self.is_multipart {
            let form = words.fold(Multipart::new(), |form, (name, value)| {
                form.text(name, value)
            });
            let (name, bytes) = file.unwrap_or_default();
            request.multipart(form.part("file", Part::bytes(bytes).file_name(name.to_owned())))
        } else {
            request.form(&words.collect::<Vec<_>>())
        };
        match who {
            Some(who) => site.send(request.header("cookie", &who.cookie)).await,
            None => site.send(request).await,
        }
    }
}
