//! Pages of people and the conditions they are chosen by.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::account::{Account, Kind, Life, Origin};
use super::dialect::Dialect;
use super::envelope::Misfit;
use super::request::Request;

/// A page asked for.
#[derive(Debug, Default)]
pub struct Filter {
    start: usize,
    count: usize,
    words: Vec<String>,
    any_word: bool,
    sort: Sort,
    descending: bool,
    status: Status,
    kinds: Vec<i64>,
    administrators: bool,
    activation: Option<i64>,
    origin: Option<i64>,
    area: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Status {
    #[default]
    Any,
    Active,
    Terminated,
    Pending,
    /// A number no account has.
    None,
}

/// What accounts are sorted by. Every key but the address may be shared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Sort {
    #[default]
    FirstName,
    LastName,
    Type,
    Email,
    /// Department, used space, creator and day of registration: here all
    /// accounts have the same.
    Equal,
}

impl Sort {
    /// An unknown word silently means the first name.
    fn of(word: &str, dialect: Dialect) -> Self {
        match word.to_lowercase().as_str() {
            "lastname" => Self::LastName,
            "type" => Self::Type,
            "email" if dialect.sorts_by_email() => Self::Email,
            "department" | "usedspace" | "createdby" | "registrationdate" => Self::Equal,
            _ => Self::FirstName,
        }
    }

    /// Active before pending before terminated, whatever the direction is. No
    /// other order looks at that.
    fn rank(self, account: &Account) -> u8 {
        match account.life {
            _ if !matches!(self, Self::FirstName | Self::LastName) => 0,
            Life::Active => 0,
            Life::Pending => 1,
            Life::Terminated | Life::Removed => 2,
        }
    }

    fn key(self, account: &Account) -> String {
        let text = match self {
            Self::FirstName | Self::LastName if account.life == Life::Pending => &account.email,
            Self::FirstName => &account.first_name,
            Self::LastName => &account.last_name,
            Self::Email => &account.email,
            Self::Type => return format!("{} {}", kind_number(account), account.first_name),
            Self::Equal => return String::new(),
        };
        text.to_lowercase()
    }
}

fn kind_number(account: &Account) -> i64 {
    match account.kind {
        Kind::RoomAdmin => 1,
        Kind::Guest => 2,
        Kind::Owner | Kind::Admin => 3,
        Kind::User => 4,
        Kind::Outside => 0,
    }
}

impl Filter {
    /// The plain list knows the paging and text parameters only, and shows
    /// active accounts only.
    pub fn read(request: &Request, filtered: bool, dialect: Dialect) -> Result<Self, Misfit> {
        let number = |name: &str| match request.parameter(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => text
                .parse::<i64>()
                .map(Some)
                .map_err(|_| Misfit::new(name, &format!("The value '{text}' is not valid."))),
        };
        let text = |name: &str| request.parameter(name).unwrap_or_default();
        let count = number("count")?.unwrap_or(100);
        if !(1..=100).contains(&count) {
            return Err(Misfit::new(
                "count",
                "The field count must be between 1 and 100.",
            ));
        }
        let separator = text("filterSeparator");
        let value = text("filterValue");
        let words: Vec<String> = if separator.is_empty() {
            value.split_whitespace().map(str::to_lowercase).collect()
        } else {
            value
                .split(&separator)
                .map(|word| word.trim().to_lowercase())
                .collect()
        };
        let mut filter = Self {
            start: usize::try_from(number("startIndex")?.unwrap_or(0)).unwrap_or(0),
            count: usize::try_from(count).unwrap_or(100),
            words: words.into_iter().filter(|word| !word.is_empty()).collect(),
            any_word: !separator.is_empty(),
            sort: Sort::of(&text("sortBy"), dialect),
            descending: ["descending", "1"].contains(&text("sortOrder").to_lowercase().as_str()),
            status: Status::Active,
            ..Self::default()
        };
        if filtered {
            filter.status = match number("employeeStatus")? {
                None | Some(7) => Status::Any,
                // Five is called the default and treated like one.
                Some(1 | 5) => Status::Active,
                Some(2) => Status::Terminated,
                Some(4) => Status::Pending,
                Some(_) => Status::None,
            };
            filter.kinds.extend(number("employeeType")?);
            let several = request.query.split('&').filter_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                name.to_lowercase()
                    .starts_with("employeetypes")
                    .then(|| value.parse::<i64>().ok())?
            });
            filter.kinds.extend(several);
            filter.administrators = text("isAdministrator").eq_ignore_ascii_case("true");
            filter.activation = number("activationStatus")?;
            filter.origin = number("accountLoginType")?;
            filter.area = number("area")?.unwrap_or(0);
        }
        Ok(filter)
    }

    /// The accounts of the page and how many match in all. Each page is a query
    /// of its own, and accounts with equal keys come in any order: here in
    /// another one for each page.
    pub fn page<'a>(
        &self,
        accounts: &'a [Account],
        sees_terminated: bool,
    ) -> (Vec<&'a Account>, usize) {
        let mut matching: Vec<&Account> = accounts
            .iter()
            .filter(|account| account.life != Life::Removed && account.kind != Kind::Outside)
            .filter(|account| sees_terminated || account.life != Life::Terminated)
            .filter(|account| self.matches(account))
            .collect();
        matching.sort_by(|one, other| {
            let rank = self.sort.rank(one).cmp(&self.sort.rank(other));
            let key = self.sort.key(one).cmp(&self.sort.key(other));
            let key = if self.descending { key.reverse() } else { key };
            rank.then(key).then_with(|| self.shuffled(one, other))
        });
        let total = matching.len();
        (
            matching
                .into_iter()
                .skip(self.start)
                .take(self.count)
                .collect(),
            total,
        )
    }

    fn shuffled(&self, one: &Account, other: &Account) -> Ordering {
        let place = |account: &Account| {
            let mut hasher = DefaultHasher::new();
            (&account.id, self.start, self.count).hash(&mut hasher);
            hasher.finish()
        };
        place(one).cmp(&place(other))
    }

    fn matches(&self, account: &Account) -> bool {
        let status = match self.status {
            Status::Any => true,
            Status::Active => account.life == Life::Active,
            Status::Terminated => account.life == Life::Terminated,
            Status::Pending => account.life == Life::Pending,
            Status::None => false,
        };
        let number = kind_number(account);
        let activation = if account.life == Life::Pending { 2 } else { 1 };
        let origin = match account.origin {
            Origin::Sso => 0,
            Origin::Ldap => 1,
            Origin::Portal => 2,
        };
        status
            && (self.kinds.is_empty() || self.kinds.contains(&number))
            && (!self.administrators || account.kind.administers())
            && self.activation.is_none_or(|wanted| wanted == activation)
            && self.origin.is_none_or(|wanted| wanted == origin)
            && (self.area == 0 || (self.area == 2) == (account.kind == Kind::Guest))
            && self.words_match(account)
    }

    fn words_match(&self, account: &Account) -> bool {
        let fields = [&account.first_name, &account.last_name, &account.email];
        let fields = fields.map(|field| field.to_lowercase());
        let hit = |word: &String| fields.iter().any(|field| field.contains(word.as_str()));
        self.words.is_empty()
            || if self.any_word {
                self.words.iter().any(hit)
            } else {
                self.words.iter().all(hit)
            }
    }
}
