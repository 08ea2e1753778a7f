//! Files that were made to mislead a converter: none of them makes the portal reach out, read another file, hang or grow, and whoever
//! watches notices nothing. `TERUGKIJKEN_MUTATIONS` says how many broken files there are (`tests/run --long`: 200).

use std::path::Path;

use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};
use tokio::task::yield_now;

use crate::processing::make;
use crate::support::program::{PROGRAM, Program};

/// A word that stands in a file beside the media folder, and in nothing that is made.
const SECRET: &str = "geheimschrift";

fn mutations() -> u64 {
    std::env::var("TERUGKIJKEN_MUTATIONS").map_or(2, |count| count.parse().unwrap())
}

/// Puts the files into a series. `secret`: a file that some of them ask for.
fn put(media: &Path, secret: &Path) {
    let write = |name: &str, bytes: &[u8]| std::fs::write(media.join(name), bytes).unwrap();
    let secret = secret.to_str().unwrap();
    let playlist = format!(
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
    );
    let script = format!("ffconcat version 1.0\nfile '{secret}'\nfile http://127.0.0.1:9/a.mp4\n");
    for (name, text) in [("lijst", &playlist), ("script", &script)] {
        for ending in ["mp4", "ts"] {
            write(&format!("{name}.{ending}"), text.as_bytes());
        }
        // The same behind the beginning of a film.
        write(
            &format!("{name}-achter-kop.mp4"),
            &[b"\0\0\0\x14ftypisom\0\0\0\0isom", text.as_bytes()].concat(),
        );
        write(
            &format!("{name}-in-mkv.mkv"),
            &[b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska", text.as_bytes()].concat(),
        );
        write(
            &format!("{name}-in-flv.flv"),
            &[b"FLV\x01\x05\0\0\0\x09\0\0\0\0", text.as_bytes()].concat(),
        );
    }
    let film = "-f lavfi -i testsrc2=size=160x90:rate=10:duration=2 -f lavfi -i sine=duration=2";
    let base = media.join("goed.avi");
    make(&base, &format!("{film} -c:v mpeg4 -c:a libmp3lame"));
    let avi = std::fs::read(&base).unwrap();
    // A frame of 65,000 pixels by 65,000: a codec without a size of its own, and the header of the stream (BITMAPINFOHEADER).
    make(
        &media.join("breed.avi"),
        &format!("{film} -c:v huffyuv -c:a pcm_s16le"),
    );
    let mut wide = std::fs::read(media.join("breed.avi")).unwrap();
    let header = wide.windows(4).position(|at| at == b"strf").unwrap() + 8;
    for place in [header + 4, header + 8] {
        wide[place..place + 4].copy_from_slice(&65_000_u32.to_le_bytes());
    }
    write("breed.avi", &wide);
    // A film that says to last for centuries: one picture in a million seconds.
    make(
        &media.join("eeuwig.mkv"),
        "-f lavfi -i testsrc2=size=160x90:rate=1:duration=3 -vf setpts=N*1000000/TB -fps_mode vfr -c:v ffv1",
    );
    make(
        &media.join("gaten.mkv"),
        "-f lavfi -i testsrc2=size=160x90:rate=1:duration=3 -vf setpts=N*20000/TB -fps_mode vfr -c:v ffv1",
    );
    // An MP4 whose media lies elsewhere (ISO/IEC 14496-12 §8.7.2: an address in `dref`, and the flag that says it is this file cleared).
    let outside = media.join("elders.mp4");
    make(
        &outside,
        &format!("{film} -c:v libx265 -x265-params log-level=error -pix_fmt yuv420p -c:a aac"),
    );
    let mut bytes = std::fs::read(&outside).unwrap();
    let places: Vec<usize> = (0..bytes.len() - 12)
        .filter(|at| bytes[*at..*at + 4] == *b"url ")
        .collect();
    assert!(!places.is_empty());
    for place in places {
        bytes[place + 7] = 0;
    }
    std::fs::write(&outside, bytes).unwrap();
    // Broken off, and broken.
    make(
        &media.join("heel.mkv"),
        &format!("{film} -c:v libx265 -x265-params log-level=error -pix_fmt yuv420p10le -c:a flac"),
    );
    let mkv = std::fs::read(media.join("heel.mkv")).unwrap();
    for share in 3..5 {
        write(&format!("af-{share}.avi"), &avi[..avi.len() * share / 5]);
        write(&format!("af-{share}.mkv"), &mkv[..mkv.len() * share / 5]);
    }
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for number in 0..mutations() {
        let (name, mut bytes) = match number % 2 {
            0 => (format!("stuk-{number}.avi"), avi.clone()),
            _ => (format!("stuk-{number}.mkv"), mkv.clone()),
        };
        for _ in 0..12 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            // Half of them in the head, where the sizes stand.
            let end = if random & 1 == 0 {
                bytes.len().min(2000)
            } else {
                bytes.len()
            };
            let place = usize::try_from(random >> 33).unwrap() % end;
            bytes[place] = random.to_be_bytes()[1];
        }
        write(&name, &bytes);
    }
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    for entry in std::fs::read_dir(media).unwrap().flatten() {
        std::fs::File::options()
            .write(true)
            .open(entry.path())
            .unwrap()
            .set_modified(earlier)
            .unwrap();
    }
}

