//! Stories told over HTTP against a whole portal: a real router behind the real accept loop, a real SQLite file and a real
//! media folder in a temporary place, recordings made by the real ffmpeg.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a story that cannot go on has failed"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "stories start the program, make recordings with ffmpeg and look into databases of their own"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a story or a table of cases is read from top to bottom"
)]

mod said;
mod support;

mod access;
mod addresses;
mod alike;
mod answered_alike;
mod answers_in_a_row;
mod api;
mod architecture;
mod archive;
mod asked_by_another;
mod association;
mod audit;
mod bounded;
mod broken_off;
mod caching;
mod caption_kinds;
mod caption_mistakes;
mod caption_mistakes_desk;
mod captions;
mod captions_typed;
mod catalogue;
mod classes;
mod clock;
mod command_line;
mod confined;
mod conflicts;
mod cursors;
mod demonstration;
mod desk;
mod desk_files;
mod desk_input;
mod desk_lists;
mod desk_many;
mod desk_shared;
mod doors;
mod downloads_under_way;
mod embedding;
mod feeds;
mod fields;
mod files_on_disk;
mod finding;
mod floods;
mod forgiving;
mod found_within;
mod guessing;
mod hand_outs;
mod hand_outs_updated;
mod hand_overs;
mod handed_out;
mod heard_out;
mod hidden;
mod hostile_media;
mod intake;
mod kept;
mod leftovers;
mod licence;
mod links;
mod log;
mod mangled;
mod matrix;
mod matrix_cases;
mod mending;
mod messages;
mod messages_desk;
mod moments;
mod moves_cut;
mod moving;
mod names;
mod never_was;
mod notices;
mod numbered_anew;
mod odd_places;
mod pages;
mod patience;
mod people;
mod people_cli;
mod pictures;
mod playback;
mod podcasts;
mod probe_story;
mod processing;
mod processing_crash;
mod promise;
mod proxy_cache;
mod publication;
mod publication_kept;
mod publishing;
mod qualities;
mod queue;
mod ranges_at_random;
mod ranges_over_the_wire;
mod readiness;
mod refused_at_once;
mod said_once;
mod searching;
mod seen_out;
mod sent_earlier;
mod series_removed;
mod servers;
mod sharing;
mod sharing_whom;
mod sign_ins;
mod signals;
mod sound_alone;
mod timed_lines;
mod timing;
mod two_spellings;
mod unchanged;
mod unsafe_code;
mod uploads;
mod uploads_asked;
mod uploads_content;
mod uploads_crash;
mod uploads_form;
mod uploads_power;
mod uploads_proxy;
mod uploads_taken;
mod vanishing;
mod waiting;
mod wiped;

mod absent;
mod accept;
mod hostile;
mod hostile_cases;
mod hostile_desk;
mod hostile_files;
mod hostile_text;
mod smuggling;
mod smuggling_cases;
mod spellings;
