//! A network of its own for the run: nothing else is on its loopback, and its congestion control is reno. Under bbr, which
//! paces also over loopback, sendfile takes twice the processor and the order of the servers turns round.

use std::process::{Command, Stdio};

const CONTROL: &str = "/proc/sys/net/ipv4/tcp_congestion_control";
const LOOPBACK: &str = "ip link set lo up 2>/dev/null || ifconfig lo up";

/// Runs this program again in a namespace and returns its code; `None`: that is not possible here.
pub fn run_inside() -> Option<i32> {
    let ways: [&[&str]; 2] = [&["-n"], &["-r", "-n"]];
    let way = ways.into_iter().find(|way| {
        let tried = Command::new("unshare")
            .args(*way)
            .args(["sh", "-c", LOOPBACK])
            .stderr(Stdio::null())
            .status();
        tried.is_ok_and(|status| status.success())
    })?;
    let program = std::env::current_exe().ok()?;
    let inside = format!("{LOOPBACK}; exec \"$0\" \"$@\" --inside");
    let status = Command::new("unshare")
        .args(way)
        .args(["sh", "-c", &inside])
        .arg(program)
        .args(std::env::args_os().skip(1))
        .status();
    Some(status.ok()?.code().unwrap_or(1))
}

/// Sets the congestion control of the namespace.
pub fn choose_congestion_control() {
    if let Err(problem) = std::fs::write(CONTROL, "reno") {
        println!("congestion control cannot be set: {problem}");
    }
}

pub fn congestion_control() -> String {
    let used = std::fs::read_to_string(CONTROL).unwrap_or_default();
    used.trim().to_owned()
}
