//! What someone might type so that it runs on somebody else's screen, and where what is typed shows.

/// Scripts, whole and broken, and what would end the place they stand in.
pub const SCRIPTS: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)</script",
    "<script\n>alert(1)</script\n>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "x--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "{\"@type\":\"VideoObject\",\"name\":\"</script><script>alert(1)//\"}",
    "＜script＞alert(1)＜/script＞",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
];

/// Elements that run when something happens to them, and what would get out of an attribute.
pub const HANDLERS: &[&str] = &[
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img src=`x` onerror=`alert(1)`>",
    "\"><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)\" x=\"",
    "' onfocus='alert(1)' autofocus x='",
    "` onmouseover=alert(1) `",
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<style>@import \"//evil.example/x.css\";</style>",
];

/// Addresses that run, in Markdown and elsewhere, and elements that fetch by themselves.
pub const ADDRESSES: &[&str] = &[
    "[klik](javascript:alert(1))",
    "[klik](java&#x0a;script:alert(1))",
    "[klik](\u{1}javascript:alert(1))",
    "[klik](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[klik](//evil.example/\"onmouseover=\"alert(1))",
    "[klik](https://evil.example \"x\\\" onmouseover=\\\"alert(1)\")",
    "[1]: javascript:alert(1)\n[klik][1]",
    "![foto](data:image/svg+xml,<svg/onload=alert(1)>)",
    "javascript:alert(1)",
    "javascript:/*\"'`--></title></textarea><svg/onload=alert(1)//>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"data:text/html,<script>alert(1)</script>\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<button formaction=javascript:alert(1)>x</button>",
    "<math><a xlink:href=javascript:alert(1)>klik</a></math>",
];

/// What parsers mend into something else, templates, and the tags of captions.
pub const PARSERS: &[&str] = &[
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<svg></p><style><a id=\"</style><img src=x onerror=alert(1)>\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "</option></select><img src=x onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)} #{alert(1)} <%= alert(1) %> {% raw %}",
    "{ $name } { $count } { \"x\" } { -term }",
    "x\"\nvisibility = \"draft\"\nx = \"",
    "<v <script>alert(1)</script>>hoi</v>",
    "<v.luid Roger onclick=alert(1)>Hoi</v>",
    "<c.yellow.bg_blue onmouseover=alert(1)>geel</c>",
    "<00:00:00.500><script>alert(1)</script>",
    "{\\an8}<i onclick=alert(1)>x</i>",
];

