import type { FrameMessage } from '../../engine/protocol/frame.ts';
import { MODULE_SERIES, type ModuleSeries } from '../../experiment/metric.ts';

/** The norms of one module, a number a step. */
export type ModuleTrace = { readonly [name in ModuleSeries]: Float64Array };

/** The per-step record of a run: entry t was measured before update t + 1. Never changed in place where it can be seen. */
export interface Trace {
  readonly length: number;
  readonly series: FrameMessage['series'];
  readonly modules: readonly ModuleTrace[];
}

/** What a frame adds to it, from step `from` on. */
export interface Entries extends Pick<FrameMessage, 'from' | 'series'> {
  readonly modules: readonly ModuleTrace[];
}

const NONE = new Float64Array(0);
const NO_NORMS: ModuleTrace = { gradNormA: NONE, gradNormB: NONE, updateNormA: NONE, updateNormB: NONE };

export function emptyTrace(): Trace {
  return { length: 0, series: { loss: NONE }, modules: [NO_NORMS] };
}

/**
 * The trace with a frame's entries at their steps. Buffers are shared between old and new traces: entries past an old
 * trace's length are not part of it. Only a step that is measured again (a change while it ran) copies.
 */
export function extend(trace: Trace, entries: Entries): Trace {
  const from = Math.min(entries.from, trace.length);
  const end = from + entries.series.loss.length;
  const rewrites = from < trace.length;
  const joined = (old: Float64Array, more: Float64Array) => {
    const fits = !rewrites && end <= old.length;
    const list = fits ? old : new Float64Array(Math.max(64, end, fits ? 0 : growth(old.length, end)));
    if (!fits) list.set(old.subarray(0, from));
    list.set(more, from);
    return list;
  };
  const { loss, relativeError } = entries.series;
  return {
    length: end,
    series: {
      loss: joined(trace.series.loss, loss),
      ...(relativeError && { relativeError: joined(trace.series.relativeError ?? NONE, relativeError) }),
    },
    modules: entries.modules.map((more, i) => {
      const old = trace.modules[i] ?? NO_NORMS;
      return normsOf((name) => joined(old[name], more[name]));
    }),
  };
}

function growth(capacity: number, needed: number): number {
  return capacity < needed ? 2 * needed : capacity;
}

function normsOf(list: (name: ModuleSeries) => Float64Array): ModuleTrace {
  return Object.fromEntries(MODULE_SERIES.map((name) => [name, list(name)])) as ModuleTrace;
}

/** The entries of a frame from a step on. */
export function startingAt(frame: FrameMessage, first: number): Entries {
  const rest = (list: Float64Array) => list.subarray(first - frame.from);
  const { loss, relativeError } = frame.series;
  return {
    from: first,
    series: { loss: rest(loss), ...(relativeError && { relativeError: rest(relativeError) }) },
    modules: frame.modules.map((module) => normsOf((name) => rest(module[name]))),
  };
}

/** A trace up to and with entry `last`. */
export function cutAfter(trace: Trace, last: number): Trace {
  return { ...trace, length: Math.min(trace.length, last + 1) };
}

/** One list of a trace, exactly as long as the trace. */
export function listOf({ length }: Trace, list: Float64Array): Float64Array {
  return list.subarray(0, length);
}
