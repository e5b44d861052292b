/** Calls to the graphics device, counted on the objects that the browser hands to the page. */
export interface Counts {
  readonly dispatches: number;
  readonly submits: number;
  readonly readBacks: number;
  readonly buffers: number;
  readonly bytesRead: number;
}

export const NOTHING: Counts = { dispatches: 0, submits: 0, readBacks: 0, buffers: 0, bytesRead: 0 };

/** Counts during `work`. Do not time it: every call goes through a wrapper. */
export async function counted(work: () => Promise<unknown>): Promise<Counts> {
  const counts = { ...NOTHING };
  const undo = [
    before(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => counts.dispatches++),
    before(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', () => counts.dispatches++),
    before(GPUQueue.prototype, 'submit', () => counts.submits++),
    before(GPUDevice.prototype, 'createBuffer', () => counts.buffers++),
    before(GPUBuffer.prototype, 'mapAsync', function (this: GPUBuffer, mode, offset = 0, size = this.size - offset) {
      if (mode !== GPUMapMode.READ) return;
      counts.readBacks++;
      counts.bytesRead += size;
    }),
  ];
  try {
    await work();
  } finally {
    for (const back of undo) back();
  }
  return counts;
}

type Method<T, K extends keyof T> = T[K] extends (...args: infer A) => unknown
  ? (this: T, ...args: A) => unknown
  : never;

/** Calls `note` before each call of a method; returns the function that undoes this. */
function before<T extends object, K extends keyof T>(owner: T, key: K, note: Method<T, K>): () => void {
  const method = owner[key] as (...args: unknown[]) => unknown;
  const told = note as (...args: unknown[]) => unknown;
  const wrapped = function (this: T, ...args: unknown[]) {
    told.apply(this, args);
    return method.apply(this, args);
  };
  Object.assign(owner, { [key]: wrapped });
  return () => {
    Object.assign(owner, { [key]: method });
  };
}
