import type { ChosenInput } from './step-of-run.ts';

/** Which input the picture shows, after the name of the step: "sample 53". */
export function inputName({ number, from }: ChosenInput): string {
  return from === 'drawn' ? `input ${number}` : `sample ${number}`;
}

/** What the loss and the gradients of this one input have to do with those of the run. */
export function inputWords({ of, from }: ChosenInput): string {
  switch (from) {
    case 'step':
      return 'This sample is the whole batch: these are the gradients of this step of the run.';
    case 'batch':
      return `One of the ${of} samples of this step. The run averages the gradients of all ${of}.`;
    case 'drawn':
      return 'An input drawn at random. The loss of the run, ½‖ΔW − ΔW*‖², is the mean of ½‖(ΔW − ΔW*)x‖² over all such inputs, and its gradients are the means of these.';
    default:
      return from satisfies never;
  }
}
