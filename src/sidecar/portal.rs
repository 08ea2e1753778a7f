//! `portal.toml` beside the folders of the series: what the association says of itself.

use toml_edit::DocumentMut;

use super::edit::edit;
use super::entries::set_value;
use super::section::document;
use super::{Broken, Read};
use crate::branding::{BrandingField, Stated};

/// Parses `portal.toml`.
///
/// # Errors
/// [`Broken`] when it is not TOML, or a value has not the form that its key needs.
pub fn read_portal(text: &str) -> Result<Read<Stated>, Broken> {
    document(text, |keys| {
        let mut stated = Stated::default();
        for field in BrandingField::ALL {
            let key = field.key();
            let Some(value) = keys.line(key)? else {
                continue;
            };
            if let Some(wanted) = field.wanted(&value) {
                return Err(keys.refuse(key, &wanted.form()));
            }
            stated.set(field, Some(value));
        }
        Ok(stated)
    })
}

/// Edits `portal.toml`; `None` creates it.
///
/// # Errors
/// As [`super::edit_series`].
pub fn edit_portal(text: Option<&str>, change: impl FnOnce(&mut Stated)) -> Result<String, Broken> {
    edit(text, read_portal, write_portal, change)
}

fn write_portal(document: &mut DocumentMut, was: &Stated, now: &Stated) {
    for field in BrandingField::ALL {
        let of = |stated: &Stated| stated.get(field).map(str::to_owned);
        set_value(document, field.key(), (&of(was), &of(now)), |value| {
            value.into()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_wrote_stays_and_what_is_wrong_is_named_with_its_line() {
        let text = "# Van ons\nname = \"Oost\" # kort\nmotto = 'x'\n\n# Het rood van de vlag\naccent = \"#aa1122\"\n";
        let read = read_portal(text).unwrap();
        assert_eq!(read.value.name.as_deref(), Some("Oost"));
        assert_eq!(
            (read.unknown[0].key.as_str(), read.unknown[0].line),
            ("motto", 3)
        );
        let edited = edit_portal(Some(text), |it| {
            it.name = Some("Jongerenwerk Oost".into());
            it.accent = None;
            it.footer = Some("Utrecht".into());
        });
        assert_eq!(
            edited.unwrap(),
            "# Van ons\nname = \"Jongerenwerk Oost\" # kort\nmotto = 'x'\nfooter = \"Utrecht\"\n\n# Het rood van de vlag\n"
        );
        for (wrong, line, words) in [
            (
                "name = \"Oost\"\naccent = \"rood\"",
                2,
                "`accent` must be a colour like #0f5e63.",
            ),
            (
                "\ncontact = \"bel ons\"",
                2,
                "`contact` must be a mail address.",
            ),
            ("name = 12", 1, "`name` must be text in quotes"),
            ("name = \"\"", 1, "`name` must be one line of text."),
            ("logo = \"../x.svg\"", 1, "`logo` must be the name of"),
            ("name = ", 1, "This is not TOML"),
        ] {
            let broken = read_portal(wrong).unwrap_err();
            assert_eq!(broken.line, line, "{wrong}");
            assert!(broken.message.contains(words), "{}", broken.message);
        }
    }
}
