//! What the association says of itself on every page: its name, logo, accent colour, mail address and footer. In: what the settings say,
//! and what `portal.toml` in the media folder says. Out: the one [`Branding`] that pages draw with, which changes while the program
//! runs. No file in the media folder is read here.

pub mod logo;

use std::sync::{Arc, PoisonError, RwLock};

pub use logo::Logo;

use crate::catalogue::name::is_visible;

/// The name of a portal that says none.
pub const DEFAULT_NAME: &str = "Terugkijken";

/// The accent colour of a portal that says none.
pub const DEFAULT_ACCENT: &str = "#0f5e63";

/// Red, green and blue of [`DEFAULT_ACCENT`].
const DEFAULT_RGB: [u8; 3] = [0x0f, 0x5e, 0x63];

/// The longest name in characters: it stands on one line of a phone with the tools beside it, and in every title.
pub const LONGEST_NAME: usize = 80;

/// The longest mail address in characters (RFC 5321 §4.5.3.1.3, without its brackets).
pub const LONGEST_CONTACT: usize = 254;

/// The longest footer in characters: two lines of a wide page.
pub const LONGEST_FOOTER: usize = 300;

/// What pages draw with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branding {
    pub name: String,
    /// `None`: the name is shown.
    pub logo: Option<Logo>,
    /// The accent colour as it was said.
    pub accent: String,
    pub contact: Option<String>,
    pub footer: Option<String>,
}

impl Branding {
    /// The branding that `stated` makes, with defaults for what it leaves out.
    fn of(stated: Stated, logo: Option<Logo>) -> Self {
        Self {
            name: stated.name.unwrap_or_else(|| DEFAULT_NAME.to_owned()),
            logo,
            accent: stated.accent.unwrap_or_else(|| DEFAULT_ACCENT.to_owned()),
            contact: stated.contact,
            footer: stated.footer,
        }
    }

    /// The accent colour as red, green and blue.
    pub fn accent_rgb(&self) -> [u8; 3] {
        rgb(&self.accent).unwrap_or(DEFAULT_RGB)
    }
}

/// What one source says; what it leaves out, the next source says. Of the logo it says the name of its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    pub name: Option<String>,
    pub logo: Option<String>,
    pub accent: Option<String>,
    pub contact: Option<String>,
    pub footer: Option<String>,
}

impl Stated {
    /// What it says of a field.
    pub fn get(&self, field: BrandingField) -> Option<&str> {
        match field {
            BrandingField::Name => &self.name,
            BrandingField::Logo => &self.logo,
            BrandingField::Accent => &self.accent,
            BrandingField::Contact => &self.contact,
            BrandingField::Footer => &self.footer,
        }
        .as_deref()
    }

    /// Sets what it says of a field.
    pub fn set(&mut self, field: BrandingField, value: Option<String>) {
        let place = match field {
            BrandingField::Name => &mut self.name,
            BrandingField::Logo => &mut self.logo,
            BrandingField::Accent => &mut self.accent,
            BrandingField::Contact => &mut self.contact,
            BrandingField::Footer => &mut self.footer,
        };
        *place = value;
    }

    /// This, completed with what `below` says of the fields that this leaves out.
    fn above(&self, below: &Self) -> Self {
        let mut both = self.clone();
        for field in BrandingField::ALL {
            if both.get(field).is_none() {
                both.set(field, below.get(field).map(str::to_owned));
            }
        }
        both
    }
}

/// What an association may say of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrandingField {
    Name,
    Logo,
    Accent,
    Contact,
    Footer,
}

impl BrandingField {
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Logo,
        Self::Accent,
        Self::Contact,
        Self::Footer,
    ];

    /// The name of the setting, of the key in `portal.toml` and of the field in a form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Logo => "logo",
            Self::Accent => "accent",
            Self::Contact => "contact",
            Self::Footer => "footer",
        }
    }

    /// What a value has to be, when this is none.
    pub fn wanted(self, value: &str) -> Option<Wanted> {
        let most = match self {
            Self::Name => LONGEST_NAME,
            Self::Contact => LONGEST_CONTACT,
            Self::Footer => LONGEST_FOOTER,
            Self::Logo | Self::Accent => usize::MAX,
        };
        let is_one_line = !value.contains(char::is_control);
        match self {
            _ if value.chars().count() > most => Some(Wanted::AtMost(most)),
            Self::Name | Self::Footer if !is_visible(value) || !is_one_line => Some(Wanted::Line),
            Self::Accent if rgb(value).is_none() => Some(Wanted::Colour),
            Self::Contact if !is_mail_address(value) => Some(Wanted::MailAddress),
            Self::Logo if !logo::is_name(value) => Some(Wanted::Picture),
            _ => None,
        }
    }
}

/// What the value of a field has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// At most so many characters.
    AtMost(usize),
    /// One line of which a reader sees something.
    Line,
    Colour,
    MailAddress,
    /// The name of a picture file beside the folders of the series.
    Picture,
}

impl Wanted {
    /// The same for whoever edits the file: `must be …`.
    pub fn form(self) -> String {
        match self {
            Self::AtMost(most) => format!("must have at most {most} characters"),
            Self::Line => "must be one line of text".to_owned(),
            Self::Colour => "must be a colour like #0f5e63".to_owned(),
            Self::MailAddress => "must be a mail address".to_owned(),
            Self::Picture => {
                "must be the name of an SVG, PNG, JPEG or WebP file in the media folder".to_owned()
            }
        }
    }
}

/// Where a field is set that the desk cannot change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedBy {
    /// An environment variable of this name.
    Variable(&'static str),
    SettingsFile,
}

