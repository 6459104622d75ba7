//! What these tests share.

use std::time::{Duration, Instant};

use docspace_tfa::{AccountId, Change, Client, ClientBuilder, Credential, Error, TfaMethod, Trust};

use crate::portal::crude::Crude;
use crate::portal::{Account, Fault, Portal, Reply};

pub const UNLINK: &str = "settings/tfaappnewapp";
/// Generous: the machine may be busy with other things.
pub const AT_MOST: Duration = Duration::from_secs(2);
pub const KEY: &str = "sk-0123456789abcdef0123456789abcdef";
pub const ID: &str = "5b8f2c1a-4d3e-4f60-9a7b-0c1d2e3f4a5b";

/// A refusal, or a failure, that tells its exception.
pub const EXCEPTION: &str = r#"{"error":{"message":"It went wrong.","type":"System.NullReferenceException","stack":"at ASC","hresult":-1},"status":1,"statusCode":500}"#;
pub const ENVELOPE: &str = r#"{"response":"","count":1,"links":[],"status":0,"statusCode":200}"#;
pub const JSON: &str = "application/json; charset=utf-8";

/// A client that acts as the owner of the portal.
pub fn owner(portal: &Portal) -> ClientBuilder {
    let key = portal.key_of(&portal.owner());
    Client::builder(&portal.url(), Credential::api_key(&key).unwrap())
        .unwrap()
        .trust(Trust::AddedOnly)
        .add_ca_file(portal.ca_file())
        .unwrap()
}

/// A client of a crude listener.
pub fn of_crude(crude: &Crude) -> ClientBuilder {
    of_url(&crude.url()).add_ca_pem(&crude.ca_pem()).unwrap()
}

pub fn of_url(url: &str) -> ClientBuilder {
    Client::builder(url, Credential::api_key(KEY).unwrap())
        .unwrap()
        .trust(Trust::AddedOnly)
}

pub fn change(builder: ClientBuilder, account: &Account) -> Result<Change, Error> {
    change_id(builder, &account.id)
}

pub fn change_id(builder: ClientBuilder, id: &str) -> Result<Change, Error> {
    let client = builder.build().unwrap();
    client.change_method(&AccountId::parse(id).unwrap(), TfaMethod::None)
}

/// Changes that reached the portal.
pub fn changes(portal: &Portal) -> usize {
    portal.count("PUT", UNLINK)
}

/// Looks at one account that reached the portal.
pub fn looks(portal: &Portal, account: &Account) -> usize {
    portal.count("GET", &format!("people/{}", account.id))
}

pub fn answered(status: u16, kind: &str, body: &str) -> Fault {
    Fault::Answer(Reply::typed(status, kind, body))
}

/// How long `work` takes, in parts of which nothing is asserted but "not
/// for ever".
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// Waits for what no event tells.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..5000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("{what}: did not come");
}
