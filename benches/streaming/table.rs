//! What is printed: a table for each scenario, and one of the goals.

use crate::goals::Judged;
use crate::results::Results;
use crate::scenarios::Scenario;
use crate::servers::{Kind, Server};

const COLUMN: usize = 22;

/// Each server in a scenario: medians with least and most, and the ratios to nginx.
pub fn print_scenario(scenario: &Scenario, results: &Results) {
    println!("\n{} ({})", scenario.title, scenario.name);
    let mut line = format!("{:22}", "");
    for quantity in scenario.columns() {
        line += &format!("{:COLUMN$}", quantity.name());
    }
    for quantity in scenario.compared() {
        line += &format!("{:COLUMN$}", format!("{} to nginx", quantity.name()));
    }
    println!("{}", line.trim_end());
    for kind in Kind::ALL {
        let rounds = results.rounds(scenario.name, kind);
        if rounds.is_empty() {
            continue;
        }
        let mut line = format!("{:22}", kind.name());
        for quantity in scenario.columns() {
            let figure = results.figure(scenario.name, kind, *quantity);
            line += &format!(
                "{:COLUMN$}",
                figure.map_or(String::new(), |it| it.to_string())
            );
        }
        for quantity in scenario.compared() {
            let nginx = results.nginx(scenario.name, *quantity);
            let ratio = nginx.and_then(|it| results.ratio(scenario.name, (kind, it), *quantity));
            let ratio = match nginx {
                Some(it) if it == kind => "1 (this nginx)".to_owned(),
                Some(_) | None => ratio.map_or(String::new(), |it| it.to_string()),
            };
            line += &format!("{ratio:COLUMN$}");
        }
        println!("{}", line.trim_end());
        let errors: u64 = rounds.iter().map(|round| round.errors).sum();
        let late: u64 = rounds.iter().map(|round| round.late).sum();
        if errors + late > 0 {
            println!("{:22}{errors} requests failed, {late} came late", "");
        }
    }
}

/// Own memory of each server with nobody there.
pub fn print_rest(servers: &[Server]) {
    println!("\nown memory at rest (RssAnon)");
    for server in servers {
        let mib = server.rest_kib as f64 / 1024.0;
        println!("{:22}{mib:.1} MiB", server.kind.name());
    }
}

pub fn print_goals(judged: &[Judged]) {
    println!(
        "\n{:50} {:18} {:26} verdict",
        "goal (median [least-most])", "", "measured"
    );
    for it in judged {
        let measured = format!("{} {}", it.value(), it.spread());
        let (figure, goal, verdict) = (it.figure, it.goal(), it.verdict.word());
        println!("{figure:50} {goal:18} {measured:26} {verdict}");
    }
    println!(
        "an upload of 1 GiB beside nginx DAV (goal ≥ 1.0×) is measured by: cargo bench --bench upload"
    );
}
