//! How well finished posts are to the taste of a profile: each by what can be told of it.

use std::path::PathBuf;

use serde::Serialize;

use crate::analysis::{Effort, Scope};
use crate::choice::Candidate;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::profile::post_things::{POST_PARTS, post_choices};
use crate::jobs::{Analyzer, Workshop, expand};
use crate::profile::{ChoiceContext, ENOUGH, EvidenceChoice, Taste, TasteKind};
use crate::task::{Stage, Task};
use crate::time::rounded;

/// How well a post is to a profile's taste, `tastemaker.post-score/1`.
#[derive(Debug, Serialize)]
pub struct PostScore {
    schema: &'static str,
    name: String,
    /// The post.
    pub file: String,
    /// Of each kind of choice that it shows and the profile knows enough of.
    pub kinds: Vec<KindLiking>,
}

/// How well one thing is liked.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct KindLiking {
    #[allow(missing_docs)]
    pub kind: TasteKind,
    /// From 0, disliked, over 0.5, as usual, to 1, liked.
    pub liking: f64,
    /// How sure that is, 0..1.
    pub confidence: f64,
}

/// Scores `posts` by the profile `name`; nothing is learned from them. A post that cannot be read goes to the task.
/// Returns also whether one failed.
///
/// Errors: those of the profile, and `Nothing` where it knows too little, or no post can be read.
pub fn score_posts(
    name: &str,
    posts: &[PathBuf],
    workshop: &Workshop,
    task: &Task,
) -> Result<(Vec<PostScore>, bool)> {
    let taste = Taste::learn(&workshop.profiles().find(name)?);
    if taste
        .likings()
        .iter()
        .all(|liking| liking.judgments < ENOUGH)
    {
        return Err(Error::Nothing {
            what: format!(
                "fewer than {ENOUGH} choices of any kind are known: the profile says nothing yet"
            ),
            hint: Hint::TeachProfile { name: name.into() },
        });
    }
    let paths: Vec<PathBuf> = expand(posts)?.into_iter().map(|input| input.path).collect();
    let scope = Scope::new(Some(POST_PARTS.to_vec()), Effort::Full);
    let analyzer = Analyzer::new(workshop, task)?.with_scope(scope);
    let (mut scores, mut failed) = (Vec::new(), false);
    analyzer.run(&paths, Stage::Look, |number, result| {
        match result {
            Ok(post) => scores.push(PostScore {
                schema: "tastemaker.post-score/1",
                name: name.to_owned(),
                file: paths[number].display().to_string(),
                kinds: post_choices(&post)
                    .iter()
                    .filter_map(|choice| liking(&taste, choice))
                    .collect(),
            }),
            Err(problem) => {
                failed = true;
                task.failure(&paths[number], &problem);
            }
        }
        Ok::<(), Error>(())
    })?;
    if scores.is_empty() {
        return Err(Error::Nothing {
            what: "none of the posts could be used".into(),
            hint: Hint::NameReadableFile,
        });
    }
    Ok((scores, failed))
}

fn liking(taste: &Taste, choice: &EvidenceChoice) -> Option<KindLiking> {
    let thing = choice.taken.as_ref()?;
    let candidate = Candidate {
        id: thing.choice.clone().unwrap_or_default(),
        features: thing.features.clone(),
        score: 0.0,
        confidence: 0.0,
        reasons: Vec::new(),
    };
    let context = ChoiceContext {
        scene: choice.scene.clone(),
        platform: None,
    };
    let opinion = taste.of(choice.kind, &candidate, &context)?;
    Some(KindLiking {
        kind: choice.kind,
        liking: rounded(opinion.liking),
        confidence: rounded(opinion.confidence),
    })
}
