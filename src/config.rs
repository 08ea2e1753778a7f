//! Every setting: name, default, meaning. In: the command line, `TERUGKIJKEN_…` variables and `terugkijken.toml`, in that
//! order of weight. Out: one checked [`Config`], or sentences that name what is wrong. The doc comments below are the
//! manual: `terugkijken config` prints them as a template.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use confique::{Config as _, meta::FieldKind, toml::FormatOptions};
use ipnet::IpNet;
use jiff::tz::TimeZone;
use tracing_subscriber::filter::Targets;

use crate::branding::{BrandingField, Fixed, FixedBy, Logo, Stated, rgb};
use crate::catalogue::licence::Licence;
use crate::catalogue::name::is_visible;
use crate::catalogue::recording::{self, Visibility};
use crate::embed_sites::EmbedSites;
use crate::error::{Error, Result};

/// The settings file that is read when no other is given and it exists.
pub const FILE: &str = "terugkijken.toml";

/// The settings of the portal.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(derive(Clone, Default, Debug)))]
pub struct Config {
    /// Address and port on which the portal answers. Keep it on 127.0.0.1 behind nginx or Caddy.
    #[config(env = "TERUGKIJKEN_LISTEN", default = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The address people use, such as `https://training.example.org`. Links in feeds, mails and embeds begin with it.
    /// Without it the listen address is used, which only works on this machine.
    #[config(env = "TERUGKIJKEN_BASE_URL")]
    pub base_url: Option<String>,

    /// The folder with the recordings: every folder in it is a series.
    #[config(env = "TERUGKIJKEN_MEDIA", default = "media")]
    pub media: PathBuf,

    /// The folder for what the program makes: the catalogue and smaller pictures. Must be on a local disk.
    #[config(env = "TERUGKIJKEN_DATA", default = "data")]
    pub data: PathBuf,

    /// Who may see a recording when neither its own file nor its series.toml says so: "draft" or "public".
    #[config(env = "TERUGKIJKEN_NEW_RECORDINGS", default = "draft")]
    pub new_recordings: NewRecordings,

    /// Minutes between two looks at the media folder.
    #[config(env = "TERUGKIJKEN_SCAN_MINUTES", default = 5)]
    pub scan_minutes: u32,

    /// Days after which what lies in the trash is wiped for good, with its files; 0 keeps it until someone wipes it.
    #[config(env = "TERUGKIJKEN_TRASH_DAYS", default = 30)]
    pub trash_days: u32,

    /// The largest file that can be uploaded, in MB.
    #[config(env = "TERUGKIJKEN_UPLOAD_MB", default = 51_200)]
    pub upload_mb: u64,

    /// Space on the disk of the media folder that uploads leave free, in MB.
    #[config(env = "TERUGKIJKEN_FREE_MB", default = 2_048)]
    pub free_mb: u64,

    /// What one coordinator may have under way at once, in MB: all files that have begun and are not whole yet.
    #[config(env = "TERUGKIJKEN_UPLOADS_MB", default = 204_800)]
    pub uploads_mb: u64,

    /// Days after which an upload that was not gone on with is given up.
    #[config(env = "TERUGKIJKEN_UPLOAD_DAYS", default = 7)]
    pub upload_days: u32,

    /// The name of the portal, at the top of every page. This setting and the next four about the association can also be set at the
    /// desk, which keeps them in portal.toml in the media folder; what is set here outweighs that. Without either: Terugkijken.
    #[config(env = "TERUGKIJKEN_NAME")]
    pub name: Option<String>,

    /// A picture file (SVG, PNG, JPEG or WebP) to show instead of the name.
    #[config(env = "TERUGKIJKEN_LOGO")]
    pub logo: Option<PathBuf>,

    /// The accent colour as #rrggbb. Where it would be hard to read, a darker or lighter shade of it is used. Without it: #0f5e63.
    #[config(env = "TERUGKIJKEN_ACCENT")]
    pub accent: Option<String>,

    /// Whom to tell about a hole in the security of the portal: a mail address or an https address, for `security.txt`.
    #[config(env = "TERUGKIJKEN_SECURITY_CONTACT")]
    pub security_contact: Option<String>,

    /// Sites that may show the player in a frame: "everywhere", "nowhere", or their addresses with spaces between them, such as
    /// `https://vereniging.nl https://*.partner.nl`. The portal itself always may. This keeps browsers from showing it
    /// elsewhere; it does not keep anyone from watching.
    #[config(env = "TERUGKIJKEN_EMBED_SITES", default = "everywhere")]
    pub embed_sites: String,

