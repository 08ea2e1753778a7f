//! Gives freed memory back to the system. The allocator of glibc keeps what was freed for the next time: after a flood that is over
//! the program would be as large as at its worst moment, for as long as it runs.

use std::time::Duration;

use rustix::param::page_size;

use crate::system;

/// Time between two looks at how large the program is, and the longest one while walks through the allocator (some milliseconds)
/// give nothing back.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// Bytes that are worth such a walk.
const WORTH_IT: u64 = 4 * 1024 * 1024;

/// Free bytes at the end of a part of the allocator that it keeps (`M_TRIM_THRESHOLD`, mallopt(3)), and the number of its parts.
/// Nothing else gives back the end of a part, and by itself the allocator keeps twice the largest block that was ever freed: a
/// password takes 19 MB, so that each of the 16 parts kept up to 38 (`cargo bench --bench abuse -- sign-ins readers`).
const KEPT_AT_THE_END: i32 = 128 * 1024;
const PARTS: i32 = 4;

/// Tells the allocator how much it may keep; before the first thread.
pub fn keep_little() {
    system::limit_allocator(KEPT_AT_THE_END, PARTS);
}

/// Looks for ever; without `/proc` and glibc it ends at once. What was freed does not show from outside, so that it tries as long as
/// the program is larger than it once was.
pub async fn give_back_for_ever() {
    let (mut smallest, mut pause) = (u64::MAX, PAUSE);
    while let Some(before) = resident().await {
        if before > smallest.saturating_add(WORTH_IT) {
            // Other threads that allocate meanwhile wait for one part of the allocator at a time.
            if tokio::task::spawn_blocking(system::give_memory_back)
                .await
                .is_err()
            {
                return;
            }
            let after = resident().await.unwrap_or(before);
            pause = match before.saturating_sub(after) >= WORTH_IT {
                true => PAUSE,
                false => (2 * pause).min(LONGEST_PAUSE),
            };
        }
        smallest = smallest.min(before);
        tokio::time::sleep(pause).await;
    }
}

/// Bytes of memory that the program holds, shared ones included (proc(5), statm); `None` on a system without that file.
async fn resident() -> Option<u64> {
    let statm = tokio::fs::read_to_string("/proc/self/statm").await.ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * u64::try_from(page_size()).ok()?)
}
