//! The credit of a speaker in a recording: name and role as people write them. [`super::speaker`] turns credits into speakers.

/// A speaker as a sidecar names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Credit {
    pub name: String,
    /// The role, such as "Trainer" or "Gast".
    pub role: Option<String>,
}
