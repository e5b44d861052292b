/** How a run stands; the words of the run file. */
export const STATUSES = [
  'idle',
  'preparing',
  'training',
  'paused',
  'finished',
  'converged',
  'diverged',
  'stopped',
  'device-lost',
] as const;
export type Status = (typeof STATUSES)[number];
