//! Bytes to a player, as transcripts of an exchange: what a client asks, what it is answered.

use reqwest::Method;

use crate::support::{Answer, Site, clips};

/// A request and what its answer must be.
struct Exchange {
    method: Method,
    headers: &'static [(&'static str, &'static str)],
    status: u16,
    expect: &'static [(&'static str, &'static str)],
    /// First byte and number of bytes of the file in the body.
    body: Option<(usize, usize)>,
}

async fn media() -> (Site, String, Vec<u8>) {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let address = site.address(&site.recording("Begin").await["sources"][0]["url"]);
    (site, address, clips::bytes("a.mp4", 1))
}

async fn exchange(site: &Site, address: &str, one: &Exchange) -> Answer {
    let mut request = site.ask(one.method.clone(), address);
    for (name, value) in one.headers {
        request = request.header(*name, *value);
    }
    site.send(request).await
}

#[tokio::test]
async fn ranges_are_answered_as_rfc_9110_asks() {
    let (site, address, file) = media().await;
    let size = file.len();
    let last = size - 5;
    let get = Method::GET;
    let table = [
        Exchange {
            method: get.clone(),
            headers: &[],
            status: 200,
            expect: &[("accept-ranges", "bytes"), ("content-type", "video/mp4")],
            body: Some((0, size)),
        },
        Exchange {
            method: get.clone(),
            headers: &[("range", "bytes=0-1")],
            status: 206,
            expect: &[("content-length", "2")],
            body: Some((0, 2)),
        },
        Exchange {
            method: get.clone(),
            headers: &[("range", "bytes=0-")],
            status: 206,
            expect: &[],
            body: Some((0, size)),
        },
        Exchange {
            method: get.clone(),
            headers: &[("range", "bytes=-5")],
            status: 206,
            expect: &[("content-length", "5")],
            body: Some((last, 5)),
        },
        Exchange {
            method: get.clone(),
            headers: &[("range", "bytes=99999999-")],
            status: 416,
            expect: &[],
            body: Some((0, 0)),
        },
        Exchange {
            method: get.clone(),
            headers: &[("range", "items=0-1")],
            status: 200,
            expect: &[],
            body: Some((0, size)),
        },
        Exchange {
            method: get.clone(),
            headers: &[("range", "bytes=0-1"), ("if-range", "\"other\"")],
            status: 200,
            expect: &[],
            body: Some((0, size)),
        },
        Exchange {
            method: get.clone(),
            headers: &[("if-match", "\"other\"")],
            status: 412,
            expect: &[],
            body: Some((0, 0)),
        },
        Exchange {
            method: Method::HEAD,
            headers: &[("range", "bytes=0-1")],
            status: 200,
            expect: &[("accept-ranges", "bytes")],
            body: Some((0, 0)),
        },
        Exchange {
            method: Method::POST,
            headers: &[],
            status: 405,
            expect: &[],
            body: None,
        },
    ];
    for one in &table {
        let answer = exchange(&site, &address, one).await;
        let asked = format!("{} {:?}", one.method, one.headers);
        assert_eq!(answer.status, one.status, "{asked}");
        for (name, value) in one.expect {
            assert_eq!(answer.header(name), Some(*value), "{name} after {asked}");
        }
        if let Some((first, count)) = one.body {
            assert_eq!(
                answer.body,
                file[first..first + count],
                "body after {asked}"
            );
        }
    }
    let length = site.send(site.ask(Method::HEAD, &address)).await;
    assert_eq!(
        length.header("content-length"),
        Some(size.to_string().as_str())
    );
    let part = site
        .send(
            site.ask(Method::GET, &address)
                .header("range", "bytes=10-19"),
        )
        .await;
    assert_eq!(
        part.header("content-range"),
        Some(format!("bytes 10-19/{size}").as_str())
    );
    let none = site
        .send(
            site.ask(Method::GET, &address)
                .header("range", "bytes=99999999-"),
        )
        .await;
    assert_eq!(
        none.header("content-range"),
        Some(format!("bytes */{size}").as_str())
    );
}

