//! A row of pixels while textures change it.

/// A row in fractions of white, which may leave 0..1 until all textures have run, and scratch space.
pub(in crate::looks) struct Row<'a> {
    /// Its number from the top.
    pub(in crate::looks) line: usize,
    pub(in crate::looks) red: &'a mut [f32],
    pub(in crate::looks) green: &'a mut [f32],
    pub(in crate::looks) blue: &'a mut [f32],
    /// Luma that is not yet added to all three channels ([`Row::add_lift`]); scratch space after [`Row::settle`].
    pub(in crate::looks) lift: &'a mut [f32],
    /// Scratch space.
    pub(in crate::looks) wide: &'a mut [f32],
    /// Scratch space for a row with one pixel more at either end.
    pub(in crate::looks) columns: &'a mut [f32],
    /// A row of a reduced copy, for [`super::Blur::read`].
    pub(in crate::looks) narrow: &'a mut [f32],
    /// The weight of the texture at each pixel, in 8 bits; `None` is everywhere.
    pub(in crate::looks) weights: Option<&'a [u8]>,
    /// Whether `lift` is not yet added.
    lifted: bool,
}

impl<'a> Row<'a> {
    /// Floats that a row of `width` takes, without that of a reduced copy.
    pub(super) const fn length(width: usize) -> usize {
        6 * width + 2
    }

    /// Splits `rows` into six rows of `width`, one of them two pixels longer; the rest is for a reduced copy.
    pub(super) fn new(line: usize, width: usize, rows: &'a mut [f32]) -> Self {
        let (red, rest) = rows.split_at_mut(width);
        let (green, rest) = rest.split_at_mut(width);
        let (blue, rest) = rest.split_at_mut(width);
        let (lift, rest) = rest.split_at_mut(width);
        let (wide, rest) = rest.split_at_mut(width);
        let (columns, narrow) = rest.split_at_mut(width + 2);
        Self {
            line,
            red,
            green,
            blue,
            lift,
            wide,
            columns,
            narrow,
            weights: None,
            lifted: false,
        }
    }

    /// Red, green and blue.
    pub(super) fn channels(&mut self) -> [&mut [f32]; 3] {
        [&mut *self.red, &mut *self.green, &mut *self.blue]
    }

    /// Takes `wide` as luma to add to all three channels, by the weights. Consecutive textures that only add luma all
    /// see the colors before the first of them.
    #[inline(always)]
    pub(in crate::looks) fn add_lift(&mut self) {
        if let Some(weights) = self.weights {
            weigh(self.wide, weights);
        }
        if !self.lifted {
            self.lift.fill(0.0);
            self.lifted = true;
        }
        for (lift, own) in self.lift.iter_mut().zip(&*self.wide) {
            *lift += own;
        }
    }

    /// Adds the pending luma. Must be called before a texture reads the resulting colors.
    #[inline(always)]
    pub(in crate::looks) fn settle(&mut self) {
        if !std::mem::take(&mut self.lifted) {
            return;
        }
        for channel in [&mut *self.red, &mut *self.green, &mut *self.blue] {
            for (value, lift) in channel.iter_mut().zip(&*self.lift) {
                *value += lift;
            }
        }
    }

    /// Changes each channel (0 red, 1 green, 2 blue) by `change`, by the weights. `change` gets two scratch rows, one
    /// as wide as the picture and one of a reduced copy.
    #[inline(always)]
    pub(in crate::looks) fn change_channels(
        &mut self,
        change: impl Fn(usize, &mut [f32], &mut [f32], &mut [f32]),
    ) {
        self.settle();
        let channels = [&mut *self.red, &mut *self.green, &mut *self.blue];
        for (number, channel) in channels.into_iter().enumerate() {
            match self.weights {
                None => change(number, channel, self.wide, self.narrow),
                Some(weights) => {
                    self.lift.copy_from_slice(channel);
                    change(number, channel, self.wide, self.narrow);
                    mix(channel, self.lift, weights);
                }
            }
        }
    }
}

/// Multiplies by weights of 8 bits.
#[inline(always)]
fn weigh(values: &mut [f32], weights: &[u8]) {
    for (value, weight) in values.iter_mut().zip(weights) {
        *value *= f32::from(*weight) * (1.0 / 255.0);
    }
}

/// Blends from `before` to `values` by the weights.
#[inline(always)]
pub(in crate::looks) fn mix(values: &mut [f32], before: &[f32], weights: &[u8]) {
    for ((value, before), weight) in values.iter_mut().zip(before).zip(weights) {
        *value = before + (*value - before) * (f32::from(*weight) * (1.0 / 255.0));
    }
}

/// Rec. 709 luma.
#[inline(always)]
pub(in crate::looks) fn row_luma(red: f32, green: f32, blue: f32) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
