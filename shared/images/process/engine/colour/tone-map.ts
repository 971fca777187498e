import { referenceWhite } from './cicp.ts';

/** Brightest light of a picture that does not tell, as mastering for HLG and most of PQ has it. */
const usualPeak = 1000;
const bend = 0.65;

/**
 * The reference white tone mapping operator of SMPTE ST 2094-50, as Chromium has it, down to a screen of no headroom: up to
 * white light is scaled, above it a quadratic Bézier curve leads to the peak. The gain for a brightest channel, both in
 * units of reference white.
 */
export function toneMap(peakNits = usualPeak): (brightest: number) => number {
  const peak = Math.max(peakNits, referenceWhite) / referenceWhite;
  const share = Math.min(1, Math.log2(peak) / Math.log2(usualPeak / referenceWhite));
  const white = 1 - 0.5 * share;
  const [middleX, middleY] = [1 - bend + bend / white, (1 - bend) * white + bend];
  const [curveX, curveY] = [1 - 2 * middleX + peak, white - 2 * middleY + 1];
  const [slopeX, slopeY] = [2 * (middleX - 1), 2 * (middleY - white)];
  return (brightest) => {
    if (brightest <= 1) return white;
    const x = Math.min(brightest, peak) - 1;
    const at = curveX === 0 ? x / slopeX : (Math.sqrt(slopeX ** 2 + 4 * curveX * x) - slopeX) / (2 * curveX);
    return (curveY * at ** 2 + slopeY * at + white) / brightest;
  };
}
