//! A fuzzer for machines without one: changes entries of the corpus by a fixed
//! random sequence, so that a run can be repeated and one input of it found
//! again by its number.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Inputs are not made longer.
const LONGEST: usize = 4096;

/// Pieces that mean something in heads, JSON, URLs and PEM.
const WORDS: [&str; 32] = [
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 100 \r\n",
    "\r\n\r\n",
    "\n",
    "Set-Cookie: asc_confirm_key_TfaActivation=1.A; a\r\n",
    "set-cookie:",
    "Retry-After: ",
    "X-RateLimit-Reset: 18446744073709551615\r\n",
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
    "Content-Type: text/plain\r\n",
    "\"response\":",
    "\"error\":{\"message\":\"",
    "\"statusCode\":200",
    "\"status\":0",
    "\"id\":\"11111111-2222-3333-4444-555555555555\"",
    "\"displayName\":\"",
    "{",
    "}",
    "[",
    "]",
    "null",
    "1e999",
    "-9223372036854775809",
    "\\ud800",
    "\u{202e}",
    "&#x202e;",
    "https://",
    "http://[::1]:0",
    "@",
    "%00",
    "-----BEGIN CERTIFICATE-----\n",
    "-----END CERTIFICATE-----\n",
];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`; 0 if that is 0.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

struct Arguments {
    runs: u64,
    seconds: u64,
    seed: u64,
    only: Option<u64>,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Option<Self> {
        let mut it = Arguments {
            runs: u64::MAX,
            seconds: 60,
            seed: 1,
            only: None,
        };
        while let Some(word) = words.next() {
            let value = words.next()?.parse().ok()?;
            match word.as_str() {
                "--runs" => (it.runs, it.seconds) = (value, u64::MAX),
                "--seconds" => (it.runs, it.seconds) = (u64::MAX, value),
                "--seed" => it.seed = value,
                "--only" => it.only = Some(value),
                _ => return None,
            }
        }
        Some(it)
    }
}

/// Runs `target` over the corpus as it is, then over changed entries of it.
pub fn drive(name: &str, target: fn(&[u8])) -> ExitCode {
    let Some(arguments) = Arguments::read(std::env::args().skip(1)) else {
        eprintln!("usage: {name} [--runs N | --seconds N] [--seed N] [--only N]");
        return ExitCode::from(2);
    };
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "no corpus");
    let longest = Duration::from_secs(arguments.seconds);
    let started = Instant::now();
    let (from, to) = match arguments.only {
        Some(number) => (number, number.saturating_add(1)),
        None => (0, arguments.runs),
    };
    let mut ran = 0u64;
    for number in from..to {
        // The clock is slower than a target.
        if number % 256 == 0 && started.elapsed() >= longest {
            break;
        }
        let input = make(&corpus, arguments.seed, number);
        if catch_unwind(AssertUnwindSafe(|| target(&input))).is_err() {
            eprintln!(
                "{name}: found by --seed {} --only {number}:",
                arguments.seed
            );
            eprintln!("{}", input.escape_ascii());
            return ExitCode::FAILURE;
        }
        ran += 1;
    }
    println!(
        "{name}: {ran} executions, seed {}, {} entries, {:.1} s: nothing found",
        arguments.seed,
        corpus.len(),
        started.elapsed().as_secs_f64()
    );
    ExitCode::SUCCESS
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder that can be read").path())
        .collect();
    paths.sort();
    let read = |path| fs::read(path).expect("a file that can be read");
    paths.iter().map(read).collect()
}

/// Input `number` of a run: first the corpus itself.
fn make(corpus: &[Vec<u8>], seed: u64, number: u64) -> Vec<u8> {
    let plain = usize::try_from(number).ok().and_then(|at| corpus.get(at));
    if let Some(entry) = plain {
        return entry.clone();
    }
    let mut random = Random(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ number);
    random.next();
    let mut input = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(6) {
        change(&mut input, corpus, &mut random);
    }
    input.truncate(LONGEST);
    input
}

fn change(input: &mut Vec<u8>, corpus: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() + 1);
    let until = (at + 1 + random.below(16)).min(input.len());
    match random.below(9) {
        0 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => {
            let value = random.byte();
            if let Some(byte) = input.get_mut(at) {
                *byte = value;
            }
        }
        2 => {
            let value = [0, 9, 10, 13, b'"', b'\\', 0x7f, 0xff][random.below(8)];
            input.insert(at, value);
        }
        3 => drop(input.drain(at.min(until)..until)),
        4 => {
            let piece = input[at.min(until)..until].to_vec();
            let to = random.below(input.len() + 1);
            input.splice(to..to, piece);
        }
        5 => {
            let word = WORDS[random.below(WORDS.len())];
            input.splice(at..at, word.bytes());
        }
        6 => {
            let word = WORDS[random.below(WORDS.len())];
            input.splice(at.min(until)..until, word.bytes());
        }
        7 => input.truncate(at),
        _ => {
            let other = &corpus[random.below(corpus.len())];
            let from = random.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
    }
}
