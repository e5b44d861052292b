import type { Fault } from '../model.ts';

/** Why a file is not written, found while it is written: thrown through its writer. */
export class NotWritten extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.fault} ${fault.details}`);
    this.fault = fault;
  }
}
