//! The rows of a page: one way to read its lists and its tables.

use super::Page;

/// A row of a list or a table.
#[derive(Debug)]
pub struct Row {
    /// All its words.
    pub text: String,
    /// The first of them.
    pub title: String,
    pub links: Vec<Link>,
    /// Where its forms are sent to.
    pub acts: Vec<String>,
    /// What its fields hold.
    pub values: Vec<String>,
    /// What it says of itself to script.
    pub state: Option<String>,
}

#[derive(Debug)]
pub struct Link {
    pub words: String,
    pub to: String,
}

impl Row {
    /// Where the first of its links leads that has this piece in its address.
    #[track_caller]
    pub fn link(&self, piece: &str) -> &str {
        let found = self.links.iter().find(|link| link.to.contains(piece));
        &found
            .unwrap_or_else(|| panic!("no link {piece:?} in {self:?}"))
            .to
    }

    /// What the first of its fields holds that has this piece.
    #[track_caller]
    pub fn value(&self, piece: &str) -> &str {
        let found = self.values.iter().find(|value| value.contains(piece));
        found.unwrap_or_else(|| panic!("no value {piece:?} in {self:?}"))
    }
}

impl Page {
    /// The rows of its lists and tables, in document order; ways around the portal are no list.
    pub fn rows(&self) -> Vec<Row> {
        let is_row = |at: &usize| {
            let is_item = ["li", "tr"].contains(&self.0[*at].name.as_str());
            is_item
                && !self
                    .around(*at)
                    .any(|it| it.name == "nav" || it.name == "thead")
        };
        let rows = (0..self.0.len()).filter(is_row);
        rows.map(|at| self.row_at(at)).collect()
    }

    /// The first row that says this.
    #[track_caller]
    pub fn row(&self, text: &str) -> Row {
        let found = self.rows().into_iter().find(|row| row.text.contains(text));
        found.unwrap_or_else(|| panic!("no row says {text:?}"))
    }

    fn row_at(&self, at: usize) -> Row {
        let (places, words) = (self.inside(at), self.words(at));
        let of = |name: &str, attribute: &str| -> Vec<String> {
            let elements = places.iter().map(|at| &self.0[*at]);
            let meant = elements.filter(|it| it.name == name);
            let values = meant.filter_map(|it| it.get(attribute).map(str::to_owned));
            values.collect()
        };
        let links = places.iter().filter(|at| self.0[**at].name == "a");
        let links = links.filter_map(|at| {
            let to = self.0[*at].get("href")?.to_owned();
            let words = self.words(*at).join(" ");
            Some(Link { words, to })
        });
        Row {
            text: words.join(" "),
            title: words.first().copied().unwrap_or_default().to_owned(),
            links: links.collect(),
            acts: of("form", "action"),
            values: of("input", "value"),
            state: self.0[at].get("data-state").map(str::to_owned),
        }
    }
}