    /// The licence under which others may use recordings when neither they nor their series say so, such as "cc-by-4.0" or
    /// "all-rights-reserved". Without it nothing is said. What was once given under Creative Commons cannot be taken back.
    #[config(env = "TERUGKIJKEN_LICENCE")]
    pub licence: Option<String>,

    /// The mail address for questions, and for people who are in a recording and have something to ask.
    #[config(env = "TERUGKIJKEN_CONTACT")]
    pub contact: Option<String>,

    /// A line at the foot of every page, for instance the name and seat of the association.
    #[config(env = "TERUGKIJKEN_FOOTER")]
    pub footer: Option<String>,

    /// The time zone of dates and planned moments.
    #[config(env = "TERUGKIJKEN_TIME_ZONE", default = "Europe/Amsterdam")]
    pub time_zone: String,

    /// Connections that may be open at the same time; the next ones wait.
    #[config(env = "TERUGKIJKEN_CONNECTIONS", default = 4096)]
    pub connections: usize,

    /// Connections that may be open from one address (an office of 60 laptops opens 360), and answers under way for one visitor behind a trusted proxy; the next ones wait.
    /// Connections from this machine, private networks and trusted proxies are not counted.
    #[config(env = "TERUGKIJKEN_CONNECTIONS_PER_ADDRESS", default = 1024)]
    pub connections_per_address: usize,

    /// Addresses of proxies in front of the portal, such as ["127.0.0.1"], also as networks ("10.0.0.0/8"). What they say
    /// in X-Forwarded-For is believed, and only used to slow down whoever guesses passwords
    /// and to share connections fairly.
    #[config(env = "TERUGKIJKEN_TRUSTED_PROXIES", default = [], parse_env = confique::env::parse::list_by_comma)]
    pub trusted_proxies: Vec<String>,

    /// Whether the kernel sends recordings by itself (sendfile, Linux), which takes a quarter of the work. Switch it off when a disk or
    /// a kernel gives trouble with it, or when recordings are written over in their place while somebody watches.
    #[config(env = "TERUGKIJKEN_ZERO_COPY", default = true)]
    pub zero_copy: bool,

    /// The program that makes recordings play everywhere: its name or its path. Empty: recordings are offered as they came.
    #[config(env = "TERUGKIJKEN_FFMPEG", default = "ffmpeg")]
    pub ffmpeg: String,

    /// What it makes beside that: "none" (nothing at all), "small" (360p and the sound alone, for weak lines) or "all" (720p as well).
    #[config(env = "TERUGKIJKEN_RENDITIONS", default = "small")]
    pub renditions: Renditions,

    /// The room on the disk that all of that may take, in MB; 0: as much as there is.
    #[config(env = "TERUGKIJKEN_RENDITIONS_MB", default = 0)]
    pub renditions_mb: u64,

    /// The pictures of recordings without one, from frames of the film: "automatic" (the best frame by itself where no visitor comes yet,
    /// a proposal to coordinators elsewhere), "proposed" (a proposal everywhere) or "none".
    #[config(env = "TERUGKIJKEN_PICTURES", default = "automatic")]
    pub pictures: Pictures,

    /// How many of them are made at once, by the program that serves.
    #[config(env = "TERUGKIJKEN_WORKERS", default = 1)]
    pub workers: usize,

    /// How far such programs stand back for viewers, from 0 (not at all) to 19 (whenever anybody wants the processor).
    #[config(env = "TERUGKIJKEN_NICENESS", default = 19)]
    pub niceness: i32,

    /// The memory that one such program may take, in MB.
    #[config(env = "TERUGKIJKEN_PROCESSING_MEMORY_MB", default = 1_500)]
    pub processing_memory_mb: u64,

    /// How the log looks: "human" or "json".
    #[config(env = "TERUGKIJKEN_LOG_FORMAT", default = "human")]
    pub log_format: LogFormat,

    /// What the log tells: "error", "warn", "info", "debug" or "trace", also per part of the program. Libraries only warn.
    #[config(env = "TERUGKIJKEN_LOG", default = "info")]
    pub log: String,
}

/// What is made of recordings for playing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Renditions {
    None,
    Small,
    All,
}

/// How recordings get a picture from their film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pictures {
    Automatic,
    Proposed,
    None,
}

/// Visibility of new recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NewRecordings {
    Draft,
    Public,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Human,
    Json,
}