/// More of the same for what is more than text: descriptions, which are Markdown, and captions, which have tags.
pub const MORE: &[&str] = &[
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "<script\t>alert(1)</script\t>",
    "\u{feff}<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style></noscript></xmp><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<?xml version=\"1.0\"?><script>alert(1)</script>",
    "\"}</script><script>alert(1)</script>",
    "<script type=\"application/ld+json\">{\"name\":\"x\"}</script>",
    "<script type=importmap>{\"imports\":{}}</script>",
    "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
    "&#60;script&#62;alert(1)&#60/script&#62",
    "&#x3c;script&#x3e;alert(1)&#x3c;/script&#x3e;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<IMG SRC=x ONERROR=\"alert(1)\"/>",
    "<img/src=\"x\"/onerror=\"alert(1)\">",
    "'><img src=x onerror=alert(1)>",
    "&quot; onmouseover=&quot;alert(1)",
    "x\" autofocus onfocus=alert(1) y=\"",
    "<svg/onload=alert(1)//",
    "<svg><a><set attributeName=href to=javascript:alert(1)>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=alert(1)>#x\">",
    "<details open ontoggle=alert(1)>x",
    "<video><source onerror=alert(1)></video>",
    "<input onfocus=alert(1) autofocus>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<x onclick=alert(1) tabindex=1>x</x>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<embed src=javascript:alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<a href=javascript:alert(1)>klik</a>",
    "<a href=\"jav&#9;ascript:alert(1)\">klik</a>",
    "<frameset onload=alert(1)>",
    "<table><td background=javascript:alert(1)>x</table>",
    "<xmp><img title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<plaintext><img src=x onerror=alert(1)>",
    "[klik](JaVaScRiPt:alert(1))",
    "[klik](<javascript:alert(1)>)",
    "[klik](<java\tscript:alert(1)>)",
    "[klik](&#106;avascript:alert(1))",
    "[klik](&#x1;javascript:alert(1))",
    "[klik](javascript&colon;alert(1))",
    "[klik](javascript\\:alert(1))",
    "[klik](%6aavascript:alert(1))",
    "[klik](vbscript:msgbox(1))",
    "[klik](view-source:javascript:alert(1))",
    "[klik](blob:https://evil.example/x)",
    "[klik](file:///etc/passwd)",
    "[a![b](javascript:alert(1))](javascript:alert(2))",
    "![foto](javascript:alert(1))",
    "![foto](x\"onerror=\"alert(1))",
    "![\"onerror=\"alert(1)](x)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "<https://evil.example/\"onmouseover=\"alert(1)>",
    "https://evil.example/\"onmouseover=\"alert(1)",
    "mailto:a@b\"onmouseover=\"alert(1)",
    "`<script>alert(1)</script>`",
    "```\"><script>alert(1)</script>\nx\n```",
    "    <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "* <img src=x onerror=alert(1)>",
    "> <svg onload=alert(1)>",
    "<c.red.<script>alert(1)</script>>rood</c>",
    "</c></v></i><script>alert(1)</script><i>",
    "<v \"onclick=alert(1)>x</v>",
    "<v a&gt;<script>>x</v>",
    "<lang en><img src=x onerror=alert(1)></lang>",
    "<ruby>x<rt><img src=x onerror=alert(1)></rt></ruby>",
    "STYLE ::cue(v) { background: url(javascript:alert(1)) }",
    "NOTE <script>alert(1)</script>",
    "=HYPERLINK(\"javascript:alert(1)\")",
];

/// The fields that have to be among those that were filled, whatever pages they stand on.
pub const FIELDS: &[(&str, &str)] = &[
    ("/desk/recordings/{}", "title"),
    ("/desk/recordings/{}", "number"),
    ("/desk/recordings/{}", "date"),
    ("/desk/recordings/{}", "language_other"),
    ("/desk/recordings/{}", "summary"),
    ("/desk/recordings/{}", "description"),
    ("/desk/recordings/{}", "speaker_name"),
    ("/desk/recordings/{}", "speaker_role"),
    ("/desk/recordings/{}", "chapters"),
    ("/desk/recordings/{}/visibility", "visible_from"),
    ("/desk/recordings/{}/visibility", "visible_until"),
    ("/desk/recordings/{}/visibility", "withdrawn_reason"),
    ("/desk/recordings/{}/visibility", "replaced_by"),
    ("/desk/recordings/{}/captions", "file"),
    ("/desk/recordings/{}/captions", "language_other"),
    ("/desk/recordings/{}/captions/nl", "start"),
    ("/desk/recordings/{}/captions/nl", "end"),
    ("/desk/recordings/{}/captions/nl", "text"),
    ("/desk/recordings/{}/handouts", "title"),
    ("/desk/recordings/{}/links", "link_name"),
    ("/desk/recordings/{}/links", "link_until"),
    ("/desk/recordings/{}/links", "link_password"),
    ("/desk/recordings/bulk", "language_other"),
    ("/desk/recordings/bulk", "speaker"),
    ("/desk/series", "title"),
    ("/desk/series", "folder"),
    ("/desk/series/{}/about", "title"),
    ("/desk/series/{}/about", "organiser"),
    ("/desk/series/{}/about", "description"),
    ("/desk/series/{}/about", "language_other"),
    ("/desk/series/{}/about", "order"),
    ("/desk/series/{}/plan", "plan_title"),
    ("/desk/series/{}/plan", "plan_date"),
    ("/desk/series/{}/password", "password"),
    ("/desk/series/{}/links", "link_name"),
    ("/desk/series/{}/links", "link_until"),
    ("/desk/series/{}/links", "link_password"),
    ("/desk/people", "name"),
    ("/desk/people", "email"),
    ("/desk/account/password", "password"),
    ("/desk/account/password", "new_password"),
    ("/desk/account/keys", "name"),
    ("/desk/upload", "title"),
    ("/desk/uploads/{}", "title"),
    ("/desk/uploads/{}", "number"),
    ("/sign-in", "email"),
    ("/sign-in", "password"),
];

