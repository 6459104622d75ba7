//! What a journal says of former runs, and what a run that goes on does about
//! it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::line::{IntentLine, Line, NameLine, Outcome, OutcomeLine, RunLine, Unread};
use crate::account::AccountId;
use crate::error::{Applied, Reason, Status};

/// Writes are counted over so long.
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// What a journal says of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Past {
    Nothing,
    /// Changed, or seen unlinked after it was asked for.
    Applied,
    /// Asked for and refused.
    Refused(Status, Reason),
    /// Refused without having been asked for: to be judged anew.
    Again,
    /// Asked for, and nobody knows what came of it.
    Open(Open),
}

/// A change that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    /// What the request carried; `None` where the journal does not tell.
    pub(crate) mark: Option<Box<str>>,
    /// How it failed, if the run lived to see it.
    pub(crate) status: Option<Status>,
    pub(crate) at: SystemTime,
}

/// What to do about an open change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resume {
    /// The portal's own trail has it: applied.
    Proven,
    /// The app is unlinked now; whether by that change is not known.
    Unlinked,
    /// It stays unknown.
    Unknown,
    Send,
}

/// `is_found`: whether the trail has the mark; `link`: whether the app is seen
/// linked now. Neither age nor clock has a say: who is linked may have linked
/// again since.
pub(crate) fn resume(is_found: bool, link: Option<bool>, retry_unknown: bool) -> Resume {
    match link {
        _ if is_found => Resume::Proven,
        Some(false) => Resume::Unlinked,
        _ if retry_unknown => Resume::Send,
        _ => Resume::Unknown,
    }
}

/// Former runs, line by line.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The first run line: later ones must agree with it.
    pub(super) first: Option<RunLine>,
    runs: u32,
    /// By address in lower case.
    pub(super) names: HashMap<Arc<str>, Name>,
    pub(super) accounts: HashMap<AccountId, Account>,
    /// Intents of the last day, in the order of the file.
    pub(super) recent: Vec<SystemTime>,
    /// Asked for since the last change that the portal answered, and open.
    pub(super) unsettled: HashSet<AccountId>,
    /// When it was put together from a damaged one: lines may be missing.
    salvaged: Option<SystemTime>,
}

/// Whose an address is.
#[derive(Debug)]
pub(super) struct Name {
    /// As it stands in the journal.
    pub(super) entry: Arc<str>,
    /// `None`: nobody's.
    pub(super) id: Option<AccountId>,
    /// The line that names it first.
    pub(super) line: u32,
}

#[derive(Debug, Default)]
pub(super) struct Account {
    /// The line that names it first.
    pub(super) line: u32,
    pub(super) entry: Option<Arc<str>>,
    asked: Option<Asked>,
    /// What came of that.
    pub(super) told: Option<Told>,
    /// What stood before that, if it meant more than that nothing was sent.
    former: Option<Box<(Asked, Option<Told>)>>,
    pub(super) sessions_ended: bool,
    /// They were the sessions of the one who ended them.
    own_ended: bool,
    /// Whether the app was seen linked since.
    pub(super) seen: Option<bool>,
}

/// An intent.
#[derive(Debug, Clone)]
struct Asked {
    mark: Option<Box<str>>,
    at: SystemTime,
    run: u32,
}

/// An outcome.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) outcome: Outcome,
    pub(super) status: Option<Status>,
    pub(super) applied: Applied,
    pub(super) reason: Reason,
    pub(super) http: u16,
    pub(super) attempts: u32,
    pub(super) verified: bool,
    pub(super) again: bool,
}

impl Told {
    fn of(line: &OutcomeLine) -> Self {
        Told {
            outcome: line.outcome,
            status: line.status,
            applied: line.applied,
            reason: line.reason,
            http: line.http,
            attempts: line.attempts,
            verified: line.verified != 0,
            again: line.again != 0,
        }
    }

    /// Nothing was sent, so it changes nothing.
    fn is_again(&self) -> bool {
        self.outcome == Outcome::Refused && self.again
    }
}

