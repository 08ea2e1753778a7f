//! A page as a browser makes it of its bytes (WHATWG HTML §13.2, by html5ever): its words, the rows of its lists, its forms, and
//! what in it would run.

mod form;
mod rows;

use std::collections::{BTreeSet, HashMap};

use scraper::{Html, Node};

pub use form::{Field, Form};

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
    pub fn parse(text: &str) -> Self {
        let html = Html::parse_document(text);
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

    /// What its elements fetch, lead to or send to, in document order.
    pub fn addresses(&self) -> Vec<&str> {
        let names = ["href", "src", "poster", "action"];
        let all = self.0.iter();
        all.flat_map(|element| names.into_iter().filter_map(|name| element.get(name)))
            .collect()
    }

    /// What is in the first element, in an attribute, that has this piece.
    #[track_caller]
    pub fn attribute(&self, piece: &str) -> &str {
        let all = self.0.iter().flat_map(|element| &element.attributes);
        let mut values = all.map(|(_, value)| value.as_str());
        let found = values.find(|value| value.contains(piece));
        found.unwrap_or_else(|| panic!("no attribute has {piece:?}"))
    }

    /// The text that is there to be copied, by the id of its field.
    #[track_caller]
    pub fn copied(&self, id: &str) -> String {
        let found = self.0.iter().find(|it| it.get("id") == Some(id));
        let found = found.unwrap_or_else(|| panic!("no field {id}"));
        found.text.trim().to_owned()
    }

    /// The places of the element at this place and of all inside it.
    fn inside(&self, at: usize) -> Vec<usize> {
        let element = &self.0[at];
        let is_inside = |place: &usize| self.around(*place).any(|it| std::ptr::eq(it, element));
        let places = (at..self.0.len()).take_while(is_inside);
        places.collect()
    }

    /// What the element at this place says, piece by piece.
    fn words(&self, at: usize) -> Vec<&str> {
        let places = self.inside(at).into_iter();
        let words = places.map(|at| self.0[at].text.trim());
        words.filter(|words| !words.is_empty()).collect()
    }

    /// The attribute with this piece of an element that says this in another.
    pub fn attribute_of(&self, text: &str, piece: &str) -> Option<String> {
        let values = |element: &Element, wanted: &str| {
            let mut values = element.attributes.iter().map(|(_, value)| value.clone());
            values.find(|value| value.contains(wanted))
        };
        let mut meant = self.0.iter().filter(|it| values(it, text).is_some());
        meant.find_map(|element| values(element, piece))
    }

    /// The data that it says about itself to search engines.
    #[track_caller]
    pub fn data(&self) -> serde_json::Value {
        let found = self.0.iter().find(|it| it.name == "script" && it.is_data());
        serde_json::from_str(&found.expect("no data").text).unwrap()
    }

    /// What it says of this property in its head.
    #[track_caller]
    pub fn meta(&self, property: &str) -> &str {
        let mut all = self.0.iter();
        let found = all.find(|it| it.get("property") == Some(property));
        let content = found.and_then(|it| it.get("content"));
        content.unwrap_or_else(|| panic!("no {property}"))
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
}

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

/// The text between two others of a document that is no page.
#[track_caller]
pub fn between(text: &str, before: &str, after: &str) -> String {
    let from = text
        .find(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"))
        + before.len();
    text[from..].split(after).next().unwrap().to_owned()
}
