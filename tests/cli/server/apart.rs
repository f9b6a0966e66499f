//! Files of the command line, analyzed in processes apart.

use std::fs;

use crate::support::{Home, media, tastemaker};

#[test]
fn an_analysis_apart_is_the_same_and_a_broken_file_fails_alone() {
    let home = Home::new();
    let broken = home.path("broken.jpg");
    let photo = fs::read(media("photos/dogs.jpg")).unwrap();
    fs::write(&broken, &photo[..40]).unwrap();
    let files = [
        media("photos/cat.jpg"),
        broken.clone(),
        media("photos/dune.jpg"),
    ];
    let only = ["--only", "shots", "--json", "--jobs", "1"];
    let here = tastemaker(&home)
        .arg("analyze")
        .args(&files)
        .args(only)
        .exits(1);
    let apart = tastemaker(&home)
        .arg("analyze")
        .args(&files)
        .args(only)
        .args(["--sandbox", "best-effort"])
        .exits(1);
    let (here, apart) = (here.documents(), apart.documents());
    assert_eq!(here.len(), 3, "{here:?}");
    assert_eq!((&here[0], &here[2]), (&apart[0], &apart[2]));
    for document in [&here[1], &apart[1]] {
        assert_eq!(document["code"], "damaged", "{document}");
        assert_eq!(document["file"], broken.display().to_string(), "{document}");
    }
}
