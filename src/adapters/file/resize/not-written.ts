import type { Fault, Module } from '../model.ts';

/** Why a file is not written, found while it is written: thrown through its writer. */
export class NotWritten extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.fault} ${fault.details}`);
    this.fault = fault;
  }
}

/** Numbers of a new factor are beyond the largest of its type. */
export const tooLarge = (module: Module, type: string): Fault => ({
  fault: 'A number is too large for its type.',
  details: `${module.name} has numbers beyond the range of ${type}. Write the file as float32 or bfloat16.`,
});
