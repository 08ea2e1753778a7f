//! Reads `tests/fixtures/find.md`: a second catalogue, and what is asked of it and of the demonstration series.

use std::fmt::Write as _;

#[derive(Debug, Default)]
pub struct Fixture {
    pub recordings: Vec<Recording>,
    pub questions: Vec<Asked>,
    /// A question, and a text that it has to find.
    pub compounds: Vec<(String, String)>,
    /// A question, and a text that it must not find.
    pub traps: Vec<(String, String)>,
    pub families: Vec<Vec<String>>,
}

#[derive(Debug)]
pub struct Asked {
    pub question: String,
    /// Whether it is asked of the demonstration series.
    pub of_demonstration: bool,
    /// The stem of the recording that is meant.
    pub recording: String,
    /// When the sentence that is meant begins.
    pub moment_ms: Option<u64>,
}

/// A recording of the second catalogue.
#[derive(Debug, Default, Clone)]
pub struct Recording {
    pub stem: String,
    pub language: String,
    pub title: String,
    pub speakers: String,
    pub summary: String,
    pub description: String,
    pub chapters: String,
    pub handout: String,
    /// The language of each caption, with its lines: a time and what is said.
    pub lines: Vec<(String, Vec<(u64, String)>)>,
}

impl Fixture {
    pub fn read() -> Self {
        let text = include_str!("../../fixtures/find.md");
        let mut fixture = Self::default();
        let mut section = "";
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("## ") {
                section = name;
            } else if let Some(stem) = line.strip_prefix("### ") {
                fixture.recordings.push(Recording::new(stem));
            } else if section == "Second catalogue" {
                if let Some(recording) = fixture.recordings.last_mut() {
                    recording.read(line);
                }
            } else if line.starts_with("| ")
                && !line.starts_with("| question |")
                && line != "| forms |"
            {
                fixture.read_row(section, line);
            }
        }
        fixture
    }

    fn read_row(&mut self, section: &str, line: &str) {
        let cells: Vec<String> = line
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect();
        match (section, &cells[..]) {
            ("Questions", [question, catalogue, recording, moment]) => self.questions.push(Asked {
                question: question.clone(),
                of_demonstration: catalogue == "demo",
                recording: recording.clone(),
                moment_ms: (moment != "-").then(|| milliseconds(moment)),
            }),
            ("Compounds", [question, text]) => {
                self.compounds.push((question.clone(), text.clone()))
            }
            ("Traps", [question, text]) => self.traps.push((question.clone(), text.clone())),
            ("Families", [forms]) => {
                let forms = forms.split(';').map(|form| form.trim().to_owned());
                self.families.push(forms.collect());
            }
            other => panic!("a row of no table: {other:?}"),
        }
    }
}

fn milliseconds(time: &str) -> u64 {
    let (minutes, seconds) = time.split_once(':').unwrap();
    1000 * (60 * minutes.parse::<u64>().unwrap() + seconds.parse::<u64>().unwrap())
}

impl Recording {
    fn new(stem: &str) -> Self {
        Self {
            stem: stem.to_owned(),
            ..Self::default()
        }
    }

    /// One of which only the description says something.
    pub fn of_text(number: usize, text: &str) -> Self {
        Self {
            stem: format!("{number:03}-x"),
            language: "nl".into(),
            title: format!("Nr {number}"),
            description: text.to_owned(),
            ..Self::default()
        }
    }

    fn read(&mut self, line: &str) {
        let Some((key, value)) = line.split_once(':') else {
            return;
        };
        let value = value.trim().to_owned();
        match key {
            "language" => self.language = value,
            "title" => self.title = value,
            "speakers" => self.speakers = value,
            "summary" => self.summary = value,
            "description" => self.description = value,
            "chapters" => self.chapters = value,
            "handout" => self.handout = value,
            "captions" => self.lines.push((self.language.clone(), Vec::new())),
            "captions en" => self.lines.push(("en".into(), Vec::new())),
            _ => {
                let (time, text) = line.split_once(' ').unwrap();
                let (_, lines) = self.lines.last_mut().unwrap();
                lines.push((milliseconds(time), text.to_owned()));
            }
        }
    }

    pub fn sidecar(&self) -> String {
        let mut text = format!(
            "title = {:?}\nlanguage = {:?}\nsummary = {:?}\ndescription = {:?}\nvisibility = \"public\"\n",
            self.title, self.language, self.summary, self.description
        );
        for name in listed(&self.speakers) {
            write!(text, "\n[[speakers]]\nname = {name:?}\n").unwrap();
        }
        for chapter in listed(&self.chapters) {
            let (start, title) = chapter.split_once(' ').unwrap();
            write!(
                text,
                "\n[[chapters]]\nstart = \"00:0{start}\"\ntitle = {title:?}\n"
            )
            .unwrap();
        }
        text
    }

    /// Language and content of each caption file.
    pub fn captions(&self) -> Vec<(String, String)> {
        let files = self.lines.iter().map(|(language, lines)| {
            let mut text = "WEBVTT\n".to_owned();
            for (start, line) in lines {
                let time =
                    |ms: u64| format!("{:02}:{:02}.{:03}", ms / 60_000, ms / 1000 % 60, ms % 1000);
                write!(
                    text,
                    "\n{} --> {}\n{line}\n",
                    time(*start),
                    time(start + 3900)
                )
                .unwrap();
            }
            (language.clone(), text)
        });
        files.collect()
    }
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|one| !one.is_empty())
}
