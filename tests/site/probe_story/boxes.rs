//! Small builders of the bytes of files: boxes of MP4, elements of Matroska, tags of MPEG sound.

/// A box: its length, its type and its contents.
pub fn mp4(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = (body.len() as u32 + 8).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(body);
    bytes
}

/// The boxes in `bytes`, outermost only: type, and where they begin and end.
pub fn boxes(bytes: &[u8]) -> Vec<([u8; 4], usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 8 <= bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        found.push((bytes[at + 4..at + 8].try_into().unwrap(), at, at + length));
        at += length;
    }
    found
}

/// Makes the contents of a box anew, from its type and its contents.
pub type Change<'a> = dyn Fn(&[u8; 4], &[u8]) -> Vec<u8> + 'a;

/// The file again, with another movie box than `moov`, made by `change` from the contents of each of its boxes.
pub fn with_moov(bytes: &[u8], change: &Change) -> Vec<u8> {
    let mut made = Vec::new();
    for (kind, from, to) in boxes(bytes) {
        match &kind {
            b"moov" => {
                let inner = &bytes[from + 8..to];
                let body: Vec<u8> = boxes(inner)
                    .iter()
                    .flat_map(|(kind, from, to)| mp4(kind, &change(kind, &inner[from + 8..*to])))
                    .collect();
                made.extend(mp4(b"moov", &body));
            }
            _ => made.extend(&bytes[from..to]),
        }
    }
    made
}

/// A fragment of one track, with its time (`tfdt`) when there is one, and `samples` samples of `each` ticks.
pub fn fragment(track: u32, begin: Option<u64>, samples: u32, each: u32) -> Vec<u8> {
    let mut tfhd = vec![0, 2, 0, 8];
    tfhd.extend(track.to_be_bytes());
    tfhd.extend(each.to_be_bytes());
    let mut traf = mp4(b"tfhd", &tfhd);
    if let Some(begin) = begin {
        let mut tfdt = vec![1, 0, 0, 0];
        tfdt.extend(begin.to_be_bytes());
        traf.extend(mp4(b"tfdt", &tfdt));
    }
    let mut trun = vec![0, 0, 0, 0];
    trun.extend(samples.to_be_bytes());
    traf.extend(mp4(b"trun", &trun));
    let mut made = mp4(b"moof", &mp4(b"traf", &traf));
    made.extend(mp4(b"mdat", b""));
    made
}

/// An ID3v2 tag.
pub fn id3(version: u8, flags: u8, frames: &[u8]) -> Vec<u8> {
    let mut bytes = vec![b'I', b'D', b'3', version, 0, flags];
    bytes.extend(seven_bits(frames.len()));
    bytes.extend(frames);
    bytes
}

/// A frame of an ID3v2 tag.
pub fn id3_frame(version: u8, kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_vec();
    match version {
        3 => bytes.extend((body.len() as u32).to_be_bytes()),
        _ => bytes.extend(seven_bits(body.len())),
    }
    bytes.extend([0, 0]);
    bytes.extend(body);
    bytes
}

fn seven_bits(length: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (length >> shift & 0x7f) as u8)
}

/// A chapter as a frame of an ID3v2 tag; its title in UTF-16 where the tag has no UTF-8.
pub fn id3_chapter(version: u8, start_ms: u32, title: &str) -> Vec<u8> {
    let mut body = format!("c{start_ms}\0").into_bytes();
    body.extend(start_ms.to_be_bytes());
    body.extend((start_ms + 1000).to_be_bytes());
    body.extend([0xff; 8]);
    let mut text = Vec::new();
    match version {
        3 => {
            text.extend([1, 0xff, 0xfe]);
            text.extend(title.encode_utf16().flat_map(u16::to_le_bytes));
        }
        _ => {
            text.push(3);
            text.extend(title.as_bytes());
        }
    }
    // A picture of the chapter stands before its title.
    let picture = [b"\0image/jpeg\0\0\0".as_slice(), &[0xff; 3000]].concat();
    body.extend(id3_frame(version, b"APIC", &picture));
    body.extend(id3_frame(version, b"TIT2", &text));
    id3_frame(version, b"CHAP", &body)
}

/// An element of Matroska, with a size of eight bytes.
pub fn ebml(id: &[u8], body: &[u8]) -> Vec<u8> {
    let mut bytes = id.to_vec();
    bytes.extend((1_u64 << 56 | body.len() as u64).to_be_bytes());
    bytes.extend(body);
    bytes
}
