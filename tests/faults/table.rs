//! The matrix as a table: one line for each fault and what came of it.

use crate::row::{Place, Row, is_tls};
use crate::run::Came;

const HEADS: [&str; 8] = [
    "fault",
    "transport",
    "status",
    "reason",
    "applied",
    "retry",
    "requests",
    "cases",
];

#[derive(PartialEq)]
struct Line {
    cells: [String; 6],
    requests: (usize, usize),
    cases: usize,
}

pub fn render<'a>(played: impl Iterator<Item = (&'a Row, &'a Came)>) -> String {
    let mut lines: Vec<Line> = Vec::new();
    for (row, came) in played {
        let cells = cells(row, came);
        if let Some(line) = lines.iter_mut().find(|line| line.cells == cells) {
            line.cases += 1;
            line.requests.0 = line.requests.0.min(came.requests);
            line.requests.1 = line.requests.1.max(came.requests);
        } else {
            let requests = (came.requests, came.requests);
            lines.push(Line {
                cells,
                requests,
                cases: 1,
            });
        }
    }
    let rows: Vec<Vec<String>> = lines.into_iter().map(Line::texts).collect();
    let mut widths = HEADS.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.len());
        }
    }
    let mut text = line(&HEADS.map(str::to_owned), &widths);
    text += &line(&widths.map(|width| "-".repeat(width)), &widths);
    for row in rows {
        text += &line(&row, &widths);
    }
    text
}

fn cells(row: &Row, came: &Came) -> [String; 6] {
    let transport = match row.place {
        Place::Crude(carrier) if is_tls(carrier) => "TLS",
        _ => "plain",
    };
    let status = came
        .status
        .map_or("OK".to_owned(), |status| format!("{status:?}"));
    [
        row.fault.clone(),
        transport.to_owned(),
        status,
        format!("{:?}", came.reason),
        format!("{:?}", came.applied),
        if came.retry { "yes" } else { "no" }.to_owned(),
    ]
}

impl Line {
    fn texts(self) -> Vec<String> {
        let (least, most) = self.requests;
        let mut cells = self.cells.to_vec();
        cells.push(if least == most {
            least.to_string()
        } else {
            format!("{least}-{most}")
        });
        cells.push(self.cases.to_string());
        cells
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded: Vec<String> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:width$}"))
        .collect();
    format!("{}\n", padded.join(" | ").trim_end())
}