/// Fields that hold nothing but a number, a moment, a code or an address: what is hostile is refused, and stands there again.
pub const NARROW: &[&str] = &[
    "number",
    "date",
    "language",
    "language_other",
    "order",
    "folder",
    "replaced_by",
    "accent",
    "contact",
    "visible_from",
    "visible_until",
    "link_until",
    "plan_date",
    "email",
    "start",
    "end",
];

/// Where what is typed in a field stands afterwards: the page, the form, its fields. `{film}` and `{gone}` are recordings,
/// `{speaker}` is the page of who speaks, `{word}` a word of the title.
pub const SHOWN: &[(&str, &str, &[&str])] = &[
    ("/", "/desk/series/{}/about", &["title", "organiser"]),
    ("/", "/desk/recordings/{}", &["title"]),
    (
        "/series/reeks",
        "/desk/series/{}/about",
        &["title", "organiser"],
    ),
    (
        "/series/reeks",
        "/desk/recordings/{}",
        &["title", "summary", "speaker_name"],
    ),
    (
        "/watch/{film}",
        "/desk/recordings/{}",
        &["title", "speaker_name", "speaker_role", "chapters"],
    ),
    ("/watch/{film}", "/desk/series/{}/about", &["title"]),
    ("/watch/{film}", "/desk/recordings/{}/handouts", &["title"]),
    ("/embed/{film}", "/desk/recordings/{}", &["title"]),
    ("/embed/{film}", "/desk/series/{}/about", &["organiser"]),
    (
        "/search?q={word}",
        "/desk/recordings/{}",
        &["title", "summary", "speaker_name"],
    ),
    ("/search?q={word}", "/desk/series/{}/about", &["title"]),
    (
        "{speaker}",
        "/desk/recordings/{}",
        &["title", "summary", "speaker_name"],
    ),
    (
        "/watch/{gone}",
        "/desk/recordings/{}/visibility",
        &["withdrawn_reason"],
    ),
    (
        "/embed/{gone}",
        "/desk/recordings/{}/visibility",
        &["withdrawn_reason"],
    ),
    ("/api/series", "/desk/series/{}/about", &["title"]),
    (
        "/api/series/reeks",
        "/desk/series/{}/about",
        &["title", "organiser", "description"],
    ),
    ("/api/series/reeks", "/desk/recordings/{}", &["title"]),
    (
        "/api/recordings/{film}",
        "/desk/recordings/{}",
        &[
            "title",
            "summary",
            "description",
            "speaker_name",
            "speaker_role",
            "chapters",
        ],
    ),
    (
        "/api/recordings/{film}",
        "/desk/recordings/{}/handouts",
        &["title"],
    ),
    ("/api/search?q={word}", "/desk/recordings/{}", &["title"]),
    ("/chapters/{film}.vtt", "/desk/recordings/{}", &["chapters"]),
    ("/desk/recordings", "/desk/recordings/{}", &["title"]),
    ("/desk/recordings", "/desk/series", &["title"]),
    ("/desk/series", "/desk/series/{}/about", &["title"]),
    ("/desk/series", "/desk/series", &["title"]),
    ("/desk/trash", "/desk/series/{}/plan", &["plan_title"]),
    ("/desk/links", "/desk/recordings/{}/links", &["link_name"]),
    ("/desk/links", "/desk/series/{}/links", &["link_name"]),
    ("/desk/people", "/desk/people", &["name"]),
    ("/desk/account", "/desk/account/keys", &["name"]),
    ("/desk/audit", "/desk/account/keys", &["name"]),
    ("/desk/audit/export.csv", "/desk/account/keys", &["name"]),
];

