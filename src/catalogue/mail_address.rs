//! The one form in which mail addresses are kept and compared, as people write them: browsers send the domain of `jan@bücher.example` as
//! `xn--bcher-kva.example`, other programs as it was typed, and letters with marks come composed or not. In: what was typed. Out: the
//! address. Accounts from before there was one form are brought into it, and none is lost: [`write_alike`].

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};
use unicode_normalization::UnicodeNormalization;

use super::query::Query;
use crate::error::Result;

/// The longest possible mail address, in bytes (RFC 5321 §4.5.3.1.3).
const LONGEST: usize = 254;

/// A mail address in its one form: lower case, the name before `@` in NFC (RFC 6532 §3.1), and the domain as UTS #46 makes it of its
/// form in ASCII, without surrounding spaces. `None` when the text cannot be an address.
pub fn written(text: &str) -> Option<String> {
    let (name, host) = text.trim().split_once('@')?;
    let (name, host) = (lower(name), domain(host));
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '@' || c == '"';
    let email = format!("{name}@{host}");
    let fits = !name.is_empty() && !host.is_empty() && email.len() <= LONGEST;
    (fits && !name.contains(is_odd) && !host.contains(is_odd)).then_some(email)
}

fn lower(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}

/// Two spellings of a domain have one form in ASCII (UTS #46 §4.2). That is turned into letters again, so that it is also what people
/// read. What is no domain name stays as it is, in lower case.
fn domain(host: &str) -> String {
    match idna::domain_to_ascii(host) {
        Ok(ascii) => match idna::domain_to_unicode(&ascii) {
            (letters, Ok(())) => letters,
            (_, Err(_)) => ascii,
        },
        Err(_) => lower(host),
    }
}

/// An account whose address is not in its one form.
struct Account {
    id: i64,
    email: String,
    disabled: bool,
    /// Whether it has a password, and whether a browser is signed in: the account in use is the one that goes on.
    use_of_it: (bool, bool),
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get("id")?,
        email: row.get("email")?,
        disabled: row.get("disabled")?,
        use_of_it: (row.get("has_password")?, row.get("is_signed_in")?),
    })
}

fn accounts(conn: &Connection) -> Result<Vec<Account>> {
    let sql = "SELECT id, email, disabled_at IS NOT NULL AS disabled, password_hash IS NOT NULL AS has_password,
                      EXISTS (SELECT 1 FROM sign_in WHERE coordinator_id = coordinator.id) AS is_signed_in
               FROM coordinator ORDER BY id";
    conn.rows(sql, [], from_row)
}

/// Whether an account has another spelling of its address than the one form, which another account has. Nobody signs in with it.
pub fn is_other_spelling(email: &str) -> bool {
    written(email).is_some_and(|form| form != email)
}

/// The spellings of accounts that are in use, each of an address that another account has.
pub fn other_spellings(conn: &Connection) -> Result<Vec<String>> {
    let others = accounts(conn)?.into_iter();
    let others = others.filter(|it| !it.disabled && is_other_spelling(&it.email));
    Ok(others.map(|it| it.email).collect())
}

/// Whether [`write_alike`] has something to do.
pub fn is_to_be_written(conn: &Connection) -> Result<bool> {
    Ok(!changes(accounts(conn)?).is_empty())
}

/// Brings the addresses of all accounts into their one form. Where that is the address of two accounts, the one that is in use has it,
/// and the other keeps another spelling, with its name, its recordings and its place in the audit list.
pub fn write_alike(conn: &Connection) -> Result<()> {
    let sql = "UPDATE coordinator SET email = :email WHERE id = :id";
    let mut change = conn.prepare_cached(sql)?;
    let changes = changes(accounts(conn)?);
    // Two accounts may change places, and no two may have one address meanwhile.
    for (id, _) in &changes {
        let meanwhile = format!("{id}@meanwhile@meanwhile");
        change.execute(named_params! { ":id": id, ":email": meanwhile })?;
    }
    for (id, email) in &changes {
        change.execute(named_params! { ":id": id, ":email": email })?;
    }
    Ok(())
}

/// The accounts that get another address, and that address.
fn changes(all: Vec<Account>) -> Vec<(i64, String)> {
    let mut by_form: HashMap<String, Vec<Account>> = HashMap::new();
    for account in all {
        if let Some(form) = written(&account.email) {
            by_form.entry(form).or_default().push(account);
        }
    }
    let mut changes = Vec::new();
    for (form, accounts) in by_form {
        let holder = accounts.iter().find(|it| it.email == form);
        let others = accounts.iter().filter(|it| it.email != form);
        let first = |it: &&Account| (!it.disabled, it.use_of_it, std::cmp::Reverse(it.id));
        let Some(other) = others.max_by_key(first) else {
            continue;
        };
        match holder {
            None => changes.push((other.id, form)),
            // Who is switched off stays so, and nobody else gets their address.
            Some(holder) if holder.disabled || other.disabled => {}
            Some(holder) if other.use_of_it > holder.use_of_it => {
                changes.push((holder.id, other.email.clone()));
                changes.push((other.id, form));
            }
            Some(_) => {}
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_an_address_are_one() {
        for (typed, expected) in [
            (" Mira@Example.ORG ", Some("mira@example.org")),
            ("jan@bücher.example", Some("jan@bücher.example")),
            ("jan@xn--bcher-kva.example", Some("jan@bücher.example")),
            ("JAN@XN--BCHER-KVA.example", Some("jan@bücher.example")),
            ("jan@bu\u{308}cher.example", Some("jan@bücher.example")),
            ("jan@BÜCHER.example", Some("jan@bücher.example")),
            ("jan@ｂücher。example", Some("jan@bücher.example")),
            ("ren\u{e9}e@example.org", Some("renée@example.org")),
            ("Rene\u{301}e@example.org", Some("renée@example.org")),
            ("jan@straße.example", Some("jan@straße.example")),
            ("jan@strasse.example", Some("jan@strasse.example")),
            ("jan@localhost", Some("jan@localhost")),
            ("jan@under_score.example", Some("jan@under_score.example")),
            ("jan@xn--.example", Some("jan@xn--.example")),
            ("jan", None),
            ("@example.org", None),
            ("jan@", None),
            ("jan@a@b", None),
            ("jan@b c.example", None),
            ("ja n@example.org", None),
            ("\"jan\"@example.org", None),
            ("jan@\u{ad}", None),
        ] {
            assert_eq!(written(typed).as_deref(), expected, "{typed}");
            if let Some(form) = expected {
                assert_eq!(written(form).as_deref(), Some(form), "of {form} itself");
            }
        }
        assert_eq!(written(&format!("{}@example.org", "a".repeat(254))), None);
    }
}
