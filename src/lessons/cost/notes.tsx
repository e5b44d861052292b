import { b, prose } from '../pane/prose.tsx';
/** Notes for teachers. */
export default prose`
  ${b`Aim.`} Students compute r(d + k) and the break-even rank by hand, and say which of weights, gradients, optimiser
  state and activations LoRA makes smaller, and which it does not.

  ${b`Needs.`} Powers of ten, what a gradient is for. Lesson 0.

  ${b`Time.`} 14 minutes alone, 22 with the class: half of it for step 4.

  ${b`Before step 1.`} Let the class guess by show of hands before anyone opens the table.

  ${b`Ask at step 2.`} For which square matrices does rank 64 train over 100 times fewer parameters? (Larger than 12,800 ×
  12,800: dk/(r(d + k)) is d/128 there.)

  ${b`Ask at step 4.`} Where would you save next once gradients and optimiser state are gone? (The weights: QLoRA. Then
  the activations: checkpoints, a smaller batch, shorter texts.)

  ${b`Ask at step 6.`} Why are q and v enough to reverse? (They decide where each position looks, and what it takes from
  there. The tab Attention shows both blocks before and after.)

  ${b`Own models.`} Let each group paste the config.json of a model of theirs. The shapes stand in the link, so a group
  can hand its setting in as a link.

  ${b`Common mistakes.`} “LoRA makes the model smaller” (the frozen weights are all there). “128 times fewer parameters is
  128 times less memory” (76.6 GiB become 14.1). “Training is 128 times faster” (the forward pass and the way back
  through the frozen weights remain). “A 16 GB card is filled by 16 GiB of tensors” (programs need one or two GiB more).
`;
