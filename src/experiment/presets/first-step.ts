import { preset } from '../preset.ts';

export const firstStep = preset({
  name: 'first-step',
  place: 8,
  label: 'One small step of LoRA-GA',
  claim:
    'One small SGD step from LoRA-GA’s start moves ΔW along the leading directions of ΔW* (alignment 1.00 at every i); from Kaiming’s it does not.',
  watch:
    'Press Train: the budget is one step. Point at the singular values: the read-out has the alignment of the leading i directions of ΔW with those of ΔW*. Choose kaiming and train again: left alignment 0.39 at i = 8.',
  limits:
    'Exact only for a small step of SGD: at the derived rate the alignment at i = 8 is 0.996, and Adam’s first step has another direction. A good first step is not yet a better end.',
  link: '#v=1&target=decay&law=power&rate=0.5&d=64&k=64&rank=8&alpha=16&init=lora-ga&opt=sgd&lr=0.001&steps=1',
});
