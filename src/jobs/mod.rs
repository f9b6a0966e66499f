//! Jobs: each turns a request into a report over one [`Workshop`].
//!
//! The terminal, a server and a worker of a queue do the same work; it stands here once. A job knows no flags, prints
//! nothing and reads neither the clock nor the environment. Progress, notices and files that failed go to its
//! [`crate::task::Task`].

mod config;
pub use config::{Config, ConfigPlace};

mod workshop;
pub use workshop::{CacheSettings, Clock, Stopwatch, Workshop, WorkshopSettings};

mod inputs;
pub use inputs::{Input, expand, is_bystander};

mod csv_table;
mod json_file;
mod png_file;

mod event_lines;
pub use event_lines::{ErrorLine, NoticeLine};

mod analyzer;
pub use analyzer::Analyzer;

mod analyze;
pub use analyze::{
    AnalysisPlan, AnalyzeJob, AnalyzeReport, FileAnalyzer, PlannedAnalysis, analyze_files,
    plan_analysis,
};

mod draft;
pub use draft::{plan_beside, read_plan};

mod material;
pub use material::{Material, read_sources};

mod usage;
pub use usage::{film_use, not_permitted};

mod suggest;
mod taste_look;
mod taste_style;
pub use suggest::{SuggestJob, SuggestReport, suggest_for_analyses, suggest_for_files};

mod edit_job;
pub use edit_job::{
    CaptionWish, EditJob, EditTarget, FileStretch, FramingWish, LookWish, Preference,
    TransitionWish,
};

mod plan_paths;

mod edit_recipe;

mod caption_plan;

mod cropped_parts;

mod sound_film;

mod edit;
pub use edit::{finish_edit, plan_edit};

mod planned_edit;
pub use planned_edit::{GuideTrack, PlannedEdit};

mod revise;
pub use revise::{ReviseJob, RevisedPlan, revise_plan};

mod asking;
pub use asking::{AskJob, AskedDocument, ReadRequest, ask, ask_vocabulary};

mod retention;
mod shorts;
pub use shorts::{ShortDocument, ShortPlan, ShortsJob, ShortsReport, finish_short, plan_shorts_of};

mod render;
pub use render::{
    FilmReport, FilmTarget, Verification, refuse_conflicts, render_film, verify_film,
};

mod apply_job;
pub use apply_job::{ApplyJob, ApplyReport, ApplyResult, ApplyState};

mod apply_plan;

mod apply;
pub use apply::{apply_look, plan_apply, preview_apply};

mod ingest;
pub use ingest::{
    AdBreak, Arrival, BesideAnalysis, BrandRisk, CalibratedThreshold, CalibrationReport,
    ClipRendition, Evidence, EvidenceKind, FileIngester, Fingerprints, IngestJob, IngestPreset,
    IngestReport, IngestStep, Ingested, IngestedApart, KeptMetadata, KnownMedia,
    PictureFingerprint, PresetVersion, Provenance, Rendition, RenditionSpec, RiskEvidence,
    RiskLevel, SandboxReport, Screening, ScreeningPolicy, Sense, StepSeconds, StillFormat,
    SuggestionSources, Topic, TopicReason, TopicSource, Verdict, calibrate, ingest_files,
    suggest_music,
};

mod looks;
pub use looks::{
    AdviseJob, ExportTableJob, GalleryJob, ImportTableJob, ImportTableReport, LearnFinishJob,
    LearnPairsJob, LearnReport, LookDifferences, advise_on_photos, export_table, gallery_looks,
    import_table, learn_from_finished, learn_from_pairs, write_gallery,
};

mod catalog;
pub use catalog::{
    AddTracksJob, AddTracksReport, CatalogFinding, ScoredTrack, TrackDocument, TrackPicturesJob,
    TrackQuery, TrackState, add_tracks, catalog_path, check_catalog, export_tracks, list_tracks,
    open_catalog, permitted_tracks, remove_tracks, search_tracks, similar_tracks, tracks_to_add,
    write_track_pictures,
};

mod captions;
pub use captions::{CaptionsJob, write_captions};

mod media_search;

mod timeline_export;
pub use timeline_export::{ExportFormat, ExportTimelineJob, TimelineExport, export_timeline};

mod timeline_import;
pub use timeline_import::{ImportTimelineJob, TimelineImport, TimelineReport, import_timeline};

mod profile;
pub use profile::{
    AskedPair, BlendJob, ChoiceSwap, CompareJob, ComparedPlans, EditScore, ExplainJob,
    ExplainedPart, Explanation, Forgetting, GainRange, ImportProfileJob, KindLiking, KindScore,
    LearnEditsJob, LearnPostsJob, PaceScore, PlanFeedbackJob, PostScore, PrivacyDocument,
    PrivacyReport, ProfileDifference, ProfileReport, ProfileScore, ProfileScoreDocument,
    ReplayReport, ReplaySummary, ReplayedChoice, TasteDocument, TeachJob, answer_pairs, ask_pairs,
    blend_profiles, diff_profiles, explain_suggestion, export_profile, forget, import_profile,
    learn_edits, learn_posts, learned_taste, new_profile, profile_privacy, replay_choices,
    score_posts, score_profile, show_profile, teach_from_plans, teach_profile, write_pairs,
    write_portrait, write_score_page,
};

mod caption_gallery;
pub use caption_gallery::{CaptionGalleryJob, write_caption_gallery};

mod effect_gallery;
pub use effect_gallery::{EffectGalleryJob, shown_effects, write_effect_gallery};

mod network_files;
pub use network_files::{NetworkReport, network_reports};

mod installation;
pub use installation::{InstallationCheck, check_installation};

mod schemas;
pub use schemas::{DOCUMENT_SCHEMAS, json_schema};
