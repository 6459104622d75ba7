//! Every number that crosses the boundary to C, once: src/numbers/table.rs. The
//! types with such numbers are made of its rows here, their constants too, and
//! the header's by build.rs.

/// What each type of the table has.
#[cfg_attr(not(feature = "ffi"), allow(dead_code, reason = "numbers are for C"))]
pub(crate) trait Numbered: Copy + 'static {
    const ALL: &'static [Self];
    /// The names of their constants, each with a comma and a blank behind it.
    const NAMES: &'static str;

    fn number(self) -> i32;

    /// The name of its constant, with a NUL behind it.
    fn ended_name(self) -> &'static str;

    /// Its sentence, with a NUL behind it.
    fn ended_sentence(self) -> &'static str;

    fn from_number(number: i32) -> Option<Self>;

    fn name(self) -> &'static str {
        self.ended_name().trim_end_matches('\0')
    }

    fn sentence(self) -> &'static str {
        self.ended_sentence().trim_end_matches('\0')
    }
}

macro_rules! numbers {
    ($(
        $(#[$about:meta])*
        enum $type:ident {
            $($(#[$more:meta])* $value:ident = $number:literal, $name:ident, $sentence:literal;)*
        }
        $(const $c_type:ident {
            $($constant:ident = $its_number:literal, $its_sentence:literal;)*
        })?
    )*) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[repr(i32)]
            pub enum $type {
                $(#[doc = $sentence] $(#[$more])* $value = $number,)*
            }

            impl Numbered for $type {
                const ALL: &'static [Self] = &[$(Self::$value,)*];
                const NAMES: &'static str = concat!($(stringify!($name), ", ",)*);

                fn number(self) -> i32 {
                    self as i32
                }

                fn from_number(number: i32) -> Option<Self> {
                    match number {
                        $($number => Some(Self::$value),)*
                        _ => None,
                    }
                }

                fn ended_name(self) -> &'static str {
                    match self {
                        $(Self::$value => concat!(stringify!($name), "\0"),)*
                    }
                }

                fn ended_sentence(self) -> &'static str {
                    match self {
                        $(Self::$value => concat!($sentence, "\0"),)*
                    }
                }
            }
        )*

        /// The constants of the header.
        #[cfg(feature = "ffi")]
        #[allow(dead_code, reason = "most are for C alone")]
        pub(crate) mod constants {
            $(
                $(pub(crate) const $name: i32 = $number;)*
                $($(pub(crate) const $constant: i32 = $its_number;)*)?
            )*
        }
    };
}

include!("numbers/table.rs");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_leads_back_and_every_sentence_is_whole() {
        fn check<T: Numbered + PartialEq + std::fmt::Debug>() {
            for value in T::ALL {
                assert_eq!(T::from_number(value.number()), Some(*value));
                assert!(value.name().starts_with("DSTFA_"), "{value:?}");
                assert!(value.sentence().ends_with('.'), "{value:?}");
            }
            assert_eq!(T::from_number(i32::MIN), None);
        }
        check::<TfaMethod>();
        check::<Applied>();
        check::<NextSignIn>();
        check::<Trust>();
        check::<AccountStatus>();
        check::<Role>();
        check::<Reason>();
        check::<ItemOutcome>();
        check::<LogLevel>();
        check::<Status>();
    }
}
