//! Frames that are split into two panels, each with a source of its own.

use tastemaker::edit::SecondSource;
use tastemaker::geometry::{Rect, Size};
use tastemaker::interchange::LossBook;
use tastemaker::media::{Limits, decode_still, to_srgb};
use tastemaker::picture::{Filter, Panels, Rgb8, crop_resize};

use super::*;

/// A film of five frames: a photo in the first panel, and in the second a clip from second 2 on.
fn photo_over_clip(size: Size) -> (Plan, [Rgb8; 2]) {
    let (photo, clip) = (media("photos/dogs.jpg"), media("clips/bikes.mp4"));
    let ids = [("dogs", &*photo), ("bikes", &*clip)];
    let mut plan = plan(size.width, size.height, ratio(25, 1), &ids);
    let segment = plan.show("dogs", Rational::ZERO, 5);
    segment.crop = vec![[0.0, 0.0, 0.0, 1.0, 1.0]];
    segment.second_crop = vec![[0.0, 0.0, 0.0, 1.0, 1.0]];
    segment.second_source = Some(SecondSource {
        source: "bikes".into(),
        start: 2.0,
        start_exact: ratio(2, 1),
    });
    let photo = decode_still(&photo, &Limits::default()).unwrap().picture;
    let clip = frames_of(&clip).swap_remove(52);
    (plan, [to_srgb(&photo), clip])
}

/// The middle of a picture in the shape of a panel.
fn middle(picture: &Rgb8, panel: Size) -> Rgb8 {
    let shape = panel.aspect() / picture.size().aspect();
    let (width, height) = (shape.min(1.0), (1.0 / shape).min(1.0));
    let part = Rect::new((1.0 - width) / 2.0, (1.0 - height) / 2.0, width, height);
    crop_resize(picture, part, panel, Filter::Lanczos)
}

#[test]
fn two_panels_show_two_sources() {
    let folder = tempfile::tempdir().unwrap();
    for size in [Size::new(180, 320), Size::new(320, 180)] {
        let (plan, sources) = photo_over_clip(size);
        let film = folder.path().join("film.mp4");
        rendered(&plan, &film);
        // The third frame shows the clip at 2.08 s.
        let frame = frames_of(&film).swap_remove(2);
        let panels = Panels::of(size).sizes;
        for ((source, panel), place) in sources.iter().zip(panels).zip(Panels::places(size)) {
            let shown = crop_resize(&frame, place, panel, Filter::Box);
            let likeness = psnr(&shown, &middle(source, panel));
            assert!(likeness > 28.0, "{size:?} {place:?}: {likeness:.1} dB");
        }
        let verified = verified(&plan, &film);
        assert!(verified.passed(), "{verified:?}");
    }
}

#[test]
fn a_second_source_is_written_read_and_named_where_another_program_has_no_place_for_it() {
    let (plan, _) = photo_over_clip(Size::new(180, 320));
    let text = plan.to_json().unwrap();
    let read = Plan::parse(&text, Path::new("plan.json")).unwrap();
    assert_eq!(read.picture[0].second_source, plan.picture[0].second_source);
    let report = LossBook::default().exported(&plan, 0, "otio");
    let lost: Vec<&str> = report.lost.iter().map(|loss| &*loss.instead).collect();
    assert_eq!(lost, ["one picture: that of \"bikes\" is left out"]);
}

#[test]
fn a_second_source_that_ends_before_its_panel_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut plan, _) = photo_over_clip(Size::new(180, 320));
    let end = ratio(99, 10);
    plan.picture[0].second_source = Some(SecondSource {
        source: "bikes".into(),
        start: end.seconds(),
        start_exact: end,
    });
    plan.picture[0].end = 2.0;
    plan.picture[0].end_exact = ratio(2, 1);
    let film = folder.path().join("film.mp4");
    let refused = try_render(&plan, &film, 1, Task::default()).unwrap_err();
    let message = refused.to_string();
    assert!(
        message.contains("picture[0].second_source needs 2.0000 seconds"),
        "{message}"
    );
    assert!(!film.exists());
}
