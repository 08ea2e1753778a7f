//! The words of a text as the search knows them: folded, so that spelling with or without accents and apostrophes is the same, and
//! stemmed by the language of the text. In: a text. Out: its words with their places, and the stem of a word.

use std::ops::Range;
use std::sync::LazyLock;

use snowball_stemmers_rs::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most bytes of a folded word, but for its last character; the rest of a longer one is not looked at.
const LONGEST: usize = 64;

/// Words at most that are one where hyphens join them: *e-mail*, *kant-en-klaar*.
pub const MOST_JOINED: usize = 3;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// In lower case, without accents and apostrophes: `risicos` of “Risico’s”.
    pub folded: String,
    /// Whether only a hyphen parts it from the word before.
    pub is_joined: bool,
}

/// The words of a text, in their order.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut current: Option<Word> = None;
    let mut is_joined = false;
    let mut last = None;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        if belongs(character) {
            let word = current.get_or_insert_with(|| Word {
                at: at..end,
                folded: String::new(),
                is_joined,
            });
            word.at.end = end;
            fold_into(character, &mut word.folded);
        } else if !is_apostrophe(character) {
            // What stands between two words, and is one hyphen, joins them.
            is_joined = is_hyphen(character) && last.is_some_and(belongs);
            words.extend(current.take());
        }
        last = Some(character);
    }
    words.extend(current);
    words.retain(|word| !word.folded.is_empty());
    words
}

/// A text as the index holds it: its words, and two or three that hyphens join once more as one word.
pub fn indexed(text: &str) -> String {
    let words = words(text);
    let mut indexed = String::with_capacity(text.len() + 8);
    for (place, word) in words.iter().enumerate() {
        push(&mut indexed, &word.folded);
        let goes_on = words.get(place + 1).is_some_and(|next| next.is_joined);
        if word.is_joined
            && !goes_on
            && let Some(joined) = joined(&words, place)
        {
            push(&mut indexed, &joined);
        }
    }
    indexed
}

fn push(text: &mut String, word: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(word);
}

/// The words that hyphens join at this place, as one; `None` where none does, or where they are more than [`MOST_JOINED`].
pub fn joined(words: &[Word], place: usize) -> Option<String> {
    let is_joined = |word: &&Word| word.is_joined;
    let before = words.get(..=place)?.iter().rev();
    let before = before.take(MOST_JOINED).take_while(is_joined).count();
    let after = words.get(place + 1..)?.iter();
    let after = after.take(MOST_JOINED).take_while(is_joined).count();
    if !(2..=MOST_JOINED).contains(&(before + 1 + after)) {
        return None;
    }
    let parts = words.get(place.checked_sub(before)?..=place + after)?;
    Some(parts.iter().map(|word| word.folded.as_str()).collect())
}

fn belongs(character: char) -> bool {
    character.is_alphanumeric() || is_combining_mark(character)
}

fn is_apostrophe(character: char) -> bool {
    "'’‘ʼ`´\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}".contains(character)
}

fn is_hyphen(character: char) -> bool {
    "-‐‑".contains(character)
}

fn fold_into(character: char, folded: &mut String) {
    if character.is_ascii() {
        if folded.len() < LONGEST {
            folded.push(character.to_ascii_lowercase());
        }
        return;
    }
    for plain in character.nfkd().filter(|part| !is_combining_mark(*part)) {
        match plain {
            _ if folded.len() >= LONGEST => {}
            'ß' => folded.push_str("ss"),
            'ø' | 'Ø' => folded.push('o'),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ł' | 'Ł' => folded.push('l'),
            'ı' => folded.push('i'),
            other => folded.extend(
                other
                    .to_lowercase()
                    .filter(|part| !is_combining_mark(*part)),
            ),
        }
    }
}

/// The months as people write them, in Dutch and in English.
pub const MONTHS: [[&str; 2]; 12] = [
    ["januari", "january"],
    ["februari", "february"],
    ["maart", "march"],
    ["april", "april"],
    ["mei", "may"],
    ["juni", "june"],
    ["juli", "july"],
    ["augustus", "august"],
    ["september", "september"],
    ["oktober", "october"],
    ["november", "november"],
    ["december", "december"],
];

