//! Coordinators: accounts, signing in and out, and the audit list.

pub mod account;
pub mod audit;
pub mod audit_words;
pub mod hand_on;
pub mod list;
pub mod sign_in;
pub mod welcome;
