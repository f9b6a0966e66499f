//! What no segment shows while anything else is left: spoiled stretches of clips, the worse ones of twins, and blurred
//! photos; and what a person does not want to see at all.

use crate::analysis::{FileKind, Span, SpoiledKind};
use crate::edit::photo_worth::{blur_limit, is_blurred};
use crate::edit::twins::{Twin, twins};
use crate::edit::{NamedStretch, SourceFile};

/// What must not be shown of each source.
#[derive(Debug, Clone, Default)]
pub(super) struct Vetoes {
    twins: Vec<Twin>,
    /// By source.
    stretches: Vec<Vec<Span>>,
    /// Photos that stay out, by source.
    photos: Vec<bool>,
    /// What a person does not want to see, or has placed.
    never: Vec<NamedStretch>,
    /// Blurred photos among them.
    blurred: Vec<usize>,
}

impl Vetoes {
    pub fn new(sources: &[SourceFile], never: &[NamedStretch], must: &[NamedStretch]) -> Self {
        let mut vetoes = Self {
            twins: twins(sources),
            stretches: vec![Vec::new(); sources.len()],
            photos: vec![false; sources.len()],
            blurred: Vec::new(),
            // What has a fixed place cannot be chosen for another.
            never: [never, must].concat(),
        };
        vetoes.add_spoiled(sources);
        vetoes.add_twins(must);
        vetoes.add_blurred(sources);
        vetoes
    }

    /// Stretches of a clip that must not be shown while anything else is left.
    pub fn stretches(&self, source: usize) -> &[Span] {
        self.stretches.get(source).map_or(&[], Vec::as_slice)
    }

    /// Stretches of a source that must not be chosen at all.
    pub fn never(&self, source: usize) -> impl Iterator<Item = Span> + '_ {
        let named = self
            .never
            .iter()
            .filter(move |named| named.source == source);
        named.map(|named| Span {
            start: named.start,
            end: named.end,
        })
    }

    /// A photo that must not be shown.
    pub fn refuses_photo(&self, source: usize) -> bool {
        self.photos.get(source).copied().unwrap_or(false)
    }

    /// The twin that is left out because this stretch of a source is better.
    pub fn twin_of(&self, source: usize, start: f64, end: f64) -> Option<&Twin> {
        self.twins.iter().find(|twin| {
            let span = twin.kept_span;
            let still = span.start == span.end && start <= span.start && span.start <= end;
            twin.kept == source && (still || (start < span.end && end > span.start))
        })
    }

    /// All twins.
    pub fn twins(&self) -> &[Twin] {
        &self.twins
    }

    /// Photos that are left out since they are blurred.
    pub fn blurred(&self) -> &[usize] {
        &self.blurred
    }

    fn add_spoiled(&mut self, sources: &[SourceFile]) {
        for (stretches, file) in self.stretches.iter_mut().zip(sources) {
            let spoiled = file.analysis.video.iter().flat_map(|video| &video.spoiled);
            stretches.extend(spoiled.map(|span| Span {
                start: span.start,
                end: span.end,
            }));
        }
    }

    /// The worse one of two twins stays out; where it has to be shown, the other one does.
    fn add_twins(&mut self, must: &[NamedStretch]) {
        let has_to_be_shown = |twin: &Twin| {
            let spans = &twin.left_out_spans;
            must.iter().any(|named| {
                let meets = |span: &Span| named.start < span.end && named.end > span.start;
                named.source == twin.left_out && (spans.is_empty() || spans.iter().any(meets))
            })
        };
        let (turned, twins) = std::mem::take(&mut self.twins)
            .into_iter()
            .partition::<Vec<_>, _>(has_to_be_shown);
        for twin in &turned {
            self.leave_out(twin.kept, std::slice::from_ref(&twin.kept_span));
        }
        for twin in &twins {
            self.leave_out(twin.left_out, &twin.left_out_spans);
        }
        self.twins = twins;
    }

    /// Leaves out stretches of a clip; where there are none, the whole photo.
    fn leave_out(&mut self, source: usize, spans: &[Span]) {
        if let Some(stretches) = self.stretches.get_mut(source) {
            stretches.extend(spans);
        }
        if spans.is_empty()
            && let Some(photo) = self.photos.get_mut(source)
        {
            *photo = true;
        }
    }

    /// Blurred photos stay out if there are sharp ones.
    fn add_blurred(&mut self, sources: &[SourceFile]) {
        let photos = || {
            sources.iter().enumerate().filter_map(|(number, file)| {
                let picture = file.analysis.picture.as_ref()?;
                (file.analysis.file.kind == FileKind::Image).then_some((number, picture))
            })
        };
        let refused = self.photos.clone();
        let limit = blur_limit(photos().map(|(_, picture)| picture));
        let is_free = |number: usize| !refused.get(number).copied().unwrap_or(false);
        if !photos().any(|(number, picture)| is_free(number) && !is_blurred(picture, limit)) {
            return;
        }
        for (number, _) in photos().filter(|(_, picture)| is_blurred(picture, limit)) {
            if let Some(photo) = self.photos.get_mut(number).filter(|photo| !**photo) {
                *photo = true;
                self.blurred.push(number);
            }
        }
    }
}

/// What is wrong with a stretch, as an adjective.
pub(super) fn spoiled_word(kind: SpoiledKind) -> &'static str {
    match kind {
        SpoiledKind::Black => "black",
        SpoiledKind::BlownOut => "blown out",
        SpoiledKind::Shake => "shaken",
        SpoiledKind::Blur => "blurred",
    }
}
