//! How bright a film is meant to be: read from the side data of its frames and of its stream, and written there.

use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use crate::media::color_meaning::{ContentLight, LightLevels, MasteringDisplay};

/// An `AVMasteringDisplayMetadata`, which the binding does not have: ten fractions (x and y of red, green, blue and
/// white, least and most luminance), and whether the former eight and the latter two are there.
type Mastering = [i32; 22];
/// An `AVContentLightMetadata`.
type Content = [u32; 2];

/// What a frame says.
pub(super) fn light_of(frame: &frame::Video) -> LightLevels {
    use ffi::AVFrameSideDataType::{
        AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
    };
    // SAFETY: the frame is valid for the borrow; the side data belongs to it, and its size is checked.
    unsafe {
        let read = |kind| {
            let data = ffi::av_frame_get_side_data(frame.as_ptr(), kind).as_ref()?;
            Some((data.data.cast_const(), data.size))
        };
        LightLevels {
            mastering: numbers(read(AV_FRAME_DATA_MASTERING_DISPLAY_METADATA)).and_then(mastering),
            content: numbers(read(AV_FRAME_DATA_CONTENT_LIGHT_LEVEL)).map(content),
        }
    }
}

/// What the headers say.
///
/// # Safety
/// `stream` points to a stream of an open input that nothing else uses meanwhile.
pub(super) unsafe fn light_of_stream(stream: *const ffi::AVStream) -> LightLevels {
    use ffi::AVPacketSideDataType::{
        AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
    };
    // SAFETY: the caller vouches for the stream; the side data belongs to it, and its size is checked.
    unsafe {
        let read = |kind| {
            let mut size = 0;
            let data = ffi::av_stream_get_side_data(stream, kind, &mut size);
            Some((data.cast_const(), size))
        };
        LightLevels {
            mastering: numbers(read(AV_PKT_DATA_MASTERING_DISPLAY_METADATA)).and_then(mastering),
            content: numbers(read(AV_PKT_DATA_CONTENT_LIGHT_LEVEL)).map(content),
        }
    }
}

/// Gives a stream that is being written these levels. False where memory ran out.
///
/// # Safety
/// `stream` points to a stream of an open output that nothing else uses meanwhile.
pub(super) unsafe fn set_light_of_stream(stream: *mut ffi::AVStream, light: LightLevels) -> bool {
    use ffi::AVPacketSideDataType::{
        AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
    };
    // SAFETY: the caller vouches for the stream, and both hold plain numbers.
    unsafe {
        let display = light.mastering.filter(|display| display.is_whole());
        display.is_none_or(|display| {
            add(
                stream,
                AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
                mastering_numbers(display),
            )
        }) && light.content.is_none_or(|content| {
            let numbers: Content = [content.most, content.frame_average];
            add(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, numbers)
        })
    }
}

/// # Safety
/// As [`set_light_of_stream`]; `T` is made of numbers.
unsafe fn add<T>(stream: *mut ffi::AVStream, kind: ffi::AVPacketSideDataType, numbers: T) -> bool {
    // SAFETY: the memory is as large as what is written, and the stream's once it has been added.
    unsafe {
        let memory = ffi::av_mallocz(size_of::<T>());
        if memory.is_null() {
            return false;
        }
        memory.cast::<T>().write_unaligned(numbers);
        let added = ffi::av_stream_add_side_data(stream, kind, memory.cast(), size_of::<T>()) >= 0;
        if !added {
            ffi::av_free(memory);
        }
        added
    }
}

fn mastering_numbers(display: MasteringDisplay) -> Mastering {
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    let mut numbers = [0; 22];
    let points = display.chromaticities.into_iter().flatten();
    let luminances = [display.least, display.most];
    let fractions = points
        .map(|value| [number(value), 50_000])
        .chain(luminances.map(|value| [number(value), 10_000]));
    for (place, number) in numbers.iter_mut().zip(fractions.flatten()) {
        *place = number;
    }
    numbers[20] = 1;
    numbers[21] = 1;
    numbers
}

/// A copy of the numbers at a place; `None` where there are fewer bytes.
///
/// # Safety
/// There are so many readable bytes there, unless the pointer is null. `T` is made of numbers.
unsafe fn numbers<T: Copy>(place: Option<(*const u8, usize)>) -> Option<T> {
    let (data, size) = place?;
    // SAFETY: the caller vouches for the place, into which `T` fits.
    unsafe {
        (!data.is_null() && size >= size_of::<T>()).then(|| data.cast::<T>().read_unaligned())
    }
}

/// `None` without luminance. Chromaticities that are not there are 0.
fn mastering(numbers: Mastering) -> Option<MasteringDisplay> {
    let [.., has_chromaticities, has_luminance] = numbers;
    let fraction = |at: usize, unit: i64| {
        let (above, below) = (numbers[2 * at], numbers[2 * at + 1]);
        let parts = i64::from(above) * unit / i64::from(below.max(1));
        u32::try_from(parts).unwrap_or(0)
    };
    let point = |number: usize| match has_chromaticities {
        0 => [0; 2],
        _ => [
            fraction(2 * number, 50_000),
            fraction(2 * number + 1, 50_000),
        ],
    };
    (has_luminance != 0).then(|| MasteringDisplay {
        chromaticities: [0, 1, 2, 3].map(point),
        least: fraction(8, 10_000),
        most: fraction(9, 10_000),
    })
}

fn content([most, frame_average]: Content) -> ContentLight {
    ContentLight {
        most,
        frame_average,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_is_read_as_it_was_written() {
        let display = MasteringDisplay {
            chromaticities: [
                [34_000, 16_000],
                [13_250, 34_500],
                [7500, 3000],
                [15_635, 16_450],
            ],
            most: 10_000_000,
            least: 50,
        };
        assert_eq!(mastering(mastering_numbers(display)), Some(display));
        let mut unknown = mastering_numbers(display);
        unknown[21] = 0;
        assert_eq!(mastering(unknown), None);
        unknown = mastering_numbers(display);
        unknown[20] = 0;
        let only_light = mastering(unknown).expect("luminance");
        assert!(!only_light.is_whole() && only_light.most == display.most);
        // Fractions without a lower part do no harm.
        let mut broken = [0; 22];
        broken[21] = 1;
        assert_eq!(mastering(broken).map(|display| display.most), Some(0));
    }
}
