/** Standard normal numbers by the polar method from xoshiro128**, as math/random.ts draws them. */

const LN2_HIGH: f64 = 0.6931471805598903;
const LN2_LOW: f64 = 5.497923018708371e-14;

/** log of math/elementary.ts for 0 < x < 1 that is no subnormal number, which a sum of squares of multiples of 2⁻⁵² is not. */
@inline
function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let k = <i32>((bits >> 52) & 0x7ff) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.41) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  const z = s * s;
  const high: f64 = 2.0 / 15 + z * (2.0 / 17 + z * (2.0 / 19 + z * (2.0 / 21 + z * (2.0 / 23))));
  const series: f64 = z * (2.0 / 3 + z * (2.0 / 5 + z * (2.0 / 7 + z * (2.0 / 9 + z * (2.0 / 11 + z * (2.0 / 13 + z * high))))));
  const tail = s * (half + series);
  if (k === 0) return f - (half - tail);
  return <f64>k * LN2_HIGH - (half - (tail + <f64>k * LN2_LOW) - f);
}

/** `pairs` pairs of numbers from the four words at `state`, which move on. */
export function draw(to: usize, pairs: i32, state: usize): void {
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  const end = to + (<usize>pairs << 4);
  while (to < end) {
    let x: f64 = 0;
    let y: f64 = 0;
    for (let side: i32 = 0; side < 2; side++) {
      let word: f64 = 0;
      for (let part: i32 = 0; part < 2; part++) {
        const result = rotl<u32>(b * 5, 7) * 9;
        const shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = rotl<u32>(d, 11);
        word = part === 0 ? <f64>(result >> 5) * 67108864 : word + <f64>(result >> 6);
      }
      const uniform = 2 * (word * 1.1102230246251565e-16) - 1;
      if (side === 0) x = uniform;
      else y = uniform;
    }
    const square = x * x + y * y;
    if (!(square < 1 && square > 0)) continue;
    const factor = Math.sqrt((-2 * log(square)) / square);
    store<f64>(to, x * factor);
    store<f64>(to, y * factor, 8);
    to += 16;
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, d, 12);
}
