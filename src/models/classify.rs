//! EfficientNet-lite0: ImageNet tags and a picture embedding.

use crate::error::Result;
use crate::models::Models;
use crate::picture::Rgb8;

/// What the network says of one picture.
#[derive(Debug, Clone)]
pub struct Classification {
    /// One probability for each of the 1000 labels.
    pub probabilities: Vec<f32>,
    /// 1280 numbers.
    pub embedding: Vec<f32>,
}

impl Models {
    /// Tags pictures (sRGB, any size) in batches.
    pub fn classify(&self, pictures: &[&Rgb8]) -> Result<Vec<Classification>> {
        let _ = pictures;
        unimplemented!()
    }

    /// The 1000 label texts ("tabby, tabby cat").
    pub fn classify_labels(&self) -> Result<&[String]> {
        unimplemented!()
    }
}
