//! The probe against real files: clips made by ffmpeg, compared with what ffprobe says of them, and two hundred damaged
//! copies of each, on which the probe must end quietly.

#![expect(
    clippy::cast_possible_truncation,
    reason = "the numbers here are small"
)]

mod boxes;
mod clips;
mod damage;
mod kinds_cases;
mod limits_cases;
mod stories;
