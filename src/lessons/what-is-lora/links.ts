/** Sunglasses for an owl at rank 8: what the page opens with. */
export const OWL = '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&steps=300&seed=3';

/** The same at rank 1: what the last question begins with. */
export const ONE = OWL.replace('rank=8', 'rank=1');
