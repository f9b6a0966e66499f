use super::*;
use crate::models::{Models, ModelsOptions};

#[test]
fn dev_harness() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let models = Models::open(ModelsOptions { folder: root.join("models"), runtime: vec![root.join("target/onnxruntime/1.32.0/libonnxruntime.so.1.32.0")] }).unwrap();
    let mut names: Vec<_> = std::fs::read_dir("/tmp/sight/raw").unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let pick = std::env::var("PICK").unwrap_or_default();
    let results = std::sync::Mutex::new(Vec::new());
    for path in names {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if !stem.contains(&pick) || path.extension().unwrap() != "rgb" { continue; }
        let bytes = std::fs::read(&path).unwrap();
        let net: Vec<f32> = std::fs::read(path.with_extension("net")).unwrap_or_default().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
        let started = std::time::Instant::now();
        let mut finder = ShotFinder::new(|frames: &[&Rgb8]| {
            if net.is_empty() { return models.shot_window(frames); }
            let all: Vec<&[u8]> = bytes.chunks_exact(48*27*3).collect();
            let at = (0..all.len()).find(|&i| (0..6).all(|d| frames[40 + d * 3].samples() == all[(i + d * 3).min(all.len() - 1)])).map(|i| i as i64 - 40).unwrap_or(-100000);
            if at == -100000 { println!("no match"); return models.shot_window(frames); }
            Ok((0..100).map(|o| { let i = (at + o).clamp(0, all.len() as i64 - 1) as usize; ShotProbabilities { last: net[i], inside: net[all.len() + i] } }).collect())
        });
        for frame in bytes.chunks_exact(48 * 27 * 3) {
            finder.push(Rgb8::new(crate::models::SHOT_FRAME, frame.to_vec()).unwrap()).unwrap();
        }
        finder.finish().unwrap();
        let found = finder.take();
        let list: Vec<_> = found.iter().map(|t| serde_json::json!([t.start_frame, t.end_frame, is_span(t.kind), t.kind, t.score])).collect();
        println!("{}", serde_json::json!({"name": stem, "found": list, "windows": finder.windows(), "ms": started.elapsed().as_millis() as u64}));
        results.lock().unwrap().push(());
    }
}
