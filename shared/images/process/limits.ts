/**
 * What an image may make us do before its pixels are decoded (design section 4, rule 4). Decoding itself is limited by
 * memory: see decoding-cost.ts.
 */
export const imageLimits = {
  /**
   * Of an AVIF, a HEIC or a JPEG XL: their decoders hold the whole file, with a copy of it. It is more than those of their
   * pictures have that fit. Bytes.
   */
  maxHeldBytes: 64 * 1_048_576,
  /** Pixels of either side: what JPEG and GIF can say. A line of 50 million pixels takes a minute to scale. */
  maxSide: 65_535,
  /** Segments of a JPEG, chunks of a PNG or a WebP. */
  maxSegments: 10_000,
  /** Of a GIF all blocks together, with its frames. */
  maxBlocks: 50_000,
  /** Of a GIF all pieces that data come in and that hold fewer than 32 bytes: real ones are full, but for the last of each block. */
  maxSmallPieces: 250_000,
  maxFrames: 10_000,
  /** Of a JPEG; each goes over the whole picture, and real ones have ten. libvips' own limit. */
  maxScans: 100,
  /** Bytes between the segments of a JPEG, in all. */
  maxGarbageBytes: 65_536,
  maxExifBytes: 1_048_576,
  /** Boxes that describe an AVIF or a HEIC. */
  maxMetaBytes: 4_194_304,
  /** A colour profile after decompression. */
  maxProfileBytes: 4_194_304,
  /** Entries of a directory of a TIFF. */
  maxTiffEntries: 4_096,
  /** Of one entry: strips or tiles, mostly. */
  maxTiffValues: 1_048_576,
  maxSubDirectories: 16,
} as const;
