//! `terugkijken coordinator …`: manages accounts and access keys, also while a server runs.

use std::io::Read;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::app::App;
use crate::catalogue::access_key::{self, Opens};
use crate::catalogue::coordinator::{self, Coordinator, Role};
use crate::catalogue::name::{composed, is_visible};
use crate::catalogue::{audit, mail_address, welcome};
use crate::config::{Config, Flags};
use crate::error::{Error, Result};
use crate::people::{Sender, password};
use crate::web::{texts, urls};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an account; without --password-stdin prints a link with which the person chooses a password
    Add {
        /// Mail address, with which the person signs in
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long, value_parser = role())]
        role: Role,
        /// Read the password from standard input: its first line
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the accounts
    List,
    /// Print a link with which the person chooses a new password
    Reset { email: String },
    /// End an account with its sign-ins and keys, at once
    Disable { email: String },
    /// Let someone whose account was ended sign in again
    Enable { email: String },
    /// Access keys for scripts
    #[command(subcommand)]
    Key(KeyCommand),
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key; it is printed once, alone on the last line
    Add {
        email: String,
        /// What it is for
        #[arg(long)]
        name: String,
    },
    /// End the keys of that name
    Revoke {
        email: String,
        #[arg(long)]
        name: String,
    },
}

/// A parser for the names of roles.
fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str))
        .try_map(|name| Role::parse(&name).ok_or("this is no role"))
}

/// The actor under which the command line appears in the audit list.
const ACTOR: &str = "command line";

/// Most bytes that are read of a password.
const PASSWORD_BYTES: u64 = 4096;

/// Runs a command on accounts.
pub async fn run(flags: &Flags, command: Command) -> Result<()> {
    let app = super::open(Config::load(flags)?).await?;
    match command {
        Command::Add {
            email,
            name,
            role,
            password_stdin,
        } => {
            let password = password_stdin.then(first_line).transpose()?;
            add(&app, &email, &name, role, password).await
        }
        Command::List => list(&app).await,
        Command::Reset { email } => reset(&app, &email).await,
        Command::Disable { email } => {
            change(&app, &email, "disable", |conn, person, now| {
                coordinator::disable(conn, person.id, now)
            })
            .await?;
            println!("{email} can no longer sign in; sign-ins and keys have ended");
            Ok(())
        }
        Command::Enable { email } => {
            change(&app, &email, "enable", |conn, person, _| {
                coordinator::enable(conn, person.id)
            })
            .await?;
            println!("{email} can sign in again");
            Ok(())
        }
        Command::Key(command) => key(&app, command).await,
    }
}

async fn key(app: &App, command: KeyCommand) -> Result<()> {
    match command {
        KeyCommand::Add { name, .. } if !is_visible(&name) => {
            Err(Error::internal("nobody can see anything of the name"))
        }
        KeyCommand::Add { email, name } => {
            let key = change(app, &email, "add key", move |conn, person, _| {
                access_key::add(conn, person.id, &composed(&name), Opens::Everything)
            })
            .await?;
            println!("a key for {email}; it is shown only now:");
            println!("{key}");
            Ok(())
        }
        KeyCommand::Revoke { email, name } => {
            let wanted = composed(&name).into_owned();
            let ended = change(app, &email, "revoke key", move |conn, person, now| {
                let mut keys = access_key::of_coordinator(conn, person.id)?;
                keys.retain(|key| key.name == wanted);
                for key in &keys {
                    access_key::revoke(conn, person.id, key.id, now)?;
                }
                Ok(keys.len())
            });
            match ended.await? {
                0 => Err(Error::internal(format!("{email} has no key \"{name}\""))),
                ended => {
                    println!("ended: {ended}");
                    Ok(())
                }
            }
        }
    }
}

async fn add(
    app: &App,
    email: &str,
    name: &str,
    role: Role,
    password: Option<String>,
) -> Result<()> {
    let Some(email) = coordinator::email(email) else {
        let why = format!("\"{email}\" is not a mail address");
        return Err(Error::internal(why));
    };
    let name = composed(name.trim()).into_owned();
    if !is_visible(&name) || name.chars().any(char::is_control) {
        return Err(Error::internal(
            "the name is empty or holds a sign that cannot be shown",
        ));
    }
    let hash = match password {
        None => None,
        Some(password) => {
            if let Some(why) = password::weakness(&password, &[&email, &name]) {
                return Err(Error::internal(texts::english(&why)));
            }
            Some(
                app.people
                    .hash(Sender::Unknown, &password, app.clock.now())
                    .await?,
            )
        }
    };
    let (shown, now) = (email.clone(), app.clock.now());
    let token = app.db.write(move |conn| {
        let id = coordinator::add(conn, &email, &name, role)?;
        audit::note_account(conn, (ACTOR, "add"), &email, Some(role.as_str()), now)?;
        match hash {
            Some(hash) => coordinator::set_password(conn, id, &hash, None).map(|()| None),
            None => welcome::make(conn, Some(id), now).map(Some),
        }
    });
    match token.await? {
        None => {
            let address = urls::sign_in();
            println!("{shown} can sign in at {}{address}", app.config.base());
        }
        Some(token) => hand_over(app, &shown, &token),
    }
    Ok(())
}

/// Prints the welcome link with which a person chooses a password.
fn hand_over(app: &App, email: &str, token: &str) {
    println!("give {email} this link; it works once, for seven days:");
    println!("{}{}", app.config.base(), urls::welcome(token));
}

async fn list(app: &App) -> Result<()> {
    for person in app.db.read(coordinator::all).await? {
        let state = match (person.disabled, person.password_hash.is_some()) {
            (true, _) => "disabled",
            (false, true) => "active",
            (false, false) => "invited",
        };
        let (role, email, name) = (person.role.as_str(), person.email, person.name);
        println!("{role:13} {state:8} {email}  {name}");
    }
    for email in app.db.read(mail_address::other_spellings).await? {
        println!("{}", super::other_spelling(&email));
    }
    Ok(())
}

async fn reset(app: &App, email: &str) -> Result<()> {
    let token = change(app, email, "make password link", |conn, person, now| {
        welcome::make(conn, Some(person.id), now)
    })
    .await?;
    println!("access keys end with the old password, unless the person keeps them");
    hand_over(app, email, &token);
    Ok(())
}

/// Changes an account, with its audit line.
async fn change<T, F>(app: &App, email: &str, act: &'static str, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&rusqlite::Connection, &Coordinator, i64) -> Result<T> + Send + 'static,
{
    let (wanted, now) = (email.to_owned(), app.clock.now());
    let unknown =
        format!("there is no account for \"{email}\"; `terugkijken coordinator list` shows them");
    app.db
        .write(move |conn| {
            let person = coordinator::named(conn, &wanted)?;
            let person = person.ok_or_else(|| Error::internal(unknown))?;
            let done = work(conn, &person, now)?;
            audit::note_account(conn, (ACTOR, act), &person.email, None, now)?;
            Ok(done)
        })
        .await
}

fn first_line() -> Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(PASSWORD_BYTES)
        .read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
