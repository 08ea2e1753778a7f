//! The calls of the kernel and of the C library for which there is no safe function: the only unsafe code of the program, each block
//! with the argument why it is sound. `tests/run` runs the tests below under the address sanitizer.

use std::fs::File;

/// Tells the allocator of glibc how many bytes it may keep free at the end of each of its parts (`M_TRIM_THRESHOLD`, mallopt(3)), and
/// how many parts it may have. To be called before the first thread; without glibc it does nothing.
pub fn limit_allocator(kept_at_the_end: i32, parts: i32) {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "only a function of C sets the allocator")]
    // SAFETY: mallopt(3) takes two numbers and no pointer; one that it does not know changes nothing.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, kept_at_the_end);
        libc::mallopt(libc::M_ARENA_MAX, parts);
    }
    #[cfg(not(target_env = "gnu"))]
    let _ = (kept_at_the_end, parts);
}

/// Gives memory that was freed back to the system; without glibc it does nothing.
pub fn give_memory_back() {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "only a function of C gives memory back")]
    // SAFETY: malloc_trim(3) may be called at any time and in any thread, and takes no pointer. Its answer, whether anything was given
    // back, is not needed.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// How many pages of `len_bytes` of a file from `offset` on are in memory (cachestat(2), Linux 6.5). `None` where the system cannot
/// tell.
#[cfg(target_os = "linux")]
pub fn pages_in_memory(file: &File, offset: u64, len_bytes: u64) -> Option<u64> {
    use std::os::fd::AsRawFd;

    /// The number of the call, which is the same on all platforms but Alpha.
    const CACHESTAT: libc::c_long = 451;

    /// `struct cachestat_range` of `linux/mman.h`.
    #[repr(C)]
    struct Range {
        offset: u64,
        len_bytes: u64,
    }

    /// `struct cachestat` of `linux/mman.h`.
    #[repr(C)]
    #[derive(Default)]
    struct Pages {
        in_memory: u64,
        dirty: u64,
        being_written: u64,
        evicted: u64,
        lately_evicted: u64,
    }

    let range = Range { offset, len_bytes };
    let mut pages = Pages::default();
    #[expect(unsafe_code, reason = "no crate offers this call of the kernel yet")]
    // SAFETY: the kernel reads one `Range` and writes one `Pages`, which are laid out as it has them (`repr(C)`, eight bytes each field)
    // and live until the call returns. The descriptor is that of an open file, which is borrowed for as long. A kernel that does not
    // know the number touches neither and answers ENOSYS.
    let answer = unsafe {
        libc::syscall(
            CACHESTAT,
            file.as_raw_fd(),
            &raw const range,
            &raw mut pages,
            0_u32,
        )
    };
    (answer == 0).then_some(pages.in_memory)
}

#[cfg(not(target_os = "linux"))]
pub fn pages_in_memory(_: &File, _: u64, _: u64) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_allocator_takes_its_limits_and_goes_on() {
        limit_allocator(128 * 1024, 4);
        let kept: Vec<Vec<u8>> = (0..1000).map(|size| vec![1; size * 100]).collect();
        let total: usize = kept.iter().map(Vec::len).sum();
        drop(kept);
        give_memory_back();
        assert_eq!(total, 49_950_000);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn pages_are_counted_where_the_kernel_can() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[7; 100_000]).unwrap();
        // Before Linux 6.5 it cannot tell.
        if let Some(pages) = pages_in_memory(&file, 0, 100_000) {
            assert!(0 < pages && pages <= 100_000_u64.div_ceil(4096), "{pages}");
            // Nothing is there behind the end, whatever is asked.
            for (offset, len_bytes) in [(1 << 40, 4096), (1 << 40, u64::MAX), (u64::MAX, 1)] {
                assert_eq!(pages_in_memory(&file, offset, len_bytes).unwrap_or(0), 0);
            }
        }
    }
}
