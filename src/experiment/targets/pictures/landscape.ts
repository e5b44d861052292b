import { ellipse, heightAt, type Line, mix, picture, ramp } from './shown.ts';

const SHORE = 0.69;
const SUN = { x: 0.7, y: 0.29, r: 0.125 };

/** Ridges from the back to the front. */
const FAR: Line = [0, 0.56, 0.1, 0.5, 0.2, 0.55, 0.5, 0.6, 0.62, 0.52, 0.7, 0.56, 0.84, 0.42, 1, 0.57];
const PEAK: Line = [
  0, 0.58, 0.07, 0.52, 0.12, 0.5, 0.3, 0.2, 0.335, 0.17, 0.39, 0.25, 0.44, 0.3, 0.62, 0.6, 0.72, 0.69,
];
/** The line between the lit and the shaded face: x of the crest at height y. */
const CREST: Line = [0.17, 0.335, 0.26, 0.36, 0.34, 0.33, 0.44, 0.4, 0.56, 0.36, 0.69, 0.44];
const FAR_CREST: Line = [0.42, 0.84, 0.5, 0.86, 0.58, 0.82, 0.69, 0.88];
const SNOW: Line = [0.2, 0.36, 0.255, 0.3, 0.285, 0.345, 0.32, 0.29, 0.35, 0.36, 0.39, 0.3, 0.44, 0.37];

/** Dawn over a lake: a peak with snow, a far range, the sun, and its reflection in bands of water. */
export const landscape = picture({
  name: 'landscape',
  label: 'Landscape',
  shade: (x, y) => (y < SHORE ? land(x, y) : water(x, y)),
});

function land(x: number, y: number): number {
  if (y > heightAt(PEAK, x)) {
    const lit = x > heightAt(CREST, y);
    if (y < heightAt(SNOW, x)) return lit ? 0.97 : 0.6;
    return lit ? mix(0.74, 0.56, ramp(0.3, SHORE, y)) : mix(0, 0.1, ramp(0.3, SHORE, y));
  }
  if (y > heightAt(FAR, x)) return x > heightAt(FAR_CREST, y) ? mix(0.62, 0.5, ramp(0.4, SHORE, y)) : 0.2;
  return sky(x, y);
}

function sky(x: number, y: number): number {
  const distance = ellipse(x, y, SUN.x, SUN.y, SUN.r, SUN.r);
  if (distance < 1) return 1;
  return mix(0.1, 0.34, ramp(0, SHORE, y)) + 0.16 / (distance * distance);
}

/** Bands that widen towards the viewer; where the sun stands above, they shine. */
function water(x: number, y: number): number {
  const near = (y - SHORE) / (1 - SHORE);
  const phase = 5.2 * Math.sqrt(near);
  const part = phase - Math.floor(phase);
  const bright = part < 0.5;
  const glow = Math.abs(x - SUN.x) < 0.05 + 0.1 * near - (bright ? 0 : 0.03);
  if (glow) return bright ? 0.95 : 0.5;
  const mirror = mix(0.04, 0.24, ramp(0.3, 0.62, x));
  return bright ? mirror + 0.2 : mirror;
}
