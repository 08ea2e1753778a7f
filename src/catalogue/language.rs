//! The tag of a language, in one spelling. In: a tag as people and programs write it. Out: the tag with the shortest code (RFC 5646
//! §2.2.1), in lower case.

/// Codes of three letters of languages that have one of two (ISO 639-2 and 639-3, the bibliographic ones too), and codes of two that were
/// replaced by others.
const SHORTER: &str = "aar aa abk ab afr af aka ak alb sq amh am ara ar arg an arm hy asm as ava av ave ae aym ay aze az bak ba bam bm \
    baq eu bel be ben bn bih bh bis bi bod bo bos bs bre br bul bg bur my cat ca ces cs cha ch che ce chi zh chu cu chv cv cor kw cos co \
    cre cr cym cy cze cs dan da deu de div dv dut nl dzo dz ell el eng en epo eo est et eus eu ewe ee fao fo fas fa fij fj fin fi fra fr \
    fre fr fry fy ful ff geo ka ger de gla gd gle ga glg gl glv gv gre el grn gn guj gu hat ht hau ha heb he her hz hin hi hmo ho hrv hr \
    hun hu hye hy ibo ig ice is ido io iii ii iku iu ile ie ina ia ind id ipk ik isl is ita it jav jv jpn ja kal kl kan kn kas ks kat ka \
    kau kr kaz kk khm km kik ki kin rw kir ky kom kv kon kg kor ko kua kj kur ku lao lo lat la lav lv lim li lin ln lit lt ltz lb lub lu \
    lug lg mac mk mah mh mal ml mao mi mar mr may ms mkd mk mlg mg mlt mt mon mn mri mi msa ms mya my nau na nav nv nbl nr nde nd ndo ng \
    nep ne nld nl nno nn nob nb nor no nya ny oci oc oji oj ori or orm om oss os pan pa per fa pli pi pol pl por pt pus ps que qu roh rm \
    ron ro rum ro run rn rus ru sag sg san sa sin si slk sk slo sk slv sl sme se smo sm sna sn snd sd som so sot st spa es sqi sq srd sc \
    srp sr ssw ss sun su swa sw swe sv tah ty tam ta tat tt tel te tgk tg tgl tl tha th tib bo tir ti ton to tsn tn tso ts tuk tk tur tr \
    twi tw uig ug ukr uk urd ur uzb uz ven ve vie vi vol vo wel cy wln wa wol wo xho xh yid yi yor yo zha za zho zh zul zu \
    iw he in id ji yi";

/// The one spelling of a tag (`nl` of `NL`, `dut` and `nld`; `pt-br` of `pt_BR`); `None` when the text is no tag (BCP 47, the usual part) or
/// its language does not exist.
pub fn tag(text: &str) -> Option<String> {
    let tag = text.to_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next().filter(|part| {
        (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase())
    })?;
    let mut rest = parts.map(|part| {
        let is_part =
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_part.then_some(part)
    });
    let fits = rest.all(|part| part.is_some()) && tag.len() <= 35;
    let shortest = shortest(primary);
    (fits && exists(shortest)).then(|| format!("{shortest}{}", &tag[primary.len()..]))
}

/// Codes that stand for no language: undetermined, several, uncoded, and nothing that is said (ISO 639-2).
const NO_LANGUAGE: [&str; 4] = ["und", "mul", "mis", "zxx"];

/// Whether a code in its shortest spelling is one of ISO 639, and not only looks like one.
fn exists(code: &str) -> bool {
    let is_known = match code.len() {
        2 => isolang::Language::from_639_1(code).is_some() || is_shorter(code),
        _ => isolang::Language::from_639_3(code).is_some(),
    };
    is_known && !NO_LANGUAGE.contains(&code)
}

fn is_shorter(code: &str) -> bool {
    SHORTER
        .split_whitespace()
        .skip(1)
        .step_by(2)
        .any(|it| it == code)
}

/// What a language calls itself, by its code in the shortest spelling.
pub fn own_name(code: &str) -> Option<&'static str> {
    let language = match code.len() {
        2 => isolang::Language::from_639_1(code),
        _ => isolang::Language::from_639_3(code),
    };
    language?.to_autonym()
}

fn shortest(code: &str) -> &str {
    let mut words = SHORTER.split_whitespace();
    while let (Some(longer), Some(shorter)) = (words.next(), words.next()) {
        if longer == code {
            return shorter;
        }
    }
    code
}

/// The tag that somebody means who asks for a language in another spelling: the same one, a less precise one (RFC 4647 §3.4), or the
/// only one of that language.
pub fn nearest<'a>(there: &'a [String], asked: &str) -> Option<&'a String> {
    let asked = tag(asked)?;
    let mut range = Some(asked.as_str());
    while let Some(tag) = range {
        if let Some(found) = there.iter().find(|it| *it == tag) {
            return Some(found);
        }
        range = tag.rsplit_once('-').map(|(shorter, _)| shorter);
    }
    let primary = |tag: &str| tag.split('-').next().map(str::to_owned);
    let mut alike = there.iter().filter(|it| primary(it) == primary(&asked));
    alike.next().filter(|_| alike.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_one_spelling() {
        for (text, expected) in [
            ("nl", Some("nl")),
            ("NL", Some("nl")),
            ("dut", Some("nl")),
            ("nld", Some("nl")),
            ("DUT", Some("nl")),
            ("nl_NL", Some("nl-nl")),
            ("nld-BE", Some("nl-be")),
            ("fry", Some("fy")),
            ("ger", Some("de")),
            ("deu", Some("de")),
            ("pt_BR", Some("pt-br")),
            ("pap", Some("pap")),
            ("iw", Some("he")),
            ("zh-Hant", Some("zh-hant")),
            ("ary", Some("ary")),
            ("sv", Some("sv")),
            ("cc", None),
            ("xx", None),
            ("xxx", None),
            ("und", None),
            ("zxx", None),
            ("handout", None),
            ("n", None),
            ("nl-../x", None),
            ("", None),
        ] {
            assert_eq!(tag(text).as_deref(), expected, "{text}");
        }
        let words: Vec<&str> = SHORTER.split_whitespace().collect();
        for pair in words.chunks(2) {
            assert_eq!(tag(pair[0]).as_deref(), Some(pair[1]));
            assert_eq!(tag(pair[1]).as_deref(), Some(pair[1]), "once is enough");
        }
    }

    #[test]
    fn another_spelling_means_the_nearest_tag() {
        let there = ["nl", "pt-br", "zh-hant", "zh-hans"].map(str::to_owned);
        for (asked, expected) in [
            ("dut", Some("nl")),
            ("nl-NL", Some("nl")),
            ("pt", Some("pt-br")),
            ("por", Some("pt-br")),
            ("zh", None),
            ("en", None),
            ("..", None),
        ] {
            assert_eq!(
                nearest(&there, asked).map(String::as_str),
                expected,
                "{asked}"
            );
        }
    }
}