/// What the settings say, which outweighs `portal.toml` and stays as long as the program runs.
#[derive(Debug, Default)]
pub struct Fixed {
    pub stated: Stated,
    /// The logo that they name; `None` too when it cannot be shown.
    pub logo: Option<Logo>,
    /// Where each field that they set is set.
    pub by: Vec<(BrandingField, FixedBy)>,
}

/// The branding of now. Cheap to clone: pages ask for it at each request, and wait for no disk.
#[derive(Debug, Clone)]
pub struct CurrentBranding(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    fixed: Fixed,
    now: RwLock<(Stated, Arc<Branding>)>,
}

impl CurrentBranding {
    /// What the settings and the defaults make, until [`Self::set`] says more.
    pub fn new(fixed: Fixed) -> Self {
        let branding = Branding::of(fixed.stated.clone(), fixed.logo.clone());
        let now = RwLock::new((Stated::default(), Arc::new(branding)));
        Self(Arc::new(Inner { fixed, now }))
    }

    /// The branding of now.
    pub fn now(&self) -> Arc<Branding> {
        let now = self.0.now.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&now.1)
    }

    /// What `portal.toml` said when it could last be read.
    pub fn stated(&self) -> Stated {
        let now = self.0.now.read().unwrap_or_else(PoisonError::into_inner);
        now.0.clone()
    }

    /// Puts what `portal.toml` says now into force, with the logo that it names.
    pub fn set(&self, stated: Stated, logo: Option<Logo>) {
        let fixed = &self.0.fixed;
        let logo = match self.fixed_by(BrandingField::Logo) {
            Some(_) => fixed.logo.clone(),
            None => logo,
        };
        let branding = Branding::of(fixed.stated.above(&stated), logo);
        let mut now = self.0.now.write().unwrap_or_else(PoisonError::into_inner);
        *now = (stated, Arc::new(branding));
    }

    /// Where a field is set that `portal.toml` cannot change; `None` when it can.
    pub fn fixed_by(&self, field: BrandingField) -> Option<FixedBy> {
        let mut by = self.0.fixed.by.iter();
        by.find(|(fixed, _)| *fixed == field).map(|(_, by)| *by)
    }

    /// What the settings say of a field.
    pub fn fixed(&self, field: BrandingField) -> Option<&str> {
        self.0.fixed.stated.get(field)
    }
}

/// Red, green and blue of `#rrggbb`.
pub fn rgb(text: &str) -> Option<[u8; 3]> {
    let digits = text
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_hexdigit()))?;
    let channel = |from: usize| u8::from_str_radix(&digits[from..from + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// Whether this can stand in a link to write a mail to: something on both sides of the last `@`, and no spaces.
pub fn is_mail_address(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(person, domain)| !person.is_empty() && !domain.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"?&#".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_settings_say_outweighs_the_file_and_the_file_the_defaults() {
        let fixed = Fixed {
            stated: Stated {
                name: Some("Vast".into()),
                ..Stated::default()
            },
            logo: None,
            by: vec![
                (BrandingField::Name, FixedBy::SettingsFile),
                // Its file cannot be shown, and no other logo comes in its place.
                (BrandingField::Logo, FixedBy::SettingsFile),
            ],
        };
        let current = CurrentBranding::new(fixed);
        assert_eq!(current.now().name, "Vast");
        assert_eq!(current.now().accent, DEFAULT_ACCENT);
        let stated = Stated {
            name: Some("Ander".into()),
            accent: Some("#aa1122".into()),
            footer: Some("Utrecht".into()),
            ..Stated::default()
        };
        let logo = Logo::of("svg", b"<svg/>".to_vec());
        current.set(stated, Some(logo));
        let now = current.now();
        assert_eq!((now.name.as_str(), &now.logo), ("Vast", &None));
        assert_eq!(now.accent_rgb(), [0xaa, 0x11, 0x22]);
        assert_eq!(now.footer.as_deref(), Some("Utrecht"));
        current.set(Stated::default(), None);
        assert_eq!(current.now().accent_rgb(), rgb(DEFAULT_ACCENT).unwrap());
        assert_eq!(current.now().footer, None);
    }

    #[test]
    fn a_value_has_the_form_that_its_field_needs() {
        use BrandingField::{Accent, Contact, Footer, Logo, Name};
        for (field, good) in [
            (Name, "Jongerenwerk Oost"),
            (Name, "שלום"),
            (Accent, "#AA1122"),
            (Contact, "hallo@example.org"),
            (Contact, "hallo@bücher.example"),
            (Footer, "Vereniging Voorbeeld, Utrecht"),
            (Logo, "portal.svg"),
            (Logo, "Ons beeldmerk.PNG"),
        ] {
            assert_eq!(field.wanted(good), None, "{good}");
        }
        let long = "x".repeat(81);
        for (field, bad, wanted) in [
            (Name, "\u{200b}", Wanted::Line),
            (Name, "a\nb", Wanted::Line),
            (Name, long.as_str(), Wanted::AtMost(80)),
            (Accent, "rood", Wanted::Colour),
            (Accent, "#12345", Wanted::Colour),
            (Accent, "#+1+2+3", Wanted::Colour),
            (Accent, "#ééé", Wanted::Colour),
            (Contact, "hallo", Wanted::MailAddress),
            (Contact, "@example.org", Wanted::MailAddress),
            (Contact, "hallo@", Wanted::MailAddress),
            (Contact, "a b@example.org", Wanted::MailAddress),
            (Contact, "a@example.org?cc=b@c", Wanted::MailAddress),
            (Footer, "\u{2800}", Wanted::Line),
            (Logo, "../logo.png", Wanted::Picture),
            (Logo, ".logo.png", Wanted::Picture),
            (Logo, "logo.gif", Wanted::Picture),
            (Logo, "svg", Wanted::Picture),
        ] {
            assert_eq!(field.wanted(bad), Some(wanted), "{bad}");
        }
    }
}