/// The resident memory of a process, in kB.
fn resident_kb(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn no_file_of_a_stranger_makes_the_portal_reach_out_read_others_hang_or_grow() {
    let folder = tempfile::tempdir().unwrap();
    let media = folder.path().join("media/reeks");
    std::fs::create_dir_all(&media).unwrap();
    std::fs::write(
        media.join("series.toml"),
        "title = \"Reeks\"\nvisibility = \"public\"\n",
    )
    .unwrap();
    let secret = folder.path().join("geheim.mp4");
    make(
        &secret,
        &format!("-f lavfi -i sine=duration=1 -metadata title={SECRET} -c:a aac"),
    );
    put(&media, &secret);
    let trace = folder.path().join("trace");
    let traced = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-e",
        "trace=connect,openat,open",
        "-e",
        "signal=none",
        "-o",
        trace.to_str().unwrap(),
    ];
    let set = [
        "env",
        "TERUGKIJKEN_FFMPEG=ffmpeg",
        "TERUGKIJKEN_NICENESS=0",
        "TERUGKIJKEN_PROCESSING_MEMORY_MB=400",
        PROGRAM,
    ];
    let program = Program::start_as(folder.path(), &[&traced[..], &set[..]].concat()).await;
    let tracer = program.child.id();
    let children =
        std::fs::read_to_string(format!("/proc/{tracer}/task/{tracer}/children")).unwrap();
    let server: u32 = children.split_whitespace().next().unwrap().parse().unwrap();
    let catalogue = Connection::open(folder.path().join("data/catalogue.db")).unwrap();
    let count = |sql: &str| {
        catalogue
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    // Whoever watches meanwhile gets their pages. A job that failed is tried again later, which is told elsewhere.
    let due = "SELECT count(*) FROM job WHERE parked_at IS NULL AND attempts = 0 OR lease_until IS NOT NULL";
    let done = "SELECT count(*) FROM step_done WHERE step = 'small'";
    let mut before = 0;
    while count(done) == 0 || count(due) > 0 {
        program.client.get("/").await.is(200);
        before = if before == 0 {
            resident_kb(server)
        } else {
            before
        };
        yield_now().await;
    }
    let grown = resident_kb(server).saturating_sub(before);
    assert!(grown < 40_000, "the server grew by {grown} kB");
    // The good ones among them play; each of the others is refused, or waits at the desk with its reason.
    let full = "SELECT count(*) FROM rendition JOIN original ON original.id = original_id WHERE kind = 'full' AND original.file = 'goed.avi'";
    assert_eq!(count(full), 1);
    let reasons = "SELECT count(*) FROM job WHERE problem IS NULL";
    assert_eq!(count(reasons), 0);
    for name in ["breed.avi", "eeuwig.mkv"] {
        let made = format!(
            "SELECT count(*) FROM rendition JOIN original ON original.id = original_id WHERE original.file = '{name}'"
        );
        assert_eq!(count(&made), 0, "{name}");
    }
    assert_eq!(
        std::fs::read_dir(folder.path().join("data/work"))
            .unwrap()
            .count(),
        0,
        "a job left its folder"
    );
    // Without its tracer the server would go on.
    let server = Pid::from_raw(i32::try_from(server).unwrap()).unwrap();
    kill_process(server, Signal::KILL).unwrap();
    program.kill();
    let traced = std::fs::read_to_string(&trace).unwrap();
    assert!(traced.contains("openat("), "the premise");
    for line in traced.lines() {
        assert!(!line.contains("sin_port"), "it reached out: {line}");
        assert!(
            !line.contains("geheim.mp4") || line.contains("= -1"),
            "it read another file: {line}"
        );
    }
    // No byte of the secret is in anything that was made.
    for entry in std::fs::read_dir(folder.path().join("data/renditions"))
        .unwrap()
        .flatten()
    {
        let bytes = std::fs::read(entry.path()).unwrap();
        assert!(
            !bytes
                .windows(SECRET.len())
                .any(|at| at == SECRET.as_bytes())
        );
    }
}