/// Where an address says something of its own; `{}` is what somebody made it say.
pub const ASKED: &[&str] = &[
    "/search?q={}",
    "/api/search?q={}",
    "/sign-in?to={}",
    "/sign-in?to=%2F{}&lang=en",
    "/?lang={}",
    "/search?lang=nl&q={}",
    "/watch/{}",
    "/series/{}",
    "/speakers/{}",
    "/embed/{}",
    "/l/{}",
    "/welcome/{}",
    "/{}",
    "/assets/{}",
    "/captions/{}/nl.vtt",
    "/desk/recordings?q={}",
    "/desk/recordings?order={}&key={}&row=1",
    "/desk/trash?q={}",
    "/desk/audit?q={}",
    "/desk/series?done={}",
    "/desk/{}",
];

/// Text that is hard to write down, and whether a title may be so.
pub const ODD: &[(&str, bool)] = &[
    // Right to left, and the marks that turn the direction.
    (
        "\u{202e}gnirob\u{202c} \u{202a}x\u{202c} \u{2067}y\u{2069} \u{200f}z\u{200e}",
        true,
    ),
    ("\u{202e}\u{2066}\u{2067} nooit gesloten", true),
    ("שלום עולם مرحبا بالعالم", true),
    // Emoji, joined, coloured and in flags; accents that stand apart; a heap of them.
    ("👩‍👩‍👧‍👦 🏳️‍🌈 🧑🏽‍🚒 🇳🇱 👨🏿‍🦽‍➡️ 1️⃣", true),
    ("e\u{301}e\u{301} n\u{303} ﬁ ẛ̣ İı", true),
    (
        "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}\u{34f}\u{334}\u{319}\u{324}\u{31e}A\u{349}\u{35a}\u{32f}",
        true,
    ),
    // What is not seen, and what Unicode keeps for itself.
    ("a\u{200b}b\u{200d}c\u{2060}d\u{feff}e\u{ad}f", true),
    ("a\u{2028}b\u{2029}c\u{a0}d\u{3000}e", true),
    ("a\u{fffe}b\u{ffff}c\u{10ffff}d\u{e000}e\u{fffd}", true),
    // Control characters.
    ("a\0b", false),
    ("a\u{1}b\u{8}c", false),
    ("\u{1b}[31mrood\u{1b}[0m", false),
    ("a\u{b}b\u{c}c", false),
    ("a\u{7f}b", false),
    ("a\u{85}b\u{9b}c", false),
    ("a\tb", false),
    ("a\r\nb\rc\nd", false),
];

/// What a date is typed in: a field for a day, or one for a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Day,
    Moment,
    Both,
}

impl Of {
    pub fn fits(self, is_moment: bool) -> bool {
        match self {
            Self::Day => !is_moment,
            Self::Moment => is_moment,
            Self::Both => true,
        }
    }
}

