//! Which beats begin a bar, and how many beats a bar has.

/// Beats a bar that are considered.
const METERS: [usize; 2] = [4, 3];
/// Cost of three beats a bar, in log odds: four are far more common.
const THREE_COST: f64 = 2.0;
/// Cost of a bar that is cut short, in log odds for each beat of a full bar.
const SLIP_COST: f64 = 3.0;

/// The bars of a run of beats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BarFit {
    /// Beats a bar.
    pub meter: usize,
    /// Indices of the beats that begin a bar.
    pub starts: Vec<usize>,
}

/// The most likely bars. `evidence` holds, for each beat, the log odds that it begins a bar. The position in the bar
/// advances with every beat; a bar may be cut short, at a cost. `None` for less than a bar.
pub(super) fn bars(evidence: &[f64]) -> Option<BarFit> {
    METERS
        .into_iter()
        .filter(|&meter| evidence.len() >= meter)
        .map(|meter| {
            let (score, starts) = best_path(evidence, meter);
            let cost = if meter == 3 { THREE_COST } else { 0.0 };
            (score - cost, BarFit { meter, starts })
        })
        .reduce(|best, other| if other.0 > best.0 { other } else { best })
        .map(|(_, bars)| bars)
}

/// Viterbi search over the position in the bar: the log probability of the best path, and its beats at position 0.
fn best_path(evidence: &[f64], meter: usize) -> (f64, Vec<usize>) {
    // ln p and ln (1 - p) from the log odds.
    let begins = |odds: f64| -(1.0 + (-odds).exp()).ln();
    let emission = |place: usize, odds: f64| {
        if place == 0 {
            begins(odds)
        } else {
            begins(-odds)
        }
    };
    let slip = SLIP_COST * meter as f64;
    let mut scores: Vec<f64> = Vec::new();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(evidence.len());
    let highest = |scores: &[f64]| {
        (1..scores.len()).fold(0, |best, place| {
            if scores[place] > scores[best] {
                place
            } else {
                best
            }
        })
    };
    for &odds in evidence {
        if scores.is_empty() {
            scores = (0..meter).map(|place| emission(place, odds)).collect();
            continue;
        }
        let best = highest(&scores);
        let from: Vec<usize> = (0..meter)
            .map(|place| {
                let regular = (place + meter - 1) % meter;
                if scores[regular] >= scores[best] - slip {
                    regular
                } else {
                    best
                }
            })
            .collect();
        scores = (0..meter)
            .map(|place| {
                let regular = (place + meter - 1) % meter;
                let cost = if from[place] == regular { 0.0 } else { slip };
                scores[from[place]] - cost + emission(place, odds)
            })
            .collect();
        back.push(from);
    }
    let mut place = highest(&scores);
    let score = scores.get(place).copied().unwrap_or(f64::NEG_INFINITY);
    let mut starts = Vec::new();
    for index in (0..evidence.len()).rev() {
        if place == 0 {
            starts.push(index);
        }
        if index > 0 {
            place = back[index - 1][place];
        }
    }
    starts.reverse();
    (score, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(count: usize, is_start: impl Fn(usize) -> bool) -> Vec<f64> {
        (0..count)
            .map(|beat| if is_start(beat) { 1.0 } else { -1.0 })
            .collect()
    }

    #[test]
    fn threes_and_fours_are_told_apart() {
        let waltz = bars(&marked(30, |beat| beat % 3 == 1)).unwrap();
        assert_eq!(
            (waltz.meter, waltz.starts[0], waltz.starts.len()),
            (3, 1, 10)
        );
        let march = bars(&marked(32, |beat| beat % 4 == 2)).unwrap();
        assert_eq!(
            (march.meter, march.starts[0], march.starts.len()),
            (4, 2, 8)
        );
    }

    #[test]
    fn one_bar_cut_short_moves_the_rest() {
        let evidence = marked(64, |beat| {
            if beat < 30 {
                beat % 4 == 0
            } else {
                beat % 4 == 2
            }
        });
        let starts = bars(&evidence).unwrap().starts;
        assert!(
            starts.contains(&28) && starts.contains(&30) && starts.contains(&62),
            "{starts:?}"
        );
    }

    #[test]
    fn doubt_about_one_beat_changes_nothing() {
        let mut evidence = marked(32, |beat| beat % 4 == 0);
        evidence[8] = -3.0;
        evidence[10] = 3.0;
        let starts = bars(&evidence).unwrap().starts;
        assert_eq!(starts, (0..32).step_by(4).collect::<Vec<_>>());
    }

    #[test]
    fn fewer_beats_than_a_bar_make_no_bar() {
        assert_eq!(bars(&[1.0, -1.0]), None);
        assert_eq!(bars(&[]), None);
    }
}
