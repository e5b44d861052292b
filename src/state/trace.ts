import type { FrameMessage } from '../protocol/frame.ts';

export const TRACE_KEYS = ['loss', 'gradNormA', 'gradNormB', 'updateNormA', 'updateNormB', 'relativeError'] as const;
export type TraceKey = (typeof TRACE_KEYS)[number];

/** The per-step record of a run: entry t was measured before update t + 1. Never changed in place where it can be seen. */
export type Trace = { readonly length: number } & { readonly [K in TraceKey]: Float64Array };

export function emptyTrace(): Trace {
  return traceOf(0, () => new Float64Array(0));
}

function traceOf(length: number, list: (key: TraceKey) => Float64Array): Trace {
  const lists = Object.fromEntries(TRACE_KEYS.map((key) => [key, list(key)])) as { [K in TraceKey]: Float64Array };
  return { length, ...lists };
}

/**
 * The trace with a frame's entries at their steps. Buffers are shared between old and new traces: entries past an old
 * trace's length are not part of it. Only a step that is measured again (a change while it ran) copies.
 */
export function extend(trace: Trace, frame: Pick<FrameMessage, 'from' | TraceKey>): Trace {
  const from = Math.min(frame.from, trace.length);
  const end = from + frame.loss.length;
  const rewrites = from < trace.length;
  return traceOf(end, (key) => {
    const old = trace[key];
    const fits = !rewrites && end <= old.length;
    const list = fits ? old : new Float64Array(Math.max(64, end, fits ? 0 : growth(old.length, end)));
    if (!fits) list.set(old.subarray(0, from));
    list.set(frame[key], from);
    return list;
  });
}

function growth(capacity: number, needed: number): number {
  return capacity < needed ? 2 * needed : capacity;
}

/** The same trace up to and with entry `last`. */
export function cutAfter(trace: Trace, last: number): Trace {
  return { ...trace, length: Math.min(trace.length, last + 1) };
}

/** One list of a trace, exactly as long as the trace. */
export function listOf(trace: Trace, key: TraceKey): Float64Array {
  return trace[key].subarray(0, trace.length);
}