/// The words by which a date is looked for: *3 februari 2021*. Nothing where it is none.
pub fn of_date(iso: &str) -> String {
    let mut parts = iso.split('-');
    let (Some(year), Some(month)) = (parts.next(), parts.next()) else {
        return String::new();
    };
    let names = month
        .parse::<usize>()
        .ok()
        .and_then(|month| MONTHS.get(month.checked_sub(1)?));
    let day = parts.next().map(|day| day.trim_start_matches('0'));
    let names = names.into_iter().flatten().copied();
    day.into_iter()
        .chain(names)
        .chain([year])
        .collect::<Vec<_>>()
        .join(" ")
}

/// A language whose words are stemmed; words of others are compared as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    Dutch,
    English,
    Other,
}

impl Language {
    /// Those whose stems differ from their words.
    pub const STEMMED: [Self; 2] = [Self::Dutch, Self::English];

    /// By its tag (BCP 47).
    pub fn of_tag(tag: &str) -> Self {
        match tag.split('-').next() {
            Some("nl" | "af") => Self::Dutch,
            Some("en") => Self::English,
            _ => Self::Other,
        }
    }

    /// As the catalogue writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::English => "en",
            Self::Other => "",
        }
    }
}

static DUTCH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::Dutch));
static DUTCH_PORTER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::DutchPorter));
static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// What the forms of a folded word have in common.
pub fn stem(word: &str, language: Language) -> String {
    match language {
        Language::Dutch => dutch(singular(word)),
        Language::English => ENGLISH.stem(word).into_owned(),
        Language::Other => word.to_owned(),
    }
}

/// All of what it may be, the likeliest first. Two words are forms of one when any of them is the same: the two Dutch stemmers know
/// different endings, and neither knows all diminutives.
pub fn stems(word: &str, language: Language) -> Vec<String> {
    let mut stems = vec![stem(word, language)];
    if language == Language::Dutch {
        let word = singular(word);
        stems.push(by_porter(word));
        stems.push(by_plural(word));
        for base in bases_of_diminutive(word) {
            stems.push(dutch(base));
            stems.push(by_porter(base));
        }
    }
    let mut distinct: Vec<String> = Vec::with_capacity(stems.len());
    for stem in stems {
        if !distinct.contains(&stem) {
            distinct.push(stem);
        }
    }
    distinct
}

/// What marks the stems of the other Dutch stemmer, and those of [`by_plural`]: none of them means what the same letters mean elsewhere.
const BY_PORTER: char = '~';
const BY_PLURAL: char = '=';

/// Whether a stem is one that [`stem`] gives, of the word or of what it is a diminutive of.
pub fn is_plain(stem: &str) -> bool {
    !stem.ends_with([BY_PORTER, BY_PLURAL])
}

/// The stem of the other Dutch stemmer, which knows other endings.
fn by_porter(word: &str) -> String {
    format!("{}{BY_PORTER}", DUTCH_PORTER.stem(word))
}

/// A word without the plural that doubles its last letter: *adressen*.
fn by_plural(word: &str) -> String {
    let one = word.strip_suffix("en").and_then(|many| {
        let mut letters = many.chars().rev();
        let (last, before) = (letters.next()?, letters.next()?);
        (last == before)
            .then(|| many.get(..many.len() - last.len_utf8()))
            .flatten()
    });
    format!("{}{BY_PLURAL}", one.unwrap_or(word))
}

/// A Dutch word without the plural that stands behind a vowel, and is written with an apostrophe or a diaeresis: *foto's*, *ideeën*.
fn singular(word: &str) -> &str {
    let many = word
        .strip_suffix('s')
        .filter(|rest| rest.len() >= 4 && rest.ends_with(['a', 'i', 'o', 'u', 'y']));
    let more = || {
        word.strip_suffix("en")
            .filter(|rest| rest.ends_with("ee") || rest.ends_with("ie"))
    };
    many.or_else(more).unwrap_or(word)
}

/// What a Dutch diminutive may be one of: *groepje*, *plannetje*, *filmpjes*.
fn bases_of_diminutive(word: &str) -> impl Iterator<Item = &str> {
    const ENDINGS: [&str; 4] = ["je", "tje", "pje", "etje"];
    const SHORTEST: usize = 3;
    let one = word.strip_suffix('s').unwrap_or(word);
    let bases = ENDINGS
        .into_iter()
        .filter_map(move |ending| one.strip_suffix(ending));
    bases.filter(|base| base.len() >= SHORTEST && base.contains(is_vowel))
}