impl History {
    /// Takes the line of that number.
    pub(super) fn take(&mut self, line: Line, number: u32, now: SystemTime) -> Result<(), Unread> {
        if self.first.is_none() && !matches!(line, Line::Run(_)) {
            return Err(Unread::Damaged);
        }
        match line {
            Line::Run(run) => self.run(run)?,
            Line::Name(name) => self.name(name, number),
            Line::Intent(intent) => self.intent(intent, number, now)?,
            Line::Outcome(outcome) => self.outcome(&outcome, number)?,
            Line::Seen(seen) => {
                if seen.linked == Some(false) {
                    self.unsettled.remove(&seen.id);
                }
                self.account(seen.id, number).seen = seen.linked;
            }
            Line::Sessions(line) => {
                let account = self.account(line.id, number);
                account.sessions_ended |= line.ended == Some(true);
                account.own_ended |= line.caller == line.id;
            }
            Line::Salvaged(line) => {
                self.salvaged = Some(line.at);
                self.unsettled.clear();
            }
        }
        Ok(())
    }

    fn run(&mut self, run: RunLine) -> Result<(), Unread> {
        self.runs += 1;
        let first = self.first.get_or_insert_with(|| run.clone());
        if first.portal != run.portal || first.caller != run.caller || first.method != run.method {
            return Err(Unread::Mixed);
        }
        Ok(())
    }

    fn name(&mut self, line: NameLine, number: u32) {
        let key: Arc<str> = key(&line.entry).into();
        let entry = if *key == *line.entry {
            Arc::clone(&key)
        } else {
            line.entry.into()
        };
        let name = self.names.entry(key).or_insert_with(|| Name {
            entry: Arc::clone(&entry),
            id: None,
            line: number,
        });
        if let Some(id) = line.id {
            name.id = Some(id);
            self.account(id, number).entry = Some(entry);
        }
    }

    fn account(&mut self, id: AccountId, number: u32) -> &mut Account {
        self.accounts.entry(id).or_insert_with(|| Account {
            line: number,
            ..Account::default()
        })
    }

    fn intent(&mut self, line: IntentLine, number: u32, now: SystemTime) -> Result<(), Unread> {
        let is_mark = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if line.mark.len() != 32 || !line.mark.bytes().all(is_mark) {
            return Err(Unread::Damaged);
        }
        if now.duration_since(line.at).is_ok_and(|age| age < DAY) {
            self.recent.push(line.at);
        }
        self.unsettled.insert(line.id);
        let run = self.runs;
        let account = self.account(line.id, number);
        let asked = Asked {
            mark: Some(line.mark.into()),
            at: line.at,
            run,
        };
        let before = account.asked.replace(asked);
        let told = account.told.take();
        account.former = match before {
            Some(before) if !told.is_some_and(|told| told.is_again()) => {
                Some(Box::new((before, told)))
            }
            _ => None,
        };
        account.sessions_ended = false;
        account.seen = None;
        Ok(())
    }

    fn outcome(&mut self, line: &OutcomeLine, number: u32) -> Result<(), Unread> {
        let told = Told::of(line);
        // Never believed against its own word.
        if told.outcome == Outcome::Refused && told.applied != Applied::No {
            return Err(Unread::Damaged);
        }
        let run = self.runs;
        let account = self.account(line.id, number);
        if told.is_again() {
            if account.not_sent(told, line.at, run) {
                self.unsettled.remove(&line.id);
            }
            return Ok(());
        }
        account.told = Some(told);
        account.former = None;
        account.sessions_ended |= line.sessions == Some(true);
        let asked = account.asked.get_or_insert(Asked {
            mark: None,
            at: line.at,
            run,
        });
        if told.outcome == Outcome::Applied {
            // Nobody asks for it any more.
            asked.mark = None;
        }
        if told.outcome == Outcome::Unknown {
            self.unsettled.insert(line.id);
        } else {
            self.unsettled.clear();
        }
        Ok(())
    }

