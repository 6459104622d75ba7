//! Things that go wrong, and for which requests.

use std::time::Duration;

use super::envelope::{Failure, Reply};
use super::gates::Conditions;
use super::request::Request;
use super::unlink::{Step, Trouble};

/// One thing that goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The bill is open: 402.
    Unpaid,
    /// The portal is suspended or being removed: 404.
    Suspended,
    /// The portal is being restored, moved or encrypted: 403.
    Maintenance,
    /// The sender's address is not on the list; the owner passes.
    IpRestricted,
    /// The plan has no LDAP: whoever comes from there is nobody.
    NoLdap,
    /// The host leads to no portal: 500 to keys, 401 to all others.
    NoPortal,
    /// An unlink does its work as far as this step and then fails so.
    UnlinkStopsAfter(Step, Failure),
    /// An unlink does everything but the unlinking and says 200: the portal
    /// swallows what goes wrong when it stores. It does so for every setting,
    /// the other ones are always stored here.
    SaveIsLost,
    /// A gateway asks the portal twice and gives the second answer. The request
    /// was sent once and is recorded once.
    SentTwice,
    /// A page of the proxy instead of an answer.
    Html(u16),
    /// The page of the web client, with 200.
    Html200,
    /// This answer, and nothing is done.
    Answer(Reply),
    /// 301 to the same place by https.
    RedirectToHttps,
    Redirect {
        status: u16,
        location: String,
    },
    /// The answer comes later. Requests wait inside the rate limiter.
    Delay(Duration),
    HangBeforeAction,
    CloseBeforeAction,
    /// The three below do what was asked and then lose the answer.
    HangAfterAction,
    CloseAfterAction,
    AnswerAfterAction(Reply),
}

impl Fault {
    /// This status with this body instead of an answer.
    pub fn status(status: u16, content_type: &str, body: &str) -> Self {
        Self::Answer(Reply::typed(status, content_type, body))
    }

    /// A page of the proxy after the action was done.
    pub fn html_after_action(status: u16) -> Self {
        Self::AnswerAfterAction(Reply::page(status))
    }

    /// Some concern one call and leave the others, and their count, alone.
    fn path_end(&self) -> &'static str {
        match self {
            Self::UnlinkStopsAfter(..) | Self::SaveIsLost => "/settings/tfaappnewapp",
            _ => "",
        }
    }

    /// Only for paths that end so.
    pub fn on(self, path_end: &str) -> Rule {
        Rule {
            path_end: path_end.to_owned(),
            ..Rule::from(self)
        }
    }

    /// Only for this method.
    pub fn for_method(self, method: &str) -> Rule {
        Rule {
            method: Some(method.to_owned()),
            ..Rule::from(self)
        }
    }

    /// Only for the next so many requests.
    pub fn times(self, count: usize) -> Rule {
        Rule::from(self).times(count)
    }
}

/// A fault together with the requests it strikes.
#[derive(Clone, Debug)]
pub struct Rule {
    fault: Fault,
    method: Option<String>,
    path_end: String,
    part: String,
    skip: usize,
    left: Option<usize>,
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Self {
        Self {
            method: None,
            path_end: fault.path_end().to_owned(),
            part: String::new(),
            fault,
            skip: 0,
            left: None,
        }
    }
}

impl Rule {
    pub fn times(mut self, count: usize) -> Self {
        self.left = Some(count);
        self
    }

    /// Lets the first so many matching requests pass.
    pub fn after(mut self, count: usize) -> Self {
        self.skip = count;
        self
    }

    pub fn for_method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only for bodies that have this in them.
    pub fn with_body(mut self, part: &str) -> Self {
        self.part = part.to_owned();
        self
    }

    fn strikes(&mut self, request: &Request) -> bool {
        let meant = self
            .method
            .as_ref()
            .is_none_or(|wanted| *wanted == request.method)
            && request.path.ends_with(&self.path_end)
            && String::from_utf8_lossy(&request.body).contains(&self.part);
        if !meant || self.left == Some(0) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.left = self.left.map(|left| left - 1);
        true
    }
}

/// What happens at one of the two moments around the action.
#[derive(Clone, Debug)]
pub enum Mishap {
    Hang,
    Close,
    Answer(Reply),
}

/// All that befalls one request.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub conditions: Conditions,
    pub trouble: Trouble,
    pub twice: bool,
    pub delay: Option<Duration>,
    pub before: Option<Mishap>,
    pub after: Option<Mishap>,
}

impl Plan {
    /// `https` is the address of the request by https.
    pub fn of(rules: &mut [Rule], request: &Request, https: &str) -> Self {
        let mut plan = Self::default();
        for rule in rules {
            if rule.strikes(request) {
                plan.add(&rule.fault, https);
            }
        }
        plan
    }

    fn add(&mut self, fault: &Fault, https: &str) {
        let redirect = |status, location: &str| {
            Some(Mishap::Answer(
                Reply::page(status).with("Location", location),
            ))
        };
        match fault {
            Fault::Unpaid => self.conditions.unpaid = true,
            Fault::Suspended => self.conditions.suspended = true,
            Fault::Maintenance => self.conditions.maintenance = true,
            Fault::IpRestricted => self.conditions.address_refused = true,
            Fault::NoLdap => self.conditions.no_ldap = true,
            Fault::NoPortal => self.conditions.no_portal = true,
            Fault::UnlinkStopsAfter(step, failure) => {
                self.trouble.stop = Some((*step, failure.clone()));
            }
            Fault::SaveIsLost => self.trouble.save_is_lost = true,
            Fault::SentTwice => self.twice = true,
            Fault::Delay(delay) => self.delay = Some(*delay),
            Fault::Html(status) => self.before = Some(Mishap::Answer(Reply::page(*status))),
            Fault::Html200 => self.before = Some(Mishap::Answer(Reply::page(200))),
            Fault::Answer(reply) => self.before = Some(Mishap::Answer(reply.clone())),
            Fault::RedirectToHttps => self.before = redirect(301, https),
            Fault::Redirect { status, location } => self.before = redirect(*status, location),
            Fault::HangBeforeAction => self.before = Some(Mishap::Hang),
            Fault::CloseBeforeAction => self.before = Some(Mishap::Close),
            Fault::HangAfterAction => self.after = Some(Mishap::Hang),
            Fault::CloseAfterAction => self.after = Some(Mishap::Close),
            Fault::AnswerAfterAction(reply) => self.after = Some(Mishap::Answer(reply.clone())),
        }
    }
}