/// The Dutch stem. The stemmer takes *begeleid* for *beleid* and *gezin* for *zin*, because it removes `ge` wherever a word might be a
/// participle; so it is given the word with another letter there, and does the endings only. It also takes *handel* for *hand*, so what
/// it removes has to be an ending of a form.
fn dutch(word: &str) -> String {
    let guarded = word.replace("ge", "ke");
    let mut stem = DUTCH.stem(&guarded).into_owned();
    for (at, _) in word.match_indices("ge") {
        // The stem is the word up to its ending, so what was replaced stands where it stood.
        if stem.get(at..at + 1) == Some("k") {
            stem.replace_range(at..=at, "g");
        }
    }
    match is_inflected(word, &stem) {
        true => with_short_vowels(&stem),
        false => with_short_vowels(word),
    }
}

/// Whether a word is its stem with the ending of a form.
fn is_inflected(word: &str, stem: &str) -> bool {
    const ENDINGS: [&str; 25] = [
        "", "s", "e", "es", "en", "ens", "er", "ers", "ere", "t", "d", "te", "de", "ten", "den",
        "st", "ste", "je", "jes", "tje", "tjes", "pje", "pjes", "etje", "etjes",
    ];
    let [word, stem] = [word, stem].map(plainly_spelt);
    let rest = word.strip_prefix(stem.as_str());
    rest.is_some_and(|rest| ENDINGS.contains(&rest))
}

/// A word with each letter that is written twice written once, and with the letters that change before an ending: *huis*, *huizen*.
fn plainly_spelt(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for character in word.chars() {
        let character = match character {
            'z' => 's',
            'v' => 'f',
            other => other,
        };
        if !plain.ends_with(character) {
            plain.push(character);
        }
    }
    plain
}

/// A long stem with vowels that are written twice written once: *reageer*, *reager*. Short ones are different words: *maan*, *man*.
fn with_short_vowels(stem: &str) -> String {
    const LONG: usize = 6;
    if stem.len() < LONG {
        return stem.to_owned();
    }
    let mut short = String::with_capacity(stem.len());
    for character in stem.chars() {
        if !("aeou".contains(character) && short.ends_with(character)) {
            short.push(character);
        }
    }
    short
}

fn is_vowel(character: char) -> bool {
    "aeiouy".contains(character)
}

/// The stem of the verb that a Dutch word may be a form of: of *belt*, *belde*, *gebeld* and *opgebeld*. Only other forms of a verb
/// have it too; *plant* is none of the plural of *plan*.
pub fn verb(word: &str) -> Option<String> {
    const APART: [&str; 17] = [
        "aan", "af", "bij", "door", "in", "mee", "na", "om", "op", "over", "samen", "terug", "toe",
        "uit", "vast", "voor", "weg",
    ];
    const SHORTEST: usize = 3;
    let is_verb = |base: &str| base.len() >= SHORTEST && base.contains(is_vowel);
    let apart = APART.iter().find(|apart| {
        let rest = word.strip_prefix(**apart);
        rest.is_some_and(|rest| rest.starts_with("ge"))
    });
    let apart = apart.copied().unwrap_or_default();
    if let Some(rest) = word.strip_prefix(apart)?.strip_prefix("ge")
        && let Some(base) = rest.strip_suffix(['t', 'd']).filter(|base| is_verb(base))
        && !rest.ends_with("cht")
    {
        return Some(dutch(&format!("{apart}{base}")));
    }
    let past = ["den", "ten", "de", "te"]
        .iter()
        .find_map(|end| word.strip_suffix(end));
    let present = || {
        // An `s` before it belongs to the word, except behind a long vowel: *leest*.
        let base = word.strip_suffix('t').filter(|_| !word.ends_with("cht"))?;
        let long = ["ee", "aa", "oo", "ie", "ij", "ei", "ui", "eu", "oe"];
        let before = base.strip_suffix('s');
        before
            .is_none_or(|before| long.iter().any(|vowel| before.ends_with(vowel)))
            .then_some(base)
    };
    past.or_else(present)
        .filter(|base| is_verb(base))
        .map(dutch)
}
