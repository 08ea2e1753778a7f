//! What it takes to let people in, apart from their rows: passwords are hashed and weighed, guessing is slowed down, and the
//! address of a request is found behind a proxy. In: what someone typed. Out: yes, no, or not now. Nothing here is kept.

pub mod address;
pub mod password;
pub mod throttle;

use std::sync::{Arc, Mutex};

/// What all requests share. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub hashing: password::Hashing,
    pub throttle: Arc<Mutex<throttle::Throttle>>,
}
