//! Coordinators: people with an account.

use terugkijken::catalogue::coordinator::{self, Role};
use terugkijken::people::Sender;
use tokio::sync::OnceCell;

use super::Site;
use super::desk::Desk;

/// The password of everyone in the tests.
pub const PASSWORD: &str = "vier losse woorden hier";

/// Its hash, made once: each sign-in is held against it.
static HASH: OnceCell<String> = OnceCell::const_new();

impl Site {
    /// Makes an account and signs in; `mira` gets the address `mira@example.org`.
    pub async fn colleague(&self, name: &str, role: Role) -> Desk {
        let email = format!("{name}@example.org");
        let hash = HASH.get_or_init(|| async {
            let hash = self.app.people.hash(Sender::Unknown, PASSWORD, 0);
            hash.await.unwrap()
        });
        let hash = hash.await.clone();
        let (address, shown) = (email.clone(), name.to_owned());
        let made = self.app.db.write(move |conn| {
            let id = coordinator::add(conn, &address, &shown, role)?;
            coordinator::set_password(conn, id, &hash, None)
        });
        made.await.unwrap();
        self.sign_in(&email, PASSWORD).await.unwrap()
    }
}