#[tokio::test]
async fn a_client_that_has_the_file_is_told_so() {
    let (site, address, file) = media().await;
    let first = site
        .get(&address)
        .await
        .is(200)
        .says("cache-control", "public, max-age=600, s-maxage=60");
    let etag = first.header("etag").unwrap().to_owned();
    assert!(
        etag.starts_with('"') && address.contains(etag.trim_matches('"')),
        "strong, and the version of the address: {etag}"
    );
    let again = site
        .send(
            site.ask(Method::GET, &address)
                .header("if-none-match", &etag),
        )
        .await
        .is(304)
        .says("etag", &etag);
    assert!(again.body.is_empty());
    let date = first.header("last-modified").unwrap();
    site.send(
        site.ask(Method::GET, &address)
            .header("if-modified-since", date),
    )
    .await
    .is(304);
    let resumed = site
        .ask(Method::GET, &address)
        .header("range", "bytes=7-")
        .header("if-range", &etag);
    let resumed = site.send(resumed).await.is(206);
    assert_eq!(resumed.body, file[7..]);
    // RFC 9110 §15.3.7: the client has it.
    assert_eq!(resumed.header("last-modified"), None);
}

#[tokio::test]
async fn several_ranges_come_as_parts() {
    let (site, address, file) = media().await;
    let answer = site
        .send(
            site.ask(Method::GET, &address)
                .header("range", "bytes=0-3,100-103"),
        )
        .await
        .is(206);
    let kind = answer.header("content-type").unwrap().to_owned();
    let boundary = kind
        .strip_prefix("multipart/byteranges; boundary=")
        .unwrap();
    assert_eq!(answer.header("content-range"), None);
    assert_eq!(
        answer.header("content-length"),
        Some(answer.body.len().to_string().as_str())
    );
    let size = file.len();
    let mut expected = Vec::new();
    for (first, last) in [(0usize, 3usize), (100, 103)] {
        let opening = if first == 0 { "" } else { "\r\n" };
        expected.extend(format!("{opening}--{boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes {first}-{last}/{size}\r\n\r\n").bytes());
        expected.extend(&file[first..=last]);
    }
    expected.extend(format!("\r\n--{boundary}--\r\n").bytes());
    assert_eq!(answer.body, expected);
    // A hundred overlapping ranges are an attack, and answered with the file.
    let many = vec!["0-99"; 100].join(",");
    let answer = site
        .send(
            site.ask(Method::GET, &address)
                .header("range", format!("bytes={many}")),
        )
        .await
        .is(200);
    assert_eq!(answer.body.len(), size);
}

#[tokio::test]
async fn media_is_never_compressed_and_typed_by_its_content() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    // A WebM that calls itself MP4, and a hand-out that would like to be a page.
    site.put("reeks/01-begin.mp4", clips::bytes("a.webm", 1));
    site.put("reeks/01-begin.pagina.html", "<script>alert(1)</script>");
    site.put(
        "reeks/01-begin.toml",
        "[[attachments]]\nfile = \"01-begin.pagina.html\"\ntitle = \"Pagina\"\n",
    );
    site.scan().await;
    let recording = site.recording("Begin").await;
    let request = site
        .ask(Method::GET, &site.address(&recording["sources"][0]["url"]))
        .header("accept-encoding", "gzip");
    let answer = site
        .send(request)
        .await
        .is(200)
        .says("content-type", "video/webm")
        .says("x-content-type-options", "nosniff");
    assert_eq!(answer.header("content-encoding"), None);
    let page = site
        .get(&site.address(&recording["attachments"][0]["url"]))
        .await
        .is(200);
    assert!(
        page.header("content-disposition")
            .unwrap()
            .starts_with("attachment; filename=\"01-begin.pagina.html\"")
    );
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .contains("default-src 'none'")
    );
}

