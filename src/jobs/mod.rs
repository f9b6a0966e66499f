//! Jobs: each turns a request into a report over one [`Workshop`].
//!
//! The terminal, a server and a worker of a queue do the same work; it stands here once. A job knows no flags, prints
//! nothing and reads neither the clock nor the environment. Progress, notices and files that failed go to its
//! [`crate::task::Task`].

mod workshop;
pub use workshop::{CacheSettings, Clock, Workshop, WorkshopSettings};

mod inputs;
pub use inputs::{Input, expand, is_bystander};

mod analyzer;
pub use analyzer::Analyzer;

mod analyze;
pub use analyze::{AnalyzeJob, AnalyzeReport, analyze_files};

mod draft;
pub use draft::{plan_beside, read_plan};

mod material;
pub use material::{Material, read_sources};

mod taste;
pub use taste::learned_taste;

mod usage;
pub use usage::{film_use, not_permitted};

mod suggest;
pub use suggest::{SuggestJob, SuggestReport, suggest_for_files};

mod edit;
pub use edit::{EditJob, LookWish, PlannedEdit, Preference, finish_edit, plan_edit};

mod render;
pub use render::{
    FilmReport, FilmTarget, Verification, refuse_conflicts, render_film, verify_film,
};

mod apply;
pub use apply::{ApplyJob, ApplyReport, ApplyResult, apply_look, plan_apply, preview_apply};

mod looks;
pub use looks::{
    AdviseJob, ExportTableJob, GalleryJob, ImportTableJob, ImportTableReport, LearnFinishJob,
    LearnFinishReport, LearnPairsJob, LearnPairsReport, advise_on_photos, export_table,
    gallery_looks, import_table, learn_from_finished, learn_from_pairs, write_gallery,
};

mod catalog;
pub use catalog::{
    AddTracksJob, AddTracksReport, CatalogFinding, FindingKind, ScoredTrack, SearchReport,
    TrackPicturesJob, TrackQuery, TrackState, add_tracks, catalog_path, check_catalog, list_tracks,
    open_catalog, permitted_tracks, remove_tracks, search_tracks, similar_tracks, tracks_to_add,
    write_track_pictures,
};

mod profile;
pub use profile::{ProfileReport, TeachJob, show_profile, teach_profile};
