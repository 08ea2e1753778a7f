//! Who works here: accounts, signing in and out, and what each did.

pub mod account;
pub mod audit;
pub mod hand_on;
pub mod list;
pub mod sign_in;
pub mod welcome;
