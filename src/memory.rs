//! Gives freed memory back to the system. The allocator of glibc keeps what was freed for the next time: after a flood that is over
//! the program would be as large as at its worst moment, for as long as it runs.

use std::time::Duration;

use rustix::param::page_size;

/// Time between two looks at how large the program is.
const PAUSE: Duration = Duration::from_secs(5);

/// Bytes by which it must have grown since the last time before it is worth a walk through the allocator (some milliseconds).
const WORTH_IT: u64 = 4 * 1024 * 1024;

/// Looks for ever; without `/proc` and glibc it ends at once.
pub async fn give_back_for_ever() {
    let mut smallest = u64::MAX;
    while let Some(resident) = resident().await {
        if resident > smallest.saturating_add(WORTH_IT) {
            // Other threads that allocate meanwhile wait for one part of the allocator at a time.
            if tokio::task::spawn_blocking(trim).await.is_err() {
                return;
            }
            smallest = self::resident().await.unwrap_or(resident);
        } else {
            smallest = smallest.min(resident);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Bytes of memory that the program holds, shared ones included (proc(5), statm); `None` on a system without that file.
async fn resident() -> Option<u64> {
    let statm = tokio::fs::read_to_string("/proc/self/statm").await.ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * u64::try_from(page_size()).ok()?)
}

#[cfg(target_env = "gnu")]
#[expect(
    unsafe_code,
    reason = "only a function of C gives memory back, and it may be called at any time"
)]
fn trim() {
    // SAFETY: malloc_trim(3) is safe in threads and takes no pointer; its answer, whether anything was given back, is not needed.
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(not(target_env = "gnu"))]
fn trim() {}