/// Days and moments, and a piece of the sentence (or either of two) with which they are refused.
pub const DATES: &[(&str, Of, Option<&str>)] = &[
    ("2026-02-30", Of::Both, Some("bestaat niet")),
    ("2026-13-01", Of::Both, Some("bestaat niet")),
    ("2026-00-10", Of::Both, Some("bestaat niet")),
    ("2025-02-29", Of::Both, Some("bestaat niet")),
    ("1900-02-29", Of::Both, Some("bestaat niet")),
    ("0000-00-00", Of::Both, Some("bestaat niet")),
    ("99999-01-01", Of::Both, Some("bestaat niet")),
    ("-2026-01-01", Of::Both, Some("bestaat niet")),
    ("01-09-2026", Of::Both, Some("bestaat niet")),
    ("٢٠٢٦-٠٩-٠١", Of::Both, Some("bestaat niet")),
    ("2026-W01-1", Of::Both, Some("bestaat niet")),
    (
        "2026-03-29T02:30",
        Of::Day,
        Some("bestaat niet|Er passen er 10"),
    ),
    ("2026-03-29T02:30", Of::Moment, Some("de klok")),
    ("2026-03-29 02:30", Of::Moment, Some("de klok")),
    ("2026-03-29T02:00", Of::Moment, Some("de klok")),
    ("2026-03-29T02:59:59", Of::Moment, Some("de klok")),
    ("2026-02-30T12:00", Of::Moment, Some("bestaat niet")),
    ("2026-09-01T24:01", Of::Moment, Some("bestaat niet")),
    ("2026-09-01T12:60", Of::Moment, Some("bestaat niet")),
    ("99999-01-01T00:00", Of::Moment, Some("bestaat niet")),
    (
        "2026-09-01T12:00[Mars/Olympus]",
        Of::Moment,
        Some("bestaat niet"),
    ),
    // A zone of another place; a year that nobody counts.
    ("2026-09-01T12:00+09:00", Of::Moment, Some("bestaat niet")),
    ("2026-09-01T12:00-04:00", Of::Moment, Some("bestaat niet")),
    ("2026-09-01T12:00Z", Of::Moment, Some("bestaat niet")),
    ("+002026-09-01T12:00", Of::Moment, Some("bestaat niet")),
    ("0000-01-01T00:00", Of::Moment, Some("bestaat niet")),
    // Clocks that were set by the sun.
    ("0001-01-01T00:00", Of::Moment, None),
    ("1800-01-01T00:00", Of::Moment, None),
    ("1937-06-15T12:00", Of::Moment, None),
    ("0001-01-01", Of::Both, None),
    // An hour that is there twice is the first of them.
    ("2026-10-25T02:30", Of::Moment, None),
    ("2024-02-29", Of::Both, None),
];

/// What becomes of a file with captions.
pub enum Said {
    /// Refused, with this in the sentence.
    Refused(&'static str),
    /// Read; the lines of the transcript.
    Read(&'static [&'static str]),
}

