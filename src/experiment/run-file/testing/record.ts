import { parseLink } from '../../link/link.ts';
import { newRecord, type RunRecord } from '../run-record.ts';

/** A finished run with these relative errors, all on one back end. */
export function recordOfErrors(errors: readonly number[], more: Partial<RunRecord> = {}, link = '#v=1'): RunRecord {
  const { experiment, view } = parseLink(link);
  const list = Float64Array.from(errors);
  return {
    ...newRecord(experiment, view),
    ...{ status: 'finished', rate: 0.02, computed: [{ from: 0, backend: 'cpu', device: 'processor' }] },
    trace: { length: errors.length, series: { loss: list, relativeError: list }, modules: [] },
    ...more,
  };
}
