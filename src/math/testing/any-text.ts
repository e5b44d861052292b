import fc from 'fast-check';

/** Of any code points, half surrogates too. A string of fast-check's own of such a kind takes seconds to prepare. */
export const anyText = fc.array(fc.nat(0x10ffff)).map((points) => String.fromCodePoint(...points));