/// Files that are, or are called, captions: what they are, their bytes, what becomes of them.
pub const CAPTIONS: &[(&str, &[u8], Said)] = &[
    (
        "windows-1252",
        b"1\r\n00:00:00,000 --> 00:00:01,000\r\nCaf\xe9 \x96 \xe9\xe9n \x80 <script>alert(1)</script>\r\n",
        Said::Read(&["00:00:00  Café – één € <script>alert(1)</script>"]),
    ),
    (
        "UTF-8 with a mark",
        b"\xef\xbb\xbfWEBVTT\n\n00:00.000 --> 00:01.000\nCaf\xc3\xa9 <img src=x onerror=alert(1)>\n",
        Said::Read(&["00:00:00  Café <img src=x onerror=alert(1)>"]),
    ),
    (
        "UTF-16 little end first",
        b"\xff\xfeW\0E\0B\0V\0T\0T\0\n\0\n\x000\x000\0:\x000\x000\0.\x000\x000\x000\0 \0-\0-\0>\0 \x000\x000\0:\x000\x001\0.\x000\x000\x000\0\n\0C\0a\0f\0\xe9\0 \0<\0s\0c\0r\0i\0p\0t\0>\0\n\0",
        Said::Read(&["00:00:00  Café <script>"]),
    ),
    (
        "UTF-16 big end first",
        b"\xfe\xff\0W\0E\0B\0V\0T\0T\0\n\0\n\x000\x000\0:\x000\x000\0.\x000\x000\x000\0 \0-\0-\0>\0 \x000\x000\0:\x000\x001\0.\x000\x000\x000\0\n\0C\0a\0f\0\xe9\0 \0<\0s\0c\0r\0i\0p\0t\0>\0\n",
        Said::Read(&["00:00:00  Café <script>"]),
    ),
    (
        "UTF-16 without a mark",
        b"W\0E\0B\0V\0T\0T\0\n\0\n\x000\x000\0:\x000\x000\0.\x000\x000\x000\0 \0-\0-\0>\0 \x000\x000\0:\x000\x001\0.\x000\x000\x000\0\n\0C\0a\0f\0\xe9\0\n\0",
        Said::Read(&["00:00:00  Café"]),
    ),
    (
        "overlapping",
        b"WEBVTT\n\n00:00.000 --> 00:01.500\nEen\n\n00:00.500 --> 00:01.000\nTwee\n\n00:00.500 --> 00:02.000\nDrie\n",
        Said::Read(&["00:00:00  Een", "00:00:00  Twee", "00:00:00  Drie"]),
    ),
    (
        "beginning out of order",
        b"WEBVTT\n\n00:05.000 --> 00:06.000\nLaatst\n\n00:01.000 --> 00:02.000\nMidden\n\n00:00.000 --> 00:00.500\nEerst\n",
        Said::Read(&["00:00:00  Eerst", "00:00:01  Midden", "00:00:05  Laatst"]),
    ),
    (
        "ending before it begins",
        b"WEBVTT\n\n00:00.000 --> 00:01.000\nGoed\n\n00:02.000 --> 00:01.000\nAchterstevoren\n",
        Said::Read(&["00:00:00  Goed"]),
    ),
    (
        "ending when it begins",
        b"WEBVTT\n\n00:01.000 --> 00:01.000\nNiets\n",
        Said::Refused("Regel 3: deze regel eindigt voordat hij begint"),
    ),
    (
        "a time that no clock shows",
        b"WEBVTT\n\n00:61.000 --> 00:62.000\nLaat\n",
        Said::Refused("Regel 3: deze tijd is niet te lezen"),
    ),
    (
        "a time before the beginning",
        b"WEBVTT\n\n-00:01.000 --> 00:01.000\nEerder\n",
        Said::Refused("Regel 3: deze tijd is niet te lezen"),
    ),
    (
        "a time after the end of the world",
        b"WEBVTT\n\n99999999999999999999:00:00.000 --> 99999999999999999999:00:01.000\nLater\n",
        Said::Refused("Regel 3: deze tijd is niet te lezen"),
    ),
    (
        "an arrow in what is said",
        b"WEBVTT\n\n00:00.000 --> 00:01.000\nEen --> twee\n",
        Said::Refused("Regel 4: deze tijd is niet te lezen"),
    ),
    (
        "script in everything that is not said",
        b"WEBVTT <script>alert(1)</script>\n\nSTYLE\n::cue { background: url(javascript:alert(1)) }\n\nNOTE <script>alert(1)</script>\n\nREGION\nid:<script>\n\n<script>alert(1)</script>\n00:00.000 --> 00:01.000 line:0 onclick=alert(1) region:<script>\n<v <script>alert(1)</script>>Hoi <c.x.<script>>daar</c>\n",
        Said::Read(&["00:00:00  <v <script>alert(1)</script>>Hoi <c.x.<script>>daar"]),
    ),
    (
        "characters that are not seen",
        b"WEBVTT\n\n00:00.000 --> 00:01.000\nEen\0 tw\x01ee\x1b[0m <scr\0ipt>\n",
        Said::Read(&["00:00:00  Een twee[0m <script>"]),
    ),
    (
        "bytes that are nothing in UTF-8",
        b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xc3\xa9\xc3\xa9n \xc3\xa9\xc3\xa9n \xc3\xa9\xc3\xa9n \xff\n",
        Said::Read(&["00:00:00  één één één \u{fffd}"]),
    ),
    (
        "no captions",
        b"niets",
        Said::Refused("geen ondertiteling in WebVTT of SRT"),
    ),
    (
        "a page",
        b"<!doctype html><script>alert(1)</script>",
        Said::Refused("geen ondertiteling in WebVTT of SRT"),
    ),
    (
        "an archive",
        b"PK\x03\x04\x14\0\0\0\x08\0",
        Said::Refused("geen ondertiteling in WebVTT of SRT"),
    ),
    ("a head alone", b"WEBVTT\n", Said::Refused("geen enkele regel")),
    (
        "lines without words",
        b"WEBVTT\n\n00:00.000 --> 00:01.000\n<i> </i>\n\n00:01.000 --> 00:02.000\n\n",
        Said::Refused("geen enkele regel"),
    ),
    ("nothing", b"", Said::Refused("Kies eerst een bestand")),
];
