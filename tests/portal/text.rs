//! The sentences a portal says, in the languages of the stand-in.
//!
//! Wording differs between releases and languages, which is the point: a client
//! that looks for words will pass in English and fail in the other two.

/// A language a portal or an account may be set to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Russian,
    Chinese,
}

/// A sentence that follows the language of the caller's profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    NoPermissions,
    AppUnavailable,
    SmsUnavailable,
    UserNotFound,
    AddressRefused,
    TitleApp,
    TitleSms,
}

impl Text {
    pub fn say(self, language: Language) -> &'static str {
        let [english, russian, chinese] = self.all();
        match language {
            Language::English => english,
            Language::Russian => russian,
            Language::Chinese => chinese,
        }
    }

    fn all(self) -> [&'static str; 3] {
        match self {
            Self::NoPermissions => [
                "No permissions to perform this action",
                "Недостаточно прав для выполнения этого действия",
                "没有执行此操作的权限",
            ],
            Self::AppUnavailable => [
                "TFA application settings are not available",
                "Настройки приложения для двухфакторной аутентификации недоступны",
                "双重身份验证应用设置不可用",
            ],
            Self::SmsUnavailable => [
                "SMS settings are not available",
                "Настройки SMS недоступны",
                "短信设置不可用",
            ],
            Self::UserNotFound => [
                "The user could not be found",
                "Не удалось найти пользователя",
                "找不到该用户",
            ],
            Self::AddressRefused => [
                "Access from your address is not allowed here",
                "Доступ с вашего адреса здесь запрещен",
                "不允许从您的地址访问",
            ],
            Self::TitleApp => ["Authenticator app", "Приложение", "身份验证器应用"],
            Self::TitleSms => ["SMS", "СМС", "短信"],
        }
    }
}

/// Two refusals are never translated.
pub const NOT_AVAILABLE: &str = "Not available.";
pub const ACCESS_DENIED: &str = "Access denied";
