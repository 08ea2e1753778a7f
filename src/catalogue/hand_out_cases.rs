//! What may be a hand-out by itself, name by name.

use super::*;

/// Judges a file beside a recording with the stem `01-talk`.
fn judged(rest: &str) -> Result<(), Unfit> {
    let name = format!("01-talk.{rest}");
    let words = rest.rsplit_once('.').map_or("", |(words, _)| words);
    judge(&name, words)
}

#[test]
fn every_kind_is_a_hand_out_by_itself() {
    for kind in KINDS {
        for ending in kind.endings {
            assert_eq!(judged(&format!("werkblad.{ending}")), Ok(()), "{ending}");
            assert!(!runs(ending), "{ending}");
            let capitals = ending.to_uppercase();
            assert_eq!(judged(&format!("Werkblad.{capitals}")), Ok(()), "{ending}");
        }
    }
}

#[test]
fn a_name_that_is_near_to_another_kind_is_none_of_it() {
    for fine in [
        "pdf",
        "txt",
        "snapchat.pdf",
        "snapchat-uitleg.txt",
        "chatten-met-jongeren.pdf",
        "een-chat-voeren.pdf",
        "tomlinson.pdf",
        "new.pdf",
        "participants-guide.pdf",
        "partituur.pdf",
        "conflict-op-straat.pdf",
        "werkblad.v2.docx",
    ] {
        assert_eq!(judged(fine), Ok(()), "{fine}");
    }
}

#[test]
fn what_programs_leave_behind_is_no_hand_out() {
    for left in [
        "mp4.part",
        "mp4.part1",
        "mp4.part-Frag3.part",
        "mp4.crdownload",
        "mp4.aria2",
        "mp4.filepart",
        "mp4.tmp",
        "mp4.ytdl",
        "mp4.opdownload",
        "mp4.download",
        "mp4.partial",
        "mp4.PART",
        "nl.vtt~",
        "nl.vtt.bak",
        "werkblad.pdf.bak2",
        "werkblad.pdf.~1~",
        "werkblad.pdf.old",
        "werkblad.pdf.orig",
        "werkblad.pdf.save",
        "werkblad.pdf.rej",
        "werkblad.pdf.new",
        "werkblad.pdf.swp",
        "werkblad.pdf.kate-swp",
        "werkblad.pdf.sb-1a2b3c4d-AbCdEf",
        "werkblad.docx#",
        "~$werkblad.docx",
        "~lock.werkblad.odt#",
        "werkblad.lnk",
        "werkblad.sync-conflict-20260101-101010-ABCDEFG.pdf",
        "werkblad (conflicted copy 2026-01-01 101010).pdf",
        "werkblad (Conflicterende kopie van Mira 2026-01-01).pdf",
        "werkblad_conflict-20260101-101010.pdf",
        "werkblad (SFConflict mira@example.org 2026-01-01-10-10-10).pdf",
    ] {
        assert_eq!(judged(left), Err(Unfit::Leftover), "{left}");
    }
}

#[test]
fn a_sidecar_under_another_name_is_never_a_hand_out() {
    for sidecar in [
        "toml~",
        "toml.bak",
        "toml.orig",
        "toml.txt",
        "toml.pdf",
        "toml.gz",
        "toml_old",
        "toml2",
        "TOML.bak",
        "toml (1)",
        "toml.~1~",
        "oud.toml.zip",
        "yaml",
        "yml",
        "nfo",
        "description",
        "json",
        "xml",
        "info.json",
        "nl.info.json",
    ] {
        assert_eq!(judged(sidecar), Err(Unfit::Sidecar), "{sidecar}");
        assert!(!Unfit::Sidecar.may_be_named());
    }
}

#[test]
fn the_chat_of_a_meeting_is_no_hand_out() {
    for chat in [
        "chat.txt",
        "Chat.TXT",
        "chat (1).txt",
        "meeting_saved_chat.txt",
        "meeting_saved_new_chat.txt",
        "meeting_saved_closed_caption.txt",
        "closed_caption.txt",
        "GMT20260101-090000_Recording.txt",
        "GMT20260101-090000_RecordingnewChat.txt",
        "bbb-Training[public-chat]_2026-01-01.txt",
        "Training (2026-01-01 at 10_00 GMT+1) – Chat.txt",
        "Training.sbv",
        "sbv",
        "ChatLog Training 2026_01_01 10_00.rtf",
        "chat.html",
        "live_chat.json",
        "WhatsApp-chat met Mira.txt",
        "chatberichten.csv",
    ] {
        assert_eq!(judged(chat), Err(Unfit::Chat), "{chat}");
    }
    for (name, words) in [
        ("GMT20260101-090000_Recording.txt", ""),
        ("GMT20260101-090000_RecordingnewChat.txt", ""),
        ("chat.txt", ""),
    ] {
        assert_eq!(judge(name, words), Err(Unfit::Chat), "{name}");
    }
    // The recording is about chats, and so is its text.
    assert_eq!(judge("05-chat-en-meer.txt", ""), Ok(()));
    assert_eq!(judge("05-chat-en-meer.werkblad.txt", "werkblad"), Ok(()));
}

#[test]
fn who_was_there_is_asked_about() {
    for people in [
        "transcript.txt",
        "transcript.docx",
        "Training – Transcript.docx",
        "attendance report.csv",
        "participants_12345.csv",
        "presentielijst.xlsx",
        "meeting chat.docx",
        "chat.pdf",
    ] {
        assert_eq!(judged(people), Err(Unfit::People), "{people}");
    }
}

#[test]
fn everything_else_is_asked_about() {
    for other in [
        "quiz.h5p",
        "dia.key",
        "pagina.html",
        "plaat.svg",
        "spel.exe",
        "zonder",
        "ass",
        "ttml",
        "link.url",
        "data.json",
        "les.ggb",
        "leeg.",
        "werkblad.pdf ",
    ] {
        assert_eq!(judged(other), Err(Unfit::Kind), "{other}");
    }
}
