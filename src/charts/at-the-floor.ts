/** Why gradients do not die out under Adam, and why those of two back ends then part. */
export const AT_THE_FLOOR =
  'Adam and AdamW divide each step by the recent size of the gradients, so at a fixed learning rate A and B keep moving even when nothing is left to learn.';
