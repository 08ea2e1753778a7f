//! Coordinators: people with an account.

use terugkijken::catalogue::coordinator::{self, Role};

use super::Site;
use super::desk::Desk;

/// The password of everyone in the tests.
pub const PASSWORD: &str = "vier losse woorden hier";

impl Site {
    /// Makes an account and signs in; `mira` gets the address `mira@example.org`.
    pub async fn colleague(&self, name: &str, role: Role) -> Desk {
        let email = format!("{name}@example.org");
        let hash = self.app.people.hashing.hash(PASSWORD.to_owned());
        let hash = hash.await.unwrap();
        let (address, shown) = (email.clone(), name.to_owned());
        let made = self.app.db.write(move |conn| {
            let id = coordinator::add(conn, &address, &shown, role)?;
            coordinator::set_password(conn, id, &hash, None)
        });
        made.await.unwrap();
        self.sign_in(&email, PASSWORD).await.unwrap()
    }
}
