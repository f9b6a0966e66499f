//! Looks: named color and texture steps in a TOML file (`tastemaker.look/1`), the same pixels on every CPU.
//!
//! [`LookLibrary`] finds a [`Look`], [`CompiledLook`] runs it. Color steps are evaluated in f64 (`grade`) and sampled
//! into one table (`table`) that is applied in integers; textures (`texture`) run on rows in plain f32. Transcendental
//! functions come from `libm`, never from std, whose results differ between platforms; a test greps for them.

mod document;
pub use document::Look;

mod steps;
pub use steps::{
    Bloom, ChannelMixer, Clarity, Contrast, Exposure, Fade, Grain, HighlightsShadows, Hsl,
    HueRange, Levels, LookStep, Monochrome, Saturation, Sharpen, SoftFocus, SplitTone, ToneCurve,
    Vibrance, Vignette, WhiteBalance,
};

mod check;

mod library;
pub use library::{LookLibrary, LookSource};

mod compile;
pub use compile::CompiledLook;

mod color;
mod curve;
mod grade;
mod table;
mod texture;
#[doc(hidden)]
pub fn debug_error(look: &Look) -> String {
    let g = grade::Grade::new(&look.steps, 1.0);
    let mut out = String::new();
    for n in [33, 65] {
        let t = table::Table::with_size(&g, n);
        let mut all = vec![];
        let mut worst = (0.0, [0u16; 3]);
        for i in 0..24u32 * 24 * 24 {
            let at = |p: u32| ((2 * p + 1) * 65535 / 48) as u16;
            let c = [at(i / 576), at(i / 24 % 24), at(i % 24)];
            let e = g.evaluate(c.map(|v| f64::from(v) / 65535.0));
            let f = t.sixteen(c).map(|v| f64::from(v) / 65535.0);
            let d = (0..3).map(|k| (e[k] - f[k]).abs()).fold(0.0, f64::max) * 255.0;
            if d > worst.0 {
                worst = (d, c)
            }
            all.push(d);
        }
        all.sort_by(f64::total_cmp);
        out += &format!(
            " {n}: max {:.2} p999 {:.2} p99 {:.2} p50 {:.3} at {:?}",
            worst.0,
            all[all.len() * 999 / 1000],
            all[all.len() * 99 / 100],
            all[all.len() / 2],
            worst.1.map(|v| v >> 8)
        );
    }
    out
}
