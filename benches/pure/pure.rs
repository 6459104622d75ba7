//! What the library makes to send, and does with an answer once it is there.
//! Without a network, so that the figures are of the library alone.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use docspace_tfa::fuzzing::parts::{Answer, request};

const ID: &str = "aae1e103-bca5-9fa1-ba8c-42058b4abf28";
const OTHERS: &str = r#"{"response":"","count":1,"links":[{"href":"https://portal.example.com/api/2.0/settings/tfaappnewapp","action":"PUT"}],"status":0,"statusCode":200,"ok":true}"#;
const OWN: &str = r#"{"response":"https://portal.example.com/confirm/TfaActivation?type=TfaActivation&key=123456789012.ABCDEFGHIJKLMNOPQRSTUVWXYZ012345&uid=aae1e103-bca5-9fa1-ba8c-42058b4abf28","count":1,"links":[{"href":"https://portal.example.com/api/2.0/settings/tfaappnewapp","action":"PUT"}],"status":0,"statusCode":200,"ok":true}"#;
const REFUSED: &str = r#"{"error":{"message":"Access denied","type":"System.Security.SecurityException","stack":"   at ASC.Web.Api.Controllers.Settings.TfaappController.TfaAppNewApp(TfaRequestsDto inDto)","hresult":-2146233078},"status":1,"statusCode":403}"#;
const ACCOUNT: &str = r#"{"response":{"id":"aae1e103-bca5-9fa1-ba8c-42058b4abf28","firstName":"Anna","lastName":"Example","displayName":"Anna Example","userName":"anna.example","email":"anna@example.com","status":1,"activationStatus":1,"isOwner":false,"isAdmin":false,"isRoomAdmin":true,"isVisitor":false,"isCollaborator":false,"tfaAppEnabled":true,"department":"","workFrom":"2024-01-15T00:00:00.0000000Z","avatar":"/static/images/avatar.png","profileUrl":"https://portal.example.com/accounts/view/anna.example","hasAvatar":false,"isAnonim":false,"isLDAP":false,"isSSO":false,"quotaLimit":-1,"usedSpace":0},"count":1,"links":[{"href":"https://portal.example.com/api/2.0/people/aae1e103-bca5-9fa1-ba8c-42058b4abf28","action":"GET"}],"status":0,"statusCode":200,"ok":true}"#;

fn requests(criterion: &mut Criterion) {
    let sent = format!(r#"{{"type":"None","id":"{ID}"}}"#);
    assert_eq!(request(ID).ok(), Some(sent.into_bytes()));
    criterion.bench_function("build: request", |bencher| {
        bencher.iter(|| request(black_box(ID)));
    });
}

fn answers(criterion: &mut Criterion) {
    for (name, status, body, is_done) in [
        ("somebody else's change", 200, OTHERS, true),
        ("own change, login URL", 200, OWN, true),
        ("refusal", 403, REFUSED, false),
    ] {
        let answer = Answer::new(status, body);
        let parsed = answer.parse();
        assert_eq!(answer.decide(&parsed), is_done, "{name}");
        criterion.bench_function(&format!("parse: {name}"), |bencher| {
            bencher.iter(|| black_box(&answer).parse());
        });
        criterion.bench_function(&format!("decide: {name}"), |bencher| {
            bencher.iter(|| black_box(&answer).decide(black_box(&parsed)));
        });
    }
}

fn accounts(criterion: &mut Criterion) {
    let answer = Answer::new(200, ACCOUNT);
    assert_eq!(answer.is_linked(), Some(true));
    criterion.bench_function("parse: account", |bencher| {
        bencher.iter(|| black_box(&answer).is_linked());
    });
}

criterion_group! {
    name = pure;
    config = Criterion::default().measurement_time(Duration::from_secs(3));
    targets = requests, answers, accounts
}
criterion_main!(pure);
