//! The forms of a page: what a browser would send, and what of it stands there again.

use reqwest::Method;
use reqwest::multipart::{Form as Multipart, Part};

use super::{Element, Page};
use crate::support::{Answer, Client};

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

    /// With these fields filled in, which it has.
    pub fn with(mut self, fields: &[(&str, &str)]) -> Self {
        for (name, value) in fields {
            let has_it = self.fields.iter().any(|field| field.name == *name);
            assert!(has_it, "the form of {} has no field {name}", self.action);
            self.set(name, value);
        }
        self
    }

    /// Sends it; `file` goes into its field for one.
    pub async fn send(&self, client: &Client, file: Option<(&str, Vec<u8>)>) -> Answer {
        let request = client.ask(Method::POST, &self.action);
        let fields = self.fields.iter();
        if !self.is_multipart {
            let words = fields.map(|field| (&field.name, &field.value));
            return client.send(request.form(&words.collect::<Vec<_>>())).await;
        }
        let (name, bytes) = file.unwrap_or_default();
        let form = fields.fold(Multipart::new(), |form, field| match field.kind.as_str() {
            "file" => {
                let file = Part::bytes(bytes.clone()).file_name(name.to_owned());
                form.part(field.name.clone(), file)
            }
            _ => form.text(field.name.clone(), field.value.clone()),
        });
        client.send(request.multipart(form)).await
    }
}

impl Page {
    /// Its forms.
    pub fn forms(&self) -> Vec<Form> {
        let forms = (0..self.0.len()).filter(|at| self.0[*at].name == "form");
        forms.map(|at| self.form(at)).collect()
    }

    fn form(&self, at: usize) -> Form {
        let (form, mut fields) = (&self.0[at], Vec::new());
        for place in self.inside(at) {
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

    /// The form that is sent to this address; of several, the one that compares with what was there before.
    #[track_caller]
    pub fn form_to(&self, address: &str) -> Form {
        let forms = self.forms().into_iter();
        let meant = forms.filter(|form| form.is_sent && form.action == address);
        let compares = |form: &Form| !form.fields.iter().any(|it| it.name == "was");
        let found = meant.min_by_key(compares);
        found.unwrap_or_else(|| panic!("no form is sent to {address}"))
    }

    /// The value of the first field of this name.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let mut fields = self.forms().into_iter().flat_map(|form| form.fields);
        let found = fields.find(|field| field.name == name);
        found.unwrap_or_else(|| panic!("no field {name}")).value
    }

    /// The value of the choice with these words in the first field of this name.
    #[track_caller]
    pub fn choice(&self, name: &str, words: &str) -> String {
        let is_select = |it: &Element| it.name == "select" && it.get("name") == Some(name);
        let options = (0..self.0.len()).filter(|at| self.0[*at].name == "option");
        let mut meant = options
            .filter(|at| self.0[*at].text.trim() == words && self.around(*at).any(is_select));
        let found = meant.next().and_then(|at| self.0[at].get("value"));
        let found = found.unwrap_or_else(|| panic!("no {words:?} to choose as {name}"));
        found.to_owned()
    }
}
