//! No thread of a run is left once its call has returned.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::{env, fs};

use crate::portal::Portal;
use crate::{add_all, bulk};

const NAME: &str = "threads::none_is_left_when_a_call_returns";
const ALONE: &str = "DSTFA_BULK_ALONE";
/// The kernel takes it down: nothing of the program runs on it any more.
const PF_EXITING: u64 = 4;

/// How many threads of runs there are in this program.
fn count() -> usize {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let lives = |stat: &str| {
        let (name, rest) = stat.rsplit_once(") ").unwrap();
        let flags: u64 = rest.split(' ').nth(6).unwrap().parse().unwrap();
        name.ends_with("(dstfa-bulk") && flags & PF_EXITING == 0
    };
    tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok())
        .filter(|stat| lives(stat))
        .count()
}

/// In a program of its own, without other tests' runs.
#[test]
fn none_is_left_when_a_call_returns() {
    if env::var_os(ALONE).is_none() {
        let mut command = Command::new(env::current_exe().unwrap());
        let output = command.args([NAME, "--exact"]).env(ALONE, "1").output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
        return;
    }
    let portal = Portal::start();
    let accounts = portal.add_many(30);
    let (mut left, mut most) = (0, 0);
    let mut steps = bulk(&portal);
    // Most of them are settled without a request: threads end as they begin.
    for _ in 0..50 {
        add_all(&mut steps, &accounts);
    }
    while steps.step(None).unwrap().is_some() {
        left += count();
    }
    for _ in 0..20 {
        let mut whole = bulk(&portal);
        add_all(&mut whole, &accounts[..4]);
        whole.run(None, |_, _| most = most.max(count())).unwrap();
        left += count();
    }
    let mut broken = bulk(&portal);
    add_all(&mut broken, &accounts);
    let ran = catch_unwind(AssertUnwindSafe(|| {
        broken.run(None, |_, _| panic!("on purpose"))
    }));
    assert!(ran.is_err());
    left += count();
    assert!(most > 0, "threads are seen while they live");
    assert_eq!(left, 0, "threads were left behind");
}
