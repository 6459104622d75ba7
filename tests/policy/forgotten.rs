//! Portals forget the lists of a method that is switched off or replaced.

use docspace_tfa::TfaMethod;

use crate::portal::{Lists, Method};
use crate::{DIALECTS, Stage};

#[test]
fn switched_off_and_on_again_the_lists_are_gone() {
    for dialect in DIALECTS {
        let stage = Stage::of(dialect, Method::App).with_lists();
        let client = || stage.session_of(&stage.portal.owner());
        let kept = client().policy().unwrap();
        stage.set(&client(), TfaMethod::None).unwrap();
        let off = client().policy().unwrap();
        assert_eq!(off.method(), Some(TfaMethod::None));
        assert!(off.trusted_ips().is_empty(), "{dialect:?}");
        assert!(off.mandatory_users().is_empty());
        assert!(off.mandatory_groups().is_empty());
        stage.set(&client(), TfaMethod::App).unwrap();
        assert_eq!(stage.portal.lists(), Lists::default());
        assert_eq!(kept.trusted_ips().len(), 2, "what was read still has them");
    }
}

#[test]
fn another_method_takes_the_lists_over() {
    let stage = Stage::new(Method::App).with_lists();
    let before = stage.portal.lists();
    stage.set(&stage.owner(), TfaMethod::Sms).unwrap();
    let policy = stage.portal.policy();
    assert_eq!(policy.sms.lists(), Some(&before));
    assert_eq!(policy.app.lists(), None);
}
