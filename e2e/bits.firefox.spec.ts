import { sameBits } from './bits.ts';

sameBits('Firefox', '');
