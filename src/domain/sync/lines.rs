//! One license line of CSSM and its parts on a satellite: together they are always its quantity.

/// A part of a line in one local virtual account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many it holds now.
    pub quantity: i64,
    /// How many of them are reserved.
    pub reserved: i64,
}

/// Shares a quantity among parts, the one in which licenses arrive first. More arrives there;
/// less is taken from what is not reserved, in this order, and then from what is.
pub fn share(quantity: i64, parts: &[Part]) -> Vec<i64> {
    let mut shared: Vec<i64> = parts.iter().map(|part| part.quantity).collect();
    let mut missing = shared.iter().sum::<i64>() - quantity;
    if missing < 0 {
        if let Some(first) = shared.first_mut() {
            *first -= missing;
        }
        return shared;
    }
    for keeps_reserved in [true, false] {
        for (held, part) in shared.iter_mut().zip(parts) {
            let kept = if keeps_reserved { part.reserved } else { 0 };
            let taken = missing.min((*held - kept).max(0));
            *held -= taken;
            missing -= taken;
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(of: &[(i64, i64)]) -> Vec<Part> {
        of.iter()
            .map(|(quantity, reserved)| Part { quantity: *quantity, reserved: *reserved })
            .collect()
    }

    /// B-LWS-04, AS-41: licenses arrive first and leave first where they arrive.
    #[test]
    fn licenses_arrive_and_leave_at_home_first() {
        assert_eq!(share(60, &parts(&[(30, 0), (20, 0)])), [40, 20]);
        assert_eq!(share(30, &parts(&[(30, 0), (20, 0)])), [10, 20]);
        assert_eq!(share(10, &parts(&[(30, 5), (20, 0)])), [5, 5]);
        assert_eq!(share(2, &parts(&[(30, 5), (20, 3)])), [0, 2]);
        assert_eq!(share(0, &[]), Vec::<i64>::new());
    }

    proptest! {
        /// B-SYN-08: whatever CSSM says, the parts together are that many, and none is below zero.
        #[test]
        fn parts_are_always_the_whole(
            quantity in 0_i64..1_000,
            of in proptest::collection::vec((0_i64..300, 0_i64..300), 1..6),
        ) {
            let parts: Vec<Part> = of
                .into_iter()
                .map(|(quantity, reserved)| Part { quantity, reserved: reserved.min(quantity) })
                .collect();
            let shared = share(quantity, &parts);
            prop_assert_eq!(shared.iter().sum::<i64>(), quantity);
            prop_assert!(shared.iter().all(|held| *held >= 0));
            let unreserved: i64 = parts.iter().map(|part| part.quantity - part.reserved).sum();
            let whole: i64 = parts.iter().map(|part| part.quantity).sum();
            if whole - quantity <= unreserved {
                prop_assert!(shared.iter().zip(&parts).all(|(held, part)| *held >= part.reserved));
            }
        }
    }
}
