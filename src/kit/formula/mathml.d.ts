import type { ClassAttributes, HTMLAttributes } from 'react';

type Maths = HTMLAttributes<MathMLElement> & ClassAttributes<MathMLElement>;

/** The elements of MathML Core that the page uses; React knows the namespace, its types do not. */
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      math: Maths & { display?: 'block' | 'inline'; displaystyle?: 'true' };
      mrow: Maths;
      mi: Maths & { mathvariant?: 'normal' };
      mn: Maths;
      mo: Maths & {
        stretchy?: 'false';
        largeop?: 'true';
        movablelimits?: 'false';
        lspace?: '0';
        rspace?: '0';
      };
      mtext: Maths;
      msub: Maths;
      msup: Maths;
      msubsup: Maths;
      msqrt: Maths;
      munder: Maths;
      munderover: Maths;
    }
  }
}
