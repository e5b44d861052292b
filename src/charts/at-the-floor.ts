/** Why curves of gradients do not die out under Adam, and why those of two back ends then part. */
export const AT_THE_FLOOR =
  'Adam and AdamW divide each step by the size that the gradients had of late: at a fixed rate the factors keep moving where nothing is left to learn.';