#[tokio::test]
async fn a_file_name_in_an_address_is_for_people_and_an_odd_one_does_no_harm() {
    let (site, address, file) = media().await;
    let stem = address.rsplit_once('/').unwrap().0;
    for name in [
        "anders.mp4",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "a%00b",
        "%ff",
    ] {
        let answer = site.get(&format!("{stem}/{name}")).await;
        assert!(
            answer.status == 200 && answer.body == file || answer.status == 400,
            "{name}: {}",
            answer.status
        );
    }
    for wrong in [
        "/media/0000000000/000000000000/a.mp4",
        "/media/x/y/z",
        "/media/..%2f..%2f/etc/passwd",
        "/captions/0000000000/nl.vtt",
    ] {
        site.get(wrong).await.is(404);
    }
}

#[tokio::test]
async fn every_recording_has_a_picture_at_an_address_that_stays() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    let address = format!("/posters/{id}.jpg");
    let neutral = site
        .get(&address)
        .await
        .is(200)
        .says("content-type", "image/jpeg");
    assert_eq!(
        image::load_from_memory(&neutral.body).unwrap().width(),
        1280
    );

    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(2000, 1000, image::Rgb([200, 30, 30]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    site.put("reeks/01-begin.png", png.into_inner());
    site.scan().await;
    site.work_until_idle().await;
    for (asked, width) in [
        ("", 1280),
        ("?w=300", 480),
        ("?w=99999", 1280),
        ("?w=nonsense", 1280),
    ] {
        let picture = site
            .get(&format!("{address}{asked}"))
            .await
            .is(200)
            .says("content-type", "image/jpeg");
        let decoded = image::load_from_memory(&picture.body).unwrap();
        assert_eq!(
            (decoded.width(), decoded.height()),
            (width, width / 2),
            "{asked}"
        );
        let etag = picture.header("etag").unwrap().to_owned();
        site.send(
            site.ask(Method::GET, &format!("{address}{asked}"))
                .header("if-none-match", etag),
        )
        .await
        .is(304);
    }
    let head = site.send(site.ask(Method::HEAD, &address)).await.is(200);
    assert!(
        head.header("content-length")
            .unwrap()
            .parse::<usize>()
            .unwrap()
            > 1000
    );
}

#[tokio::test]
async fn captions_transcript_and_chapters_are_made_from_what_was_read() {
    let site = Site::open().await;
    site.put("reeks/series.toml", "visibility = \"public\"\n");
    site.put_clip("reeks/01-begin.mp4", 1);
    site.put("reeks/01-begin.toml", "[[chapters]]\nstart = \"0:00\"\ntitle = \"Opening --> <b>\"\n[[chapters]]\nstart = 1\ntitle = \"Slot\"\n");
    site.put(
        "reeks/01-begin.nl.vtt",
        "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Mira>Welkom <i>allemaal</i>\n",
    );
    site.scan().await;
    let id = site.id_in("reeks/01-begin.toml");
    site.get(&format!("/captions/{id}/nl.vtt"))
        .await
        .is(200)
        .shows("00:00:00.000 --> 00:00:01.000\n<v Mira>Welkom <i>allemaal</i>");
    site.get(&format!("/transcripts/{id}/nl.txt"))
        .await
        .is(200)
        .says("content-type", "text/plain; charset=utf-8")
        .shows("Welkom allemaal")
        .hides("<");
    site.get(&format!("/chapters/{id}.vtt"))
        .await
        .is(200)
        .shows("00:00:00.000 --> 00:00:01.000\nOpening --&gt; &lt;b&gt;")
        .shows("Slot");
    site.get(&format!("/captions/{id}/en.vtt")).await.is(404);
    for address in [
        format!("/captions/{id}/nl.vtt"),
        format!("/chapters/{id}.vtt"),
    ] {
        site.get(&address)
            .await
            .says("access-control-allow-origin", "*");
    }
}
