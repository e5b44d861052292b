export const PICTURE = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&steps=300';
export const PLANE = '#v=1&target=decay&law=geometric&rate=0.6&d=3&k=3&rank=2&steps=300';
/** B stays at its random draw; only A trains. */
export const FROZEN = `${PLANE}&init=mica`;

export const RANKS: readonly number[] = [1, 2, 4, 8, 16, 32];
