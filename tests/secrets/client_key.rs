//! What is left of a client certificate's key once its client is gone.
//!
//! openssl makes the keys, in processes of its own. What is looked for is held
//! with every bit turned, so that the search does not find itself.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use docspace_tfa::{Client, Credential, Trust};
use zeroize::Zeroize;

use crate::portal::tls::Folder;
use crate::{There, scan, support};

/// So many bytes in a row are no chance.
const RUN: usize = 16;

const KEYS: [(&str, &str); 6] = [
    ("PKCS#8, RSA", "genpkey -algorithm RSA"),
    ("PKCS#1", "genrsa -traditional 2048"),
    (
        "PKCS#8, P-256",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
    ),
    ("SEC1, P-256", "ecparam -genkey -name prime256v1"),
    ("SEC1, P-384", "ecparam -genkey -name secp384r1 -noout"),
    ("PKCS#8, Ed25519", "genpkey -algorithm ED25519"),
];

/// Makes two keys, the certificate of one, and the bytes of all: $1 makes a key.
const MAKE: &str = r#"
for name in key other; do
    openssl $1 > $name
    awk '/BEGIN .*PRIVATE/ { on = 1; next } /END/ { on = 0 } on' $name > $name.text
    base64 -d < $name.text > $name.der
done
openssl req -new -x509 -subj /CN=client -key key -out certificate
openssl x509 -in certificate -outform DER > public.der
"#;

/// Runs of bytes, every bit of them turned.
type Runs = HashSet<[u8; RUN]>;

fn runs_of(path: &Path) -> Runs {
    let mut bytes = fs::read(path).unwrap();
    bytes.iter_mut().for_each(|byte| *byte = !*byte);
    // A line's end is no part of what is copied.
    let lines =
        bytes.split(|byte| *byte == !b'\n' && path.extension().is_some_and(|end| end == "text"));
    lines
        .flat_map(|line| line.windows(RUN))
        .map(|run| run.try_into().unwrap())
        .collect()
}

/// What only this key's file has, as its text, as its bytes, and with its
/// numbers turned round, as a computer keeps them.
struct Traces([Runs; 3]);

impl Traces {
    fn of(folder: &Path) -> Self {
        let own = |kind: &str| -> Runs {
            let runs = |name: &str| runs_of(&folder.join(name));
            let (key, other) = (runs(&format!("key.{kind}")), runs(&format!("other.{kind}")));
            let public = runs("public.der");
            let is_own = |run: &[u8; RUN]| !other.contains(run) && !public.contains(run);
            key.into_iter().filter(is_own).collect()
        };
        let bytes = own("der");
        let backwards = |run: &[u8; RUN]| {
            let mut run = *run;
            run.reverse();
            run
        };
        let numbers = bytes.iter().map(backwards).collect();
        Traces([own("text"), bytes, numbers])
    }

    /// How many places in memory hold a run.
    fn places(&self) -> [usize; 3] {
        // Most of memory begins like no run.
        let mut begins = vec![false; 1 << 16];
        let at = |run: &[u8]| usize::from(run[0]) << 8 | usize::from(run[1]);
        for run in self.0.iter().flatten() {
            begins[at(run) ^ 0xFFFF] = true;
        }
        let mut found = [0; 3];
        scan::memory(RUN, |piece| {
            for run in piece.windows(RUN).filter(|run| begins[at(run)]) {
                let turned: [u8; RUN] = std::array::from_fn(|at| !run[at]);
                for (found, runs) in found.iter_mut().zip(&self.0) {
                    *found += usize::from(runs.contains(&turned));
                }
            }
        });
        found
    }
}

/// Not of the parts that ring has taken it apart into, which nobody wipes.
#[test]
fn nothing_is_left_of_a_client_certificates_key() {
    if !support::has("openssl") {
        support::not_run("what is left of a client certificate's key (no openssl)");
        return;
    }
    let _alone = scan::alone();
    for (name, words) in KEYS {
        let folder = Folder::new();
        let path = |name: &str| folder.path().join(name);
        let mut shell = support::need("sh");
        let made = shell.args(["-e", "-c", MAKE, "sh", words]);
        support::succeed(made.current_dir(folder.path()));
        let traces = Traces::of(folder.path());
        let mut planted = [
            fs::read(path("key")).unwrap(),
            fs::read(path("key.der")).unwrap(),
        ];
        let [text, bytes, _] = traces.places();
        assert!(text > 0 && bytes > 0, "{name}: the search finds nothing");
        planted.iter_mut().for_each(Zeroize::zeroize);
        assert_eq!(traces.places()[..2], [0, 0], "{name}: the test keeps it");

        let there = There::start("refused, TLS that asks");
        let client = Client::builder(&there.url, Credential::api_key("sk-0").unwrap())
            .unwrap()
            .trust(Trust::AddedOnly)
            .add_ca_pem(&there.authority)
            .unwrap()
            .client_certificate(path("certificate"), path("key"))
            .unwrap()
            .build()
            .unwrap();
        let unused = traces.places();
        assert_eq!(unused[..2], [0, 0], "{name}: a client that was not used");
        // The portal knows nobody who could have signed it, but it was shown.
        let error = client.find_account("@self").unwrap_err();
        assert!(error.message().contains("certificate"), "{name}: {error}");
        let alive = traces.places();
        drop((client, error));
        let left = traces.places();
        println!("{name}: {alive:?} alive, {left:?} left of text, bytes, numbers");
        assert_eq!(alive[..2], [0, 0], "{name}: a live client");
        assert_eq!(left[..2], [0, 0], "{name}");
    }
}
