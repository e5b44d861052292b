import { denseLoops } from './dense/loops.ts';
import { log } from './elementary.ts';
import { type Matrix64, zeros } from './matrix.ts';

/**
 * An endless sequence of random numbers. The n-th depends on the calls before it alone, never on how many follow. Part
 * of link version 1: not one bit of it may change.
 */
export interface Stream {
  /** An integer in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Fills `out` with deviation · the next normal numbers. */
  normals(out: Float64Array, deviation: number): void;
  /** The same, each rounded once more to float32. */
  normals32(out: Float32Array, deviation: number): void;
  /** An integer in 0 … n − 1, each equally likely. Throws RangeError unless n is a safe integer ≥ 1. */
  integer(n: number): number;
}

/** What a normal number is worth in multiply-adds. */
const WORK = 64;

/**
 * The stream of a seed (any safe integer, all of its bits count) and a purpose. Streams of different purposes are
 * independent. Throws RangeError if the seed is not a safe integer.
 */
export function stream(seed: number, purpose: string): Stream {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is a whole number of up to 53 bits, not ${seed}`);
  const words = initialState(seed, purpose);
  const { next, keep, take } = xoshiro(words);
  let spare = Number.NaN;

  function uniform(): number {
    const high = next() >>> 5;
    return (high * 67108864 + (next() >>> 6)) * 1.1102230246251565e-16; // (27 bits · 2^26 + 26 bits) · 2^-53
  }

  /** Marsaglia's polar method (SIAM Review 6, 1964) gives two numbers at a time; the second is for the next call. */
  function normal(): number {
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square < 1 && square > 0) {
        const factor = Math.sqrt((-2 * log(square)) / square);
        spare = y * factor;
        return x * factor;
      }
    }
  }

  /** A number that waits comes first, then pairs. Returns how many were drawn. */
  function drawPairs<T extends Float32Array | Float64Array>(out: T, deviation: number): number {
    const loops = denseLoops(WORK * out.length);
    if (!loops) return 0;
    const before = Number.isNaN(spare) ? 0 : 1;
    if (before === 1) out[0] = deviation * normal();
    const whole = out.subarray(before, before + 2 * Math.floor((out.length - before) / 2)) as T;
    keep(words);
    loops.normals(whole, deviation, words);
    take(words);
    return before + whole.length;
  }

  function normals(out: Float64Array, deviation: number): void {
    for (let at = drawPairs(out, deviation); at < out.length; at++) out[at] = deviation * normal();
  }

  function normals32(out: Float32Array, deviation: number): void {
    for (let at = drawPairs(out, deviation); at < out.length; at++) out[at] = deviation * normal();
  }

  /** Draws that would favour the small numbers are rejected. */
  function integer(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`cannot draw one of ${n} whole numbers`);
    const wide = n > 4294967296;
    const range = wide ? 9007199254740992 : 4294967296;
    const limit = range - (range % n);
    for (;;) {
      const draw = wide ? uniform() * range : next();
      if (draw < limit) return draw % n;
    }
  }

  return { uint32: next, uniform, normal, normals, normals32, integer };
}

/** A rows × cols matrix of standard normal numbers, drawn row by row. */
export function gaussian(rows: number, cols: number, source: Stream): Matrix64 {
  const m = zeros(rows, cols);
  source.normals(m.data, 1);
  return m;
}

/**
 * The generator xoshiro128** from a state of four words (Blackman and Vigna, ACM TOMS 47, 2021): period 2^128 − 1.
 * `keep` writes its state down, `take` goes on from another.
 */
export function xoshiro(state: Int32Array) {
  let [a, b, c, d] = state;
  const next = () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  return {
    next,
    keep: (words: Int32Array) => words.set([a, b, c, d]),
    take: (words: Int32Array) => {
      [a, b, c, d] = words;
    },
  };
}

/** 128 bits of state: four hashes of (seed, purpose), each with its own key. */
function initialState(seed: number, purpose: string): Int32Array {
  const low = seed | 0;
  const high = Math.floor(seed / 4294967296) | 0;
  const state = new Int32Array(4);
  for (let word = 0; word < 4; word++) {
    let h = absorb(absorb(Math.imul(word + 1, 0x9e3779b9), low), high);
    for (let i = 0; i < purpose.length; i++) h = absorb(h, purpose.charCodeAt(i));
    state[word] = finish(h ^ purpose.length);
  }
  // The generator stays at zero forever if it starts there.
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
  return state;
}

/** Takes one 32-bit word into a hash; for a fixed h every word gives another value (MurmurHash3, Appleby 2008). */
function absorb(h: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const mixed = h ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** Spreads every bit of h over all of them (MurmurHash3's last step). */
function finish(h: number): number {
  const a = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return b ^ (b >>> 16);
}

/** 0 … n − 1 in a uniformly random order (Fisher and Yates, from the last position down): n − 1 draws of the stream. */
export function permutation(n: number, source: Stream): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = source.integer(i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}
