//! When a portal in trouble gets no more entries: the rules, told what became of
//! each change. Pure.

/// Until the first success so many changes are under way at most.
const FEW: usize = 3;
/// So many that are not settled, one after another, end the run.
const MOST_IN_A_ROW: u32 = 5;
/// Spread over a run, more than so many do, once they are also more than one in
/// fifty of what was sent.
const MOST_MOMENTS: u32 = 5;
const ONE_IN: u32 = 50;

/// What is known of how the portal fares.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    has_succeeded: bool,
    /// The last word was none: one at a time until a success.
    in_doubt: bool,
    /// Not settled, one after another; those of a former run count too.
    in_a_row: u32,
    /// Not settled, those that were under way together counted once.
    moments: u32,
    /// How many were sent up to the last such moment: whoever was among them was
    /// under way then.
    moment: u32,
    sent: u32,
    /// What concerns every entry was said of one, and of none since that it went
    /// well.
    is_aside: bool,
}

impl Breaker {
    /// A run that goes on where so many stood open, one after another.
    pub(super) fn resumed(unsettled: u32) -> Self {
        Breaker {
            in_doubt: unsettled > 0,
            in_a_row: unsettled.min(MOST_IN_A_ROW - 1),
            ..Breaker::default()
        }
    }

    /// Whether an entry may begin beside those under way.
    pub(super) fn may_begin(&self, under_way: usize) -> bool {
        match (self.in_doubt, self.has_succeeded) {
            (true, _) => under_way == 0,
            (false, false) => under_way < FEW,
            (false, true) => true,
        }
    }

    /// A change is sent; its number.
    pub(super) fn sent(&mut self) -> u32 {
        self.sent = self.sent.saturating_add(1);
        self.sent
    }

    /// The portal did it, or refused: it works.
    pub(super) fn answered(&mut self) {
        self.has_succeeded = true;
        self.in_doubt = false;
        self.is_aside = false;
        self.in_a_row = 0;
    }

    /// The change of that number may have been done. True: the run ends.
    pub(super) fn unsettled(&mut self, number: u32) -> bool {
        self.in_doubt = true;
        self.in_a_row += 1;
        if number > self.moment {
            self.moments += 1;
            self.moment = self.sent;
        }
        self.in_a_row >= MOST_IN_A_ROW
            || self.moments > MOST_MOMENTS && self.moments > self.sent / ONE_IN
    }

    /// An entry was told what would be told to every other. True: the second one
    /// in a row was, so the run ends.
    pub(super) fn set_aside(&mut self) -> bool {
        self.in_doubt = true;
        std::mem::replace(&mut self.is_aside, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_in_trouble_from_the_start_costs_five() {
        let mut breaker = Breaker::default();
        assert!(breaker.may_begin(2) && !breaker.may_begin(3));
        let first: Vec<u32> = (0..3).map(|_| breaker.sent()).collect();
        for number in first {
            assert!(!breaker.unsettled(number));
        }
        assert!(breaker.may_begin(0) && !breaker.may_begin(1));
        let fourth = breaker.sent();
        assert!(!breaker.unsettled(fourth));
        let fifth = breaker.sent();
        assert!(breaker.unsettled(fifth));
    }

    #[test]
    fn one_success_ends_the_doubt_and_the_row() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            let number = breaker.sent();
            assert!(!breaker.unsettled(number));
        }
        breaker.sent();
        breaker.answered();
        assert!(breaker.may_begin(14));
        let number = breaker.sent();
        assert!(!breaker.unsettled(number), "a new row begins");
    }

    #[test]
    fn one_in_ten_for_ever_ends_at_the_sixth() {
        let mut breaker = Breaker::default();
        let mut open = 0;
        for turn in 1..=1000 {
            let number = breaker.sent();
            if turn % 10 != 0 {
                breaker.answered();
                continue;
            }
            open += 1;
            if breaker.unsettled(number) {
                break;
            }
        }
        assert_eq!(open, 6);
    }

    #[test]
    fn one_in_a_hundred_never_ends_a_run() {
        let mut breaker = Breaker::default();
        for turn in 1..=10_000 {
            let number = breaker.sent();
            match turn % 100 {
                0 => assert!(!breaker.unsettled(number), "{turn}"),
                _ => breaker.answered(),
            }
        }
    }

    #[test]
    fn who_was_under_way_together_counts_once_among_many() {
        let mut breaker = Breaker::default();
        for moment in 1..=5 {
            let together: Vec<u32> = (0..4).map(|_| breaker.sent()).collect();
            for number in together {
                assert!(!breaker.unsettled(number), "{moment}");
            }
            breaker.sent();
            breaker.answered();
        }
        let sixth = breaker.sent();
        assert!(breaker.unsettled(sixth), "six moments of 26");
    }

    #[test]
    fn a_run_that_goes_on_takes_the_row_over() {
        let none = Breaker::resumed(0);
        assert!(none.may_begin(2));
        let mut two = Breaker::resumed(2);
        assert!(two.may_begin(0) && !two.may_begin(1));
        let number = two.sent();
        assert!(!two.unsettled(number));
        let mut ended = Breaker::resumed(15);
        let number = ended.sent();
        assert!(ended.unsettled(number), "the first ends it");
    }

    #[test]
    fn what_concerns_all_is_tried_with_one_other() {
        let mut breaker = Breaker::default();
        assert!(!breaker.set_aside());
        assert!(!breaker.may_begin(1));
        breaker.answered();
        assert!(!breaker.set_aside(), "the other one went well");
        assert!(breaker.set_aside());
    }
}
