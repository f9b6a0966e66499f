//! Measures the cost of exact search in a file of vectors; run by `scripts/measure-vector-cost`.
//!
//!     vector_cost FILE VECTORS DIMENSION QUERIES THREADS
//!
//! Writes FILE with random vectors (xorshift with a fixed seed), maps it, searches the ten nearest for each query, and
//! prints one line of JSON with milliseconds: the median, the 99th percentile and the maximum. A first query, which
//! does not count, brings the file into memory.

#![allow(clippy::print_stdout, missing_docs)]

use std::path::Path;
use std::time::Instant;

use serde_json::json;
use tastemaker::store::{VectorFile, VectorWriter};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, vectors, dimension, queries, threads] = &arguments[..] else {
        return Err("usage: vector_cost FILE VECTORS DIMENSION QUERIES THREADS".into());
    };
    let (file, dimension): (&Path, usize) = (Path::new(file), dimension.parse()?);
    let (vectors, queries): (usize, usize) = (vectors.parse()?, queries.parse()?);
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.parse()?)
        .build_global()?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut vector = || -> Vec<f32> {
        (0..dimension)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
            })
            .collect()
    };
    let mut writer = VectorWriter::new(dimension, [0; 16]);
    for number in 0..vectors {
        writer.push(*blake3::hash(&number.to_le_bytes()).as_bytes(), &vector());
    }
    writer.write(file)?;
    drop(writer);
    let map = VectorFile::open(file)?;
    map.nearest(&vector(), 10, |_| true);
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..queries {
        let query = vector();
        let start = Instant::now();
        let found = map.nearest(&query, 10, |_| true);
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        if found.len() != vectors.min(10) {
            return Err("the search did not find as many as there are".into());
        }
    }
    times.sort_by(f64::total_cmp);
    let part = |share: f64| {
        times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1)))
    };
    println!(
        "{}",
        json!({
            "vectors": vectors, "dimension": dimension, "queries": queries, "threads": threads,
            "p50_ms": part(0.5), "p99_ms": part(0.99), "most_ms": times.last(),
        })
    );
    Ok(())
}