/// Settings from the command line, which override environment variables and the file.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Flags {
    /// Settings file (default: terugkijken.toml, when there is one)
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port on which the portal answers
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Folder with the recordings
    #[arg(long, global = true, value_name = "FOLDER")]
    pub media: Option<PathBuf>,
    /// Folder for what the program makes
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// The address people use, such as `https://training.example.org`
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub base_url: Option<String>,
}

/// Settings of which each may be unset.
type Layer = <Config as confique::Config>::Layer;

impl Config {
    /// Loads and checks the settings. The error is a sentence for the administrator that names the setting.
    pub fn load(flags: &Flags) -> Result<Self> {
        let stated = Layer {
            listen: flags.listen,
            media: flags.media.clone(),
            data: flags.data.clone(),
            base_url: flags.base_url.clone(),
            ..Layer::default()
        };
        let file = flags.config.clone().unwrap_or_else(|| PathBuf::from(FILE));
        if flags.config.is_some() && !file.is_file() {
            let file = file.display();
            return Err(Error::internal(format!(
                "settings: there is no file {file}"
            )));
        }
        refuse_unknown_keys(&file)?;
        let config = Self::builder().preloaded(stated).env().file(&file).load();
        let config = config.map_err(|problem| Error::internal(format!("settings: {problem}")))?;
        config.checked()
    }

