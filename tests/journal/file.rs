//! The file: what is written, and which files are not taken.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use docspace_tfa::{ItemOutcome as O, Status, TfaMethod};

use crate::portal::{Fault, Portal};
use crate::{bulk, chained, client, lines, place, run, run_line, store, written};

#[test]
fn every_step_stands_in_it_in_order_and_no_secret() {
    let portal = Portal::start();
    let path = place("lines");
    let (member, other) = (portal.member(), portal.member2());
    let mut first = bulk(&portal);
    first.set_parallel(1).unwrap();
    first.set_journal(&path).unwrap();
    run(
        &mut first,
        &[&member.id, &other.email, "Nobody@portal.example"],
    )
    .unwrap();
    let written = lines(&path);
    let kinds: Vec<&str> = written
        .iter()
        .map(|line| line["t"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "run", "intent", "outcome", "name", "intent", "outcome", "name"
        ]
    );
    assert_eq!(written[0]["v"], 2);
    assert_eq!(written[0]["portal"], portal.url());
    assert_eq!(written[0]["caller"], portal.owner().id);
    assert_eq!(written[0]["method"], "None");
    assert_eq!(written[1]["id"], member.id);
    let mark = written[1]["mark"].as_str().unwrap();
    assert!(
        mark.len() == 32 && !member.id.contains(&mark[..8]),
        "{mark}"
    );
    assert_eq!(written[2]["outcome"], "applied");
    assert_eq!(written[2]["status"], "DSTFA_OK");
    assert_eq!(written[2]["applied"], "yes");
    assert_eq!(written[2]["http"], 200);
    assert_eq!(written[2]["attempts"], 1);
    assert_eq!(written[2]["sessions"], "yes");
    assert_eq!(written[2]["again"], 0);
    assert_eq!(written[3]["entry"], other.email);
    assert_eq!(written[3]["id"], other.id);
    assert_eq!(written[6]["entry"], "Nobody@portal.example");
    assert_eq!(written[6]["id"], "");
    assert_eq!(written[6]["reason"], "NO_SUCH_ACCOUNT");
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("sk-") && !text.contains("confirm"), "{text}");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    drop(first);

    let mut second = bulk(&portal);
    second.set_journal(&path).unwrap();
    run(&mut second, &[&member.id]).unwrap();
    let kinds = lines(&path);
    assert_eq!(kinds.last().unwrap()["t"], "run", "it went on");
}

#[test]
fn the_intent_is_written_before_the_request_goes() {
    let portal = Portal::start();
    let path = place("before");
    let member = portal.member();
    portal.set_fault(Fault::HangBeforeAction.on("settings/tfaappnewapp"));
    let mut bulk = bulk(&portal);
    bulk.set_journal(&path).unwrap();
    bulk.add(&member.id).unwrap();
    let cancel = docspace_tfa::Cancel::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            portal.wait_for_requests(3);
            let last = lines(&path).pop().unwrap();
            assert_eq!(
                (&last["t"], &last["id"]),
                (&"intent".into(), &member.id.clone().into())
            );
            cancel.request();
        });
        let _ = bulk.run(Some(&cancel), |_, _| {});
    });
    assert_eq!(lines(&path).pop().unwrap()["outcome"], "unknown");
}

#[test]
fn two_runs_cannot_have_it_at_once() {
    let portal = Portal::start();
    let path = place("busy");
    let mut first = bulk(&portal);
    first.set_journal(&path).unwrap();
    assert!(!path.exists(), "it is made when the run begins");
    run(&mut first, &[&portal.owner().id]).unwrap();
    let error = bulk(&portal).set_journal(&path).unwrap_err();
    assert_eq!(error.status(), Status::Busy);
    drop(first);
    bulk(&portal).set_journal(&path).unwrap();
}

#[test]
fn only_a_regular_file_of_ones_own_is_taken() {
    let portal = Portal::start();
    let folder = place("kinds");
    fs::create_dir(&folder).unwrap();
    let real = folder.join("real");
    written(&real, &portal, &[]);

    let link = folder.join("link");
    symlink(&real, &link).unwrap();
    let pipe = folder.join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg("-m600")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let open = folder.join("open");
    written(&open, &portal, &[]);
    fs::set_permissions(&open, fs::Permissions::from_mode(0o640)).unwrap();
    for (path, status) in [
        (&link, Status::Argument),
        (&pipe, Status::Argument),
        (&open, Status::Argument),
        (&folder, Status::Io),
        (&folder.join("no/such/folder"), Status::Io),
    ] {
        let error = bulk(&portal).set_journal(path).unwrap_err();
        assert_eq!(error.status(), status, "{}: {error}", path.display());
        assert!(
            !error.message().contains("kinds"),
            "the path is not repeated"
        );
    }
    bulk(&portal).set_journal(&real).unwrap();
}

