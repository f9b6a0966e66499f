//! A strip or tile that is a WebP file, as libtiff writes them.

use std::io::{self, Cursor, Read};

use image::ImageDecoder as _;
use image::codecs::webp::WebPDecoder;

use super::chunk_picture::ChunkPicture;
use crate::geometry::Size;

/// Decodes a stream for a strip or tile of `place`'s size, with 3 or 4 `samples` a pixel.
pub(super) fn decode(
    packed: &mut impl Read,
    samples: usize,
    place: Size,
) -> io::Result<ChunkPicture> {
    let mut stream = Vec::new();
    packed.read_to_end(&mut stream)?;
    let decoder = WebPDecoder::new(Cursor::new(stream)).map_err(bad)?;
    let (width, height) = decoder.dimensions();
    let size = Size::new(width, height);
    if size.pixels() == 0 || width > place.width || height > place.height {
        return Err(bad("a WebP in it is larger than its place"));
    }
    let own = usize::from(decoder.color_type().channel_count());
    let mut bytes = vec![0; size.pixels() as usize * own];
    decoder.read_image(&mut bytes).map_err(bad)?;
    // Encoders leave out an opacity that is full everywhere.
    if (own, samples) == (3, 4) {
        bytes = bytes
            .chunks_exact(3)
            .flat_map(|color| [color[0], color[1], color[2], u8::MAX])
            .collect();
    }
    Ok(ChunkPicture {
        size,
        samples: own.max(samples),
        bytes,
        problem: None,
    })
}

fn bad(what: impl ToString) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_string())
}
