//! The probe against real files: clips made by ffmpeg, compared with what ffprobe says of them, and two hundred damaged
//! copies of each, on which the probe must end quietly. Without ffmpeg these stories are skipped, and say so.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "helpers of tests may fail loudly, and the numbers here are small"
)]

mod clips;
mod damage;
mod stories;
