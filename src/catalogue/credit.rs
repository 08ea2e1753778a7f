//! Who speaks in a recording, as people write it down: a name and what they do there. [`super::speaker`] makes persons of them.

/// A speaker as a sidecar names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Credit {
    pub name: String,
    /// "Trainer", "Gast".
    pub role: Option<String>,
}
