//! MiniLM: embeds sentences as vectors.

use std::collections::BTreeMap;

use tokenizers::Tokenizer;

use crate::error::{Error, Result};
use crate::models::Models;
use crate::models::session::{NetworkInput, TensorValues};

const NETWORK: &str = "minilm-l6-int8";
const TOKENIZER: &str = "minilm-l6-tokenizer.json";
/// Numbers in a sentence vector.
pub const SENTENCE_SIZE: usize = 384;
/// Sentences of one call; more are no faster.
const BATCH: usize = 16;

impl Models {
    /// Unit vectors of `texts` (English, the first 128 tokens); the dot product of two is their similarity.
    pub fn embed_sentences(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let tokenizer = self.tokenizer()?;
        // Sentences of equal length are batched, so that none is padded and no vector depends on the others.
        let mut by_length: BTreeMap<usize, Vec<(usize, Vec<i64>)>> = BTreeMap::new();
        for (place, text) in texts.iter().enumerate() {
            let tokens = tokens(tokenizer, text)?;
            let length = tokens.len();
            by_length.entry(length).or_default().push((place, tokens));
        }
        let mut vectors = vec![Vec::new(); texts.len()];
        for (length, sentences) in by_length {
            for batch in sentences.chunks(BATCH) {
                let tokens: Vec<i64> = (batch.iter())
                    .flat_map(|(_, tokens)| tokens.iter().copied())
                    .collect();
                let answers = self.token_vectors(&tokens, batch.len(), length)?;
                let sentences = answers.chunks_exact(length * SENTENCE_SIZE);
                for ((place, _), numbers) in batch.iter().zip(sentences) {
                    vectors[*place] = unit_mean(numbers);
                }
            }
        }
        Ok(vectors)
    }

    /// One vector for each token of `count` sentences of `length` tokens.
    fn token_vectors(&self, tokens: &[i64], count: usize, length: usize) -> Result<Vec<f32>> {
        let shape = [count, length];
        let (ones, zeros) = (vec![1; tokens.len()], vec![0; tokens.len()]);
        let input = |name, values| NetworkInput {
            name,
            shape: &shape,
            values: TensorValues::Integer(values),
        };
        let [vectors] = self.run(
            NETWORK,
            &[
                input("input_ids", tokens),
                input("attention_mask", &ones),
                input("token_type_ids", &zeros),
            ],
            [("last_hidden_state", tokens.len() * SENTENCE_SIZE)],
        )?;
        Ok(vectors)
    }

    fn tokenizer(&self) -> Result<&Tokenizer> {
        if let Some(tokenizer) = self.sentence_tokenizer.get() {
            return Ok(tokenizer);
        }
        let mut tokenizer = Tokenizer::from_bytes(self.read(TOKENIZER)?).map_err(failed)?;
        tokenizer.with_padding(None);
        Ok(self.sentence_tokenizer.get_or_init(|| tokenizer))
    }
}

fn failed(error: impl ToString) -> Error {
    Error::Inference {
        model: NETWORK.to_string(),
        what: error.to_string(),
    }
}

fn tokens(tokenizer: &Tokenizer, text: &str) -> Result<Vec<i64>> {
    let encoded = tokenizer.encode(text, true).map_err(failed)?;
    Ok(encoded.get_ids().iter().copied().map(i64::from).collect())
}

/// The mean of the tokens' vectors, of length 1.
fn unit_mean(vectors: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0; SENTENCE_SIZE];
    for vector in vectors.chunks_exact(SENTENCE_SIZE) {
        for (sum, &number) in sums.iter_mut().zip(vector) {
            *sum += f64::from(number);
        }
    }
    let length = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
    let length = length.max(f64::MIN_POSITIVE);
    sums.iter().map(|sum| (sum / length) as f32).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn tokens_match_the_reference() {
        let case = reference_cases::case("minilm-l6-int8.texts");
        let tokenizer = reference_cases::models().tokenizer().unwrap();
        let texts = case["inputs"].as_array().unwrap();
        let wanted = case["expected"]["token_ids"].as_array().unwrap();
        assert_eq!(texts.len(), wanted.len());
        for (text, wanted) in texts.iter().zip(wanted) {
            let found = tokens(tokenizer, text.as_str().unwrap()).unwrap();
            assert_eq!(serde_json::json!(found), *wanted, "{text}");
        }
    }
}