    pub(super) fn past(&self, id: &AccountId) -> Past {
        match (self.accounts.get(id), self.salvaged) {
            (Some(account), salvaged) => account.past(salvaged),
            (None, None) => Past::Nothing,
            (None, Some(at)) => Past::Open(Open {
                mark: None,
                status: None,
                at,
            }),
        }
    }

    /// What `pick` takes of the accounts, in the order of the file.
    pub(super) fn list<T>(&self, pick: impl Fn(&AccountId, &Account) -> Option<T>) -> Vec<T> {
        let picked = |(id, account): (_, &Account)| Some((account.line, pick(id, account)?));
        let mut list: Vec<_> = self.accounts.iter().filter_map(picked).collect();
        list.sort_unstable_by_key(|(line, _)| *line);
        list.into_iter().map(|(_, picked)| picked).collect()
    }

    /// Those that are open and have a mark.
    pub(super) fn open_marks(&self) -> Vec<(AccountId, String)> {
        self.list(|id, account| match account.past(self.salvaged) {
            Past::Open(open) => Some((*id, open.mark?.into_string())),
            _ => None,
        })
    }

    /// Those whose sessions may live on after a change; who was seen linked
    /// again is among them only with `all`.
    pub(super) fn without_sessions(&self, all: bool) -> Vec<(AccountId, String)> {
        self.list(|id, account| {
            let past = account.past(self.salvaged);
            let live_on = matches!(past, Past::Applied | Past::Open(_))
                && !account.sessions_ended
                && !account.own_ended
                && (all || account.seen != Some(true));
            live_on.then(|| (*id, account.entry(id)))
        })
    }
}

impl Account {
    /// An outcome after which nothing was sent. It is the word on the intent of
    /// this run, if there is one; what was asked for before that stays as it was.
    /// False: it is no word on what stands open.
    fn not_sent(&mut self, told: Told, at: SystemTime, run: u32) -> bool {
        let is_answer = match &self.asked {
            None => true,
            Some(asked) => match self.told {
                None => asked.run == run,
                Some(told) => told.is_again(),
            },
        };
        let nothing = Asked {
            mark: None,
            at,
            run,
        };
        if is_answer {
            let former = self.former.take().map(|former| *former);
            let (asked, told) = former.unwrap_or((nothing, Some(told)));
            (self.asked, self.told) = (Some(asked), told);
        }
        is_answer
    }

    fn past(&self, salvaged: Option<SystemTime>) -> Past {
        let is_settled = self.seen == Some(false);
        match (&self.asked, self.told) {
            (_, Some(told)) if told.outcome == Outcome::Applied => Past::Applied,
            (_, Some(told)) if told.outcome == Outcome::Refused && !told.again => {
                Past::Refused(told.status.unwrap_or(Status::Rejected), told.reason)
            }
            (_, Some(told)) if told.is_again() && salvaged.is_none() => Past::Again,
            (None, _) if salvaged.is_none() => Past::Nothing,
            (Some(_), _) if is_settled && salvaged.is_none() => Past::Applied,
            (asked, told) => Past::Open(Open {
                mark: asked.as_ref().and_then(|asked| asked.mark.clone()),
                status: told.and_then(|told| told.status),
                at: match (asked, salvaged) {
                    (Some(asked), _) => asked.at,
                    (None, at) => at.unwrap_or(SystemTime::UNIX_EPOCH),
                },
            }),
        }
    }

    /// Something was asked for, or refused.
    pub(super) fn is_begun(&self) -> bool {
        self.asked.is_some()
    }

    /// Its address, or else its id.
    pub(super) fn entry(&self, id: &AccountId) -> String {
        match &self.entry {
            Some(entry) => String::from(&**entry),
            None => id.to_string(),
        }
    }
}

/// Addresses are the same whatever their case.
pub(super) fn key(entry: &str) -> String {
    entry.trim().to_lowercase()
}

#[cfg(test)]
mod tests;
