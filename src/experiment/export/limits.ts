/** With more bytes of matrices than these a script would be mostly data: they lie in a file beside it. */
export const EMBEDDED = 1_000_000;