    /// The settings of a portal in one folder, with defaults for everything else; for tests.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let stated = Layer {
            media: Some(folder.join("media")),
            data: Some(folder.join("data")),
            ..Layer::default()
        };
        Self::builder()
            .preloaded(stated)
            .load()
            .map_err(Error::internal)
    }

    /// A commented template of the settings file.
    pub fn template() -> String {
        confique::toml::template::<Self>(FormatOptions::default())
    }

    /// The beginning of absolute addresses, without a trailing slash. The Host header is never used, because the visitor chooses
    /// it.
    pub fn base(&self) -> String {
        match &self.base_url {
            Some(base) => base.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// Checks settings that appear in files and headers for others, where they must not inject anything.
    fn check_sharing(&self) -> Result<()> {
        let is_contact = |contact: &str| {
            (contact.starts_with("https://") || contact.contains('@'))
                && !contact.contains(char::is_whitespace)
        };
        if !self.security_contact.as_deref().is_none_or(is_contact) {
            return wrong("security_contact", "must be a mail or https address");
        }
        if EmbedSites::parse(&self.embed_sites).is_none() {
            return wrong(
                "embed_sites",
                "must be everywhere, nowhere or addresses like https://vereniging.nl",
            );
        }
        if self.licence.is_some() && self.licence().is_none() {
            let words: Vec<&str> = Licence::ALL.iter().map(|it| it.word).collect();
            return wrong("licence", &format!("must be one of {}", words.join(", ")));
        }
        Ok(())
    }

    /// Metadata of recordings for which neither the sidecar nor the series sets it.
    pub fn of_recordings(&self) -> recording::Metadata {
        recording::Metadata {
            visibility: Some(match self.new_recordings {
                NewRecordings::Draft => Visibility::Draft,
                NewRecordings::Public => Visibility::Public,
            }),
            download: Some(true),
            licence: self.licence(),
            ..recording::Metadata::default()
        }
    }

    /// The default licence; checked at start.
    pub fn licence(&self) -> Option<Licence> {
        Licence::parse(self.licence.as_deref()?)
    }

    /// The sites that may embed the player; checked at start.
    pub fn embed_sites(&self) -> EmbedSites {
        EmbedSites::parse(&self.embed_sites).unwrap_or(EmbedSites::Nowhere)
    }

    /// The time zone of dates and scheduled moments; checked at start.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// What the settings say of the association, with its logo; checked at start.
    pub fn branding(&self) -> Fixed {
        let stated = Stated {
            name: self.name.clone(),
            logo: self.logo.as_ref().map(|it| it.display().to_string()),
            accent: self.accent.clone(),
            contact: self.contact.clone(),
            footer: self.footer.clone(),
        };
        let by = BrandingField::ALL.into_iter().filter_map(|field| {
            stated.get(field)?;
            Some((field, set_by(field.key())))
        });
        Fixed {
            by: by.collect(),
            logo: self.logo.as_deref().and_then(Logo::read),
            stated,
        }
    }

    /// The trusted proxies; checked at start.
    pub fn proxies(&self) -> Vec<IpNet> {
        self.trusted_proxies
            .iter()
            .filter_map(|text| network(text))
            .collect()
    }

    /// Whether visitors reach the portal through TLS.
    pub fn is_secure(&self) -> bool {
        let scheme = self.base().split(':').next().map(str::to_lowercase);
        scheme.as_deref() == Some("https")
    }

    fn checked(self) -> Result<Self> {
        if let Some(base) = &self.base_url
            && !is_base_address(base)
        {
            return wrong(
                "base_url",
                &is_not(base, "an address like https://training.example.org"),
            );
        }
        self.check_sharing()?;
        if !(0..=19).contains(&self.niceness) {
            return wrong("niceness", "must be a number from 0 to 19");
        }
        if self.workers > 64 {
            return wrong("workers", "must be at most 64");
        }
        if TimeZone::get(&self.time_zone).is_err() {
            return wrong(
                "time_zone",
                &is_not(&self.time_zone, "a time zone like Europe/Amsterdam"),
            );
        }
        let mut proxies = self.trusted_proxies.iter();
        if let Some(odd) = proxies.find(|text| network(text).is_none()) {
            return wrong(
                "trusted_proxies",
                &is_not(odd, "an address like 127.0.0.1 or 10.0.0.0/8"),
            );
        }
        self.about_the_association()?;
        if !(1..=24 * 60).contains(&self.scan_minutes) {
            return wrong("scan_minutes", "must be between 1 and 1440");
        }
        if !(8..=100_000).contains(&self.connections) {
            return wrong("connections", "must be between 8 and 100000");
        }
        if !(8..=100_000).contains(&self.connections_per_address) {
            return wrong("connections_per_address", "must be between 8 and 100000");
        }
        if self.log.parse::<Targets>().is_err() {
            return wrong("log", &is_not(&self.log, "a level like info"));
        }
        Ok(self)
    }

    fn about_the_association(&self) -> Result<()> {
        if self.name.as_deref().is_some_and(|name| !is_visible(name)) {
            return wrong("name", "is empty");
        }
        if let Some(accent) = &self.accent
            && rgb(accent).is_none()
        {
            return wrong("accent", &is_not(accent, "a colour like #0f5e63"));
        }
        if let Some(contact) = &self.contact
            && (!contact.contains('@')
                || contact.chars().any(|c| c.is_whitespace() || c.is_control()))
        {
            return wrong("contact", &is_not(contact, "a mail address"));
        }
        if let Some(logo) = &self.logo
            && !logo.is_file()
        {
            return wrong("logo", &format!("there is no file {}", logo.display()));
        }
        Ok(())
    }
}

fn wrong<T>(setting: &str, sentence: &str) -> Result<T> {
    Err(Error::internal(format!("setting {setting}: {sentence}")))
}

fn is_not(text: &str, wanted: &str) -> String {
    format!("\"{text}\" is not {wanted}")
}

/// Refuses unknown settings, so that a misspelt one is not ignored silently.
fn refuse_unknown_keys(file: &Path) -> Result<()> {
    let Ok(text) = std::fs::read_to_string(file) else {
        return Ok(());
    };
    let Ok(table) = text.parse::<toml_edit::DocumentMut>() else {
        return Ok(());
    };
    let is_known = |key: &str| Config::META.fields.iter().any(|field| field.name == key);
    let Some((key, _)) = table.iter().find(|(key, _)| !is_known(key)) else {
        return Ok(());
    };
    let sentence = format!("{} has an unknown setting \"{key}\"", file.display());
    Err(Error::internal(format!("settings: {sentence}")))
}

/// Whether the text is a scheme and a host with an optional port; a path is not allowed, because links are root-relative.
fn is_base_address(base: &str) -> bool {
    let Ok(uri) = base.parse::<axum::http::Uri>() else {
        return false;
    };
    matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some()
        && uri.path() == "/"
        && uri.query().is_none()
}

/// A network from its text; a single address is a network of one.
fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// Which source sets a setting that is set: a variable outweighs the file, and no flag sets it.
fn set_by(setting: &str) -> FixedBy {
    let field = Config::META.fields.iter().find(|it| it.name == setting);
    let variable = field.and_then(|field| match field.kind {
        FieldKind::Leaf { env, .. } => env,
        FieldKind::Nested { .. } => None,
    });
    match variable.filter(|name| std::env::var_os(name).is_some_and(|it| !it.is_empty())) {
        Some(name) => FixedBy::Variable(name),
        None => FixedBy::SettingsFile,
    }
}