#[test]
fn a_torn_end_is_cut_off_and_other_ends_are_told() {
    let portal = Portal::start();
    let path = place("torn");
    written(&path, &portal, &[]);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, [&whole[..], b"{\"t\":\"intent\",\"id\":"].concat()).unwrap();
    let mut first = bulk(&portal);
    first.set_journal(&path).unwrap();
    run(&mut first, &[&portal.owner().id]).unwrap();
    assert_eq!(lines(&path).len(), 2, "both runs and nothing between them");
    drop(first);

    for bad in [&b"\0\0\0\0"[..], &[b'x'; 50_000], b"{}\n", b"\n"] {
        let bytes = [&whole[..], bad].concat();
        fs::write(&path, &bytes).unwrap();
        let error = bulk(&portal).set_journal(&path).unwrap_err();
        assert_eq!(error.status(), Status::Journal, "{bad:?}");
        assert!(error.message().contains("line 2"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn a_file_that_is_no_journal_stays_as_it_is() {
    let portal = Portal::start();
    let path = place("key");
    for text in ["sk-0123456789", "sk-0123456789\n", "\0\0", "{\"t\":\"ru"] {
        let _ = fs::remove_file(&path);
        store(&path, text.as_bytes());
        let error = bulk(&portal).set_journal(&path).unwrap_err();
        assert_eq!(error.status(), Status::Journal, "{text}");
        assert!(!error.message().contains("sk-"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_journal_of_another_run_is_not_taken() {
    let portal = Portal::start();
    let (url, owner, admin) = (portal.url(), portal.owner().id, portal.admin().id);
    let table = [
        (
            vec![run_line("https://other.example", &owner)],
            "another portal",
        ),
        (
            vec![run_line(&format!("{url}/prefix"), &owner)],
            "another portal",
        ),
        (
            vec![run_line(&url, &owner).replace("None", "App")],
            "another method",
        ),
        (
            vec![run_line(&url, &owner), run_line(&url, &admin)],
            "line 2",
        ),
    ];
    let path = place("others");
    for (lines, said) in table {
        let _ = fs::remove_file(&path);
        let text = chained(&lines.iter().collect::<Vec<_>>());
        store(&path, text.as_bytes());
        let error = bulk(&portal).set_journal(&path).unwrap_err();
        assert_eq!(error.status(), Status::Journal, "{text}");
        assert!(error.message().contains(said), "{said}: {error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    // The caller is known only once the portal was asked.
    let path = place("others");
    store(&path, chained(&[&run_line(&url, &admin)]).as_bytes());
    let mut bulk = bulk(&portal);
    bulk.set_journal(&path).unwrap();
    let error = run(&mut bulk, &[&portal.member().id]).unwrap_err();
    assert_eq!(error.status(), Status::Journal);
    assert!(error.message().contains("another caller"), "{error}");
    assert_eq!(portal.count("PUT", ""), 0);
}

#[test]
fn a_dry_run_reads_it_and_leaves_it_alone() {
    let portal = Portal::start();
    let path = place("dry");
    let member = portal.member();
    let mut real = bulk(&portal);
    real.set_journal(&path).unwrap();
    run(&mut real, &[&member.id]).unwrap();
    drop(real);
    let before = fs::read(&path).unwrap();
    portal.enrol(&member.id);

    let mut dry = client(&portal).bulk(TfaMethod::None);
    dry.set_dry_run(true).unwrap();
    dry.set_journal(&path).unwrap();
    let items = run(&mut dry, &[&member.id, &portal.member2().id]).unwrap();
    assert_eq!(
        (items[0].outcome(), items[0].from_journal()),
        (O::Skipped, true)
    );
    assert_eq!(
        (items[1].outcome(), items[1].from_journal()),
        (O::WouldApply, false)
    );
    assert_eq!(fs::read(&path).unwrap(), before);
}
